#include "sojourn/simulate/spect_head.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/material/material.h"
#include "sojourn/transport/follow.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using catalogue::NuclearScanner;

constexpr double kFirstKev = 30, kLastKev = 500, kStepKev = 5;
constexpr double kHexagonal = 0.26;  // K of eq. 14-7

double per_mm(const std::string& name, double energy_kev) {
  return material::attenuation_per_mm(material::find(name), energy_kev);
}

}  // namespace

double SpectHead::effective_length_mm(double energy_kev) const {
  return std::max(length_mm - 2 / per_mm("lead", energy_kev), 0.1 * length_mm);
}

double SpectHead::fwhm_mm(double distance_mm, double energy_kev) const {
  const double effective = effective_length_mm(energy_kev);
  return std::hypot(hole_mm * (effective + distance_mm) / effective, intrinsic_fwhm_mm);
}

double SpectHead::geometric_efficiency(double energy_kev) const {
  const double open = hole_mm / (hole_mm + septum_mm);
  const double narrow = kHexagonal * hole_mm / effective_length_mm(energy_kev) * open;
  return narrow * narrow;
}

double SpectHead::septal_penetration(double energy_kev) const {
  const double way = septum_mm * length_mm / (2 * hole_mm + septum_mm);
  return std::exp(-per_mm("lead", energy_kev) * way);
}

double SpectHead::window_share(double deposit_kev) const {
  if (deposit_kev <= 0) return 0;
  const double sigma =
      energy_resolution * std::sqrt(resolution_at_kev * deposit_kev) / units::kFwhmPerSigma;
  const auto below = [&](double edge) {
    return 0.5 * std::erfc((deposit_kev - edge) / (sigma * std::numbers::sqrt2));
  };
  return below(energy_high_kev) - below(energy_low_kev);
}

SpectResponse::SpectResponse(const SpectHead& head) {
  constexpr int kPhotons = 4000;
  image::Geometry g;  // a wide plate in front of photons that fly along z
  g.size = {1, 1, 1};
  g.spacing_mm = {head.width_mm, head.height_mm, head.crystal_depth_mm};
  const transport::VoxelGrid plate(g, {0});
  const std::vector<transport::Medium> media{{head.crystal, -1}};
  const transport::PhotonTables tables(media);
  counts_.assign(static_cast<std::size_t>((kLastKev - kFirstKev) / kStepKev) + 1, 0.0);
  core::parallel_for(counts_.size(), [&](std::size_t n) {
    const double energy_kev = kFirstKev + kStepKev * static_cast<double>(n);
    double sum = 0;
    for (int i = 0; i < kPhotons; ++i) {
      transport::Stream random(n, static_cast<std::uint64_t>(i));
      transport::Waiting waiting;
      transport::Photon p;
      p.z = -head.crystal_depth_mm / 2;
      p.energy_kev = energy_kev;
      double deposit = 0;
      (void)transport::follow(p, plate, tables, 10, random, waiting,
                              [&](std::size_t, double kev) { deposit += kev; });
      sum += head.window_share(deposit);
    }
    counts_[n] = sum / kPhotons * head.geometric_efficiency(energy_kev);
  });
}

double SpectResponse::counts_per_photon(double energy_kev) const {
  if (energy_kev < kFirstKev || energy_kev >= kLastKev) return 0;
  const double at = (energy_kev - kFirstKev) / kStepKev;
  const auto n = static_cast<std::size_t>(at);
  return counts_[n] + (at - static_cast<double>(n)) * (counts_[n + 1] - counts_[n]);
}

SpectHead spect_head(const std::string& id) {
  using N = NuclearScanner;
  const auto& scanner = catalogue::scanner(id);
  const auto* row = scanner.get<N>();
  if (row == nullptr || scanner.modality != "SPECT")
    refuse("scanner {}: is no SPECT scanner ({})", id, scanner.modality);
  const auto need = [&](catalogue::Field N::*field, const char* name) {
    if (!(row->*field))
      refuse("scanner {}: the row has no {}; only parallel holes can be simulated", id, name);
    return (row->*field)->value;
  };
  SpectHead h;
  h.id = id;
  h.crystal = material::find(scanner.crystal).name;
  h.crystal_depth_mm = need(&N::crystal_depth_mm, "crystal_depth");
  h.hole_mm = need(&N::hole_diameter_mm, "hole_diameter");
  h.septum_mm = need(&N::septal_thickness_mm, "septal_thickness");
  h.length_mm = need(&N::hole_length_mm, "hole_length");
  h.intrinsic_fwhm_mm = need(&N::intrinsic_resolution_mm, "intrinsic_resolution");
  h.energy_low_kev = need(&N::energy_window_low_kev, "energy_window_low");
  h.energy_high_kev = need(&N::energy_window_high_kev, "energy_window_high");
  h.energy_resolution = need(&N::energy_resolution, "energy_resolution");
  h.resolution_at_kev = 140.5;  // rows of gamma cameras say so
  h.width_mm = need(&N::transaxial_fov_mm, "transaxial_fov");
  h.height_mm = need(&N::axial_fov_mm, "axial_fov");
  h.heads = static_cast<int>(need(&N::heads, "heads"));
  return h;
}

}  // namespace sojourn::simulate
