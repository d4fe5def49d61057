#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "sojourn/image/volume.h"
#include "sojourn/subject/mouse.h"

namespace sojourn::subject {

/// Milliliters, becquerels… for each organ, by index_of.
using PerOrgan = std::array<double, kOrgans>;

/// The parts sampled at the centres of a fine grid: later parts hold the points of earlier ones.
/// Every image and label map of one subject is a block sum of the same lattice.
class Lattice {
 public:
  /// @param box_mm corners of the grid; @param step_mm its spacing.
  Lattice(std::span<const Part> parts, const std::array<image::Vec3, 2>& box_mm, double step_mm);

  [[nodiscard]] const image::Volume<std::uint8_t>& organs() const { return organs_; }
  /// Volume of each organ, mL: the number of points times the volume of one.
  [[nodiscard]] PerOrgan volumes_ml() const;

  /// The grid of blocks of n^3 points; what does not fill a block at the far ends is cut off.
  [[nodiscard]] image::Geometry coarse(int n) const;
  /// Mean over each block of a value for each organ: HU, Bq/mL.
  [[nodiscard]] image::Volume<float> average(const PerOrgan& value, int n) const;
  /// The label that most points of each block have (among equals the smallest and
  /// the largest in turn, so that no organ gains at its surface), where `label` maps
  /// organs to labels.
  [[nodiscard]] image::Volume<int> labels(const std::array<int, kOrgans>& label, int n) const;

 private:
  image::Volume<std::uint8_t> organs_;
};

}  // namespace sojourn::subject
