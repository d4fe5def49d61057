#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/records/series.h"

namespace sojourn::io {

/// One frame as ECAT and Concorde headers state it: seconds after the start of the scan.
struct LegacyFrame {
  double start_s = 0;
  double duration_s = 0;
  double decay_factor = 0;  ///< stated factor; 0 where the header has none
};

/// Checks the stated decay factors against λΔ/(1−e^(−λΔ))·e^(λ t_s), the factor from a frame's mean
/// to the start of the scan, and warns where they differ by more than 1 % (another reference time
/// or half-life).
void check_decay_factors(const std::vector<LegacyFrame>& frames, double half_life_s,
                         std::vector<std::string>& warnings);

/// States that the values are decay-corrected to the start of the scan, and checks the stated
/// factors against that.
void set_corrected_to_start(const std::vector<LegacyFrame>& frames, records::ImageSeries& series);

/// Fills the timing of the frames of `series`. @param scan_start_local_s none: the times stay
/// relative.
void set_frame_times(const std::vector<LegacyFrame>& frames,
                     std::optional<double> scan_start_local_s, records::ImageSeries& series);

/// Refuses frames that do not last or that start before the one before ends (by over a second).
void check_frame_times(const std::vector<LegacyFrame>& frames, const std::string& file);

/// Axes of an image whose rows, columns and planes follow the scanner: for a head-first supine
/// subject x to the Left, y to the Posterior, planes towards the feet; half turns for the other
/// positions.
/// The header's decubitus and unknown positions have no such axes: the caller says what it assumes.
[[nodiscard]] std::array<image::Vec3, 3> scanner_axes(bool head_first, bool supine);

}  // namespace sojourn::io
