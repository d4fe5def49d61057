#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/legacy_formats.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;

/// Builds a small ECAT 7 file: 2 x 2 x 1 voxels, 16 bits, frames of 60 s.
class EcatBytes {
 public:
  explicit EcatBytes(std::size_t frames) : bytes_(512 * (2 + 2 * frames), '\0') {
    std::memcpy(bytes_.data(), "MATRIX72v", 9);
    put<std::uint16_t>(48, 328);
    put<std::uint16_t>(50, 7);
    put<std::uint32_t>(62, 1556622282);
    std::memcpy(bytes_.data() + 66, "C-11", 4);
    put<float>(74, 1224.0F);
    put<float>(144, 1.0F);
    put<std::uint16_t>(148, 1);
    put<std::uint16_t>(330, 3);
    put<std::uint16_t>(354, static_cast<std::uint16_t>(frames));
    put<float>(450, 0.9976F);
    put<std::uint32_t>(454, 1556622200);
    std::memcpy(bytes_.data() + 466, "Bq/cc", 5);
    put<std::int32_t>(512, static_cast<std::int32_t>(31 - frames));
    put<std::int32_t>(512 + 4, 2);
    put<std::int32_t>(512 + 12, static_cast<std::int32_t>(frames));
    for (std::size_t f = 0; f < frames; ++f) {
      const std::size_t row = 512 + 16 * (f + 1);
      put<std::uint32_t>(row, static_cast<std::uint32_t>(0x01010000 + f + 1));
      put<std::int32_t>(row + 4, static_cast<std::int32_t>(3 + 2 * f));
      put<std::int32_t>(row + 8, static_cast<std::int32_t>(4 + 2 * f));
      put<std::int32_t>(row + 12, 1);
      const std::size_t sub = subheader(f);
      put<std::uint16_t>(sub, 6);
      put<std::uint16_t>(sub + 2, 3);
      put<std::uint16_t>(sub + 4, 2), put<std::uint16_t>(sub + 6, 2),
          put<std::uint16_t>(sub + 8, 1);
      put<float>(sub + 26, 0.5F * static_cast<float>(f + 1));
      put<float>(sub + 34, 0.2F), put<float>(sub + 38, 0.2F), put<float>(sub + 42, 0.3F);
      put<std::uint32_t>(sub + 46, 60000);
      put<std::uint32_t>(sub + 50, static_cast<std::uint32_t>(60000 * f));
      put<std::uint32_t>(sub + 84, 512 + 2);
      for (std::size_t i = 0; i < 4; ++i)
        put<std::int16_t>(sub + 512 + 2 * i, static_cast<std::int16_t>(100 * (i + 1)));
    }
  }
  static std::size_t subheader(std::size_t frame) { return 512 * (2 + 2 * frame); }
  template <typename T>
  void put(std::size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof(T));
    std::reverse(bytes_.data() + at, bytes_.data() + at + sizeof(T));
  }
  std::string& bytes() { return bytes_; }
  records::ImageSeries import() const {
    const test::TemporaryFolder folder;
    core::write_file(folder.path() / "x.v", bytes_);
    return import_ecat7(folder.path() / "x.v");
  }
  std::string refusal() const {
    try {
      (void)import();
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

 private:
  std::string bytes_;
};

TEST(Ecat7, FramesScalesTimesAndFacts) {
  const auto series = EcatBytes(2).import();
  ASSERT_EQ(series.frames.size(), 2U);
  EXPECT_EQ(series.frames[0].values.values(), (image::Volume<float>::Values{50, 100, 150, 200}));
  EXPECT_EQ(series.frames[1].values.values(), (image::Volume<float>::Values{100, 200, 300, 400}));
  const auto& f = series.facts;
  EXPECT_EQ(f.unit, records::PixelUnit::bq_per_ml);
  EXPECT_EQ(f.nuclide, "C-11");
  EXPECT_EQ(f.half_life_s, 1224);
  EXPECT_EQ(f.zone_min, 0);
  EXPECT_EQ(f.series_local_s, 1556622282);
  EXPECT_EQ(f.injection_local_s, 1556622200);
  EXPECT_EQ(f.decay_correction, records::DecayCorrection::stated_time);
  EXPECT_EQ(f.decay_reference_local_s, 1556622282);
  EXPECT_EQ(series.frames[1].slices.at(0).start_local_s, 1556622282 + 60);
  EXPECT_EQ(series.frames[1].slices.at(0).duration_s, 60);
  EXPECT_TRUE(series.warnings.empty()) << series.warnings.front();
}

TEST(Ecat7, CentimetresAndTheScannersAxes) {
  const auto series = EcatBytes(1).import();
  const auto& grid = series.frames[0].values.geometry();
  EXPECT_NEAR(grid.spacing_mm[0], 2, 1e-6);  // float32 centimetres
  EXPECT_NEAR(grid.spacing_mm[2], 3, 1e-6);
  EXPECT_EQ(grid.axis[0], (image::Vec3{1, 0, 0}));
  EXPECT_EQ(grid.axis[2][2], -1);
  EXPECT_NEAR(grid.origin_mm[0], -1, 1e-6);
  auto prone = EcatBytes(1);
  prone.put<std::uint16_t>(330, 1);
  EXPECT_EQ(prone.import().frames[0].values.geometry().axis[0][0], -1);
  auto unknown = EcatBytes(1);
  unknown.put<std::uint16_t>(330, 8);
  EXPECT_EQ(unknown.import().warnings.size(), 1U);
}

TEST(Ecat7, TheCalibrationFactorIsAppliedOnceAsItsFlagSays) {
  auto file = EcatBytes(1);
  file.put<float>(144, 3.0F);
  file.put<std::uint16_t>(148, 0);
  EXPECT_EQ(file.import().frames[0].values.values()[0], 150);
  file.put<std::uint16_t>(148, 1);
  const auto applied = file.import();
  EXPECT_EQ(applied.frames[0].values.values()[0], 50);
  EXPECT_EQ(applied.facts.unit, records::PixelUnit::bq_per_ml);
  EXPECT_EQ(applied.warnings.size(), 1U);
}

TEST(Ecat7, CalibratedValuesThatCannotBeActivityAreLeftToTheStudy) {
  auto file = EcatBytes(1);
  file.put<float>(EcatBytes::subheader(0) + 26, 1e-9F);
  file.put<float>(144, 9698905.0F);
  const auto series = file.import();
  EXPECT_EQ(series.facts.unit, records::PixelUnit::unknown);
  EXPECT_EQ(series.facts.calibration_factor, 9698905.0);
  ASSERT_EQ(series.warnings.size(), 1U);
  EXPECT_NE(series.warnings[0].find("calibration = 9698905"), std::string::npos)
      << series.warnings[0];
}

TEST(Ecat7, UnitsOfTheData) {
  auto file = EcatBytes(1);
  std::memcpy(file.bytes().data() + 466, "nCi/cc\0", 7);
  EXPECT_EQ(file.import().frames[0].values.values()[0], 50 * 37);
  std::memcpy(file.bytes().data() + 466, "ECAT counts\0", 12);
  EXPECT_EQ(file.import().facts.unit, records::PixelUnit::unknown);
}

TEST(Ecat7, AFrameCountThatDiffersFromTheDirectoryIsAWarning) {
  auto file = EcatBytes(2);
  file.put<std::uint16_t>(354, 5);
  const auto series = file.import();
  EXPECT_EQ(series.frames.size(), 2U);
  ASSERT_EQ(series.warnings.size(), 1U);
  EXPECT_NE(series.warnings[0].find("5 frames"), std::string::npos);
}

TEST(Ecat7, FramesComeInOrderOfTimeWhateverTheDirectorySays) {
  auto file = EcatBytes(2);
  std::swap_ranges(file.bytes().begin() + 528, file.bytes().begin() + 544,
                   file.bytes().begin() + 544);
  EXPECT_EQ(file.import().frames[0].values.values()[0], 50);
}

TEST(Ecat7, ADecayFactorThatContradictsTheTimesIsAWarning) {
  auto file = EcatBytes(1);
  file.put<float>(EcatBytes::subheader(0) + 80,
                  1.017146F);  // λΔ/(1-e^-λΔ) for 60 s of C-11 by hand: 1.017146
  EXPECT_TRUE(file.import().warnings.empty());
  file.put<float>(EcatBytes::subheader(0) + 80, 1.5F);
  EXPECT_EQ(file.import().warnings.size(), 1U);
}

TEST(Ecat7, WithoutTheDecayBitValuesAreNotCorrected) {
  auto file = EcatBytes(1);
  file.put<std::uint32_t>(EcatBytes::subheader(0) + 84, 2);
  EXPECT_EQ(file.import().facts.decay_correction, records::DecayCorrection::none);
}

TEST(Ecat7, HostileFilesAreErrors) {
  const auto refused = [](const std::function<void(EcatBytes&)>& change) {
    EcatBytes file(2);
    change(file);
    return file.refusal();
  };
  const std::size_t sub = EcatBytes::subheader(0);
  EXPECT_NE(refused([](auto& f) { f.bytes()[0] = 'X'; }).find("no ECAT 7"), std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.template put<std::uint16_t>(50, 11); }).find("file type 11"),
            std::string::npos);
  EXPECT_NE(
      refused([](auto& f) { f.template put<std::int32_t>(516, 2000000); }).find("beyond the end"),
      std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.template put<std::int32_t>(524, 99); }).find("99 rows"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.template put<std::int32_t>(524, 0); }).find("no image"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) { f.template put<std::int32_t>(532, -7); }).find("beyond the end"),
            std::string::npos);
  EXPECT_NE(refused([=](auto& f) {
              f.template put<std::uint16_t>(sub + 4, 4000);
            }).find("beyond the end"),
            std::string::npos);
  EXPECT_NE(refused([=](auto& f) { f.template put<std::uint16_t>(sub + 4, 0); }).find("dimension"),
            std::string::npos);
  EXPECT_NE(refused([=](auto& f) { f.template put<std::uint16_t>(sub, 4); }).find("data type 4"),
            std::string::npos);
  EXPECT_NE(refused([=](auto& f) { f.template put<float>(sub + 34, -1.0F); }).find("voxel size"),
            std::string::npos);
  EXPECT_NE(refused([=](auto& f) { f.template put<std::uint32_t>(sub + 46, 0); }).find("lasts 0"),
            std::string::npos);
  EXPECT_NE(refused([](auto& f) {
              f.template put<std::uint32_t>(544, 0x01010001);
            }).find("several matrices"),
            std::string::npos);
  for (std::size_t n = 0; n < 512 * 5 + 8; n += 97) {
    EcatBytes file(2);
    file.bytes().resize(n);
    EXPECT_NE(file.refusal(), "") << n << " bytes were taken";
  }
}

