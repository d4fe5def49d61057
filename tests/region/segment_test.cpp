#include "sojourn/region/segment.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/centered_cube.h"
#include "sojourn/core/error.h"
#include "sojourn/image/shapes.h"

namespace {

using namespace sojourn;
using image::Volume;

/// Two hot balls in a warm cube.
Volume<float> hot_balls() {
  Volume<float> image(test::centered_cube(40, 2), 10.0F);
  for (const auto& [center, radius, value] : {std::tuple{image::Vec3{-15, 0, 0}, 9.0, 100.0F},
                                              std::tuple{image::Vec3{18, 0, 0}, 6.0, 60.0F}}) {
    const auto ball = image::fraction_on(image::sphere_region("", center, radius, image.geometry()),
                                         image.geometry());
    for (std::size_t n = 0; n < image.values().size(); ++n) {
      if (ball.values()[n] > 0.5F) image.values()[n] = value;
    }
  }
  return image;
}

/// Air, a body of water with two lungs, a spine, and a table below.
Volume<float> chest() {
  Volume<float> ct(test::centered_cube(40, 2), -1000.0F);
  for (std::size_t n = 0; n < ct.values().size(); ++n) {
    const auto at = ct.geometry().index_of(n);
    const double x = at[0] - 19.5, y = at[1] - 19.5;
    float& hu = ct.values()[n];
    if (x * x / 225 + y * y / 120 < 1) hu = 30;
    if ((std::abs(x) - 7) * (std::abs(x) - 7) + y * y < 20)
      hu = -800;  // open at both ends of the image
    if (x * x + (y - 7) * (y - 7) < 5) hu = 700;
    if (at[1] == 38) hu = -100;  // table
  }
  return ct;
}

records::SegmentRule rule(std::string name, std::string method) {
  records::SegmentRule r;
  r.name = std::move(name);
  r.method = std::move(method);
  r.line = 12;
  return r;
}

std::string refusal(const records::SegmentRule& r, const region::SegmentInputs& inputs) {
  try {
    (void)region::make_segments({r}, inputs);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_status(), 2);
    return e.what();
  }
  return "";
}

TEST(Segment, ThresholdsInBqAndSuvAndTheLargestPart) {
  const auto image = hot_balls();
  region::SegmentInputs inputs{&image, 0.05, nullptr, nullptr};
  auto fixed = rule("hot", "threshold");
  fixed.above_bq_per_ml = 50;
  auto by_suv = rule("hot suv", "threshold");
  by_suv.above_suv = 2.5;  // 50 Bq/mL
  auto largest = fixed;
  largest.name = "largest";
  largest.largest = true;
  const auto made = region::make_segments({fixed, by_suv, largest}, inputs);
  ASSERT_EQ(made.size(), 3u);
  // Voxelised balls of 2 mm voxels: volume within 5 %.
  EXPECT_NEAR(made[0].volume_ml() / (image::sphere_ml(9) + image::sphere_ml(6)), 1, 0.05);
  EXPECT_EQ(made[0].volume_ml(), made[1].volume_ml());
  EXPECT_NEAR(made[2].volume_ml() / image::sphere_ml(9), 1, 0.05);
}

TEST(Segment, RelativeThresholdLooksInsideWithinOnly) {
  const auto image = hot_balls();
  region::SegmentInputs inputs{&image, std::nullopt, nullptr, nullptr};
  auto box = rule("right half", "box");
  box.box_min_mm = {5, -40, -40};
  box.box_max_mm = {40, 40, 40};
  auto hot = rule("lesion", "relative");
  hot.fraction_of_max = 0.5;  // 30 inside the box, 50 in the whole image
  hot.within = "right half";
  const auto made = region::make_segments({box, hot}, inputs);
  EXPECT_NEAR(made[0].volume_ml(), 35 * 80 * 80 / 1000.0, 1e-3);  // float fractions
  // The voxels above the threshold, whole: a ball of three voxels' radius is that rough.
  double hot_ml = 0;
  for (const float v : image.values()) hot_ml += v == 60 ? 0.008 : 0;
  EXPECT_NEAR(made[1].volume_ml(), hot_ml, 1e-6);
  EXPECT_GT(hot_ml, 0.5);
}

