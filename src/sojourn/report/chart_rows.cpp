#include <fmt/format.h>

#include "sojourn/report/charts.h"
#include "sojourn/report/html.h"

namespace sojourn::report {
namespace {

constexpr double kRow = 24, kTop = 8, kBottom = 48, kLeft = 190, kRight = 26, kWidth = 900;

/// A bar from zero (or from the axis' low end) to the value says "how much" at a glance; the mark
/// says where.
void draw_value(Svg& svg, const Panel& panel, const Series& s, double y) {
  const Point& p = s.points.front();
  const double x = panel.x_px(p.y);
  const std::string ink = fmt::format(R"(stroke="{}" stroke-width="1.6")", s.colour);
  if (s.dashed) {
    svg.line(x, y - 9, x, y + 9, ink + R"( stroke-dasharray="3 2")");
    return;
  }
  y += s.shift_px;
  if (p.lo || p.hi) {
    const double a = panel.x_px(p.lo.value_or(p.y)), b = panel.x_px(p.hi.value_or(p.y));
    svg.line(a, y, b, y, ink);
    svg.line(a, y - 3.5, a, y + 3.5, ink).line(b, y - 3.5, b, y + 3.5, ink);
  }
  draw_mark(svg, x, y, s.mark, s.hollow, s.colour);
}

}  // namespace

std::string row_chart(const std::string& value_label, const std::vector<Row>& rows,
                      const std::string& description) {
  std::vector<double> values;
  for (const auto& row : rows) {
    for (const auto& s : row.series) {
      for (const auto& p : s.points) {
        values.push_back(p.y);
        if (p.lo) values.push_back(*p.lo);
        if (p.hi) values.push_back(*p.hi);
      }
    }
  }
  Panel panel{.width = kWidth,
              .height = kTop + kBottom + kRow * static_cast<double>(rows.size()),
              .left = kLeft,
              .right = kRight,
              .top = kTop,
              .bottom = kBottom};
  panel.x = value_axis(values, 7);
  Svg svg(panel.width, panel.height, description);
  const double base = panel.height - panel.bottom;
  for (const double tick : panel.x.ticks) {
    const double x = panel.x_px(tick);
    svg.line(x, panel.top, x, base, R"(class="grid")");
    svg.text(x, base + 18, panel.x.label(tick), R"(class="tick" text-anchor="middle")");
  }
  for (const double tick : panel.x.minor) {
    svg.line(panel.x_px(tick), base, panel.x_px(tick), base + 3, R"(class="axis")");
  }
  svg.line(panel.left, base, panel.width - panel.right, base, R"(class="axis")");
  svg.text((panel.left + panel.width - panel.right) / 2, base + 38, value_label,
           R"(class="label" text-anchor="middle")");
  double y = panel.top + kRow / 2;
  for (const auto& row : rows) {
    svg.text(panel.left - 12, y + 4, shortened(row.name, 24), R"(class="name" text-anchor="end")");
    svg.line(panel.left, y, panel.width - panel.right, y, R"(class="grid dotted")");
    for (const auto& s : row.series) {
      if (!s.points.empty()) draw_value(svg, panel, s, y);
    }
    y += kRow;
  }
  return R"(<figure class="chart">)" + svg.finish() + "</figure>";
}

}  // namespace sojourn::report
