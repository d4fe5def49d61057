#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sojourn/report/html.h"
#include "sojourn/report/panel.h"
#include "sojourn/report/plan_sections.h"

namespace sojourn::report {
namespace {

using records::LabellingWindow;

constexpr double kRow = 46, kWidth = 480, kTop = 6, kBottom = 44, kBar = 12;
constexpr std::size_t kMostRows = 24;

struct Bar {
  std::string name;
  const LabellingWindow* window = nullptr;
};

bool drawable(double bq) { return bq > 1e-20 && bq < 1e25; }
bool drawable(const std::optional<double>& bq) { return bq && drawable(*bq); }

bool is_empty(const LabellingWindow& w) { return w.low_bq && *w.low_bq > w.high_bq; }

std::string amount(double bq) { return with_prefix(bq, "Bq"); }

std::string span_text(const LabellingWindow& w) {
  if (is_empty(w)) {
    return fmt::format("{} needed, {} harms", amount(*w.low_bq), amount(w.high_bq));
  }
  const std::string chosen = ", chosen " + amount(w.chosen_bq);
  if (!w.low_bq) return "up to " + amount(w.high_bq) + chosen;
  return fmt::format("{} – {}{}", amount(*w.low_bq), amount(w.high_bq), chosen);
}

std::string describe(const std::vector<Bar>& bars) {
  std::string out = "Labelling activity in a million cells.";
  for (const auto& bar : bars) {
    out +=
        " " + bar.name + (is_empty(*bar.window) ? ": no window, " : ": ") + span_text(*bar.window);
    if (bar.window->dose_bq) out += ", dose limit at " + amount(*bar.window->dose_bq);
    out += ".";
  }
  return out;
}

void draw_bar(Svg& svg, const Panel& panel, const LabellingWindow& w, double y) {
  const double half = kBar / 2;
  const bool has_low = drawable(w.low_bq), has_high = drawable(w.high_bq);
  if (is_empty(w) && has_low && has_high) {
    const double a = panel.x_px(w.high_bq), b = panel.x_px(*w.low_bq);
    svg.rect(a, y - half, b - a, kBar, R"(class="missing")");
  } else if (has_high) {
    const double a = has_low ? panel.x_px(*w.low_bq) : panel.left, b = panel.x_px(w.high_bq);
    svg.rect(a, y - half, std::max(b - a, 1.0), kBar,
             fmt::format(R"(fill="{}" fill-opacity="{}")", colour_of(0), has_low ? 0.35 : 0.15));
  }
  if (has_low) {
    const double x = panel.x_px(*w.low_bq);
    svg.line(x, y - half, x, y + half,
             fmt::format(R"(stroke="{}" stroke-width="2")", colour_of(0)));
  }
  if (has_high) {
    const double x = panel.x_px(w.high_bq);
    svg.line(x, y - half - 3, x, y + half + 3, R"(class="ceiling")");
  }
  if (drawable(w.dose_bq)) {
    const double x = panel.x_px(*w.dose_bq);
    svg.line(x, y - half - 3, x, y + half + 3, R"(class="dose")");
  }
  if (drawable(w.chosen_bq)) {
    draw_mark(svg, panel.x_px(w.chosen_bq), y, Mark::diamond, false, colour_of(1), 4.5);
  }
}

std::string window_legend(bool doses, bool empties) {
  std::string out = R"(<p class="legend">)";
  const auto add = [&](Svg& sample, const char* name) {
    out += fmt::format("<span>{} {}</span> ", sample.finish(), name);
  };
  Svg bar(28, 14, "bar");
  bar.rect(2, 2, 24, 10, fmt::format(R"(fill="{}" fill-opacity="0.35")", colour_of(0)));
  bar.line(2, 2, 2, 12, fmt::format(R"(stroke="{}" stroke-width="2")", colour_of(0)));
  add(bar, "window: from what the last scan needs");
  Svg chosen(28, 14, "diamond");
  draw_mark(chosen, 14, 7, Mark::diamond, false, colour_of(1), 4.5);
  add(chosen, "chosen");
  Svg ceiling(28, 14, "solid tick");
  ceiling.line(14, 0, 14, 14, R"(class="ceiling")");
  add(ceiling, "above it cells are harmed");
  if (doses) {
    Svg dose(28, 14, "dashed tick");
    dose.line(14, 0, 14, 14, R"(class="dose")");
    add(dose, "above it the dose limit is exceeded");
  }
  if (empties) {
    Svg empty(28, 14, "dashed box");
    empty.rect(2, 2, 24, 10, R"(class="missing")");
    add(empty, "no window: harm comes before sight");
  }
  return out + "</p>";
}

Axis bar_axis(const std::vector<Bar>& bars) {
  double lo = 0, hi = 0;
  for (const auto& bar : bars) {
    const LabellingWindow& w = *bar.window;
    for (const auto& v :
         {w.low_bq, std::optional(w.high_bq), w.dose_bq, std::optional(w.chosen_bq)}) {
      if (!drawable(v)) continue;
      lo = lo == 0 ? *v : std::min(lo, *v);
      hi = std::max(hi, *v);
    }
  }
  return log_axis(lo, hi);
}

std::string draw(const std::vector<Bar>& bars) {
  Panel panel{.width = kWidth,
              .height = kTop + kBottom + kRow * static_cast<double>(bars.size()),
              .left = 14,
              .right = 14,
              .top = kTop,
              .bottom = kBottom};
  const Axis in_bq = bar_axis(bars);
  const ShownUnit unit = prefixed_unit(std::sqrt(in_bq.lo) * std::sqrt(in_bq.hi), "Bq");
  const Axis shown = log_axis(in_bq.lo / unit.size, in_bq.hi / unit.size);
  panel.x = in_bq;
  Svg svg(panel.width, panel.height, describe(bars));
  const double base = panel.height - panel.bottom;
  const double x0 = panel.left, x1 = panel.width - panel.right;
  for (const double tick : shown.ticks) {
    const double x = x0 + shown.position(tick) * (x1 - x0);
    svg.line(x, panel.top, x, base + 4, R"(class="grid")");
    svg.text(x, base + 18, shown.label(tick), R"(class="tick" text-anchor="middle")");
  }
  svg.line(x0, base, x1, base, R"(class="axis")");
  svg.text((x0 + x1) / 2, base + 36, unit.name + " in a million cells",
           R"(class="label" text-anchor="middle")");
  double y = panel.top;
  for (const auto& bar : bars) {
    const bool empty = is_empty(*bar.window);
    svg.text(x0, y + 14, shortened(bar.name, 34), R"(class="name halo")");
    svg.text(
        x1, y + 14, span_text(*bar.window),
        empty ? R"(class="bad halo" text-anchor="end")" : R"(class="soft halo" text-anchor="end")");
    draw_bar(svg, panel, *bar.window, y + 29);
    y += kRow;
  }
  return svg.finish();
}

}  // namespace

std::string plan_window_chart(const PlanView& view) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < view.feasible.size(); ++i) {
    const auto& m = *view.feasible[i];
    if (m.window) bars.push_back({fmt::format("{} {}", i + 1, m.name), &*m.window});
  }
  for (const auto* m : view.excluded) {
    if (m->window) bars.push_back({m->name, &*m->window});
  }
  std::erase_if(bars, [](const Bar& bar) {
    const LabellingWindow& w = *bar.window;
    return !drawable(w.low_bq) && !drawable(w.high_bq) && !drawable(w.chosen_bq);
  });
  if (bars.empty()) return {};
  const std::size_t left_out = bars.size() > kMostRows ? bars.size() - kMostRows : 0;
  bars.resize(bars.size() - left_out);
  bool doses = false, empties = false;
  for (const auto& bar : bars) {
    doses = doses || drawable(bar.window->dose_bq);
    empties = empties || is_empty(*bar.window);
  }
  std::string out =
      R"(<figure class="plot"><figcaption>Labelling activity in a million cells<small>labels put on cells before infusion; without a number: excluded</small></figcaption>)";
  out += draw(bars) + window_legend(doses, empties);
  if (left_out > 0) {
    out += fmt::format(R"(<p class="note">{} not drawn.</p>)", counted(left_out, "more label"));
  }
  return out + "</figure>";
}

}  // namespace sojourn::report
