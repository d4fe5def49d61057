#pragma once
#include <optional>
#include <string>

/// Usual subjects by species: the tables of data/plan/subjects_2026.
namespace sojourn::fate {

struct SubjectDefaults {
  double body_mass_g = 0, object_diameter_mm = 0;
  double blood_fraction = 0;  ///< mL per g
};

/// @throws Error(bad_input) for a species without a row.
[[nodiscard]] const SubjectDefaults& subject_defaults(const std::string& species);

/// Mass of an organ over the body's; none for organs without a row.
[[nodiscard]] std::optional<double> organ_fraction(const std::string& species,
                                                   const std::string& organ);

}  // namespace sojourn::fate
