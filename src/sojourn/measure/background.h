#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/image/coverage.h"
#include "sojourn/measure/measure.h"

namespace sojourn::measure {

/// A set of voxels of equal shape at several places: offsets from a corner voxel, with the volume
/// of each.
struct Probe {
  struct Voxel {
    image::Index3 at;
    double ml;
  };
  std::vector<Voxel> voxels;
  double volume_ml = 0;
  std::vector<image::Index3> places;  ///< corners; the copies do not overlap
};

/// Where background regions may lie, on the grid of the image: in the named background, or in the
/// body outside all regions by a margin of one PSF.
class BackgroundPlaces {
 public:
  BackgroundPlaces(const image::Geometry& grid, const std::vector<image::Coverage>& regions,
                   const Background& background, const image::Vec3& margin_mm);

  /// Copies of the region itself; where fewer than eight fit, spheres of its volume; where fewer
  /// than eight of those fit, the largest spheres that do.
  [[nodiscard]] Probe find(const image::Coverage& region) const;
  /// 0: outside the body; 1: background; 2 + r: region r (the smallest that covers the voxel by
  /// half).
  [[nodiscard]] const std::vector<std::uint16_t>& owner() const { return owner_; }

 private:
  void place(Probe& probe) const;
  [[nodiscard]] Probe sphere(double volume_ml) const;

  image::Geometry grid_;
  std::vector<std::uint8_t> allowed_;
  std::vector<std::uint16_t> owner_;
  std::size_t n_allowed_ = 0;
  image::Index3 first_{0, 0, 0}, end_{0, 0, 0};  ///< bounds of what is allowed
};

inline constexpr std::size_t kLeastPlaces = 8;

}  // namespace sojourn::measure
