#include "sojourn/transport/electron_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/positron_range.h"

namespace sojourn::transport {
namespace {

constexpr double kElectronKev = 510.99895;              // CODATA 2018
constexpr double kFineStructure = 7.2973525693e-3;      // CODATA 2018
constexpr double kElectronRadiusMm = 2.8179403262e-12;  // CODATA 2018
constexpr double kAvogadro = 6.02214076e23;
constexpr double kMoleculesPerMm3 = kAvogadro * 1e-3 / 18.01528;
constexpr std::array<std::array<double, 2>, 2> kWater{{{1, 2}, {8, 1}}};  // number, atoms
constexpr double kElectrons = 10;                                         // in a molecule
constexpr double kLowest_kev = 1, kMost_kev = 5000;
constexpr std::size_t kRows = 400;
/// Mean free path of hard deflections: this part of the transport mean free path, or the path on
/// which this part of the energy is lost.
constexpr double kTurnPart = 0.05, kLossPart = 0.05;

/// ∫ of Moller's cross section and of the loss times it from the cut to half of the energy, per mm
/// and keV/mm.
struct KnockOn {
  double events = 0, loss = 0;
};

KnockOn knock_on(double e, double cut) {
  if (cut >= e / 2) return {};
  const double tau = e / kElectronKev, g = tau + 1, beta2 = tau * (tau + 2) / (g * g);
  const double front = 2 * std::numbers::pi * kElectronRadiusMm * kElectronRadiusMm * kElectronKev /
                       beta2 * kElectrons * kMoleculesPerMm3;
  const double third = (tau / g) * (tau / g) / (e * e), fourth = (2 * tau + 1) / (g * g);
  const auto events = [&](double w) {
    return -1 / w + 1 / (e - w) + third * w - fourth / e * std::log(w / (e - w));
  };
  const auto loss = [&](double w) {
    return std::log(w) + e / (e - w) + std::log(e - w) + third * w * w / 2 +
           fourth * std::log(e - w);
  };
  return {front * (events(e / 2) - events(cut)), front * (loss(e / 2) - loss(cut))};
}

/// 2 ∫_0^mu m/(m + eta)² dm: first transport moment of the screened law.
double transport_moment(double mu, double eta) {
  return 2 * (std::log((mu + eta) / eta) - mu / (mu + eta));
}

ElectronRow row_of(double e, double cut) {
  const double tau = e / kElectronKev, g = tau + 1, p2 = tau * (tau + 2), beta2 = p2 / (g * g);
  ElectronRow r;
  r.beta = std::sqrt(beta2);
  double strength = 0, log_eta = 0;
  for (const auto& [z, atoms] : kWater) {
    const double angle = kFineStructure * std::cbrt(z) / 0.885 / std::sqrt(p2);
    const double coulomb = z * kFineStructure / r.beta;
    const double eta = angle * angle * (1.13 + 3.76 * coulomb * coulomb) / 4;
    strength += atoms * z * z;
    log_eta += atoms * z * z * std::log(eta);
  }
  r.screening = std::exp(log_eta / strength);
  const double unit =
      std::numbers::pi * kElectronRadiusMm * kElectronRadiusMm / (p2 * beta2) * kMoleculesPerMm3;
  const double nuclear = unit * strength, eta = r.screening;
  const auto hard = knock_on(e, cut);
  r.knock_on = hard.events;
  r.radiation = nuclide::water_radiation_kev_per_mm(e);
  const double collisions =
      nuclide::water_stopping_kev_per_mm(e, nuclide::Lepton::electron) - r.radiation;
  r.soft_loss = std::max(collisions - hard.loss, 0.05 * collisions);
  const double transport = nuclear * transport_moment(1, eta);
  const double inverse_path = std::max(1 / (kTurnPart / transport), collisions / (kLossPart * e));
  const double all = nuclear / (eta * (1 + eta));  // every deflection
  r.hard_turn = std::min(inverse_path, all);
  // nuclear (1/(mu + eta) - 1/(1 + eta)) = hard_turn
  r.mu_cut = std::max(1 / (r.hard_turn / nuclear + 1 / (1 + eta)) - eta, 0.0);
  // electrons turn too; a collision that loses the cut turns by this much
  const double largest = std::min(cut, e / 2);
  const double cosine =
      std::sqrt((e - largest) * (e + 2 * kElectronKev) / (e * (e - largest + 2 * kElectronKev)));
  r.soft_turn = nuclear * transport_moment(r.mu_cut, eta) +
                unit * kElectrons * transport_moment((1 - cosine) / 2, eta);
  return r;
}

}  // namespace

ElectronTables::ElectronTables(double highest_kev, double loss_cut_kev)
    : highest_kev_(highest_kev), cut_kev_(loss_cut_kev) {
  if (!(highest_kev >= 2 && highest_kev <= kMost_kev))
    refuse("electrons of {} keV are outside the tables (2 keV to 5 MeV)", highest_kev);
  if (!(loss_cut_kev >= 0.05)) refuse("a cut of {} keV is under 0.05 keV", loss_cut_kev);
  const double whole = std::log(highest_kev / kLowest_kev);
  per_log_ = (kRows - 1) / whole;
  for (std::size_t i = 0; i < kRows; ++i)
    rows_.push_back(
        row_of(std::min(kLowest_kev * std::exp(static_cast<double>(i) / per_log_), highest_kev),
               loss_cut_kev));
}

ElectronRow ElectronTables::at(double energy_kev) const {
  const double place = std::clamp(std::log(energy_kev / kLowest_kev) * per_log_, 0.0,
                                  static_cast<double>(kRows - 1));
  const auto i = std::min(static_cast<std::size_t>(place), kRows - 2);
  const double part = place - static_cast<double>(i);
  const auto& a = rows_[i];
  const auto& b = rows_[i + 1];
  const auto mix = [&](double ElectronRow::*m) { return a.*m + part * (b.*m - a.*m); };
  return {mix(&ElectronRow::soft_loss), mix(&ElectronRow::radiation), mix(&ElectronRow::knock_on),
          mix(&ElectronRow::hard_turn), mix(&ElectronRow::mu_cut),    mix(&ElectronRow::soft_turn),
          mix(&ElectronRow::screening), mix(&ElectronRow::beta)};
}

}  // namespace sojourn::transport
