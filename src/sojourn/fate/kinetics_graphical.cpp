#include "sojourn/fate/kinetics_graphical.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/fate/kinetics_convolution.h"
#include "sojourn/numerics/curve_fit.h"

namespace sojourn::fate::kinetics {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void check(const PlotData& data, const LinearPart& part) {
  kinetics::check(data.frames);
  if (data.tissue.size() != data.frames.size() ||
      (!data.weights.empty() && data.weights.size() != data.frames.size()))
    refuse("{} values and {} weights for {} frames do not fit together", data.tissue.size(),
           data.weights.size(), data.frames.size());
  if (!(part.max_deviation > 0) || part.min_points < 3)
    refuse("a straight part of {} points within {} (3 points and a positive deviation are needed)",
           part.min_points, part.max_deviation);
}

/// The points of the line that starts at frame `first`, as indices.
std::vector<std::size_t> points_from(const PlotLine& plot, const PlotData& data,
                                     std::size_t first) {
  std::vector<std::size_t> points;
  for (std::size_t f = first; f < plot.x.size(); ++f)
    if (std::isfinite(plot.x[f]) && std::isfinite(plot.y[f]) &&
        (data.weights.empty() || data.weights[f] > 0))
      points.push_back(f);
  return points;
}

void fit_line(PlotLine& plot, const PlotData& data, const std::vector<std::size_t>& points) {
  std::vector<std::vector<double>> columns(2);
  std::vector<double> y, weights;
  for (const std::size_t f : points) {
    columns[0].push_back(plot.x[f]);
    columns[1].push_back(1);
    y.push_back(plot.y[f]);
    weights.push_back(data.weights.empty() ? 1 : data.weights[f]);
  }
  const auto fit = numerics::fit_linear(columns, y, weights);
  plot.slope = {fit.value[0], fit.standard_error[0]};
  plot.intercept = {fit.value[1], fit.standard_error[1]};
  plot.n_points = points.size();
  plot.start_s = data.frames[points.front()].mid_s();
  plot.max_deviation = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double line = fit.value[0] * columns[0][i] + fit.value[1];
    plot.max_deviation = std::max(plot.max_deviation, std::abs(y[i] - line) / std::abs(line));
  }
}

/// Finds t* and fits.
PlotLine straight_part(PlotLine plot, const PlotData& data, const LinearPart& part) {
  std::size_t first = 0;
  if (part.start_s)
    while (first < data.frames.size() && data.frames[first].mid_s() < *part.start_s) ++first;
  const auto all = points_from(plot, data, first);
  if (all.size() < part.min_points)
    refuse("{} points of the plot can be used (a straight part of {} is wanted)", all.size(),
           part.min_points);
  const std::size_t last_start = part.start_s ? 0 : all.size() - part.min_points;
  for (std::size_t i = 0; i <= last_start; ++i) {
    fit_line(plot, data, {all.begin() + static_cast<std::ptrdiff_t>(i), all.end()});
    plot.linear = plot.max_deviation <= part.max_deviation;
    if (plot.linear) break;
  }
  return plot;
}

/// Frame means of ∫C, from the frame means of C. The equations of all plots are linear in C, so
/// that they hold for frame means as they do for moments.
std::vector<double> integrals(const PlotData& data, std::span<const double> mean) {
  return CurveInFrames(curve_of_means(data.frames, mean), data.frames).convolved(0);
}

std::vector<double> ratio(std::span<const double> above, std::span<const double> below) {
  std::vector<double> result(above.size(), kNone);
  for (std::size_t f = 0; f < above.size(); ++f)
    if (below[f] > 0) result[f] = above[f] / below[f];
  return result;
}

}  // namespace

std::vector<double> without_blood(std::span<const double> region,
                                  std::span<const double> blood_mean, double blood_fraction) {
  if (region.size() != blood_mean.size())
    refuse("{} values of a region and {} of blood (equal numbers are needed)", region.size(),
           blood_mean.size());
  if (!(blood_fraction >= 0 && blood_fraction < 1))
    refuse("a blood fraction of {} (it must lie in [0, 1))", blood_fraction);
  std::vector<double> result;
  for (std::size_t f = 0; f < region.size(); ++f)
    result.push_back((region[f] - blood_fraction * blood_mean[f]) / (1 - blood_fraction));
  return result;
}

PlotLine logan(const PlotData& data, const Curve& plasma, const LinearPart& part) {
  check(data, part);
  const CurveInFrames input(plasma, data.frames);
  PlotLine plot;
  plot.x = ratio(input.convolved(0), data.tissue);
  plot.y = ratio(integrals(data, data.tissue), data.tissue);
  return straight_part(std::move(plot), data, part);
}

PlotLine reference_logan(const PlotData& data, std::span<const double> reference,
                         std::optional<double> k2_reference_per_s, const LinearPart& part) {
  check(data, part);
  if (k2_reference_per_s && !(*k2_reference_per_s > 0))
    refuse("a k2' of {} 1/s (it must be positive)", *k2_reference_per_s);
  auto input = integrals(data, reference);
  if (k2_reference_per_s)
    for (std::size_t f = 0; f < input.size(); ++f) input[f] += reference[f] / *k2_reference_per_s;
  PlotLine plot;
  plot.x = ratio(input, data.tissue);
  plot.y = ratio(integrals(data, data.tissue), data.tissue);
  return straight_part(std::move(plot), data, part);
}

PlotLine patlak(const PlotData& data, const Curve& plasma, const LinearPart& part) {
  check(data, part);
  const CurveInFrames input(plasma, data.frames);
  PlotLine plot;
  plot.x = ratio(input.convolved(0), input.mean());
  plot.y = ratio(data.tissue, input.mean());
  return straight_part(std::move(plot), data, part);
}

PlotLine reference_patlak(const PlotData& data, std::span<const double> reference,
                          const LinearPart& part) {
  check(data, part);
  PlotLine plot;
  plot.x = ratio(integrals(data, reference), reference);
  plot.y = ratio(data.tissue, reference);
  return straight_part(std::move(plot), data, part);
}

}  // namespace sojourn::fate::kinetics
