#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/measure/settle.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/units/units.h"

namespace sojourn::measure {
namespace {

using records::DecayCorrection;
using units::kSecondsPerDay;

/// Clocks are written to the second: an order of two readings within it says nothing.
constexpr double kClockResolution_s = 1.0;
/// Activity changes below this do not matter beside any calibration.
constexpr double kRelevantActivity = 1e-3;

bool matters(double a_utc_s, double b_utc_s, double half_life_s) {
  const double apart = std::abs(a_utc_s - b_utc_s);
  return apart > kClockResolution_s &&
         std::abs(nuclide::decay_factor(-apart, half_life_s) - 1) > kRelevantActivity;
}

/// Estimate (d) of one slice: the frame reference time is the offset of the mean-activity time from
/// the decay reference, so t_r = start + t_mean - frame reference time. Without one, the decay
/// factor tells how far the start lies after the reference: 2^((start - t_r) / T1/2).
std::optional<double> slice_reference_local_s(const records::SliceTiming& slice,
                                              double half_life_s) {
  if (!slice.start_local_s) return std::nullopt;
  if (slice.frame_reference_s && slice.duration_s) {
    return *slice.start_local_s + nuclide::mean_activity_time_s(*slice.duration_s, half_life_s) -
           *slice.frame_reference_s;
  }
  if (slice.decay_factor && *slice.decay_factor > 0) {
    return *slice.start_local_s - std::log2(*slice.decay_factor) * half_life_s;
  }
  return std::nullopt;
}

struct Estimate {
  std::optional<double> local_s;  ///< median of the slices
  double spread_s = 0;
};

Estimate by_slices(const records::ImageSeries& series, double half_life_s) {
  std::vector<double> all;
  for (const auto& frame : series.frames) {
    for (const auto& slice : frame.slices) {
      if (const auto one = slice_reference_local_s(slice, half_life_s)) all.push_back(*one);
    }
  }
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  return {all[all.size() / 2], all.back() - all.front()};
}

/// A private date that is more than a day from Series Date was shifted apart from it by
/// de-identification.
bool near_series_date(double private_local_s, const records::HeaderFacts& facts,
                      std::optional<double> earliest) {
  std::optional<double> day = facts.series_date_local_s;
  if (!day && facts.series_local_s)
    day = std::floor(*facts.series_local_s / kSecondsPerDay) * kSecondsPerDay;
  if (!day && earliest) day = std::floor(*earliest / kSecondsPerDay) * kSecondsPerDay;
  if (!day) return true;
  const double from_noon = std::abs(private_local_s - (*day + 0.5 * kSecondsPerDay));
  return from_noon <= 1.5 * kSecondsPerDay;  // the day itself, the one before and the one after
}

/// Rules (a) to (d) for values corrected to the start of the scan, on the scanner's clock.
double scan_start_local_s(const records::ImageSeries& series, const Estimate& slices,
                          std::optional<double> earliest, records::ReferenceTime& answer) {
  const auto& facts = series.facts;
  const std::string private_name = facts.private_reference_name.empty()
                                       ? "private reference time"
                                       : facts.private_reference_name;
  if (facts.private_reference_local_s) {
    if (near_series_date(*facts.private_reference_local_s, facts, earliest)) {
      answer.rule = private_name;
      return *facts.private_reference_local_s;
    }
    answer.warnings.push_back(
        fmt::format("{} lies more than a day from Series Date (dates shifted apart by "
                    "de-identification): not used",
                    private_name));
  }
  if (facts.series_local_s &&
      (!earliest || *facts.series_local_s <= *earliest + kClockResolution_s)) {
    answer.rule = "series date and time";
    return *facts.series_local_s;
  }
  if (slices.local_s) {
    answer.rule = "back-computed from the slices";
    return *slices.local_s;
  }
  if (earliest) {
    answer.rule = "earliest acquisition time";
    answer.warnings.push_back(
        "the decay reference is taken as the earliest acquisition time: Series Time is missing or "
        "later, and the "
        "slices hold neither frame reference time nor decay factor");
    return *earliest;
  }
  refuse(
      "the values are decay-corrected to the start of the scan, but the header holds no time at "
      "all; "
      "state time = \"2026-03-02T14:15:00Z\" in the scan block");
}

void warn_about_spread(const Estimate& slices, double half_life_s, records::ReferenceTime& answer) {
  if (slices.local_s && matters(0, slices.spread_s, half_life_s)) {
    answer.warnings.push_back(
        fmt::format("decay reference times back-computed slice by slice differ by {:.0f} s among "
                    "themselves (acquisition times or "
                    "frame reference times are not those of each bed position)",
                    slices.spread_s));
  }
}

void warn_about_disagreement(const records::ReferenceTime& r, double half_life_s,
                             std::vector<std::string>& warnings) {
  const auto compare = [&](const std::optional<double>& other, const char* name) {
    if (!other || !matters(*r.utc_s, *other, half_life_s)) return;
    const double change = 100 * (nuclide::decay_factor(*other - *r.utc_s, half_life_s) - 1);
    warnings.push_back(
        fmt::format("decay reference {} ({}) and the estimate by {} ({}) are {:.0f} s apart: "
                    "{:+.1f} % of activity; the first is used",
                    core::format_iso(*r.utc_s), r.rule, name, core::format_iso(*other),
                    std::abs(*other - *r.utc_s), change));
  };
  compare(r.by_series_utc_s, "series date and time");
  compare(r.by_slices_utc_s, "the slices");
}

}  // namespace

std::optional<double> earliest_start_local_s(const records::ImageSeries& series) {
  std::optional<double> earliest;
  for (const auto& frame : series.frames) {
    for (const auto& slice : frame.slices) {
      if (slice.start_local_s)
        earliest = std::min(earliest.value_or(*slice.start_local_s), *slice.start_local_s);
    }
  }
  return earliest;
}

records::ReferenceTime decay_reference(const records::ImageSeries& series, int zone_min,
                                       double clock_offset_s, double half_life_s,
                                       std::optional<double> administered_utc_s) {
  const auto& facts = series.facts;
  const int zone = facts.zone_min.value_or(zone_min);
  const auto to_utc = [&](double local_s) { return local_s - 60.0 * zone + clock_offset_s; };
  records::ReferenceTime answer;
  const auto slices = by_slices(series, half_life_s);
  if (facts.series_local_s) answer.by_series_utc_s = to_utc(*facts.series_local_s);
  if (slices.local_s) answer.by_slices_utc_s = to_utc(*slices.local_s);
  switch (facts.decay_correction) {
    case DecayCorrection::none:
      answer.rule = "no decay correction: every slice at its own time";
      return answer;
    case DecayCorrection::administration:
      if (!administered_utc_s) {
        refuse(
            "the values are decay-corrected to the administration, whose time is not known; state "
            "injected_at");
      }
      answer.utc_s = administered_utc_s;
      answer.rule = "administration";
      return answer;
    case DecayCorrection::stated_time:
      if (!facts.decay_reference_local_s) {
        refuse(
            "the values are decay-corrected to a time that the header does not state; "
            "state decay_corrected_to in the scan block");
      }
      answer.utc_s = to_utc(*facts.decay_reference_local_s);
      answer.rule = "stated time";
      return answer;
    case DecayCorrection::unknown:
      refuse(
          "the header does not say whether the values are decay-corrected; state "
          "decay_corrected_to = \"none\", "
          "\"scan-start\", \"administration\" or a time in the scan block");
    case DecayCorrection::scan_start:
      break;
  }
  answer.utc_s = to_utc(scan_start_local_s(series, slices, earliest_start_local_s(series), answer));
  warn_about_spread(slices, half_life_s, answer);
  warn_about_disagreement(answer, half_life_s, answer.warnings);
  return answer;
}

}  // namespace sojourn::measure
