#include "sojourn/report/panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/report/html.h"

namespace sojourn::report {
namespace {

constexpr std::size_t kManyPoints = 12;  // from here on a band says more than bars

std::string stroke(const Series& series, double width) {
  return fmt::format(R"(fill="none" stroke="{}" stroke-width="{}"{})", series.colour, width,
                     series.dashed ? R"( stroke-dasharray="5 4")" : "");
}

bool below_axis(const Panel& panel, double value) {
  return panel.y.logarithmic ? value < panel.y.lo * (1 - 1e-9) : value < panel.y.lo;
}

void draw_line(Svg& svg, const Panel& panel, const Series& series) {
  std::string d;
  for (const auto& p : series.points) {
    d += fmt::format("{}{} {}", d.empty() ? "M" : "L",
                     coordinate(panel.x_px(p.x) + series.shift_px), coordinate(panel.y_px(p.y)));
  }
  svg.path(d, stroke(series, series.dashed ? 1.4 : 1.8));
}

void draw_band(Svg& svg, const Panel& panel, const Series& series) {
  std::string up, down;
  for (const auto& p : series.points) {
    const std::string x = coordinate(panel.x_px(p.x));
    up += fmt::format("{}{} {}", up.empty() ? "M" : "L", x,
                      coordinate(panel.y_px(p.hi.value_or(p.y))));
    down.insert(0, fmt::format("L{} {}", x, coordinate(panel.y_px(p.lo.value_or(p.y)))));
  }
  svg.path(up + down + "Z",
           fmt::format(R"(fill="{}" fill-opacity="0.2" stroke="none")", series.colour));
}

void draw_bar(Svg& svg, const Panel& panel, const Series& series, const Point& p) {
  const double x = panel.x_px(p.x) + series.shift_px;
  const double top = panel.y_px(p.hi.value_or(p.y)), base = panel.y_px(p.lo.value_or(p.y));
  const std::string ink = stroke(series, 1.4);
  svg.line(x, top, x, base, ink);
  if (p.hi) svg.line(x - 3.5, top, x + 3.5, top, ink);
  if (p.lo && !below_axis(panel, *p.lo)) svg.line(x - 3.5, base, x + 3.5, base, ink);
}

}  // namespace

double Panel::x_px(double value) const { return left + x.position(value) * (width - left - right); }
double Panel::y_px(double value) const {
  return height - bottom - y.position(value) * (height - top - bottom);
}

void draw_axes(Svg& svg, const Panel& panel) {
  const double x0 = panel.left, x1 = panel.width - panel.right;
  const double y0 = panel.top, y1 = panel.height - panel.bottom;
  for (const double tick : panel.y.ticks) {
    const double y = panel.y_px(tick);
    svg.line(x0, y, x1, y, R"(class="grid")");
    svg.text(x0 - 7, y + 4, panel.y.label(tick), R"(class="tick" text-anchor="end")");
  }
  for (const double tick : panel.y.minor) {
    svg.line(x0 - 3, panel.y_px(tick), x0, panel.y_px(tick), R"(class="axis")");
  }
  for (const double tick : panel.x.ticks) {
    const double x = panel.x_px(tick);
    svg.line(x, y1, x, y1 + 4, R"(class="axis")");
    svg.text(x, y1 + 17, panel.x.label(tick), R"(class="tick" text-anchor="middle")");
  }
  svg.line(x0, y1, x1, y1, R"(class="axis")").line(x0, y0, x0, y1, R"(class="axis")");
  svg.text((x0 + x1) / 2, y1 + 34, panel.x_label, R"(class="label" text-anchor="middle")");
  if (!panel.y_label.empty()) {
    const double y = (y0 + y1) / 2;
    svg.text(14, y, panel.y_label,
             fmt::format(R"x(class="label" text-anchor="middle" transform="rotate(-90 14 {})")x",
                         coordinate(y)));
  }
}

void draw_mark(Svg& svg, double x, double y, Mark mark, bool hollow, std::string_view colour,
               double radius) {
  const std::string ink =
      hollow ? fmt::format(R"(class="hollow" stroke="{}" stroke-width="1.6")", colour)
             : fmt::format(R"(fill="{}")", colour);
  const double r = radius;
  switch (mark) {
    case Mark::none:
      break;
    case Mark::circle:
      svg.circle(x, y, r, ink);
      break;
    case Mark::square:
      svg.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, ink);
      break;
    case Mark::triangle:
      svg.path(fmt::format("M{} {}l{} {}h-{}Z", coordinate(x), coordinate(y - 1.2 * r),
                           coordinate(1.2 * r), coordinate(2 * r), coordinate(2.4 * r)),
               ink);
      break;
    case Mark::diamond:
      svg.path(fmt::format("M{} {}l{r} {r}l-{r} {r}l-{r} -{r}Z", coordinate(x),
                           coordinate(y - 1.25 * r), fmt::arg("r", coordinate(1.25 * r))),
               ink);
      break;
  }
}

void draw_series(Svg& svg, const Panel& panel, const Series& series) {
  if (series.points.empty()) return;
  const bool many = series.points.size() > kManyPoints;
  bool bars = false;
  for (const auto& p : series.points) bars = bars || p.lo || p.hi;
  if (many && bars) draw_band(svg, panel, series);
  if (series.line && series.points.size() > 1) draw_line(svg, panel, series);
  for (const auto& p : series.points) {
    if (!many && (p.lo || p.hi)) draw_bar(svg, panel, series, p);
    const double x = panel.x_px(p.x) + series.shift_px, y = panel.y_px(p.y);
    if (below_axis(panel, p.y)) {
      svg.path(fmt::format("M{} {}h8l-4 6Z", coordinate(x - 4), coordinate(y - 6)),
               fmt::format(R"(fill="{}")", series.colour));
    } else {
      draw_mark(svg, x, y, series.mark, series.hollow, series.colour, many ? 1.8 : 4);
    }
  }
}

bool has_values_below(const Panel& panel, const Series& series) {
  return std::any_of(series.points.begin(), series.points.end(),
                     [&](const Point& p) { return below_axis(panel, p.y); });
}

std::string colour_of(std::size_t index) {
  // Okabe and Ito 2008 (Color Universal Design) without its black and yellow, which vanish on dark
  // and light pages, and two of P. Tol's "muted" scheme (SRON/EPS/TN/09-002, issue 3.2) in their
  // place.
  constexpr std::array<std::string_view, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                        "#e69f00", "#56b4e9", "#999933", "#aa4499"};
  return std::string(kColours[index % kColours.size()]);
}

Mark mark_of(std::size_t index) {
  constexpr std::array kMarks = {Mark::circle, Mark::square, Mark::triangle, Mark::diamond};
  return kMarks[index % kMarks.size()];
}

std::string legend(const std::vector<Series>& series) {
  std::string out = R"(<p class="legend">)";
  for (const auto& s : series) {
    Svg sample(28, 14, s.name);
    if (s.line) {
      sample.line(1, 7, 27, 7, stroke(s, 1.8));
    } else if (!s.points.empty() && s.points.front().lo) {
      sample.line(14, 0.5, 14, 13.5, stroke(s, 1.4));
    }
    draw_mark(sample, 14, 7, s.mark, s.hollow, s.colour);
    out += fmt::format("<span>{} {}</span> ", sample.finish(), html_escape(s.name));
  }
  return out + "</p>";
}

}  // namespace sojourn::report
