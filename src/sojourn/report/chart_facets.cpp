#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sojourn/report/charts.h"
#include "sojourn/report/html.h"

namespace sojourn::report {
namespace {

constexpr const char* kBelowNote =
    R"(<p class="note">An arrow at the foot of a panel marks a value below the axis (zero, negative or very small).</p>)";

void collect(const std::vector<Series>& series, std::vector<double>& x, std::vector<double>& y) {
  for (const auto& s : series) {
    for (const auto& p : s.points) {
      x.push_back(p.x);
      y.push_back(p.y);
      if (p.lo) y.push_back(*p.lo);
      if (p.hi) y.push_back(*p.hi);
    }
  }
}

void set_axes(Panel& panel, const FacetGrid& grid, const std::vector<double>& x,
              const std::vector<double>& y, int x_ticks, int y_ticks) {
  const auto [first, last] = std::minmax_element(x.begin(), x.end());
  panel.x =
      time_axis(x.empty() ? 0 : *first, x.empty() ? 1 : *last, grid.time.per_hour != 1, x_ticks);
  panel.y = value_axis(y, y_ticks);
  panel.x_label = grid.time.label;
  panel.y_label = grid.y_label;
}

/// Heights that keep labels `gap` apart and near to where they want to be, inside [lo, hi].
std::vector<double> spread(std::vector<std::pair<double, std::size_t>> wanted, double gap,
                           double lo, double hi) {
  std::sort(wanted.begin(), wanted.end());
  std::vector<double> placed(wanted.size());
  double next = lo;
  for (auto& [y, index] : wanted) {
    y = std::max(y, next);
    next = y + gap;
  }
  double limit = hi;
  for (auto at = wanted.rbegin(); at != wanted.rend(); ++at) {
    at->first = std::min(at->first, limit);
    limit = at->first - gap;
    placed[at->second] = at->first;
  }
  return placed;
}

void label_ends(Svg& svg, const Panel& panel, const std::vector<Series>& series) {
  std::vector<std::pair<double, std::size_t>> wanted;
  std::vector<const Series*> shown;
  for (const auto& s : series) {
    if (s.points.empty()) continue;
    wanted.emplace_back(panel.y_px(s.points.back().y), shown.size());
    shown.push_back(&s);
  }
  const auto y = spread(wanted, 16, panel.top + 4, panel.height - panel.bottom - 4);
  const double edge = panel.width - panel.right;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Point& last = shown[i]->points.back();
    const double x = panel.x_px(last.x);
    svg.path(fmt::format("M{} {}L{} {}L{} {}", coordinate(x + 6), coordinate(panel.y_px(last.y)),
                         coordinate(edge + 8), coordinate(y[i]), coordinate(edge + 14),
                         coordinate(y[i])),
             fmt::format(R"(class="leader" stroke="{}")", shown[i]->colour));
    draw_mark(svg, edge + 20, y[i], shown[i]->mark, shown[i]->hollow, shown[i]->colour);
    svg.text(edge + 29, y[i] + 4, shortened(shown[i]->name, 20), R"(class="name")");
  }
}

}  // namespace

std::string facet_chart(const FacetGrid& grid) {
  std::vector<double> x, y;
  for (const auto& facet : grid.facets) collect(facet.series, x, y);
  Panel panel{.width = 290, .height = 204, .left = 62, .right = 12, .top = 12, .bottom = 42};
  set_axes(panel, grid, x, y, 5, 4);
  bool below = false;
  std::string out = R"(<div class="facets">)";
  for (const auto& facet : grid.facets) {
    Svg svg(panel.width, panel.height, facet.description);
    draw_axes(svg, panel);
    for (const auto& s : facet.series) {
      draw_series(svg, panel, s);
      below = below || has_values_below(panel, s);
    }
    fmt::format_to(std::back_inserter(out),
                   R"(<figure class="facet"><figcaption>{}</figcaption>{}</figure>)",
                   html_escape(facet.title), svg.finish());
  }
  return out + "</div>" + (below ? kBelowNote : "");
}

std::string single_chart(const FacetGrid& grid, const std::vector<Series>& series,
                         const std::string& description) {
  std::vector<double> x, y;
  collect(series, x, y);
  Panel panel{.width = 1040, .height = 420, .left = 72, .right = 190, .top = 14, .bottom = 46};
  set_axes(panel, grid, x, y, 8, 6);
  Svg svg(panel.width, panel.height, description);
  draw_axes(svg, panel);
  bool below = false;
  for (const auto& s : series) {
    draw_series(svg, panel, s);
    below = below || has_values_below(panel, s);
  }
  label_ends(svg, panel, series);
  return R"(<figure class="chart">)" + svg.finish() + "</figure>" + (below ? kBelowNote : "");
}

}  // namespace sojourn::report
