#pragma once
#include <optional>
#include <string>

#include "sojourn/core/time.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/nuclide/decay.h"

/// Hand-built series for the rules of calibration: a small uniform image with known truth.
namespace sojourn::test {

inline constexpr double kF18_s = 6586.2;   // as the headers of the reference objects have it
inline constexpr double kZr89_s = 282276;  // 78.41 h
inline constexpr double kDose_bq = 368.08e6;
inline constexpr double kMass_g = 70000;

inline std::optional<measure::KnownNuclide> tabled(const std::string& name) {
  if (name == "F-18") return measure::KnownNuclide{name, kF18_s};
  if (name == "Zr-89") return measure::KnownNuclide{name, kZr89_s};
  return std::nullopt;
}

inline double at(const char* iso) { return core::parse_iso(iso).value().local_s; }

/// A 4 x 3 x n_slices image of one frame, 20 x 20 x 20 mm voxels.
inline records::SeriesFrame frame(float value, int n_slices, records::SliceTiming timing) {
  image::Geometry geometry;
  geometry.size = {4, 3, n_slices};
  geometry.spacing_mm = {20, 20, 20};
  return {image::Volume<float>(geometry, value),
          std::vector<records::SliceTiming>(static_cast<std::size_t>(n_slices), timing)};
}

/// As DRO_0_0: F-18, injected at 10:00, scanned from 11:00 for 300 s, START; SUV 1 everywhere.
inline records::ImageSeries fdg_series() {
  records::ImageSeries series;
  auto& facts = series.facts;
  facts.format = "DICOM PET";
  facts.modality = "PT";
  facts.unit = records::PixelUnit::bq_per_ml;
  facts.unit_text = "BQML";
  facts.decay_correction = records::DecayCorrection::scan_start;
  facts.series_local_s = at("2025-01-01T11:00:00");
  facts.series_date_local_s = at("2025-01-01T00:00:00");
  facts.injection_local_s = at("2025-01-01T10:00:00");
  facts.injected_activity_bq = kDose_bq;
  facts.half_life_s = kF18_s;
  facts.nuclide = "F-18";
  facts.body_mass_g = kMass_g;
  facts.height_m = 1.75;
  facts.sex = "O";
  const double left = kDose_bq * nuclide::decay_factor(3600, kF18_s);
  series.frames.push_back(
      frame(static_cast<float>(left / kMass_g), 3, {at("2025-01-01T11:00:00"), 300.0, 150.0, 1.0}));
  return series;
}

inline records::Study human_study() {
  records::Study study;
  study.file = "study.toml";
  study.subject.id = "p1";
  study.subject.species = "human";
  records::ScanRequest request;
  request.image = request.image_as_written = "pet";
  request.line = 7;
  study.scans.push_back(request);
  return study;
}

inline records::Scan calibrated(records::ImageSeries series, const records::Study& study,
                                const std::string& method_nuclide = "") {
  return measure::calibrate(std::move(series), study, study.scans.at(0), 1, tabled, method_nuclide);
}

/// SUV by body weight of one voxel, by its definition.
inline double suv(const records::Scan& scan, int k = 0, std::size_t f = 0) {
  const auto& frame = scan.frames.at(f);
  return double{frame.concentration_bq_per_ml.at(1, 1, k)} * frame.to_administration *
         scan.body_mass_g.value() / scan.injected_bq.value();
}

/// The message of the refusal; empty where nothing was refused.
template <typename Body>
std::string refusal(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_status(), 2) << e.what();
    return e.what();
  }
  return "";
}

inline bool mentions(const std::vector<std::string>& texts, const std::string& word) {
  for (const auto& one : texts) {
    if (one.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace sojourn::test

#define EXPECT_SAYS(text, word) EXPECT_NE((text).find(word), std::string::npos) << (text)
