#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "measure/series_builder.h"

namespace sojourn::measure {
namespace {

using namespace sojourn::test;

records::Administration syringe() {
  records::Administration given;
  given.id = "label";
  given.activity_bq = 0.26e6;
  given.measured_at_utc_s = -600;
  given.residual_bq = 12e3;
  given.residual_measured_at_utc_s = 300;
  return given;
}

TEST(InjectedActivity, SyringeMinusResidualMinusExtravasatedAtTheAdministration) {
  auto given = syringe();
  given.extravasated_bq = 1e3;
  const double expected = 0.26e6 * std::exp2(-600 / kF18_s) - 12e3 * std::exp2(300 / kF18_s) - 1e3;
  EXPECT_NEAR(*injected_activity_bq(given, 0, kF18_s), expected, 1e-6);
}

TEST(InjectedActivity, NothingWhereNoActivityIsKnown) {
  auto given = syringe();
  given.activity_bq.reset();
  EXPECT_FALSE(injected_activity_bq(given, 0, kF18_s));
}

TEST(InjectedActivity, TimesThatAreMissingMeanTheAdministration) {
  auto given = syringe();
  given.measured_at_utc_s.reset();
  given.residual_measured_at_utc_s.reset();
  EXPECT_DOUBLE_EQ(*injected_activity_bq(given, 5000, kF18_s), 0.26e6 - 12e3);
}

TEST(InjectedActivity, ResidualOverTheSyringeIsRefused) {
  auto given = syringe();
  given.residual_bq = 0.3e6;
  EXPECT_SAYS(refusal([&] { (void)injected_activity_bq(given, 0, kF18_s); }), "leaves nothing");
}

RC_GTEST_PROP(InjectedActivityProperty, DoesNotDependOnWhenTheSyringeWasMeasured, ()) {
  const double earlier = *rc::gen::inRange(-100000, 100000);
  const auto given = syringe();
  auto moved = given;
  *moved.measured_at_utc_s += earlier;
  *moved.activity_bq *= nuclide::decay_factor(earlier, kZr89_s);
  const double a = *injected_activity_bq(given, 0, kZr89_s);
  RC_ASSERT(std::abs(*injected_activity_bq(moved, 0, kZr89_s) / a - 1) < 1e-12);
}

}  // namespace
}  // namespace sojourn::measure
