#include "sojourn/projector/joseph.h"

#include <gtest/gtest.h>

#include <numbers>

#include "projector/joseph_reference.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/projector/joseph_job.h"
#include "sojourn/projector/locality.h"

namespace {

using namespace sojourn;
using projector::Joseph;
using projector::Lines;
using projector::TofResolution;

/// A grid with unequal voxels; `turned`: its axes do not follow the patient's.
image::Geometry grid_of(image::Index3 size, image::Vec3 spacing, bool turned = false) {
  image::Geometry g;
  g.size = size;
  g.spacing_mm = spacing;
  if (turned) {
    const double c = std::cos(0.4), s = std::sin(0.4);
    g.axis = {{{c, s, 0}, {-s, c, 0}, {0, 0, 1}}};
  }
  g.origin_mm = {0, 0, 0};
  const image::Vec3 middle =
      g.to_mm({0.5 * (size[0] - 1), 0.5 * (size[1] - 1), 0.5 * (size[2] - 1)});
  g.origin_mm = {-middle[0], -middle[1], -middle[2]};
  return g;
}

/// Lines between random points of a sphere: every direction, so every marching axis.
Lines random_lines(std::size_t n, double radius_mm, double tof_range_mm) {
  Lines lines;
  core::Random random(2024);
  for (std::size_t e = 0; e < n; ++e) {
    projector::Lor lor;
    for (auto* end : {&lor.from_mm, &lor.to_mm}) {
      const double z = 2 * random.uniform() - 1, angle = 2 * std::numbers::pi * random.uniform();
      const double across = std::sqrt(1 - z * z) * radius_mm;
      *end = {static_cast<float>(across * std::cos(angle)),
              static_cast<float>(across * std::sin(angle)), static_cast<float>(radius_mm * z)};
    }
    lines.lors.push_back(lor);
    lines.tof_mm.push_back(static_cast<float>(tof_range_mm * (random.uniform() - 0.5)));
  }
  return lines;
}

image::Volume<float> random_image(const image::Geometry& g) {
  image::Volume<float> image(g);
  core::Random random(5);
  for (auto& v : image.values()) v = static_cast<float>(0.1 + random.uniform());
  return image;
}

std::vector<double> doubles(const image::Volume<float>& image) {
  return {image.values().begin(), image.values().end()};
}

double inner(const auto& a, const auto& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

struct Case {
  const char* name;
  image::Geometry grid;
  std::optional<TofResolution> tof;
};

std::vector<Case> cases() {
  const TofResolution tof{9.0, 12.0, 3.0};
  const TofResolution density{6.0, 0.0, 4.0};
  return {{"plain", grid_of({31, 27, 22}, {2.1, 2.6, 3.2}), std::nullopt},
          {"tof", grid_of({31, 27, 22}, {2.1, 2.6, 3.2}), tof},
          {"tof density", grid_of({31, 27, 22}, {2.1, 2.6, 3.2}), density},
          {"turned", grid_of({19, 34, 25}, {3.0, 1.7, 2.2}, true), std::nullopt},
          {"turned tof", grid_of({19, 34, 25}, {3.0, 1.7, 2.2}, true), tof},
          {"one plane", grid_of({40, 40, 1}, {1.5, 1.5, 4.0}), std::nullopt}};
}

TEST(Joseph, AgreesWithTheDoubleReference) {
  for (const Case& c : cases()) {
    const Lines lines = random_lines(3000, 60, 40);
    const auto image = random_image(c.grid);
    const Joseph joseph(c.grid, c.tof);
    std::vector<float> values(lines.size());
    joseph.forward(image, lines, values);
    const auto* kernel = c.tof ? &*joseph.tof() : nullptr;
    const auto expected = test::reference_forward(c.grid, doubles(image), lines, kernel);
    double largest = 0;
    for (const double v : expected) largest = std::max(largest, v);
    ASSERT_GT(largest, 0);
    // 1e-4 of the largest: float places of up to 40 voxels carry 4e-6 of a voxel
    for (std::size_t e = 0; e < lines.size(); ++e)
      ASSERT_NEAR(values[e], expected[e], 1e-4 * largest) << c.name << " line " << e;
    image::Volume<float> back(c.grid);
    joseph.back(values, lines, back);
    const auto back_expected = test::reference_back(
        c.grid, std::vector<double>(values.begin(), values.end()), lines, kernel);
    largest = *std::max_element(back_expected.begin(), back_expected.end());
    for (std::size_t v = 0; v < back_expected.size(); ++v)
      ASSERT_NEAR(back.values()[v], back_expected[v], 1e-4 * largest) << c.name << " voxel " << v;
  }
}

TEST(Joseph, BackIsTheAdjointOfForward) {
  for (const Case& c : cases()) {
    const Lines lines = random_lines(4000, 70, 50);
    const auto x = random_image(c.grid);
    std::vector<float> y(lines.size()), ax(lines.size());
    core::Random random(9);
    for (auto& v : y) v = static_cast<float>(random.uniform());
    const Joseph joseph(c.grid, c.tof);
    joseph.forward(x, lines, ax);
    image::Volume<float> aty(c.grid);
    joseph.back(y, lines, aty);
    const double left = inner(ax, y), right = inner(x.values(), aty.values());
    EXPECT_NEAR(left / right, 1, 1e-6) << c.name;  // rounding of float sums alone
    const auto* kernel = c.tof ? &*joseph.tof() : nullptr;
    const std::vector<double> y_double(y.begin(), y.end());
    const double left_double =
        inner(test::reference_forward(c.grid, doubles(x), lines, kernel), y_double);
    const double right_double =
        inner(doubles(x), test::reference_back(c.grid, y_double, lines, kernel));
    EXPECT_NEAR(left_double / right_double, 1, 1e-12) << c.name;
  }
}

TEST(Joseph, BinsOfTimeOfFlightSumToTheLine) {
  const auto grid = grid_of({31, 27, 22}, {2.1, 2.6, 3.2});
  const auto image = random_image(grid);
  const Lines lines = random_lines(500, 60, 0);
  for (const double cut : {3.0, 4.5}) {
    const Joseph joseph(grid, TofResolution{9.0, 12.0, cut});
    std::vector<float> line(lines.size()), bins(lines.size() * 21);
    joseph.forward_line(image, lines.lors, line);
    joseph.forward_bins(image, lines.lors, 21, bins);
    for (std::size_t e = 0; e < lines.size(); ++e) {
      double sum = 0;
      for (std::size_t b = 0; b < 21; ++b) sum += static_cast<double>(bins[e * 21 + b]);
      // bins of the cut and rescaled Gaussian share out every plane whole: what is left is the
      // table
      ASSERT_NEAR(sum, line[e], 1e-4 * static_cast<double>(line[e]) + 1e-3) << cut << " " << e;
    }
  }
}

TEST(Joseph, BinsAtOnceAreTheEventsOneByOne) {
  const auto grid = grid_of({31, 27, 22}, {2.1, 2.6, 3.2}, true);
  const auto image = random_image(grid);
  constexpr int kBins = 9;
  const TofResolution tof{9.0, 12.0, 3.0};
  const Joseph joseph(grid, tof);
  const Lines lines = random_lines(300, 60, 0);
  std::vector<float> bins(lines.size() * kBins), values(bins.size()), single(bins.size());
  core::Random random(3);
  for (auto& v : values) v = static_cast<float>(random.uniform());
  Lines one_by_one;
  for (const auto& lor : lines.lors)
    for (int b = 0; b < kBins; ++b) {
      one_by_one.lors.push_back(lor);
      one_by_one.tof_mm.push_back(static_cast<float>((b - 4) * tof.bin_mm));
    }
  joseph.forward_bins(image, lines.lors, kBins, bins);
  joseph.forward(image, one_by_one, single);
  const float largest = *std::max_element(single.begin(), single.end());
  for (std::size_t i = 0; i < bins.size(); ++i)
    ASSERT_NEAR(bins[i], single[i], 2e-5F * largest) << i;
  image::Volume<float> back(grid), back_single(grid);
  joseph.back_bins(values, lines.lors, kBins, back);
  joseph.back(values, one_by_one, back_single);
  const float most = *std::max_element(back_single.values().begin(), back_single.values().end());
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    ASSERT_NEAR(back.values()[v], back_single.values()[v], 2e-5F * most) << v;
  EXPECT_NEAR(inner(bins, values) / inner(image.values(), back.values()), 1, 1e-6);
}

TEST(Joseph, ChordsThroughABoxHaveTheirLength) {
  // Through opposite faces of a box of ones the planes of voxel centres share out the chord evenly:
  // n planes of length / n each, so the sum is the chord to rounding.
  const image::Vec3 spacing{1.3, 2.0, 0.7};
  const auto grid = grid_of({20, 18, 44}, spacing);
  const image::Volume<float> ones(grid, 1.0F);
  const Joseph joseph(grid);
  core::Random random(4);
  for (std::size_t m = 0; m < 3; ++m) {
    const double half = 0.5 * grid.size[m] * spacing[m];
    Lines lines;
    std::vector<double> chord;
    for (int e = 0; e < 200; ++e) {
      projector::Lor lor;
      double squares = 0;
      for (std::size_t a = 0; a < 3; ++a) {
        const double wide = a == m ? 0 : 0.35 * grid.size[a] * spacing[a] * 0.5;
        const double from = a == m ? -2 * half : wide * (2 * random.uniform() - 1);
        const double to = a == m ? 2 * half : wide * (2 * random.uniform() - 1);
        lor.from_mm[a] = static_cast<float>(from);
        lor.to_mm[a] = static_cast<float>(to);
        squares += std::pow((to - from) / 2, 2);  // the box takes the middle half of the line
      }
      lines.lors.push_back(lor);
      chord.push_back(std::sqrt(squares));
    }
    std::vector<float> values(lines.size());
    joseph.forward(ones, lines, values);
    for (std::size_t e = 0; e < chord.size(); ++e)
      ASSERT_NEAR(values[e], chord[e], 2e-6 * chord[e]) << "axis " << m << " line " << e;
  }
}

TEST(Joseph, SameForAnyNumberOfThreads) {
  const auto grid = grid_of({31, 27, 22}, {2.1, 2.6, 3.2});
  const auto image = random_image(grid);
  const Lines lines = random_lines(20000, 60, 40);
  const Joseph joseph(grid, TofResolution{9.0, 12.0, 3.0});
  const auto both = [&] {
    std::vector<float> values(lines.size());
    joseph.forward(image, lines, values);
    image::Volume<float> back(grid);
    joseph.back(values, lines, back);
    return std::pair(values, back.values());
  };
  const auto many = both();
  const core::ThreadLimit one(1);
  EXPECT_EQ(many, both());
}

TEST(Joseph, LinesThatMissOrDegenerateCountNothing) {
  const auto grid = grid_of({10, 10, 10}, {1, 1, 1});
  Lines lines;
  lines.lors = {{{50, 50, -50}, {50, -50, 50}},  // misses
                {{1, 2, 3}, {1, 2, 3}},          // no length
                {{-50, 0, 80}, {50, 0, 80}},     // parallel, outside
                {{20, 0, 0}, {60, 0, 0}}};       // ends before the grid
  std::vector<float> values(lines.size(), -1.0F);
  const Joseph joseph(grid);
  joseph.forward(random_image(grid), lines, values);
  for (const float v : values) EXPECT_EQ(v, 0);
}

TEST(Joseph, RefusesGridsThatItCannotHold) {
  EXPECT_THROW(Joseph(grid_of({0, 10, 10}, {1, 1, 1})), Error);
  EXPECT_THROW(Joseph(grid_of({5000, 10, 10}, {1, 1, 1})), Error);
  EXPECT_THROW(Joseph(grid_of({10, 10, 10}, {1, 1, 1}), TofResolution{0, 10, 3}), Error);
  EXPECT_THROW(Joseph(grid_of({10, 10, 10}, {1, 1, 1}), TofResolution{5, -1, 3}), Error);
  EXPECT_THROW(Joseph(grid_of({10, 10, 10}, {1, 1, 1}), TofResolution{5, 1, 0.5}), Error);
}

TEST(Joseph, EverySetOfInstructionsAgrees) {
  const auto grid = grid_of({31, 27, 22}, {2.1, 2.6, 3.2}, true);
  const auto image = random_image(grid);
  const Lines lines = random_lines(2000, 60, 40);
  const Joseph joseph(grid, TofResolution{9.0, 12.0, 3.0});
  const auto all = [&] {
    std::vector<float> values(lines.size()), bins(lines.size() * 7);
    joseph.forward(image, lines, values);
    joseph.forward_bins(image, lines.lors, 7, bins);
    image::Volume<float> back(grid);
    joseph.back(values, lines, back);
    joseph.back_bins(bins, lines.lors, 7, back);
    values.insert(values.end(), bins.begin(), bins.end());
    values.insert(values.end(), back.values().begin(), back.values().end());
    return values;
  };
  const auto best = all();
  std::size_t sets = 0;
  for (const auto& name : projector::simd_names()) {
    const projector::SimdChoice only(name);
    EXPECT_EQ(projector::simd_name(), name);
    const auto other = all();
    ++sets;
    for (std::size_t i = 0; i < best.size(); ++i)
      ASSERT_NEAR(other[i], best[i], 1e-4F * (std::abs(best[i]) + 1)) << name << " " << i;
  }
  EXPECT_GE(sets, 2U);
}

TEST(Locality, OrdersEveryLineOnceAndKeepsValues) {
  const auto grid = grid_of({31, 27, 22}, {2.1, 2.6, 3.2});
  const auto image = random_image(grid);
  for (const bool tof : {false, true}) {
    Lines lines = random_lines(5000, 60, 40);
    if (!tof) lines.tof_mm.clear();
    const auto order = projector::locality_order(lines, grid);
    auto sorted_order = order;
    std::sort(sorted_order.begin(), sorted_order.end());
    for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(sorted_order[i], i);
    const Lines sorted = projector::reordered(lines, order);
    const Joseph joseph(grid, tof ? std::optional(TofResolution{9.0, 12.0, 3.0}) : std::nullopt);
    std::vector<float> a(lines.size()), b(lines.size());
    joseph.forward(image, lines, a);
    joseph.forward(image, sorted, b);
    for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(b[i], a[order[i]]);
  }
}

TEST(TofKernel, IntegratesToOneWhateverTheCut) {
  for (const double cut : {2.0, 3.0, 4.5}) {
    for (const double bin : {0.0, 1.0, 20.0, 200.0}) {
      const projector::TofKernel kernel({10.0, bin, cut});
      double sum = 0;
      const int n = 200000;
      const double step = 2 * kernel.reach_mm() / n;
      for (int i = 0; i < n; ++i) sum += step * kernel.exact(-kernel.reach_mm() + (i + 0.5) * step);
      EXPECT_NEAR(sum, bin > 0 ? bin : 1, 1e-6 * (bin + 1)) << cut << " " << bin;
    }
  }
}

TEST(TofKernel, MillimetresOfAPicosecond) {
  // 214 ps FWHM is 32.1 mm along the line (published with the Siemens Biograph Vision)
  EXPECT_NEAR(214 * projector::tof_mm_per_ps(), 32.08, 0.01);
}

}  // namespace
