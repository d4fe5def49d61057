#include "sojourn/report/picture.h"

#include <gtest/gtest.h>
#include <png.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "report/synthetic_result.h"

namespace sojourn::report {
namespace {

GreyImage decoded(const std::string& png) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  RC_ASSERT(png_image_begin_read_from_memory(&image, png.data(), png.size()) != 0);
  image.format = PNG_FORMAT_GRAY;
  GreyImage out{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  out.pixels.resize(PNG_IMAGE_SIZE(image));
  RC_ASSERT(png_image_finish_read(&image, nullptr, out.pixels.data(), 0, nullptr) != 0);
  return out;
}

RC_GTEST_PROP(Picture, PngKeepsEveryPixel, ()) {
  GreyImage image{*rc::gen::inRange(1, 30), *rc::gen::inRange(1, 30), {}};
  image.pixels = *rc::gen::container<std::vector<std::uint8_t>>(
      static_cast<std::size_t>(image.width * image.height), rc::gen::arbitrary<std::uint8_t>());
  const GreyImage back = decoded(encode_png(image));
  RC_ASSERT(back.width == image.width);
  RC_ASSERT(back.height == image.height);
  RC_ASSERT(back.pixels == image.pixels);
}

TEST(Picture, Base64OfTheStandard) {
  // Test vectors of RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

records::ScanPicture picture_of(std::vector<float> front) {
  records::ScanPicture p;
  p.front = {static_cast<int>(front.size()), 1, 1, 1, front};
  p.side = p.front;
  return p;
}

TEST(Picture, WindowIsSharedAndRoundedUp) {
  std::vector<float> low(1000, 0.0F), high(1000);
  for (std::size_t i = 0; i < high.size(); ++i) high[i] = static_cast<float>(i);
  const auto a = picture_of(low), b = picture_of(high);
  const std::vector<const records::ScanPicture*> both = {&a, &b};
  const Window window = shared_window(both);
  // 4000 pixels; the 99.5th percentile leaves 20 above: 990 of 0..999 twice, rounded up to two
  // figures.
  EXPECT_TRUE(window.of_percentile);
  EXPECT_NEAR(window.top, 990, 1e-9);
  EXPECT_EQ(window.hottest, 999);
}

TEST(Picture, WindowOfOneHotPixelIsItsMaximum) {
  std::vector<float> values(1000, 0.0F);
  values[3] = 812.0F;
  const auto p = picture_of(values);
  const Window window = shared_window(std::vector<const records::ScanPicture*>{&p});
  EXPECT_FALSE(window.of_percentile);
  EXPECT_NEAR(window.top, 820, 1e-9);
}

TEST(Picture, EmptyNegativeAndNotFiniteValuesAreWhite) {
  const auto p = picture_of({0.0F, -5.0F, NAN, INFINITY});
  const Window window = shared_window(std::vector<const records::ScanPicture*>{&p});
  EXPECT_GT(window.top, 0);
  for (const auto grey : render(p.front, window, 4).pixels) EXPECT_EQ(grey, 255);
}

TEST(Picture, RendersTheWindowLinearly) {
  const image::Projection p{3, 1, 1, 1, {0.0F, 50.0F, 400.0F}};
  const GreyImage out = render(p, {true, 100, 400}, 1);
  ASSERT_EQ(out.width, 3);
  EXPECT_EQ(out.pixels, (std::vector<std::uint8_t>{255, 128, 0}));
}

TEST(Picture, KeepsTheAspectInMillimetres) {
  const image::Projection p{10, 20, 2.0, 0.5, std::vector<float>(200, 1.0F)};  // 20 mm x 10 mm
  const GreyImage out = render(p, {true, 1, 1}, 100);
  EXPECT_EQ(out.height, 100);
  EXPECT_EQ(out.width, 200);
}

TEST(Picture, ShrinkingKeepsTheHottestPixel) {
  image::Projection p{997, 1003, 0.1, 0.1, std::vector<float>(997 * 1003, 0.0F)};
  p.values[500 * 997 + 333] = 10.0F;
  const GreyImage out = render(p, {true, 10, 10}, 100);

  EXPECT_EQ(*std::min_element(out.pixels.begin(), out.pixels.end()), 0);
}

}  // namespace
}  // namespace sojourn::report
