#pragma once
#include <cstdint>

#include "sojourn/region/partial_volume.h"
#include "sojourn/region/tissue_parts.h"

namespace sojourn::region {

/// The geometric transfer matrix of one set of regions on one grid, built once and applied to any
/// number of frames.
class GeometricTransfer {
 public:
  GeometricTransfer(const image::Geometry& grid, const std::vector<image::RegionMask>& regions,
                    const image::Vec3& psf_fwhm_mm, const image::RegionMask* body);

  [[nodiscard]] PartialVolume correct(const image::Volume<float>& concentration_bq_per_ml) const;

 private:
  /// What one part adds to one voxel: its fraction there, and its blurred fraction.
  struct Entry {
    std::uint32_t part;
    float own, blurred;
  };
  struct Sums;
  struct Rows;

  void crop_around(const std::vector<image::RegionMask>& regions, const image::Vec3& sigma_voxels);
  [[nodiscard]] image::Volume<float> cropped(const image::Volume<float>& image) const;
  void list_entries(const image::Vec3& sigma_voxels);
  [[nodiscard]] std::vector<double> transfer_matrix() const;
  void count_voxels();
  void find_shares();
  void invert(std::vector<double> matrix, std::vector<double>& inverse);
  [[nodiscard]] Sums sum_image(const image::Volume<float>& image) const;
  [[nodiscard]] Rows rows_of(std::size_t region) const;
  void correct_region(std::size_t region, const Sums& sums, PartialVolume& result) const;

  image::Geometry whole_, grid_;  ///< of the image, and the part around the regions
  image::Index3 begin_{0, 0, 0};
  std::vector<std::string> names_;
  TissueParts cut_;
  std::size_t n_ = 0;                     ///< parts and the complement, which is the last
  std::vector<std::size_t> first_entry_;  ///< of each voxel, and the end
  std::vector<Entry> entries_;
  std::vector<double> voxels_;  ///< shape [n]: sum of fractions
  std::vector<double> share_;   ///< shape [regions, n]: voxels of region r that are part p
  std::vector<double> inverse_, inverse_wider_;  ///< shape [n, n]: part means from measured means
  std::vector<bool> unsolved_;                   ///< parts too small to correct: taken as measured
  std::vector<std::string> warnings_;
  bool identity_ = false;
};

}  // namespace sojourn::region
