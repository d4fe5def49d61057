#pragma once
#include <array>
#include <cmath>

#include "sojourn/transport/photon.h"
#include "sojourn/transport/photon_tables.h"
#include "sojourn/transport/voxel_grid.h"

namespace sojourn::transport {

/// Photons that wait to be followed (annihilation of pairs).
class Waiting {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// @return false where no place is left.
  bool push(const Photon& p) {
    if (count_ == photons_.size()) return false;
    photons_[count_++] = p;
    return true;
  }
  Photon pop() { return photons_[--count_]; }

 private:
  std::array<Photon, 16> photons_;
  std::size_t count_ = 0;
};

enum class Encounter { none, scattered, absorbed };

/// What happens at a tentative collision (Woodcock): `choice` is uniform in (0, majorant). Energy
/// given up goes to `deposit(keV)`, a pair's second photon to `waiting`. Recoil electrons stop
/// where they start; binding energy, Doppler broadening and fluorescence are left out (stated in
/// docs/theory/photons.md).
template <typename Deposit>
Encounter collide(Photon& p, const PhotonTables& tables, std::size_t medium, const Attenuation& at,
                  float choice, Stream& random, Waiting& waiting, Deposit&& deposit) {
  if (choice >= at.total) return Encounter::none;
  const auto energy = static_cast<float>(p.energy_kev);
  if (choice < at.compton) {
    const double v = static_cast<double>(tables.compton(medium).sample(energy, random.uniform_f()));
    const double left = p.energy_kev / (1 + 2 * v * p.energy_kev / material::kElectronKev);
    deposit(p.energy_kev - left);
    p.energy_kev = left;
    turn(p, 1 - 2 * v, random);
    return Encounter::scattered;
  }
  if (choice < at.photoelectric) {
    deposit(p.energy_kev);
    p.energy_kev = 0;
    return Encounter::absorbed;
  }
  if (choice < at.rayleigh) {
    turn(p, 1 - 2 * static_cast<double>(tables.rayleigh(medium).sample(energy, random.uniform_f())),
         random);
    return Encounter::scattered;
  }
  deposit(p.energy_kev - 2 * material::kElectronKev);
  p.energy_kev = material::kElectronKev;
  aim_anywhere(p, random);
  Photon other = p;
  other.u = -p.u, other.v = -p.v, other.w = -p.w;
  if (!waiting.push(other)) deposit(other.energy_kev);
  return Encounter::scattered;
}

/// Follows a photon through the grid until it leaves (true: it stands on the surface) or is
/// absorbed or falls under `cut_kev`, where the rest is deposited (false).
/// @param deposit called as deposit(voxel offset, keV).
template <typename Deposit>
bool follow(Photon& p, const VoxelGrid& grid, const PhotonTables& tables, double cut_kev,
            Stream& random, Waiting& waiting, Deposit&& deposit) {
  double surface = grid.to_surface_mm(p);
  EnergyBin bin(static_cast<float>(p.energy_kev));
  float majorant = tables.majorant(bin);
  for (;;) {
    const double step = -static_cast<double>(std::log(random.uniform_f()) / majorant);
    if (step >= surface) {
      p.x += surface * p.u, p.y += surface * p.v, p.z += surface * p.w;
      p.path_mm += surface;
      return true;
    }
    p.x += step * p.u, p.y += step * p.v, p.z += step * p.w;
    p.path_mm += step;
    surface -= step;
    const std::size_t voxel = grid.offset_of(p.x, p.y, p.z);
    const std::size_t medium = grid.medium(voxel);
    const auto met =
        collide(p, tables, medium, tables.at(medium, bin), random.uniform_f() * majorant, random,
                waiting, [&](double kev) { deposit(voxel, kev); });
    if (met == Encounter::none) continue;
    if (met == Encounter::absorbed) return false;
    ++p.scatters;
    if (p.energy_kev < cut_kev) {
      deposit(voxel, p.energy_kev);
      p.energy_kev = 0;
      return false;
    }
    surface = grid.to_surface_mm(p);
    bin = EnergyBin(static_cast<float>(p.energy_kev));
    majorant = tables.majorant(bin);
  }
}

}  // namespace sojourn::transport
