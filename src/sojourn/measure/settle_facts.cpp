#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/measure/settle.h"
#include "sojourn/units/units.h"

namespace sojourn::measure {
namespace {

using units::kSecondsPerDay;
using units::kSecondsPerHour;

/// A dynamic scan may start a little before its injection.
constexpr double kScanBeforeInjection_s = 600;
/// After so many half-lives a millionth is left: the dates do not belong together.
constexpr double kMostHalfLives = 20;
/// Table and header half-lives: rounding below, a slip above, another nuclide beyond.
constexpr double kHalfLifeWarning = 0.01, kHalfLifeRefusal = 0.05;

const records::Administration* administration_of(const records::Study& study,
                                                 const std::string& tracer) {
  const auto& all = study.administrations;
  if (all.empty()) return nullptr;
  if (tracer.empty()) {
    if (all.size() == 1) return &all.front();
    refuse("tracer: the study has {} administrations; say which one this scan shows", all.size());
  }
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& a) { return a.id == tracer; });
  if (found == all.end())
    refuse("tracer: no [label] or [[tracer]] with id \"{}\" in the study file", tracer);
  return &*found;
}

void settle_nuclide(Context& context,
                    std::optional<KnownNuclide> (*tabled)(const std::string& name),
                    const std::string& method_nuclide, Settled& settled) {
  const auto& facts = context.facts;
  if (!facts.nuclide.empty() && !method_nuclide.empty() && facts.nuclide != method_nuclide) {
    refuse(
        "nuclide: the header says {}, the method {} shows {}; correct the method, or choose the "
        "image of this tracer",
        facts.nuclide, settled.given.method, method_nuclide);
  }
  settled.nuclide = method_nuclide.empty() ? facts.nuclide : method_nuclide;
  const auto row = settled.nuclide.empty() ? std::nullopt : tabled(settled.nuclide);
  auto header_s = facts.half_life_s;
  if (header_s && !(*header_s > 0)) header_s.reset();
  if (!row) {
    if (!header_s) {
      refuse("half-life: {} and the header states none; {}",
             settled.nuclide.empty() ? "the nuclide is not known"
                                     : settled.nuclide + " is not in the tables",
             settled.nuclide.empty()
                 ? "name the method of the tracer, or put the nuclide in the header"
                 : "put it in the header, in seconds (Radionuclide Half Life (0018,1075) of DICOM, "
                   "RadionuclideHalfLife of a BIDS sidecar)");
    }
    context.warnings.push_back(
        fmt::format("{} is not in the tables: the header's half-life of {:g} s is used",
                    settled.nuclide.empty() ? "the nuclide" : settled.nuclide, *header_s));
    settled.half_life_s = settled.scanner_half_life_s = *header_s;
    return;
  }
  settled.half_life_s = row->half_life_s;
  settled.scanner_half_life_s = header_s.value_or(row->half_life_s);
  const double apart = header_s ? std::abs(*header_s / row->half_life_s - 1) : 0;
  const auto table_text =
      fmt::format("{:g} s for {} by the tables", row->half_life_s, settled.nuclide);
  const auto header_text = fmt::format("{:g} s", header_s.value_or(0));
  if (apart > kHalfLifeRefusal) {
    context.contradiction("half_life", "half-life", table_text, header_text);
    settled.scanner_half_life_s = row->half_life_s;
  } else if (apart > kHalfLifeWarning) {
    context.warnings.push_back(
        fmt::format("half-life: {}, the header says {}; the scanner's own correction is undone "
                    "with the header's, everything else "
                    "uses the tables'",
                    table_text, header_text));
  }
}

/// A date of injection after the scan, or so long before that nothing would be left, is no date.
bool impossible(double delay_s, double half_life_s) {
  return delay_s < -kScanBeforeInjection_s || delay_s > kMostHalfLives * half_life_s;
}

