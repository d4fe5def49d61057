#pragma once
#include "sojourn/simulate/fast_path.h"

namespace sojourn::simulate {

/// Along the lines through one point, across the axis.
struct PointLines {
  double survival = 0;       ///< mean over directions of the part of pairs or photons that get out
  double root_survival = 0;  ///< mean of its square root: single photons of pairs
  double information = 0;    ///< integral over directions of (c a)^2 / n, counts per (Bq / mm)^2
};

/// Coarse copies of a scene, and what its lines need.
class FastLines {
 public:
  FastLines(const FastScene& scene, const NuclearModel& model, const FastOptions& options);

  [[nodiscard]] const image::Geometry& grid() const { return activity_.geometry(); }
  [[nodiscard]] const image::Volume<float>& activity() const { return activity_; }
  /// Counts per Bq at a height, in air, over the frame.
  [[nodiscard]] double counts_per_bq(double z_mm) const;
  [[nodiscard]] bool seen(const image::Vec3& mm) const;
  /// @param background counts per mm, rad and mm of height that lines hold beside trues.
  [[nodiscard]] PointLines at(const image::Vec3& mm, double background) const;
  /// Width of what holds activity, mm, as it covers lines.
  [[nodiscard]] double active_width_mm() const { return active_width_mm_; }
  [[nodiscard]] double active_length_mm() const { return active_length_mm_; }

 private:
  [[nodiscard]] double sample(const image::Volume<float>& volume, double u, double v, int k) const;
  void measure_activity();

  image::Volume<float> activity_, mu_;
  NuclearModel model_;
  image::Vec3 center_mm_;
  double duration_s_;
  int angles_;
  double active_width_mm_ = 0, active_length_mm_ = 0;
};

}  // namespace sojourn::simulate
