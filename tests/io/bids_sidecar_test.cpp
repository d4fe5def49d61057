#include "sojourn/io/bids_sidecar.h"

#include <gtest/gtest.h>

#include <functional>

#include "nifti_bytes.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/io/nifti.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;
using records::DecayCorrection;
using records::PixelUnit;

/// An image of `frames` frames (2 voxels each, values 1, 2, …) with this sidecar beside it.
records::ImageSeries import_with(const std::string& json, int frames = 1) {
  const test::TemporaryFolder folder;
  auto header = test::plain_header(2, 1, 1);
  header.dim[0] = 4;
  header.dim[4] = static_cast<short>(frames);
  test::write_raw_nifti(folder.path() / "x_pet.nii", header,
                        test::ramp(static_cast<std::size_t>(2 * frames)));
  core::write_file(folder.path() / "x_pet.json", json);
  return import_nifti(folder.path() / "x_pet.nii");
}

std::string refusal(const std::string& json, int frames = 1) {
  try {
    (void)import_with(json, frames);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(PixelUnit, Synonyms) {
  const auto expect = [](const char* text, PixelUnit unit, double factor) {
    EXPECT_EQ(read_pixel_unit(text).unit, unit) << text;
    EXPECT_DOUBLE_EQ(read_pixel_unit(text).factor, factor) << text;
  };
  for (const char* text :
       {"Bq/mL", "Bq/ml", "BQ/ML", "Bq/cc", "Bq/cm3", "Bq/cm^3", "BQML", "Bq / mL"}) {
    expect(text, PixelUnit::bq_per_ml, 1);
  }
  expect("kBq/mL", PixelUnit::bq_per_ml, 1e3);
  expect("kBq/cc", PixelUnit::bq_per_ml, 1e3);
  expect("MBq/mL", PixelUnit::bq_per_ml, 1e6);
  expect("nCi/cc", PixelUnit::bq_per_ml, 37);
  expect("uCi/mL", PixelUnit::bq_per_ml, 37e3);
  expect("µCi/mL", PixelUnit::bq_per_ml, 37e3);
  expect("g/mL", PixelUnit::suv_bw, 1);
  expect("SUVbw", PixelUnit::suv_bw, 1);
  expect("counts", PixelUnit::counts, 1);
  expect("CNTS", PixelUnit::counts, 1);
  expect("counts/sec", PixelUnit::counts_per_second, 1);
  expect("PROPCNTS", PixelUnit::proportional, 1);
  for (const char* text : {"", "mBq/mL", "Bq", "arbitrary", "Bq/L", "Bq/mL*g"})
    expect(text, PixelUnit::unknown, 1);
}

TEST(Sidecar, AFullOneWithoutADateStaysRelative) {
  const auto series = import_with(R"({
    "Manufacturer": "Siemens", "ManufacturersModelName": "HR+", "Units": "kBq/mL", "TracerName": "DASB",
    "TracerRadionuclide": "C11", "InjectedRadioactivity": 596.283, "InjectedRadioactivityUnits": "MBq",
    "InjectedMass": "n/a", "TimeZero": "12:40:12", "ScanStart": 5, "InjectionStart": -30,
    "FrameTimesStart": [5, 15], "FrameDuration": [10, 20], "ImageDecayCorrected": true,
    "ImageDecayCorrectionTime": 5, "DoseCalibrationFactor": 1.5, "BodyWeight": 70,
    "AttenuationCorrection": "measured"})",
                                  2);
  const auto& f = series.facts;
  EXPECT_EQ(f.manufacturer, "Siemens");
  EXPECT_EQ(f.model, "HR+");
  EXPECT_EQ(f.unit, PixelUnit::bq_per_ml);
  EXPECT_EQ(series.frames[1].values.values(), (image::Volume<float>::Values{3000, 4000}));
  EXPECT_EQ(f.nuclide, "C-11");
  EXPECT_EQ(f.nuclide_text, "C11");
  EXPECT_EQ(f.modality, "PT");
  EXPECT_DOUBLE_EQ(*f.injected_activity_bq, 596.283e6);
  EXPECT_DOUBLE_EQ(*f.body_mass_g, 70000);
  EXPECT_DOUBLE_EQ(*f.calibration_factor, 1.5);
  EXPECT_EQ(f.decay_correction, DecayCorrection::stated_time);
  EXPECT_EQ(f.decay_reference_relative_s, 5);
  EXPECT_FALSE(f.decay_reference_local_s);
  EXPECT_EQ(f.frame_starts_relative_s, (std::vector<double>{5, 15}));
  EXPECT_EQ(f.injection_relative_s, -30);
  EXPECT_EQ(f.time_zero_of_day_s, 12 * 3600 + 40 * 60 + 12);
  EXPECT_EQ(f.injection_time_only_s, 12 * 3600 + 39 * 60 + 42);
  EXPECT_FALSE(f.injection_local_s);
  EXPECT_FALSE(series.frames[0].slices.at(0).start_local_s);
  EXPECT_EQ(series.frames[1].slices.at(0).duration_s, 20);
  EXPECT_EQ(f.corrections, (std::vector<std::string>{"ATTN", "DECY"}));
}

