#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/recon/interfile_source.h"

namespace sojourn::recon {
namespace {

using io::InterfileHeader;

constexpr double kMmPerCm = 10;
constexpr double kDegree = std::numbers::pi / 180;
constexpr int kMost = 100000;
constexpr double kMostNegative = 0.02;  // of the counts: what interpolation of a sinogram may leave

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

int positive(const InterfileHeader& h, const std::string& key) {
  const int value = h.need_whole(key);
  if (value < 1 || value > kMost) refuse("{}: {} is not 1 to {}", h.where(key), value, kMost);
  return value;
}

/// The axis ("1" to "5") with this label.
std::string axis_of(const InterfileHeader& h, const std::string& label) {
  for (const char* axis : {"1", "2", "3", "4", "5"})
    if (lower(h.text(fmt::format("matrix axis label[{}]", axis)).value_or("")) == label)
      return axis;
  refuse(
      "{}: no \"matrix axis label\" is \"{}\"; a PET sinogram has segment, view, axial coordinate "
      "and tangential coordinate",
      h.file().string(), label);
}

std::vector<projector::Segment> segments_of(const InterfileHeader& h) {
  const std::string key = fmt::format("matrix size[{}]", axis_of(h, "axial coordinate"));
  const auto planes = h.list(key);
  const auto least = h.list("minimum ring difference per segment");
  const auto most = h.list("maximum ring difference per segment");
  const auto n =
      static_cast<std::size_t>(positive(h, fmt::format("matrix size[{}]", axis_of(h, "segment"))));
  if (planes.size() != n || least.size() != n || most.size() != n)
    refuse("{}: {} segments, but {} numbers of planes, {} minimum and {} maximum ring differences",
           h.file().string(), n, planes.size(), least.size(), most.size());
  std::vector<projector::Segment> segments;
  for (std::size_t s = 0; s < n; ++s) {
    if (!(planes[s] >= 1 && planes[s] <= kMost && planes[s] == std::floor(planes[s])))
      refuse("{}: {} planes in a segment", h.where(key), planes[s]);
    if (most[s] < least[s])
      refuse("{}: {} is below the minimum {}", h.where("maximum ring difference per segment"),
             most[s], least[s]);
    segments.push_back({static_cast<int>(planes[s]), (least[s] + most[s]) / 2, most[s] > least[s]});
  }
  return segments;
}

/// Where bin (segment, plane, view, t) stands in the file.
class Layout {
 public:
  Layout(const InterfileHeader& h, const projector::SinogramShape& shape) : shape_(shape) {
    if (axis_of(h, "tangential coordinate") != "1" || axis_of(h, "segment") != "4")
      refuse("{}: the tangential coordinate must be axis 1 and the segment axis 4",
             h.file().string());
    by_view_ = axis_of(h, "view") == "3";
  }
  [[nodiscard]] std::size_t row(const projector::Segment& s, int plane, int view) const {
    return by_view_ ? static_cast<std::size_t>(view) * static_cast<std::size_t>(s.planes) +
                          static_cast<std::size_t>(plane)
                    : static_cast<std::size_t>(plane) * static_cast<std::size_t>(shape_.views) +
                          static_cast<std::size_t>(view);
  }

