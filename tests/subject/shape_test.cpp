#include "sojourn/subject/shape.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace sojourn;
using namespace sojourn::subject;
using image::Vec3;

constexpr double kPi = std::numbers::pi;
constexpr std::array<Vec3, 3> kStraight{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

Shape alone(const Primitive& primitive) { return {primitive, {}, {}}; }

TEST(Spans, AreSets) {
  const Spans a{{0, 2}, {4, 6}}, b{{1, 5}};
  EXPECT_EQ(unite(a, b), (Spans{{0, 6}}));
  EXPECT_EQ(intersect(a, b), (Spans{{1, 2}, {4, 5}}));
  EXPECT_EQ(subtract(a, b), (Spans{{0, 1}, {5, 6}}));
  EXPECT_EQ(subtract(b, a), (Spans{{2, 4}}));
}

// Volumes against formulas; 400 lines across sample a smooth outline to better than 1e-4.
TEST(Shape, VolumesAreThoseOfTheFormulas) {
  EXPECT_NEAR(volume_ml(alone(make_ellipsoid({3, 1, 2}, {10, 20, 30}, kStraight)), 200),
              4.0 / 3 * kPi * 6, 2e-3);
  const double c = std::cos(0.7), s = std::sin(0.7);
  EXPECT_NEAR(volume_ml(alone(make_ellipsoid({0, 0, 0}, {10, 20, 30},
                                             {{{c, s, 0}, {-s, c, 0}, {0, 0, 1}}})),
                        200),
              4.0 / 3 * kPi * 6, 2e-3);
  EXPECT_NEAR(volume_ml(alone(make_box({0, 0, 0}, {10, 20, 30})), 200), 48, 1e-9);
  // A sheared frustum: pi a b h (1 + f + f^2) / 3.
  for (const int axis : {0, 1, 2}) {
    Vec3 from{0, 0, 0}, to{7, 7, 7};
    to[static_cast<std::size_t>(axis)] = 50;
    EXPECT_NEAR(volume_ml(alone(make_column(axis, from, to, {10, 20}, 0.5)), 400),
                kPi * 1 * 2 * 5 * 1.75 / 3, 0.01)
        << axis;
  }
  Torus torus{{1, 2, 3}, 1, 30, 5, 8};
  for (torus.axis = 0; torus.axis < 3; ++torus.axis) {
    EXPECT_NEAR(volume_ml(alone(make_torus(torus)), 200), 2 * kPi * kPi * 3 * 0.5 * 0.8, 0.03);
  }
  // A capsule: cylinder and ball.
  EXPECT_NEAR(volume_ml(alone(make_round_cone({0, 0, 0}, {30, 40, 0}, 10, 10)), 200),
              kPi * 5 + 4.0 / 3 * kPi, 0.01);
}

TEST(Shape, CutsLeaveTheRest) {
  const Primitive ball = make_ellipsoid({0, 0, 0}, {10, 10, 10}, kStraight);
  const Primitive half = make_half_space({1, 1, 1}, 0);
  const Shape in{ball, {half}, {}}, out{ball, {}, {half}};
  const double whole = 4.0 / 3 * kPi;
  EXPECT_NEAR(volume_ml(in, 300), whole / 2, 2e-3);
  EXPECT_NEAR(volume_ml(out, 300), whole / 2, 2e-3);
  EXPECT_TRUE(contains(in, {-5, 0, 0}));
  EXPECT_FALSE(contains(out, {-5, 0, 0}));
}

Shape any_shape(int kind) {
  const Primitive cut = make_half_space({0.3, -1, 0.4}, 3);
  switch (kind) {
    case 0:
      return {make_ellipsoid({2, 3, 1}, {5, 9, 4}, kStraight), {cut}, {}};
    case 1:
      return {make_round_cone({-4, 2, 1}, {6, 5, -7}, 3, 1.5), {}, {cut}};
    case 2:
      return {make_torus({{1, 0, 2}, 2, 8, 2, 3}), {cut}, {}};
    default:
      return {make_column(2, {0, 1, -6}, {3, -2, 7}, {4, 2}, 1.6), {}, {cut}};
  }
}

RC_GTEST_PROP(Shape, MovesAndGrowsWithItsPoints, ()) {
  const Shape shape = any_shape(*rc::gen::inRange(0, 4));
  const auto coordinate = [] { return *rc::gen::inRange(-1200, 1200) / 100.0 + 0.0013; };
  const Vec3 p{coordinate(), coordinate(), coordinate()};
  const double k = *rc::gen::inRange(20, 200) / 100.0;
  const Vec3 c{coordinate(), coordinate(), coordinate()};
  Vec3 q{};
  const Vec3 shift{1.5, -2.5, 0.5};
  for (std::size_t a = 0; a < 3; ++a) q[a] = c[a] + k * (p[a] - c[a]) + shift[a];
  RC_ASSERT(contains(shape, p) == contains(rescaled(shape, c, k, shift), q));
  RC_ASSERT(contains(shape, p) == contains(mirrored(shape), Vec3{-p[0], p[1], p[2]}));
  const auto box = bounds(shape);
  if (contains(shape, p)) {
    for (std::size_t a = 0; a < 3; ++a) RC_ASSERT(p[a] >= box[0][a] && p[a] <= box[1][a]);
  }
}

}  // namespace