TEST(Sidecar, OurTimeZeroGivesTheDate) {
  const auto series =
      import_with(R"({"TimeZero": "10:15:00", "SojournTimeZero": "2026-03-02T10:15:00+01:00",
    "ScanStart": 86400, "InjectionStart": 0, "FrameTimesStart": [86400], "FrameDuration": 600,
    "ImageDecayCorrected": true, "ImageDecayCorrectionTime": 0})");
  const double zero = core::parse_iso("2026-03-02T10:15:00Z")->local_s;  // the clock's own reading
  EXPECT_EQ(series.facts.zone_min, 60);
  EXPECT_EQ(series.facts.injection_local_s, zero);
  EXPECT_EQ(series.facts.decay_reference_local_s, zero);
  EXPECT_EQ(series.facts.series_local_s, zero + 86400);
  EXPECT_EQ(series.frames[0].slices.at(0).start_local_s, zero + 86400);
  EXPECT_TRUE(series.facts.frame_starts_relative_s.empty());
  EXPECT_FALSE(series.facts.injection_time_only_s);
}

TEST(Sidecar, TheDeprecatedScanDateGivesTheDateToo) {
  const auto series =
      import_with(R"({"TimeZero": "10:15:00", "ScanDate": "2026-03-02", "InjectionStart": 60})");
  EXPECT_EQ(series.facts.injection_local_s, core::parse_iso("2026-03-02T10:16:00Z")->local_s);
}

TEST(Sidecar, InjectionBeforeMidnightReadsThatClock) {
  EXPECT_EQ(import_with(R"({"TimeZero": "00:10:00", "InjectionStart": -1200})")
                .facts.injection_time_only_s,
            85800);
}

TEST(Sidecar, TheWordsThatDcm2niixCopiesAreRead) {
  const auto correction = [](const char* json) { return import_with(json).facts.decay_correction; };
  EXPECT_EQ(correction(R"({"DecayCorrection": "START"})"), DecayCorrection::scan_start);
  EXPECT_EQ(correction(R"({"DecayCorrection": "ADMIN"})"), DecayCorrection::administration);
  EXPECT_EQ(correction(R"({"DecayCorrection": "NONE"})"), DecayCorrection::none);
  EXPECT_EQ(correction(R"({"DecayCorrection": "MAYBE"})"), DecayCorrection::unknown);
  // BIDS's own fields stand above it.
  EXPECT_EQ(correction(R"({"DecayCorrection": "START", "ImageDecayCorrected": false})"),
            DecayCorrection::none);
  EXPECT_EQ(import_with(R"({"RadionuclideHalfLife": 1221.8})").facts.half_life_s, 1221.8);
  EXPECT_NE(refusal(R"({"RadionuclideHalfLife": 0})").find("RadionuclideHalfLife"),
            std::string::npos);
}

TEST(Sidecar, FrameDurationThatHoldsEndTimesIsExplained) {
  const std::string both = R"({"FrameTimesStart": [0, 10, 20, 40], "FrameDuration": )";
  EXPECT_NE(refusal(both + "[10, 20, 40, 60]}", 4).find("end times"), std::string::npos);
  EXPECT_NE(refusal(both + "[10, 10, 25, 60]}", 4).find("beyond the start of the next"),
            std::string::npos);
  EXPECT_EQ(refusal(both + "[10, 10, 20, 60]}", 4), "");
  EXPECT_EQ(refusal(both + "[5, 10, 15, 60]}", 4), "");  // gaps are allowed
}

