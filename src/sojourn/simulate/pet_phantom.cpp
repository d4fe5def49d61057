#include "sojourn/simulate/pet_phantom.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::simulate {
namespace {

bool in_circle(double x, double y, double diameter_mm) {
  return 4 * (x * x + y * y) <= diameter_mm * diameter_mm;
}

struct ScatterPhantom {
  double diameter_mm, length_mm, line_offset_mm, line_mm, voxel_mm, voxel_z_mm;
};

ScatterPhantom scatter_phantom(const std::string& which) {
  if (which == "human") return {203, 700, 45, 700, 2, 5};
  if (which == "mouse") return {25, 70, 10, 60, 0.5, 1};
  if (which == "rat") return {50, 150, 17.5, 140, 0.5, 1};
  refuse("no NEMA scatter phantom for \"{}\" (human, mouse, rat)", which);
}

}  // namespace

image::Geometry centred_grid(const image::Vec3& edges_mm, const image::Vec3& voxel_mm) {
  image::Geometry g;
  for (std::size_t a = 0; a < 3; ++a) {
    g.size[a] = static_cast<int>(std::ceil(edges_mm[a] / voxel_mm[a] - 1e-9));
    g.spacing_mm[a] = voxel_mm[a];
    g.origin_mm[a] = -(g.size[a] - 1) / 2.0 * voxel_mm[a];
  }
  return g;
}

PetPhantom voxelise(const image::Geometry& g, const std::vector<transport::Medium>& media,
                    int points, const std::function<PhantomPoint(double, double, double)>& at) {
  PetPhantom p;
  p.activity = image::Volume<float>(g);
  std::vector<std::uint8_t> medium(g.voxels());
  const auto slice = static_cast<std::size_t>(g.size[0]) * static_cast<std::size_t>(g.size[1]);
  core::parallel_for(static_cast<std::size_t>(g.size[2]), [&](std::size_t k) {
    for (std::size_t n = k * slice; n < (k + 1) * slice; ++n) {
      const auto index = g.index_of(n);
      const auto c = g.to_mm({double(index[0]), double(index[1]), double(index[2])});
      medium[n] = at(c[0], c[1], c[2]).medium;
      double sum = 0;
      for (int a = 0; a < points * points * points; ++a) {
        const auto shift = [&](int i, std::size_t axis) {
          return ((i + 0.5) / points - 0.5) * g.spacing_mm[axis];
        };
        sum += static_cast<double>(at(c[0] + shift(a % points, 0),
                                      c[1] + shift(a / points % points, 1),
                                      c[2] + shift(a / points / points, 2))
                                       .activity);
      }
      p.activity.values()[n] = static_cast<float>(sum / (points * points * points));
    }
  });
  if (!media.empty()) {
    p.tables = std::make_unique<transport::PhotonTables>(media);
    p.grid = std::make_unique<transport::VoxelGrid>(g, std::move(medium));
  }
  p.source = std::make_unique<transport::SourceMap>(g, p.activity.values());
  return p;
}

PetPhantom cylinder_phantom(const std::string& medium, double diameter_mm, double length_mm,
                            double voxel_mm) {
  const auto g =
      centred_grid({diameter_mm, diameter_mm, length_mm}, {voxel_mm, voxel_mm, voxel_mm});
  return voxelise(g, {{"air", -1}, {medium, -1}}, 2, [=](double x, double y, double z) {
    const bool in = in_circle(x, y, diameter_mm) && std::abs(z) <= length_mm / 2;
    return PhantomPoint{static_cast<std::uint8_t>(in), in ? 1.0F : 0.0F};
  });
}

PetPhantom nema_scatter_phantom(const std::string& which) {
  const auto s = scatter_phantom(which);
  constexpr double kLineMm = 3.2;  // inner diameter of the tube
  const auto g = centred_grid({s.diameter_mm, s.diameter_mm, s.length_mm},
                              {s.voxel_mm, s.voxel_mm, s.voxel_z_mm});
  return voxelise(g, {{"air", -1}, {"HDPE", -1}}, 4, [=](double x, double y, double z) {
    const bool line = in_circle(x, y + s.line_offset_mm, kLineMm) && std::abs(z) <= s.line_mm / 2;
    return PhantomPoint{static_cast<std::uint8_t>(in_circle(x, y, s.diameter_mm)),
                        line ? 1.0F : 0.0F};
  });
}

PetPhantom line_in_air(double length_mm) {
  return voxelise(centred_grid({1, 1, length_mm}, {1, 1, 1}), {}, 1, [](double, double, double) {
    return PhantomPoint{0, 1};
  });
}

PetPhantom point_in_air() {
  return voxelise(centred_grid({0.3, 0.3, 0.3}, {0.3, 0.3, 0.3}), {}, 1,
                  [](double, double, double) {
                    return PhantomPoint{0, 1};
                  });
}

PetPhantom nu4_point_source() {
  const auto g = centred_grid({9.9, 9.9, 9.9}, {0.3, 0.3, 0.3});  // 33 voxels, one in the middle
  return voxelise(g, {{"PMMA", -1}}, 1, [](double x, double y, double z) {
    const bool middle = std::max({std::abs(x), std::abs(y), std::abs(z)}) < 0.15;
    return PhantomPoint{0, middle ? 1.0F : 0.0F};
  });
}

PetPhantom nu4_image_quality() {
  // z: rods -25 to -5 mm (20 mm), uniform -5 to 10, chambers 10 to 25 (NU 4-2008, figure 7-1)
  const auto g = centred_grid({33.5, 33.5, 63}, {0.25, 0.25, 0.5});
  return voxelise(g, {{"air", -1}, {"PMMA", -1}, {"water", -1}}, 2,
                  [](double x, double y, double z) {
                    const PhantomPoint air{0, 0}, shell{1, 0}, hot{2, 1}, cold_water{2, 0};
                    if (!in_circle(x, y, 33.5) || std::abs(z) > 31.5) return air;
                    if (z >= -25 && z < -5) {
                      for (int rod = 1; rod <= 5; ++rod) {
                        const double angle = 2 * std::numbers::pi * rod / 5;
                        if (in_circle(x - 7 * std::cos(angle), y - 7 * std::sin(angle), rod))
                          return hot;
                      }
                      return shell;
                    }
                    if (!in_circle(x, y, 30) || z < -5 || z >= 25) return shell;
                    if (z >= 10) {
                      for (const double side : {-1.0, 1.0}) {
                        if (in_circle(x - side * 7.5, y, 8)) return side < 0 ? cold_water : air;
                        if (in_circle(x - side * 7.5, y, 10)) return shell;
                      }
                    }
                    return hot;
                  });
}

}  // namespace sojourn::simulate
