#include "sojourn/study/track.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "shared/centered_cube.h"
#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/io/nifti.h"

namespace sojourn::study {
namespace {

namespace fs = std::filesystem;

// 78.41 h, the half-life of Zr-89 as data/catalogue/nuclides has it from its evaluation.
constexpr double kHalfLifeH = 78.41;
// Tables print seven digits; tolerances on an activity are a few units of the last but one.
constexpr double kLiverBqPerMl = 80000, kTumourBqPerMl = 2000, kBodyBqPerMl = 5000;

/// Two scans, 4 h and 52 h after the infusion: a liver of 1 mL and a tumour of 0.125 mL, boxes in a
/// warm cube. The second scan holds half the concentration of the first.
class Study {
 public:
  Study() {
    image::Volume<int> labels(test::centered_cube(20, 1.0));
    fill(labels, 2, 10, 1);
    fill(labels, 14, 5, 2);
    write_image("d0", 1.0);
    write_image("d2", 0.5);
    io::write_nifti_labels(path("regions.nii.gz"), labels, "regions");
    write_study(2);
  }
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_.path() / name; }
  [[nodiscard]] fs::path out() const { return path("out"); }
  [[nodiscard]] std::string text(const std::string& name) const {
    return core::read_file(out() / name);
  }

  void write_image(const std::string& name, double scale) const {
    const auto grid = test::centered_cube(20, 1.0);
    image::Volume<float> image(grid, static_cast<float>(scale * kBodyBqPerMl));
    fill(image, 2, 10, static_cast<float>(scale * kLiverBqPerMl));
    fill(image, 14, 5, static_cast<float>(scale * kTumourBqPerMl));
    io::write_nifti(path(name + ".nii.gz"), {&image}, name);
  }

  void write_study(int n_scans, const std::string& first_scan = "") const {
    std::string text = R"(sojourn = 1
[subject]
id = "m07"
species = "mouse"
body_mass = "20 g"
[[infusion]]
cells = "cd8-t"
count = 5.0e6
viability = 0.9
infused_at = 2026-03-02T10:00:00Z
route = "iv"
[label]
method = "zr89-oxine"
activity = "250 kBq"
measured_at = 2026-03-02T10:00:00Z
cell_bound_fraction = 0.95
)";
    const char* names[] = {"d0", "d2"};
    const char* times[] = {"2026-03-02T14:00:00Z", "2026-03-04T14:00:00Z"};
    for (int s = 0; s < n_scans; ++s) {
      text += "[[scan]]\nimage = \"" + std::string(names[s]) + ".nii.gz\"\ntime = " + times[s] +
              "\nframe_duration = \"20 min\"\nunits = \"Bq/mL\"\ndecay_corrected_to = \"none\"\n"
              "calibration_uncertainty = 0.05\nregions = \"regions.nii.gz\"\n";
      if (s == 0) text += first_scan;
    }
    text += "[regions]\n1 = \"liver\"\n2 = \"tumour\"\n";
    core::write_file(path("study.toml"), text);
  }

  /// Runs `track`; `reused` counts the scans whose earlier result was used.
  records::StudyResult run(int& reused, bool fresh = false) const {
    reused = 0;
    TrackOptions options;
    options.fresh = fresh;
    return track(path("study.toml"), out(), options, [&](const std::string& what, double) {
      if (what.find("unchanged") != std::string::npos) ++reused;
    });
  }

 private:
  template <typename T>
  static void fill(image::Volume<T>& volume, int from, int edge, T value) {
    for (int k = from; k < from + edge; ++k) {
      for (int j = from; j < from + edge; ++j) {
        for (int i = from; i < from + edge; ++i) volume.at(i, j, k) = value;
      }
    }
  }
  test::TemporaryFolder folder_;
};

/// The row of a scan and region; a whole image more or less beside them does not matter.
std::size_t row_of(const core::Tsv& table, const std::string& scan, const std::string& region) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, "scan") == scan && table.at(row, "region") == region) return row;
  }
  ADD_FAILURE() << "no row for scan " << scan << " and " << region;
  return 0;
}

