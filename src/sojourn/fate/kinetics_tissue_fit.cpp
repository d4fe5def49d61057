#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/fate/kinetics_compartments.h"
#include "sojourn/fate/kinetics_weights.h"

namespace sojourn::fate::kinetics {
namespace {

enum Place { at_k1, at_k2, at_k3, at_k4, at_blood, at_delay, n_places };
using Values = std::array<double, n_places>;

TissueRates rates_of(const Values& v) {
  return {v[at_k1], v[at_k2], v[at_k3], v[at_k4], v[at_blood]};
}

/// The data of one region and which parameters are free.
struct Problem {
  const std::vector<FrameTime>& frames;
  const std::vector<double>& tissue;
  const Input& input;
  std::vector<double> weights;
  std::vector<std::size_t> used;  ///< frames with weight
  std::vector<Place> open;
  std::array<Limits, n_places> limits;
  double fixed_blood = 0;
  InputInFrames undelayed;

  [[nodiscard]] InputInFrames delayed(double delay_s) const {
    if (delay_s == 0) return undelayed;
    return {{shifted(input.plasma, delay_s), shifted(input.blood, delay_s)}, frames};
  }
  [[nodiscard]] bool is_open(Place place) const {
    return std::find(open.begin(), open.end(), place) != open.end();
  }
  [[nodiscard]] Values values(std::span<const double> free) const {
    Values v{};
    v[at_blood] = fixed_blood;
    for (std::size_t k = 0; k < open.size(); ++k) v[open[k]] = free[k];
    return v;
  }
};

Problem pose(TissueModel model, const std::vector<FrameTime>& frames,
             const std::vector<double>& tissue, const Input& input,
             const std::vector<double>& weights, const TissueFitOptions& options) {
  check(frames);
  if (tissue.size() != frames.size() || (!weights.empty() && weights.size() != frames.size()))
    refuse("{} values and {} weights for {} frames do not fit together", tissue.size(),
           weights.size(), frames.size());
  if (options.delay_s && !(options.delay_s->low < options.delay_s->high))
    refuse("a delay between {} and {} s (the first must be less)", options.delay_s->low,
           options.delay_s->high);
  const auto shift = [&](const Curve& curve) {
    return options.delay_s && options.delay_s->low > 0 ? shifted(curve, options.delay_s->low)
                                                       : curve;
  };
  Problem problem{frames,
                  tissue,
                  input,
                  weights.empty() ? std::vector<double>(frames.size(), 1.0) : weights,
                  {},
                  {at_k1, at_k2},
                  {},
                  options.fixed_blood_fraction.value_or(0),
                  {{shift(input.plasma), shift(input.blood)}, frames}};
  problem.limits = {options.k1_per_s, options.k2_per_s,       options.k3_per_s,
                    options.k4_per_s, options.blood_fraction, options.delay_s.value_or(Limits{})};
  if (model != TissueModel::one_tissue) problem.open.push_back(at_k3);
  if (model == TissueModel::two_tissue_reversible) problem.open.push_back(at_k4);
  if (!options.fixed_blood_fraction) problem.open.push_back(at_blood);
  if (options.delay_s) problem.open.push_back(at_delay);
  for (std::size_t f = 0; f < frames.size(); ++f) {
    if (!(problem.weights[f] >= 0) || !std::isfinite(problem.weights[f]) ||
        !std::isfinite(tissue[f]))
      refuse("frame {}: the value {} or its weight {} cannot be used", f + 1, tissue[f],
             problem.weights[f]);
    if (problem.weights[f] > 0) problem.used.push_back(f);
  }
  if (problem.used.size() <= problem.open.size())
    refuse("{} frames with weight do not determine {} parameters and a spread", problem.used.size(),
           problem.open.size());
  return problem;
}

/// Fills `r` with √w (data − model).
void set_residuals(const Problem& problem, const Values& v, const InputInFrames& input,
                   std::span<double> r) {
  const auto model = tissue_means(rates_of(v), input);
  for (std::size_t i = 0; i < problem.used.size(); ++i) {
    const std::size_t f = problem.used[i];
    r[i] = std::sqrt(problem.weights[f]) * (problem.tissue[f] - model[f]);
  }
}

struct Start {
  Values values{};
  double squares = 0;
};

/// K1 and v_B are linear once the other rates are given: least squares, then into the limits.
Start linear_start(const Problem& problem, Values v, const InputInFrames& input) {
  v[at_k1] = 1;
  v[at_blood] = 0;
  const auto unit = tissue_means(rates_of(v), input);
  double uu = 0, ub = 0, bb = 0, uy = 0, by = 0;
  for (const std::size_t f : problem.used) {
    const double w = problem.weights[f], u = unit[f], b = input.blood.mean()[f];
    uu += w * u * u;
    ub += w * u * b;
    bb += w * b * b;
    uy += w * u * problem.tissue[f];
    by += w * b * problem.tissue[f];
  }
  const double determinant = uu * bb - ub * ub;
  double blood = problem.fixed_blood;
  if (problem.is_open(at_blood)) {
    blood = determinant > 1e-9 * uu * bb ? (uu * by - ub * uy) / determinant : 0;
    blood = std::clamp(blood, problem.limits[at_blood].low, problem.limits[at_blood].high);
  }
  v[at_blood] = blood;
  const double k1 = uu > 0 && blood < 1 ? (uy - blood * ub) / uu / (1 - blood) : 0;
  v[at_k1] = std::clamp(k1, problem.limits[at_k1].low, problem.limits[at_k1].high);
  std::vector<double> r(problem.used.size());
  set_residuals(problem, v, input, r);
  double squares = 0;
  for (const double x : r) squares += x * x;
  return {v, squares};
}

/// The best `n` of a grid over the rates that are not linear and over the delay.
std::vector<Start> starts(const Problem& problem, std::size_t n) {
  // k2 from 0.012 to 1.2 1/min, k3 and k4 from 0.006 to 0.2 1/min: slow brain to flow tracers
  const std::vector<double> k2{2e-4, 1e-3, 4e-3, 2e-2}, slow{1e-4, 5e-4, 3e-3}, none{0};
  std::vector<double> delays{0};
  if (problem.is_open(at_delay)) {
    constexpr int kDelays = 5;
    delays.clear();
    const auto& l = problem.limits[at_delay];
    for (int i = 0; i < kDelays; ++i)
      delays.push_back(l.low + (l.high - l.low) * (i + .5) / kDelays);
  }
  const auto inside = [&](double x, Place place) {
    return std::clamp(x, problem.limits[place].low, problem.limits[place].high);
  };
  std::vector<Start> all;
  for (const double delay : delays) {
    const auto input = problem.delayed(delay);
    for (const double a : k2)
      for (const double b : problem.is_open(at_k3) ? slow : none)
        for (const double c : problem.is_open(at_k4) ? slow : none) {
          Values v{};
          v[at_k2] = inside(a, at_k2);
          v[at_k3] = problem.is_open(at_k3) ? inside(b, at_k3) : 0;
          v[at_k4] = problem.is_open(at_k4) ? inside(c, at_k4) : 0;
          v[at_delay] = delay;
          all.push_back(linear_start(problem, v, input));
        }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Start& a, const Start& b) { return a.squares < b.squares; });
  all.resize(std::min(all.size(), std::max<std::size_t>(n, 1)));
  return all;
}

/// Standard error of a function of K1..k4 whose relative derivatives are given.
double spread_of(double value, const Values& relative, const Problem& problem,
                 const numerics::CurveFit& fit) {
  const std::size_t n = problem.open.size();
  double variance = 0;
  for (std::size_t a = 0; a < n; ++a) {
    if (relative[problem.open[a]] != 0 && !std::isfinite(fit.standard_error[a]))
      return std::numeric_limits<double>::infinity();
    for (std::size_t b = 0; b < n; ++b)
      variance += relative[problem.open[a]] * relative[problem.open[b]] * fit.covariance[a * n + b];
  }
  return value * std::sqrt(std::max(0.0, variance));
}

void set_macro(TissueFit& result, const Problem& problem, const numerics::CurveFit& fit) {
  const auto& r = result.rates;
  if (result.model == TissueModel::two_tissue_irreversible) {
    const double value = net_influx_per_s(r), both = r.k2_per_s + r.k3_per_s;
    if (!(r.k1_per_s > 0 && r.k3_per_s > 0)) {
      result.net_influx_per_s = {value, std::numeric_limits<double>::infinity()};
      return;
    }
    const Values relative{1 / r.k1_per_s, -1 / both, 1 / r.k3_per_s - 1 / both, 0, 0, 0};
    result.net_influx_per_s = {value, spread_of(value, relative, problem, fit)};
    return;
  }
  const double value = volume_of_distribution(result.model, r);
  Values relative{r.k1_per_s > 0 ? 1 / r.k1_per_s : 0, -1 / r.k2_per_s, 0, 0, 0, 0};
  if (result.model == TissueModel::two_tissue_reversible) {
    relative[at_k3] = 1 / (r.k3_per_s + r.k4_per_s);
    relative[at_k4] = -r.k3_per_s / (r.k4_per_s * (r.k3_per_s + r.k4_per_s));
  }
  result.volume_of_distribution = {value, spread_of(value, relative, problem, fit)};
}

}  // namespace

