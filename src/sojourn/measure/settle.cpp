#include "sojourn/measure/settle.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/records/species.h"

namespace sojourn::measure {

const records::Override* Context::overridden(const std::string& field) const {
  for (const auto& one : study.overrides) {
    if (one.field == field) return &one;
  }
  return nullptr;
}

std::string Context::zone_hint() const {
  if (facts.zone_min) return "";
  return " by the study file's timezone, as the header states none";
}

void Context::contradiction(const std::string& field, const std::string& what,
                            const std::string& study_value, const std::string& header_value) {
  if (const auto* settled = overridden(field)) {
    warnings.push_back(fmt::format("{}: the header says {}, overridden by {} (reason: {})", what,
                                   header_value, study_value, settled->reason));
    return;
  }
  refuse(
      "{}: {} against {} in the header (they contradict each other); correct the study file, or "
      "add [[override]] with "
      "field = \"{}\" and a reason to let it win",
      what, study_value, header_value, field);
}

std::string activity_text(double bq) {
  constexpr std::array<std::pair<double, const char*>, 4> kSteps{
      {{1e9, "GBq"}, {1e6, "MBq"}, {1e3, "kBq"}, {1.0, "Bq"}}};
  for (const auto& [step, unit] : kSteps) {
    if (std::abs(bq) >= step) return fmt::format("{:.4g} {}", bq / step, unit);
  }
  return fmt::format("{:.4g} Bq", bq);
}

std::string mass_text(double g) {
  if (g >= 1e7) return fmt::format("{:.0f} kg", g / 1000);  // no 7e+04
  return g >= 1000 ? fmt::format("{:.4g} kg", g / 1000) : fmt::format("{:.4g} g", g);
}

std::optional<double> settle_body_mass(Context& context) {
  auto header_g = context.facts.body_mass_g;
  if (header_g && !(*header_g > 0)) header_g.reset();  // zero stands for "not entered"
  const auto& subject = context.study.subject;
  const auto& study_g = subject.body_mass_g;
  if (!header_g) return study_g;
  if (study_g) {
    if (std::abs(*header_g / *study_g - 1) <= kValueTolerance) return study_g;
    if (std::abs(*header_g / 1000 / *study_g - 1) <= kValueTolerance) {
      context.warnings.push_back(
          fmt::format("body mass: the header says {}, which is the study's {} written in grams "
                      "into a field of kilograms; the "
                      "study's is used",
                      mass_text(*header_g), mass_text(*study_g)));
      context.facts.body_mass_g = study_g;
      return study_g;
    }
    context.contradiction("body_mass", "body mass", mass_text(*study_g), mass_text(*header_g));
    return study_g;
  }
  if (subject.species.empty()) return header_g;
  const auto range_g = records::plausible_mass_g(subject.species);
  const auto fits = [&](double g) { return g >= range_g[0] && g <= range_g[1]; };
  if (fits(*header_g)) return header_g;
  if (fits(*header_g / 1000)) {
    refuse(
        "body mass: the header says {} for a {} (grams were probably written into the field of "
        "kilograms); "
        "state subject.body_mass = \"{}\"",
        mass_text(*header_g), subject.species, mass_text(*header_g / 1000));
  }
  refuse("body mass: the header says {} for a {} ({} to {} are plausible); state subject.body_mass",
         mass_text(*header_g), subject.species, mass_text(range_g[0]), mass_text(range_g[1]));
}

}  // namespace sojourn::measure
