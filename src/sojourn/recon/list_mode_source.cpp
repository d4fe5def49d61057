#include "sojourn/recon/list_mode_source.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/random.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/units/units.h"

namespace sojourn::recon {
namespace {

using records::RingGeometry;

/// End points and outward normals of all crystals.
struct Crystals {
  std::vector<std::array<float, 3>> point_mm;
  std::vector<image::Vec3> face_mm;  ///< middle of the front
  std::vector<std::array<double, 2>> normal;
  double area_mm2 = 0;

  Crystals(const RingGeometry& g, double depth_mm)
      : area_mm2(g.crystal_tangential_mm * g.crystal_axial_mm) {
    for (std::uint32_t c = 0; c < g.crystals(); ++c) {
      const auto p = g.point_mm(c, depth_mm);
      face_mm.push_back(g.point_mm(c, 0));
      point_mm.push_back(
          {static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])});
      const auto in_ring = c % static_cast<std::uint32_t>(g.crystals_per_ring());
      const auto sector = in_ring / static_cast<std::uint32_t>(g.crystals_per_sector());
      const double angle = 2 * std::numbers::pi * sector / g.sectors;
      normal.push_back({std::cos(angle), std::sin(angle)});
    }
  }
  [[nodiscard]] projector::Lor line(std::size_t a, std::size_t b) const {
    return {point_mm[a], point_mm[b]};
  }
  [[nodiscard]] float normalisation(std::size_t a, std::size_t b) const {
    const auto d = [&](std::size_t i) { return face_mm[b][i] - face_mm[a][i]; };
    const double squares = d(0) * d(0) + d(1) * d(1) + d(2) * d(2);
    if (!(squares > 0)) return 0;
    const double cos_a = -(normal[a][0] * d(0) + normal[a][1] * d(1)) / std::sqrt(squares);
    const double cos_b = (normal[b][0] * d(0) + normal[b][1] * d(1)) / std::sqrt(squares);
    if (!(cos_a > 0 && cos_b > 0)) return 0;  // one would have to see the other through its back
    return static_cast<float>(area_mm2 * area_mm2 * cos_a * cos_b /
                              (2 * std::numbers::pi * squares));
  }
};

void events(io::ListModeReader& reader, const Crystals& crystals, Acquisition& a) {
  const bool tof = a.tof.has_value();
  for (std::size_t block = 0; block < reader.blocks().size(); ++block) {
    for (const auto& e : reader.read(block)) {
      if (e.crystal_a >= crystals.point_mm.size() || e.crystal_b >= crystals.point_mm.size())
        refuse("block {}: an event of crystals {} and {}, outside the scanner of {}", block,
               e.crystal_a, e.crystal_b, crystals.point_mm.size());
      const auto lor = crystals.line(e.crystal_a, e.crystal_b);
      if ((e.flags & records::kDelayed) != 0) {
        a.delayed.push_back(lor);
        continue;
      }
      const float n = crystals.normalisation(e.crystal_a, e.crystal_b);
      if (!(n > 0)) continue;  // neighbours in a sector: no line through the subject
      a.measured.lines.lors.push_back(lor);
      a.normalisation.push_back(n);
      if (tof)
        a.measured.lines.tof_mm.push_back(
            static_cast<float>(e.tof_ps * projector::tof_mm_per_ps()));
    }
  }
}

void sample(const Crystals& crystals, const ReadChoices& choices, Acquisition& a) {
  const auto n = static_cast<double>(crystals.point_mm.size());
  core::Random random(choices.seed);
  for (std::size_t i = 0; i < choices.sensitivity_lines; ++i) {
    const auto p = static_cast<std::size_t>(random.uniform() * n);
    const auto q = static_cast<std::size_t>(random.uniform() * n);
    const float normalisation = crystals.normalisation(p, q);
    if (!(normalisation > 0)) continue;
    a.lines.push_back(crystals.line(p, q));
    a.line_normalisation.push_back(normalisation);
  }
  a.weight = n * n / 2 / static_cast<double>(choices.sensitivity_lines);
}

}  // namespace

Acquisition read_sojourn_list(const std::filesystem::path& file, const ReadChoices& choices) {
  io::ListModeReader reader(file);
  const auto& h = reader.header();
  const auto& g = h.geometry;
  Acquisition a;
  a.format = "Sojourn list mode";
  a.scanner = h.scanner;
  a.nuclide = h.nuclide;
  a.duration_s = h.duration_s;
  a.energy_low_kev = h.energy_low_kev;
  a.energy_resolution_511 = h.energy_resolution_511;
  if (h.tof_fwhm_ps > 0) {
    constexpr double kCut_sigmas = 3.5;
    a.tof = {h.tof_fwhm_ps / units::kFwhmPerSigma * projector::tof_mm_per_ps(), 0, kCut_sigmas};
  }
  const Crystals crystals(g, h.depth_of_interaction_mm);
  events(reader, crystals, a);
  if (a.measured.size() == 0) refuse("{}: holds no prompt event", file.string());
  sample(crystals, choices, a);
  const double voxel = g.pitch_tangential_mm / 2;
  a.grid = covering_grid(0.6 * g.radius_mm, g.half_length_mm(), std::max(voxel, g.radius_mm / 200),
                         std::max(g.pitch_axial_mm / 2, g.radius_mm / 200));
  return a;
}

}  // namespace sojourn::recon
