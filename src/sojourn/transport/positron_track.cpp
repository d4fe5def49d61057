#include "sojourn/transport/positron_track.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/parallel.h"
#include "sojourn/nuclide/beta_spectrum.h"
#include "sojourn/nuclide/positron_range.h"
#include "sojourn/transport/photon.h"

namespace sojourn::transport {
namespace {

constexpr double kStopKev = 1;  // 0.1 um are left
constexpr int kPerOctave = 16, kOctaves = 13;

/// 1 / stopping power and 1 / transport path by energy, so that a step costs two look-ups.
struct Slowing {
  std::vector<double> path_mm_per_kev, turn_per_mm;
  Slowing() {
    for (int i = 0; i <= kPerOctave * kOctaves; ++i) {
      const double kev = std::min(std::exp2(i / double{kPerOctave}), 4999.0);
      path_mm_per_kev.push_back(1 /
                                nuclide::water_stopping_kev_per_mm(kev, nuclide::Lepton::positron));
      turn_per_mm.push_back(nuclide::positron_turns_per_mm(kev));
    }
  }
  static std::size_t bin(double kev) {
    return static_cast<std::size_t>(std::log2(std::max(kev, 1.0)) * kPerOctave + 0.5);
  }
};

/// 1 - cos of a step whose mean is `mean`: exponential for small ones; else the share `mean` of the
/// steps forgets its direction.
double deflection(double mean, Stream& random) {
  if (mean < 0.2) {
    for (;;) {
      const double value = mean * random.exponential();
      if (value <= 2) return value;
    }
  }
  return random.uniform() < mean ? 2 * random.uniform() : 0;
}

float distance_mm(double energy_kev, const Slowing& slowing, Stream& random) {
  Photon p;  // point and direction are what is needed
  aim_anywhere(p, random);
  const auto move = [&p](double by) { p.x += by * p.u, p.y += by * p.v, p.z += by * p.w; };
  while (energy_kev > kStopKev) {
    const double loss = std::max(0.1 * energy_kev, 0.5);
    const std::size_t bin = Slowing::bin(energy_kev - loss / 2);
    const double step = loss * slowing.path_mm_per_kev[bin];
    const double hinge = step * random.uniform();  // the turn stands anywhere on the step
    move(hinge);
    turn(p, 1 - deflection(1 - std::exp(-step * slowing.turn_per_mm[bin]), random), random);
    move(step - hinge);
    energy_kev -= loss;
  }
  return static_cast<float>(std::sqrt(p.x * p.x + p.y * p.y + p.z * p.z));
}

}  // namespace

std::vector<float> range_quantiles_mm(const std::string& nuclide, std::size_t count) {
  constexpr std::size_t kTracks = 65536;
  constexpr std::uint64_t kSeed = 0x706F7369;  // a table: the same in every run
  const auto& spectrum = nuclide::beta_spectrum(nuclide, nuclide::BetaSign::plus);
  const Slowing slowing;
  std::vector<float> distance(kTracks);
  core::parallel_blocks(kTracks, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Stream random(kSeed, i);
      // energies even in probability: the spectrum adds no noise
      const double u = (static_cast<double>(i) + random.uniform()) / kTracks;
      distance[i] = distance_mm(spectrum.sample_kev(u), slowing, random);
    }
  });
  std::sort(distance.begin(), distance.end());
  std::vector<float> quantiles{0};
  for (std::size_t q = 1; q <= count; ++q) {
    const double at = std::min(static_cast<double>(q), static_cast<double>(count) - 0.5) /
                      static_cast<double>(count) * kTracks;
    quantiles.push_back(distance[std::min(static_cast<std::size_t>(at), kTracks - 1)]);
  }
  return quantiles;
}

}  // namespace sojourn::transport
