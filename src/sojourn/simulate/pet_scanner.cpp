#include "sojourn/simulate/pet_scanner.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/material/material.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::simulate {
namespace {

using catalogue::NuclearScanner;

class Row {
 public:
  Row(const std::string& id, const NuclearScanner& row) : id_(id), row_(row) {}
  [[nodiscard]] double need(catalogue::Field NuclearScanner::*field, const char* name) const {
    const auto& f = row_.*field;
    if (!f)
      refuse(
          "scanner {}: the row has no {}; without it no event can be simulated (add it to "
          "data/catalogue/scanners/{}.toml)",
          id_, name, id_);
    return f->value;
  }
  [[nodiscard]] int whole(catalogue::Field NuclearScanner::*field, const char* name) const {
    const double value = need(field, name);
    if (value < 1 || value != std::floor(value))
      refuse("scanner {}: {} is {:g}; a whole number over 0 is needed", id_, name, value);
    return static_cast<int>(value);
  }

 private:
  const std::string& id_;
  const NuclearScanner& row_;
};

int divided(int count, int parts, const std::string& id, const char* what) {
  if (count % parts != 0) refuse("scanner {}: {} {} do not fill {} parts", id, count, what, parts);
  return count / parts;
}

records::RingGeometry geometry_of(const std::string& id, const Row& row) {
  using N = NuclearScanner;
  records::RingGeometry g;
  g.sectors = row.whole(&N::sectors, "sectors");
  g.blocks_tangential = row.whole(&N::sector_blocks, "sector_blocks");
  g.blocks_axial = row.whole(&N::block_rings, "block_rings");
  g.crystals_tangential = divided(row.whole(&N::crystals_per_ring, "crystals_per_ring"),
                                  g.sectors * g.blocks_tangential, id, "crystals of a ring");
  g.crystals_axial = divided(row.whole(&N::rings, "rings"), g.blocks_axial, id, "rings");
  g.radius_mm = row.need(&N::ring_diameter_mm, "ring_diameter") / 2;
  g.crystal_tangential_mm = row.need(&N::crystal_width_mm, "crystal_width");
  g.crystal_axial_mm = row.need(&N::crystal_height_mm, "crystal_height");
  g.crystal_depth_mm = row.need(&N::crystal_depth_mm, "crystal_depth");
  g.pitch_tangential_mm = row.need(&N::pitch_tangential_mm, "pitch_tangential");
  g.pitch_axial_mm = row.need(&N::pitch_axial_mm, "pitch_axial");
  g.block_pitch_tangential_mm = g.crystals_tangential * g.pitch_tangential_mm;
  // what the axial field leaves beside the blocks lies between them
  const double block = g.crystals_axial * g.pitch_axial_mm;
  const double gaps = row.need(&N::axial_fov_mm, "axial_fov") - g.blocks_axial * block;
  g.block_pitch_axial_mm =
      block + (g.blocks_axial > 1 ? std::max(gaps, 0.0) / (g.blocks_axial - 1) : 0);
  const double face = 2 * g.radius_mm * std::tan(std::numbers::pi / g.sectors);
  if (g.sectors < 3 || 2 * g.half_width_mm() > face + 1e-6)
    refuse("scanner {}: {} faces of {:.1f} mm do not fit around a ring of {:.1f} mm", id, g.sectors,
           2 * g.half_width_mm(), 2 * g.radius_mm);
  return g;
}

}  // namespace

double PetScanner::depth_of_interaction_mm() const {
  const double mu = material::attenuation_per_mm(material::find(crystal), 511);
  const double d = geometry.crystal_depth_mm, out = std::exp(-mu * d);
  return 1 / mu - d * out / (1 - out);
}

double lutetium_bq_per_ml(const std::string& crystal) {
  constexpr double kAbundance = 0.02599;  // of 176Lu in lutetium, by atoms (IUPAC 2013)
  constexpr double kAvogadro = 6.02214076e23;
  const auto& m = material::find(crystal);
  for (const auto& part : m.parts)
    if (part.number == 71)
      return std::numbers::ln2 / nuclide::find("Lu-176").half_life_s * m.density_g_per_ml *
             part.mass_fraction / material::molar_mass(71) * kAvogadro * kAbundance;
  return 0;
}

PetScanner pet_scanner(const std::string& id) {
  using N = NuclearScanner;
  const auto& scanner = catalogue::scanner(id);
  const auto* parameters = scanner.get<N>();
  if (parameters == nullptr || scanner.modality != "PET")
    refuse("scanner {}: is no PET scanner ({})", id, scanner.modality);
  const Row row(id, *parameters);
  PetScanner s;
  s.id = id;
  s.crystal = material::find(scanner.crystal).name;
  s.geometry = geometry_of(id, row);
  s.energy_low_kev = row.need(&N::energy_window_low_kev, "energy_window_low");
  s.energy_high_kev = row.need(&N::energy_window_high_kev, "energy_window_high");
  s.energy_resolution_511 = row.need(&N::energy_resolution, "energy_resolution");
  s.window_ns = 1e9 * row.need(&N::coincidence_window_s, "coincidence_window");
  s.keeps_time_of_flight = parameters->time_resolution_s.has_value();
  s.timing_fwhm_ns =
      1e9 * (s.keeps_time_of_flight ? parameters->time_resolution_s->value
                                    : row.need(&N::timing_resolution_s, "timing_resolution"));
  s.integration_ns = 1e9 * row.need(&N::integration_time_s, "integration_time");
  s.block_dead_time_ns = 1e9 * row.need(&N::block_dead_time_s, "block_dead_time");
  s.bore_cover_mm = row.need(&N::bore_cover_mm, "bore_cover");
  s.field_of_view_mm = row.need(&N::transaxial_fov_mm, "transaxial_fov");
  s.most_ring_difference = s.geometry.rings() - 1;
  s.background_bq_per_ml = lutetium_bq_per_ml(s.crystal);
  return s;
}

}  // namespace sojourn::simulate
