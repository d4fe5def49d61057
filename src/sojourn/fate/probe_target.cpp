#include "sojourn/fate/probe_target.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/numerics/linear_system.h"

namespace sojourn::fate {
namespace {

constexpr double kAvogadro = 6.02214076e23;  // SI, exact
constexpr double kEnough = 1e-5;
constexpr int kFewest = 16, kMost = 16384;

/// c, q, i, and the slow and fast part of plasma.
using State = std::array<double, 5>;

struct Tissue {
  ProbeKinetics k;
  TissueTargets targets;
  double fluid;  ///< fraction of the tissue
  double slow_per_s, fast_per_s;

  [[nodiscard]] State slope(const State& y) const {
    const double total = targets.infused_nm + targets.endogenous_nm;
    const double koff = kAssociation_per_nm_s * k.kd_nm;
    const double on = kAssociation_per_nm_s * y[0] * (1 - y[1]);
    return {(k.extravasation_per_s * (y[3] + y[4] - y[0]) - total * (on - koff * y[1])) / fluid,
            on - (koff + targets.internalisation_per_s) * y[1],
            targets.internalisation_per_s * y[1], -slow_per_s * y[3], -fast_per_s * y[4]};
  }

  /// exp of [J F; 0 0] applied to (0, 1): the increment h phi_1(h J) F(y).
  [[nodiscard]] State step(const State& y, double h) const {
    const double total = targets.infused_nm + targets.endogenous_nm;
    const double koff = kAssociation_per_nm_s * k.kd_nm, kon = kAssociation_per_nm_s;
    const double filling = kon * (1 - y[1]), blocking = kon * y[0];
    const double ps = k.extravasation_per_s / fluid, per_fluid = total / fluid;
    const State f = slope(y);
    const double kint = targets.internalisation_per_s;
    const std::vector<double> a{-ps - per_fluid * filling,
                                per_fluid * (blocking + koff),
                                0,
                                ps,
                                ps,
                                f[0],
                                filling,
                                -blocking - koff - kint,
                                0,
                                0,
                                0,
                                f[1],
                                0,
                                kint,
                                0,
                                0,
                                0,
                                f[2],
                                0,
                                0,
                                0,
                                -slow_per_s,
                                0,
                                f[3],
                                0,
                                0,
                                0,
                                0,
                                -fast_per_s,
                                f[4],
                                0,
                                0,
                                0,
                                0,
                                0,
                                0};
    const std::vector<double> start{0, 0, 0, 0, 0, 1};
    const auto moved = numerics::propagate(a, start, h);
    State next = y;
    for (std::size_t i = 0; i < next.size(); ++i) next[i] += moved[i];
    return next;
  }

  [[nodiscard]] State after(State y, double t_s, int steps) const {
    for (int i = 0; i < steps; ++i) y = step(y, t_s / steps);
    return y;
  }

  /// The same; nothing where steps as long as these leave what can be (occupancies far outside
  /// [0, 1] grow without end).
  [[nodiscard]] std::optional<State> tried(const State& y, double t_s, int steps) const {
    constexpr double kSlack = 0.01;
    try {
      const State end = after(y, t_s, steps);
      if (end[1] >= -kSlack && end[1] <= 1 + kSlack) return end;
    } catch (const Error&) {  // propagate: the solution overflows
    }
    return std::nullopt;
  }
};

/// Two answers for what is in the fluid, on the targets and inside.
bool near(const State& coarse, const State& fine) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(fine[i] - coarse[i]) > kEnough * std::max(std::abs(fine[i]), 1e-12)) return false;
  return true;
}

}  // namespace

double targets_nm(double copies, double cells_per_ml) {
  return copies * cells_per_ml / kAvogadro * 1e9 * 1e3;
}

ProbeInTissue probe_in_tissue(const ProbeKinetics& k, const TissueTargets& targets,
                              double nm_per_suv, double t_s) {
  SOJOURN_EXPECT(t_s >= 0 && k.plasma_half_life_s > 0 && k.interstitial_fraction > 0);
  const double fast = k.fast_fraction > 0 ? std::log(2.0) / k.plasma_half_life_fast_s : 0;
  const Tissue tissue{k, targets, k.interstitial_fraction, std::log(2.0) / k.plasma_half_life_s,
                      fast};
  const double plasma = nm_per_suv * k.initial_suv;
  const State start{0, 0, 0, plasma * (1 - k.fast_fraction), plasma * k.fast_fraction};
  std::optional<State> found;
  for (int steps = kFewest; steps <= kMost; steps *= 2) {
    const auto finer = tissue.tried(start, t_s, steps);
    const bool settled = found && finer && near(*found, *finer);
    found = finer;
    if (settled) break;
  }
  if (!found)
    throw Error(ErrorCode::bad_value,
                fmt::format("probe_in_tissue: {} steps do not follow {:.3g} nM of targets", kMost,
                            targets.infused_nm + targets.endogenous_nm));
  const State& now = *found;
  const double held = now[1] + now[2];
  return {tissue.fluid * now[0], held * targets.infused_nm, held * targets.endogenous_nm};
}

}  // namespace sojourn::fate
