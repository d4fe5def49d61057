#pragma once
#include <string>
#include <string_view>

/// Writes one SVG element by element. Lengths are pixels of the drawing; colours come from the
/// page's style (classes) or are given outright.
namespace sojourn::report {

class Svg {
 public:
  /// @param description what a reader who cannot see the figure is told.
  Svg(double width, double height, std::string_view description);

  /// `attributes` are written as they are: `class="axis"`, `stroke="#0072b2"`.
  Svg& line(double x1, double y1, double x2, double y2, std::string_view attributes);
  Svg& rect(double x, double y, double width, double height, std::string_view attributes);
  Svg& circle(double x, double y, double radius, std::string_view attributes);
  Svg& path(std::string_view d, std::string_view attributes);
  /// `text` is escaped here.
  Svg& text(double x, double y, std::string_view text, std::string_view attributes);
  /// A picture stretched over the box. @param data_url "data:image/png;base64,…".
  Svg& image(double x, double y, double width, double height, std::string_view data_url);
  /// A group, closed by end(); `hover` (escaped here) is told under the pointer.
  Svg& begin(std::string_view attributes, std::string_view hover = {});
  Svg& end();

  /// The whole element; the object is spent.
  [[nodiscard]] std::string finish();

 private:
  std::string out_;
};

/// A coordinate with at most two decimals.
[[nodiscard]] std::string coordinate(double value);

}  // namespace sojourn::report
