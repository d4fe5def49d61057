#include "sojourn/simulate/spect_project.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/transport/follow.h"
#include "sojourn/transport/score.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using transport::EnergyBin;
using transport::Photon;
using transport::Stream;

constexpr std::size_t kChunks = 16;
constexpr int kMostScatters = 10;

class Projector {
 public:
  Projector(const SpectHead& head, const PetSubject& subject, const SpectOptions& options)
      : head_(head), subject_(subject), o_(options), response_(head) {
    for (const auto& line : transport::photon_lines(subject.nuclide, 30)) {
      lines_.push_back(line);
      yield_ += line.probability;
      cumulated_.push_back(yield_);
    }
    if (lines_.empty())
      refuse("{}: sends no photons that a gamma camera could see", subject.nuclide);
    const double sigma = head.energy_resolution *
                         std::sqrt(head.resolution_at_kev * head.energy_low_kev) /
                         units::kFwhmPerSigma;
    lowest_kev_ = std::max(head.energy_low_kev - 3 * sigma, 30.0);
  }

  void history(std::uint64_t n, std::vector<float>& image) const;

 private:
  void score(const Photon& p, int angle, double energy_kev, double weight, Stream& random,
             std::vector<float>& image) const;
  /// Whether a photon that goes straight on leaves the subject; Rayleigh scatter counts as
  /// straight.
  bool survives(Photon p, Stream& random) const;

  const SpectHead& head_;
  const PetSubject& subject_;
  const SpectOptions& o_;
  SpectResponse response_;
  std::vector<transport::GammaLine> lines_;
  std::vector<double> cumulated_;
  double yield_ = 0, lowest_kev_ = 0;
};

bool Projector::survives(Photon p, Stream& random) const {
  if (subject_.grid == nullptr) return true;
  const auto& grid = *subject_.grid;
  double left = grid.to_surface_mm(p);
  const EnergyBin bin(static_cast<float>(p.energy_kev));
  const float majorant = subject_.tables->majorant(bin);
  for (;;) {
    const double step = random.exponential() / static_cast<double>(majorant);
    if (step >= left) return true;
    left -= step;
    p.x += step * p.u, p.y += step * p.v, p.z += step * p.w;
    const auto at = subject_.tables->at(grid.medium_at(grid.place_of(p.x, p.y, p.z)), bin);
    const float choice = random.uniform_f() * majorant;
    if (choice < at.photoelectric || (choice >= at.rayleigh && choice < at.total)) return false;
  }
}

void Projector::score(const Photon& from, int angle, double energy_kev, double weight,
                      Stream& random, std::vector<float>& image) const {
  const double counts = response_.counts_per_photon(energy_kev) * weight;
  if (counts <= 0) return;
  const double turn = 2 * std::numbers::pi * angle / o_.angles;
  Photon p = from;
  p.u = std::cos(turn), p.v = std::sin(turn), p.w = 0;
  p.energy_kev = energy_kev;
  const double distance = o_.radius_mm - (p.x * p.u + p.y * p.v);
  if (distance < 0 || !survives(p, random)) return;
  const double sigma = head_.fwhm_mm(distance, energy_kev) / units::kFwhmPerSigma;
  const double across = p.y * p.u - p.x * p.v + sigma * random.normal();
  const double along = p.z + sigma * random.normal();
  if (std::abs(across) > head_.width_mm / 2 || std::abs(along) > head_.height_mm / 2) return;
  const double column = std::floor(across / o_.pixel_mm + o_.columns / 2.0),
               row = std::floor(along / o_.pixel_mm + o_.rows / 2.0);
  if (column < 0 || row < 0 || column >= o_.columns || row >= o_.rows) return;
  const auto at = (static_cast<std::size_t>(angle) * static_cast<std::size_t>(o_.rows) +
                   static_cast<std::size_t>(row)) *
                      static_cast<std::size_t>(o_.columns) +
                  static_cast<std::size_t>(column);
  image[at] += static_cast<float>(counts);
}