/// Time of day of the header's injection, seconds since midnight: where it has no date, or an
/// impossible one.
std::optional<double> injection_time_of_day_s(Context& context, double half_life_s,
                                              std::optional<double> earliest_local_s,
                                              bool study_speaks) {
  const auto& facts = context.facts;
  if (!facts.injection_local_s) return facts.injection_time_only_s;
  if (!earliest_local_s || (half_life_s > kExplicitDateHalfLife_s && !study_speaks))
    return std::nullopt;
  const double delay_s = *earliest_local_s + context.clock_offset_s - *facts.injection_local_s;
  if (!impossible(delay_s, half_life_s)) return std::nullopt;
  context.warnings.push_back(
      fmt::format("injection time: the header dates it {:.1f} d {} the scan, which cannot be "
                  "(dates shifted apart by "
                  "de-identification, or a slip): its date is not used",
                  std::abs(delay_s) / kSecondsPerDay, delay_s < 0 ? "after" : "before"));
  const double local_s = *facts.injection_local_s;
  return local_s - std::floor(local_s / kSecondsPerDay) * kSecondsPerDay;
}

/// The header's time of injection, UTC; a reading without date is placed by the rules.
/// @param study_utc_s the study's time, which gives the missing date.
std::optional<double> header_injection_utc_s(Context& context, double half_life_s,
                                             std::optional<double> earliest_local_s,
                                             std::optional<double> study_utc_s) {
  const auto& facts = context.facts;
  // Not the scanner's clock: its offset does not apply.
  const auto to_utc = [&](double local_s) { return local_s - 60.0 * context.zone_min(); };
  const auto time_s =
      injection_time_of_day_s(context, half_life_s, earliest_local_s, study_utc_s.has_value());
  if (!time_s) {
    return facts.injection_local_s ? std::optional(to_utc(*facts.injection_local_s)) : std::nullopt;
  }
  if (study_utc_s)
    return *study_utc_s + std::remainder(to_utc(*time_s) - *study_utc_s, kSecondsPerDay);
  if (half_life_s > kExplicitDateHalfLife_s) {
    refuse(
        "injection time: the header holds a time without date, and with a half-life of {:.1f} h a "
        "guessed day would be "
        "wrong by {:.0f} % of activity; state injected_at with its date in the study file",
        half_life_s / kSecondsPerHour, 100 * (std::exp2(kSecondsPerDay / half_life_s) - 1));
  }
  std::optional<double> day = facts.series_date_local_s;
  if (!day && earliest_local_s)
    day = std::floor(*earliest_local_s / kSecondsPerDay) * kSecondsPerDay;
  if (!day) return std::nullopt;
  double local_s = *day + *time_s;
  const bool day_before = earliest_local_s && local_s > *earliest_local_s;
  if (day_before) local_s -= kSecondsPerDay;
  context.warnings.push_back(fmt::format(
      "injection time: the header holds no usable date; {} is assumed",
      day_before ? "the day before the series (its own date would put the injection after the scan)"
                 : "the date of the series"));
  return to_utc(local_s);
}

