#include "sojourn/simulate/pet_coincidence.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

/// Four faces of one crystal each: 0 and 2, 1 and 3 see each other.
PetScanner four_faces() {
  PetScanner s;
  auto& g = s.geometry;
  g.sectors = 4, g.crystals_tangential = 1, g.crystals_axial = 1;
  g.radius_mm = 50, g.crystal_depth_mm = 10;
  g.crystal_tangential_mm = g.pitch_tangential_mm = g.block_pitch_tangential_mm = 20;
  g.crystal_axial_mm = g.pitch_axial_mm = g.block_pitch_axial_mm = 20;
  s.energy_low_kev = 400, s.energy_high_kev = 600;
  s.window_ns = 4, s.field_of_view_mm = 40;
  s.integration_ns = 100, s.block_dead_time_ns = 300;
  s.keeps_time_of_flight = true;
  return s;
}

Hit hit(double time_ns, std::uint32_t crystal, float kev, std::uint32_t decay,
        std::uint8_t flags = 0) {
  return {time_ns, crystal, crystal, kev, decay, flags};
}

TEST(BlockSingles, PileUpAddsAndDeadTimeLoses) {
  PetCounts c;
  std::vector<Hit> hits{hit(450, 0, 511, 4), hit(0, 0, 200, 1), hit(50, 0, 300, 2),
                        hit(200, 0, 511, 3), hit(60, 1, 511, 2)};
  const auto singles = block_singles(hits, four_faces(), c);
  ASSERT_EQ(singles.size(), 3U);
  EXPECT_EQ(singles[0].energy_kev, 500);  // neither light alone was in the window
  EXPECT_EQ(singles[0].decay, 2U);        // the stronger one
  EXPECT_NE(singles[0].flags & records::kPiledUp, 0);
  EXPECT_EQ(singles[0].time_ns, 0);
  EXPECT_EQ(singles[1].block, 1U);  // another block knows nothing of it
  EXPECT_EQ(singles[2].time_ns, 450);
  EXPECT_EQ(c.piled_up, 1U);
  EXPECT_EQ(c.lost_dead, 1U);
}

TEST(BlockSingles, KeepsTheEnergyWindow) {
  PetCounts c;
  std::vector<Hit> hits{hit(0, 0, 399, 1), hit(1000, 0, 401, 2), hit(2000, 0, 601, 3)};
  EXPECT_EQ(block_singles(hits, four_faces(), c).size(), 1U);
  EXPECT_EQ(c.hits, 3U);
}

TEST(PairSingles, SignsTimeOfFlightAndFlags) {
  PetCounts c;
  std::vector<records::ListModeEvent> events;
  const std::vector<Hit> singles{
      hit(10, 0, 511, 1),  hit(10.5, 2, 511, 1, records::kScatteredInSubject),
      hit(100, 1, 511, 2), hit(101, 3, 511, 3),
      hit(200, 0, 511, 4), hit(202.5, 2, 511, 4)};
  pair_singles(singles, four_faces(), 0, 1, events, c);
  ASSERT_EQ(events.size(), 2U);  // the last two are 2.5 ns apart, half of the window is 2
  EXPECT_EQ(events[0].crystal_a, 2U);
  EXPECT_EQ(events[0].tof_ps, 500);  // a was later: nearer to b, which is crystal 0
  EXPECT_EQ(events[0].flags, records::kScatteredInSubject);
  EXPECT_EQ(events[0].energy_a, 128);  // 512 keV
  EXPECT_EQ(events[1].flags, records::kRandom);
  EXPECT_EQ(c.scattered, 1U);
  EXPECT_EQ(c.randoms, 1U);
  EXPECT_EQ(c.trues, 0U);
}

TEST(PairSingles, MultiplesByPolicyAndFieldOfView) {
  auto s = four_faces();
  const std::vector<Hit> singles{hit(0, 0, 511, 1), hit(0.5, 2, 511, 1), hit(1, 3, 511, 2)};
  PetCounts c;
  std::vector<records::ListModeEvent> events;
  pair_singles(singles, s, 0, 1, events, c);
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(c.multiples, 1U);
  s.multiples = Multiples::take_pairs;
  pair_singles(singles, s, 0, 1, events, c);
  EXPECT_EQ(events.size(), 1U);  // 0 and 2; neighbours' lines pass 35 mm from the axis, outside
  EXPECT_EQ(c.out_of_view, 2U);
  EXPECT_EQ(c.trues, 1U);
}

TEST(PairSingles, DelayedWindowPairsWhatNeverMet) {
  PetCounts c;
  std::vector<records::ListModeEvent> events;
  const std::vector<Hit> singles{hit(10, 0, 511, 1), hit(111, 2, 511, 2)};
  pair_singles(singles, four_faces(), 100, 1, events, c);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].flags, records::kRandom | records::kDelayed);
  EXPECT_EQ(events[0].tof_ps, 1000);
  EXPECT_EQ(c.prompts, 0U);
  EXPECT_EQ(c.delayed, 1U);
}

}  // namespace
