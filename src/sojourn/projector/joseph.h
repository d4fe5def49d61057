#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/projector/lor.h"
#include "sojourn/projector/tof_kernel.h"

namespace sojourn::projector {

/// Line integrals through an image by Joseph's method, and their exact adjoint: along the axis with
/// the largest direction cosine the ray meets each plane of voxel centres once; there the image is
/// interpolated bilinearly (0 outside) and weighted with the length of ray per plane, in mm.
///
/// With time of flight each plane is weighted with TofKernel at its distance from the event's place
/// along the line. Grids may be turned in space and have unequal voxels. Single precision, SIMD
/// chosen at run time; the result does not depend on the number of threads.
/// @source Joseph, IEEE Trans Med Imaging 1982;1:192-196, doi:10.1109/TMI.1982.4307572.
class Joseph {
 public:
  /// @throws Error(bad_input) an empty grid or over 2^31 voxels.
  explicit Joseph(const image::Geometry& grid,
                  const std::optional<TofResolution>& tof = std::nullopt);

  [[nodiscard]] const image::Geometry& grid() const { return grid_; }
  [[nodiscard]] bool has_tof() const { return tof_.has_value(); }
  [[nodiscard]] const std::optional<TofKernel>& tof() const { return tof_; }

  /// values[e] = integral of the image along line e, image unit * mm (times the probability of the
  /// event's bin with time of flight).
  /// @param image on grid(). @param values one for each line.
  void forward(const image::Volume<float>& image, const Lines& lines,
               std::span<float> values) const;
  /// image += sum over lines of values[e] * weights of line e.
  void back(std::span<const float> values, const Lines& lines, image::Volume<float>& image) const;

  /// Without time of flight, also where the projector has it: for attenuation and sensitivity.
  void forward_line(const image::Volume<float>& image, std::span<const Lor> lors,
                    std::span<float> values) const;
  void back_line(std::span<const float> values, std::span<const Lor> lors,
                 image::Volume<float>& image) const;

  /// All bins of each line at once, as a sinogram holds them: values[line * n_bins + b] for bins of
  /// width bin_mm, of which the middle of all lies in the middle of the line.
  void forward_bins(const image::Volume<float>& image, std::span<const Lor> lors, int n_bins,
                    std::span<float> values) const;
  void back_bins(std::span<const float> values, std::span<const Lor> lors, int n_bins,
                 image::Volume<float>& image) const;

 private:
  image::Geometry grid_;
  std::optional<TofKernel> tof_;
};

/// Name of the instruction set that the inner loops run on now ("AVX3", "AVX2", "SSE4"…).
[[nodiscard]] std::string simd_name();
/// All that this program holds and this machine has, best first.
[[nodiscard]] std::vector<std::string> simd_names();

/// Runs the inner loops on one of simd_names() while it lives (tests and timings; one at a time).
class SimdChoice {
 public:
  explicit SimdChoice(const std::string& name);
  ~SimdChoice();
  SimdChoice(const SimdChoice&) = delete;
  SimdChoice& operator=(const SimdChoice&) = delete;
};

}  // namespace sojourn::projector
