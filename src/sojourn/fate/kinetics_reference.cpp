#include "sojourn/fate/kinetics_reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/fate/kinetics_convolution.h"

namespace sojourn::fate::kinetics {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

CurveInFrames reference_curve(const std::vector<FrameTime>& frames,
                              std::span<const double> reference) {
  return {curve_of_means(frames, reference), frames};
}

std::vector<double> model(double r1, double rest_per_s, std::span<const double> reference,
                          std::span<const double> convolved) {
  std::vector<double> result;
  for (std::size_t f = 0; f < reference.size(); ++f)
    result.push_back(r1 * reference[f] + rest_per_s * convolved[f]);
  return result;
}

/// The best rate of a grid with its linear fit.
struct Basis {
  double theta_per_s = 0, squares = kInfinite;
  numerics::LinearFit linear;  ///< R1 and k2 − R1 θ
  std::size_t index = 0;
};

Basis best_basis(const ReferenceData& data, const ReferenceFitOptions& options) {
  if (!(options.slowest_per_s > 0 && options.slowest_per_s < options.fastest_per_s) ||
      options.n_basis < 2)
    refuse("{} basis functions from {} to {} 1/s (two at least, slow to fast)", options.n_basis,
           options.slowest_per_s, options.fastest_per_s);
  const auto curve = reference_curve(data.frames, data.reference);
  const double step = std::log(options.fastest_per_s / options.slowest_per_s) /
                      static_cast<double>(options.n_basis - 1);
  Basis best;
  for (std::size_t k = 0; k < options.n_basis; ++k) {
    const double theta = options.slowest_per_s * std::exp(step * static_cast<double>(k));
    auto fit =
        numerics::fit_linear({data.reference, curve.convolved(theta)}, data.tissue, data.weights);
    if (fit.weighted_squares >= best.squares) continue;
    const double squares = fit.weighted_squares;
    best = {theta, squares, std::move(fit), k};
  }
  return best;
}

/// Frames that count, as rows of a linear fit.
struct Rows {
  std::vector<std::vector<double>> columns;
  std::vector<double> y, weights;
};

/// @param start_s frames whose mid-time is earlier are left out.
Rows rows_of(const ReferenceData& data, const std::vector<std::vector<double>>& columns,
             double start_s) {
  Rows rows;
  rows.columns.resize(columns.size());
  for (std::size_t f = 0; f < data.frames.size(); ++f) {
    if (data.frames[f].mid_s() < start_s) continue;
    for (std::size_t k = 0; k < columns.size(); ++k) rows.columns[k].push_back(columns[k][f]);
    rows.y.push_back(data.tissue[f]);
    rows.weights.push_back(data.weights.empty() ? 1 : data.weights[f]);
  }
  if (rows.y.size() <= columns.size())
    refuse("{} frames from {:.6g} s on do not determine {} parameters and a spread", rows.y.size(),
           start_s, columns.size());
  return rows;
}

/// BP_ND = −γ1/γ2 − 1 with its error, γ1 at place 0 and γ2 at place 1.
Estimate binding_of(const numerics::LinearFit& fit, std::size_t n) {
  const double g1 = fit.value[0], g2 = fit.value[1], ratio = -g1 / g2;
  const double variance = fit.covariance[0] / (g1 * g1) + fit.covariance[n + 1] / (g2 * g2) -
                          2 * fit.covariance[1] / (g1 * g2);
  return {ratio - 1, std::abs(ratio) * std::sqrt(std::max(0.0, variance))};
}

/// Σ_k value_k column_k over all frames.
std::vector<double> combined(const std::vector<std::vector<double>>& columns,
                             const std::vector<double>& value) {
  std::vector<double> result(columns.front().size(), 0.0);
  for (std::size_t k = 0; k < columns.size(); ++k)
    for (std::size_t f = 0; f < result.size(); ++f) result[f] += value[k] * columns[k][f];
  return result;
}

}  // namespace

void check(const ReferenceData& data) {
  check(data.frames);
  const std::size_t n = data.frames.size();
  if (data.tissue.size() != n || data.reference.size() != n ||
      (!data.weights.empty() && data.weights.size() != n))
    refuse("{} frames, {} values of the target, {} of the reference, {} weights do not fit", n,
           data.tissue.size(), data.reference.size(), data.weights.size());
}

std::vector<double> reference_tissue_means(const ReferenceRates& rates,
                                           const std::vector<FrameTime>& frames,
                                           std::span<const double> reference) {
  const double theta = rates.k2_per_s / (1 + rates.bp_nd);
  const auto convolved = reference_curve(frames, reference).convolved(theta);
  return model(rates.r1, rates.k2_per_s - rates.r1 * theta, reference, convolved);
}

