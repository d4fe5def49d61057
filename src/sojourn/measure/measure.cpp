#include "sojourn/measure/measure.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/tsv.h"
#include "sojourn/image/coverage.h"
#include "sojourn/measure/background.h"
#include "sojourn/measure/noise.h"
#include "sojourn/measure/suv_peak.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace sojourn::measure {
namespace {

constexpr double kOutsideWarned = 0.01;   // part of a region outside the image
constexpr double kOwnBackground = 0.5;    // part of the body that has no background outside it
constexpr double kUnknownBlurVoxels = 2;  // FWHM of the noise where the scanner's is not stated

using image::Coverage;

/// Blur that noise is taken to have: the scanner's, or two voxels.
image::Vec3 noise_blur_mm(const records::Scan& scan, const image::Geometry& grid) {
  if (scan.psf_fwhm_mm) return *scan.psf_fwhm_mm;
  return image::operator*(kUnknownBlurVoxels, grid.spacing_mm);
}

double total_activity(const image::Volume<float>& image) {
  double sum = 0;
  for (const float v : image.values()) sum += static_cast<double>(v);
  return sum * image.geometry().voxel_ml();
}

/// Totals of a probe at its places, in Bq.
std::vector<double> totals(const Probe& probe, const image::Volume<float>& image) {
  std::vector<double> sums;
  for (const auto& place : probe.places) {
    double sum = 0;
    for (const auto& v : probe.voxels) {
      sum += v.ml * static_cast<double>(
                        image.at(place[0] + v.at[0], place[1] + v.at[1], place[2] + v.at[2]));
    }
    sums.push_back(sum);
  }
  return sums;
}

/// What all regions of one scan share.
struct Context {
  const records::Scan& scan;
  const std::vector<image::RegionMask>& regions;
  const std::vector<Coverage>& covered;
  std::vector<Probe> probes;  // by region
  std::vector<std::uint16_t> owner;
  image::Vec3 blur_mm{};
  double body_ml = 0;  // of the image, where the body is unknown
  std::vector<std::string>* warnings = nullptr;
  std::set<std::string> predicted;     // names of regions larger than the background places
  std::set<std::string> without_room;  // names of regions without any place

  void warn(const std::string& text) const {
    if (warnings == nullptr) return;
    if (std::find(warnings->begin(), warnings->end(), text) == warnings->end())
      warnings->push_back(text);
  }
};

/// Variance per activity: counted where the prompts are known, seen in the image; the larger of the
/// two.
std::optional<double> variance_per_activity(const Context& context,
                                            const image::Volume<float>& image) {
  std::optional<double> seen = variance_per_activity_bq(image, context.owner, context.blur_mm);
  if (context.scan.frames.size() == 1 && context.scan.total_counts &&
      *context.scan.total_counts > 0) {
    const double counted = std::max(0.0, total_activity(image)) / *context.scan.total_counts;
    seen = std::max(seen.value_or(0), counted);
  }
  return seen;
}

/// One sentence for all regions of a kind, however many frames there are.
void warn_of_places(const Context& context) {
  if (!context.predicted.empty()) {
    context.warn(fmt::format(
        "eight background regions of their size do not fit: the detection limits of {} are "
        "predicted from smaller ones by counting statistics",
        fmt::join(context.predicted, ", ")));
  }
  if (!context.without_room.empty()) {
    context.warn(
        fmt::format("no room for eight background regions: the detection limits of {} are "
                    "predicted from counting statistics alone",
                    fmt::join(context.without_room, ", ")));
  }
}

/// Noise of the region's total and its detection limit.
void add_noise(Context& context, std::size_t r, const image::Volume<float>& image,
               std::optional<double> per_bq, records::Measurement& row) {
  const Probe& probe = context.probes[r];
  const double volume_ml = std::max(row.volume_ml, image.geometry().voxel_ml());
  const double share = blurred_noise_share(volume_ml, context.blur_mm);
  const auto background = totals(probe, image);
  double spread = 0;
  std::size_t places = background.size();
  const bool other_size = std::abs(probe.volume_ml - volume_ml) > 0.05 * volume_ml;
  if (places >= kLeastPlaces) {
    spread = numerics::standard_deviation(background);
    if (other_size) {
      const double probe_share = blurred_noise_share(probe.volume_ml, context.blur_mm);
      spread *= std::sqrt(volume_ml / probe.volume_ml * share / probe_share);
      // That the body has no eight copies of itself needs no warning.
      if (volume_ml < kOwnBackground * context.body_ml) {
        context.predicted.insert(row.region);
      }
    }
  } else {
    places = 0;
    context.without_room.insert(row.region);
  }
  if (!per_bq) {
    context.warn(
        "counting noise cannot be estimated from this image (no region is wide enough, and its "
        "counts are not "
        "stated); noise is that of the background alone");
  }
  const double per_activity = per_bq.value_or(0) * hot_noise_share(volume_ml, context.blur_mm);
  row.noise_bq = per_bq ? counting_noise(row.activity_uncorrected_bq, per_activity) : spread;
  // Half a body and more has no background but itself: its spread is that of its own organs.
  if (volume_ml >= kOwnBackground * context.body_ml) return;
  const double limit = detection_limits(spread, places, per_activity).detection;
  if (limit > 0) row.detection_limit_bq = limit;
}

/// SUV of the image as it is; nothing for a region outside the image.
void add_suv(const image::Volume<float>& image, const Coverage& covered, double suv_per_value,
             records::Measurement& row) {
  const auto least = least_covered_ml(covered);
  if (!least) return;
  float maximum = -INFINITY;
  covered.each(image.geometry(), [&](std::size_t offset, double ml) {
    if (ml >= *least) maximum = std::max(maximum, image.values()[offset]);
  });
  row.suv_mean = row.activity_uncorrected_bq / row.volume_ml * suv_per_value;
  row.suv_max = static_cast<double>(maximum) * suv_per_value;
  if (const auto peak = intensity_peak(image, covered)) row.suv_peak = peak->global * suv_per_value;
}

records::Measurement measure_one(const Context& context, const records::ScanFrame& frame,
                                 std::size_t r) {
  const auto& image = frame.concentration_bq_per_ml;
  const Coverage& covered = context.covered[r];
  records::Measurement row;
  row.region = context.regions[r].name;
  covered.each(image.geometry(), [&](std::size_t offset, double ml) {
    row.volume_ml += ml;
    row.activity_uncorrected_bq += ml * static_cast<double>(image.values()[offset]);
  });
  row.activity_bq = row.activity_uncorrected_bq;
  row.activity_dc_bq = row.activity_bq * frame.to_administration;
  row.calibration_relative_sd = context.scan.calibration_relative_sd;
  if (context.scan.injected_bq && *context.scan.injected_bq > 0) {
    row.percent_id = 100 * row.activity_dc_bq / *context.scan.injected_bq;
    if (row.volume_ml > 0) row.percent_id_per_ml = *row.percent_id / row.volume_ml;
  }
  if (const auto suv = suv_per_bq_per_ml(context.scan, frame); suv && row.volume_ml > 0) {
    add_suv(image, covered, *suv, row);
  }
  return row;
}

void warn_outside(const Context& context, std::size_t r) {
  const double whole = context.regions[r].volume_ml();
  if (whole <= 0) return;
  const double outside = 1 - context.covered[r].total_ml() / whole;
  if (outside > kOutsideWarned) {
    context.warn(fmt::format(
        "region {}: {:.0f} % of its volume lies outside the image; its activity is that of the "
        "part inside",
        context.regions[r].name, 100 * outside));
  }
}

}  // namespace

