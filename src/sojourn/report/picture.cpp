#include "sojourn/report/picture.h"

#include <png.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::report {
namespace {

double clean(float value) {
  return std::isfinite(value) ? std::max(0.0, static_cast<double>(value)) : 0.0;
}

std::size_t at(int column, int row, int width) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
         static_cast<std::size_t>(column);
}

/// Maximum over blocks: what is hot stays hot.
image::Projection shrink(const image::Projection& p, int by_x, int by_y) {
  image::Projection out;
  out.width = (p.width + by_x - 1) / by_x;
  out.height = (p.height + by_y - 1) / by_y;
  // The last block may be narrower: its pixel is stretched, the whole keeps its size.
  out.pixel_width_mm = p.pixel_width_mm * p.width / out.width;
  out.pixel_height_mm = p.pixel_height_mm * p.height / out.height;
  out.values.assign(at(0, out.height, out.width), 0.0F);
  for (int y = 0; y < p.height; ++y) {
    for (int x = 0; x < p.width; ++x) {
      float& best = out.values[at(x / by_x, y / by_y, out.width)];
      best = std::max(best, static_cast<float>(clean(p.values[at(x, y, p.width)])));
    }
  }
  return out;
}

double bilinear(const image::Projection& p, double x, double y) {
  x = std::clamp(x, 0.0, p.width - 1.0);
  y = std::clamp(y, 0.0, p.height - 1.0);
  const int i = static_cast<int>(x), j = static_cast<int>(y);
  const int i1 = std::min(i + 1, p.width - 1), j1 = std::min(j + 1, p.height - 1);
  const double u = x - i, v = y - j;
  const auto value = [&](int a, int b) { return clean(p.values[at(a, b, p.width)]); };
  return (1 - v) * ((1 - u) * value(i, j) + u * value(i1, j)) +
         v * ((1 - u) * value(i, j1) + u * value(i1, j1));
}

}  // namespace

std::string encode_png(const GreyImage& picture) {
  SOJOURN_EXPECT(picture.width > 0 && picture.height > 0);
  SOJOURN_EXPECT(picture.pixels.size() == at(0, picture.height, picture.width));
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(picture.width);
  png.height = static_cast<png_uint_32>(picture.height);
  png.format = PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::string out(size, '\0');
  if (png_image_write_to_memory(&png, out.data(), &size, 0, picture.pixels.data(), 0, nullptr) ==
      0) {
    throw Error(ErrorCode::internal, std::string("a picture could not be encoded (libpng: ") +
                                         png.message + "); please report this");
  }
  out.resize(size);
  return out;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = (word << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k <= bytes.size() ? kDigits[(word >> (18U - 6U * k)) & 63U] : '=';
    }
  }
  return out;
}

Window shared_window(std::span<const records::ScanPicture* const> pictures) {
  std::vector<double> pixels;
  for (const auto* picture : pictures) {
    for (const auto* projection : {&picture->front, &picture->side}) {
      for (const float v : projection->values) pixels.push_back(clean(v));
    }
  }
  Window window;
  if (pixels.empty()) return window;
  const auto rank = static_cast<std::ptrdiff_t>(0.995 * static_cast<double>(pixels.size() - 1));
  std::nth_element(pixels.begin(), pixels.begin() + rank, pixels.end());
  window.hottest = *std::max_element(pixels.begin() + rank, pixels.end());
  window.top = pixels[static_cast<std::size_t>(rank)];
  window.of_percentile = window.top > 0;
  if (!window.of_percentile) window.top = window.hottest;
  if (!(window.top > 0)) {
    window.top = 1;
    return window;
  }
  const double step = std::pow(10.0, std::floor(std::log10(window.top)) - 1);
  window.top = std::ceil(window.top / step - 1e-9) * step;
  return window;
}

GreyImage render(const image::Projection& projection, const Window& window, int wanted_height) {
  SOJOURN_EXPECT(projection.width > 0 && projection.height > 0 && wanted_height > 0);
  SOJOURN_EXPECT(projection.values.size() == at(0, projection.height, projection.width));
  const double pixel_mm = projection.height * projection.pixel_height_mm / wanted_height;
  const auto block = [&](double mm) { return std::max(1, static_cast<int>(pixel_mm / mm)); };
  const int bx = block(projection.pixel_width_mm), by = block(projection.pixel_height_mm);
  const image::Projection fine = bx * by > 1 ? shrink(projection, bx, by) : projection;
  GreyImage out;
  const double wanted_width = fine.width * fine.pixel_width_mm / pixel_mm;
  // A side that was shrunk keeps its pixels as they are (the drawing stretches them): nothing hot
  // is averaged away.
  out.height = by > 1 ? fine.height : wanted_height;
  out.width =
      bx > 1 ? fine.width
             : static_cast<int>(std::clamp(std::round(wanted_width), 1.0, 4.0 * wanted_height));
  out.pixels.resize(at(0, out.height, out.width));
  for (int y = 0; y < out.height; ++y) {
    const double row = (y + 0.5) * fine.height / out.height - 0.5;
    for (int x = 0; x < out.width; ++x) {
      const double value = bilinear(fine, (x + 0.5) * fine.width / out.width - 0.5, row);
      const double grey = 255.0 * (1.0 - std::min(1.0, value / window.top));
      out.pixels[at(x, y, out.width)] = static_cast<std::uint8_t>(std::lround(grey));
    }
  }
  return out;
}

}  // namespace sojourn::report
