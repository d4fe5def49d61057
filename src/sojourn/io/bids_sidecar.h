#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "sojourn/records/series.h"

namespace sojourn::io {

/// What a text says about the values: the kind and the factor to that kind's native unit ("kBq/mL"
/// -> bq_per_ml, 1000). Case matters for M and m only.
struct UnitReading {
  records::PixelUnit unit = records::PixelUnit::unknown;
  double factor = 1;
};
[[nodiscard]] UnitReading read_pixel_unit(std::string_view text);

/// The sidecar of "x.nii" or "x.nii.gz": "x.json" beside it, where it exists.
[[nodiscard]] std::optional<std::filesystem::path> sidecar_of(const std::filesystem::path& image);

/// Reads a BIDS PET sidecar into the facts of `series` and the timing of its frames, and scales the
/// values to Bq/mL where the unit asks for it. "n/a" counts as missing. TimeZero is a clock time
/// without a date; the date may come from `SojournTimeZero` (ISO date and time, with its zone) or
/// the deprecated `ScanDate`; without one, times stay relative
/// (HeaderFacts::frame_starts_relative_s and the fields beside it).
/// @throws Error(bad_input) "file:line: field: …": wrong kinds, numbers of frames that differ from
/// the image's,
///         FrameDuration that holds end times, frames that overlap.
/// @source BIDS specification 1.9, PET; https://bids-specification.readthedocs.io
void read_bids_sidecar(const std::filesystem::path& sidecar, records::ImageSeries& series);

/// Body weight of the subject from participants.tsv of the BIDS data set around `image`, in grams;
/// kilograms unless participants.json says "g".
[[nodiscard]] std::optional<double> bids_body_mass_g(const std::filesystem::path& image);

}  // namespace sojourn::io
