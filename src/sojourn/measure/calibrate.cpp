#include "sojourn/measure/calibrate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/measure/settle.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::measure {
namespace {

/// Most of the injected activity that an image may hold: calibration and noise leave room, a slip
/// of the unit does not.
constexpr double kMostOfInjected = 1.5;
constexpr double kLeastOfWholeBody = 0.01;

struct Span {
  double start_utc_s = 0, end_utc_s = 0;
  bool has_duration = true;
};

Span span_of(const Context& context, const records::SeriesFrame& frame) {
  Span span;
  bool first = true;
  for (const auto& slice : frame.slices) {
    if (!slice.start_local_s) {
      refuse(
          "some slices hold an acquisition time and others none; state time and frame_duration in "
          "the scan block");
    }
    const double start = context.to_utc(*slice.start_local_s);
    const double end = start + slice.duration_s.value_or(0);
    span.has_duration = span.has_duration && slice.duration_s && *slice.duration_s > 0;
    span.start_utc_s = first ? start : std::min(span.start_utc_s, start);
    span.end_utc_s = first ? end : std::max(span.end_utc_s, end);
    first = false;
  }
  return span;
}

/// Factor of each slice from the stored value to activity at `mid_utc_s`, without the unit.
std::vector<double> decay_factors(const Context& context, const records::SeriesFrame& frame,
                                  const records::ReferenceTime& reference, double mid_utc_s,
                                  double half_life_s) {
  if (reference.utc_s) return {nuclide::decay_factor(mid_utc_s - *reference.utc_s, half_life_s)};
  std::vector<double> factors;
  for (const auto& slice : frame.slices) {
    factors.push_back(nuclide::mean_to_reference(
        *slice.duration_s, mid_utc_s - context.to_utc(*slice.start_local_s), half_life_s));
  }
  return factors;
}

/// Scales in place: one factor, or one for each slice.
void scale_volume(image::Volume<float>& volume, const std::vector<double>& factors) {
  const auto& size = volume.geometry().size;
  const auto slices = static_cast<std::size_t>(size[2]);
  if (factors.size() != 1 && factors.size() != slices) {
    throw Error(ErrorCode::shape_mismatch,
                fmt::format("{} slice times for {} slices", factors.size(), slices));
  }
  const std::size_t plane = static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
  auto& values = volume.values();
  core::parallel_for(slices, [&](std::size_t k) {
    const auto factor = static_cast<float>(factors[factors.size() == 1 ? 0 : k]);
    if (factor == 1.0F) return;
    for (std::size_t i = k * plane; i < (k + 1) * plane; ++i) values[i] *= factor;
  });
}

/// Bq in the volume, signed: noise around zero must cancel, not pile up.
double total_bq(const image::Volume<float>& volume) {
  const auto& geometry = volume.geometry();
  const auto slices = static_cast<std::size_t>(geometry.size[2]);
  const std::size_t plane = geometry.voxels() / std::max<std::size_t>(slices, 1);
  std::vector<double> sums(slices, 0.0);
  core::parallel_for(slices, [&](std::size_t k) {
    double sum = 0;
    for (std::size_t i = k * plane; i < (k + 1) * plane; ++i) sum += double{volume.values()[i]};
    sums[k] = sum;
  });
  double all = 0;
  for (const double one : sums) all += one;
  return all * geometry.voxel_ml();
}

records::ScanFrame bring_to_mid_time(Context& context, records::SeriesFrame&& frame,
                                     const records::ReferenceTime& reference,
                                     const Settled& settled, double scale) {
  const auto span = span_of(context, frame);
  if (!span.has_duration && !reference.utc_s) {
    refuse(
        "the values are not decay-corrected, and the header holds no frame duration to correct "
        "them with; "
        "state frame_duration in the scan block");
  }
  records::ScanFrame done;
  done.start_utc_s = span.start_utc_s;
  done.duration_s = span.end_utc_s - span.start_utc_s;
  done.mid_utc_s = span.start_utc_s + 0.5 * done.duration_s;
  done.to_administration =
      nuclide::decay_factor(settled.administered_utc_s - done.mid_utc_s, settled.half_life_s);
  auto factors = decay_factors(context, frame, reference, done.mid_utc_s,
                               reference.utc_s ? settled.scanner_half_life_s : settled.half_life_s);
  for (auto& factor : factors) factor *= scale;
  scale_volume(frame.values, factors);
  done.concentration_bq_per_ml = std::move(frame.values);
  return done;
}

std::string scanner_text(const records::HeaderFacts& facts) {
  return facts.manufacturer.empty() || facts.model.empty() ? facts.manufacturer + facts.model
                                                           : facts.manufacturer + " " + facts.model;
}

records::Scan settle(records::ImageSeries& series, Context& context,
                     std::optional<KnownNuclide> (*tabled)(const std::string& name),
                     const std::string& method_nuclide) {
  if (series.frames.empty()) refuse("the image holds no frame; choose another series");
  require_unit(context);
  settle_timing(context, series);
  const Settled settled = settle_facts(context, series, tabled, method_nuclide);
  records::Scan scan;
  scan.reference = decay_reference(series, context.study.zone_min, context.clock_offset_s,
                                   settled.half_life_s, settled.scanner_administered_utc_s);
  // Without decay correction the slices keep their own times; an SUV is then reckoned at the start
  // of the scan.
  const double reference_utc_s =
      scan.reference.utc_s.value_or(context.to_utc(earliest_start_local_s(series).value_or(0)));
  const double scale = activity_scale(context, series, settled, reference_utc_s);
  const auto& facts = series.facts;
  scan.image_as_written = context.request.image_as_written;
  scan.tracer = settled.given.id;
  scan.method = settled.given.method;
  scan.nuclide = settled.nuclide;
  scan.half_life_s = settled.half_life_s;
  scan.origin_utc_s = settled.origin_utc_s;
  scan.administered_utc_s = settled.administered_utc_s;
  scan.injected_bq = settled.injected_bq;
  scan.body_mass_g = settled.body_mass_g;
  scan.psf_fwhm_mm = context.request.psf_fwhm_mm;
  scan.calibration_relative_sd =
      context.request.calibration_relative_sd.value_or(scan.calibration_relative_sd);
  scan.whole_body = context.request.whole_body;
  scan.total_counts = facts.total_counts;
  scan.scanner_text = scanner_text(facts);
  scan.format = facts.format;
  scan.pixel_sha256 = series.pixel_sha256;
  for (auto& frame : series.frames) {
    scan.frames.push_back(
        bring_to_mid_time(context, std::move(frame), scan.reference, settled, scale));
    if (!(scan.frames.back().duration_s > 0)) {
      context.warnings.push_back(
          "the header holds no frame duration: times are those of the frame's start");
    }
  }
  return scan;
}

}  // namespace

