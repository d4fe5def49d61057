#include "sojourn/dose/cluster_dose.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::dose {
namespace {

constexpr int kMostCells = 100000;

/// Squared lattice distances (in units where neighbours are sqrt 2 apart) of the nearest `others`
/// places, each with how many there are.
std::map<int, int> shells_of(int others) {
  // a ball of this radius holds them: two places to a volume of 4 in these units
  const int reach =
      static_cast<int>(std::ceil(std::cbrt(0.75 / std::numbers::pi * 2.0 * others))) + 3;
  std::map<int, int> all;
  for (int i = -reach; i <= reach; ++i)
    for (int j = -reach; j <= reach; ++j)
      for (int k = -reach; k <= reach; ++k)
        if ((i + j + k) % 2 == 0 && (i != 0 || j != 0 || k != 0)) ++all[i * i + j * j + k * k];
  std::map<int, int> nearest;
  for (const auto& [square, count] : all) {
    if (others == 0) break;
    const int taken = std::min(others, count);
    nearest[square] = taken;
    others -= taken;
  }
  return nearest;
}

}  // namespace

double nucleus_from_neighbour(const std::vector<ElectronLine>& lines, const CellShape& shape,
                              double distance_um) {
  const double c = shape.cell_radius_um;
  SOJOURN_EXPECT(distance_um >= 2 * c * (1 - 1e-9));
  // a source at distance a of the nucleus's middle: density 3 a (c² - (a - d)²) / (4 d c³)
  constexpr int kPlaces = 12;
  double sum = 0, weight = 0;
  for (int i = 0; i < kPlaces; ++i) {
    const double u = (2 * i + 1.0) / kPlaces - 1, a = distance_um + u * c;
    const double density = a * (1 - u * u);
    sum += density * dose_from_point_gy(lines, a, shape.nucleus_radius_um);
    weight += density;
  }
  return sum / weight;
}

ClusterDose cluster_dose(const std::vector<ElectronLine>& lines, const CellShape& shape,
                         int cells) {
  if (cells < 1 || cells > kMostCells)
    refuse("a cluster of {} cells: between 1 and {}", cells, kMostCells);
  ClusterDose d;
  d.own = cell_s_values(lines, shape).n_c;
  const double unit_um = 2 * shape.cell_radius_um / std::numbers::sqrt2;
  for (const auto& [square, count] : shells_of(cells - 1))
    d.cross += count * nucleus_from_neighbour(lines, shape, unit_um * std::sqrt(square));
  const double packing = std::numbers::pi / (3 * std::numbers::sqrt2);
  d.radius_um = shape.cell_radius_um * std::cbrt(cells / packing);
  return d;
}

}  // namespace sojourn::dose