std::optional<double> suv_per_bq_per_ml(const records::Scan& scan,
                                        const records::ScanFrame& frame) {
  if (!scan.injected_bq || !(*scan.injected_bq > 0) || !scan.body_mass_g ||
      !(*scan.body_mass_g > 0)) {
    return std::nullopt;
  }
  return *scan.body_mass_g * frame.to_administration / *scan.injected_bq;
}

std::vector<records::Measurement> measure_regions(const records::Scan& scan,
                                                  const std::vector<image::RegionMask>& regions,
                                                  const Background& background,
                                                  std::vector<std::string>* warnings) {
  std::vector<records::Measurement> rows;
  if (scan.frames.empty()) return rows;
  const auto& grid = scan.frames.front().concentration_bq_per_ml.geometry();
  std::vector<Coverage> covered;
  for (const auto& region : regions) covered.push_back(image::cover(region, grid));
  Context context{scan,
                  regions,
                  covered,
                  {},
                  {},
                  noise_blur_mm(scan, grid),
                  static_cast<double>(grid.voxels()) * grid.voxel_ml(),
                  warnings,
                  {},
                  {}};
  if (background.body != nullptr && !background.body->fraction.empty())
    context.body_ml = background.body->volume_ml();
  {
    const BackgroundPlaces places(grid, covered, background, context.blur_mm);
    for (std::size_t r = 0; r < regions.size(); ++r) {
      context.probes.push_back(places.find(covered[r]));
      warn_outside(context, r);
    }
    context.owner = places.owner();
  }
  for (std::size_t f = 0; f < scan.frames.size(); ++f) {
    const auto& frame = scan.frames[f];
    const auto& image = frame.concentration_bq_per_ml;
    if (image.geometry().size != grid.size) {
      throw Error(
          ErrorCode::shape_mismatch,
          fmt::format("scan {}: frame {} has another grid than frame 1; frames must share one",
                      scan.number, f + 1));
    }
    const auto per_bq = variance_per_activity(context, image);
    for (std::size_t r = 0; r < regions.size(); ++r) {
      auto row = measure_one(context, frame, r);
      row.scan = scan.number;
      row.frame = static_cast<int>(f) + 1;
      row.tracer = scan.tracer;
      row.hours = (frame.mid_utc_s - scan.origin_utc_s) / units::kSecondsPerHour;
      row.frame_start_s = frame.start_utc_s - scan.frames.front().start_utc_s;
      row.frame_duration_s = frame.duration_s;
      add_noise(context, r, image, per_bq, row);
      rows.push_back(std::move(row));
    }
  }
  warn_of_places(context);
  return rows;
}

}  // namespace sojourn::measure
