#include "sojourn/fate/probe_kinetics.h"

#include <algorithm>
#include <cmath>

namespace sojourn::fate {
namespace {

constexpr double kPlasmaOfBlood = 0.55;  // one less haematocrit
constexpr int kSteps = 400;

double rate(double half_life_s) { return std::log(2.0) / half_life_s; }

/// Response of a compartment that fills with `in` and empties with `out` to e^(-k t).
double filled(double in, double out, double k, double t_s) {
  if (std::abs(out - k) * t_s < 1e-6) return in * t_s * std::exp(-out * t_s);
  return in * (std::exp(-k * t_s) - std::exp(-out * t_s)) / (out - k);
}

}  // namespace

ProbeKinetics kinetics_of(const catalogue::Method& method, const catalogue::Vector& vector,
                          double blood_fraction) {
  const auto& p = method.probe();
  const auto& v = vector.parameters;
  ProbeKinetics k;
  k.plasma_half_life_s =
      p.plasma_half_life_s ? p.plasma_half_life_s->value : v.plasma_half_life_s->value;
  const auto& fast =
      p.plasma_half_life_fast_s ? p.plasma_half_life_fast_s : v.plasma_half_life_fast_s;
  const auto& share = p.fast_fraction ? p.fast_fraction : v.fast_fraction;
  if (fast && share && fast->value < k.plasma_half_life_s) {
    k.plasma_half_life_fast_s = fast->value;
    k.fast_fraction = share->value;
  }
  k.extravasation_per_s = v.extravasation_per_s->value;
  k.interstitial_fraction = v.interstitial_fraction->value;
  k.initial_suv = 1 / (kPlasmaOfBlood * blood_fraction);
  k.kd_nm = p.affinity_kd_nm->value;
  return k;
}

double plasma_suv(const ProbeKinetics& k, double t_s) {
  double curve = (1 - k.fast_fraction) * std::exp(-rate(k.plasma_half_life_s) * t_s);
  if (k.fast_fraction > 0)
    curve += k.fast_fraction * std::exp(-rate(k.plasma_half_life_fast_s) * t_s);
  return k.initial_suv * curve;
}

double interstitial_suv(const ProbeKinetics& k, double t_s) {
  const double exchange = k.extravasation_per_s / k.interstitial_fraction;
  double curve =
      (1 - k.fast_fraction) * filled(exchange, exchange, rate(k.plasma_half_life_s), t_s);
  if (k.fast_fraction > 0)
    curve += k.fast_fraction * filled(exchange, exchange, rate(k.plasma_half_life_fast_s), t_s);
  return k.initial_suv * std::max(0.0, curve);
}

double captured_suv(const ProbeKinetics& k, double t_s) {
  const auto integral = [&](double half_life_s) {
    return -std::expm1(-rate(half_life_s) * t_s) / rate(half_life_s);
  };
  double curve = (1 - k.fast_fraction) * integral(k.plasma_half_life_s);
  if (k.fast_fraction > 0) curve += k.fast_fraction * integral(k.plasma_half_life_fast_s);
  return k.initial_suv * k.extravasation_per_s * curve;
}

double occupancy(const ProbeKinetics& k, double nm_per_suv, double t_s) {
  // dq/dt = kon c (1 - q) - kon Kd q, c constant over a step: exact within it
  double q = 0;
  const double step = t_s / kSteps;
  for (int i = 0; i < kSteps; ++i) {
    const double c = nm_per_suv * interstitial_suv(k, (i + 0.5) * step);
    const double total = kAssociation_per_nm_s * (c + k.kd_nm);
    const double level = c / (c + k.kd_nm);
    q = level + (q - level) * std::exp(-total * step);
  }
  return q;
}

}  // namespace sojourn::fate
