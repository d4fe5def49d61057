#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/io/contour_region.h"

namespace sojourn::io {
namespace {

using namespace image;

constexpr double kParallel =
    1e-3;  ///< rad; 0.1 mm over a contour of 100 mm, the rounding of exported decimals

/// Twice the vector area (Newell): its direction is the normal, its length twice the area.
Vec3 vector_area(const Contour& contour) {
  Vec3 sum{0, 0, 0};
  for (std::size_t n = 1; n + 1 < contour.size(); ++n) {
    sum = sum + cross(contour[n] - contour[0], contour[n + 1] - contour[0]);
  }
  return sum;
}

double extent(const Contour& contour) {
  double largest = 0;
  for (const Vec3& p : contour) largest = std::max(largest, norm(p - contour[0]));
  return largest;
}

void choose_axes(const Vec3& normal, const Geometry& image, ContourStack& stack) {
  for (std::size_t a = 0; a < 3; ++a) {
    if (norm(cross(normal, image.axis[a])) < kParallel) {
      stack.normal = image.axis[a];
      stack.in_plane = {image.axis[(a + 1) % 3], image.axis[(a + 2) % 3]};
      return;
    }
  }
  stack.normal = normal;
  Vec3 first = image.axis[0] - dot(image.axis[0], normal) * normal;
  if (norm(first) < 0.5) first = image.axis[1] - dot(image.axis[1], normal) * normal;
  first = (1 / norm(first)) * first;
  stack.in_plane = {first, cross(normal, first)};
}

/// Contours that have area, each once.
std::vector<std::size_t> usable(const std::vector<Contour>& contours, const std::string& what,
                                std::vector<std::string>& warnings) {
  std::vector<std::size_t> kept;
  std::set<Contour> known;
  std::size_t flat = 0, repeated = 0;
  for (std::size_t c = 0; c < contours.size(); ++c) {
    const double size = extent(contours[c]);
    if (contours[c].size() < 3 || norm(vector_area(contours[c])) <= 1e-9 * size * size) {
      ++flat;
    } else if (!known.insert(contours[c]).second) {
      ++repeated;
    } else {
      kept.push_back(c);
    }
  }
  if (flat > 0)
    warnings.push_back(fmt::format("{}: {} contours without area are left out", what, flat));
  if (repeated > 0) {
    warnings.push_back(
        fmt::format("{}: {} contours that repeat another are left out", what, repeated));
  }
  return kept;
}

double along(const Contour& contour, const ContourStack& stack, const std::string& what) {
  double sum = 0, low = 0, high = 0;
  for (const Vec3& p : contour) {
    const double off = dot(p - contour[0], stack.normal);
    sum += off;
    low = std::min(low, off);
    high = std::max(high, off);
  }
  if (high - low > 0.05 + 2 * kParallel * extent(contour)) {
    refuse(
        "{}: a contour is not flat or not parallel to the others (it leaves their plane by {:.3g} "
        "mm); export "
        "the region as a DICOM SEG",
        what, high - low);
  }
  return dot(contour[0], stack.normal) + sum / static_cast<double>(contour.size());
}

}  // namespace

ContourStack stack_contours(const std::vector<Contour>& contours, const Geometry& image,
                            const std::string& what, std::vector<std::string>& warnings) {
  ContourStack stack;
  const std::vector<std::size_t> kept = usable(contours, what, warnings);
  if (kept.empty()) return stack;
  Vec3 largest{0, 0, 0};
  for (const std::size_t c : kept) {
    const Vec3 area = vector_area(contours[c]);
    if (norm(area) > norm(largest)) largest = area;
  }
  choose_axes((1 / norm(largest)) * largest, image, stack);

  std::vector<std::pair<double, std::size_t>> sorted;
  sorted.reserve(kept.size());
  for (const std::size_t c : kept) sorted.emplace_back(along(contours[c], stack, what), c);
  std::sort(sorted.begin(), sorted.end());
  const double same = 0.05 * *std::min_element(image.spacing_mm.begin(), image.spacing_mm.end());
  for (const auto& [position, c] : sorted) {
    if (stack.planes.empty() || position - stack.planes.back().along_mm > same) {
      stack.planes.push_back({position, {}});
    }
    stack.planes.back().contours.push_back(c);
  }
  for (std::size_t n = 1; n < stack.planes.size(); ++n) {
    const double step = stack.planes[n].along_mm - stack.planes[n - 1].along_mm;
    stack.step_mm = n == 1 ? step : std::min(stack.step_mm, step);
  }
  return stack;
}

}  // namespace sojourn::io
