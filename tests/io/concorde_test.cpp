#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>

#include "nifti_bytes.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/io/legacy_formats.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;
using Fields = std::map<std::string, std::string>;

/// A header as the scanners write them, one or two frames of 2 x 2 x 1 floats 1, 2, …
struct ConcordeFiles {
  Fields main = {{"version", "001.910"},
                 {"model", "5002"},
                 {"modality", "0"},
                 {"file_type", "5"},
                 {"data_type", "4"},
                 {"x_dimension", "2"},
                 {"y_dimension", "2"},
                 {"z_dimension", "1"},
                 {"pixel_size", "0.0776"},
                 {"pixel_size_x", "0.776"},
                 {"pixel_size_y", "0.776"},
                 {"pixel_size_z", "0.796"},
                 {"isotope", "Cu-64"},
                 {"isotope_half_life", "45723.8"},
                 {"isotope_branching_fraction", "0.1752"},
                 {"calibration_units", "1"},
                 {"calibration_factor", "2.5"},
                 {"decay_correction_applied", "1"},
                 {"scan_time", "Mon Mar  2 10:15:00 2026"},
                 {"injection_time", "Sun Mar 1 23:15:00 2026"},
                 {"dose", "0.25"},
                 {"dose_units", "1"},
                 {"subject_weight", "21.5"},
                 {"subject_weight_units", "1"},
                 {"subject_orientation", "2"},
                 {"study_identifier", "SECRET-STUDY"}};
  std::vector<Fields> frames = {
      {{"frame_start", "0"}, {"frame_duration", "600"}, {"scale_factor", "2"}}};
  std::string pixels = test::bytes_of_values(test::ramp(4));
  std::string line_end = "\n";

