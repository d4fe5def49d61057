#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/report/charts.h"
#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"

namespace sojourn::report {
namespace {

using records::Measurement;
using records::StudyResult;

constexpr std::size_t kMostInOnePanel = 8;

/// What the ordinate shows: %ID/mL where every row has it, else decay-corrected activity.
struct Quantity {
  bool percent = false;
  ShownUnit unit;
  std::string label;

  [[nodiscard]] double of(const Measurement& m) const {
    return percent ? m.percent_id_per_ml.value_or(0) : m.activity_dc_bq / unit.size;
  }
};

Quantity choose(const std::vector<const Measurement*>& rows) {
  Quantity q;
  q.percent = std::all_of(rows.begin(), rows.end(),
                          [](const auto* m) { return m->percent_id_per_ml.has_value(); });
  if (q.percent) {
    q.label = "% of injected activity per mL (% ID/mL)";
    return q;
  }
  double top = 0;
  for (const auto* m : rows) top = std::max(top, m->activity_dc_bq);
  q.unit = activity_unit(top);
  q.label = "activity at the administration (" + q.unit.name + ")";
  return q;
}

/// Shown value per activity_bq is one number per frame (decay) and volume: an activity of zero
/// borrows it from its neighbours in the frame.
Point point_of(const Measurement& m, const Quantity& q, double per_hour,
               const std::map<std::pair<int, int>, double>& dc_percent) {
  Point p{.x = m.hours * per_hour, .y = q.of(m), .lo = {}, .hi = {}};
  double factor = m.activity_bq != 0 ? p.y / m.activity_bq : 0;
  if (m.activity_bq == 0) {
    const auto found = dc_percent.find({m.scan, m.frame});
    if (found == dc_percent.end()) return p;
    factor = found->second / (q.percent ? m.volume_ml : 1.0);
  }
  const double sd = std::fabs(factor) * m.total_sd_bq();
  if (std::isfinite(sd) && sd > 0) {
    p.lo = p.y - sd;
    p.hi = p.y + sd;
  }
  return p;
}

std::vector<Series> series_of(const std::vector<const Measurement*>& rows, const Quantity& q,
                              double per_hour) {
  std::map<std::pair<int, int>, double> per_bq;
  for (const auto* m : rows) {
    if (m->activity_bq == 0) continue;
    per_bq[{m->scan, m->frame}] = q.of(*m) / m->activity_bq * (q.percent ? m->volume_ml : 1.0);
  }
  std::vector<Series> series;
  for (const auto* m : rows) {
    auto at = std::find_if(series.begin(), series.end(),
                           [&](const Series& s) { return s.name == m->region; });
    if (at == series.end()) {
      const std::size_t i = series.size();
      at = series.insert(
          series.end(),
          {.name = m->region, .colour = colour_of(i), .mark = mark_of(i), .points = {}});
    }
    if (std::isfinite(q.of(*m))) at->points.push_back(point_of(*m, q, per_hour, per_bq));
  }
  for (auto& s : series) {
    std::stable_sort(s.points.begin(), s.points.end(),
                     [](const Point& a, const Point& b) { return a.x < b.x; });
  }
  return series;
}

std::string describe(const Series& s, const std::string& what) {
  if (s.points.empty()) return s.name + ": no values";
  const auto [lo, hi] = std::minmax_element(
      s.points.begin(), s.points.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  return fmt::format("{}: {} points, {} from {} to {}", s.name, s.points.size(), what,
                     figures(lo->y), figures(hi->y));
}

std::string chart(const std::vector<const Measurement*>& rows, const TimeUnit& time) {
  const Quantity q = choose(rows);
  auto series = series_of(rows, q, time.per_hour);
  std::set<double> moments;
  for (const auto* m : rows) moments.insert(m->hours);
  std::string all = "Activity of each region against time.";
  for (const auto& s : series) all += " " + describe(s, q.label) + ".";
  if (moments.size() == 1) {
    std::vector<Row> table;
    for (auto& s : series) {
      const std::string name = s.name;
      s.mark = Mark::circle;
      s.colour = colour_of(0);
      table.push_back({name, {s}});
    }
    return row_chart(q.label, table, all);
  }
  FacetGrid grid{.time = time, .y_label = q.label, .facets = {}};
  if (series.size() <= kMostInOnePanel) return single_chart(grid, series, all);
  grid.y_label = q.percent ? "% ID/mL" : q.unit.name;
  for (auto& s : series) {
    s.colour = colour_of(0);
    s.mark = Mark::circle;
    grid.facets.push_back({s.name, describe(s, q.label), {s}});
  }
  return R"(<p class="note">Ordinate: )" + q.label + ", decay-corrected.</p>" + facet_chart(grid);
}

}  // namespace

TimeUnit time_unit(const StudyResult& result) {
  double last = 0;
  for (const auto& m : result.measurements) last = std::max(last, m.hours);
  const std::string from = result.study.infusions.empty() ? "after injection" : "after infusion";
  if (last > 0 && last < 3) return {60, "minutes " + from};
  return {1, "hours " + from};
}

std::string time_course_charts(const StudyResult& result) {
  std::vector<std::string> tracers;
  for (const auto& m : result.measurements) {
    if (std::find(tracers.begin(), tracers.end(), m.tracer) == tracers.end())
      tracers.push_back(m.tracer);
  }
  const TimeUnit time = time_unit(result);
  std::string out;
  for (const auto& tracer : tracers) {
    std::vector<const Measurement*> rows;
    for (const auto& m : result.measurements) {
      if (m.tracer == tracer && std::isfinite(m.hours)) rows.push_back(&m);
    }
    // a region outside the image has no concentration: it stands in the table alone
    if (std::any_of(rows.begin(), rows.end(), [](const auto* m) { return m->volume_ml > 0; }))
      std::erase_if(rows, [](const auto* m) { return m->volume_ml <= 0; });
    if (rows.empty()) continue;
    if (tracers.size() > 1) out += "<h3>Tracer " + html_escape(tracer) + "</h3>";
    out += chart(rows, time);
  }
  return out;
}

}  // namespace sojourn::report
