#include <algorithm>
#include <cmath>

#include "sojourn/core/time.h"
#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

using units::kSecondsPerDay;

/// Between a dose calibrator and the injection; over it, a date is wrong.
constexpr double kLongestInSyringe_s = 3 * kSecondsPerDay;
/// A dynamic scan may start a little before its injection.
constexpr double kScanBeforeInjection_s = 600;
constexpr double kClockSlack_s = 60;

void check_administration(const core::TableReader& top, const records::Administration& given) {
  if (!given.given_at_utc_s) return;
  const std::string key = given.id == "label" ? "label" : "tracer";
  const double at = *given.given_at_utc_s;
  if (given.measured_at_utc_s && std::abs(at - *given.measured_at_utc_s) > kLongestInSyringe_s) {
    top.fail(key, fmt::format("activity measured at {}, given at {}: {:.1f} days apart; correct "
                              "measured_at or {}",
                              core::format_iso(*given.measured_at_utc_s), core::format_iso(at),
                              std::abs(at - *given.measured_at_utc_s) / kSecondsPerDay,
                              given.id == "label" ? "infused_at" : "injected_at"));
  }
  if (given.residual_measured_at_utc_s && *given.residual_measured_at_utc_s < at - kClockSlack_s) {
    top.fail(key,
             fmt::format("the residual was measured at {}, before the activity was given at {} "
                         "(what is left is known only afterwards); correct "
                         "residual_measured_at or {}",
                         core::format_iso(*given.residual_measured_at_utc_s), core::format_iso(at),
                         given.id == "label" ? "infused_at" : "injected_at"));
  }
}

}  // namespace

void check_order(const core::TableReader& top, ParsedStudy& parsed) {
  auto& study = parsed.study;
  for (const auto& given : study.administrations) check_administration(top, given);
  for (const auto& infusion : study.infusions) {
    if (infusion.viability_at_utc_s &&
        std::abs(infusion.infused_at_utc_s - *infusion.viability_at_utc_s) > kLongestInSyringe_s) {
      top.fail(
          "infusion",
          fmt::format(
              "viability measured at {}, cells infused at {}: days apart; correct viability_at",
              core::format_iso(*infusion.viability_at_utc_s),
              core::format_iso(infusion.infused_at_utc_s)));
    }
  }
  int number = 0;
  for (const auto& scan : study.scans) {
    ++number;
    if (!scan.time_utc_s) continue;
    const auto given =
        std::find_if(study.administrations.begin(), study.administrations.end(),
                     [&](const auto& a) { return scan.tracer.empty() || a.id == scan.tracer; });
    if (given == study.administrations.end() || !given->given_at_utc_s) continue;
    if (*scan.time_utc_s < *given->given_at_utc_s - kScanBeforeInjection_s) {
      throw Error(ErrorCode::bad_input,
                  fmt::format("{}:{}: scan[{}].time: {} is before \"{}\" was given at {} (nothing "
                              "of it to see yet); correct "
                              "the time, or leave the scan out",
                              top.source(), scan.line, number, core::format_iso(*scan.time_utc_s),
                              given->id, core::format_iso(*given->given_at_utc_s)));
    }
  }
}

}  // namespace sojourn::study
