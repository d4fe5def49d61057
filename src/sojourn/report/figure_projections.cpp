#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "sojourn/report/axis.h"
#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/picture.h"
#include "sojourn/report/svg.h"

namespace sojourn::report {
namespace {

using records::ScanPicture;

constexpr double kGap = 10, kFoot = 26;

double height_mm(const image::Projection& p) { return p.height * p.pixel_height_mm; }
double width_mm(const image::Projection& p) { return p.width * p.pixel_width_mm; }

/// Holds pixels, and a size that a subject can have: a tenth of a millimetre to a hundred metres.
bool drawable(const image::Projection& p) {
  const auto sane = [](double mm) { return mm > 0.1 && mm < 1e5; };
  return p.width > 0 && p.height > 0 && sane(width_mm(p)) && sane(height_mm(p)) &&
         p.values.size() == static_cast<std::size_t>(p.width) * static_cast<std::size_t>(p.height);
}

/// Pixels per millimetre, the same for all: tall subjects fill the height, wide ones the width.
double shared_scale(const std::vector<const ScanPicture*>& pictures) {
  double tall = 0, wide = 0;
  for (const auto* p : pictures) {
    tall = std::max({tall, height_mm(p->front), height_mm(p->side)});
    wide = std::max(wide, width_mm(p->front) + width_mm(p->side));
  }
  const double room = pictures.size() > 6 ? 300 : pictures.size() > 2 ? 420 : 560;
  return std::min(room / tall, (pictures.size() > 1 ? 540 : 900) / wide);
}

/// The longest of 1, 2, 5 times a power of ten millimetres within `limit_mm`.
double scale_bar_mm(double limit_mm) {
  const double base = std::pow(10.0, std::floor(std::log10(limit_mm)));
  for (const double m : {5.0, 2.0}) {
    if (m * base <= limit_mm) return m * base;
  }
  return base;
}

void draw_view(Svg& svg, const image::Projection& p, const Window& window, double x, double scale) {
  const double w = width_mm(p) * scale, h = height_mm(p) * scale;
  // Half again as many pixels as the drawing has keep it crisp in print and on dense screens.
  const int rows = std::clamp(static_cast<int>(std::lround(1.5 * h)), 1, 700);
  svg.image(x, 0, w, h, "data:image/png;base64," + base64(encode_png(render(p, window, rows))));
  svg.rect(x, 0, w, h, R"(class="plate")");
}

std::string figure(const ScanPicture& p, const Window& window, double scale,
                   const std::string& from) {
  const double front = width_mm(p.front) * scale, side = width_mm(p.side) * scale;
  const double tall = std::max(height_mm(p.front), height_mm(p.side)) * scale;
  const std::string text = fmt::format(
      "Maximum-intensity projections, front and side, of scan {} at {} h {} (tracer {})", p.scan,
      hours_text(p.hours), from, p.tracer);
  Svg svg(front + kGap + side, tall + kFoot, text);
  draw_view(svg, p.front, window, 0, scale);
  draw_view(svg, p.side, window, front + kGap, scale);
  svg.text(7, 17, "R", R"(class="mark")");
  svg.text(front - 7, 17, "L", R"(class="mark" text-anchor="end")");
  svg.text(front + kGap + 7, 17, "A", R"(class="mark")");
  svg.text(front + kGap + side - 7, 17, "P", R"(class="mark" text-anchor="end")");
  const double bar = scale_bar_mm(0.45 * width_mm(p.front));
  const std::string length =
      bar >= 50 ? fmt::format("{:g} cm", bar / 10) : fmt::format("{:g} mm", bar);
  svg.path(fmt::format("M0.75 {0}v6M0.75 {1}h{2}m0 -3v6", coordinate(tall + 10),
                       coordinate(tall + 13), coordinate(bar * scale)),
           R"(class="ruler")");
  svg.text(bar * scale + 7, tall + 17, length, R"(class="tick")");
  svg.text(front + kGap + side, tall + 17, "front | side", R"(class="tick" text-anchor="end")");
  return fmt::format(
      R"(<figure class="mip"><figcaption><b>{} h</b> {} <small>{}</small></figcaption>{}</figure>)",
      hours_text(p.hours), from, html_escape(p.label), svg.finish());
}

std::string colour_bar(const Window& window) {
  const ShownUnit unit = activity_unit(window.top);
  const Axis axis = linear_axis(0, window.top / unit.size, 4);
  const double top = window.top / unit.size, x0 = 10, length = 300;
  Svg svg(x0 + length + 110, 40,
          fmt::format("Colour bar: white is 0, black is {} {}/mL and more", figures(top, 2),
                      unit.name));
  // Steps instead of a gradient: no identifiers that two figures of a page could share.
  constexpr int kSteps = 60;
  for (int i = 0; i < kSteps; ++i) {
    const int grey = static_cast<int>(std::lround(255.0 * (1 - (i + 0.5) / kSteps)));
    svg.rect(x0 + length * i / kSteps, 4, length / kSteps + 0.4, 12,
             fmt::format(R"x(fill="rgb({0},{0},{0})")x", grey));
  }
  svg.rect(x0, 4, length, 12, R"(class="plate")");
  for (const double tick : axis.ticks) {
    if (tick > 0.86 * top) continue;  // room for the label of the end
    const double x = x0 + length * tick / top;
    svg.line(x, 16, x, 20, R"(class="axis")");
    svg.text(x, 33, axis.label(tick), R"(class="tick" text-anchor="middle")");
  }
  svg.line(x0 + length, 16, x0 + length, 20, R"(class="axis")");
  svg.text(x0 + length, 33, "≥ " + figures(top, 2), R"(class="tick" text-anchor="middle")");
  svg.text(x0 + length + 10, 14, unit.name + "/mL", R"(class="label")");
  return svg.finish();
}

std::string window_note(const Window& window) {
  const ShownUnit unit = activity_unit(window.top);
  return fmt::format(
      "Activity concentration, decay-corrected to the administration. One window for all: white 0, "
      "black {} {}/mL and more ({}, rounded up; hottest pixel {} {}/mL). Radiological view: the "
      "subject's "
      "right (R) on the left. One length scale.",
      figures(window.top / unit.size, 2), unit.name,
      window.of_percentile ? "99.5th percentile of the projections" : "the maximum",
      figures(window.hottest / unit.size), unit.name);
}

std::string group(const std::vector<const ScanPicture*>& pictures, const std::string& from) {
  const Window window = shared_window(pictures);
  const double scale = shared_scale(pictures);
  std::string out = R"(<div class="scale">)" + colour_bar(window) + R"(<p class="note">)" +
                    window_note(window) + R"(</p></div><div class="mips">)";
  for (const auto* p : pictures) out += figure(*p, window, scale, from);
  return out + "</div>";
}

}  // namespace

std::string projection_figures(const records::StudyResult& result) {
  std::vector<std::pair<std::string, std::vector<const ScanPicture*>>> tracers;
  for (const auto& p : result.pictures) {
    if (!drawable(p.front) || !drawable(p.side)) continue;
    auto at = std::find_if(tracers.begin(), tracers.end(),
                           [&](const auto& t) { return t.first == p.tracer; });
    if (at == tracers.end()) at = tracers.insert(tracers.end(), {p.tracer, {}});
    at->second.push_back(&p);
  }
  const std::string from = result.study.infusions.empty() ? "after injection" : "after infusion";
  std::string out;
  for (const auto& [tracer, pictures] : tracers) {
    if (tracers.size() > 1) out += "<h3>Tracer " + html_escape(tracer) + "</h3>";
    out += group(pictures, from);
  }
  return out;
}

}  // namespace sojourn::report