ReferenceFit fit_srtm(const ReferenceData& data, const ReferenceFitOptions& options) {
  check(data);
  const auto basis = best_basis(data, options);
  const auto curve = reference_curve(data.frames, data.reference);
  std::vector<std::size_t> used;
  for (std::size_t f = 0; f < data.frames.size(); ++f)
    if (data.weights.empty() || data.weights[f] > 0) used.push_back(f);
  const auto means = [&](std::span<const double> p) {
    const double theta = p[1] / (1 + p[2]);
    return model(p[0], p[1] - p[0] * theta, data.reference, curve.convolved(theta));
  };
  const auto residuals = [&](std::span<const double> p, std::span<double> r) {
    const auto fitted = means(p);
    for (std::size_t i = 0; i < used.size(); ++i)
      r[i] = (data.weights.empty() ? 1 : std::sqrt(data.weights[used[i]])) *
             (data.tissue[used[i]] - fitted[used[i]]);
  };
  // wide enough for any tissue; BP_ND > −1 keeps θ positive
  constexpr double kMostR1 = 10, kMostBinding = 100, kLeastBinding = -0.95;
  const double most_k2 = 10 * options.fastest_per_s;
  const double r1 = std::clamp(basis.linear.value[0], 1e-3, kMostR1 / 2);
  const double k2 = std::clamp(basis.linear.value[1] + r1 * basis.theta_per_s, 1e-7, most_k2 / 2);
  const double bp = std::clamp(k2 / basis.theta_per_s - 1, kLeastBinding / 2, kMostBinding / 2);
  const auto fit =
      numerics::fit_curve(residuals, used.size(),
                          {{r1, 0, kMostR1}, {k2, 0, most_k2}, {bp, kLeastBinding, kMostBinding}});
  ReferenceFit result;
  result.status = fit.status;
  result.message = fit.message;
  result.r1 = {fit.value[0], fit.standard_error[0]};
  result.k2_per_s = {fit.value[1], fit.standard_error[1]};
  result.bp_nd = {fit.value[2], fit.standard_error[2]};
  result.k2_reference_per_s = fit.value[1] / fit.value[0];
  result.fitted = means(fit.value);
  result.weighted_squares = fit.weighted_squares;
  for (const bool at : fit.at_limit) result.at_limit = result.at_limit || at;
  return result;
}

ReferenceFit fit_srtm_basis(const ReferenceData& data, const ReferenceFitOptions& options) {
  check(data);
  const auto basis = best_basis(data, options);
  const double r1 = basis.linear.value[0], rest = basis.linear.value[1], theta = basis.theta_per_s;
  const auto& c = basis.linear.covariance;
  ReferenceFit result;
  result.status = numerics::FitStatus::converged;
  result.message = "best basis function";
  result.r1 = {r1, basis.linear.standard_error[0]};
  const double k2 = rest + r1 * theta;
  result.k2_per_s = {k2, std::sqrt(std::max(0.0, c[3] + theta * theta * c[0] + 2 * theta * c[1]))};
  result.bp_nd = {k2 / theta - 1, result.k2_per_s.standard_error / theta};
  result.k2_reference_per_s = k2 / r1;
  result.fitted =
      combined({data.reference, reference_curve(data.frames, data.reference).convolved(theta)},
               basis.linear.value);
  result.weighted_squares = basis.squares;
  result.at_limit = basis.index == 0 || basis.index + 1 == options.n_basis;
  return result;
}

ReferenceFit fit_mrtm(const ReferenceData& data, double start_s) {
  check(data);
  const std::vector<std::vector<double>> columns{
      reference_curve(data.frames, data.reference).convolved(0),
      reference_curve(data.frames, data.tissue).convolved(0), data.reference};
  const auto rows = rows_of(data, columns, start_s);
  const auto fit = numerics::fit_linear(rows.columns, rows.y, rows.weights);
  ReferenceFit result;
  result.status = numerics::FitStatus::converged;
  result.message = "linear";
  result.bp_nd = binding_of(fit, 3);
  result.r1 = {fit.value[2], fit.standard_error[2]};
  // k2 = γ1: the integral of the reference alone carries it
  result.k2_per_s = {fit.value[0], fit.standard_error[0]};
  result.k2_reference_per_s = fit.value[0] / fit.value[2];
  result.fitted = combined(columns, fit.value);
  result.weighted_squares = fit.weighted_squares;
  return result;
}

ReferenceFit fit_mrtm2(const ReferenceData& data, double k2_reference_per_s, double start_s) {
  check(data);
  if (!(k2_reference_per_s > 0))
    refuse("a k2' of {} 1/s (it must be positive)", k2_reference_per_s);
  auto both = reference_curve(data.frames, data.reference).convolved(0);
  for (std::size_t f = 0; f < both.size(); ++f) both[f] += data.reference[f] / k2_reference_per_s;
  const std::vector<std::vector<double>> columns{
      both, reference_curve(data.frames, data.tissue).convolved(0)};
  const auto rows = rows_of(data, columns, start_s);
  const auto fit = numerics::fit_linear(rows.columns, rows.y, rows.weights);
  ReferenceFit result;
  result.status = numerics::FitStatus::converged;
  result.message = "linear";
  result.bp_nd = binding_of(fit, 2);
  result.k2_per_s = {fit.value[0], fit.standard_error[0]};
  result.r1 = {fit.value[0] / k2_reference_per_s, fit.standard_error[0] / k2_reference_per_s};
  result.k2_reference_per_s = k2_reference_per_s;
  result.fitted = combined(columns, fit.value);
  result.weighted_squares = fit.weighted_squares;
  return result;
}

}  // namespace sojourn::fate::kinetics
