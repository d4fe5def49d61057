#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/subject/voxels.h"

namespace sojourn::simulate {

/// Uneven uptake inside organs: the exponential of a Gaussian field.
struct Texture {
  double relative_sd = 0;     ///< of the uptake between points of one organ; 0: even
  double correlation_mm = 0;  ///< FWHM of the field's smoothing kernel
  std::uint64_t seed = 1;
};

/// Bq/mL from the activity of each organ, Bq; every organ keeps its activity.
[[nodiscard]] image::Volume<float> activity_map(const subject::Voxels& voxels,
                                                const subject::Subject& subject,
                                                const std::vector<double>& bq_of_organ,
                                                const Texture& texture = {});

/// Where one cell is over time: straight between the times.
struct Path {
  std::vector<double> times_s;  ///< ascending
  std::vector<image::Vec3> mm;
  double activity_bq = 0;  ///< mean over the frame
};
[[nodiscard]] image::Vec3 position(const Path& path, double time_s);

/// A walk of straight steps inside one organ: steps of speed x time with a direction that turns by
/// a random angle (mean cosine `persistence`, 0: none kept, 1: straight on), turned away where the
/// step would leave the organ. @throws Error(bad_input) where `organ` fills no voxel by half.
struct Walk {
  double speed_mm_per_s = 0, step_s = 1, persistence = 0;
};
[[nodiscard]] Path wander(const subject::Voxels& voxels, std::size_t organ, const Walk& walk,
                          double start_s, double duration_s, std::uint64_t seed);

/// Adds the activity of moving cells, each spread over the eight voxels around its place (their
/// centre of mass is the place), averaged over the frame. Activity that leaves the grid is left
/// out. @return activity that the grid took, Bq.
double add_paths(image::Volume<float>& bq_per_ml, const std::vector<Path>& paths, double start_s,
                 double duration_s);

}  // namespace sojourn::simulate
