#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/study/study_file.h"
#include "sojourn/trial/virtual_image.h"

namespace sojourn::trial {
namespace {

std::string study_of(const std::string& species, const std::string& mass, const std::string& method,
                     const std::string& scanner) {
  return "sojourn = 1\n[subject]\nid = \"a\"\nspecies = \"" + species + "\"\nbody_mass = \"" +
         mass +
         "\"\n[[infusion]]\ncells = \"cd8-t\"\ncount = 5e6\nviability = 0.9\n"
         "infused_at = 2026-03-02T10:00:00Z\n[label]\nmethod = \"" +
         method +
         "\"\nactivity = \"0.3 MBq\"\nmeasured_at = 2026-03-02T10:00:00Z\n"
         "[regions]\n1 = \"tumour_a\"\n2 = \"tumour_b\"\n3 = \"liver\"\n"
         "[[scan]]\nimage = \"none\"\ntime = 2026-03-02T10:30:00Z\nframe_duration = \"20 min\"\n"
         "scanner = \"" +
         scanner +
         "\"\n[[scan]]\nimage = \"none\"\ntime = 2026-03-05T10:00:00Z\nframe_duration = \"30 "
         "min\"\n"
         "scanner = \"" +
         scanner + "\"\n";
}

VirtualPlan planned(const std::string& text) { return plan_of(study::parse_study(text, "s.toml")); }

VirtualPlan mouse() { return planned(study_of("mouse", "22 g", "zr89-oxine", "inveon")); }

TEST(VirtualStudy, TimesAndActivityAreTheStudys) {
  const auto plan = mouse();
  ASSERT_EQ(plan.scans.size(), 2U);
  EXPECT_DOUBLE_EQ(plan.scans[0].start_s, 1800);
  EXPECT_DOUBLE_EQ(plan.scans[1].duration_s, 1800);
  EXPECT_DOUBLE_EQ(plan.injected_bq, 0.3e6);
  EXPECT_EQ(plan.nuclide, "Zr-89");
}

TEST(VirtualStudy, LabelIsConservedAndLeavesTheBodyOnly) {
  const auto plan = mouse();
  const auto body = virtual_body(plan.study);
  ASSERT_EQ(body.tumours, 2);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto truth = draw_truth(plan, body.tumours, seed, false);
    double before = plan.injected_bq;
    for (const auto& scan : truth.holdings) {
      VirtualHolding sites, organs;
      for (const auto& [id, holding] : scan) sites.add(holding);
      for (const auto& holding : organ_holdings(body.subject, scan)) organs.add(holding);
      EXPECT_NEAR(organs.label_bq() / sites.label_bq(), 1, 1e-12);
      EXPECT_NEAR(organs.cells / sites.cells, 1, 1e-12);
      // numbers of the matrix exponential
      EXPECT_LE(sites.label_bq(), before * (1 + 1e-9));
      EXPECT_GT(sites.label_bq(), 0.3 * plan.injected_bq);
      before = sites.label_bq();
    }
  }
  const auto one = draw_truth(plan, 2, 1, false), two = draw_truth(plan, 2, 2, false);
  EXPECT_NE(one.holdings[0].at("liver").cells, two.holdings[0].at("liver").cells);
  EXPECT_EQ(one.holdings[0].at("liver").cells,
            draw_truth(plan, 2, 1, true).holdings[0].at("liver").cells);
}

TEST(VirtualStudy, ImagesHoldTheActivityGiven) {
  const auto plan = mouse();
  const auto body = virtual_body(plan.study);
  const auto view = view_of(body, "inveon", plan.nuclide);
  for (const double part : view.inside) EXPECT_TRUE(part == 1 || part == 0);  // 0: spread organs
  std::vector<double> bq(body.subject.organs.size(), 0.0);
  bq[body.subject.index_of("liver")] = 1e5;
  bq[body.subject.index_of("tumour-2")] = 2e4;
  const auto made = image_of(body, view, bq, 1200, 1, true);
  EXPECT_NEAR(made.activity_bq, 1.2e5, 1);
  double sum = 0;
  for (const float value : made.concentration_bq_per_ml.values())
    sum += static_cast<double>(value) * view.image.voxel_ml();
  EXPECT_NEAR(sum / made.activity_bq, 1, 2e-3);  // tails of the blur beyond the grid's edge
}

TEST(VirtualStudy, LabelsHaveTheVolumesOfTheRegions) {
  const auto body = virtual_body(mouse().study);
  const auto view = view_of(body, "inveon", "Zr-89");
  const auto labels = label_image(body, view);
  std::vector<double> ml(body.regions.size() + 1, 0.0);
  for (const int label : labels.values())
    ml[static_cast<std::size_t>(label)] += view.labels.voxel_ml();
  for (std::size_t r = 0; r < body.regions.size(); ++r) {
    const double want = view.region_ml(body.regions[r]);
    // by majority in voxels of 0.4 mm: thin bones and 1.5 mm nodes are the worst
    EXPECT_NEAR(ml[r + 1] / want, 1, want > 0.05 && body.regions[r].name != "skeleton" ? 0.05 : 0.3)
        << body.regions[r].name;
  }
}

TEST(VirtualStudy, LongBodiesAreCutAndWideOnesRefused) {
  const auto monkey =
      virtual_body(planned(study_of("macaque", "6 kg", "zr89-oxine", "biograph-mct")).study);
  const auto view = view_of(monkey, "biograph-mct", "Zr-89");
  const auto region = [&](const std::string& name) {
    for (const auto& one : monkey.regions)
      if (one.name == name) return one;
    return VirtualRegion{};
  };
  EXPECT_NEAR(view.part_inside(region("liver")), 1, 1e-3);
  EXPECT_LT(view.part_inside(region("body_rest")), 0.8);
  EXPECT_FALSE(view.shows(region("bladder")));
  EXPECT_TRUE(view.shows(region("body_rest")));
  const auto rat =
      virtual_body(planned(study_of("rat", "300 g", "in111-oxine", "nanospect")).study);
  EXPECT_THROW((void)view_of(rat, "nanospect", "In-111"), Error);
}

TEST(VirtualStudy, RefusesWhatItCannotSimulate) {
  const auto text = study_of("mouse", "22 g", "zr89-oxine", "inveon");
  const auto without = [&](const std::string& what, const std::string& with) {
    std::string changed = text;
    changed.replace(changed.find(what), what.size(), with);
    return changed;
  };
  EXPECT_THROW((void)planned(without("\"inveon\"", "\"invoen\"")), Error);
  EXPECT_THROW((void)planned(without("\"zr89-oxine\"", "\"hnis-f18-bf4\"")), Error);
  EXPECT_THROW((void)planned(without("frame_duration = \"20 min\"\n", "")), Error);
  EXPECT_THROW((void)planned(without("activity = \"0.3 MBq\"\n", "")), Error);
}

}  // namespace
}  // namespace sojourn::trial
