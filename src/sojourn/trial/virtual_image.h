#pragma once
#include <cstdint>

#include "sojourn/simulate/fast_path.h"
#include "sojourn/simulate/nuclear_model.h"
#include "sojourn/trial/virtual_body.h"

namespace sojourn::trial {

/// The grids of one scanner's images of a body, and what of each organ lies inside them.
struct VirtualView {
  simulate::NuclearModel model;
  image::Geometry image, labels;  ///< one box; labels in voxels of half the edge where that is fine
  double photon_kev = 0;
  std::vector<double> inside;      ///< part of each organ's volume, 0 to 1
  std::vector<double> volume_ml;   ///< of each organ, inside
  std::vector<double> whole_ml;    ///< of each organ
  image::Vec3 center_mm{0, 0, 0};  ///< of the field of view

  /// Part of a region's volume inside.
  [[nodiscard]] double part_inside(const VirtualRegion& region) const;
  /// Whether the label map has the region: at least half of it is inside, or it is the rest.
  [[nodiscard]] bool shows(const VirtualRegion& region) const;
  [[nodiscard]] double region_ml(const VirtualRegion& region) const;
};

/// Voxels of a third of the scanner's resolution (at most four million); a body longer than the
/// field of view is cut to nine tenths of it about its liver
/// (or as near as it goes).
/// @throws Error(bad_input) where the body is wider than the field of view.
[[nodiscard]] VirtualView view_of(const VirtualBody& body, const std::string& scanner,
                                  const std::string& nuclide);

struct VirtualImage {
  image::Volume<float> concentration_bq_per_ml;  ///< mean over the frame
  simulate::ExpectedCounts counts;
  double activity_bq = 0;  ///< inside the view, mean over the frame, before the scanner
};

/// @param bq_of_organ mean over the frame, of whole organs.
[[nodiscard]] VirtualImage image_of(const VirtualBody& body, const VirtualView& view,
                                    const std::vector<double>& bq_of_organ, double duration_s,
                                    std::uint64_t seed, bool noise_free);

/// Regions as labels (value i + 1 is region i), and Hounsfield units from densities.
[[nodiscard]] image::Volume<int> label_image(const VirtualBody& body, const VirtualView& view);
[[nodiscard]] image::Volume<float> ct_image(const VirtualBody& body, const VirtualView& view);

}  // namespace sojourn::trial
