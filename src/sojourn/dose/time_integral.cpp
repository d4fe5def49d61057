#include "sojourn/dose/time_integral.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/dose/curve_exponentials.h"
#include "sojourn/dose/curve_trapezoid.h"
#include "sojourn/units/units.h"

namespace sojourn::dose {
namespace {

constexpr double kLargeTail = 0.3;      // of the integral, after the last point
constexpr double kRiseWithoutSd = 0.1;  // of the value, where no sd is given
constexpr double kSdOfNoise = 2;
const std::array<std::string, 4> kFits{"mono", "bi", "tri", "uptake"};

void check(const std::vector<CurvePoint>& points, const IntegralSetting& s,
           const std::string& what) {
  if (!(s.half_life_s > 0)) refuse("{}: the half-life {} s is not over 0", what, s.half_life_s);
  if (points.empty()) refuse("{}: no points; at least two times are needed", what);
  double before = -1, most = 0;
  for (const auto& p : points) {
    if (!(p.hours >= 0) || !std::isfinite(p.hours) || p.hours <= before)
      refuse("{}: the time {} h does not follow {}; let the times ascend from 0", what, p.hours,
             std::max(before, 0.0));
    if (!std::isfinite(p.value)) refuse("{}: the value at {} h is no number", what, p.hours);
    if (p.sd && !(*p.sd >= 0)) refuse("{}: the sd at {} h is negative", what, p.hours);
    if (p.value < 0 && !(p.sd && -p.value <= kSdOfNoise * *p.sd))
      refuse(
          "{}: {} at {} h is negative by more than two standard deviations; correct the "
          "background, or give its sd",
          what, p.value, p.hours);
    before = p.hours;
    most = std::max(most, p.value);
  }
  if (!(most > 0)) refuse("{}: no activity at any time", what);
}

/// Decay-corrected.
double corrected(const CurvePoint& p, double k) { return p.value * std::exp(k * p.hours); }

bool rises_at_end(const std::vector<CurvePoint>& points, double k) {
  if (points.size() < 2) return false;
  const auto& a = points[points.size() - 2];
  const auto& b = points.back();
  const double rise = corrected(b, k) - corrected(a, k);
  if (a.sd && b.sd)
    return rise >
           kSdOfNoise * std::hypot(*a.sd * std::exp(k * a.hours), *b.sd * std::exp(k * b.hours));
  return rise > kRiseWithoutSd * corrected(a, k);
}

TimeIntegral from_area(const std::vector<CurvePoint>& points, const IntegralSetting& s, double k) {
  const auto area = detail::curve_area(points, k);
  TimeIntegral r;
  r.model = "trapezoid";
  r.value = area.before + area.between + area.tail;
  r.sd = area.sd;
  r.tail_share = area.tail / r.value;
  r.low = area.between;
  r.high = r.value;
  r.candidates.push_back({"trapezoid", r.value, r.sd, std::nullopt, 0});
  if (points.front().hours > 0)
    r.flags.push_back("before the first point its decay-corrected value is held");
  if (rises_at_end(points, k)) {
    r.flags.push_back("the decay-corrected curve still rises at its end: the tail is a guess");
    r.high.reset();
    if (s.ceiling)
      r.high = area.before + area.between + *s.ceiling * std::exp(-k * points.back().hours) / k;
  }
  return r;
}

TimeIntegral from_one_point(const CurvePoint& p, const IntegralSetting& s, double k,
                            const std::string& what) {
  if (!s.one_point_by_decay)
    refuse(
        "{}: one point does not fix a curve; measure a second time, or accept physical decay "
        "alone (--one-point decay)",
        what);
  TimeIntegral r;
  r.model = "decay";
  r.value = corrected(p, k) / k;
  r.sd = p.sd ? *p.sd * std::exp(k * p.hours) / k : 0;
  r.low = 0.0;
  if (s.ceiling) r.high = *s.ceiling / k;
  r.tail_share = std::exp(-k * p.hours);
  r.candidates.push_back({"decay", r.value, r.sd, std::nullopt, 0});
  r.flags.push_back("one point: physical decay alone, before and after it");
  return r;
}

/// Akaike weights among those with a criterion; spread of the choice enters sd.
void weigh(std::vector<detail::ExponentialFit>& fits) {
  double best = std::numeric_limits<double>::infinity();
  for (const auto& f : fits)
    if (f.candidate.aicc) best = std::min(best, *f.candidate.aicc);
  double sum = 0;
  for (auto& f : fits)
    if (f.candidate.aicc) sum += f.candidate.weight = std::exp(-0.5 * (*f.candidate.aicc - best));
  for (auto& f : fits) f.candidate.weight = sum > 0 ? f.candidate.weight / sum : 0;
}

const detail::ExponentialFit& choose(const std::vector<detail::ExponentialFit>& fits,
                                     const std::string& wanted, const std::string& what) {
  if (!wanted.empty()) {
    for (const auto& f : fits)
      if (f.candidate.model == wanted) return f;
    refuse("{}: the curve \"{}\" cannot be fitted to these points; leave the choice open", what,
           wanted);
  }
  return *std::min_element(fits.begin(), fits.end(), [](const auto& a, const auto& b) {
    const double inf = std::numeric_limits<double>::infinity();
    return a.candidate.aicc.value_or(inf) < b.candidate.aicc.value_or(inf);
  });
}

}  // namespace

TimeIntegral integrate_curve(const std::vector<CurvePoint>& points, const IntegralSetting& setting,
                             const std::string& what) {
  check(points, setting, what);
  if (const auto& m = setting.model;
      !m.empty() && m != "trapezoid" && std::find(kFits.begin(), kFits.end(), m) == kFits.end())
    refuse("{}: no curve \"{}\"{}", what, m, core::suggestion(m, kFits));
  const double k = std::numbers::ln2 / (setting.half_life_s / units::kSecondsPerHour);
  if (points.size() == 1) return from_one_point(points.front(), setting, k, what);
  TimeIntegral area = from_area(points, setting, k);
  const bool by_area = setting.model == "trapezoid" || rises_at_end(points, k);
  std::vector<detail::ExponentialFit> fits;
  if (!by_area)
    for (const auto& model : kFits)
      if (auto fit = detail::fit_exponentials(points, model, k)) fits.push_back(*fit);
  TimeIntegral r = area;
  if (fits.empty()) {
    if (!by_area) r.flags.push_back("too few points for a fit: areas between them");
  } else {
    weigh(fits);
    const auto& chosen = choose(fits, setting.model, what);
    r = {};
    r.model = chosen.candidate.model;
    r.value = chosen.candidate.integral;
    r.tail_share = chosen.tail / r.value;
    double spread = 0;
    for (const auto& f : fits)
      spread += f.candidate.weight * std::pow(f.candidate.integral - r.value, 2);
    r.sd = std::hypot(chosen.candidate.sd, std::sqrt(spread));
    for (const auto& f : fits) r.candidates.push_back(f.candidate);
    r.candidates.push_back(area.candidates.front());
    if (!chosen.candidate.aicc)
      r.flags.push_back("too few points for a choice: the only curve that fits");
  }
  for (const auto& p : points)
    if (p.value < 0) r.flags.push_back("negative values within their noise were kept");
  if (r.tail_share > kLargeTail)
    r.flags.push_back("over 30 % of the integral lies after the last point");
  return r;
}

}  // namespace sojourn::dose