TissueFit fit_tissue(TissueModel model, const std::vector<FrameTime>& frames,
                     const std::vector<double>& tissue_bq_per_ml, const Input& input,
                     const std::vector<double>& weights, const TissueFitOptions& options) {
  const auto problem = pose(model, frames, tissue_bq_per_ml, input, weights, options);
  const auto residuals = [&](std::span<const double> free, std::span<double> r) {
    const auto v = problem.values(free);
    if (v[at_delay] == 0)
      set_residuals(problem, v, problem.undelayed, r);
    else
      set_residuals(problem, v, problem.delayed(v[at_delay]), r);
  };
  numerics::CurveFit best;
  for (const auto& start : starts(problem, options.n_starts)) {
    std::vector<numerics::FitParameter> parameters;
    for (const Place place : problem.open)
      parameters.push_back(
          {start.values[place], problem.limits[place].low, problem.limits[place].high});
    auto fit = numerics::fit_curve(residuals, problem.used.size(), parameters);
    if (best.value.empty() || fit.weighted_squares < best.weighted_squares) best = std::move(fit);
  }
  const auto v = problem.values(best.value);
  TissueFit result;
  result.model = model;
  result.status = best.status;
  result.message = best.message;
  result.rates = rates_of(v);
  const std::array<Estimate*, n_places> places{&result.k1_per_s,       &result.k2_per_s,
                                               &result.k3_per_s,       &result.k4_per_s,
                                               &result.blood_fraction, &result.delay_s};
  for (std::size_t p = 0; p < n_places; ++p) *places[p] = {v[p], 0};
  for (std::size_t k = 0; k < problem.open.size(); ++k) {
    places[problem.open[k]]->standard_error = best.standard_error[k];
    result.at_limit = result.at_limit || best.at_limit[k];
  }
  set_macro(result, problem, best);
  result.fitted = tissue_means(result.rates, problem.delayed(v[at_delay]));
  result.weighted_squares = best.weighted_squares;
  result.degrees_of_freedom = best.degrees_of_freedom;
  result.akaike = akaike_criterion(best.weighted_squares, static_cast<int>(problem.used.size()),
                                   static_cast<int>(problem.open.size()));
  return result;
}

}  // namespace sojourn::fate::kinetics
