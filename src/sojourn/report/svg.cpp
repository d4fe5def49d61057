#include "sojourn/report/svg.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "sojourn/core/error.h"
#include "sojourn/report/html.h"

namespace sojourn::report {

std::string coordinate(double value) {
  SOJOURN_EXPECT(std::isfinite(value));
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, std::string_view description) {
  out_ = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">)",
      coordinate(width), coordinate(height), html_escape(description));
}

Svg& Svg::line(double x1, double y1, double x2, double y2, std::string_view attributes) {
  fmt::format_to(std::back_inserter(out_), R"(<line x1="{}" y1="{}" x2="{}" y2="{}" {}/>)",
                 coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), attributes);
  return *this;
}

Svg& Svg::rect(double x, double y, double width, double height, std::string_view attributes) {
  fmt::format_to(std::back_inserter(out_), R"(<rect x="{}" y="{}" width="{}" height="{}" {}/>)",
                 coordinate(x), coordinate(y), coordinate(width), coordinate(height), attributes);
  return *this;
}

Svg& Svg::circle(double x, double y, double radius, std::string_view attributes) {
  fmt::format_to(std::back_inserter(out_), R"(<circle cx="{}" cy="{}" r="{}" {}/>)", coordinate(x),
                 coordinate(y), coordinate(radius), attributes);
  return *this;
}

Svg& Svg::path(std::string_view d, std::string_view attributes) {
  fmt::format_to(std::back_inserter(out_), R"(<path d="{}" {}/>)", d, attributes);
  return *this;
}

Svg& Svg::text(double x, double y, std::string_view text, std::string_view attributes) {
  fmt::format_to(std::back_inserter(out_), R"(<text x="{}" y="{}" {}>{}</text>)", coordinate(x),
                 coordinate(y), attributes, html_escape(text));
  return *this;
}

Svg& Svg::image(double x, double y, double width, double height, std::string_view data_url) {
  fmt::format_to(
      std::back_inserter(out_),
      R"(<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" href="{}"/>)",
      coordinate(x), coordinate(y), coordinate(width), coordinate(height), data_url);
  return *this;
}

Svg& Svg::begin(std::string_view attributes, std::string_view hover) {
  fmt::format_to(std::back_inserter(out_), "<g {}>", attributes);
  if (!hover.empty()) {
    fmt::format_to(std::back_inserter(out_), "<title>{}</title>", html_escape(hover));
  }
  return *this;
}

Svg& Svg::end() {
  out_ += "</g>";
  return *this;
}

std::string Svg::finish() {
  out_ += "</svg>";
  return std::move(out_);
}

}  // namespace sojourn::report
