#include "sojourn/dose/cell_dose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/dose/ball_geometry.h"
#include "sojourn/dose/electron_path.h"

namespace sojourn::dose {
namespace {

constexpr double kJoulePerKev = 1.602176634e-16;  // CODATA 2018, exact
constexpr double kKgPerUm3 = 1e-15;               // water, 1 g/cm3
constexpr double kUm3PerMl = 1e12;
constexpr double kPathShift_um = 0.007;  // of the range-energy relation: its smallest scale

/// Gauss and Legendre's eight points on [-1, 1] (Abramowitz and Stegun, table 25.4).
constexpr std::array<std::array<double, 2>, 4> kGauss{{{0.183434642495650, 0.362683783378362},
                                                       {0.525532409916329, 0.313706645877887},
                                                       {0.796666477413627, 0.222381034453374},
                                                       {0.960289856497536, 0.101228536290376}}};

/// ∫ share dE between two lengths of the path still to go, in s = ln(rest + shift): the stopping
/// power changes over nanometres at the end of the path and over millimetres at its start.
template <typename Share>
double energy_between(double rest_low, double rest_high, double path_um, const Share& share) {
  const double from = std::log(rest_low + kPathShift_um), to = std::log(rest_high + kPathShift_um);
  constexpr double kPiece = 1.0;  // a factor e of the rest in each piece
  const int pieces = std::max(1, static_cast<int>(std::ceil((to - from) / kPiece)));
  double sum = 0;
  for (int p = 0; p < pieces; ++p) {
    const double half = (to - from) / pieces / 2, middle = from + (2 * p + 1) * half;
    for (const auto& [node, weight] : kGauss)
      for (const double sign : {-1.0, 1.0}) {
        const double shifted = std::exp(middle + sign * node * half);
        const double rest = std::max(shifted - kPathShift_um, 0.0);
        sum += weight * half * shifted * path_stopping_kev_per_um(rest) *
               share(std::max(path_um - rest, 0.0));
      }
  }
  return sum;
}

template <typename Share>
double energy_in_sphere_kev(double energy_kev, double reach_um, std::vector<double> kinks,
                            const Share& share) {
  const double path = path_from_energy_um(energy_kev);
  kinks.push_back(0);
  kinks.push_back(std::min(reach_um, path));
  for (double& k : kinks) k = std::clamp(k, 0.0, std::min(reach_um, path));
  std::sort(kinks.begin(), kinks.end());
  double sum = 0;
  for (std::size_t i = 1; i < kinks.size(); ++i)
    if (kinks[i] > kinks[i - 1])
      sum += energy_between(path - kinks[i], path - kinks[i - 1], path, share);
  return sum;
}

/// keV per decay in the sphere `target` from sources between two concentric spheres (inner = outer:
/// on a surface).
double energy_per_decay(const std::vector<ElectronLine>& lines, double inner, double outer,
                        double target) {
  const auto share = [&](double x) {
    return inner == outer ? share_from_point(outer, x, target)
                          : share_from_shell(inner, outer, x, target);
  };
  const std::vector<double> kinks{std::abs(outer - target), std::abs(target - inner),
                                  target + inner};
  double sum = 0;
  for (const auto& line : lines)
    sum += line.per_decay * energy_in_sphere_kev(line.energy_kev, outer + target, kinks, share);
  return sum;
}

void check_shape(const CellShape& s) {
  if (!(s.nucleus_radius_um >= 0.1 && s.nucleus_radius_um < s.cell_radius_um &&
        s.cell_radius_um <= 1000))
    refuse(
        "a nucleus of radius {} um in a cell of radius {} um: the nucleus must be at least 0.1 um "
        "and smaller than the cell, the cell at most 1 mm",
        s.nucleus_radius_um, s.cell_radius_um);
}

double volume_um3(double radius_um) { return 4 * std::numbers::pi / 3 * std::pow(radius_um, 3); }

/// An electron of 20 MeV goes 10 cm: a larger ball is endless.
double finite(double ball_radius_um) { return std::min(ball_radius_um, 2e5); }

}  // namespace

CellPart cell_part(const std::string& word) {
  if (word == "cell") return CellPart::cell;
  if (word == "nucleus") return CellPart::nucleus;
  if (word == "cytoplasm") return CellPart::cytoplasm;
  if (word == "surface") return CellPart::surface;
  refuse("\"{}\" is no part of a cell; write cell, nucleus, cytoplasm or surface", word);
}

double CellSValues::to_nucleus(CellPart source) const {
  switch (source) {
    case CellPart::nucleus:
      return n_n;
    case CellPart::cytoplasm:
      return n_cy;
    case CellPart::surface:
      return n_cs;
    case CellPart::cell:
      break;
  }
  return n_c;
}

double gy_per_kev(double radius_um) { return kJoulePerKev / (kKgPerUm3 * volume_um3(radius_um)); }

CellSValues cell_s_values(const std::vector<ElectronLine>& lines, const CellShape& shape) {
  check_shape(shape);
  const double c = shape.cell_radius_um, n = shape.nucleus_radius_um;
  const double per_cell = gy_per_kev(c), per_nucleus = gy_per_kev(n);
  CellSValues s;
  s.c_c = per_cell * energy_per_decay(lines, 0, c, c);
  s.c_cs = per_cell * energy_per_decay(lines, c, c, c);
  s.n_n = per_nucleus * energy_per_decay(lines, 0, n, n);
  s.n_cy = per_nucleus * energy_per_decay(lines, n, c, n);
  s.n_cs = per_nucleus * energy_per_decay(lines, c, c, n);
  const double inside = std::pow(n / c, 3);
  s.n_c = inside * s.n_n + (1 - inside) * s.n_cy;
  return s;
}

double dose_from_point_gy(const std::vector<ElectronLine>& lines, double distance_um,
                          double target_radius_um) {
  return gy_per_kev(target_radius_um) *
         energy_per_decay(lines, distance_um, distance_um, target_radius_um);
}

double nucleus_dose_from_around(const std::vector<ElectronLine>& lines, const CellShape& shape,
                                double ball_radius_um) {
  check_shape(shape);
  const double ball = finite(ball_radius_um), c = shape.cell_radius_um, n = shape.nucleus_radius_um;
  if (!(ball > c)) refuse("a ball of radius {} um does not hold the cell ({} um)", ball, c);
  const double source_ml = (volume_um3(ball) - volume_um3(c)) / kUm3PerMl;
  // 1 Bq s/mL: source_ml decays, the share of each that reaches the nucleus
  return gy_per_kev(n) * source_ml * energy_per_decay(lines, c, ball, n);
}

double mean_over_middle(const std::vector<ElectronLine>& lines, double ball_radius_um) {
  const double ball = finite(ball_radius_um);
  // in the middle: a source element at distance x from there deposits its share in a small target
  const double target = ball * 1e-3;
  const double middle = gy_per_kev(target) * energy_per_decay(lines, 0, ball, target);
  const double mean = gy_per_kev(ball) * energy_per_decay(lines, 0, ball, ball);
  return middle > 0 ? std::min(mean / middle, 1.0) : 1.0;
}

}  // namespace sojourn::dose
