#include "sojourn/nuclide/positron_range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/beta_spectrum.h"
#include "sojourn/units/units.h"

namespace sojourn::nuclide {
namespace {

constexpr double kElectronKev = 510.99895;              // CODATA 2018
constexpr double kFineStructure = 7.2973525693e-3;      // CODATA 2018
constexpr double kElectronRadiusMm = 2.8179403262e-12;  // CODATA 2018
constexpr double kAvogadro = 6.02214076e23;
constexpr double kLeastKev = 1, kMostKev = 5000;

struct Part {
  double number, mass_fraction, molar_g;
};
// Water: atomic number, share of the mass, g/mol (ICRU Report 37, table 5.3)
constexpr std::array<Part, 2> kWater{{{1, 0.111894, 1.00794}, {8, 0.888106, 15.9994}}};
constexpr double kDensityGPerMm3 = 1e-3;
constexpr double kExcitationKev = 0.075;  // mean excitation energy, ICRU Report 37

/// Density effect of liquid water after Sternheimer, Berger and Seltzer (At Data Nucl Data Tables
/// 30 (1984) 261) as ESTAR prints it: energy in keV, delta. Their fit in five constants would be
/// 0.1 too high at 1 MeV, which is 0.5 % of the stopping power.
constexpr std::array<std::array<double, 2>, 17> kDensityEffect{{{500, 0},
                                                                {550, 0.01103},
                                                                {600, 0.02938},
                                                                {700, 0.07435},
                                                                {800, 0.1267},
                                                                {900, 0.1835},
                                                                {1000, 0.2428},
                                                                {1250, 0.3944},
                                                                {1500, 0.5437},
                                                                {1750, 0.6866},
                                                                {2000, 0.8218},
                                                                {2500, 1.069},
                                                                {3000, 1.288},
                                                                {3500, 1.484},
                                                                {4000, 1.660},
                                                                {4500, 1.821},
                                                                {5000, 1.967}}};

double density_effect(double energy_kev) {
  const auto above =
      std::find_if(kDensityEffect.begin(), kDensityEffect.end(),
                   [&](const std::array<double, 2>& row) { return row[0] >= energy_kev; });
  if (above == kDensityEffect.begin()) return 0;
  if (above == kDensityEffect.end()) return kDensityEffect.back()[1];
  const auto& [e1, d1] = *above;
  const auto& [e0, d0] = *(above - 1);
  return d0 + (d1 - d0) * (energy_kev - e0) / (e1 - e0);
}

double collision_kev_per_mm(double energy_kev, Lepton lepton) {
  const double tau = energy_kev / kElectronKev, g = tau + 1;
  const double beta2 = tau * (tau + 2) / (g * g);
  double shape = 0;
  if (lepton == Lepton::electron) {
    shape = 1 - beta2 + (tau * tau / 8 - (2 * tau + 1) * std::numbers::ln2) / (g * g);
  } else {
    const double u = tau + 2;
    shape = 2 * std::numbers::ln2 - beta2 / 12 * (23 + 14 / u + 10 / (u * u) + 4 / (u * u * u));
  }
  const double i = kExcitationKev / kElectronKev;
  const double brackets =
      std::log(tau * tau * (tau + 2) / (2 * i * i)) + shape - density_effect(energy_kev);
  double electrons = 0;  // per mm3
  for (const auto& p : kWater)
    electrons += kAvogadro * kDensityGPerMm3 * p.mass_fraction * p.number / p.molar_g;
  return 2 * std::numbers::pi * kElectronRadiusMm * kElectronRadiusMm * kElectronKev * electrons /
         beta2 * brackets;
}

double radiation_kev_per_mm(double energy_kev) {
  const double g = energy_kev / kElectronKev + 1;
  const double form = std::max(16.0 / 3, 4 * std::log(2 * g) - 4.0 / 3);
  double sum = 0;
  for (const auto& p : kWater)
    sum += kAvogadro * kDensityGPerMm3 * p.mass_fraction * p.number * (p.number + 1) / p.molar_g;
  return kFineStructure * kElectronRadiusMm * kElectronRadiusMm * sum * kElectronKev * g * form;
}

/// Inverse transport mean free path of positrons, 1/mm: integral of (1 - cos) over Moliere's
/// screened Rutherford cross section times 1 - beta^2 s^2 - pi alpha Z beta s (1 - s), s =
/// sin(angle/2). Z (Z + 1) counts the deflections by electrons.
double transport_per_mm(double energy_kev) {
  const double tau = energy_kev / kElectronKev, g = tau + 1;
  const double p2 = tau * (tau + 2), beta2 = p2 / (g * g), beta = std::sqrt(beta2);
  double sum = 0;
  for (const auto& part : kWater) {
    const double z = part.number;
    const double angle = kFineStructure * std::cbrt(z) / 0.885 / std::sqrt(p2);
    const double coulomb = z * kFineStructure / beta;
    const double eta = angle * angle * (1.13 + 3.76 * coulomb * coulomb) / 4;
    const double integral =
        std::log1p(1 / eta) - 1 / (1 + eta) - beta2 - std::numbers::pi * kFineStructure * z * beta;
    const double atoms = kAvogadro * kDensityGPerMm3 * part.mass_fraction / part.molar_g;
    sum += atoms * z * (z + 1) * std::max(integral, 0.0);
  }
  return 2 * std::numbers::pi * kElectronRadiusMm * kElectronRadiusMm * sum / (p2 * beta2);
}

/// Path, mean forward advance and <r^2> of particles that start with each energy.
struct Table {
  std::vector<double> energy, path, advance, square;
};

/// Upwards in energy: dL/dpath = 1 - L/transport path, d<r^2>/dpath = 2 L.
Table make_table(Lepton lepton) {
  constexpr int kSteps = 2000;
  const double ratio = std::pow(kMostKev / kLeastKev, 1.0 / kSteps);
  Table t;
  double path = kLeastKev / water_stopping_kev_per_mm(kLeastKev, lepton);
  double advance = 0, square = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double energy = kLeastKev * std::pow(ratio, i);
    if (i > 0) {
      const double before = t.energy.back(), middle = std::sqrt(before * energy);
      const auto inverse = [&](double e) { return 1 / water_stopping_kev_per_mm(e, lepton); };
      const double step =
          (energy - before) / 6 * (inverse(before) + 4 * inverse(middle) + inverse(energy));
      const double k = transport_per_mm(middle), rest = std::exp(-k * step);
      const double next = advance * rest + (1 - rest) / k;
      square += (advance + next) * step;
      advance = next;
      path += step;
    }
    t.energy.push_back(energy);
    t.path.push_back(path);
    t.advance.push_back(advance);
    t.square.push_back(square);
  }
  return t;
}

const Table& table(Lepton lepton) {
  static const Table electron = make_table(Lepton::electron),
                     positron = make_table(Lepton::positron);
  return lepton == Lepton::electron ? electron : positron;
}

/// Between grid points; under the first one in proportion to the energy.
double look_up(const Table& t, const std::vector<double>& values, double energy_kev) {
  SOJOURN_EXPECT(energy_kev >= 0 && energy_kev <= kMostKev);
  if (energy_kev <= kLeastKev) return values.front() * energy_kev / kLeastKev;
  const double at = std::log(energy_kev / kLeastKev) / std::log(kMostKev / kLeastKev) *
                    static_cast<double>(t.energy.size() - 1);
  const auto i = std::min(static_cast<std::size_t>(at), t.energy.size() - 2);
  const double part = (energy_kev - t.energy[i]) / (t.energy[i + 1] - t.energy[i]);
  return values[i] + part * (values[i + 1] - values[i]);
}

double square_mm2(double energy_kev) {
  const auto& t = table(Lepton::positron);
  return look_up(t, t.square, energy_kev);
}

/// Mean of f over the emitted positrons, Simpson's rule between the points of the spectrum.
template <typename F>
double over_spectrum(std::string_view name, F f) {
  const auto& s = beta_spectrum(name, BetaSign::plus);
  double sum = 0;
  for (std::size_t i = 1; i < s.energies_kev.size(); ++i) {
    const double e0 = s.energies_kev[i - 1], e1 = s.energies_kev[i];
    const double y0 = s.density_per_kev[i - 1], y1 = s.density_per_kev[i];
    sum += (e1 - e0) / 6 * (y0 * f(e0) + 2 * (y0 + y1) * f((e0 + e1) / 2) + y1 * f(e1));
  }
  return sum;
}

}  // namespace

