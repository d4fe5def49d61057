#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::nuclide {

/// One line or branch of a decay scheme, per decay of the parent.
struct Emission {
  /// "beta-", "beta+", "gamma", "annihilation", "auger", "conversion", "x"
  std::string type;
  double energy_kev = 0;     ///< line energy; mean energy for a beta branch
  double end_point_kev = 0;  ///< beta branches only
  double intensity = 0;      ///< per decay
  double intensity_sd = 0;
  /// Beta branches: "allowed" (and non-unique forbidden), "first-forbidden-unique",
  /// "second-forbidden-unique".
  std::string shape;
};

/// "beta-", "beta+", "electron-capture" or "isomeric-transition", and its share of the decays.
struct DecayMode {
  std::string name;
  double fraction = 0;
};

struct Nuclide {
  std::string name;             ///< "Zr-89"
  std::string summary;          ///< one sentence for people
  std::string modality;         ///< "PET", "SPECT", "therapy", "counting", "detector background"
  std::string production;       ///< "cyclotron", "generator", "reactor", "natural"
  std::string production_note;  ///< reaction or parent
  std::vector<std::string> inventory;  ///< sections of the field's method inventory that name it
  double half_life_s = 0;
  double half_life_sd_s = 0;
  std::vector<DecayMode> decay_modes;  ///< fractions add up to one
  double positron_fraction = 0;        ///< positrons per decay
  double positron_fraction_sd = 0;
  double beta_minus_fraction = 0;  ///< share of beta- in decay_modes
  std::vector<Emission> emissions;
  std::vector<std::string> citations;
};

/// "Zr-89", "89Zr", "zr89", "Zirconium-89" and "^89^Zirconium" (DICOM code meaning) -> "Zr-89";
/// nothing where the text is no nuclide name.
[[nodiscard]] std::optional<std::string> canonical_name(std::string_view text);

/// The row of data/catalogue/nuclides. @throws Error(bad_input) for an unknown name, with the known
/// ones.
[[nodiscard]] const Nuclide& find(std::string_view name);
/// The nuclides that the tables hold, sorted.
[[nodiscard]] std::vector<std::string> known();

/// Photons (gamma, X, annihilation) per decay with low_kev <= energy < high_kev: what an energy
/// window of a gamma camera may see. Lines under 1e-4 per decay are not in the tables.
[[nodiscard]] double yield_in_window(const Nuclide& nuclide, double low_kev, double high_kev);

/// Mean energy per decay of all emissions of `type` ("gamma", "beta+" …): sum of energy times
/// intensity.
[[nodiscard]] double energy_per_decay_kev(const Nuclide& nuclide, std::string_view type);

}  // namespace sojourn::nuclide
