#include "sojourn/fate/assays.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/belief.h"

namespace {

using namespace sojourn::fate;
using sojourn::Error;

constexpr double kHour = 3600;

class AssayFile : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) const {
    const auto path = folder.path() / "retention.tsv";
    std::ofstream(path) << text;
    return path;
  }
  sojourn::test::TemporaryFolder folder;
};

TEST_F(AssayFile, ReadsItsColumnsInAnyOrder) {
  const auto points = read_retention(write("sd\thours\tfraction\n0.01\t24\t0.93\n0.02\t72\t0.8\n"));
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[1].hours, 72);
  EXPECT_EQ(points[1].value, 0.8);
  EXPECT_EQ(points[1].sd, 0.02);
  EXPECT_EQ(read_growth(write("hours\tfold\tsd\n24\t2.5\t0.1\n"))[0].value, 2.5);
}

TEST_F(AssayFile, RefusesWhatCannotBe) {
  for (const char* text :
       {"hours\tfraction\n24\t0.9\n", "hours\tfold\tsd\n24\t2\t0.1\n",
        "hours\tfraction\tsd\n24\t-0.9\t0.1\n", "hours\tfraction\tsd\n24\t90\t1\n",
        "hours\tfraction\tsd\n24\tn/a\t0.1\n", "hours\tfraction\tsd\n24\t0.9\t0\n",
        "hours\tfraction\tsd\n-1\t0.9\t0.1\n", "\x01\xff"})
    EXPECT_THROW((void)read_retention(write(text)), Error) << text;
  // cells that gain label
  EXPECT_THROW((void)read_retention(write("hours\tfraction\tsd\n24\t1.3\t0.05\n")), Error);
  EXPECT_NO_THROW((void)read_retention(write("hours\tfraction\tsd\n24\t1.05\t0.05\n")));
  EXPECT_THROW((void)read_retention(folder.path() / "nowhere.tsv"), Error);
}

Belief belief() {
  Belief b;
  b.division = log_normal(0.002 / kHour, 1.0);
  b.death = log_normal(0.006 / kHour, 0.8);
  b.efflux = log_normal(0.003 / kHour, 0.6);
  return b;
}

TEST(Belief, PreciseRetentionSettlesDeathAndEffluxTogether) {
  std::vector<AssayPoint> points;
  for (const double h : {24., 48., 96.}) points.push_back({h, std::exp(-0.012 * h), 0.002});
  const Belief b = with_assays(belief(), points, {});
  // the sum of the rates is 0.3 % sure in the data, ~50 % in the prior
  EXPECT_NEAR((b.death.median + b.efflux.median) * kHour, 0.012, 5e-5);
  EXPECT_GT(b.death.median, belief().death.median);
  EXPECT_GT(b.efflux.median, belief().efflux.median);
  EXPECT_LT(b.death_efflux_correlation, 0);  // only their sum was seen
  EXPECT_GT(b.death_efflux_correlation, -1);
  EXPECT_EQ(b.division.median, belief().division.median);
}

TEST(Belief, GrowthAndRetentionGiveTheLabelOfALivingCellWithoutKnowingDeath) {
  // a culture that dies faster than the prior thinks: label per cell is retention over growth
  const double division = 0.003 / kHour, death = 0.015 / kHour, efflux = 0.002 / kHour;
  std::vector<AssayPoint> retention, growth;
  for (const double h : {24., 48., 72., 96.}) {
    const double kept = std::exp(-(death + efflux) * h * kHour);
    const double fold = std::exp((division - death) * h * kHour);
    retention.push_back({h, kept, 0.02 * kept});
    growth.push_back({h, fold, 0.02 * fold});
  }
  const Belief b = with_assays(belief(), retention, growth);
  const double truth = std::exp(-(division + efflux) * 96 * kHour);
  const double found = std::exp(-(b.division.median + b.efflux.median) * 96 * kHour);
  EXPECT_NEAR(found / truth, 1, 0.05);  // four points of 2 % at up to 96 h: about 2 % each
}

TEST(Belief, VagueAssaysLeaveThePrior) {
  const Belief b = with_assays(belief(), {{24, 0.5, 10}}, {{24, 3.0, 1000}});
  EXPECT_NEAR(b.efflux.median / belief().efflux.median, 1, 0.01);
  EXPECT_NEAR(b.division.median / belief().division.median, 1, 0.01);
}

TEST(Belief, GrowthMovesDivisionAndDeathTogether) {
  std::vector<AssayPoint> points;
  for (const double h : {24., 48., 96.}) points.push_back({h, std::exp(0.01 * h), 0.02});
  const Belief b = with_assays(belief(), {}, points);
  EXPECT_NEAR((b.division.median - b.death.median) * kHour, 0.01, 1e-3);
  EXPECT_GT(b.division.median, belief().division.median);
  EXPECT_GT(b.division_death_correlation, 0);  // only their difference was seen
  EXPECT_LT(b.division_death_correlation, 1);
}

TEST(Belief, ShrinkingCulturesAreTakenToo) {
  const Belief b = with_assays(belief(), {}, {{48, 0.2, 0.01}, {96, 0.04, 0.002}});
  EXPECT_NEAR((b.death.median - b.division.median) * kHour, std::log(5) / 48, 2e-3);
}

TEST(Belief, FixedRatesStayFixed) {
  Belief fixed = belief();
  fixed.efflux = log_normal(0.003 / kHour, 0);
  fixed.division = log_normal(0, 0);
  const Belief b = with_assays(fixed, {{24, 0.5, 0.01}}, {{24, 3.0, 0.1}});
  EXPECT_EQ(b.efflux.median, fixed.efflux.median);
  EXPECT_EQ(b.division.median, 0);
  EXPECT_GT(b.death.median, fixed.death.median);  // what retention and the fixed efflux leave
  EXPECT_THROW((void)log_normal(-1, 0.1), Error);
}

}  // namespace