TEST(Ecat7Published, TinyPetOfNibabel) {
  SOJOURN_NEEDS_SHARED(file, "data/ecat_samples/tinypet.v");
  ASSERT_TRUE(is_ecat7(file));
  const auto series = import_ecat7(file);
  const auto& grid = series.frames.at(0).values.geometry();
  EXPECT_EQ(grid.size, (image::Index3{10, 10, 3}));
  EXPECT_NEAR(grid.spacing_mm[0], 2.20241979, 1e-6);  // nibabel's zooms
  EXPECT_EQ(series.facts.nuclide, "F-18");
  EXPECT_EQ(series.facts.unit, records::PixelUnit::bq_per_ml);
  double sum = 0;
  for (const float v : series.frames[0].values.values()) sum += v;
  // nibabel multiplies by the calibration factor (25007614) although the flag says that it was
  // applied.
  EXPECT_NEAR(sum * 25007614.0 / 35372269698440.0, 1, 1e-9);
  EXPECT_EQ(series.frames[0].slices.at(0).start_local_s, 1290124615 + 1500.016);
  // The dose time lies six days after the scan and is not believed; nothing contradicts the decay
  // factor 1.18959.
  EXPECT_FALSE(series.facts.injection_local_s);
  for (const auto& w : series.warnings) EXPECT_EQ(w.find("decay factor"), std::string::npos) << w;
}

TEST(Ecat7Published, SyntheticRampOfPet2bids) {
  SOJOURN_NEEDS_SHARED(
      file, "data/ecat_samples/pet2bids/ecat_validation/synthetic_ecat_integer_16x16x16x4.v.gz");
  const auto series = import_ecat7(file);
  ASSERT_EQ(series.frames.size(), 4U);
  // The maker's truth: 0, 2, 4… over x, y, z and frames, x slowest in its .mat (C order of numpy).
  double sum = 0;
  for (const auto& frame : series.frames) {
    for (const float v : frame.values.values()) sum += v;
  }
  EXPECT_EQ(sum, 268419072.0);
  EXPECT_EQ(series.frames[0].values.values()[0], 0);
  for (std::size_t f = 0; f < 4; ++f) {
    for (std::size_t i = 0; i < 4096; ++i)
      ASSERT_EQ(series.frames[f].values.values()[i], 2.0F * (4096.0F * f + i));
  }
  EXPECT_EQ(series.facts.decay_correction, records::DecayCorrection::stated_time);
  for (const auto& w : series.warnings) EXPECT_EQ(w.find("decay factor"), std::string::npos) << w;
}

}  // namespace
}  // namespace sojourn::io
