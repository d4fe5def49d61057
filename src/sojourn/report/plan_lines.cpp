#include "sojourn/report/plan_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/panel.h"

namespace sojourn::report {
namespace {

constexpr std::size_t kNamed = 6, kColours = 8;
constexpr double kLabelGap = 13;

struct TimeScale {
  double seconds = 3600;
  std::string label;
  bool minutes = false;
};

TimeScale time_scale(double last_s) {
  if (last_s < 3 * 3600) return {60, "minutes after infusion of the cells", true};
  if (last_s <= 4 * 86400) return {3600, "hours after infusion of the cells", false};
  return {86400, "days after infusion of the cells", false};
}

bool drawable(const TimedValue& v) {
  return std::fabs(v.first) < 1e15 && v.second > 1e-30 && v.second < 1e30;
}

/// What can be drawn, in shown units.
std::vector<Point> drawable_points(const std::vector<TimedValue>& values, double seconds,
                                   double unit) {
  std::vector<Point> points;
  for (const auto& v : values) {
    if (drawable(v) && drawable({0, v.second / unit})) {
      points.push_back({v.first / seconds, v.second / unit, {}, {}});
    }
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.x < b.x; });
  return points;
}

bool inside(const Axis& axis, double y) {
  return y >= axis.lo * (1 - 1e-9) && y <= axis.hi * (1 + 1e-9);
}

/// Where the segment leaves the axis, straight on logarithmic values.
Point crossing(const Axis& axis, const Point& in, const Point& out) {
  const double edge = out.y > axis.hi ? axis.hi : axis.lo;
  const double part = std::log(edge / in.y) / std::log(out.y / in.y);
  return {in.x + std::clamp(part, 0.0, 1.0) * (out.x - in.x), edge, {}, {}};
}

/// The pieces of a curve that lie inside the axis.
std::vector<std::vector<Point>> visible_runs(const Axis& axis, const std::vector<Point>& points) {
  std::vector<std::vector<Point>> runs;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool now = inside(axis, points[i].y);
    const bool before = i > 0 && inside(axis, points[i - 1].y);
    if (now && !before) {
      runs.emplace_back();
      if (i > 0) runs.back().push_back(crossing(axis, points[i], points[i - 1]));
    }
    if (now) runs.back().push_back(points[i]);
    if (!now && before) runs.back().push_back(crossing(axis, points[i - 1], points[i]));
  }
  return runs;
}

struct Prepared {
  const PlanLine* line = nullptr;
  std::vector<Point> curve, marks;
  std::string colour{};
  Mark mark = Mark::none;
};

/// The best six of all keep their colours in every chart; others take what is left.
void give_colours(std::vector<Prepared>& lines) {
  std::array<bool, kColours> taken{};
  const std::size_t named = std::min(lines.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) {
    const std::size_t rank = lines[i].line->rank;
    if (rank >= 1 && rank <= kNamed) taken[rank - 1] = true;
  }
  std::size_t next = kColours;
  for (std::size_t i = 0; i < named; ++i) {
    const std::size_t rank = lines[i].line->rank;
    std::size_t index = rank - 1;
    if (rank < 1 || rank > kNamed) {
      while (next > 1 && taken[next - 1]) --next;
      index = next - 1;
      taken[index] = true;
    }
    lines[i].colour = colour_of(index);
    lines[i].mark = mark_of(index);
  }
}

Axis y_axis(const PlanChart& chart, const std::vector<Prepared>& lines) {
  double lo = 0, hi = 0;
  const auto widen = [&](double y) {
    lo = lo == 0 ? y : std::min(lo, y);
    hi = std::max(hi, y);
  };
  for (const auto& line : lines) {
    for (const auto* points : {&line.curve, &line.marks}) {
      for (const auto& p : *points) widen(p.y);
    }
  }
  if (chart.wanted && drawable({0, *chart.wanted / chart.unit})) widen(*chart.wanted / chart.unit);
  if (chart.lowest) lo = std::clamp(*chart.lowest / chart.unit, lo, hi);
  if (chart.highest) hi = std::clamp(*chart.highest / chart.unit, lo, hi);
  lo /= 1.1;  // so that no mark lies on the frame
  hi *= 1.1;
  if (hi < 3 * lo) {  // one value, or nearly: in the middle
    lo /= 2;
    hi *= 2;
  }
  return log_axis(lo, hi);
}