void Projector::history(std::uint64_t n, std::vector<float>& image) const {
  Stream random(o_.seed, n);
  const int angle = std::min(static_cast<int>(random.uniform() * o_.angles), o_.angles - 1);
  const double turn = 2 * std::numbers::pi * angle / o_.angles;
  const auto line = static_cast<std::size_t>(
      std::upper_bound(cumulated_.begin(), cumulated_.end() - 1, random.uniform() * yield_) -
      cumulated_.begin());
  const auto at = subject_.source->sample(random);
  Photon p;
  p.x = at[0], p.y = at[1], p.z = at[2];
  p.energy_kev = lines_[line].energy_kev;
  transport::aim_anywhere(p, random);
  const double weight = yield_ * o_.angles;
  score(p, angle, p.energy_kev, weight, random, image);
  if (subject_.grid == nullptr) return;
  const auto& grid = *subject_.grid;
  const auto& tables = *subject_.tables;
  double left = grid.to_surface_mm(p);
  EnergyBin bin(static_cast<float>(p.energy_kev));
  for (int scatters = 0; scatters < kMostScatters;) {
    const float majorant = tables.majorant(bin);
    const double step = random.exponential() / static_cast<double>(majorant);
    if (step >= left) return;
    left -= step;
    p.x += step * p.u, p.y += step * p.v, p.z += step * p.w;
    const auto medium = grid.medium_at(grid.place_of(p.x, p.y, p.z));
    const auto here = tables.at(medium, bin);
    const float choice = random.uniform_f() * majorant;
    if (choice < here.compton) {
      // Klein and Nishina towards the head, over an even spread; S(x) is left out of this factor
      const double cosine = p.u * std::cos(turn) + p.v * std::sin(turn);
      const double k = p.energy_kev / material::kElectronKev, e = 1 / (1 + k * (1 - cosine));
      constexpr double kRadiusCm2 = 2.8179403262e-13 * 2.8179403262e-13;
      const double density = kRadiusCm2 / 2 * e * e * (e + 1 / e - (1 - cosine * cosine));
      const double factor =
          4 * std::numbers::pi * density / material::klein_nishina_cm2(p.energy_kev);
      if (p.energy_kev * e >= lowest_kev_)
        score(p, angle, p.energy_kev * e, weight * factor, random, image);
    }
    transport::Waiting waiting;
    const auto met =
        transport::collide(p, tables, medium, here, choice, random, waiting, [](double) {});
    if (met == transport::Encounter::none) continue;
    if (met == transport::Encounter::absorbed || p.energy_kev < lowest_kev_) return;
    ++scatters;
    left = grid.to_surface_mm(p);
    bin = EnergyBin(static_cast<float>(p.energy_kev));
  }
}

}  // namespace

image::Volume<float> spect_projections(const SpectHead& head, const PetSubject& subject,
                                       const SpectOptions& o) {
  if (o.angles < 1 || o.columns < 1 || o.rows < 1 || !(o.pixel_mm > 0) || o.decays < 1)
    throw Error(ErrorCode::bad_value, "projections need angles, pixels and decays");
  if (subject.source == nullptr) throw Error(ErrorCode::bad_value, "projections need a source");
  image::Geometry g;
  g.size = {o.columns, o.rows, o.angles};
  g.spacing_mm = {o.pixel_mm, o.pixel_mm, 1};
  g.origin_mm = {-(o.columns - 1) / 2.0 * o.pixel_mm, -(o.rows - 1) / 2.0 * o.pixel_mm, 0};
  const Projector projector(head, subject, o);
  std::vector<std::vector<float>> parts(kChunks);
  core::parallel_for(kChunks, [&](std::size_t c) {
    parts[c].assign(g.voxels(), 0);
    for (std::uint64_t n = c * o.decays / kChunks; n < (c + 1) * o.decays / kChunks; ++n)
      projector.history(n, parts[c]);
  });
  image::Volume<float> sum(g);
  const float scale = 1 / static_cast<float>(o.decays);
  for (const auto& part : parts)  // in order: the same for any number of threads
    for (std::size_t i = 0; i < part.size(); ++i) sum.values()[i] += part[i] * scale;
  return sum;
}

}  // namespace sojourn::simulate
