#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numeric>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/simulate/organ_truth.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

double total(const PerSite& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

RC_GTEST_PROP(LabelTruth, ConservesLabelAtAnyTime, ()) {
  const double hours = *rc::gen::inRange(0, 2000) / 10.0;
  const auto state = advance(example_rates(), start(1e6, 9e4, 7e3, 3e3), 0, hours);
  RC_ASSERT(std::abs(state.label_bq() - 1e5) < 1e-6 * 1e5);  // rounding of the exponential
}

RC_GTEST_PROP(LabelTruth, GoesOnFromWhereItStopped, ()) {
  const double first = *rc::gen::inRange(0, 960) / 10.0, second = *rc::gen::inRange(0, 960) / 10.0;
  const auto rates = example_rates();
  const auto begin = start(1e6, 9e4, 7e3, 3e3);
  const auto whole = advance(rates, begin, 0, first + second);
  const auto parts = advance(rates, advance(rates, begin, 0, first), first, second);
  RC_ASSERT(std::abs(total(whole.cells) - total(parts.cells)) < 1e-7 * total(whole.cells));
  RC_ASSERT(std::abs(whole.bone_bq - parts.bone_bq) < 1e-7 * 1e5);
}

TEST(LabelTruth, CellsFollowTheRatesWithThePulse) {
  const auto r = example_rates();
  const auto state = advance(r, start(1e6, 1e5, 0, 0), 0, 96);
  const double pulse = r.pulse_stop_h - r.pulse_start_h;
  const double grown = (r.division - r.death) * 96 - r.death * (r.pulse_death_factor - 1) * pulse;
  EXPECT_NEAR(total(state.cells), 1e6 * std::exp(grown), 1);
  EXPECT_LT(total(state.cells), 0.9e6 * std::exp((r.division - r.death) * 96));  // no closed form
}

TEST(LabelTruth, RatesStandApartFromTheCatalogue) {
  const auto r = example_rates();
  const auto& label = catalogue::method("zr89-oxine").label();
  const auto& cell = catalogue::cell("cd8-t").parameters;
  const auto off = [](double truth, double standard) { return std::abs(truth / standard - 1); };
  for (const double one :
       {off(r.division, 3600 * cell.division_per_s->value),
        off(r.death, 3600 * cell.death_per_s->value),
        off(r.efflux, 3600 * label.efflux_per_s->value), off(r.bone, label.bone_fraction->value)}) {
    EXPECT_GE(one, 0.199);
    EXPECT_LE(one, 0.501);
  }
}

TEST(OrganTruth, HoldsAllLabelOfTheBody) {
  subject::PerOrgan volume{};
  volume.fill(1.0);
  const auto state = advance(example_rates(), start(1e6, 9e4, 7e3, 3e3), 0, 30);
  double label = 0, cells = 0;
  for (const auto& one : organ_holdings(state, volume)) {
    label += one.label_bq();
    cells += one.cells;
  }
  EXPECT_NEAR(label, 1e5 - state.voided_bq, 1e-3);
  EXPECT_NEAR(cells, total(state.cells), 1e-3);
}

}  // namespace
