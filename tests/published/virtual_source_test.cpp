// From the body's course to an image: what fate says of its sites and sinks finds its organ in
// every subject, and the image holds what they hold.
#include <gtest/gtest.h>

#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/fate/body_course.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/simulate/activity_map.h"
#include "sojourn/simulate/fast_path.h"
#include "sojourn/simulate/source_table.h"

namespace {

using namespace sojourn;

const std::vector<std::pair<std::string, std::string>> kSubjects{{"adult-male", "human"},
                                                                 {"adult-female", "human"},
                                                                 {"macaque", "macaque"},
                                                                 {"rat", "rat"},
                                                                 {"mouse", "mouse"}};

/// Activity of each organ, Bq at infusion, at some times.
simulate::SourceTable table_of(const fate::Body& body, const std::vector<double>& times_s,
                               double bq) {
  fate::BodyDose dose;
  dose.cells = 1e6;
  dose.label = bq;
  const auto states = fate::body_course(fate::BodyModes(body.model),
                                        {{0, fate::start_of(body, dose)}}, {}, times_s);
  simulate::SourceTable table;
  table.times_s = times_s;
  const auto add = [&](const std::string& organ, const auto& of) {
    std::vector<double> values;
    for (const auto& state : states) values.push_back(std::max(of(state), 0.0));
    table.organs.push_back(organ);
    table.bq.push_back(std::move(values));
  };
  for (std::size_t i = 0; i < body.model.sites.size(); ++i)
    add(body.model.sites[i].id, [&, i](const fate::BodyState& s) {
      return s.live[i] + s.debris[i] + (i == 0 ? s.free : 0);
    });
  for (std::size_t k = 0; k < body.model.sinks.size(); ++k)
    add(body.model.sinks[k].id, [&, k](const fate::BodyState& s) { return s.held[k]; });
  return table;
}

TEST(VirtualSource, EverySiteAndSinkHasItsOrgan) {
  for (const auto& [id, species] : kSubjects) {
    const auto subject =
        subject::with_tumours(subject::load_subject(id), {{"tumour", {0, 0, 0}, {1, 1, 1}, 1.04}});
    for (const char* method : {"zr89-oxine", "in111-oxine"}) {
      fate::BodySetting setting;
      setting.species = species;
      setting.tumours = 1;
      const auto body =
          fate::make_body(catalogue::method(method), catalogue::cell("cd8-t"), setting);
      for (const auto& site : body.model.sites) EXPECT_TRUE(subject.find(site.id)) << id << site.id;
      for (const auto& sink : body.model.sinks) EXPECT_TRUE(subject.find(sink.id)) << id << sink.id;
    }
  }
}

TEST(VirtualSource, AMouseOfLabelledCellsIsImaged) {
  const auto subject = subject::with_tumours(subject::load_subject("mouse"),
                                             {{"tumour", {11.5, -3, -12}, {2.5, 2.5, 2.5}, 1.04}});
  fate::BodySetting setting;
  setting.tumours = 1;
  const auto& method = catalogue::method("zr89-oxine");
  const auto body = fate::make_body(method, catalogue::cell("cd8-t"), setting);
  constexpr double kInjected_bq = 2.5e5, kHour = 3600;
  const auto& zr = nuclide::find("Zr-89");
  const auto table = table_of(body, {24 * kHour, 24.5 * kHour}, kInjected_bq);
  const auto bq = simulate::frame_activity(table, subject, 24 * kHour, 900, zr.half_life_s);
  double total = 0;
  for (const double one : bq) total += one;
  // Decayed for a day, less what was excreted: between half and all of it.
  const double decayed = kInjected_bq * std::exp2(-(24 * kHour + 450) / zr.half_life_s);
  EXPECT_LT(total, decayed * 1.0001);
  EXPECT_GT(total, decayed * 0.5);

  const auto voxels = subject::voxelise(subject, {{0.8, 0.8, 0.8}, 6, 3});
  const auto scanner = simulate::nuclear_model(catalogue::scanner("inveon"), zr);
  simulate::FastScene scene;
  scene.activity_bq_per_ml = simulate::activity_map(voxels, subject, bq);
  std::vector<double> mu;  // water's 0.0096 1/mm at 511 keV by density (NIST)
  for (const auto& organ : subject.organs) mu.push_back(0.0096 * organ.density_g_per_ml);
  scene.mu_per_mm = voxels.average(mu);
  scene.duration_s = 900;
  scene.center_mm = {0, 0, 0};
  const auto noise = simulate::fast_noise(scene, scanner);
  EXPECT_GT(noise.counts.trues, 1e4);
  const auto image = simulate::fast_image(scene, scanner, noise, 3);
  double imaged = 0;
  for (const float value : image.values()) imaged += static_cast<double>(value);
  imaged *= image.geometry().voxel_ml();
  // The whole mouse lies in the field; the sum's noise is some percent.
  EXPECT_NEAR(imaged, total, 0.1 * total);
}

}  // namespace
