#include "sojourn/simulate/pet_ring.h"

#include <algorithm>
#include <numbers>

namespace sojourn::simulate {
namespace {

constexpr int kAngles = 4096;  ///< bins of the pseudo-angle

/// y / (|x| + |y|) unrolled to 0 … 4 around the circle: ascends with the angle, needs no arc
/// tangent.
double pseudo_angle(double x, double y) {
  const double p = y / (std::abs(x) + std::abs(y));
  return x < 0 ? 2 - p : p < 0 ? 4 + p : p;
}

transport::PhotonTables tables_of(const std::string& crystal) {
  const std::vector<transport::Medium> media{{crystal, -1}, {"PMMA", -1}};
  return transport::PhotonTables(media);
}

}  // namespace

PetRing::PetRing(const records::RingGeometry& geometry, const std::string& crystal, double cover_mm)
    : g_(geometry), tables_(tables_of(crystal)), cover_mm_(cover_mm) {
  const auto axis = [](double start, int blocks, int count, double pitch, double block_pitch,
                       double crystal_mm) {
    Axis a;
    a.blocks = blocks, a.count = count;
    a.pitch = pitch, a.per_pitch = 1 / pitch;
    a.block_pitch = block_pitch, a.per_block = 1 / block_pitch;
    a.half = crystal_mm / 2;
    a.start = start;
    return a;
  };
  tangential_ = axis(g_.column_mm(0) - g_.pitch_tangential_mm / 2, g_.blocks_tangential,
                     g_.crystals_tangential, g_.pitch_tangential_mm, g_.block_pitch_tangential_mm,
                     g_.crystal_tangential_mm);
  axial_ = axis(g_.ring_z_mm(0) - g_.pitch_axial_mm / 2, g_.blocks_axial, g_.crystals_axial,
                g_.pitch_axial_mm, g_.block_pitch_axial_mm, g_.crystal_axial_mm);
  half_length_ = g_.half_length_mm();
  half_width_ = g_.half_width_mm();
  inner_ = g_.radius_mm;
  const double back = g_.radius_mm + g_.crystal_depth_mm;
  outer_ = std::sqrt(back * back + half_width_ * half_width_);
  for (int s = 0; s < g_.sectors; ++s) {
    const double angle = 2 * std::numbers::pi * s / g_.sectors;
    cosine_.push_back(std::cos(angle));
    sine_.push_back(std::sin(angle));
  }
  for (int i = 0; i <= kAngles; ++i) {
    // the middle of the bin, back to an angle
    const double p = std::min(4.0 * (i + 0.5) / kAngles, 4.0), q = std::fmod(p, 1.0);
    const double turn = std::atan2(q, 1 - q) + std::floor(p) * std::numbers::pi / 2;
    const auto s = std::lround(turn / (2 * std::numbers::pi) * g_.sectors) % g_.sectors;
    sectors_.push_back(static_cast<std::int16_t>(s));
  }
}

int PetRing::sector_of(double x, double y) const {
  return sectors_[static_cast<std::size_t>(pseudo_angle(x, y) * (kAngles / 4))];
}

std::int64_t PetRing::crystal_at(double x, double y, double z) const {
  const int ring = axial_.find(z);
  if (ring < 0) return -1;
  int sector = sector_of(x, y);
  auto s = static_cast<std::size_t>(sector);
  double across = y * cosine_[s] - x * sine_[s];
  if (std::abs(across) > half_width_) {  // the bin may straddle two sectors
    sector += across > 0 ? 1 : -1;
    sector = (sector + g_.sectors) % g_.sectors;
    s = static_cast<std::size_t>(sector);
    across = y * cosine_[s] - x * sine_[s];
  }
  const double depth = x * cosine_[s] + y * sine_[s] - g_.radius_mm;
  if (depth < 0 || depth > g_.crystal_depth_mm) return -1;
  const int column = tangential_.find(across);
  if (column < 0) return -1;
  return std::int64_t{ring} * g_.crystals_per_ring() + sector * g_.crystals_per_sector() + column;
}

bool PetRing::reach(transport::Photon& p) const {
  const double flat = p.u * p.u + p.v * p.v;
  if (flat < 1e-12) return false;
  const double b = p.x * p.u + p.y * p.v, c = p.x * p.x + p.y * p.y - inner_ * inner_;
  const double root = b * b - flat * c;
  if (root < 0) return false;
  const double far = (-b + std::sqrt(root)) / flat;
  if (far < 0 || std::abs(p.z + far * p.w) > half_length_) return false;
  p.x += far * p.u, p.y += far * p.v, p.z += far * p.w;
  p.path_mm += far;
  return true;
}

bool PetRing::crosses_cover(const transport::Photon& p, transport::Stream& random) const {
  if (cover_mm_ <= 0) return true;
  const double straight = (p.x * p.u + p.y * p.v) / inner_;  // cosine to the cover's normal
  const auto at = tables_.at(1, transport::EnergyBin(static_cast<float>(p.energy_kev)));
  return random.exponential() * straight > cover_mm_ * static_cast<double>(at.photoelectric);
}

double PetRing::to_exit_mm(const transport::Photon& p) const {
  const double flat = p.u * p.u + p.v * p.v;
  double exit = p.w > 0   ? (half_length_ - p.z) / p.w
                : p.w < 0 ? (-half_length_ - p.z) / p.w
                          : 1e300;
  if (flat > 1e-12) {
    const double b = p.x * p.u + p.y * p.v, r2 = p.x * p.x + p.y * p.y;
    exit = std::min(exit,
                    (-b + std::sqrt(std::max(b * b - flat * (r2 - outer_ * outer_), 0.0))) / flat);
    const double inward = b * b - flat * (r2 - inner_ * inner_);
    if (b < 0 && inward > 0 && r2 > inner_ * inner_)
      exit = std::min(exit, (-b - std::sqrt(inward)) / flat);
  }
  return std::max(exit, 0.0);
}

}  // namespace sojourn::simulate
