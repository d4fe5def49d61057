#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/measure/settle.h"
#include "sojourn/measure/suv_factors.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/units/units.h"

namespace sojourn::measure {
namespace {

using records::PixelUnit;

/// Two factors of one header that should say the same may differ by their printed digits.
constexpr double kPhilipsAgreement = 0.02;

bool is_suv(PixelUnit unit) {
  return unit == PixelUnit::suv_bw || unit == PixelUnit::suv_lbm_james128 ||
         unit == PixelUnit::suv_lbm_janma || unit == PixelUnit::suv_ibw ||
         unit == PixelUnit::suv_bsa;
}

std::string unit_name(const records::HeaderFacts& facts) {
  if (facts.unit_text.empty() && facts.unit == PixelUnit::counts) return "counts";
  return facts.unit_text.empty() ? std::string("no unit") : "\"" + facts.unit_text + "\"";
}

/// Bq/mL for one SUV: the scanner divided by the dose left at the reference and multiplied by its
/// normaliser.
double from_suv(Context& context, PixelUnit unit, const Settled& settled, double reference_utc_s) {
  if (!settled.scanner_dose_bq || !settled.scanner_mass_g) {
    refuse(
        "the image holds SUV, and to take it back to Bq/mL needs the {} that neither header nor "
        "study states; "
        "add {}, or export the series in BQML",
        settled.scanner_dose_bq ? "body mass" : "injected activity",
        settled.scanner_dose_bq ? "subject.body_mass"
                                : "activity and measured_at to its [[tracer]]");
  }
  const auto& subject = context.study.subject;
  auto height_m = context.facts.height_m;
  if (!height_m || !(*height_m > 0)) height_m = subject.height_m;
  auto sex = subject.sex;
  if (!sex) sex = context.facts.sex;
  const double left_bq = *settled.scanner_dose_bq *
                         nuclide::decay_factor(reference_utc_s - settled.scanner_administered_utc_s,
                                               settled.scanner_half_life_s);
  return left_bq / suv_normaliser(unit, *settled.scanner_mass_g, height_m, sex, context.warnings);
}

std::optional<double> usable(const std::optional<double>& factor) {
  return factor && std::isfinite(*factor) && *factor > 0 ? factor : std::nullopt;
}

/// Philips stores counts with two private factors beside: to SUV, and to Bq/mL.
std::optional<double> philips_scale(Context& context, const Settled& settled,
                                    double reference_utc_s) {
  const auto suv = usable(context.facts.philips_suv_factor);
  const auto activity = usable(context.facts.philips_activity_factor);
  if (!suv) return activity;
  if (activity && (!settled.scanner_dose_bq || !settled.scanner_mass_g)) return activity;
  const double scale = *suv * from_suv(context, PixelUnit::suv_bw, settled, reference_utc_s);
  if (activity && std::abs(scale / *activity - 1) > kPhilipsAgreement) {
    context.warnings.push_back(fmt::format(
        "the factors (7053,1000) and (7053,1009) disagree by {:.1f} %; the first, to SUV, is used",
        100 * (*activity / scale - 1)));
  }
  return scale;
}

/// A calibration of counts holds for one frame length only.
void need_equal_frames(const records::ImageSeries& series) {
  double shortest = 0, longest = 0;
  for (const auto& frame : series.frames) {
    for (const auto& slice : frame.slices) {
      if (!slice.duration_s) continue;
      shortest = shortest == 0 ? *slice.duration_s : std::min(shortest, *slice.duration_s);
      longest = std::max(longest, *slice.duration_s);
    }
  }
  if (longest > shortest * 1.001) {
    refuse(
        "calibration: the image holds counts in frames of {:g} s to {:g} s, and one factor to "
        "Bq/mL cannot fit them; "
        "export the frames as a rate, or as series of their own",
        shortest, longest);
  }
}

double from_calibration(Context& context, const records::ImageSeries& series) {
  const auto& facts = context.facts;
  const double calibration = *context.request.calibration;
  if (facts.unit == PixelUnit::bq_per_ml || is_suv(facts.unit)) {
    context.contradiction("units", "calibration",
                          fmt::format("{:g} Bq/mL per stored unit", calibration), unit_name(facts));
  }
  if (facts.unit == PixelUnit::counts || context.request.units == "counts")
    need_equal_frames(series);
  return calibration;
}

std::optional<double> concentration_factor(const std::string& unit) {
  const auto known = units::accepted_units(units::Dimension::concentration);
  if (std::find(known.begin(), known.end(), unit) == known.end()) return std::nullopt;
  return units::factor(unit, units::Dimension::concentration);
}

/// The study's `units`: what the stored numbers are where the header is silent or overridden.
double from_stated_units(Context& context, const Settled& settled, double reference_utc_s) {
  const auto& facts = context.facts;
  const std::string& stated = *context.request.units;
  const auto factor = concentration_factor(stated);
  const bool same = (stated == "SUV" && is_suv(facts.unit)) ||
                    (factor == 1.0 && facts.unit == PixelUnit::bq_per_ml) ||
                    (stated == "counts" && facts.unit == PixelUnit::counts) ||
                    (stated == "cps" && facts.unit == PixelUnit::counts_per_second);
  if (!same && facts.unit != PixelUnit::unknown) {
    context.contradiction("units", "units", "\"" + stated + "\"", unit_name(facts));
  }
  if (factor) return *factor;
  if (stated == "SUV") {
    return from_suv(context, is_suv(facts.unit) ? facts.unit : PixelUnit::suv_bw, settled,
                    reference_utc_s);
  }
  if (same) {
    if (const auto philips = philips_scale(context, settled, reference_utc_s)) return *philips;
  }
  refuse(
      "units are \"{}\", which needs a factor to activity; add calibration = (Bq/mL for each "
      "stored unit) to the "
      "scan block",
      stated);
}

[[noreturn]] void no_way_to_activity(const records::HeaderFacts& facts) {
  refuse(
      "the image holds {} and nothing that leads from there to Bq/mL; export the series in BQML, "
      "or add "
      "{}calibration = (Bq/mL for each stored unit) to the scan block",
      unit_name(facts), facts.unit == PixelUnit::unknown ? "units = \"Bq/mL\" or " : "");
}

double from_header(Context& context, const Settled& settled, double reference_utc_s) {
  const auto& facts = context.facts;
  if (facts.unit == PixelUnit::bq_per_ml) return 1.0;
  if (is_suv(facts.unit)) return from_suv(context, facts.unit, settled, reference_utc_s);
  if (facts.unit == PixelUnit::counts) {
    if (const auto philips = philips_scale(context, settled, reference_utc_s)) return *philips;
  }
  if (facts.unit == PixelUnit::counts_per_second) {
    if (const auto factor = usable(facts.calibration_factor)) {
      context.warnings.push_back(
          fmt::format("the image holds counts per second; the header's dose calibration factor "
                      "{:g} brings them to Bq/mL: check it "
                      "against a phantom",
                      *factor));
      return *factor;
    }
  }
  if (facts.unit == PixelUnit::unknown) {
    if (const auto factor = concentration_factor(facts.unit_text)) return *factor;
  }
  no_way_to_activity(facts);
}

}  // namespace

void require_unit(const Context& context) {
  const auto unit = context.facts.unit;
  if (unit == PixelUnit::hounsfield || context.facts.modality == "CT") {
    refuse(
        "the image is a CT, which shows no activity; name the PET or SPECT series as image and "
        "this one as anatomy");
  }
  if (unit == PixelUnit::proportional) {
    refuse(
        "the image holds {} (proportional to counts, without a factor to activity); export the "
        "attenuation- and "
        "decay-corrected series in BQML",
        unit_name(context.facts));
  }
  const auto& request = context.request;
  const bool stated =
      request.calibration || request.units || concentration_factor(context.facts.unit_text);
  const auto& facts = context.facts;
  const bool lost = unit == PixelUnit::unknown ||
                    (unit == PixelUnit::counts && !usable(facts.philips_suv_factor) &&
                     !usable(facts.philips_activity_factor)) ||
                    (unit == PixelUnit::counts_per_second && !usable(facts.calibration_factor));
  if (lost && !stated) no_way_to_activity(facts);
}

double activity_scale(Context& context, const records::ImageSeries& series, const Settled& settled,
                      double reference_utc_s) {
  if (context.request.calibration) return from_calibration(context, series);
  if (context.request.units) return from_stated_units(context, settled, reference_utc_s);
  return from_header(context, settled, reference_utc_s);
}

}  // namespace sojourn::measure