void check_total_activity(Context& context, const records::Scan& scan) {
  if (!scan.injected_bq) return;
  double weighted = 0, weights = 0;
  for (const auto& frame : scan.frames) {
    const double weight = frame.duration_s > 0 ? frame.duration_s : 1.0;
    weighted += weight * total_bq(frame.concentration_bq_per_ml) * frame.to_administration;
    weights += weight;
  }
  const double held = weighted / weights, ratio = held / *scan.injected_bq;
  if (!std::isfinite(ratio))
    refuse("the image holds values that are no finite numbers; export it again");
  if (ratio > kMostOfInjected) {
    const char* cause =
        ratio > 100 ? "the dose was probably written in MBq where Bq belongs, or the unit of the "
                      "image is wrong"
                    : "several animals in the field of view, the activity of another injection, or "
                      "a wrong unit or calibration";
    refuse(
        "injected activity: the image holds {}, decay-corrected to the administration, {:.3g} "
        "times the {} injected "
        "({}); correct injected activity and its unit in the study file with [[override]] field = "
        "\"injected_activity\"{}",
        activity_text(held), ratio, activity_text(*scan.injected_bq), cause,
        ratio <= 100 ? ", or choose one animal with crop" : "");
  }
  if (scan.whole_body && ratio < kLeastOfWholeBody) {
    context.warnings.push_back(
        fmt::format("the image holds {:.2g} of the injected activity, decay-corrected to the "
                    "administration: check units and times",
                    ratio));
  }
}

records::Scan calibrate(records::ImageSeries&& series, const records::Study& study,
                        const records::ScanRequest& request, int scan_number,
                        std::optional<KnownNuclide> (*tabled)(const std::string& name),
                        const std::string& method_nuclide) {
  std::vector<std::string> warnings;
  try {
    Context context{series.facts, study, request, warnings, request.clock_offset_s};
    auto scan = settle(series, context, tabled, method_nuclide);
    check_total_activity(context, scan);
    scan.number = scan_number;
    // The reference keeps its own warnings beside it.
    scan.warnings = std::move(series.warnings);
    scan.warnings.insert(scan.warnings.end(), warnings.begin(), warnings.end());
    return scan;
  } catch (Error& e) {
    const std::string at =
        request.line > 0 && !study.file.empty()
            ? fmt::format("{}:{}: ", study.file.filename().string(), request.line)
            : "";
    throw e.within(fmt::format("{}scan[{}] ({})", at, scan_number, request.image_as_written));
  }
}

}  // namespace sojourn::measure
