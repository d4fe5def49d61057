#include "sojourn/io/contour_region.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/io/polygon_coverage.h"

namespace sojourn::io {
namespace {

using namespace image;

constexpr double kLargestBody_mm = 10'000;
constexpr double kMostVoxels = 268'435'456;  // 2^28, 1 GiB of fractions
constexpr double kRegular = 0.05;            // of a step: exported positions are rounded

struct Slab {
  double low_mm = 0, high_mm = 0;
};

/// Layers at first_mm + n thickness_mm (centres) and what part of each plane's slab they hold.
struct Layers {
  double first_mm = 0, thickness_mm = 1;
  int count = 0;
  std::vector<Slab> slabs;  ///< for each plane
};

bool evenly_spaced(const ContourStack& stack) {
  return std::all_of(
      stack.planes.begin(), stack.planes.end(), [&](const ContourStack::Plane& plane) {
        const double n = (plane.along_mm - stack.planes.front().along_mm) / stack.step_mm;
        return std::abs(n - std::round(n)) < kRegular;
      });
}

/// The distance that half of the neighbours keep.
double usual_step(const ContourStack& stack) {
  std::vector<double> steps;
  for (std::size_t n = 1; n < stack.planes.size(); ++n) {
    steps.push_back(stack.planes[n].along_mm - stack.planes[n - 1].along_mm);
  }
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2),
                   steps.end());
  return steps[steps.size() / 2];
}

Layers make_layers(const ContourStack& stack, double lone_thickness_mm) {
  Layers layers;
  const auto& planes = stack.planes;
  const double first = planes.front().along_mm, last = planes.back().along_mm;
  layers.first_mm = first;
  if (planes.size() == 1 || evenly_spaced(stack)) {
    layers.thickness_mm = planes.size() == 1 ? lone_thickness_mm : stack.step_mm;
    for (const auto& plane : planes) {
      const double centre =
          first + layers.thickness_mm * std::round((plane.along_mm - first) / layers.thickness_mm);
      layers.slabs.push_back({centre - layers.thickness_mm / 2, centre + layers.thickness_mm / 2});
    }
  } else {
    // Uneven planes: each slab ends half way to its neighbour, or half a usual step away at ends
    // and gaps.
    const double step = usual_step(stack);
    layers.thickness_mm = stack.step_mm;
    for (std::size_t n = 0; n < planes.size(); ++n) {
      const double z = planes[n].along_mm;
      const double below = n == 0 ? step : z - planes[n - 1].along_mm;
      const double above = n + 1 == planes.size() ? step : planes[n + 1].along_mm - z;
      layers.slabs.push_back({z - (below > 1.5 * step ? step : below) / 2,
                              z + (above > 1.5 * step ? step : above) / 2});
    }
    layers.first_mm = layers.slabs.front().low_mm + layers.thickness_mm / 2;
  }
  const double height = std::max(last, layers.slabs.back().high_mm) - layers.first_mm;
  layers.count =
      static_cast<int>(std::min(1e9, std::floor(height / layers.thickness_mm + 1.0 - 1e-6) + 0.0));
  if (layers.first_mm + (layers.count - 0.5) * layers.thickness_mm <
      layers.slabs.back().high_mm - 1e-6 * layers.thickness_mm) {
    ++layers.count;
  }
  return layers;
}

struct Bounds {
  double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
};

/// The in-plane lattice: the edges of the image's voxels (where parallel), divided.
struct Lattice {
  double edge_mm[2] = {0, 0}, pixel_mm[2] = {1, 1};
  int size[2] = {0, 0};
};

double image_spacing_along(const Geometry& image, const Vec3& direction) {
  std::size_t best = 0;
  for (std::size_t a = 1; a < 3; ++a) {
    if (std::abs(dot(image.axis[a], direction)) > std::abs(dot(image.axis[best], direction)))
      best = a;
  }
  return image.spacing_mm[best];
}

Lattice make_lattice(const ContourStack& stack, const Bounds& bounds, const Geometry& image,
                     bool whole_pixels) {
  Lattice lattice;
  double widest = 0;
  for (std::size_t a = 0; a < 2; ++a) {
    widest = std::max(
        widest, (bounds.high[a] - bounds.low[a]) / image_spacing_along(image, stack.in_plane[a]));
  }
  const int divide = whole_pixels ? 1 : widest <= 64 ? 4 : widest <= 256 ? 2 : 1;
  for (std::size_t a = 0; a < 2; ++a) {
    const double spacing = image_spacing_along(image, stack.in_plane[a]);
    const double pixel = spacing / divide;
    // A voxel edge of the image, as a position along this axis.
    const double edge = dot(image.origin_mm, stack.in_plane[a]) - spacing / 2;
    const double first = std::floor((bounds.low[a] - edge) / pixel);
    const double end = std::ceil((bounds.high[a] - edge) / pixel);
    lattice.edge_mm[a] = edge + first * pixel;
    lattice.pixel_mm[a] = pixel;
    lattice.size[a] = static_cast<int>(std::clamp(end - first, 1.0, 1e9));
  }
  return lattice;
}

Bounds bounds_of(const std::vector<Contour>& contours, const ContourStack& stack) {
  Bounds bounds;
  for (const auto& plane : stack.planes) {
    for (const std::size_t c : plane.contours) {
      for (const Vec3& p : contours[c]) {
        for (std::size_t a = 0; a < 2; ++a) {
          bounds.low[a] = std::min(bounds.low[a], dot(p, stack.in_plane[a]));
          bounds.high[a] = std::max(bounds.high[a], dot(p, stack.in_plane[a]));
        }
      }
    }
  }
  return bounds;
}