  std::string header() const {
    std::string text = "#" + line_end + "# Header file for data file x.img" + line_end;
    for (const auto& [name, value] : main) text += name + " " + value + line_end;
    text += "total_frames " + std::to_string(frames.size()) + line_end + "end_of_header" + line_end;
    for (std::size_t f = 0; f < frames.size(); ++f) {
      text += "frame " + std::to_string(f) + line_end;
      for (const auto& [name, value] : frames[f]) text += name + " " + value + line_end;
      text += "end_of_header" + line_end;
    }
    return text;
  }
  records::ImageSeries import() const {
    const test::TemporaryFolder folder;
    core::write_file(folder.path() / "x.img", pixels);
    core::write_file(folder.path() / "x.img.hdr", header());
    EXPECT_TRUE(is_concorde(folder.path() / "x.img"));
    return import_concorde(folder.path() / "x.img");
  }
  std::string refusal() const {
    try {
      (void)import();
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }
};

TEST(Concorde, CalibratedValuesTimesAndFacts) {
  const auto series = ConcordeFiles().import();
  ASSERT_EQ(series.frames.size(), 1U);
  // pixel x scale_factor x calibration_factor / branching, in nCi/cc of 37 Bq.
  EXPECT_NEAR(series.frames[0].values.values()[2], 3 * 2 * 2.5 / 0.1752 * 37, 1e-3);  // float32
  const auto& f = series.facts;
  EXPECT_EQ(f.unit, records::PixelUnit::bq_per_ml);
  EXPECT_EQ(f.nuclide, "Cu-64");
  EXPECT_EQ(f.half_life_s, 45723.8);
  EXPECT_EQ(f.positron_fraction, 0.1752);
  EXPECT_EQ(f.series_local_s, core::parse_iso("2026-03-02T10:15:00Z")->local_s);
  EXPECT_EQ(f.injection_local_s, core::parse_iso("2026-03-01T23:15:00Z")->local_s);
  EXPECT_FALSE(f.zone_min);
  EXPECT_DOUBLE_EQ(*f.injected_activity_bq, 0.25 * 3.7e7);
  EXPECT_EQ(f.body_mass_g, 21.5);
  EXPECT_EQ(f.decay_correction, records::DecayCorrection::stated_time);
  EXPECT_EQ(f.decay_reference_local_s, f.series_local_s);
  EXPECT_EQ(series.frames[0].slices.at(0).start_local_s, f.series_local_s);
  EXPECT_EQ(series.frames[0].slices.at(0).duration_s, 600);
  for (const auto& w : series.warnings) EXPECT_EQ(w.find("SECRET"), std::string::npos);
}

TEST(Concorde, MillimetresAndCentimetres) {
  ConcordeFiles files;
  auto grid = files.import().frames[0].values.geometry();
  EXPECT_DOUBLE_EQ(grid.spacing_mm[0], 0.776);
  EXPECT_DOUBLE_EQ(grid.spacing_mm[2], 0.796);
  for (const char* name : {"pixel_size_x", "pixel_size_y", "pixel_size_z"}) files.main.erase(name);
  files.main["axial_plane_size"] = "0.0796";
  grid = files.import().frames[0].values.geometry();
  EXPECT_NEAR(grid.spacing_mm[0], 0.776, 1e-12);  // rounding
  EXPECT_NEAR(grid.spacing_mm[2], 0.796, 1e-12);
  files.main.erase("axial_plane_size");
  EXPECT_NE(files.refusal().find("pixel_size_z"), std::string::npos);
}

TEST(Concorde, UnitsOfCalibrationDoseAndWeight) {
  ConcordeFiles files;
  files.main["calibration_units"] = "2";
  EXPECT_NEAR(files.import().frames[0].values.values()[0], 2 * 2.5 / 0.1752, 1e-4);
  files.main["calibration_units"] = "0";
  const auto counts = files.import();
  EXPECT_EQ(counts.facts.unit, records::PixelUnit::counts_per_second);
  EXPECT_EQ(counts.frames[0].values.values()[0], 2);
  files.main["dose_units"] = "2";
  EXPECT_DOUBLE_EQ(*files.import().facts.injected_activity_bq, 0.25e6);
  files.main["dose_units"] = "0";
  EXPECT_FALSE(files.import().facts.injected_activity_bq);
  files.main["subject_weight_units"] = "3";
  EXPECT_EQ(files.import().facts.body_mass_g, 21500);
  files.main["subject_weight_units"] = "2";
  EXPECT_NEAR(*files.import().facts.body_mass_g, 609.5147, 1e-3);
  files.main["subject_weight_units"] = "0";
  EXPECT_FALSE(files.import().facts.body_mass_g);
}

TEST(Concorde, EveryTypeOfPixel) {
  ConcordeFiles files;
  files.main["calibration_factor"] = "0";
  const auto expect = [&](const char* code, const std::string& pixels) {
    files.main["data_type"] = code;
    files.pixels = pixels;
    EXPECT_EQ(files.import().frames[0].values.values(), (image::Volume<float>::Values{2, 4, 6, 8}))
        << code;
  };
  const auto swapped = [](std::string bytes, std::size_t width) {
    for (std::size_t i = 0; i < bytes.size(); i += width)
      std::reverse(&bytes[i], &bytes[i] + width);
    return bytes;
  };
  const auto i16 = test::bytes_of_values(std::vector<std::int16_t>{1, 2, 3, 4});
  const auto i32 = test::bytes_of_values(std::vector<std::int32_t>{1, 2, 3, 4});
  const auto f32 = test::bytes_of_values(test::ramp(4));
  expect("1", {1, 2, 3, 4});
  expect("2", i16);
  expect("3", i32);
  expect("4", f32);
  expect("5", swapped(f32, 4));
  expect("6", swapped(i16, 2));
  expect("7", swapped(i32, 4));
}

TEST(Concorde, FramesHaveScalesOfTheirOwn) {
  ConcordeFiles files;
  files.main["calibration_factor"] = "0";
  files.frames.push_back(
      {{"frame_start", "600"}, {"frame_duration", "300"}, {"scale_factor", "10"}});
  files.pixels = test::bytes_of_values(test::ramp(8));
  files.line_end = "\r\n";
  const auto series = files.import();
  ASSERT_EQ(series.frames.size(), 2U);
  EXPECT_EQ(series.frames[1].values.values()[0], 50);
  EXPECT_EQ(*series.frames[1].slices.at(0).start_local_s, *series.facts.series_local_s + 600);
}

TEST(Concorde, HostileHeadersAreErrors) {
  const auto refused = [](const std::function<void(ConcordeFiles&)>& change) {
    ConcordeFiles files;
    change(files);
    return files.refusal();
  };
  EXPECT_NE(refused([](auto& f) { f.main["x_dimension"] = "0"; }).find("x_dimension"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["x_dimension"] = "1e30"; }).find("x_dimension"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) {
              f.main["x_dimension"] = "4096", f.main["y_dimension"] = "4096";
            }).find("do not fit"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["x_dimension"] = "two"; }).find("no number"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["data_type"] = "9"; }).find("data_type"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["file_type"] = "2"; }).find("file_type"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["modality"] = "1"; }).find("modality"), std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["pixel_size_x"] = "-1"; }).find("pixel_size_x"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.main["scan_time"] = "yesterday"; }).find("scan_time"),
            std::string::npos);
  EXPECT_NE(
      refused([](auto& f) { f.main["scan_time"] = "Mon Feb 30 10:15:00 2026"; }).find("scan_time"),
      std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.frames.clear(); }).find("no frame"), std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.frames[0]["frame_duration"] = "0"; }).find("lasts 0"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.frames[0]["scale_factor"] = "-1"; }).find("scale_factor"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.pixels.resize(15); }).find("do not fit"), std::string::npos);
  EXPECT_NE(refused([](auto& f) {
              f.pixels = test::bytes_of_values(std::vector<float>{1, INFINITY, 1, 1});
            }).find("infinite"),
            std::string::npos);
}

TEST(Concorde, OtherTextIsNoHeader) {
  const test::TemporaryFolder folder;
  core::write_file(folder.path() / "x.img", "1234");
  EXPECT_FALSE(is_concorde(folder.path() / "x.img"));
  core::write_file(folder.path() / "x.img.hdr", "hello\n");
  EXPECT_FALSE(is_concorde(folder.path() / "x.img"));
  EXPECT_THROW((void)import_concorde(folder.path() / "x.img"), Error);
}

}  // namespace
}  // namespace sojourn::io
