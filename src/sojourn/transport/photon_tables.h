#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sojourn/material/material.h"

namespace sojourn::transport {

/// A material at a density, what a voxel or a crystal is made of.
struct Medium {
  std::string material;          ///< name in the table of materials
  double density_g_per_ml = -1;  ///< below 0: the table's
};

/// Linear attenuation at one energy, 1/mm, added up: Compton, then photoelectric, then Rayleigh,
/// then pairs (the total). One row serves the choice of the process by one random number.
struct Attenuation {
  float compton = 0, photoelectric = 0, rayleigh = 0, total = 0;
};

/// Energies in bins of a 64th of an octave, found from the bits of the number: no logarithm.
struct EnergyBin {
  static constexpr float kFirstKev = 1, kLastKev = 4096;
  static constexpr int kPerOctave = 64, kOctaves = 12, kCount = kPerOctave * kOctaves + 1;
  int index;
  float part;

  explicit EnergyBin(float energy_kev) {
    const auto bits = std::bit_cast<std::uint32_t>(energy_kev);
    index = static_cast<int>(bits >> 17) -
            static_cast<int>(std::bit_cast<std::uint32_t>(kFirstKev) >> 17);
    part = static_cast<float>(bits & 0x1FFFF) * 0x1p-17F;
    if (index < 0) index = 0, part = 0;
  }
  /// Energy of a border.
  static float energy_kev(int index);
};

/// Quantiles of v = (1 - cos angle) / 2 for energies eight to an octave: sampling of angles without
/// rejection.
class AngleTable {
 public:
  static constexpr int kRows = 8 * EnergyBin::kOctaves + 1, kQuantiles = 256;
  /// `density(energy, v)` is the cross section per unit of v, up to a factor.
  template <typename Density>
  static AngleTable of(Density density);

  /// v for a uniform number; linear between rows and quantiles.
  [[nodiscard]] float sample(float energy_kev, float uniform) const {
    const auto bits = std::bit_cast<std::uint32_t>(energy_kev);
    int row = static_cast<int>(bits >> 20) -
              static_cast<int>(std::bit_cast<std::uint32_t>(EnergyBin::kFirstKev) >> 20);
    float part = static_cast<float>(bits & 0xFFFFF) * 0x1p-20F;
    if (row < 0) row = 0, part = 0;
    const float at = uniform * kQuantiles;
    const int q = static_cast<int>(at);
    const float f = at - static_cast<float>(q);
    const float* a = values_.data() + row * (kQuantiles + 1) + q;
    const float* b = a + (kQuantiles + 1);
    const float low = a[0] + f * (a[1] - a[0]), high = b[0] + f * (b[1] - b[0]);
    return low + part * (high - low);
  }

 private:
  std::vector<float> values_;
};

/// Everything that the loop over collisions looks up, for a list of media. No virtual calls, no
/// xraylib inside.
class PhotonTables {
 public:
  /// @throws Error(bad_input) for unknown materials and more than 255 media.
  explicit PhotonTables(std::span<const Medium> media);

  [[nodiscard]] std::size_t media() const { return scattering_of_.size(); }
  [[nodiscard]] Attenuation at(std::size_t medium, EnergyBin bin) const {
    const Attenuation* row =
        rows_.data() + medium * EnergyBin::kCount + static_cast<std::size_t>(bin.index);
    return {row[0].compton + bin.part * (row[1].compton - row[0].compton),
            row[0].photoelectric + bin.part * (row[1].photoelectric - row[0].photoelectric),
            row[0].rayleigh + bin.part * (row[1].rayleigh - row[0].rayleigh),
            row[0].total + bin.part * (row[1].total - row[0].total)};
  }
  /// The largest total of all media, 1/mm.
  [[nodiscard]] float majorant(EnergyBin bin) const {
    const float* row = majorant_.data() + bin.index;
    return row[0] + bin.part * (row[1] - row[0]);
  }
  [[nodiscard]] const AngleTable& compton(std::size_t medium) const {
    return compton_[scattering_of_[medium]];
  }
  [[nodiscard]] const AngleTable& rayleigh(std::size_t medium) const {
    return rayleigh_[scattering_of_[medium]];
  }
  [[nodiscard]] double density_g_per_ml(std::size_t medium) const { return density_[medium]; }

 private:
  std::vector<Attenuation> rows_;
  std::vector<float> majorant_;
  std::vector<std::uint8_t> scattering_of_;  ///< media of one material share their angles
  std::vector<AngleTable> compton_, rayleigh_;
  std::vector<double> density_;
};

}  // namespace sojourn::transport
