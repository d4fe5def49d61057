#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/subject/subject.h"

namespace sojourn::subject {

/// Part of a voxel that one organ fills.
struct Fill {
  std::uint16_t organ = 0;  ///< index into Subject::organs
  float fraction = 0;       ///< 0 to 1
};

/// Two organs of one layer whose solids share space.
struct Overlap {
  std::size_t first = 0, second = 0;  ///< first stands before second in the file
  double volume_ml = 0;
};

/// A subject on a grid, with the parts of voxels at surfaces.
class Voxels {
 public:
  Voxels(image::Geometry geometry, std::size_t organs, std::vector<std::uint32_t> begins,
         std::vector<Fill> fills, std::vector<Overlap> overlaps);

  [[nodiscard]] const image::Geometry& geometry() const { return geometry_; }
  [[nodiscard]] std::size_t organs() const { return volumes_ml_.size(); }
  /// What fills a voxel; what is missing to 1 is air around the body.
  [[nodiscard]] std::span<const Fill> fills(std::size_t voxel) const {
    return {fills_.data() + begins_[voxel], fills_.data() + begins_[voxel + 1]};
  }
  /// Volume of each organ on the grid, mL.
  [[nodiscard]] const std::vector<double>& volumes_ml() const { return volumes_ml_; }
  /// Same-layer overlaps, which the organ that stands first in the file has won.
  [[nodiscard]] const std::vector<Overlap>& overlaps() const { return overlaps_; }

  /// Organ index + 1 of what fills most of each voxel; 0 where air does (the first among equals).
  [[nodiscard]] image::Volume<int> labels() const;
  /// Sum over organs of fraction x value + (1 - filled) x outside: HU, density, 1/cm.
  [[nodiscard]] image::Volume<float> average(std::span<const double> value_of_organ,
                                             double outside = 0) const;
  /// Bq/mL from the activity of each organ in Bq: total activity is kept exactly but for rounding.
  /// Organs without solids put theirs where `spread` says. @throws Error(bad_value) for activity
  /// in an organ that has no voxel.
  [[nodiscard]] image::Volume<float> concentration(const Subject& subject,
                                                   std::span<const double> bq_of_organ) const;

 private:
  image::Geometry geometry_;
  std::vector<std::uint32_t> begins_;
  std::vector<Fill> fills_;
  std::vector<double> volumes_ml_;
  std::vector<Overlap> overlaps_;
};

struct VoxelOptions {
  image::Vec3 spacing_mm{1, 1, 1};
  double margin_mm = 0;  ///< air around the body, at least
  int lines = 4;         ///< lines per voxel along y and along z; exact along x
};

/// The grid that holds a subject, centred on its box.
[[nodiscard]] image::Geometry grid_of(const Subject& subject, const VoxelOptions& options);
/// Each voxel holds lines^2 lines along x; along each line the pieces of the solids are exact.
/// Higher layers hold what they share with lower ones; within a layer the first organ of the file
/// does, and the overlap is reported. Same result for any number of threads.
[[nodiscard]] Voxels voxelise(const Subject& subject, const image::Geometry& grid, int lines);
[[nodiscard]] Voxels voxelise(const Subject& subject, const VoxelOptions& options);

/// @throws Error(bad_input) where two organs of one layer share over `fraction` of the smaller one.
void refuse_overlaps(const Subject& subject, const Voxels& voxels, double fraction = 0.01);

/// Mass of each organ, g: volume times density; an organ that is spread has none of its own (its
/// reference mass is part of its hosts').
[[nodiscard]] std::vector<double> masses_g(const Subject& subject, const Voxels& voxels);

/// A subject out of a label map: each label an organ of the given name, tissue and density.
struct LabelledOrgan {
  int label = 0;
  std::string id, tissue;
  double density_g_per_ml = 1.04;
};
struct LabelledSubject {
  Subject subject;  ///< organs without shapes; spread is empty
  Voxels voxels;
};
/// @throws Error(bad_input) for a label of the map that the list leaves out (0 is air).
[[nodiscard]] LabelledSubject subject_from_labels(const image::Volume<int>& labels,
                                                  std::span<const LabelledOrgan> organs,
                                                  const std::string& id,
                                                  const std::string& species);

}  // namespace sojourn::subject