TEST(Sidecar, RefusalsNameFieldAndLine) {
  EXPECT_EQ(refusal("{\n\"FrameTimesStart\": [0, 1]}").substr(0, 32),
            "x_pet.json:2: FrameTimesStart: 2");
  EXPECT_NE(refusal(R"({"FrameDuration": [0]})").find("does not last"), std::string::npos);
  EXPECT_NE(refusal(R"({"FrameTimesStart": [5, 0], "FrameDuration": [1, 1]})", 2)
                .find("does not start after"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"InjectedRadioactivity": "many"})").find("must be a number"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"InjectedRadioactivity": 5, "InjectedRadioactivityUnits": "Hz"})")
                .find("InjectedRadioactivityUnits"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"InjectedRadioactivity": -5, "InjectedRadioactivityUnits": "MBq"})")
                .find("negative"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"TimeZero": "noon"})").find("clock time"), std::string::npos);
  EXPECT_NE(refusal(R"({"TimeZero": "10:00:00", "SojournTimeZero": "2026-03-02T11:00:00Z"})")
                .find("same clock time"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"SojournTimeZero": "yesterday"})").find("no date and time"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"InjectionStart": 10, "InjectionEnd": 5})").find("InjectionEnd"),
            std::string::npos);
  EXPECT_NE(refusal("[1]").find("must be a table"), std::string::npos);
  EXPECT_NE(refusal("{").find("not valid JSON"), std::string::npos);
}

TEST(Sidecar, ADoseWithoutUnitIsNotGuessed) {
  const auto series =
      import_with(R"({"InjectedRadioactivity": 5.5, "InjectedRadioactivityUnits": "n/a"})");
  EXPECT_FALSE(series.facts.injected_activity_bq);
  ASSERT_EQ(series.warnings.size(), 1U);
}

TEST(Sidecar, AnImageNotDecayCorrected) {
  const auto facts =
      import_with(R"({"ImageDecayCorrected": false, "ImageDecayCorrectionTime": "n/a"})").facts;
  EXPECT_EQ(facts.decay_correction, DecayCorrection::none);
  EXPECT_FALSE(facts.decay_reference_relative_s);
}

TEST(Sidecar, ABodyWeightFromTheDataSet) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "sub-02" / "pet" / "sub-02_pet.nii";
  test::write_raw_nifti(file, test::plain_header(2, 1, 1), test::ramp(2));
  core::write_file(folder.path() / "participants.tsv",
                   "participant_id\tweight\nsub-01\t50\nsub-02\t62.5\n");
  EXPECT_EQ(bids_body_mass_g(file), 62500);
  core::write_file(folder.path() / "participants.json", R"({"weight": {"Units": "g"}})");
  EXPECT_EQ(bids_body_mass_g(file), 62.5);
  core::write_file(folder.path() / "participants.json", R"({"weight": {"Units": "stone"}})");
  EXPECT_FALSE(bids_body_mass_g(file));
}

/// A real sidecar on an image with as many frames as it describes.
std::string real_refusal(const fs::path& sidecar, int frames,
                         records::ImageSeries* read = nullptr) {
  try {
    auto series = import_with(core::read_file(sidecar), frames);
    if (read != nullptr) *read = std::move(series);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(SidecarPublished, BidsExamples) {
  SOJOURN_NEEDS_SHARED(bids, "data/bids_pet");
  // Three of the six hold end times in FrameDuration, as their frames' starts show.
  EXPECT_NE(real_refusal(bids / "pet004/sub-01/pet/sub-01_pet.json", 45).find("end times"),
            std::string::npos);
  EXPECT_NE(real_refusal(bids / "pet003/sub-01/ses-01/pet/sub-01_ses-01_pet.json", 21), "");
  EXPECT_NE(real_refusal(bids / "pet001/sub-01/ses-01/pet/sub-01_ses-01_trc-CIMBI36_pet.json", 45)
                .find("end times"),
            std::string::npos);
  records::ImageSeries series;
  EXPECT_EQ(
      real_refusal(bids / "pet002/sub-02/ses-rescan/pet/sub-02_ses-rescan_pet.json", 36, &series),
      "");
  EXPECT_EQ(series.facts.nuclide, "C-11");
  EXPECT_DOUBLE_EQ(*series.facts.injected_activity_bq, 596.283e6);
  EXPECT_EQ(series.facts.frame_starts_relative_s.size(), 36U);
  EXPECT_EQ(real_refusal(bids / "pet005/sub-01/ses-baseline/pet/sub-01_ses-baseline_pet.json", 48),
            "");
  EXPECT_EQ(real_refusal(bids / "pet006/sub-01/pet/sub-01_pet.json", 1), "");
}

TEST(SidecarPublished, AnImageWithFewerFramesThanItsSidecarIsRefused) {
  SOJOURN_NEEDS_SHARED(
      file, "data/bids_pet/pet001/sub-01/ses-01/pet/sub-01_ses-01_trc-CIMBI36_pet.nii.gz");
  try {
    (void)import_nifti(file);
    FAIL() << "21 frames were taken with 45 times";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("45 values where the image has 21 frames"),
              std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace sojourn::io
