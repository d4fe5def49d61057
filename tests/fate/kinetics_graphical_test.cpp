#include "sojourn/fate/kinetics_graphical.h"

#include <gtest/gtest.h>

#include <cmath>

#include "fate/kinetics_truth.h"
#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;
using sojourn::test::brain_frames;
using sojourn::test::feng_input;
using sojourn::test::integrated_tissue;

constexpr double kMinute = 60;

Input input_of(const std::vector<FrameTime>& frames) { return feng_input(frames.back().end_s()); }

TEST(Logan, IsStraightFromTheStartForOneTissue) {
  // ∫C = K1/k2 ∫Cp − C/k2 at all times; what is left is the shape of C inside frames
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  const TissueRates r{0.35 / kMinute, 0.09 / kMinute, 0, 0, 0};
  const auto plot = logan({frames, integrated_tissue(r, input, frames), {}}, input.plasma);
  EXPECT_TRUE(plot.linear);
  EXPECT_NEAR(plot.slope.value / (0.35 / 0.09), 1, 2e-5);
  EXPECT_NEAR(plot.intercept.value / (-kMinute / 0.09), 1, 1e-4);
}

TEST(Logan, SlopeBecomesTheVolumeOfDistributionOfTwoTissues) {
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  const TissueRates r{0.12 / kMinute, 0.11 / kMinute, 0.06 / kMinute, 0.08 / kMinute, 0};
  const PlotData data{frames, integrated_tissue(r, input, frames), {}};
  const double truth = volume_of_distribution(TissueModel::two_tissue_reversible, r);
  double last = 1;
  for (const double start : {600.0, 1800.0, 3600.0}) {
    const auto plot = logan(data, input.plasma, {start});
    const double error = std::abs(plot.slope.value / truth - 1);
    EXPECT_LT(error, last);  // later is straighter
    last = error;
    EXPECT_GE(plot.start_s, start);
  }
  // the slow root, 0.04 1/min, has left e^{−0.04·60} = 9 % of a transient that was 2 % at 10 min
  EXPECT_LT(last, 0.003);
}

TEST(Logan, TakesBloodOutFirst) {
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  const TissueRates r{0.35 / kMinute, 0.09 / kMinute, 0, 0, 0.06};
  const auto seen = integrated_tissue(r, input, frames);
  const auto tissue = without_blood(seen, CurveInFrames(input.blood, frames).mean(), 0.06);
  EXPECT_NEAR(logan({frames, tissue, {}}, input.plasma).slope.value / (0.35 / 0.09), 1, 2e-5);
  EXPECT_GT(
      std::abs(logan({frames, seen, {}}, input.plasma, {0.0}).slope.value / (0.35 / 0.09) - 1),
      1e-3);
  EXPECT_THROW((void)without_blood(seen, seen, 1), Error);
}

TEST(Patlak, SlopeOfAnIrreversibleTissueIsItsNetInflux) {
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  const TissueRates r{0.10 / kMinute, 0.13 / kMinute, 0.06 / kMinute, 0, 0};
  const PlotData data{frames, integrated_tissue(r, input, frames), {}};
  const auto plot = patlak(data, input.plasma, {2400.0});
  // free tracer follows plasma; what is left after 40 min is plasma's middle exponential,
  // e^{−0.12·40} = 0.8 % of plasma, in the ratio of free tracer to plasma
  EXPECT_NEAR(plot.slope.value / net_influx_per_s(r), 1, 2e-3);
  EXPECT_TRUE(plot.linear);
  EXPECT_GT(plot.slope.standard_error, 0);
  EXPECT_NEAR(patlak(data, input.plasma).slope.value / net_influx_per_s(r), 1,
              0.05);  // by the rule
}

