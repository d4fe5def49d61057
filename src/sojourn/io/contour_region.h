#pragma once
#include <array>
#include <string>
#include <vector>

#include "sojourn/image/region_mask.h"

namespace sojourn::io {

/// A closed planar contour in patient space (LPS, mm).
using Contour = std::vector<image::Vec3>;

/// The contours of one region, sorted into parallel planes.
struct ContourStack {
  image::Vec3 normal{0, 0, 1};
  std::array<image::Vec3, 2> in_plane{{{1, 0, 0}, {0, 1, 0}}};
  struct Plane {
    double along_mm = 0;  ///< position along the normal
    std::vector<std::size_t> contours;
  };
  std::vector<Plane> planes;  ///< by position
  double step_mm = 0;         ///< smallest distance of two planes; 0 for a single plane
};

/// Sorts contours into planes. Where they lie in an image plane (within 1 mrad) the axes are the
/// image's, so that the region's grid is parallel to it. Contours without area and exact repeats
/// are left out with a warning.
/// @throws Error(bad_input) where a contour is not flat or the contours are not parallel; `what`
/// names the region
[[nodiscard]] ContourStack stack_contours(const std::vector<Contour>& contours,
                                          const image::Geometry& image, const std::string& what,
                                          std::vector<std::string>& warnings);

/// Exact coverage on a grid of its own: in plane the image's lattice, divided by 4, 2 or 1 (256
/// pixels or more across where the region is that large); along the normal one layer per plane
/// where these are evenly spaced. Each plane stands for a slab: half the way to its neighbours,
/// where they are near; a gap of more than 1.5 steps stays a gap. A single plane is
/// `lone_thickness_mm` thick.
/// @param voxel_centres  take the whole pixels of the image whose centre is inside instead
/// @throws Error(bad_input) where the region is larger than any body
[[nodiscard]] image::RegionMask contour_region(const std::string& name, int value,
                                               const std::vector<Contour>& contours,
                                               const ContourStack& stack,
                                               const image::Geometry& image,
                                               double lone_thickness_mm, bool voxel_centres);

/// True where every contour plane is a slice of the image (within a tenth of its thickness).
[[nodiscard]] bool on_slices(const ContourStack& stack, const image::Geometry& image);

}  // namespace sojourn::io