double water_stopping_kev_per_mm(double energy_kev, Lepton lepton) {
  SOJOURN_EXPECT(energy_kev >= kLeastKev && energy_kev <= kMostKev * (1 + 1e-9));
  return collision_kev_per_mm(energy_kev, lepton) + radiation_kev_per_mm(energy_kev);
}

double water_radiation_kev_per_mm(double energy_kev) {
  SOJOURN_EXPECT(energy_kev >= kLeastKev && energy_kev <= kMostKev * (1 + 1e-9));
  return radiation_kev_per_mm(energy_kev);
}

double csda_range_mm(double energy_kev, Lepton lepton) {
  const auto& t = table(lepton);
  return look_up(t, t.path, energy_kev);
}

double positron_rms_distance_mm(double energy_kev) { return std::sqrt(square_mm2(energy_kev)); }

double positron_turns_per_mm(double energy_kev) {
  SOJOURN_EXPECT(energy_kev >= kLeastKev && energy_kev <= kMostKev * (1 + 1e-9));
  return transport_per_mm(energy_kev);
}

double positron_mean_range_mm(std::string_view name) {
  return over_spectrum(name, [](double e) { return csda_range_mm(e, Lepton::positron); });
}

double positron_rms_distance_mm(std::string_view name) {
  return std::sqrt(over_spectrum(name, square_mm2));
}

double positron_range_fwhm_mm(std::string_view name) {
  return units::kFwhmPerSigma * positron_rms_distance_mm(name) / std::sqrt(3.0);
}

}  // namespace sojourn::nuclide
