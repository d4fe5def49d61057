// Blood tables of real scans, from the PET examples of BIDS
// (github.com/bids-standard/bids-examples, pet003: a pig, manual samples with gaps in the parent
// fraction).
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "shared/shared_data.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/kinetics_input.h"

namespace {

using namespace sojourn::fate::kinetics;

TEST(BidsBloodTable, GivesParentPlasma) {
  SOJOURN_NEEDS_SHARED(file,
                       "data/bids_pet/pet003/sub-01/ses-01/pet/"
                       "sub-01_ses-01_recording-manual_blood.tsv");
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  const auto table = sojourn::core::Tsv::parse(text.str(), file.string());
  Curve total, fraction;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const double t = *table.number(i, "time");
    total.time_s.push_back(t);
    total.value.push_back(*table.number(i, "plasma_radioactivity"));
    if (const auto parent = table.number(i, "metabolite_parent_fraction")) {
      fraction.time_s.push_back(t);
      fraction.value.push_back(*parent);
    }
  }
  ASSERT_EQ(total.time_s.size(), 32u);
  ASSERT_EQ(fraction.time_s.size(), 6u);
  const auto parent = parent_plasma(total, fraction);
  // products of the table's numbers, by hand
  EXPECT_NEAR(value_at(parent, 720), 8957.52869 * 0.55283186, 1e-6);
  EXPECT_NEAR(value_at(parent, 3000), 9078.7899 * 0.1507185, 1e-6);
  // at 60 s half of the way from 1 to 0.50774 at 120 s
  EXPECT_NEAR(value_at(parent, 60), 31688.6211 * (1 + 0.50774032) / 2, 1e-6);
  // between samples: 2100 s lies 5/10 of the way from 1800 to 2400 in plasma, 9/18 in the fraction
  EXPECT_NEAR(value_at(parent, 2100), (8805.56451 + 8707.26365) / 2 * (0.35144152 + 0.1507185) / 2,
              0.05);  // knots 10 s apart
  // after the last fraction it stays
  EXPECT_NEAR(value_at(parent, 7200), 6279.54565 * 0.09530672, 1e-6);
}

}  // namespace
