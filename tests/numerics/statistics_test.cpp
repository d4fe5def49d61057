#include "sojourn/numerics/statistics.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"

namespace {

using namespace sojourn::numerics;
using sojourn::Error;

TEST(Statistics, KeepsDigitsOfNistsNumericalAccuracySets) {
  // NIST StRD univariate NumAcc1 (10000001, 10000003, 10000002): mean 10000002, sd 1
  const std::vector first{10000001., 10000003., 10000002.};
  EXPECT_DOUBLE_EQ(mean(first), 10000002);
  EXPECT_DOUBLE_EQ(standard_deviation(first), 1);
  // the pattern of NumAcc4: 10000000.2, then 500 pairs of .1 and .3; mean 10000000.2, sd 0.1
  std::vector fourth{10000000.2};
  for (int i = 0; i < 500; ++i) fourth.insert(fourth.end(), {10000000.1, 10000000.3});
  EXPECT_NEAR(mean(fourth), 10000000.2, 4e-9);         // two ulp of 1e7
  EXPECT_NEAR(standard_deviation(fourth), 0.1, 4e-9);  // the inputs themselves are rounded to 1e-9
}

TEST(Statistics, DeviationOfOneValueIsZero) {
  EXPECT_EQ(standard_deviation(std::vector{4.0}), 0);
  EXPECT_EQ(standard_deviation(std::vector<double>{}), 0);
  EXPECT_THROW((void)mean(std::vector<double>{}), Error);
}

TEST(Statistics, QuantileInterpolatesAsTypeSeven) {
  const std::vector values{4., 1., 3., 2.};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 4);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);  // R: quantile(1:4, 0.25)
  EXPECT_THROW((void)quantile({}, 0.5), Error);
  EXPECT_THROW((void)quantile(values, 1.01), Error);
  EXPECT_THROW((void)quantile(values, std::numeric_limits<double>::quiet_NaN()), Error);
  EXPECT_THROW((void)quantile({1., std::numeric_limits<double>::quiet_NaN()}, 0.5), Error);
}

RC_GTEST_PROP(Statistics, QuantileAgreesWithSorting, (std::vector<int> numbers)) {
  RC_PRE(!numbers.empty());
  std::vector<double> values(numbers.begin(), numbers.end());
  const double p = *rc::gen::inRange(0, 1001) / 1000.0;
  auto sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double place = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto high = std::min(low + 1, sorted.size() - 1);
  const double expected =
      sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
  RC_ASSERT(std::abs(quantile(values, p) - expected) <= 1e-12 * (1 + std::abs(expected)));
}

TEST(Statistics, StudentQuantilesEqualThePublishedTable) {
  // NIST/SEMATECH e-handbook of statistical methods, section 1.3.6.7.2, critical values of t
  struct Row {
    double p, nu, t;
  };
  for (const auto& row :
       {Row{0.975, 1, 12.706}, Row{0.975, 5, 2.571}, Row{0.975, 10, 2.228}, Row{0.95, 1, 6.314},
        Row{0.95, 30, 1.697}, Row{0.99, 10, 2.764}, Row{0.995, 3, 5.841}, Row{0.95, 100, 1.660}})
    EXPECT_NEAR(student_t_quantile(row.p, row.nu), row.t, 5.1e-4)
        << row.p << ' ' << row.nu;  // three decimals printed
  EXPECT_NEAR(student_t_quantile(0.05, 7), -student_t_quantile(0.95, 7), 1e-12);
  EXPECT_THROW((void)student_t_quantile(1.0, 5), Error);
  EXPECT_THROW((void)student_t_quantile(0.5, 0), Error);
}

TEST(Statistics, NormalQuantilesEqualThePublishedTable) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959964, 5e-7);  // six decimals printed
  EXPECT_NEAR(normal_quantile(0.95), 1.644854, 5e-7);
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-15);
  EXPECT_THROW((void)normal_quantile(0), Error);
}

}  // namespace
