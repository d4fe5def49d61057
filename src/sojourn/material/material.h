#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/material/cross_sections.h"

namespace sojourn::material {

/// One element of a material.
struct Part {
  int number = 0;  ///< atomic number
  double mass_fraction = 0;
};

/// A row of data/material/materials_2026.
struct Material {
  std::string name;  ///< "water", "LSO"
  std::vector<std::string> aliases;
  double density_g_per_ml = 0;
  std::vector<Part> parts;  ///< mass fractions add up to one
  std::string citation, note;
};

/// By name or alias, any case. @throws Error(bad_input) for an unknown name, with the nearest.
[[nodiscard]] const Material& find(std::string_view name);
/// Names in the order of the table.
[[nodiscard]] std::vector<std::string> known();

/// "Lu1.8Y0.2SiO5" -> mass fractions. @throws Error(bad_input) where it is no formula.
[[nodiscard]] std::vector<Part> parts_of_formula(const std::string& formula);
/// "Ca" -> 20; 0 where there is none.
[[nodiscard]] int number_of_symbol(const std::string& symbol);

/// Sum over the elements by mass fraction, cm2/g. @param energy_kev 1 keV to 3 MeV.
[[nodiscard]] MassAttenuation mass_attenuation(const Material& material, double energy_kev);

/// Linear attenuation coefficient with coherent scattering (narrow beam), 1/mm.
[[nodiscard]] double attenuation_per_mm(const Material& material, double energy_kev);

/// S(x) and F^2(x) of the material's atoms, each scattering alone, per g/mol:
/// sum over elements of mass fraction / molar mass * S or F^2. Molecular interference is left out.
[[nodiscard]] double incoherent_per_g(const Material& material, double x);
[[nodiscard]] double form_square_per_g(const Material& material, double x);

}  // namespace sojourn::material