TEST(Track, TablesHoldWhatTheImagesHold) {
  const Study study;
  int reused = 0;
  (void)study.run(reused);
  const auto table = core::Tsv::parse(study.text("activity.tsv"), "activity.tsv");
  const char* names[] = {"liver", "tumour"};
  const double ml[] = {1.0, 0.125}, first[] = {kLiverBqPerMl, kTumourBqPerMl};
  for (std::size_t n = 0; n < 4; ++n) {
    const std::size_t region = n % 2, scan = n / 2;
    const std::size_t row = row_of(table, scan == 0 ? "1" : "2", names[region]);
    // Values that are not decay-corrected are the frame's mean; activity_bq speaks of its middle.
    // Over 20 min they differ by (ln 2 t / T)^2 / 24 = 4e-7; the seven digits of tables hide it.
    const double expected = ml[region] * first[region] * (scan == 0 ? 1.0 : 0.5);
    const double hours = (scan == 0 ? 4.0 : 52.0) + 1.0 / 6;
    EXPECT_NEAR(table.number(row, "volume_ml").value(), ml[region], 1e-5);
    EXPECT_NEAR(table.number(row, "hours").value(), hours, 1e-3);
    EXPECT_NEAR(table.number(row, "activity_bq").value() / expected, 1, 1e-5);
    // The half-life is written to four digits above: 52 h of it are off by less than 1e-4.
    const double at_infusion = expected * std::exp2(hours / kHalfLifeH);
    EXPECT_NEAR(table.number(row, "activity_dc_bq").value() / at_infusion, 1, 1e-4);
    EXPECT_NEAR(table.number(row, "percent_id").value() / (100 * at_infusion / 250e3), 1, 1e-4);
  }
}

TEST(Track, CellsStandInTheTableWithTheirIntervals) {
  const Study study;
  int reused = 0;
  const auto result = study.run(reused);
  const auto table = core::Tsv::parse(study.text("cells.tsv"), "cells.tsv");
  EXPECT_EQ(result.cells.size(), table.rows());
  for (const auto& [scan, region] :
       {std::pair{"1", "liver"}, {"1", "tumour"}, {"2", "liver"}, {"2", "tumour"}}) {
    const std::size_t row = row_of(table, scan, region);
    // Of 5e6 cells, 0.9 alive: the same part as of the label, to the digits of the tables.
    const auto activity = core::Tsv::parse(study.text("activity.tsv"), "activity.tsv");
    const double part = activity.number(row_of(activity, scan, region), "percent_id").value() / 100;
    EXPECT_NEAR(table.number(row, "cells_naive").value() / (part * 5e6 * 0.9), 1, 1e-5);
    const double cells = table.number(row, "cells").value();
    EXPECT_LE(table.number(row, "cells_lo95").value(), cells);
    EXPECT_GE(table.number(row, "cells_hi95").value(), cells);
    EXPECT_GT(table.number(row, "cells_lo95").value(), 0);
    const double share = table.number(row, "live_label_fraction").value();
    EXPECT_GT(share, 0);
    EXPECT_LT(share, 1);
  }
}

TEST(Track, MapsOfCellsAddUpToTheTableAndHaveASpread) {
  const Study study;
  int reused = 0;
  const auto result = study.run(reused);
  const auto cells = io::import_nifti(study.out() / "maps/scan-01_cells.nii.gz");
  const auto sd = io::import_nifti(study.out() / "maps/scan-01_cells-sd.nii.gz");
  const auto labels = io::import_nifti(study.out() / "maps/scan-01_regions.nii.gz");
  const auto& label = labels.frames.front().values.values();
  const auto& n = cells.frames.front().values;
  const auto& spread = sd.frames.front().values.values();
  for (const auto& [value, region] : {std::pair{1.F, "liver"}, {2.F, "tumour"}}) {
    const auto row = std::find_if(result.cells.begin(), result.cells.end(),
                                  [&](const auto& r) { return r.scan == 1 && r.region == region; });
    ASSERT_NE(row, result.cells.end());
    double total = 0, sds = 0;
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (label[i] != value) {
        continue;
      }
      total += n.values()[i] * n.geometry().voxel_ml();
      sds += spread[i] * n.geometry().voxel_ml();
    }
    EXPECT_NEAR(total / row->cells, 1, 1e-5);  // floats
    // fully shared spreads add up to the region's; noise of voxels makes the sum larger
    const double region_sd = (row->cells_hi95 - row->cells_lo95) / 3.919928;
    EXPECT_GE(sds, 0.999 * region_sd) << region;
  }
}

