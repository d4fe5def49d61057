#include "sojourn/simulate/pet_hits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/nuclide/nuclide.h"
#include "sojourn/records/list_mode.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using transport::Photon;
using transport::Stream;

/// Spread of the angle between annihilation photons around 180 degrees, FWHM along each of two axes
/// (theory section of docs/theory/photons.md).
constexpr double kAcollinearityDegrees = 0.5;
constexpr std::uint32_t kApart =
    0x80000000;  ///< marks the photon of a delayed line as its own decay

/// Turns by two small angles across the direction.
void tilt(Photon& p, double sigma, Stream& random) {
  const double a = sigma * random.normal(), b = sigma * random.normal();
  transport::turn(p, std::cos(std::hypot(a, b)), random);
}

}  // namespace

/// What the blocks collect of one decay.
struct PetHits::Lights {
  struct Light {
    std::uint32_t block, first_crystal;
    float energy_kev, most_kev, ring_sum, column_sum;
    double path_mm;
    std::uint8_t flags;
  };
  std::array<Light, 24> all;
  std::size_t count = 0;
};

PetHits::PetHits(const PetScanner& scanner, const PetSubject& subject, double cut_kev)
    : scanner_(scanner),
      subject_(subject),
      ring_(scanner.geometry, scanner.crystal, scanner.bore_cover_mm),
      scheme_(transport::decay_scheme(subject.nuclide, cut_kev)),
      cut_kev_(cut_kev),
      energy_sigma_(scanner.energy_resolution_511 * std::sqrt(material::kElectronKev) /
                    units::kFwhmPerSigma),
      time_sigma_ns_(scanner.timing_fwhm_ns / units::kFwhmPerSigma / std::numbers::sqrt2) {
  // photons that turn back are followed across the bore while blur can lift them into the window
  across_kev_ = scanner_.energy_low_kev - 3 * energy_sigma_ * std::sqrt(scanner_.energy_low_kev);
  if (scanner_.background_bq_per_ml > 0) {
    lutetium_beta_ = &nuclide::beta_spectrum("Lu-176", nuclide::BetaSign::minus);
    for (const auto& e : nuclide::find("Lu-176").emissions)
      if (e.type == "gamma" && e.energy_kev >= cut_kev && e.intensity > 0.01 &&
          lutetium_lines_.size() < 8)
        lutetium_lines_.push_back({e.energy_kev, e.intensity});
  }
}

double PetHits::background_bq() const {
  const auto& g = scanner_.geometry;
  const double ml =
      g.crystal_tangential_mm * g.crystal_axial_mm * g.crystal_depth_mm / units::kMm3PerMl;
  return scanner_.background_bq_per_ml * ml * g.crystals();
}

std::uint32_t PetHits::block_of(std::uint32_t crystal) const {
  const auto& g = scanner_.geometry;
  const auto per_ring = static_cast<std::uint32_t>(g.crystals_per_ring());
  const std::uint32_t ring = crystal / per_ring, place = crystal % per_ring;
  const auto around = static_cast<std::uint32_t>(g.sectors * g.blocks_tangential);
  return ring / static_cast<std::uint32_t>(g.crystals_axial) * around +
         place / static_cast<std::uint32_t>(g.crystals_tangential);
}

void PetHits::follow(Photon first, bool in_ring, std::uint8_t flags, Stream& random,
                     Lights& lights) const {
  const auto per_ring = static_cast<std::uint32_t>(scanner_.geometry.crystals_per_ring());
  transport::Waiting waiting;
  waiting.push(first);
  while (!waiting.empty()) {
    Photon p = waiting.pop();
    const auto take = [&](const Deposit& d) {
      const std::uint32_t block = block_of(d.crystal);
      std::size_t i = 0;
      while (i < lights.count && lights.all[i].block != block) ++i;
      if (i == lights.all.size()) return;
      auto& light = lights.all[i];
      if (i == lights.count) {
        ++lights.count;
        light = {block, d.crystal, 0, 0, 0, 0, d.path_mm, flags};
      }
      const auto seen =
          static_cast<std::uint8_t>(flags | (p.scatters > 0 ? records::kScatteredInSubject : 0));
      light.energy_kev += d.energy_kev;
      light.ring_sum += d.energy_kev * static_cast<float>(d.crystal / per_ring);
      light.column_sum += d.energy_kev * static_cast<float>(d.crystal % per_ring);
      light.path_mm = std::min(light.path_mm, d.path_mm);
      const auto many = d.crystal != light.first_crystal ? records::kScatteredInCrystals : 0;
      if (d.energy_kev > light.most_kev) {
        light.most_kev = d.energy_kev;
        light.flags =
            static_cast<std::uint8_t>((light.flags & records::kScatteredInCrystals) | seen);
      }
      light.flags = static_cast<std::uint8_t>(light.flags | many);
    };
    bool inside_ring = in_ring;
    for (;;) {
      if (!inside_ring) {
        if (subject_.grid != nullptr && subject_.grid->enter(p) &&
            !transport::follow(p, *subject_.grid, *subject_.tables, cut_kev_, random, waiting,
                               [](std::size_t, double) {}))
          break;
        if (!ring_.reach(p) || !ring_.crosses_cover(p, random)) break;
      }
      inside_ring = false;
      const auto exit = ring_.follow(p, cut_kev_, random, waiting, take);
      if (exit != PetRing::Exit::inside || p.energy_kev < across_kev_) break;
    }
    in_ring = false;
  }
}

