#include "sojourn/fate/body_defaults.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "shared/message_of.h"
#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/probe_target.h"

namespace {

using namespace sojourn;
using namespace sojourn::fate;

constexpr double kHour = 3600;

const catalogue::Method& oxine() { return catalogue::method("zr89-oxine"); }

double sum(const std::vector<double>& v) { return std::accumulate(v.begin(), v.end(), 0.0); }

TEST(BodyTables, EveryNumberHasAKnownSourceOrSaysThatItIsAssumed) {
  const auto& tables = BodyTables::shipped();
  ASSERT_GE(tables.traffic().size(), 120U);
  const auto keys = catalogue::reference_keys();
  const std::set<std::string> known(keys.begin(), keys.end());
  int sourced = 0;
  for (const auto& [where, value] : tables.traffic()) {
    EXPECT_FALSE(value.note.empty()) << where;
    if (!value.citation.empty()) EXPECT_EQ(known.count(value.citation), 1U) << where;
    if (value.basis != "assumed") ++sourced;
  }
  EXPECT_GE(sourced, 20);
}

TEST(BodyTables, EveryClassIsWhole) {
  const auto& tables = BodyTables::shipped();
  for (const auto& name : tables.classes())
    for (const char* species : {"mouse", "rat", "macaque", "human"}) {
      double shares = 0, starts = 0;
      for (const char* site :
           {"lung", "liver", "spleen", "marrow", "lymph-node", "gut", "kidney", "rest"}) {
        const auto* share = tables.find(name, species, site, "share");
        ASSERT_NE(share, nullptr) << name << " " << site;
        ASSERT_NE(tables.find(name, species, site, "residence_h"), nullptr) << name << " " << site;
        shares += share->value;
        if (const auto* start = tables.find(name, species, site, "start_fraction"))
          starts += start->value;
      }
      EXPECT_NEAR(shares, 1, 1e-9) << name;  // the table's decimals
      EXPECT_LE(starts, 1) << name;
      EXPECT_NE(tables.find(name, species, "tumour", "share"), nullptr) << name;
    }
}

TEST(MakeBody, EveryKindOfCellsHasOneInEverySpecies) {
  for (const auto& id : catalogue::cell_ids())
    for (const char* species : {"mouse", "rat", "macaque", "human"}) {
      BodySetting setting;
      setting.species = species;
      const auto body = make_body(oxine(), catalogue::cell(id), setting);
      EXPECT_NEAR(sum(body.entry), 1, 1e-12) << id;
      EXPECT_NEAR(sum(body.dead_entry), 1, 1e-12) << id;
    }
}

TEST(MakeBody, RoutesStartWhereTheySay) {
  const auto start = [](const char* route) {
    BodySetting setting;
    setting.route = route;
    return make_body(oxine(), catalogue::cell("cd8-t"), setting);
  };
  const auto in = [](const Body& b, const char* site) { return b.entry[b.model.site(site)]; };
  EXPECT_GT(in(start("iv"), "lung"), 0.5);
  EXPECT_EQ(in(start("ip"), "peritoneum"), 1);
  EXPECT_EQ(in(start("intratumoral"), "tumour"), 1);
  EXPECT_EQ(in(start("intranodal"), "lymph-node"), 1);
  EXPECT_EQ(in(start("intracranial"), "rest"), 1);
  const auto node = start("intranodal");
  EXPECT_EQ(node.dead_entry, node.entry);  // dead cells stay where they were put
}

TEST(MakeBody, PeritoneumEmptiesSlowly) {
  // Rat, Cell Immunol 1984;86: under 20 % of the label in peripheral organs by 24 h
  BodySetting setting;
  setting.species = "rat", setting.route = "ip";
  const auto body = make_body(oxine(), catalogue::cell("nk"), setting);
  const auto day = BodyModes(body.model).at(start_of(body, {}), 24 * kHour);
  EXPECT_GT(day.live[body.model.site("peritoneum")] + day.debris[body.model.site("peritoneum")],
            0.7);
}

TEST(StartOf, SharesLabelAmongLivingDeadAndFree) {
  const auto body = make_body(oxine(), catalogue::cell("cd8-t"), {});
  const auto s = start_of(body, {1e6, 0.9, 1000, 0.95});
  EXPECT_NEAR(s.total_cells(), 0.9e6, 1e-6);
  EXPECT_NEAR(s.total_live(), 950 * 0.9, 1e-9);
  EXPECT_NEAR(sum(s.debris), 950 * 0.1, 1e-9);
  EXPECT_NEAR(s.free, 50, 1e-9);
  // dead cells go where colloids go: 0.65 and 0.10 are the catalogue's
  EXPECT_NEAR(s.debris[body.model.site("liver")], 95 * 0.65, 1e-9);
  EXPECT_NEAR(s.debris[body.model.site("spleen")], 95 * 0.10, 1e-9);
}

TEST(MakeBody, RefusesWhatItDoesNotKnowWithTheNearest) {
  const auto with = [](const char* method, const char* species, const char* route) {
    BodySetting setting;
    setting.species = species, setting.route = route;
    return test::message_of(
        [&] { (void)make_body(catalogue::method(method), catalogue::cell("cd8-t"), setting); });
  };
  EXPECT_NE(with("zr89-oxine", "mose", "iv").find("mouse"), std::string::npos);
  EXPECT_NE(with("zr89-oxine", "mouse", "intranodl").find("intranodal"), std::string::npos);
  EXPECT_FALSE(with("tc99m-sss", "mouse", "iv").empty());  // a note
}

TEST(BodySignal, CarriedLabelFallsByDivisionOthersDoNot) {
  BodySetting setting;
  setting.division_per_s = std::log(2.0) / (24 * kHour);
  const auto& cell = catalogue::cell("cd8-t");
  const auto at_day = [&](const char* id) {
    const auto& method = catalogue::method(id);
    const auto body = make_body(method, cell, setting);
    const auto start = start_of(body, {});
    const auto now = BodyModes(body.model).at(start, 24 * kHour);
    const auto signal = cell_signal_of(method, cell, {});
    const auto sites = site_signal(signal, body.model, start, now, 24 * kHour);
    EXPECT_GT(sum(sites), 0) << id;
    if (!signal.carried)
      EXPECT_NEAR(sum(sites) / now.total_cells(), signal.per_cell, 1e-9 * signal.per_cell);
    return signal_per_cell(signal, start, now, 24 * kHour) / signal.per_cell;
  };
  const double zr = std::exp2(-24 / 78.41);  // decay, to the half-life's four figures
  EXPECT_NEAR(at_day("zr89-oxine"), 0.5 * zr * std::exp(-0.003 * 24), 1e-4);
  EXPECT_LT(at_day("f19-pfc"), 0.51);
  EXPECT_NEAR(at_day("nis-18f-tfb"), 1, 1e-12);
  EXPECT_NEAR(at_day("firefly-luciferin"), 1, 1e-12);
  EXPECT_NEAR(at_day("cd8-89zr-iab22m2c"), 1, 1e-12);
}

TEST(BodySignal, EveryMethodSignalsOrSaysWhyNot) {
  int signals = 0;
  for (const auto& id : catalogue::method_ids()) {
    const auto& method = catalogue::method(id);
    if (method.kind != "method") continue;
    try {
      EXPECT_GT(cell_signal_of(method, catalogue::cell("car-t"), {}).per_cell, 0) << id;
      ++signals;
    } catch (const Error& e) {
      EXPECT_EQ(e.exit_status(), 2) << id << ": " << e.what();
    }
  }
  EXPECT_GE(signals, 35);
}

ProbeKinetics minibody() {
  ProbeKinetics k;
  k.plasma_half_life_s = 20 * kHour, k.plasma_half_life_fast_s = 2 * kHour, k.fast_fraction = 0.6;
  k.extravasation_per_s = 0.1 / kHour, k.interstitial_fraction = 0.24;
  k.initial_suv = 30, k.kd_nm = 1;
  return k;
}

TEST(ProbeTarget, ManyTargetsOfATightProbeAreFollowedWithoutOverflow) {
  // steps of hours leave [0, 1] and grow without end (they did, with these numbers); shorter ones
  // do not
  const auto& method = catalogue::method("pd1-89zr-pembrolizumab");
  const auto& cell = catalogue::cell("cd8-t");
  SignalSetting setting;
  setting.species = "human", setting.body_mass_g = 70000, setting.blood_fraction = 0.079;
  const auto k = kinetics_of(method, catalogue::vector(method.vector), setting.blood_fraction);
  const double dose = probe_nm_per_suv(method, setting), t = method.probe().imaging_time_s->value;
  const double copies = cell.marker(method.target)->copies.value;
  for (const double cells_per_ml : {1e4, 1e8, 3e8, 1e9}) {
    const double targets = targets_nm(copies, cells_per_ml);
    const auto found = probe_in_tissue(k, {targets, 0, 0}, dose, t);
    EXPECT_GT(found.infused_nm, 0) << cells_per_ml;
    EXPECT_LE(found.infused_nm, targets * 1.001) << cells_per_ml;
    // never more than has left the vessels
    EXPECT_LE(found.infused_nm, 1.001 * dose * captured_suv(k, t)) << cells_per_ml;
  }
}

TEST(ProbeTarget, WithFewTargetsIsTheOccupancyOfOne) {
  const auto k = minibody();
  const double nm = 5, t = 10 * kHour;
  const auto found = probe_in_tissue(k, {1e-6, 0, 0}, nm, t);
  // 400 frozen steps there against adaptive ones here: 1 % is their error in c's steep rise
  EXPECT_NEAR(found.infused_nm / 1e-6 / occupancy(k, nm, t), 1, 0.01);
  EXPECT_NEAR(found.fluid_nm / (0.24 * nm * interstitial_suv(k, t)), 1, 1e-4);
}

TEST(ProbeTarget, ManyTargetsHoldAllThatLeavesTheVessels) {
  const auto k = minibody();
  const double t = 5 * kHour;
  const auto found = probe_in_tissue(k, {3000, 1000, 1e-4}, 1e-3, t);
  const double captured = 1e-3 * captured_suv(k, t);
  // a sink so large that the fluid stays empty: less than a hundredth goes back
  EXPECT_NEAR((found.infused_nm + found.endogenous_nm) / captured, 1, 0.01);
  EXPECT_NEAR(found.infused_nm / found.endogenous_nm, 3, 1e-9);
}

TEST(ProbeTarget, BodysOwnTargetsTakeFromTheInfusedCells) {
  const auto k = minibody();
  const auto alone = probe_in_tissue(k, {20, 0, 0}, 0.1, 10 * kHour);
  const auto shared = probe_in_tissue(k, {20, 200, 0}, 0.1, 10 * kHour);
  EXPECT_LT(shared.infused_nm, 0.5 * alone.infused_nm);
  // 1e8 cells per mL of 5e4 copies: 5e12 per mL, 8.3 nmol/L
  EXPECT_NEAR(targets_nm(5e4, 1e8), 8.3, 0.01);
}

}  // namespace
