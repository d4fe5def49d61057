#include "sojourn/measure/suv_factors.h"

#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::measure {
namespace {

using records::PixelUnit;

/// kg from kg and cm. @source James 1976; 128 is the printed coefficient for men (120 is a misprint
/// that spread).
double lean_james_kg(double kg, double cm, bool male) {
  const double squared = (kg / cm) * (kg / cm);
  return male ? 1.10 * kg - 128.0 * squared : 1.07 * kg - 148.0 * squared;
}

/// @source Janmahasatian et al. 2005: 9270 W / (6680 + 216 BMI) for men, 9270 W / (8780 + 244 BMI)
/// for women.
double lean_janmahasatian_kg(double kg, double cm, bool male) {
  const double bmi = kg / (cm * cm * 1e-4);
  return 9270.0 * kg / (male ? 6680.0 + 216.0 * bmi : 8780.0 + 244.0 * bmi);
}

/// @source Sugawara et al. 1999; not clamped at the body mass, as the IBSI manual has it.
double ideal_kg(double cm, bool male) {
  return male ? 48.0 + 1.06 * (cm - 152.0) : 45.5 + 0.91 * (cm - 152.0);
}

double mass_kg(PixelUnit unit, double kg, double cm, bool male) {
  switch (unit) {
    case PixelUnit::suv_lbm_james128:
      return lean_james_kg(kg, cm, male);
    case PixelUnit::suv_lbm_janma:
      return lean_janmahasatian_kg(kg, cm, male);
    default:
      return ideal_kg(cm, male);
  }
}

double sexed_mass_kg(PixelUnit unit, double kg, double cm, const std::optional<std::string>& sex,
                     std::vector<std::string>& warnings) {
  if (sex == "M" || sex == "F") return mass_kg(unit, kg, cm, sex == "M");
  if (sex == "O") {
    warnings.push_back(
        "the SUV in the image is normalised by a mass that depends on sex, and the header says "
        "\"other\": "
        "the mean of the formulas for men and women was taken back; state subject.sex to settle "
        "it");
    return 0.5 * (mass_kg(unit, kg, cm, true) + mass_kg(unit, kg, cm, false));
  }
  refuse(
      "the SUV in the image is normalised by a mass that depends on sex, which neither header nor "
      "study states; "
      "add subject.sex = \"M\" or \"F\", or export the series in BQML");
}

}  // namespace

double suv_normaliser(PixelUnit unit, double body_mass_g, std::optional<double> height_m,
                      const std::optional<std::string>& sex, std::vector<std::string>& warnings) {
  SOJOURN_EXPECT(body_mass_g > 0);
  if (unit == PixelUnit::suv_bw) return body_mass_g;
  if (!height_m || !(*height_m > 0)) {
    refuse(
        "the SUV in the image is normalised by lean or ideal mass or by body surface, which need "
        "the height that "
        "neither header nor study states; add subject.height, or export the series in BQML");
  }
  if (*height_m > 3) {
    refuse(
        "a height of {:g} m (the field holds metres; centimetres were probably written); state "
        "subject.height",
        *height_m);
  }
  const double kg = body_mass_g / 1000, cm = *height_m * 100;
  // Du Bois and Du Bois 1916: S [m2] = 0.007184 W^0.425 H^0.725; 1 m2 = 1e4 cm2.
  const double value = unit == PixelUnit::suv_bsa
                           ? 0.007184 * std::pow(kg, 0.425) * std::pow(cm, 0.725) * 1e4
                           : 1000 * sexed_mass_kg(unit, kg, cm, sex, warnings);
  if (!(value > 0)) {
    refuse(
        "the lean or ideal mass comes out as {:.3g} g for {:.3g} kg and {:.3g} cm (the formula "
        "does not hold "
        "there); correct the mass or height, or export the series in BQML",
        value, kg, cm);
  }
  return value;
}

}  // namespace sojourn::measure
