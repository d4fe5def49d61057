#include "sojourn/fate/body_modes.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/numerics/symmetric_modes.h"

namespace sojourn::fate {
namespace {

using numerics::DecayChains;
using Stages = DecayChains::Stages;

constexpr double kSmallest_per_s = 1e-16;

/// exp(A t) for A = traffic + diagonal: A = D S D^-1 with S symmetric and D diagonal.
struct Traffic {
  std::vector<double> scale;  ///< D: square root of homing over leaving, 1 for blood
  numerics::SymmetricModes modes;

  Traffic(const BodyModel& model, const std::vector<double>& gains) {
    const std::size_t n = model.sites.size();
    std::vector<double> s(n * n, 0.0);
    scale.assign(n, 1.0);
    for (std::size_t i = 0; i < n; ++i) s[i * n + i] = gains[i];
    for (std::size_t i = 1; i < n; ++i) {
      const double home = std::max(model.sites[i].homing_per_s, kSmallest_per_s);
      const double leave = std::max(model.sites[i].leaving_per_s, kSmallest_per_s);
      scale[i] = std::sqrt(home / leave);
      s[i] = s[i * n] = std::sqrt(home * leave);
      s[0] -= home;
      s[i * n + i] -= leave;
    }
    modes = numerics::symmetric_modes(s, n);
  }

  /// c[i, k]: x_i(t) = sum over k of c[i, k] exp(value_k t).
  [[nodiscard]] std::vector<double> coefficients(const std::vector<double>& start) const {
    const std::size_t n = start.size();
    std::vector<double> weight(n, 0.0), c(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k)
        weight[k] += modes.vectors[i * n + k] * start[i] / scale[i];
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k)
        c[i * n + k] = scale[i] * modes.vectors[i * n + k] * weight[k];
    return c;
  }
};

double product(const double* row, const std::vector<double>& x) {
  double total = 0;
  for (std::size_t k = 0; k < x.size(); ++k) total += row[k] * x[k];
  return total;
}

/// Sum of a row and of exponentials: never below zero but for rounding.
double positive(double value) { return value < 0 ? 0 : value; }

}  // namespace

struct BodyModes::Parts {
  BodyModel model;
  Traffic label;
  bool one_division;  ///< the same everywhere: cells share the label's modes
  double faster = 0;  ///< of cells over label, then: rho + epsilon
  std::unique_ptr<Traffic> cells;
  /// Shared stages: debris release, plasma, and each different rate of leaving a sink.
  std::vector<double> stages;
  std::vector<std::size_t> stage_of_sink;

  static std::vector<double> label_gains(const BodyModel& m) {
    std::vector<double> gains;
    for (const auto& s : m.sites) gains.push_back(-s.death_per_s - m.efflux_per_s);
    return gains;
  }

  explicit Parts(const BodyModel& m) : model(m), label(m, label_gains(m)) {
    const auto& sites = model.sites;
    one_division = std::all_of(sites.begin(), sites.end(), [&](const BodySite& s) {
      return s.division_per_s == sites.front().division_per_s;
    });
    faster = sites.front().division_per_s + model.efflux_per_s;
    if (!one_division) {
      std::vector<double> gains;
      for (const auto& s : sites) gains.push_back(s.division_per_s - s.death_per_s);
      cells = std::make_unique<Traffic>(model, gains);
    }
    stages = {model.debris_release_per_s, model.free_clearance_per_s};
    for (const auto& sink : model.sinks) {
      const auto same = std::find(stages.begin() + 2, stages.end(), sink.leaving_per_s);
      stage_of_sink.push_back(static_cast<std::size_t>(same - stages.begin()));
      if (same == stages.end()) stages.push_back(sink.leaving_per_s);
    }
    held_ =
        static_cast<std::size_t>(std::find(stages.begin() + 2, stages.end(), 0.0) - stages.begin());
    if (held_ == stages.size()) stages.push_back(0.0);  // all that was ever cleared
    if (stages.size() > DecayChains::kMost)
      throw Error(ErrorCode::bad_value, "sinks of free label have more than five different rates");
  }

  /// The label's modes from one start, with what they feed.
  struct Course {
    std::vector<double> label;   ///< coefficients [site, mode]
    std::vector<double> direct;  ///< straight into plasma, per mode
    std::vector<double> died;    ///< kept by phagocytes, per mode
    std::vector<double> cells;   ///< coefficients [site, mode]
    double debris = 0;           ///< whole debris at the start
  };

  [[nodiscard]] Course course(const BodyState& start) const {
    const std::size_t n = model.sites.size();
    Course c;
    c.label = label.coefficients(start.live);
    c.cells = one_division ? label.coefficients(start.cells) : cells->coefficients(start.cells);
    c.direct.assign(n, 0.0);
    c.died.assign(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double death = model.sites[i].death_per_s, phi = model.phagocytosed_fraction;
      const double direct = model.efflux_per_s + (1 - phi) * death;
      for (std::size_t k = 0; k < n; ++k) {
        c.direct[k] += direct * c.label[i * n + k];
        c.died[k] += phi * death * c.label[i * n + k];
      }
      c.debris += start.debris[i];
    }
    return c;
  }

