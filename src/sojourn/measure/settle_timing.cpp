#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/measure/settle.h"

namespace sojourn::measure {
namespace {

using records::DecayCorrection;

void settle_durations(Context& context, records::ImageSeries& series) {
  const auto& stated = context.request.frame_duration_s;
  if (stated.empty()) return;
  if (stated.size() != 1 && stated.size() != series.frames.size()) {
    refuse(
        "frame_duration holds {} values and the image {} frames; give one value, or one for each "
        "frame",
        stated.size(), series.frames.size());
  }
  bool told = false;
  for (std::size_t f = 0; f < series.frames.size(); ++f) {
    const double duration_s = stated[stated.size() == 1 ? 0 : f];
    for (auto& slice : series.frames[f].slices) {
      const bool differs =
          slice.duration_s && *slice.duration_s > 0 &&
          std::abs(*slice.duration_s - duration_s) > std::max(1.0, kValueTolerance * duration_s);
      if (differs && !told) {
        context.contradiction("scan_time", "frame duration", fmt::format("{:g} s", duration_s),
                              fmt::format("{:g} s", *slice.duration_s));
        told = true;
      }
      if (differs || !slice.duration_s || !(*slice.duration_s > 0)) slice.duration_s = duration_s;
    }
  }
}

/// Starts for frames that state none: one after the other from `first_local_s`.
void lay_frames(records::ImageSeries& series, double first_local_s) {
  double start = first_local_s;
  for (auto& frame : series.frames) {
    double longest = 0;
    for (auto& slice : frame.slices) {
      slice.start_local_s = start;
      longest = std::max(longest, slice.duration_s.value_or(0));
    }
    if (series.frames.size() > 1 && !(longest > 0)) {
      refuse(
          "the header holds no frame times, and a series of {} frames cannot be laid out without "
          "durations; "
          "state frame_duration in the scan block",
          series.frames.size());
    }
    start += longest;
  }
}

/// Where the undated time zero of the file lies on the scanner's clock.
double time_zero_local_s(Context& context) {
  const auto& facts = context.facts;
  if (const auto& time = context.request.time_utc_s) {
    return context.to_local(*time) -
           facts.scan_start_relative_s.value_or(facts.frame_starts_relative_s.front());
  }
  const auto& all = context.study.administrations;
  const auto given = std::find_if(all.begin(), all.end(), [&](const auto& a) {
    return context.request.tracer.empty() || a.id == context.request.tracer;
  });
  if (facts.injection_relative_s && given != all.end() && given->given_at_utc_s) {
    return context.to_local(*given->given_at_utc_s) - *facts.injection_relative_s;
  }
  if (!context.study.infusions.empty() || !facts.injection_relative_s) {
    refuse(
        "the file states its times from a zero without a date; state time = "
        "\"2026-03-02T14:15:00Z\" (start of the scan) in the scan block");
  }
  context.warnings.push_back(
      "the file states its times from a zero without a date: intervals are right, dates stand at "
      "1970-01-01");
  return facts.time_zero_of_day_s.value_or(0);
}

/// Readings from an undated zero become clock readings.
void date_relative_times(Context& context, records::ImageSeries& series) {
  auto& facts = context.facts;
  if (facts.frame_starts_relative_s.empty() || earliest_start_local_s(series)) return;
  if (facts.frame_starts_relative_s.size() != series.frames.size()) {
    refuse("the file states {} frame starts for {} frames; correct its sidecar",
           facts.frame_starts_relative_s.size(), series.frames.size());
  }
  const double zero_s = time_zero_local_s(context);
  for (std::size_t f = 0; f < series.frames.size(); ++f) {
    for (auto& slice : series.frames[f].slices) {
      slice.start_local_s = zero_s + facts.frame_starts_relative_s[f];
    }
  }
  if (facts.scan_start_relative_s) facts.series_local_s = zero_s + *facts.scan_start_relative_s;
  if (facts.decay_reference_relative_s) {
    facts.decay_reference_local_s = zero_s + *facts.decay_reference_relative_s;
  }
  // The time of injection is read without the clock's offset, which these readings already hold.
  if (facts.injection_relative_s) {
    facts.injection_local_s = zero_s + *facts.injection_relative_s + context.clock_offset_s;
  }
}

void settle_starts(Context& context, records::ImageSeries& series) {
  date_relative_times(context, series);
  const auto& stated_utc_s = context.request.time_utc_s;
  const auto earliest = earliest_start_local_s(series);
  if (earliest && stated_utc_s) {
    const double shift = *stated_utc_s - context.to_utc(*earliest);
    if (std::abs(shift) > kTimeTolerance_s) {
      context.contradiction("scan_time", "start of the scan", core::format_iso(*stated_utc_s),
                            core::format_iso(context.to_utc(*earliest)) + context.zone_hint());
      context.clock_offset_s += shift;  // every reading of the scanner's clock moves with it
    }
    return;
  }
  if (earliest) return;
  if (stated_utc_s) {
    lay_frames(series, context.to_local(*stated_utc_s));
  } else if (context.facts.series_local_s) {
    lay_frames(series, *context.facts.series_local_s);
    context.warnings.push_back(
        "the header holds no acquisition time: the series time stands for the start of the scan");
  } else {
    refuse(
        "the header holds no time of the scan; state time = \"2026-03-02T14:15:00Z\" in the scan "
        "block");
  }
}

std::string correction_name(DecayCorrection correction) {
  switch (correction) {
    case DecayCorrection::none:
      return "none";
    case DecayCorrection::scan_start:
      return "scan-start";
    case DecayCorrection::administration:
      return "administration";
    case DecayCorrection::stated_time:
      return "a stated time";
    case DecayCorrection::unknown:
      break;
  }
  return "unknown";
}

void settle_correction(Context& context) {
  auto& facts = context.facts;
  const auto& stated = context.request.decay_corrected_to;
  if (stated) {
    auto wanted = DecayCorrection::stated_time;
    std::optional<double> reference;
    if (*stated == "none") {
      wanted = DecayCorrection::none;
    } else if (*stated == "scan-start") {
      wanted = DecayCorrection::scan_start;
    } else if (*stated == "administration") {
      wanted = DecayCorrection::administration;
    } else {
      const auto clock = core::parse_iso(*stated);
      if (!clock)
        refuse("decay_corrected_to \"{}\" is neither none, scan-start, administration nor a time",
               *stated);
      reference = context.to_local(clock->utc_s(context.study.zone_min));
    }
    const bool same =
        wanted == facts.decay_correction &&
        (!reference || (facts.decay_reference_local_s &&
                        std::abs(*reference - *facts.decay_reference_local_s) <= kTimeTolerance_s));
    if (!same && facts.decay_correction != DecayCorrection::unknown) {
      context.contradiction("decay_correction", "decay_corrected_to", *stated,
                            correction_name(facts.decay_correction));
    }
    facts.decay_correction = wanted;
    if (reference) facts.decay_reference_local_s = reference;
    return;
  }
  const auto& done = facts.corrections;
  if (facts.decay_correction == DecayCorrection::unknown &&
      std::find(done.begin(), done.end(), "DECY") != done.end()) {
    facts.decay_correction = DecayCorrection::scan_start;
    context.warnings.push_back(
        "the header lists a decay correction (DECY) without its reference: the start of the scan "
        "is assumed; "
        "state decay_corrected_to to settle it");
  }
}

}  // namespace

void settle_timing(Context& context, records::ImageSeries& series) {
  for (auto& frame : series.frames) {
    if (frame.slices.empty()) frame.slices.emplace_back();
  }
  settle_durations(context, series);
  settle_starts(context, series);
  settle_correction(context);
}

}  // namespace sojourn::measure
