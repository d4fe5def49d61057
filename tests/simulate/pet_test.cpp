#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/material/material.h"
#include "sojourn/simulate/pet_acquire.h"
#include "sojourn/simulate/pet_phantom.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

TEST(PetScanner, RowsOfSevenScannersFit) {
  for (const char* id : {"inveon", "nanoscan-pet-mri", "focus-220", "albira", "biograph-mct",
                         "discovery-mi", "vision-quadra"}) {
    const auto s = pet_scanner(id);
    EXPECT_GT(s.geometry.crystals(), 10000U) << id;
    EXPECT_GT(s.depth_of_interaction_mm(), 0.3 * s.geometry.crystal_depth_mm) << id;
    EXPECT_LT(s.depth_of_interaction_mm(), 0.5 * s.geometry.crystal_depth_mm) << id;
  }
  EXPECT_NEAR(pet_scanner("inveon").geometry.half_length_mm(), 63.5, 0.2);
  EXPECT_NE(test::message_of([] { (void)pet_scanner("symbia-intevo"); }).find("is no PET scanner"),
            std::string::npos);
}

// 176Lu in LSO: some 300 decays per s and mL are commonly quoted (Melcher: 240 to 310).
TEST(PetScanner, LutetiumDecaysInItsCrystals) {
  EXPECT_NEAR(lutetium_bq_per_ml("LSO"), 300, 25);
  EXPECT_EQ(lutetium_bq_per_ml("BGO"), 0);
}

TEST(PetRing, FindsEveryCrystalAtItsOwnPoint) {
  for (const char* id : {"inveon", "discovery-mi", "vision-quadra"}) {
    const auto s = pet_scanner(id);
    const PetRing ring(s.geometry, s.crystal);
    for (std::uint32_t c = 0; c < s.geometry.crystals(); c += 7)
      for (const double depth : {0.01, 0.99 * s.geometry.crystal_depth_mm}) {
        const auto p = s.geometry.point_mm(c, depth);
        ASSERT_EQ(ring.crystal_at(p[0], p[1], p[2]), c) << id;
      }
    EXPECT_LT(ring.crystal_at(s.geometry.radius_mm - 0.1, 0, 0), 0);
  }
}

/// A ring so narrow in angle that a photon from the centre meets it head on: all of one block.
TEST(PetRing, StopsAsMuchAsItsDepth) {
  records::RingGeometry g;
  g.sectors = 360, g.crystals_tangential = 1, g.crystals_axial = 1;
  g.radius_mm = 1000, g.crystal_depth_mm = 10;
  g.crystal_tangential_mm = g.pitch_tangential_mm = g.block_pitch_tangential_mm = 17.45;
  g.crystal_axial_mm = g.pitch_axial_mm = g.block_pitch_axial_mm = 50;
  const PetRing ring(g, "LSO");
  constexpr int n = 100000;
  int met = 0;
  for (int i = 0; i < n; ++i) {
    transport::Stream random(1, static_cast<std::uint64_t>(i));
    transport::Waiting waiting;
    transport::Photon p;
    p.u = 1, p.w = 0, p.energy_kev = 511;
    ASSERT_TRUE(ring.reach(p));
    bool gave = false;
    const double before = p.energy_kev;
    double given = 0;
    const auto exit = ring.follow(p, 10, random, waiting, [&](const Deposit& d) {
      gave = true, given += static_cast<double>(d.energy_kev);
    });
    if (exit == PetRing::Exit::absorbed) {
      ASSERT_NEAR(given, before, 1e-3);
    }
    met += gave;
  }
  const auto lso = material::mass_attenuation(material::find("LSO"), 511);
  // Rayleigh scatter gives no energy; few such photons miss their second chance
  const double mu = (lso.total() - lso.rayleigh) * 0.74;
  EXPECT_NEAR(met / double{n}, 1 - std::exp(-10 * mu), 0.006);
}

/// Share of a point's pairs that two facing square blocks see: integral over the directions of the
/// squared chance to be stopped on the way through the block (both photons travel the same way).
double pair_share(double half, double distance, double depth, double mu) {
  constexpr int kSteps = 400;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i)
    for (int j = 0; j < kSteps; ++j) {
      const double x = half * (i + 0.5) / kSteps, y = half * (j + 0.5) / kSteps;
      const double r = std::sqrt(x * x + y * y + distance * distance);
      // out of the back or of a side, whichever comes first, along the way
      const double way =
          r / distance * std::min({depth, distance * (half / x - 1), distance * (half / y - 1)});
      const double stopped = 1 - std::exp(-mu * way);
      sum += stopped * stopped * distance / (r * r * r);
    }
  return 4 * sum * half * half / (kSteps * kSteps) / (2 * std::numbers::pi);
}