void settle_administration(Context& context, const records::ImageSeries& series, Settled& settled) {
  auto stated = settled.given.given_at_utc_s;
  if (!stated && settled.given.id == "label" && !context.study.infusions.empty()) {
    stated = context.study.infusions.front().infused_at_utc_s;
  }
  const auto earliest = earliest_start_local_s(series);
  const auto header = header_injection_utc_s(context, settled.half_life_s, earliest, stated);
  if (stated && header && std::abs(*stated - *header) > kTimeTolerance_s) {
    context.contradiction("injection_time", "time of injection", core::format_iso(*stated),
                          core::format_iso(*header) + context.zone_hint());
  }
  if (!stated && !header) {
    refuse(
        "injection time: neither the header nor the study file states it; add injected_at to a "
        "[[tracer]] "
        "(for labelled cells: infused_at in [[infusion]])");
  }
  settled.administered_utc_s = stated.value_or(header.value_or(0));
  // Beyond half a day it is the date that is wrong, and dates are shifted after the scanner did its
  // sums.
  const bool shifted =
      header && std::abs(*header - settled.administered_utc_s) > 0.5 * kSecondsPerDay;
  settled.scanner_administered_utc_s =
      shifted ? settled.administered_utc_s : header.value_or(settled.administered_utc_s);
  settled.given.given_at_utc_s = settled.administered_utc_s;
  settled.origin_utc_s = context.study.infusions.empty()
                             ? settled.administered_utc_s
                             : context.study.infusions.front().infused_at_utc_s;
  if (!earliest) return;
  const double delay_s = context.to_utc(*earliest) - settled.administered_utc_s;
  if (delay_s < -kScanBeforeInjection_s) {
    refuse(
        "the scan starts {:.2f} h before the injection ({} and {}; a date, a time zone or "
        "de-identification); "
        "state time, timezone or injected_at",
        -delay_s / kSecondsPerHour, core::format_iso(context.to_utc(*earliest)),
        core::format_iso(settled.administered_utc_s));
  }
  if (delay_s > kMostHalfLives * settled.half_life_s) {
    refuse(
        "the scan starts {:.1f} d after the injection ({:.0f} half-lives, nothing would be left; "
        "the dates were "
        "probably shifted apart by de-identification); state time or injected_at with the true "
        "interval",
        delay_s / kSecondsPerDay, delay_s / settled.half_life_s);
  }
}

void settle_activity(Context& context, Settled& settled) {
  auto header_bq = context.facts.injected_activity_bq;
  if (header_bq && !(*header_bq > kPlaceholderDose_bq)) {
    context.warnings.push_back(
        fmt::format("the header's injected activity of {:g} Bq is a placeholder: taken as missing",
                    *header_bq));
    header_bq.reset();
  }
  settled.scanner_dose_bq = header_bq;
  auto& given = settled.given;
  const bool study_speaks = given.activity_bq.has_value();
  if (!study_speaks && header_bq) {
    given.activity_bq = header_bq;  // as dispensed, at the header's time of injection
    given.measured_at_utc_s = settled.scanner_administered_utc_s;
  }
  settled.injected_bq =
      injected_activity_bq(given, settled.administered_utc_s, settled.half_life_s);
  if (study_speaks && header_bq) {
    // The header's dose may be net of the residual or not: it agrees if either does.
    auto gross = given;
    gross.residual_bq = gross.extravasated_bq = 0;
    const double syringe =
        *injected_activity_bq(gross, settled.administered_utc_s, settled.half_life_s);
    const auto agrees = [&](double bq) { return std::abs(*header_bq / bq - 1) <= kValueTolerance; };
    if (!agrees(syringe) && !agrees(*settled.injected_bq)) {
      context.contradiction("injected_activity", "injected activity",
                            fmt::format("{} ({} net of residual)", activity_text(syringe),
                                        activity_text(*settled.injected_bq)),
                            activity_text(*header_bq));
    }
  }
}

}  // namespace

Settled settle_facts(Context& context, const records::ImageSeries& series,
                     std::optional<KnownNuclide> (*tabled)(const std::string& name),
                     const std::string& method_nuclide) {
  Settled settled;
  if (const auto* given = administration_of(context.study, context.request.tracer)) {
    settled.given = *given;
  } else {
    settled.given.id = context.request.tracer.empty() ? "tracer" : context.request.tracer;
  }
  settle_nuclide(context, tabled, method_nuclide, settled);
  settle_administration(context, series, settled);
  settle_activity(context, settled);
  settled.body_mass_g = settle_body_mass(context);
  const auto header_g = context.facts.body_mass_g;
  settled.scanner_mass_g = header_g && *header_g > 0 ? header_g : settled.body_mass_g;
  if (!settled.scanner_dose_bq) settled.scanner_dose_bq = settled.injected_bq;
  return settled;
}

}  // namespace sojourn::measure
