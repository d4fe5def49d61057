#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/material/cross_sections.h"
#include "sojourn/transport/electron_tables.h"
#include "sojourn/transport/photon.h"
#include "sojourn/transport/stream.h"

namespace sojourn::transport {

/// An electron on its way has what a photon has: place, direction, energy.
using Electron = Photon;

namespace detail {

/// Loss in a knock-on collision, keV: Moller's law between the cut and half of the energy, by
/// rejection from 1/w².
inline double knock_on_loss_kev(double e, double cut, Stream& random) {
  const double tau = e / material::kElectronKev, g = tau + 1;
  const double third = (tau / g) * (tau / g), fourth = (2 * tau + 1) / (g * g);
  const double least = cut / e;
  for (;;) {
    const double u = random.uniform();
    const double k = 1 / (1 / least - u * (1 / least - 2));  // 1/k even between 2 and 1/least
    const double other = k / (1 - k);
    const double law = 1 + other * other + third * k * k - fourth * other;  // times 1/k²
    if (random.uniform() * (2 + third / 4) <= law) return k * e;
  }
}

/// Cosine by which the electron of `energy` leaves a collision in which it lost `loss`, and that of
/// the electron it set free.
inline double cosine_after_kev(double energy, double left) {
  const double m2 = 2 * material::kElectronKev;
  return std::sqrt(std::min(1.0, left * (energy + m2) / (energy * (left + m2))));
}

/// (1 - cos)/2 of a soft step: mean (1 - e^(-turns))/2, exponential up to 1.
inline double soft_mu(double turns, Stream& random) {
  const double mean = -0.5 * std::expm1(-turns);
  for (;;) {
    const double mu = mean * random.exponential();
    if (mu <= 1) return mu;
  }
}

inline void fly(Electron& p, double length) {
  p.x += length * p.u, p.y += length * p.v, p.z += length * p.w;
}

/// A step between hard events: two straight pieces that meet at a random hinge, where the soft
/// deflections act; the soft loss is deposited at a random place of the path.
template <typename Deposit>
void soft_step(Electron& p, const ElectronTables& tables, double length, double loss_rate,
               Stream& random, Deposit&& deposit) {
  // losses at the middle of the step
  const double middle = std::max(p.energy_kev - 0.5 * length * loss_rate, 0.5 * p.energy_kev);
  const ElectronRow half = tables.at(middle);
  const double soft = std::min(length * half.soft_loss, p.energy_kev);
  const double hinge = length * random.uniform(), scored = length * random.uniform();
  if (scored <= hinge) {
    fly(p, scored);
    deposit(p.x, p.y, p.z, soft);
    fly(p, hinge - scored);
  } else {
    fly(p, hinge);
  }
  turn(p, 1 - 2 * soft_mu(length * half.soft_turn, random), random);
  if (scored > hinge) {
    fly(p, scored - hinge);
    deposit(p.x, p.y, p.z, soft);
    fly(p, length - scored);
  } else {
    fly(p, length - hinge);
  }
  p.energy_kev -= soft + length * half.radiation;
}

/// A nuclear deflection beyond the cut: the screened law, then the spin term of McKinley and
/// Feshbach for Z = 8 (of which nearly all deflections are made) by rejection.
inline void hard_turn(Electron& p, const ElectronRow& row, Stream& random) {
  constexpr double kSpin = std::numbers::pi * 8 * 7.2973525693e-3;
  const double least = 1 / (1 + row.screening);
  const double inverse = least + random.uniform() * (1 / (row.mu_cut + row.screening) - least);
  const double mu = 1 / inverse - row.screening;
  const double law = 1 - row.beta * row.beta * mu + kSpin * row.beta * (std::sqrt(mu) - mu);
  if (random.uniform() * (1 + kSpin * row.beta / 4) < law) turn(p, 1 - 2 * mu, random);
}

/// Electrons that wait to be followed.
class WaitingElectrons {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  bool push(const Electron& e) {
    if (count_ == electrons_.size()) return false;
    electrons_[count_++] = e;
    return true;
  }
  Electron pop() { return electrons_[--count_]; }

 private:
  std::array<Electron, 64> electrons_;
  std::size_t count_ = 0;
};

/// A collision over the cut: both electrons go on, or the slow one stops here.
template <typename Deposit>
void knock_on(Electron& p, double loss_cut_kev, double cut_kev, WaitingElectrons& waiting,
              Stream& random, Deposit&& deposit) {
  if (loss_cut_kev >= 0.5 * p.energy_kev) return;
  const double loss = knock_on_loss_kev(p.energy_kev, loss_cut_kev, random);
  Electron free = p;
  free.energy_kev = loss;
  if (loss > cut_kev) turn(free, cosine_after_kev(p.energy_kev, loss), random);
  if (loss <= cut_kev || !waiting.push(free)) deposit(p.x, p.y, p.z, loss);
  turn(p, cosine_after_kev(p.energy_kev, p.energy_kev - loss), random);
  p.energy_kev -= loss;
}

}  // namespace detail

/// Follows an electron and all that it sets free until each falls under `cut_kev`, where the rest
/// is deposited.
/// @param deposit called as deposit(x, y, z, keV), in mm. Bremsstrahlung is not deposited.
template <typename Deposit>
void follow_electron(const Electron& first, const ElectronTables& tables, double cut_kev,
                     Stream& random, Deposit&& deposit) {
  constexpr double kMostLoss = 0.05;  // of the energy, in a step
  detail::WaitingElectrons waiting;
  waiting.push(first);
  while (!waiting.empty()) {
    Electron p = waiting.pop();
    while (p.energy_kev > cut_kev) {
      const ElectronRow row = tables.at(p.energy_kev);
      // events grow more frequent as energy is lost: tentative ones by the higher rate
      const ElectronRow far = tables.at((1 - kMostLoss) * p.energy_kev);
      const double hard =
          std::max(row.hard_turn, far.hard_turn) + std::max(row.knock_on, far.knock_on);
      const double loss_rate = row.soft_loss + row.radiation;
      const double longest = kMostLoss * p.energy_kev / loss_rate;
      const double flown = random.exponential() / hard;
      detail::soft_step(p, tables, std::min(flown, longest), loss_rate, random, deposit);
      if (p.energy_kev <= cut_kev || flown >= longest) continue;
      const ElectronRow now = tables.at(p.energy_kev);
      const double choice = random.uniform() * hard;
      if (choice < now.hard_turn)
        detail::hard_turn(p, now, random);
      else if (choice < now.hard_turn + now.knock_on)
        detail::knock_on(p, tables.loss_cut_kev(), cut_kev, waiting, random, deposit);
    }
    if (p.energy_kev > 0) deposit(p.x, p.y, p.z, p.energy_kev);
  }
}

}  // namespace sojourn::transport
