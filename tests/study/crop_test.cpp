#include "sojourn/study/crop.h"

#include <gtest/gtest.h>

#include "sojourn/core/error.h"

namespace sojourn::study {
namespace {

records::ImageSeries two_animals() {
  image::Geometry grid;
  grid.size = {20, 10, 4};
  grid.spacing_mm = {2, 2, 5};
  grid.origin_mm = {-19, -9, 100};
  records::ImageSeries series;
  records::SeriesFrame frame;
  frame.values = image::Volume<float>(grid);
  for (std::size_t i = 0; i < frame.values.values().size(); ++i) {
    frame.values.values()[i] = static_cast<float>(i);
  }
  frame.slices.resize(4);
  for (std::size_t k = 0; k < 4; ++k) frame.slices[k].start_local_s = static_cast<double>(k);
  series.frames.push_back(std::move(frame));
  return series;
}

TEST(Crop, KeepsVoxelsWhoseCentresLieInTheBoxAndTheirPlaceInSpace) {
  auto series = two_animals();
  const auto whole = series.frames[0].values;
  crop(series, {{{0, -100, 105}, {100, 100, 110}}});
  const auto& part = series.frames[0].values;
  EXPECT_EQ(part.geometry().size, (image::Index3{10, 10, 2}));
  EXPECT_NEAR(part.geometry().origin_mm[0], 1, 1e-9);
  EXPECT_NEAR(part.geometry().origin_mm[2], 105, 1e-9);
  EXPECT_EQ(part.at(0, 0, 0), whole.at(10, 0, 1));
  EXPECT_EQ(part.at(9, 9, 1), whole.at(19, 9, 2));
  ASSERT_EQ(series.frames[0].slices.size(), 2U);
  EXPECT_EQ(series.frames[0].slices[0].start_local_s, 1.0);
}

TEST(Crop, TwoHalvesHoldTheWhole) {
  const auto sum = [](const records::ImageSeries& s) {
    double total = 0;
    for (const float v : s.frames[0].values.values()) total += v;
    return total;
  };
  auto whole = two_animals(), left = two_animals(), right = two_animals();
  crop(left, {{{-100, -100, 0}, {0, 100, 200}}});
  crop(right, {{{0, -100, 0}, {100, 100, 200}}});
  EXPECT_DOUBLE_EQ(sum(left) + sum(right), sum(whole));
}

TEST(Crop, RefusesABoxBesideTheImage) {
  auto series = two_animals();
  EXPECT_THROW(crop(series, {{{500, 0, 0}, {600, 1, 1}}}), Error);
}

}  // namespace
}  // namespace sojourn::study