Geometry region_grid(const ContourStack& stack, const Lattice& lattice, const Layers& layers) {
  Geometry grid;
  grid.size = {lattice.size[0], lattice.size[1], layers.count};
  grid.spacing_mm = {lattice.pixel_mm[0], lattice.pixel_mm[1], layers.thickness_mm};
  grid.axis = {stack.in_plane[0], stack.in_plane[1], stack.normal};
  const double at[3] = {lattice.edge_mm[0] + lattice.pixel_mm[0] / 2,
                        lattice.edge_mm[1] + lattice.pixel_mm[1] / 2, layers.first_mm};
  grid.origin_mm = at[0] * grid.axis[0] + at[1] * grid.axis[1] + at[2] * grid.axis[2];
  return grid;
}

void check_size(const std::string& name, const Bounds& bounds, const ContourStack& stack,
                const Lattice& lattice, const Layers& layers) {
  const double span = std::max({bounds.high[0] - bounds.low[0], bounds.high[1] - bounds.low[1],
                                stack.planes.back().along_mm - stack.planes.front().along_mm});
  const double voxels = static_cast<double>(lattice.size[0]) * lattice.size[1] * layers.count;
  if (span > kLargestBody_mm || voxels > kMostVoxels) {
    refuse(
        "region \"{}\" spans {:.4g} mm and {:.4g} voxels (larger than any body); check its "
        "contours",
        name, span, voxels);
  }
}

/// Planes moved onto the slices of the image that they lie on.
ContourStack snapped(ContourStack stack, const Geometry& image) {
  const double first = dot(image.origin_mm, stack.normal), step = image.spacing_mm[2];
  stack.step_mm = 0;
  for (std::size_t n = 0; n < stack.planes.size(); ++n) {
    double& at = stack.planes[n].along_mm;
    at = first + step * std::round((at - first) / step);
    if (n == 0) continue;
    const double apart = at - stack.planes[n - 1].along_mm;
    stack.step_mm = n == 1 ? apart : std::min(stack.step_mm, apart);
  }
  return stack;
}

}  // namespace

bool on_slices(const ContourStack& stack, const Geometry& image) {
  if (std::abs(dot(stack.normal, image.axis[2])) < 1 - 1e-9) return false;
  return std::all_of(
      stack.planes.begin(), stack.planes.end(), [&](const ContourStack::Plane& plane) {
        const double slice =
            (plane.along_mm - dot(image.origin_mm, stack.normal)) / image.spacing_mm[2];
        return std::abs(slice - std::round(slice)) < 0.1;
      });
}

RegionMask contour_region(const std::string& name, int value, const std::vector<Contour>& contours,
                          const ContourStack& drawn, const Geometry& image,
                          double lone_thickness_mm, bool voxel_centres) {
  RegionMask region{name, value, {}};
  if (drawn.planes.empty()) return region;
  const ContourStack stack = voxel_centres ? snapped(drawn, image) : drawn;
  const Bounds bounds = bounds_of(contours, stack);
  const Lattice lattice = make_lattice(stack, bounds, image, voxel_centres);
  const Layers layers = make_layers(stack, lone_thickness_mm);
  check_size(name, bounds, stack, lattice, layers);
  region.fraction = Volume<float>(region_grid(stack, lattice, layers));

  const std::size_t layer_size =
      static_cast<std::size_t>(lattice.size[0]) * static_cast<std::size_t>(lattice.size[1]);
  CoverageBudget budget;
  std::vector<float> plane_coverage(layer_size);
  for (std::size_t n = 0; n < stack.planes.size(); ++n) {
    std::vector<Ring> rings;
    for (const std::size_t c : stack.planes[n].contours) {
      Ring& ring = rings.emplace_back();
      for (const Vec3& p : contours[c]) {
        ring.push_back({(dot(p, stack.in_plane[0]) - lattice.edge_mm[0]) / lattice.pixel_mm[0],
                        (dot(p, stack.in_plane[1]) - lattice.edge_mm[1]) / lattice.pixel_mm[1]});
      }
    }
    std::fill(plane_coverage.begin(), plane_coverage.end(), 0.0F);
    const auto add = voxel_centres ? add_centres : add_coverage;
    add(rings, lattice.size[0], lattice.size[1], 1.0F, plane_coverage, budget);
    const double bottom = layers.first_mm - layers.thickness_mm / 2;
    const Slab slab = layers.slabs[n];
    const int from =
        std::max(0, static_cast<int>((slab.low_mm - bottom) / layers.thickness_mm - 1e-6));
    for (int k = from; k < layers.count; ++k) {
      const double low = bottom + k * layers.thickness_mm;
      const double part =
          (std::min(slab.high_mm, low + layers.thickness_mm) - std::max(slab.low_mm, low)) /
          layers.thickness_mm;
      if (part <= 1e-6) {
        if (low > slab.high_mm) break;
        continue;
      }
      float* out = region.fraction.values().data() + static_cast<std::size_t>(k) * layer_size;
      for (std::size_t i = 0; i < layer_size; ++i) {
        out[i] = std::min(1.0F, out[i] + static_cast<float>(part) * plane_coverage[i]);
      }
    }
  }
  return region;
}

}  // namespace sojourn::io