TEST(Track, AnUnchangedStudyIsNotComputedAgainAndSaysTheSame) {
  const Study study;
  int reused = 0;
  (void)study.run(reused);
  EXPECT_EQ(reused, 0);
  const auto activity = study.text("activity.tsv"), cells = study.text("cells.tsv");
  (void)study.run(reused);
  EXPECT_EQ(reused, 2);
  EXPECT_EQ(study.text("activity.tsv"), activity);
  EXPECT_EQ(study.text("cells.tsv"), cells);
  (void)study.run(reused, true);
  EXPECT_EQ(reused, 0);
  EXPECT_EQ(study.text("activity.tsv"), activity);
  EXPECT_EQ(study.text("cells.tsv"), cells);
}

TEST(Track, OnlyWhatAChangeTouchesIsDoneAgain) {
  const Study study;
  int reused = 0;
  (void)study.run(reused);
  const auto before = study.text("activity.tsv");
  study.write_image("d2", 0.25);
  (void)study.run(reused);
  EXPECT_EQ(reused, 1);
  const auto after = study.text("activity.tsv");
  EXPECT_NE(after, before);
  const auto table = core::Tsv::parse(after, "activity.tsv");
  EXPECT_NEAR(table.number(row_of(table, "2", "liver"), "activity_bq").value(),
              0.25 * kLiverBqPerMl, 0.2);
  study.write_study(2, "calibration = 2.0\n");
  (void)study.run(reused);
  EXPECT_EQ(reused, 1);
  const auto doubled = core::Tsv::parse(study.text("activity.tsv"), "activity.tsv");
  EXPECT_NEAR(doubled.number(row_of(doubled, "1", "liver"), "activity_bq").value(),
              2 * kLiverBqPerMl, 1);
}

TEST(Track, ALostMapIsMadeAgain) {
  const Study study;
  int reused = 0;
  (void)study.run(reused);
  const fs::path lost = fs::directory_iterator(study.out() / "maps")->path();
  fs::remove(lost);
  (void)study.run(reused);
  EXPECT_TRUE(fs::exists(lost)) << lost;
}

TEST(Track, AScanThatLeftTheStudyLeavesTheOutputs) {
  const Study study;
  int reused = 0;
  (void)study.run(reused);
  const auto maps = [&] {
    return std::distance(fs::directory_iterator(study.out() / "maps"), fs::directory_iterator{});
  };
  const auto two = maps();
  ASSERT_GT(two, 0);
  study.write_study(1);
  (void)study.run(reused);
  EXPECT_EQ(2 * maps(), two);
  const auto table = core::Tsv::parse(study.text("activity.tsv"), "activity.tsv");
  for (std::size_t row = 0; row < table.rows(); ++row) EXPECT_EQ(table.at(row, "scan"), "1");
  EXPECT_NEAR(table.number(row_of(table, "1", "tumour"), "activity_bq").value(),
              0.125 * kTumourBqPerMl, 0.01);
}

TEST(Track, AMissingImageIsNamedAndNoTableIsWritten) {
  const Study study;
  fs::remove(study.path("d2.nii.gz"));
  int reused = 0;
  const auto said = test::message_of([&] { (void)study.run(reused); });
  EXPECT_NE(said.find("d2.nii.gz"), std::string::npos) << said;
  EXPECT_FALSE(fs::exists(study.out() / "activity.tsv"));
}

}  // namespace
}  // namespace sojourn::study
