#include "sojourn/recon/pinhole_source.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::recon {
namespace {

constexpr double kDegree = std::numbers::pi / 180;

/// Views, rows and columns of a camera, and where they stand.
struct Camera {
  int views = 0, rows = 0, columns = 0;
  double row_mm = 0, column_mm = 0, detector_mm = 0, start_rad = 0, step_rad = 0;

  explicit Camera(const io::InterfileHeader& h) {
    views = h.need_whole("number of projections");
    columns = h.need_whole("matrix size[1]");
    rows = h.need_whole("matrix size[2]");
    column_mm = h.need_number("scaling factor (mm/pixel)[1]");
    row_mm = h.need_number("scaling factor (mm/pixel)[2]");
    detector_mm = h.need_number("radius");
    std::string turn = h.text("direction of rotation").value_or("CCW");
    std::transform(turn.begin(), turn.end(), turn.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (turn != "CW" && turn != "CCW")
      refuse("{}: \"{}\"; say CW or CCW", h.where("direction of rotation"), turn);
    constexpr int kMost = 10000;
    for (const int n : {views, columns, rows})
      if (n < 1 || n > kMost) refuse("{}: {} views, rows or columns", h.file().string(), n);
    if (!(column_mm > 0) || !(row_mm > 0) || !(detector_mm > 0))
      refuse("{}: pixels and radius must be over 0", h.file().string());
    const double extent = h.need_number("extent of rotation");
    // 360 degrees end where they began; a shorter turn includes both ends
    const int steps = std::abs(extent - 360) < 1e-6 ? views : std::max(views - 1, 1);
    step_rad = (turn == "CW" ? -1 : 1) * extent / steps * kDegree;
    start_rad = (h.number("start angle").value_or(180) - 180) * kDegree;
  }
};

}  // namespace

Acquisition read_pinhole(const io::InterfileHeader& h, const Pinhole& pinhole, int subsets) {
  const Camera camera(h);
  const double depth = camera.detector_mm - pinhole.aperture_mm;
  if (!(pinhole.aperture_mm > 0 && depth > 0))
    refuse(
        "a pinhole {} mm from the axis and a detector at {} mm: the pinhole must lie between "
        "axis and detector",
        pinhole.aperture_mm, camera.detector_mm);
  if (!(pinhole.diameter_mm > 0) || !(pinhole.efficiency > 0 && pinhole.efficiency <= 1))
    refuse("a pinhole of {} mm with an efficiency of {}: both must be over 0, the latter at most 1",
           pinhole.diameter_mm, pinhole.efficiency);
  const auto values = io::interfile_values(h, static_cast<std::size_t>(camera.views) *
                                                  static_cast<std::size_t>(camera.rows) *
                                                  static_cast<std::size_t>(camera.columns));
  const double hole = std::numbers::pi * pinhole.diameter_mm * pinhole.diameter_mm / 4;
  Acquisition a;
  a.format = "Interfile SPECT projections, pinhole";
  a.modality = "NM";
  a.scanner = h.text("originating system").value_or("");
  std::size_t n = 0;
  for (int v = 0; v < camera.views; ++v) {
    const double angle = camera.start_rad + v * camera.step_rad;
    const double ox = std::sin(angle), oy = std::cos(angle), ux = std::cos(angle),
                 uy = -std::sin(angle);
    for (int r = 0; r < camera.rows; ++r)
      for (int c = 0; c < camera.columns; ++c, ++n) {
        // the picture is stored the right way round; on the crystal it stands on its head
        const double u = -(c - 0.5 * (camera.columns - 1)) * camera.column_mm;
        const double w = -(r - 0.5 * (camera.rows - 1)) * camera.row_mm;
        const double slant = std::sqrt(u * u + w * w + depth * depth), cosine = depth / slant;
        // from the pinhole inwards, to beyond the axis by as much
        const double reach = 2 * pinhole.aperture_mm / depth;
        projector::Lor lor;
        lor.from_mm = {static_cast<float>(pinhole.aperture_mm * ox),
                       static_cast<float>(pinhole.aperture_mm * oy), 0};
        lor.to_mm = {static_cast<float>(pinhole.aperture_mm * ox - reach * (u * ux + depth * ox)),
                     static_cast<float>(pinhole.aperture_mm * oy - reach * (u * uy + depth * oy)),
                     static_cast<float>(-reach * w)};
        const auto factor =
            static_cast<float>(pinhole.efficiency * camera.row_mm * camera.column_mm * hole *
                               std::pow(cosine, 4) / (4 * std::numbers::pi * depth * depth));
        const auto subset = static_cast<std::uint16_t>(v % subsets);
        a.lines.push_back(lor);
        a.line_normalisation.push_back(factor);
        a.line_subset.push_back(subset);
        const float counts = values[n];
        if (!(counts >= 0) || !std::isfinite(counts))
          refuse("{}: {} counts in view {}", h.file().string(), counts, v);
        if (counts == 0) continue;
        a.measured.lines.lors.push_back(lor);
        a.measured.counts.push_back(counts);
        a.measured.subset.push_back(subset);
        a.normalisation.push_back(factor);
      }
  }
  const double magnification = depth / pinhole.aperture_mm;
  a.grid = covering_grid(
      std::min(0.9 * pinhole.aperture_mm, 0.5 * camera.columns * camera.column_mm / magnification),
      std::min(pinhole.aperture_mm, 0.5 * camera.rows * camera.row_mm / magnification),
      camera.column_mm / 2, camera.row_mm / 2);
  return a;
}

}  // namespace sojourn::recon
