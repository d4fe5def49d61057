#include "sojourn/simulate/source_table.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

/// Integral of (value0 + slope (t - t0)) exp(-lambda t) over [t0, t1].
double piece(double value0, double value1, double t0, double t1, double lambda) {
  const double length = t1 - t0, x = lambda * length;
  const double start = std::exp(-lambda * t0);
  // Means of the two end weights over the piece; series where x is small.
  double one, two;  // integrals of exp(-x u) and u exp(-x u), u from 0 to 1
  if (x < 1e-3) {
    one = 1 - x / 2 + x * x / 6;
    two = 0.5 - x / 3 + x * x / 8;
  } else {
    one = -std::expm1(-x) / x;
    two = (one - std::exp(-x)) / x;
  }
  return start * length * (value0 * one + (value1 - value0) * two);
}

double at(const std::vector<double>& times, const std::vector<double>& values, double t) {
  const auto next = std::upper_bound(times.begin(), times.end(), t);
  if (next == times.begin()) return values.front();
  if (next == times.end()) return values.back();
  const auto i = static_cast<std::size_t>(next - times.begin());
  const double part = (t - times[i - 1]) / (times[i] - times[i - 1]);
  return values[i - 1] + part * (values[i] - values[i - 1]);
}

}  // namespace

void check(const SourceTable& table) {
  const auto fail = [](const std::string& what) {
    throw Error(ErrorCode::bad_value, "source table: " + what);
  };
  if (table.times_s.empty()) fail("has no times; give one at least");
  if (table.organs.size() != table.bq.size()) fail("organs and activities differ in number");
  for (std::size_t i = 1; i < table.times_s.size(); ++i)
    if (!(table.times_s[i] > table.times_s[i - 1])) fail("times do not ascend");
  for (std::size_t o = 0; o < table.organs.size(); ++o) {
    if (table.bq[o].size() != table.times_s.size())
      fail(table.organs[o] + " has not one activity for each time");
    for (const double value : table.bq[o])
      if (!(value >= 0 && std::isfinite(value)))
        fail(fmt::format("{} holds {} Bq", table.organs[o], value));
  }
}

SourceTable parse_source_table(std::string_view tsv, const std::string& source) {
  const auto table = core::Tsv::parse(tsv, source);
  SourceTable result;
  std::map<std::string, std::map<double, double>> rows;
  std::set<double> times;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto hours = table.number(r, "hours"), bq = table.number(r, "activity_dc_bq");
    if (!hours || !bq) refuse("{}: hours and activity_dc_bq must be numbers", table.where(r));
    if (!(*bq >= 0)) refuse("{}: activity_dc_bq: {} is negative", table.where(r), *bq);
    const std::string& organ = table.at(r, "organ");
    if (!rows[organ].emplace(*hours * units::kSecondsPerHour, *bq).second)
      refuse("{}: {} stands twice at {} h", table.where(r), organ, *hours);
    if (std::find(result.organs.begin(), result.organs.end(), organ) == result.organs.end())
      result.organs.push_back(organ);
    times.insert(*hours * units::kSecondsPerHour);
  }
  if (times.empty()) refuse("{}: holds no rows", source);
  result.times_s.assign(times.begin(), times.end());
  for (const auto& organ : result.organs) {
    if (rows[organ].size() != times.size())
      refuse("{}: {} lacks some of the {} times; give every organ at every time", source, organ,
             times.size());
    result.bq.emplace_back();
    for (const auto& [time, bq] : rows[organ]) result.bq.back().push_back(bq);
  }
  return result;
}

std::vector<double> frame_activity(const SourceTable& table, const subject::Subject& subject,
                                   double start_s, double duration_s, double half_life_s) {
  check(table);
  SOJOURN_EXPECT(half_life_s >= 0);
  if (!(duration_s > 0)) refuse("a frame of {} s is not over 0", duration_s);
  const double end_s = start_s + duration_s;
  if (start_s < table.times_s.front() || end_s > table.times_s.back())
    refuse(
        "the frame from {} to {} s lies outside the source table ({} to {} s); reckon the body "
        "at times around it",
        start_s, end_s, table.times_s.front(), table.times_s.back());
  std::vector<double> stops{start_s};
  for (const double t : table.times_s)
    if (t > start_s && t < end_s) stops.push_back(t);
  stops.push_back(end_s);
  const double lambda = half_life_s > 0 ? std::log(2.0) / half_life_s : 0;
  std::vector<double> result(subject.organs.size(), 0.0);
  for (std::size_t o = 0; o < table.organs.size(); ++o) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      sum += piece(at(table.times_s, table.bq[o], stops[i]),
                   at(table.times_s, table.bq[o], stops[i + 1]), stops[i], stops[i + 1], lambda);
    }
    if (sum > 0) result[subject.index_of(table.organs[o])] += sum / duration_s;
  }
  return result;
}

}  // namespace sojourn::simulate