struct EndLabel {
  double x = 0, y = 0, placed = 0;
  std::string text, colour;
};

/// Labels that would touch move apart, in the order of their heights.
void place(std::vector<EndLabel>& labels, const Panel& panel) {
  std::map<long, std::vector<EndLabel*>> columns;
  for (auto& label : labels) columns[std::lround(label.x / 12)].push_back(&label);
  for (auto& [x, column] : columns) {
    std::stable_sort(column.begin(), column.end(),
                     [](const auto* a, const auto* b) { return a->y < b->y; });
    double next = panel.top + 4;
    for (auto* label : column) {
      label->placed = std::max(label->y, next);
      next = label->placed + kLabelGap;
    }
    double limit = panel.height - panel.bottom - 5;
    for (auto at = column.rbegin(); at != column.rend(); ++at) {
      (*at)->placed = std::min((*at)->placed, limit);
      limit = (*at)->placed - kLabelGap;
    }
  }
}

void draw_labels(Svg& svg, const Panel& panel, std::vector<EndLabel>& labels) {
  place(labels, panel);
  for (const auto& label : labels) {
    if (std::fabs(label.placed - label.y) > 2) {
      svg.line(label.x + 5, label.y, label.x + 12, label.placed,
               fmt::format(R"(class="leader" stroke="{}")", label.colour));
    }
    svg.text(label.x + 14, label.placed + 4, label.text, R"(class="strong halo")");
  }
}

void draw_quiet(Svg& svg, const Panel& panel, const Prepared& line) {
  svg.begin(R"(class="others")", fmt::format("{} {}", line.line->rank, line.line->name));
  for (const auto& run : visible_runs(panel.y, line.curve)) {
    std::string d;
    for (const auto& p : run) {
      d += fmt::format("{}{} {}", d.empty() ? "M" : "L", coordinate(panel.x_px(p.x)),
                       coordinate(panel.y_px(p.y)));
    }
    if (run.size() > 1) svg.path(d, R"(class="quiet")");
  }
  for (const auto& p : line.marks) {
    if (inside(panel.y, p.y)) {
      svg.circle(panel.x_px(p.x), panel.y_px(p.y), 1.8, R"(class="quiet")");
    }
  }
  svg.end();
}

void draw_named(Svg& svg, const Panel& panel, const Prepared& line, std::vector<EndLabel>& labels) {
  const auto runs = visible_runs(panel.y, line.curve);
  std::optional<Point> end;
  svg.begin(R"(class="best")", fmt::format("{} {}", line.line->rank, line.line->name));
  for (const auto& run : runs) {
    draw_series(svg, panel, {.colour = line.colour, .mark = Mark::none, .points = run});
    end = run.back();
  }
  for (const auto& p : line.marks) {
    if (!inside(panel.y, p.y)) continue;
    draw_mark(svg, panel.x_px(p.x), panel.y_px(p.y), line.mark, false, line.colour);
    if (!end || p.x > end->x) end = p;
  }
  svg.end();
  if (end) {
    labels.push_back({panel.x_px(end->x), panel.y_px(end->y), 0, fmt::format("{}", line.line->rank),
                      line.colour});
  }
}

std::string draw(const PlanChart& chart, const std::vector<Prepared>& lines, const TimeScale& time,
                 const std::string& description) {
  double first = 0, last = 0;
  for (const auto& line : lines) {
    for (const auto* points : {&line.curve, &line.marks}) {
      for (const auto& p : *points) {
        first = std::min(first, p.x);
        last = std::max(last, p.x);
      }
    }
  }
  Panel panel{.width = 480, .height = 330, .left = 66, .right = 32, .top = 12, .bottom = 44};
  panel.x = time_axis(first, last, time.minutes, 6);
  panel.y = y_axis(chart, lines);
  panel.x_label = time.label;
  panel.y_label = chart.y_label;
  Svg svg(panel.width, panel.height, description);
  draw_axes(svg, panel);
  const std::size_t named = std::min(lines.size(), kNamed);
  for (std::size_t i = lines.size(); i > named; --i) draw_quiet(svg, panel, lines[i - 1]);
  const double wanted = chart.wanted.value_or(0) / chart.unit;
  const bool across = wanted > 0 && inside(panel.y, wanted);
  const double y = across ? panel.y_px(wanted) : 0;
  if (across) svg.line(panel.left, y, panel.width - panel.right, y, R"(class="wanted")");
  std::vector<EndLabel> labels;
  for (std::size_t i = named; i > 0; --i) draw_named(svg, panel, lines[i - 1], labels);
  if (across) {
    const double above = y - 6 < panel.top + 8 ? y + 15 : y - 6;
    svg.text(panel.left + 6, above, chart.wanted_label, R"(class="halo")");
  }
  draw_labels(svg, panel, labels);
  return svg.finish();
}