 private:
  const projector::SinogramShape& shape_;
  bool by_view_ = false;
};

}  // namespace

projector::SinogramShape sinogram_shape(const InterfileHeader& h) {
  projector::SinogramShape shape;
  if (h.whole("number of dimensions").value_or(4) != 4)
    refuse("{}: only 4 dimensions are read; give time-of-flight data as list mode",
           h.where("number of dimensions"));
  shape.tangential =
      positive(h, fmt::format("matrix size[{}]", axis_of(h, "tangential coordinate")));
  shape.views = positive(h, fmt::format("matrix size[{}]", axis_of(h, "view")));
  shape.segments = segments_of(h);
  const double depth_mm = h.number("average depth of interaction (cm)").value_or(0) * kMmPerCm;
  shape.radius_mm = h.need_number("inner ring diameter (cm)") * kMmPerCm / 2 + depth_mm;
  shape.ring_mm = h.need_number("distance between rings (cm)") * kMmPerCm;
  shape.arc_corrected =
      lower(h.text("applied corrections").value_or("")).find("arc correction") != std::string::npos;
  shape.view_offset_rad = h.number("view offset (degrees)").value_or(0) * kDegree;
  shape.detectors = positive(h, "number of detectors per ring");
  if (shape.arc_corrected)
    shape.bin_mm = h.need_number("effective central bin size (cm)") * kMmPerCm;
  if (!(shape.radius_mm > 0) || !(shape.ring_mm > 0) ||
      (shape.arc_corrected && !(shape.bin_mm > 0)))
    refuse("{}: ring diameter, distance between rings and bin size must be over 0",
           h.file().string());
  return shape;
}

namespace detail {

Acquisition read_interfile_sinogram(const InterfileHeader& h, const ReadChoices& choices) {
  const auto shape = sinogram_shape(h);
  const auto values = io::interfile_values(h, shape.bins());
  const Layout layout(h, shape);
  Acquisition a;
  a.format = "Interfile sinogram";
  a.scanner = h.text("scanner type").value_or(h.text("originating system").value_or(""));
  std::size_t start = 0;
  double negative = 0, positive_counts = 0;
  for (std::size_t s = 0; s < shape.segments.size(); ++s) {
    const auto& segment = shape.segments[s];
    for (int view = 0; view < shape.views; ++view)
      for (int plane = 0; plane < segment.planes; ++plane) {
        const std::size_t row =
            start + layout.row(segment, plane, view) * static_cast<std::size_t>(shape.tangential);
        const auto subset = static_cast<std::uint16_t>(view % choices.subsets);
        for (int t = 0; t < shape.tangential; ++t) {
          const float counts = values[row + static_cast<std::size_t>(t)];
          const auto line = shape.line(s, plane, view, t);
          a.lines.push_back(line);
          a.line_subset.push_back(subset);
          if (!std::isfinite(counts))
            refuse("{}: a bin of {} counts (segment {}, view {})", h.file().string(), counts, s,
                   view);
          (counts < 0 ? negative : positive_counts) += static_cast<double>(counts);
          if (counts <= 0) continue;
          a.measured.lines.lors.push_back(line);
          a.measured.counts.push_back(counts);
          a.measured.subset.push_back(subset);
        }
      }
    start += static_cast<std::size_t>(segment.planes) * static_cast<std::size_t>(shape.views) *
             static_cast<std::size_t>(shape.tangential);
  }
  if (-negative > kMostNegative * positive_counts)
    refuse(
        "{}: {:.3g} counts in negative bins beside {:.4g} in others; reconstruct prompts, not data "
        "with randoms subtracted",
        h.file().string(), negative, positive_counts);
  if (negative < 0)
    a.warnings.push_back(
        fmt::format("bins of {:.3g} counts in all count as 0: the sinogram holds "
                    "corrected data, not prompts",
                    negative));
  const double bin_mm = shape.arc_corrected
                            ? shape.bin_mm
                            : shape.radius_mm * std::sin(std::numbers::pi / shape.detectors);
  const double reach = bin_mm * shape.tangential / 2;
  a.grid = covering_grid(std::min(reach, shape.radius_mm * 0.9), shape.half_length_mm(), bin_mm,
                         shape.ring_mm / 2);
  a.duration_s = h.number("image duration (sec)").value_or(0);
  return a;
}

}  // namespace detail

Acquisition read_interfile(const std::filesystem::path& file, const ReadChoices& choices) {
  const auto header = InterfileHeader::read(file);
  const std::string kind = lower(header.text("data format").value_or(""));
  if (kind == "coincidencelist") return detail::read_petlink_list(header, choices);
  if (lower(header.text("type of data").value_or("")) == "pet")
    return detail::read_interfile_sinogram(header, choices);
  if (lower(header.text("type of data").value_or("")) == "tomographic") {
    if (!choices.pinhole)
      refuse(
          "{}: SPECT projections need the camera's pinhole: set spect.pinhole_distance and "
          "spect.pinhole_diameter; parallel holes are not modelled",
          file.string());
    return read_pinhole(header, *choices.pinhole, choices.subsets);
  }
  refuse("{}: \"type of data\" is \"{}\"; PET sinograms and list mode are read", file.string(),
         header.text("type of data").value_or(""));
}

}  // namespace sojourn::recon
