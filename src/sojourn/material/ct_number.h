#pragma once
#include <string>
#include <vector>

/// CT numbers into what photons of other energies meet.
namespace sojourn::material {

/// mu(511 keV) by two straight lines that meet near 50 HU, 1/mm: below, a mixture of air and water;
/// above, of water and bone. @param tube_kv 80, 100, 110, 120, 130 or 140.
/// @throws Error(bad_input) for another tube voltage.
/// @source Carney et al., Med Phys 2006;33:976.
[[nodiscard]] double attenuation_511_per_mm(double ct_number_hu, double tube_kv = 120);

/// @source Schneider et al., Phys Med Biol 2000;45:459 (piecewise straight lines). 0 g/mL is the
/// least.
[[nodiscard]] double density_g_per_ml(double ct_number_hu);

/// A class of tissue for transport: composition by interval of CT numbers.
struct TissueClass {
  double below_hu = 0;   ///< the class ends here, exclusive
  std::string material;  ///< name in the table of materials
};
/// The classes, ascending.
[[nodiscard]] const std::vector<TissueClass>& tissue_classes();
/// Place in tissue_classes() of a CT number.
[[nodiscard]] std::size_t tissue_class_of(double ct_number_hu);

}  // namespace sojourn::material