TEST(Segment, SphereHasPartialVoxelsAndAnEmptyOneIsAResult) {
  const auto image = hot_balls();
  region::SegmentInputs inputs{&image, std::nullopt, nullptr, nullptr};
  auto sphere = rule("ball", "sphere");
  sphere.center_mm = {1, 2, 3};
  sphere.radius_mm = 7.3;
  auto far = sphere;
  far.name = "far";
  far.center_mm = {1000, 0, 0};
  auto none = rule("none", "threshold");
  none.above_bq_per_ml = 1e6;
  const auto made = region::make_segments({sphere, far, none}, inputs);
  EXPECT_NEAR(made[0].volume_ml() / image::sphere_ml(7.3), 1, 2e-3);  // 10 points per voxel edge
  EXPECT_TRUE(made[1].fraction.empty());
  EXPECT_TRUE(made[2].fraction.empty());
}

TEST(Segment, BodyLungAndBoneFromCt) {
  const auto ct = chest();
  const auto pet = Volume<float>(test::centered_cube(20, 4), 1.0F);
  region::SegmentInputs inputs{&pet, std::nullopt, &ct, nullptr};
  const auto made = region::make_segments(
      {rule("body", "body"), rule("lung", "lung"), rule("bone", "bone")}, inputs);
  std::array<double, 3> truth{};
  for (const float hu : ct.values()) {
    truth[0] += hu > -900 && hu != -100 ? 0.008 : 0;
    truth[1] += hu == -800 ? 0.008 : 0;
    truth[2] += hu == 700 ? 0.008 : 0;
  }
  for (std::size_t n = 0; n < 3; ++n)
    EXPECT_NEAR(made[n].volume_ml(), truth[n], 1e-6) << made[n].name;
}

TEST(Segment, BodyOfAnEmissionImage) {
  Volume<float> image(test::centered_cube(40, 2));
  const auto ball = image::fraction_on(image::sphere_region("", {0, 0, 0}, 25, image.geometry()),
                                       image.geometry());
  for (std::size_t n = 0; n < image.values().size(); ++n) image.values()[n] = 5 * ball.values()[n];
  // One per cent of the maximum, smoothed by two voxels, lies about one FWHM (4 mm) outside the
  // edge.
  const double volume = region::body_from_emission(image).volume_ml();
  EXPECT_GT(volume, image::sphere_ml(25));
  EXPECT_LT(volume, image::sphere_ml(30));
}

TEST(Segment, RefusalsNameTheRuleItsLineAndTheRemedy) {
  const auto image = hot_balls();
  region::SegmentInputs inputs{&image, std::nullopt, nullptr, nullptr};
  auto suv = rule("hot", "threshold");
  suv.above_suv = 3;
  EXPECT_NE(refusal(suv, inputs).find("rule \"hot\" (line 12)"), std::string::npos);
  EXPECT_NE(refusal(suv, inputs).find("body mass"), std::string::npos);
  EXPECT_NE(refusal(rule("lung", "lung"), inputs).find("needs a CT"), std::string::npos);
  EXPECT_NE(refusal(rule("x", "treshold"), inputs).find("threshold"), std::string::npos);
  EXPECT_NE(refusal(rule("x", "threshold"), inputs).find("needs above"), std::string::npos);
  EXPECT_NE(refusal(rule("x", "relative"), inputs).find("fraction_of_max"), std::string::npos);
  EXPECT_NE(refusal(rule("x", "sphere"), inputs).find("radius"), std::string::npos);
  auto box = rule("x", "box");
  EXPECT_NE(refusal(box, inputs).find("corners"), std::string::npos);
  box.box_min_mm = {1, 1, 1};
  box.box_max_mm = {2, 0, 2};
  EXPECT_NE(refusal(box, inputs).find("along y"), std::string::npos);
  auto within = suv;
  within.within = "livr";
  const std::vector<image::RegionMask> regions = {
      image::sphere_region("liver", {0, 0, 0}, 5, image.geometry())};
  inputs.regions = &regions;
  EXPECT_NE(refusal(within, inputs).find("liver"), std::string::npos);
  EXPECT_NE(refusal(rule("x", "threshold"), {}).find("emission image"), std::string::npos);
}

}  // namespace
