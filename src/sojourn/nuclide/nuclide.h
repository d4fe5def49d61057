#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::nuclide {

/// One line or branch of a decay scheme, per decay of the parent.
struct Emission {
  std::string type;          ///< "beta+", "gamma", "annihilation", "auger", "conversion", "x"
  double energy_kev = 0;     ///< line energy; mean energy for a beta branch
  double end_point_kev = 0;  ///< beta branches only
  double intensity = 0;      ///< per decay
  double intensity_sd = 0;
};

struct Nuclide {
  std::string name;  ///< "Zr-89"
  double half_life_s = 0;
  double half_life_sd_s = 0;
  double positron_fraction = 0;  ///< positrons per decay
  double positron_fraction_sd = 0;
  std::vector<Emission> emissions;
  std::vector<std::string> citations;
};

/// "Zr-89", "89Zr", "zr89", "Zirconium-89" and "^89^Zirconium" (DICOM code meaning) -> "Zr-89";
/// nothing where the text is no nuclide name.
[[nodiscard]] std::optional<std::string> canonical_name(std::string_view text);

/// The row of data/nuclide. @throws Error(bad_input) for an unknown name, with the known ones.
[[nodiscard]] const Nuclide& find(std::string_view name);
/// The nuclides that the tables hold, sorted.
[[nodiscard]] std::vector<std::string> known();

}  // namespace sojourn::nuclide
