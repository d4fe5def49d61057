#include "sojourn/io/legacy_timing.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::io {

void check_decay_factors(const std::vector<LegacyFrame>& frames, double half_life_s,
                         std::vector<std::string>& warnings) {
  constexpr double kTolerance = 0.01;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const LegacyFrame& f = frames[i];
    if (!(f.decay_factor > 0)) continue;
    const double expected = nuclide::mean_to_reference(f.duration_s, -f.start_s, half_life_s);
    if (!(std::abs(f.decay_factor / expected - 1) < kTolerance)) {
      warnings.push_back(fmt::format(
          "frame {} states the decay factor {:.4g} where the start of the scan gives {:.4g}; "
          "check the reference time and the half-life",
          i + 1, f.decay_factor, expected));
      return;
    }
  }
}

void check_frame_times(const std::vector<LegacyFrame>& frames, const std::string& file) {
  constexpr double kRounding_s = 1.0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!std::isfinite(frames[i].start_s) || !(frames[i].duration_s > 0) ||
        frames[i].duration_s > 1e8) {
      refuse("{}: frame {} starts at {} s and lasts {} s; the header is damaged", file, i + 1,
             frames[i].start_s, frames[i].duration_s);
    }
    if (i > 0 &&
        frames[i].start_s < frames[i - 1].start_s + frames[i - 1].duration_s - kRounding_s) {
      refuse("{}: frame {} starts at {} s, before frame {} ends; the header is damaged", file,
             i + 1, frames[i].start_s, i);
    }
  }
}

void set_corrected_to_start(const std::vector<LegacyFrame>& frames, records::ImageSeries& series) {
  auto& facts = series.facts;
  facts.corrections.emplace_back("DECY");
  facts.decay_correction = records::DecayCorrection::stated_time;
  facts.decay_reference_local_s = facts.series_local_s;
  if (!facts.series_local_s) facts.decay_reference_relative_s = 0;
  if (facts.half_life_s) check_decay_factors(frames, *facts.half_life_s, series.warnings);
}

void set_frame_times(const std::vector<LegacyFrame>& frames,
                     std::optional<double> scan_start_local_s, records::ImageSeries& series) {
  SOJOURN_EXPECT(frames.size() == series.frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    records::SliceTiming timing;
    timing.duration_s = frames[i].duration_s;
    if (frames[i].decay_factor > 0) timing.decay_factor = frames[i].decay_factor;
    if (scan_start_local_s) timing.start_local_s = *scan_start_local_s + frames[i].start_s;
    if (!scan_start_local_s) series.facts.frame_starts_relative_s.push_back(frames[i].start_s);
    series.frames[i].slices = {timing};
  }
}

std::array<image::Vec3, 3> scanner_axes(bool head_first, bool supine) {
  // Supine to prone turns the subject about the axis of the bed, head first to feet first about the
  // vertical.
  const double turn = head_first ? 1 : -1, roll = supine ? 1 : -1;
  return {image::Vec3{turn * roll, 0, 0}, image::Vec3{0, roll, 0}, image::Vec3{0, 0, -turn}};
}

}  // namespace sojourn::io
