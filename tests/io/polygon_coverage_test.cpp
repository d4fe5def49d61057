#include "sojourn/io/polygon_coverage.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>

#include "sojourn/core/error.h"

namespace sojourn::io {
namespace {

constexpr int kSide = 40;

std::vector<float> coverage_of(const std::vector<Ring>& rings, int width = kSide,
                               int height = kSide) {
  std::vector<float> out(static_cast<std::size_t>(width * height), 0.0F);
  CoverageBudget budget;
  add_coverage(rings, width, height, 1.0F, out, budget);
  return out;
}

double sum(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// Float sums of 1600 pixels, each rounded to 6e-8.
constexpr double kTolerance = 1e-3;

Ring rotated(const Ring& ring, double angle, double cx, double cy) {
  Ring out;
  for (const PlanePoint& p : ring) {
    const double x = p.x - cx, y = p.y - cy;
    out.push_back({cx + x * std::cos(angle) - y * std::sin(angle),
                   cy + x * std::sin(angle) + y * std::cos(angle)});
  }
  return out;
}

/// A star-shaped ring around (cx, cy): simple by construction, edges at all angles.
Ring random_star(double cx, double cy, double least, double most) {
  const int n = *rc::gen::inRange(3, 40);
  Ring ring;
  for (int k = 0; k < n; ++k) {
    const double r = least + (most - least) * *rc::gen::inRange(0, 10001) / 10000.0;
    const double angle = 2 * std::numbers::pi * k / n;
    ring.push_back({cx + r * std::cos(angle), cy + r * std::sin(angle)});
  }
  return ring;
}

Ring square(double x, double y, double side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
}

bool inside(const std::vector<Ring>& rings, double x, double y) {
  bool in = false;
  for (const Ring& ring : rings) {
    for (std::size_t n = 0, m = ring.size() - 1; n < ring.size(); m = n++) {
      const PlanePoint a = ring[n], b = ring[m];
      if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) in = !in;
    }
  }
  return in;
}

RC_GTEST_PROP(PolygonCoverage, sumEqualsShoelaceArea, ()) {
  const Ring ring = random_star(19.3, 20.7, 0.5, 18);
  RC_ASSERT(std::abs(sum(coverage_of({ring})) - ring_area(ring)) < kTolerance);
}

RC_GTEST_PROP(PolygonCoverage, everyPixelAgreesWithSampling, ()) {
  const std::vector<Ring> rings = {random_star(10, 10, 3, 9),
                                   random_star(8, 11, 1, 8)};  // they cross
  const std::vector<float> covered = coverage_of(rings, 20, 20);
  constexpr int kFine = 20;
  for (int j = 0; j < 20; ++j) {
    for (int i = 0; i < 20; ++i) {
      int hits = 0;
      for (int b = 0; b < kFine; ++b) {
        for (int a = 0; a < kFine; ++a)
          hits += inside(rings, i + (a + 0.5) / kFine, j + (b + 0.5) / kFine) ? 1 : 0;
      }
      // An edge misplaces at most about 2 sqrt(2) of the 20 x 20 cells' rows; several may meet in a
      // pixel.
      const double sampled = hits / static_cast<double>(kFine * kFine);
      RC_ASSERT(std::abs(covered[static_cast<std::size_t>(j * 20 + i)] - sampled) < 0.15);
    }
  }
}

RC_GTEST_PROP(PolygonCoverage, rotationKeepsTheArea, ()) {
  const Ring ring = random_star(20, 20, 0.5, 18);
  const double angle = *rc::gen::inRange(0, 6283) / 1000.0;
  RC_ASSERT(std::abs(sum(coverage_of({rotated(ring, angle, 20, 20)})) - ring_area(ring)) <
            kTolerance);
}

RC_GTEST_PROP(PolygonCoverage, translationByWholePixelsMovesTheImage, ()) {
  const Ring ring = random_star(12.4, 13.1, 0.5, 9);
  const int dx = *rc::gen::inRange(0, 16), dy = *rc::gen::inRange(0, 16);
  Ring moved = ring;
  for (PlanePoint& p : moved) p = {p.x + dx, p.y + dy};
  const auto a = coverage_of({ring}), b = coverage_of({moved});
  for (int j = 0; j + dy < kSide; ++j) {
    for (int i = 0; i + dx < kSide; ++i) {
      const float before = a[static_cast<std::size_t>(j * kSide + i)];
      const float after = b[static_cast<std::size_t>((j + dy) * kSide + i + dx)];
      RC_ASSERT(std::abs(before - after) < 1e-5F);  // rounding of x + dx
    }
  }
}

RC_GTEST_PROP(PolygonCoverage, holesSubtractAndKeyholesAreHoles, ()) {
  const Ring outer = square(3, 3, 33.5), inner = random_star(20, 20, 1, 12);
  const double expected = ring_area(outer) - ring_area(inner);
  const auto with_hole = coverage_of({outer, inner});
  RC_ASSERT(std::abs(sum(with_hole) - expected) < kTolerance);
  Ring keyhole = outer;  // out along an edge to the inner ring, round it, and back on the same line
  keyhole.push_back(outer[0]);
  keyhole.insert(keyhole.end(), inner.rbegin(), inner.rend());
  keyhole.push_back(inner.back());
  const auto cut = coverage_of({keyhole});
  for (std::size_t n = 0; n < cut.size(); ++n) RC_ASSERT(std::abs(cut[n] - with_hole[n]) < 1e-4F);
}

RC_GTEST_PROP(PolygonCentres, agreeWithThePointInPolygonTest, ()) {
  const std::vector<Ring> rings = {random_star(10, 10, 3, 9), random_star(8, 11, 1, 8)};
  std::vector<float> out(400, 0.0F);
  CoverageBudget budget;
  add_centres(rings, 20, 20, 1.0F, out, budget);
  for (int j = 0; j < 20; ++j) {
    for (int i = 0; i < 20; ++i) {
      RC_ASSERT((out[static_cast<std::size_t>(j * 20 + i)] > 0.5F) ==
                inside(rings, i + 0.5, j + 0.5));
    }
  }
}

TEST(PolygonCoverage, TriangleCoversHalfAPixel) {
  const auto c = coverage_of({{{5, 5}, {6, 5}, {5, 6}}});
  EXPECT_FLOAT_EQ(c[5 * kSide + 5], 0.5F);
  EXPECT_NEAR(sum(c), 0.5, 1e-6);
}

TEST(PolygonCoverage, BowTieIsTwoTriangles) {
  // Corners of a square of side 10 joined crosswise: two triangles of base 10 and height 5.
  EXPECT_NEAR(sum(coverage_of({{{5, 5}, {15, 15}, {15, 5}, {5, 15}}})), 50.0, kTolerance);
}

TEST(PolygonCoverage, OverlapOfTwoRingsIsOutside) {
  const double area = sum(coverage_of({square(2.25, 2.5, 10), square(7.25, 6.5, 10)}));
  EXPECT_NEAR(area, 100 + 100 - 2 * 5 * 6, kTolerance);
}

TEST(PolygonCoverage, PartsOutsideTheGridAreCutOff) {
  const std::vector<Ring> diamond = {{{0, -10}, {10, 0}, {0, 10}, {-10, 0}}};
  EXPECT_NEAR(sum(coverage_of(diamond)), 50.0, kTolerance);  // one quarter of 200
  const std::vector<Ring> far = {square(-50, -50, 200)};
  EXPECT_NEAR(sum(coverage_of(far)), kSide * kSide, kTolerance);
  EXPECT_NEAR(sum(coverage_of({square(60, 60, 5)})), 0.0, 1e-12);
}

TEST(PolygonCoverage, RefusesContoursThatWouldNeverEnd) {
  Ring comb;
  for (int n = 0; n < 20000; ++n)
    comb.push_back({(n * 7919) % 40000 / 1000.0, n % 2 == 0 ? 0.001 * (n % 900) : 39.0});
  std::vector<float> out(kSide * kSide);
  CoverageBudget budget{1'000'000};
  const std::vector<Ring> rings = {comb};
  EXPECT_THROW(add_coverage(rings, kSide, kSide, 1.0F, out, budget), Error);
}

}  // namespace
}  // namespace sojourn::io