TEST(ReferencePlots, GiveTheRatiosOfTheirTissues) {
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  const TissueRates reference{0.10 / kMinute, 0.10 / kMinute, 0, 0, 0};
  const TissueRates target{0.12 / kMinute, 0.04 / kMinute, 0, 0, 0};  // DVR 3
  const auto low = integrated_tissue(reference, input, frames);
  const PlotData data{frames, integrated_tissue(target, input, frames), {}};
  const auto exact = reference_logan(data, low, reference.k2_per_s);
  EXPECT_NEAR(exact.slope.value, 3, 3e-4);  // both curves' shapes inside frames
  EXPECT_TRUE(exact.linear);
  // without k2' only the late part is right, where C_r/C hardly moves
  EXPECT_NEAR(reference_logan(data, low, {}, {3600.0}).slope.value, 3, 0.15);

  const TissueRates trapped{0.13 / kMinute, 0.13 / kMinute, 0.05 / kMinute, 0, 0};
  const PlotData bound{frames, integrated_tissue(trapped, input, frames), {}};
  const auto plot = reference_patlak(bound, low, {3000.0});
  const double k = 0.13 * 0.05 / 0.18 / kMinute;
  // late, both regions' free tracer is in a fixed ratio to plasma, which cancels from the slope;
  // the two reach it at 0.10 and 0.18 1/min, for 50 min
  EXPECT_NEAR(plot.slope.value / k, 1, 5e-3);
  EXPECT_THROW((void)reference_logan(data, low, 0.0), Error);
}

TEST(LinearPart, IsTheEarliestThatKeepsTheDeviation) {
  // Patlak of a plasma of 1: y = C against x = t. Points: a bend, then a straight line
  std::vector<FrameTime> frames;
  std::vector<double> tissue;
  for (int i = 0; i < 20; ++i) {
    frames.push_back({i * 10.0, 10});
    tissue.push_back(i < 6 ? 10 + 3.0 * i : 40 + 1.0 * i);
  }
  const Curve plasma{{0, 200}, {1, 1}};
  const auto plot = patlak({frames, tissue, {}}, plasma, {{}, 0.01, 5});
  EXPECT_TRUE(plot.linear);
  EXPECT_NEAR(plot.start_s, 65, 1e-9);  // mid-time of frame 6, the first on the line
  EXPECT_EQ(plot.n_points, 14u);
  EXPECT_NEAR(plot.slope.value, 0.1, 1e-9);
  EXPECT_LT(plot.max_deviation, 1e-9);
  // a wide rule takes more points, and says how far they lie off
  const auto wide = patlak({frames, tissue, {}}, plasma, {{}, 0.5, 5});
  EXPECT_LT(wide.start_s, 65);
  EXPECT_GT(wide.max_deviation, 0.01);
  // noise above the rule: no straight part, the last points are shown and marked
  sojourn::core::Random random(1, 0);
  for (double& v : tissue) v *= 1 + 0.1 * random.normal();
  const auto none = patlak({frames, tissue, {}}, plasma, {{}, 1e-3, 5});
  EXPECT_FALSE(none.linear);
  EXPECT_EQ(none.n_points, 5u);
  EXPECT_THROW((void)patlak({frames, tissue, {}}, plasma, {1000.0}), Error);
  EXPECT_THROW((void)patlak({frames, tissue, {}}, plasma, {{}, 0.1, 2}), Error);
  EXPECT_THROW((void)patlak({frames, {1, 2}, {}}, plasma), Error);
}

TEST(LinearPart, LeavesOutFramesWithoutSignalOrWeight) {
  const auto frames = brain_frames();
  const auto input = input_of(frames);
  auto tissue = integrated_tissue({0.35 / kMinute, 0.09 / kMinute, 0, 0, 0}, input, frames);
  std::vector<double> weights(frames.size(), 1.0);
  weights[30] = 0;
  const auto plot = logan({frames, tissue, weights}, input.plasma, {600.0});
  const auto all = logan({frames, tissue, {}}, input.plasma, {600.0});
  EXPECT_EQ(plot.n_points + 1, all.n_points);
  tissue[0] = -0.1;
  EXPECT_TRUE(std::isnan(logan({frames, tissue, {}}, input.plasma, {600.0}).x[0]));
}

}  // namespace
