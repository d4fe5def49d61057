#include "sojourn/material/cross_sections.h"

#include <xraylib.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::material {
namespace {

constexpr double kLeastMomentum = 1e-3;                 // 1/angstrom
constexpr double kTableEndKev = 800;                    // xraylib's tables end here
constexpr double kElectronRadiusCm = 2.8179403262e-13;  // CODATA 2018
constexpr double kFineStructure = 7.2973525693e-3;      // CODATA 2018
constexpr double kAvogadro = 6.02214076e23;

using Look = double (*)(int, double, xrl_error**);

/// xraylib's value; its error is ours. Nothing is taken for zero.
double table(Look look, int number, double at, const char* what) {
  xrl_error* error = nullptr;
  const double value = look(number, at, &error);
  if (error != nullptr) {
    const std::string message = error->message;
    xrl_error_free(error);
    throw Error(ErrorCode::bad_value,
                fmt::format("{} of element {} at {:g}: {}", what, number, at, message));
  }
  return value;
}

/// exp of the straight line through two points of the table, in logarithms.
double beyond(Look look, int number, double energy_kev, const char* what) {
  constexpr double kFromKev = 600;
  const double low = table(look, number, kFromKev, what),
               high = table(look, number, kTableEndKev, what);
  const double slope = std::log(high / low) / std::log(kTableEndKev / kFromKev);
  return high * std::pow(energy_kev / kTableEndKev, slope);
}

double electrons_per_g(int number) { return number * kAvogadro / molar_mass(number); }

}  // namespace

double molar_mass(int number) {
  xrl_error* error = nullptr;
  const double mass = AtomicWeight(number, &error);
  xrl_clear_error(&error);
  if (!(mass > 0))
    throw Error(ErrorCode::bad_value, fmt::format("no element has atomic number {}", number));
  return mass;
}

double klein_nishina_cm2(double energy_kev) {
  const double k = energy_kev / kElectronKev, b = 1 + 2 * k, l = std::log1p(2 * k);
  const double unit = 2 * std::numbers::pi * kElectronRadiusCm * kElectronRadiusCm;
  if (k < 1e-3) return unit * (4.0 / 3) * (1 - 2 * k);
  return unit *
         ((1 + k) / (k * k) * (2 * (1 + k) / b - l / k) + l / (2 * k) - (1 + 3 * k) / (b * b));
}

double pair_cm2(int number, double energy_kev) {
  const double k = energy_kev / kElectronKev;
  if (k <= 2) return 0;
  const double unit = kFineStructure * kElectronRadiusCm * kElectronRadiusCm * number * number;
  if (k < 4) {
    const double r = (2 * k - 4) / (2 + k + 2 * std::sqrt(2 * k)), s = (k - 2) / k;
    return unit * 2 * std::numbers::pi / 3 * s * s * s *
           (1 + r / 2 + 23 * r * r / 40 + 11 * r * r * r / 60 + 29 * r * r * r * r / 960);
  }
  constexpr double kZeta3 = 1.2020569031595942, kPi2 = std::numbers::pi * std::numbers::pi;
  const double l = std::log(2 * k), q = 4 / (k * k);
  return unit *
         (28.0 / 9 * l - 218.0 / 27 +
          q * (6 * l - 3.5 + 2.0 / 3 * l * l * l - l * l - kPi2 / 3 * l + 2 * kZeta3 + kPi2 / 6) -
          q * q * (3.0 / 16 * l + 0.125) - q * q * q * (29.0 / (9 * 256) * l - 77.0 / (27 * 512)));
}

MassAttenuation element_attenuation(int number, double energy_kev) {
  if (!(energy_kev >= kLowestKev && energy_kev <= kHighestKev))
    throw Error(ErrorCode::bad_value,
                fmt::format("{:g} keV lies outside the cross sections ({:g} keV to {:g} MeV)",
                            energy_kev, kLowestKev, kHighestKev / 1000));
  MassAttenuation m;
  if (energy_kev <= kTableEndKev) {
    m.photoelectric = table(CS_Photo, number, energy_kev, "photoelectric cross section");
    m.compton = table(CS_Compt, number, energy_kev, "incoherent cross section");
    m.rayleigh = table(CS_Rayl, number, energy_kev, "coherent cross section");
    return m;
  }
  m.photoelectric = beyond(CS_Photo, number, energy_kev, "photoelectric cross section");
  // every electron scatters as a free one; the factor (1.000 to 1.003) removes a step at 800 keV
  m.compton = table(CS_Compt, number, kTableEndKev, "incoherent cross section") *
              klein_nishina_cm2(energy_kev) / klein_nishina_cm2(kTableEndKev);
  m.rayleigh = beyond(CS_Rayl, number, energy_kev, "coherent cross section");
  m.pair = electrons_per_g(number) / number * pair_cm2(number, energy_kev);
  return m;
}

double incoherent_function(int number, double x) {
  if (x < kLeastMomentum) {  // the tables begin here; S goes with x squared
    const double part = std::max(x, 0.0) / kLeastMomentum;
    return part * part * incoherent_function(number, kLeastMomentum);
  }
  return table(SF_Compt, number, x, "incoherent scattering function");
}

double form_factor(int number, double x) {
  if (x < kLeastMomentum) return number;
  return table(FF_Rayl, number, x, "form factor");
}

}  // namespace sojourn::material
