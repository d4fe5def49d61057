#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/fate/varying_rates.h"
#include "sojourn/numerics/linear_system.h"
#include "sojourn/numerics/stiff_ode.h"

namespace sojourn::fate {
namespace {

constexpr double kRelative = 1e-10, kAbsolute = 1e-13;

using Values = std::vector<double>;

void check(const ExpandingBody& body, const Values& start, const Values& times_s) {
  body.model.check();
  const auto bad = [](const char* what) { throw Error(ErrorCode::bad_value, what); };
  if (start.size() != body.size() || body.antigen.size() != body.model.sites.size())
    bad("expanding_course: the start or the antigen is of another body");
  if (!std::is_sorted(times_s.begin(), times_s.end()) || (!times_s.empty() && times_s.front() < 0))
    bad("expanding_course: the times do not ascend from 0");
  for (const double met : body.antigen)
    if (!(met >= 0 && met <= 1)) bad("expanding_course: antigen is not between 0 and 1");
  const auto& e = body.expansion;
  for (const double value : {e.lag_s, e.rise_s, e.division_per_s, e.peak_s, e.extra_death_per_s,
                             e.memory_per_s, e.memory_division_per_s, e.memory_death_per_s})
    if (!(value >= 0) || !std::isfinite(value)) bad("expanding_course: a rate or time is negative");
}

/// The system is linear: its matrix at one time, row-major.
Values matrix_at(const ExpandingBody& body, double t_s, bool chelated) {
  const std::size_t n = body.size();
  Values a(n * n), unit(n, 0.0), column(n);
  for (std::size_t j = 0; j < n; ++j) {
    unit[j] = 1;
    body.slope(t_s, unit, column, chelated);
    unit[j] = 0;
    for (std::size_t i = 0; i < n; ++i) a[i * n + j] = column[i];
  }
  return a;
}

/// Where division rises: CVODES, with the matrix as its Jacobian.
Values rise(const ExpandingBody& body, const Values& y, double from, double to, bool chelated) {
  numerics::OdeProblem problem;
  problem.rate = [&](double t, std::span<const double> at, std::span<const double>,
                     std::span<double> slope) { body.slope(t, at, slope, chelated); };
  problem.jacobian = [&](double t, std::span<const double>, std::span<const double>,
                         std::span<double> matrix) {
    std::ranges::copy(matrix_at(body, t, chelated), matrix.begin());
  };
  problem.t_start = from;
  problem.start = y;
  numerics::OdeOptions options;
  options.relative_tolerance = kRelative;
  options.absolute_tolerance = {kAbsolute * *std::max_element(y.begin(), y.end())};
  const auto solution = numerics::solve_stiff(problem, std::vector<double>{to}, options);
  if (!solution.complete) throw Error(ErrorCode::internal, "expanding_course: " + solution.message);
  const auto end = solution.at(0);
  return {end.begin(), end.end()};
}

Values advance(const ExpandingBody& body, const Values& y, double from, double to, bool chelated) {
  const auto& e = body.expansion;
  const double middle = 0.5 * (from + to);
  const bool rising = middle > e.lag_s && middle < std::min(e.lag_s + e.rise_s, e.peak_s);
  if (rising) return rise(body, y, from, to, chelated);
  return numerics::propagate(matrix_at(body, middle, chelated), y, to - from);
}

}  // namespace

std::vector<Values> expanding_course(const ExpandingBody& body, const Values& start,
                                     const Values& times_s, bool chelated) {
  check(body, start, times_s);
  std::vector<Values> states;
  Values y = start, bends = body.expansion.bends_s();
  double now = 0;
  std::size_t bend = 0;
  for (const double t : times_s) {
    for (; bend < bends.size() && bends[bend] <= t; ++bend) {
      if (bends[bend] > now) y = advance(body, y, now, bends[bend], chelated);
      now = bends[bend];
    }
    if (t > now) y = advance(body, y, now, t, chelated);
    now = t;
    states.push_back(y);
  }
  return states;
}

}  // namespace sojourn::fate
