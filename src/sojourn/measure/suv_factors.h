#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/records/series.h"

namespace sojourn::measure {

/// What an SUV is normalised with: SUV = concentration (Bq/mL) · normaliser / injected activity
/// (Bq).
/// @return g for the mass types (body, lean, ideal), cm² for suv_bsa.
/// @param body_mass_g > 0; @param height_m needed by all but suv_bw.
/// @param sex "M" or "F"; "O" takes the mean of both formulas, with a warning; needed by the lean
/// and ideal masses.
/// @throws Error(bad_input) naming what is missing.
/// @source James, Research on Obesity, HMSO 1976 (128 for men); Janmahasatian et al., Clin
/// Pharmacokinet
///         2005;44:1051-1065; Sugawara et al., Radiology 1999;213:521-525 (ideal weight); Du Bois
///         and Du Bois, Arch Intern Med 1916;17:863-871 (surface). Mean for sex "O": IBSI SUV
///         manual, Vacha et al. 2026.
[[nodiscard]] double suv_normaliser(records::PixelUnit unit, double body_mass_g,
                                    std::optional<double> height_m,
                                    const std::optional<std::string>& sex,
                                    std::vector<std::string>& warnings);

}  // namespace sojourn::measure
