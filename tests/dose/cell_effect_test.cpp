#include "sojourn/dose/cell_effect.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "shared/message_of.h"

namespace {

using namespace sojourn::dose;

TEST(CellEffect, SurvivalAtD37IsOneOverE) {
  EXPECT_NEAR(survival(0.72, 1 / 0.72), std::exp(-1), 1e-15);
  EXPECT_EQ(survival(0, 1, 1), 1);
  EXPECT_NEAR(survival(2, 0.3, 0.05, 0.5), std::exp(-0.6 - 0.1), 1e-15);
}

TEST(CellEffect, ProtractionHasItsLimits) {
  EXPECT_NEAR(protraction_factor(1e-5, 1e-4, 1), 1, 1e-3);  // a flash
  // full decay: k/(k + mu)
  for (const double mu : {1e-6, 1e-5, 1.00001e-5, 3e-4})
    EXPECT_NEAR(protraction_factor(1e-5, mu, 1e8), 1e-5 / (1e-5 + mu), 1e-6) << mu;
  // constant rate: 2/(mu T)² (e^(-mu T) - 1 + mu T), Lea and Catcheside's own form
  const double x = 3e-4 * 1e4;
  EXPECT_NEAR(protraction_factor(0, 3e-4, 1e4), 2 / (x * x) * (std::exp(-x) - 1 + x), 1e-9);
}

RC_GTEST_PROP(CellEffect, ProtractionIsTheDoubleIntegral, ()) {
  const double k = *rc::gen::inRange(0, 30) / 10.0, mu = *rc::gen::inRange(0, 30) / 10.0;
  const double duration = *rc::gen::inRange(1, 40) / 10.0;
  constexpr int kSteps = 2000;
  const double h = duration / kSteps;
  double dose = 0, lasting = 0, sum = 0;  // lasting: damage that is not yet repaired
  for (int i = 0; i < kSteps; ++i) {
    const double rate = std::exp(-k * (i + 0.5) * h);
    lasting = lasting * std::exp(-mu * h / 2) + rate * h / 2;
    sum += rate * lasting * h;
    lasting = (lasting + 0) * std::exp(-mu * h / 2) + rate * h / 2;
    dose += rate * h;
  }
  RC_ASSERT(std::abs(protraction_factor(k, mu, duration) - 2 * sum / (dose * dose)) < 3e-3);
}

TEST(CellEffect, SensitivitiesAreRangesOverSourcesThatDisagree) {
  const auto rest = sensitivity_of("cd8-t", "resting");
  EXPECT_DOUBLE_EQ(rest.d37_low_gy, 0.54);   // the sensitive fraction of all lymphocytes
  EXPECT_DOUBLE_EQ(rest.d37_high_gy, 10.5);  // a plaque assay of mouse T cells
  EXPECT_GE(rest.rows.size(), 4U);
  for (const auto& row : rest.rows) EXPECT_NE(row.state, "stimulated");
  EXPECT_EQ(sensitivity_of("nk", "any").d37_high_gy, 5.5);
  EXPECT_NE(sojourn::test::message_of([] { (void)sensitivity_of("cd9-t", "any"); }), "");
  EXPECT_NE(sojourn::test::message_of([] { (void)sensitivity_of("b", "asleep"); }), "");
}

TEST(CellEffect, WindowsFollowTheRange) {
  const auto range = sensitivity_of("nk", "any");
  const auto window = labelling_window(20, range);  // 20 Gy for 1 Bq in a cell
  EXPECT_NEAR(survival(window.harmless_below_kbq * 1e-3 * 20, 1 / range.d37_low_gy), 0.9, 1e-12);
  EXPECT_NEAR(window.harmful_above_kbq * 1e-3 * 20, range.d37_high_gy, 1e-12);
  EXPECT_LT(window.harmless_below_kbq, window.harmful_above_kbq);
}

TEST(CellEffect, BreaksAndDelayHaveTheirSource) {
  EXPECT_NEAR(effect_per_gy("double_strand_breaks").low, 35, 1e-12);
  EXPECT_EQ(effect_per_gy("division_delay").citation, "hamster-mitotic-delay");
  EXPECT_THROW((void)effect_per_gy("hunger"), sojourn::Error);
}

}  // namespace