  /// Label in plasma, or what a sink of all free label that empties at a shared stage's rate holds:
  /// the response of `after` (plasma, and the sink) to all that reaches plasma.
  [[nodiscard]] double arrived(const Course& c, double free_at_start, DecayChains& chains,
                               const std::vector<double>& rates, const std::vector<double>& decays,
                               Stages after) const {
    constexpr Stages kDebris = 1;
    const double r = model.debris_release_per_s;
    double total =
        free_at_start * chains.shared(after) + r * c.debris * chains.shared(after | kDebris);
    for (std::size_t k = 0; k < rates.size(); ++k) {
      total += c.direct[k] * chains.with(rates[k], decays[k], after);
      total += r * c.died[k] * chains.with(rates[k], decays[k], after | kDebris);
    }
    return total;
  }

  void fill_sites(const Course& c, const BodyState& start, double t, DecayChains& chains,
                  const std::vector<double>& rates, const std::vector<double>& decays,
                  BodyState& out) const {
    const std::size_t n = model.sites.size();
    std::vector<double> engulfed(n), grown(n);
    for (std::size_t k = 0; k < n; ++k) {
      engulfed[k] = model.phagocytosed_fraction * chains.with(rates[k], decays[k], 1U);
      grown[k] =
          one_division ? std::exp((faster - rates[k]) * t) : std::exp(cells->modes.values[k] * t);
    }
    double carried = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const auto& site = model.sites[i];
      out.cells[i] = positive(product(&c.cells[i * n], grown));
      out.live[i] = positive(product(&c.label[i * n], decays));
      const double here = positive(site.death_per_s * product(&c.label[i * n], engulfed));
      carried += site.debris_moves * here;
      out.debris[i] = start.debris[i] * chains.shared(1U) + (1 - site.debris_moves) * here;
    }
    for (std::size_t i = 0; i < n; ++i) out.debris[i] += carried * model.debris_shares[i];
  }

  [[nodiscard]] BodyState state(const Course& c, const BodyState& start, double t,
                                bool chelated) const {
    if (t == 0) return start;
    constexpr Stages kPlasma = 2;
    const std::size_t n = model.sites.size();
    std::vector<double> rates(n), decays(n);
    for (std::size_t k = 0; k < n; ++k) {
      rates[k] = -label.modes.values[k];
      decays[k] = std::exp(-rates[k] * t);
    }
    DecayChains chains(stages, t);
    BodyState out = empty_state(model);
    fill_sites(c, start, t, chains, rates, decays, out);
    out.free = positive(arrived(c, start.free, chains, rates, decays, kPlasma));
    std::vector<double> stock(stages.size(), 0.0);  // in a sink of all free label
    for (std::size_t s = 2; s < stages.size(); ++s)
      stock[s] = positive(model.free_clearance_per_s *
                          arrived(c, start.free, chains, rates, decays, kPlasma | (1U << s)));
    out.excreted = start.excreted;
    for (std::size_t k = 0; k < model.sinks.size(); ++k) {
      const auto& sink = model.sinks[k];
      const double part = chelated ? sink.fraction_chelated : sink.fraction;
      const std::size_t s = stage_of_sink[k];
      const double left = std::exp(-sink.leaving_per_s * t);
      out.held[k] = start.held[k] * left + part * stock[s];
      out.excreted += start.held[k] * (1 - left) + part * (stock[held_] - stock[s]);
    }
    return out;
  }

 private:
  std::size_t held_ = 0;  ///< the stage that never empties
};

BodyModes::BodyModes(const BodyModel& model) {
  model.check();
  parts_ = std::make_unique<Parts>(model);
}
BodyModes::~BodyModes() = default;
BodyModes::BodyModes(BodyModes&&) noexcept = default;
BodyModes& BodyModes::operator=(BodyModes&&) noexcept = default;
const BodyModel& BodyModes::model() const { return parts_->model; }

std::vector<BodyState> BodyModes::at(const BodyState& start, const std::vector<double>& times_s,
                                     bool chelated) const {
  const auto course = parts_->course(start);
  std::vector<BodyState> states;
  states.reserve(times_s.size());
  for (const double t : times_s) {
    SOJOURN_EXPECT(t >= 0 && std::isfinite(t));
    states.push_back(parts_->state(course, start, t, chelated));
  }
  return states;
}

BodyState BodyModes::at(const BodyState& start, double t_s, bool chelated) const {
  return at(start, std::vector<double>{t_s}, chelated).front();
}

}  // namespace sojourn::fate
