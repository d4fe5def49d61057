#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/report/charts.h"
#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"

namespace sojourn::report {
namespace {

using records::CellEstimate;

const char* const kNaiveGrey = "#808080";

struct CellSeries {
  Series estimate, naive, limit;
};

CellSeries empty_series() {
  CellSeries s;
  s.estimate = {
      .name = "living cells, 95 % interval", .colour = colour_of(0), .shift_px = -3, .points = {}};
  s.naive = {.name = "naive count",
             .colour = kNaiveGrey,
             .mark = Mark::square,
             .hollow = true,
             .line = false,
             .shift_px = 4,
             .points = {}};
  s.limit = {.name = "detection limit",
             .colour = colour_of(1),
             .mark = Mark::none,
             .dashed = true,
             .points = {}};
  return s;
}

void add(CellSeries& s, const CellEstimate& c, double per_hour) {
  const double x = c.hours * per_hour;
  const auto finite = [](double v) { return std::isfinite(v) ? std::optional(v) : std::nullopt; };
  if (std::isfinite(c.cells)) {
    s.estimate.points.push_back({x, c.cells, finite(c.cells_lo95), finite(c.cells_hi95)});
  }
  if (std::isfinite(c.cells_naive)) s.naive.points.push_back({x, c.cells_naive, {}, {}});
  if (c.detection_limit_cells && std::isfinite(*c.detection_limit_cells)) {
    s.limit.points.push_back({x, *c.detection_limit_cells, {}, {}});
  }
}

std::string describe(const std::string& region, const CellSeries& s) {
  std::string text = region + ": living cells";
  for (const auto& p : s.estimate.points) {
    text += fmt::format("{} {} ({} to {}) at {}", &p == s.estimate.points.data() ? "" : ",",
                        figures(p.y), figures(p.lo.value_or(p.y)), figures(p.hi.value_or(p.y)),
                        figures(p.x));
  }
  return text;
}

}  // namespace

std::string cell_charts(const records::StudyResult& result) {
  if (result.cells.empty()) return {};
  const TimeUnit time = time_unit(result);
  std::vector<std::pair<std::string, CellSeries>> regions;
  std::set<double> moments;
  for (const auto& c : result.cells) {
    if (!std::isfinite(c.hours)) continue;
    moments.insert(c.hours);
    auto at = std::find_if(regions.begin(), regions.end(),
                           [&](const auto& r) { return r.first == c.region; });
    if (at == regions.end()) at = regions.insert(regions.end(), {c.region, empty_series()});
    add(at->second, c, time.per_hour);
  }
  if (regions.empty()) return {};
  auto sample = empty_series();
  sample.estimate.line = moments.size() > 1;
  sample.estimate.points = {{0, 0, 0.0, 0.0}};
  std::string out = legend({sample.estimate, sample.naive, sample.limit});
  if (moments.size() == 1) {
    std::vector<Row> rows;
    std::string text = "Cells of each region at one time point.";
    for (const auto& [region, s] : regions) {
      text += " " + describe(region, s) + ".";
      rows.push_back({region, {s.limit, s.naive, s.estimate}});
    }
    return out + row_chart("living cells", rows, text);
  }
  FacetGrid grid{.time = time, .y_label = "cells", .facets = {}};
  for (const auto& [region, s] : regions) {
    grid.facets.push_back({region, describe(region, s), {s.limit, s.naive, s.estimate}});
  }
  return out + facet_chart(grid);
}

}  // namespace sojourn::report