/// Time and energy windows wide open; the closed form has no acollinearity and no positron range.
TEST(PetPublished, TwoDetectorsInClosedForm) {
  PetScanner s;
  s.id = "two", s.crystal = "LSO";
  auto& g = s.geometry;
  g.sectors = 4, g.crystals_tangential = 1, g.crystals_axial = 1;
  g.radius_mm = 400, g.crystal_depth_mm = 20;
  g.crystal_tangential_mm = g.pitch_tangential_mm = g.block_pitch_tangential_mm = 80;
  g.crystal_axial_mm = g.pitch_axial_mm = g.block_pitch_axial_mm = 80;
  s.energy_low_kev = 1, s.energy_high_kev = 2000, s.energy_resolution_511 = 1e-6;
  s.window_ns = 1000, s.timing_fwhm_ns = 0.1, s.field_of_view_mm = 100;
  const auto point = point_in_air();
  PetOptions o;
  o.duration_s = 300, o.background = false, o.delayed = false;
  const PetAcquisition scan(s, point.with("F-18", 1e4), o);
  const auto counts = acquire(scan, [](std::uint32_t, const auto&) {});
  const auto lso = material::mass_attenuation(material::find("LSO"), 511);
  const double share = 2 * pair_share(40, 400, 20, (lso.total() - lso.rayleigh) * 0.74);
  const double expected = static_cast<double>(counts.decays) * 0.9673 * share;
  // partners miss by 1.5 mm (acollinearity at 400 mm) and 0.7 mm (range), each axis, deviation: the
  // overlap of two faces of 80 mm loses 1.7 % an axis. 2 %: counting has 0.8 %, Rayleigh the rest
  EXPECT_NEAR(static_cast<double>(counts.trues) / expected, 0.966, 0.02);
  EXPECT_EQ(counts.scattered, 0U);
}

struct Small {
  PetScanner scanner = pet_scanner("inveon");
  PetPhantom phantom = cylinder_phantom("water", 25, 60, 1);
  PetOptions options;
  explicit Small(double duration_s) {
    options.duration_s = duration_s;
    options.decays_per_slice = 2e4;
  }
  [[nodiscard]] PetAcquisition scan(const char* nuclide, double bq) const {
    return {scanner, phantom.with(nuclide, bq), options};
  }
};

TEST(MaterialTable, CitesKnownReferences) {
  for (const auto& name : material::known())
    EXPECT_NO_THROW((void)catalogue::reference(material::find(name).citation)) << name;
}

TEST(PetPhantom, TakesVoxelsOfItsOwn) {
  const auto g = centred_grid({20, 20, 20}, {5, 5, 5});
  image::Volume<std::uint8_t> medium(g, 1);
  image::Volume<float> activity(g, 2.0F);
  const std::vector<transport::Medium> media{{"air", -1}, {"soft-tissue", -1}};
  const auto p = phantom_of(medium, media, activity);
  EXPECT_EQ(p.source->total(), 128);
  medium.at(0, 0, 0) = 2;
  EXPECT_THROW((void)phantom_of(medium, media, activity), Error);
}

TEST(PetAcquisition, ThreadsDoNotChangeABit) {
  const Small small(0.02);
  const auto scan = small.scan("Zr-89", 5e6);
  std::vector<records::ListModeEvent> all, one;
  (void)acquire(scan,
                [&](std::uint32_t, const auto& e) { all.insert(all.end(), e.begin(), e.end()); });
  const core::ThreadLimit limit(1);
  (void)acquire(scan,
                [&](std::uint32_t, const auto& e) { one.insert(one.end(), e.begin(), e.end()); });
  ASSERT_GT(all.size(), 1000U);
  EXPECT_EQ(all, one);
}

TEST(PetAcquisition, AStoppedRunGoesOnToTheSameFile) {
  const test::TemporaryFolder folder;
  const Small small(0.02);
  const auto scan = small.scan("F-18", 4e6);
  ASSERT_GE(scan.slices(), 3U);
  const auto whole = folder.path() / "whole", cut = folder.path() / "cut";
  (void)acquire_to_file(scan, whole, false);
  const std::string bytes = core::read_file(whole);
  core::write_file(cut, bytes.substr(0, bytes.size() * 6 / 10));
  (void)acquire_to_file(scan, cut, true);
  EXPECT_EQ(core::read_file(cut), bytes);
  io::ListModeReader in(whole);
  EXPECT_EQ(in.blocks().size(), scan.slices());
}

TEST(PetAcquisition, RandomsGoWithTheSquareAndTheDelayedWindowCountsThem) {
  const auto run = [](double bq) {
    const Small small(3e6 / bq);
    return acquire(small.scan("F-18", bq), [](std::uint32_t, const auto&) {});
  };
  const auto low = run(3e6), high = run(1.2e7);  // the same decays in a quarter of the time
  const auto as_number = [](std::uint64_t n) { return static_cast<double>(n); };
  // rate^2 * time: four times as many; 0.9: dead time takes a tenth, counting 6 %
  EXPECT_NEAR(as_number(high.randoms) / as_number(low.randoms), 3.7, 0.9);
  const double n = as_number(high.randoms), d = as_number(high.delayed);
  EXPECT_NEAR(d / n, 1, 4 * std::sqrt(1 / n + 1 / d));
  EXPECT_GT(high.lost_dead + high.piled_up, low.lost_dead + low.piled_up);
}

TEST(PetAcquisition, LateGammasMakeNoTruePair) {
  const Small small(0.15);
  const auto zr = acquire(small.scan("Zr-89", 5e6), [](std::uint32_t, const auto&) {});
  // one such photon may light two blocks, which then pair: 0.1 %; prompt partners would give 3 %
  EXPECT_LT(static_cast<double>(zr.gamma), 0.004 * static_cast<double>(zr.trues));
  const auto i124 = acquire(small.scan("I-124", 5e6), [](std::uint32_t, const auto&) {});
  EXPECT_GT(static_cast<double>(i124.gamma), 0.02 * static_cast<double>(i124.trues));
}

TEST(PetAcquisition, CrystalsCountWithoutASource) {
  const Small small(5);
  const auto c = acquire(small.scan("F-18", 0), [](std::uint32_t, const auto&) {});
  EXPECT_EQ(c.decays, 0U);
  EXPECT_GT(c.background, 0U);
  EXPECT_EQ(c.trues, 0U);
}

}  // namespace