std::string describe(const PlanChart& chart, const std::vector<Prepared>& lines,
                     const TimeScale& time) {
  std::string out = chart.title + " (" + chart.y_label + ") against time.";
  if (chart.wanted) out += " Line across: " + chart.wanted_label + ".";
  const std::size_t named = std::min(lines.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) {
    out += fmt::format(" {} {}:", lines[i].line->rank, lines[i].line->name);
    const auto& points = lines[i].marks.empty() ? lines[i].curve : lines[i].marks;
    const std::size_t step = std::max<std::size_t>(1, points.size() / 6);
    for (std::size_t k = 0; k < points.size(); k += step) {
      out += fmt::format("{} {} at {}", k == 0 ? "" : ",", figures(points[k].y, 2),
                         hours_text(points[k].x));
    }
    out += ".";
  }
  if (lines.size() > named) out += fmt::format(" {} more lines.", lines.size() - named);
  return out + " Time in " + time.label + ".";
}

std::string note_on(std::size_t quiet, std::size_t hidden) {
  std::string out;
  if (quiet > 0) {
    out += fmt::format("Grey: {} further {}, named under the pointer. ", quiet,
                       quiet == 1 ? "method" : "methods");
  }
  if (hidden > 0) {
    out += fmt::format("{} {} outside the chart.", hidden,
                       hidden == 1 ? "method lies" : "methods lie");
  }
  return out.empty() ? out : R"(<p class="note">)" + out + "</p>";
}

}  // namespace

std::string plan_chart(const PlanChart& chart) {
  double last_s = 0;
  for (const auto& line : chart.lines) {
    for (const auto* values : {&line.curve, &line.marks}) {
      for (const auto& v : *values) {
        if (drawable(v)) last_s = std::max(last_s, v.first);
      }
    }
  }
  const TimeScale time = time_scale(last_s);
  std::vector<Prepared> lines;
  for (const auto& line : chart.lines) {
    Prepared p{.line = &line,
               .curve = drawable_points(line.curve, time.seconds, chart.unit),
               .marks = drawable_points(line.marks, time.seconds, chart.unit)};
    if (!p.curve.empty() || !p.marks.empty()) lines.push_back(std::move(p));
  }
  if (lines.empty()) return {};
  const Axis axis = y_axis(chart, lines);
  const std::size_t all = lines.size();
  std::erase_if(lines, [&](const Prepared& p) {
    const auto shown = [&](const Point& point) { return inside(axis, point.y); };
    return std::none_of(p.curve.begin(), p.curve.end(), shown) &&
           std::none_of(p.marks.begin(), p.marks.end(), shown);
  });
  give_colours(lines);
  std::vector<Series> samples;
  for (std::size_t i = 0; i < std::min(lines.size(), kNamed); ++i) {
    samples.push_back({.name = fmt::format("{} {}", lines[i].line->rank, lines[i].line->name),
                       .colour = lines[i].colour,
                       .mark = lines[i].mark});
  }
  std::string out = R"(<figure class="plot"><figcaption>)" + html_escape(chart.title);
  if (!chart.subtitle.empty()) out += "<small>" + html_escape(chart.subtitle) + "</small>";
  out += "</figcaption>" + draw(chart, lines, time, describe(chart, lines, time));
  out += legend(samples);
  const std::size_t quiet = lines.size() > kNamed ? lines.size() - kNamed : 0;
  return out + note_on(quiet, all - lines.size()) + "</figure>";
}

}  // namespace sojourn::report
