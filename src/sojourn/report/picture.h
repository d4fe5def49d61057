#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/image/filter.h"
#include "sojourn/records/study_result.h"

/// Pictures inside the page.
namespace sojourn::report {

/// Grey values, row by row from the top; 0 is black.
struct GreyImage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;
};

/// An 8-bit grey PNG. @throws Error(internal) where libpng fails.
[[nodiscard]] std::string encode_png(const GreyImage& image);
/// RFC 4648, section 4.
[[nodiscard]] std::string base64(std::string_view bytes);

/// Which activity concentrations are white (0) and black (`top` and more).
struct Window {
  bool of_percentile = false;  ///< top is the percentile; else the maximum
  double top = 1;              ///< Bq/mL
  double hottest = 0;          ///< the largest pixel, Bq/mL
};

/// One window for all of them: 0 to the 99.5th percentile of the pixels, rounded up to two figures
/// (the maximum where that percentile is 0).
[[nodiscard]] Window shared_window(std::span<const records::ScanPicture* const> pictures);

/// Inverted grey; bilinear enlargement to square pixels so that the height is about
/// `wanted_height`; along a side where the projection is finer than that, the maximum over blocks.
[[nodiscard]] GreyImage render(const image::Projection& projection, const Window& window,
                               int wanted_height);

/// The section's figures: a colour bar and, for each time point, front and side view with scale bar
/// and marks.
[[nodiscard]] std::string projection_figures(const records::StudyResult& result);

}  // namespace sojourn::report
