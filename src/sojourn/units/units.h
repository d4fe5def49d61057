#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sojourn/core/table_reader.h"

namespace sojourn::units {

/// What a quantity measures. Each has one native unit and a whitelist of names: UDUNITS alone would
/// take Bq for Hz and Gy for Sv.
enum class Dimension {
  activity,                     ///< native Bq
  mass,                         ///< native g
  time,                         ///< native s
  length,                       ///< native mm
  volume,                       ///< native mL
  concentration,                ///< native Bq/mL
  rate,                         ///< native 1/s
  energy,                       ///< native keV
  dose,                         ///< native Gy
  inverse_length,               ///< native 1/mm
  molar_mass,                   ///< native g/mol
  molar_concentration,          ///< native nM
  molar_activity,               ///< native Bq/mol
  effective_dose_per_activity,  ///< native mSv/MBq
  absorbed_dose_per_activity,   ///< native mGy/MBq
  sensitivity,                  ///< native cps/Bq
  magnetic_field                ///< native T
};

/// "Bq", "g", "s"… as columns and messages print it.
[[nodiscard]] std::string native_unit(Dimension dimension);
/// The accepted names, for messages and the manual.
[[nodiscard]] std::span<const std::string> accepted_units(Dimension dimension);

/// Reads "0.26 MBq" into the native unit. A number without a unit is refused.
/// @throws Error(bad_input): not a number, unknown unit, a unit of another dimension, not finite.
[[nodiscard]] double parse(std::string_view text, Dimension dimension);

/// The factor from a named unit to the native one ("kBq" -> 1000).
[[nodiscard]] double factor(std::string_view unit, Dimension dimension);

/// A field of a study file or catalogue row; errors name file, line and field.
[[nodiscard]] std::optional<double> quantity(core::TableReader& table, const std::string& key,
                                             Dimension dimension);
/// An array of quantities: ["1.4 mm", "1.4 mm", "1.6 mm"], or one string.
[[nodiscard]] std::vector<double> quantities(core::TableReader& table, const std::string& key,
                                             Dimension dimension);

inline constexpr double kSecondsPerHour = 3600.0;
inline constexpr double kSecondsPerDay = 86400.0;
inline constexpr double kMm3PerMl = 1000.0;
/// exp(-x^2 / 2 s^2) has FWHM = 2 sqrt(2 ln 2) s.
inline constexpr double kFwhmPerSigma = 2.3548200450309493;

}  // namespace sojourn::units
