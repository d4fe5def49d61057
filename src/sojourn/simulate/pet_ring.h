#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sojourn/records/ring_geometry.h"
#include "sojourn/transport/follow.h"

namespace sojourn::simulate {

/// A part of a photon's energy in one crystal.
struct Deposit {
  std::uint32_t crystal = 0;
  float energy_kev = 0;
  double path_mm = 0;  ///< flown when it was given up
};

/// The crystals of a ring as photons meet them: Woodcock tracking in the shell that holds the
/// blocks, with one medium; what lies between crystals is empty.
class PetRing {
 public:
  PetRing(const records::RingGeometry& geometry, const std::string& crystal, double cover_mm = 0);

  /// The crystal at a point; negative between crystals.
  [[nodiscard]] std::int64_t crystal_at(double x, double y, double z) const;

  /// Moves a photon from inside the bore to the shell. @return false where it passes the ends: it
  /// is lost in the side shields.
  [[nodiscard]] bool reach(transport::Photon& p) const;
  /// Whether a photon at the shell has crossed the bore's cover without an interaction
  /// (photoelectric or Compton; what scatters there counts as lost).
  [[nodiscard]] bool crosses_cover(const transport::Photon& p, transport::Stream& random) const;

  enum class Exit { absorbed, outside, inside };
  /// Follows a photon that is in the shell. Energy under `cut_kev` stays where it is.
  template <typename Take>
  Exit follow(transport::Photon& p, double cut_kev, transport::Stream& random,
              transport::Waiting& waiting, Take&& take) const;

  [[nodiscard]] const records::RingGeometry& geometry() const { return g_; }
  [[nodiscard]] double inner_mm() const { return inner_; }
  [[nodiscard]] double half_length_mm() const { return half_length_; }

 private:
  /// Place along one direction: block, then crystal; negative in a gap.
  struct Axis {
    double start = 0, per_block = 0, block_pitch = 0, pitch = 0, per_pitch = 0, half = 0;
    int blocks = 0, count = 0;
    [[nodiscard]] int find(double at) const {
      const double from = at - start;
      if (from < 0) return -1;
      const int block = static_cast<int>(from * per_block);
      if (block >= blocks) return -1;
      const double inside = from - block * block_pitch;
      const int n = static_cast<int>(inside * per_pitch);
      if (n >= count || std::abs(inside - (n + 0.5) * pitch) > half) return -1;
      return block * count + n;
    }
  };
  [[nodiscard]] int sector_of(double x, double y) const;
  [[nodiscard]] double to_exit_mm(const transport::Photon& p) const;

  records::RingGeometry g_;
  transport::PhotonTables tables_;
  Axis tangential_, axial_;
  std::vector<double> cosine_, sine_;
  std::vector<std::int16_t> sectors_;  ///< by the pseudo-angle y / (|x| + |y|), 0 to 4
  double inner_ = 0, cover_mm_ = 0, outer_ = 0, half_length_ = 0, half_width_ = 0;
};

template <typename Take>
PetRing::Exit PetRing::follow(transport::Photon& p, double cut_kev, transport::Stream& random,
                              transport::Waiting& waiting, Take&& take) const {
  double exit_mm = to_exit_mm(p);
  transport::EnergyBin bin(static_cast<float>(p.energy_kev));
  auto at = tables_.at(0, bin);
  for (;;) {
    const double step = -static_cast<double>(std::log(random.uniform_f()) / at.total);
    if (step >= exit_mm) {
      p.x += exit_mm * p.u, p.y += exit_mm * p.v, p.z += exit_mm * p.w;
      p.path_mm += exit_mm;
      const bool ends = std::abs(p.z) > half_length_ - 1e-6;
      return !ends && p.x * p.x + p.y * p.y < inner_ * inner_ * (1 + 1e-9) ? Exit::inside
                                                                           : Exit::outside;
    }
    p.x += step * p.u, p.y += step * p.v, p.z += step * p.w;
    p.path_mm += step;
    exit_mm -= step;
    const auto crystal = crystal_at(p.x, p.y, p.z);
    if (crystal < 0) continue;
    const auto give = [&](double kev) {
      take(Deposit{static_cast<std::uint32_t>(crystal), static_cast<float>(kev), p.path_mm});
    };
    const auto met =
        transport::collide(p, tables_, 0, at, random.uniform_f() * at.total, random, waiting, give);
    if (met == transport::Encounter::absorbed) return Exit::absorbed;
    if (p.energy_kev < cut_kev) {
      give(p.energy_kev);
      return Exit::absorbed;
    }
    exit_mm = to_exit_mm(p);
    bin = transport::EnergyBin(static_cast<float>(p.energy_kev));
    at = tables_.at(0, bin);
  }
}

}  // namespace sojourn::simulate