image::Vec3 PetHits::end_of_positron(const image::Vec3& from, Stream& random) const {
  double range = scheme_.range_mm(random.uniform_f());
  if (subject_.grid != nullptr) {
    const auto medium =
        subject_.grid->medium_at(subject_.grid->place_of(from[0], from[1], from[2]));
    const double density = subject_.tables->density_g_per_ml(medium);
    range /= std::max(density, 0.1);  // in lung three times further; never metres in air
  }
  Photon p;
  transport::aim_anywhere(p, random);
  return {from[0] + range * p.u, from[1] + range * p.v, from[2] + range * p.w};
}

void PetHits::annihilate(const image::Vec3& at, Stream& random, Lights& lights) const {
  Photon one;
  one.x = at[0], one.y = at[1], one.z = at[2];
  one.energy_kev = material::kElectronKev;
  transport::aim_anywhere(one, random);
  Photon two = one;
  two.u = -one.u, two.v = -one.v, two.w = -one.w;
  constexpr double kSigma = kAcollinearityDegrees / 180 * std::numbers::pi / units::kFwhmPerSigma;
  tilt(two, kSigma, random);
  follow(one, false, 0, random, lights);
  follow(two, false, 0, random, lights);
}

void PetHits::decay(Stream& random, const transport::SourceMap::Range& where, std::uint32_t decay,
                    double time_ns, double slice_ns, std::vector<Hit>& hits) const {
  const auto& branch = scheme_.pick(random.uniform());
  const auto gamma = [&](double energy_kev, const image::Vec3& at, Lights& lights) {
    Photon p;
    p.x = at[0], p.y = at[1], p.z = at[2];
    p.energy_kev = energy_kev;
    transport::aim_anywhere(p, random);
    follow(p, false, records::kGamma, random, lights);
  };
  if (!branch.positron && branch.prompt.empty() && scheme_.delayed.empty()) return;
  const auto at = subject_.source->sample(random, where);
  Lights lights;
  if (branch.positron) annihilate(end_of_positron(at, random), random, lights);
  for (const auto& line : branch.prompt)
    if (random.uniform() < line.probability) gamma(line.energy_kev, at, lights);
  if (lights.count > 0) read_out(lights, random, decay, time_ns, hits);
  for (const auto& line : scheme_.delayed) {
    if (random.uniform() >= line.probability) continue;
    Lights later;
    gamma(line.energy_kev, at, later);
    // in equilibrium the level decays at any time
    if (later.count > 0) read_out(later, random, decay | kApart, random.uniform() * slice_ns, hits);
  }
}

void PetHits::background(Stream& random, std::uint32_t decay, double time_ns,
                         std::vector<Hit>& hits) const {
  const auto& g = scanner_.geometry;
  const auto crystal = static_cast<std::uint32_t>(random.uniform() * g.crystals());
  const auto at = g.point_mm(crystal, random.uniform() * g.crystal_depth_mm);
  Lights lights;
  lights.all[0] = {block_of(crystal), crystal, 0, 0, 0, 0, 0, records::kCrystalBackground};
  lights.count = 1;
  auto& own = lights.all[0];
  const auto per_ring = static_cast<std::uint32_t>(g.crystals_per_ring());
  double here = lutetium_beta_->sample_kev(random.uniform());
  std::array<bool, 8> sent{};
  for (std::size_t i = 0; i < lutetium_lines_.size(); ++i) {
    sent[i] = random.uniform() < lutetium_lines_[i].probability;
    // each decay passes all three levels: what is no gamma is a conversion electron
    if (!sent[i]) here += lutetium_lines_[i].energy_kev;
  }
  own.energy_kev = own.most_kev = static_cast<float>(here);
  own.ring_sum = own.energy_kev * static_cast<float>(crystal / per_ring);
  own.column_sum = own.energy_kev * static_cast<float>(crystal % per_ring);
  for (std::size_t i = 0; i < lutetium_lines_.size(); ++i) {
    if (!sent[i]) continue;
    const auto& line = lutetium_lines_[i];
    Photon p;
    p.x = at[0], p.y = at[1], p.z = at[2];
    p.energy_kev = line.energy_kev;
    transport::aim_anywhere(p, random);
    follow(p, true, records::kCrystalBackground, random, lights);
  }
  read_out(lights, random, decay, time_ns, hits);
}

void PetHits::read_out(const Lights& lights, Stream& random, std::uint32_t decay, double time_ns,
                       std::vector<Hit>& hits) const {
  const auto per_ring = static_cast<std::uint32_t>(scanner_.geometry.crystals_per_ring());
  for (std::size_t i = 0; i < lights.count; ++i) {
    const auto& l = lights.all[i];
    if (l.energy_kev <= 0) continue;
    Hit h;
    h.block = l.block;
    h.decay = decay;
    h.flags = l.flags;
    // the block reads the middle of its light (Anger), which falls on the nearest crystal
    const auto ring = static_cast<std::uint32_t>(l.ring_sum / l.energy_kev + 0.5F);
    const auto column = static_cast<std::uint32_t>(l.column_sum / l.energy_kev + 0.5F);
    h.crystal = ring * per_ring + column;
    h.energy_kev = l.energy_kev +
                   static_cast<float>(energy_sigma_ * random.normal()) * std::sqrt(l.energy_kev);
    h.time_ns = time_ns + l.path_mm / transport::kLightMmPerNs + time_sigma_ns_ * random.normal();
    hits.push_back(h);
  }
}

}  // namespace sojourn::simulate
