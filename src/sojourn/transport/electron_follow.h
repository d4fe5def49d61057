#pragma once
#include <algorithm>
#include <array>
#include <cmath>

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

}  // namespace detail

/// Follows an electron and all that it sets free until each falls under `cut_kev`, where the rest
/// is deposited. Between hard events it flies along two straight pieces that meet at a random
/// hinge, where the soft deflections act (the random hinge of mixed simulation).
/// @param deposit called as deposit(x, y, z, keV), in mm. Bremsstrahlung is not deposited.
template <typename Deposit>
void follow_electron(const Electron& first, const ElectronTables& tables, double cut_kev,
                     Stream& random, Deposit&& deposit) {
  constexpr double kMostLoss = 0.05;  // of the energy, in a step
  std::array<Electron, 64> waiting;
  std::size_t count = 0;
  waiting[count++] = first;
  const double knock_cut = tables.loss_cut_kev();
  while (count > 0) {
    Electron p = waiting[--count];
    while (p.energy_kev > cut_kev) {
      const ElectronRow row = tables.at(p.energy_kev);
      // events grow more frequent as energy is lost: tentative ones by the higher rate
      const ElectronRow far = tables.at((1 - kMostLoss) * p.energy_kev);
      const double hard =
          std::max(row.hard_turn, far.hard_turn) + std::max(row.knock_on, far.knock_on);
      const double loss_rate = row.soft_loss + row.radiation;
      const double longest = kMostLoss * p.energy_kev / loss_rate;
      const double flown = random.exponential() / hard;
      const bool event = flown < longest;
      const double step = event ? flown : longest;
      // soft loss at the middle of the step
      const double middle = std::max(p.energy_kev - 0.5 * step * loss_rate, 0.5 * p.energy_kev);
      const ElectronRow half = tables.at(middle);
      const double soft = step * half.soft_loss, lost = soft + step * half.radiation;
      const double hinge = step * random.uniform(), scored = step * random.uniform();
      const double before = std::min(hinge, scored);
      const auto put = [&] { deposit(p.x, p.y, p.z, std::min(soft, p.energy_kev)); };
      const auto fly = [&](double length) {
        p.x += length * p.u, p.y += length * p.v, p.z += length * p.w;
      };
      if (scored <= hinge) {
        fly(before);
        put();
        fly(hinge - before);
      } else {
        fly(hinge);
      }
      turn(p, 1 - 2 * detail::soft_mu(step * half.soft_turn, random), random);
      if (scored > hinge) {
        fly(scored - hinge);
        put();
        fly(step - scored);
      } else {
        fly(step - hinge);
      }
      p.energy_kev -= lost;
      if (p.energy_kev <= cut_kev) break;
      if (!event) continue;
      const ElectronRow now = tables.at(p.energy_kev);
      const double choice = random.uniform() * hard;
      if (choice >= now.hard_turn + now.knock_on) continue;
      if (choice < now.hard_turn) {
        const double eta = now.screening, least = 1 / (1 + eta);
        const double inverse = least + random.uniform() * (1 / (now.mu_cut + eta) - least);
        const double mu = 1 / inverse - eta;
        // McKinley and Feshbach for Z = 8, of which the deflections are made
        constexpr double kSpin = 3.14159265358979 * 8 * 7.2973525693e-3;
        const double law = 1 - now.beta * now.beta * mu + kSpin * now.beta * (std::sqrt(mu) - mu);
        if (random.uniform() * (1 + kSpin * now.beta / 4) < law) turn(p, 1 - 2 * mu, random);
        continue;
      }
      if (knock_cut >= 0.5 * p.energy_kev) continue;
      const double loss = detail::knock_on_loss_kev(p.energy_kev, knock_cut, random);
      Electron free = p;
      free.energy_kev = loss;
      if (loss > cut_kev && count < waiting.size()) {
        turn(free, detail::cosine_after_kev(p.energy_kev, loss), random);
        waiting[count++] = free;
      } else {
        deposit(p.x, p.y, p.z, loss);
      }
      turn(p, detail::cosine_after_kev(p.energy_kev, p.energy_kev - loss), random);
      p.energy_kev -= loss;
    }
    if (p.energy_kev > 0) deposit(p.x, p.y, p.z, p.energy_kev);
  }
}

}  // namespace sojourn::transport
