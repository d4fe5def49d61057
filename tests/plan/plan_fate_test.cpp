#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/fate/body_course.h"
#include "sojourn/fate/body_region.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/plan/cell_signal.h"
#include "sojourn/plan/plan.h"
#include "sojourn/plan/question.h"

/// A plan and the body model must say the same of cells and label: there is one model.
namespace {

using namespace sojourn;

struct Case {
  const char *species, *cells, *route, *region;
};

records::PlanResult plan_of(const Case& c) {
  const auto text =
      std::string("sojourn = 1\n[question]\nid = \"q\"\nspecies = \"") + c.species +
      "\"\ncells = \"" + c.cells + "\"\ninfused = 1e7\nwanted = 1e4\nroute = \"" + c.route +
      "\"\nregion = \"" + c.region +
      "\"\nengineered = true\nviability = 0.8\nscans = [\"4 h\", \"24 h\", \"96 h\"]\n";
  return plan::make_plan(plan::parse_question(text, "q.toml"));
}

/// The same through room fate alone, in fractions: 1 of the label, 1 of the living cells.
fate::RegionLabel in_body(const catalogue::Method& method, const Case& c, double t_s,
                          double& live_per_cell) {
  fate::BodySetting setting;
  setting.species = c.species, setting.route = c.route;
  setting.tumours = std::string(c.region) == "tumour" ? 1 : 0;
  const auto body = fate::make_body(method, catalogue::cell(c.cells), setting);
  const auto start = fate::start_of(body, {1 / 0.8, 0.8, 1, 1});
  const auto now =
      fate::body_course(fate::BodyModes(body.model), {{0, start}}, std::nullopt, {t_s}).front();
  live_per_cell = now.total_live() / now.total_cells() * start.total_cells() / start.total_live();
  return fate::region_label(body.model, now, c.region);
}

TEST(PlanAndFate, SayTheSameOfLabelAndCells) {
  const Case cases[] = {{"mouse", "cd8-t-activated", "iv", "tumour"},
                        {"mouse", "cd8-t", "ip", "spleen"},
                        {"human", "leukocyte", "iv", "liver"},
                        {"macaque", "nk", "iv", "bone"},
                        {"human", "dc-mature", "intranodal", "lymph-node"},
                        {"rat", "msc", "iv", "muscle"}};
  int compared = 0;
  for (const auto& c : cases) {
    for (const auto& m : plan_of(c).methods) {
      const auto& method = catalogue::method(m.id);
      for (const auto& p : m.points) {
        if (!p.organ) continue;
        double live_per_cell = 0;
        const auto own = in_body(method, c, p.time_s, live_per_cell);
        const auto at = std::string(m.id) + " " + c.cells + " " + c.region;
        constexpr double kRounding = 1e-9;  // other amounts at the start, the same linear system
        EXPECT_NEAR(p.organ->cells, own.cells, kRounding * (own.cells + 1e-12)) << at;
        EXPECT_NEAR(p.organ->live, own.live, kRounding * (own.live + 1e-12)) << at;
        EXPECT_NEAR(p.organ->debris, own.debris, kRounding * (own.debris + 1e-9)) << at;
        EXPECT_NEAR(p.organ->free, own.free, kRounding * (own.free + 1e-9)) << at;
        if (m.window) {
          const double decay =
              nuclide::decay_factor(p.time_s, nuclide::find(method.nuclide).half_life_s);
          const double per_cell = m.window->chosen_bq / 1e6 * live_per_cell * decay;
          EXPECT_NEAR(p.signal_per_cell, per_cell, kRounding * per_cell) << at;
        }
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 100);
}

TEST(PlanAndFate, OneSignalOfACellForTracersToo) {
  int compared = 0;
  for (const char* species : {"mouse", "rat", "human"})
    for (const auto& m : plan_of({species, "car-t", "iv", "tumour"}).methods) {
      const auto& method = catalogue::method(m.id);
      if (m.points.empty() || m.points[0].organ) continue;
      fate::SignalSetting setting;
      const auto subject = fate::subject_defaults(species);
      setting.species = species;
      setting.body_mass_g = subject.body_mass_g;
      setting.blood_fraction = subject.blood_fraction;
      setting.usual_bq_per_mol = plan::signal_setting(method, {species}).usual_bq_per_mol;
      const auto signal = fate::cell_signal_of(method, catalogue::cell("car-t"), setting);
      EXPECT_NEAR(m.points[0].signal_per_cell, signal.per_cell, 1e-9 * signal.per_cell) << m.id;
      ++compared;
    }
  EXPECT_GT(compared, 10);
}

TEST(PlanAndFate, BackgroundIsTheDebrisAndFreeLabelOfTheOrgan) {
  // human leukocytes with 111In-oxine: of 1 Bq in each million, in the spleen at 24 h
  const auto& method = catalogue::method("in111-oxine");
  const auto& cell = catalogue::cell("leukocyte");
  plan::Setting setting;
  setting.species = "human", setting.body_mass_g = 70000, setting.region = "spleen";
  setting.infused_cells = 1e8, setting.viability = 0.9, setting.label_per_million_bq = 1;
  const double t = 24 * 3600;
  const auto now = plan::CellSignal(method, cell, setting).at(t);
  fate::BodySetting in;
  in.species = "human";
  const auto body = fate::make_body(method, cell, in);
  const auto state = fate::BodyModes(body.model).at(fate::start_of(body, {1e8, 0.9, 100, 1}), t);
  const auto spleen = fate::region_label(body.model, state, "spleen");
  const double decay = nuclide::decay_factor(t, nuclide::find("In-111").half_life_s);
  const double spleen_g = *fate::organ_fraction("human", "spleen") * 70000;
  EXPECT_NEAR(*now.background_bq_per_ml / decay,
              (spleen.debris + spleen.free) / spleen_g + state.free / 70000, 1e-12);
  EXPECT_GT(*now.background_bq_per_ml, 0);
  EXPECT_EQ(now.background_basis, records::Basis::assumed);  // traffic
  // a lesion of muscle lies in all other tissue
  setting.region = "muscle";
  const auto rest = fate::region_label(body.model, state, "muscle");
  EXPECT_TRUE(rest.shared);
  EXPECT_NEAR(*plan::CellSignal(method, cell, setting).at(t).background_bq_per_ml / decay,
              (rest.debris + rest.free + state.free) / 70000, 1e-12);
}

TEST(PlanAndFate, SignalsScaleWithTheActivity) {
  plan::Setting setting;
  setting.species = "mouse", setting.body_mass_g = 25, setting.region = "liver";
  setting.infused_cells = 1e7, setting.label_per_million_bq = 1;
  const auto& method = catalogue::method("zr89-oxine");
  const auto& cell = catalogue::cell("cd8-t");
  const auto one = plan::CellSignal(method, cell, setting).at(86400).times(4e4);
  setting.label_per_million_bq = 4e4;
  const auto many = plan::CellSignal(method, cell, setting).at(86400);
  EXPECT_NEAR(one.per_cell, many.per_cell, 1e-12 * many.per_cell);
  EXPECT_NEAR(*one.background_bq_per_ml, *many.background_bq_per_ml,
              1e-12 * *many.background_bq_per_ml);
}

TEST(PlanAndFate, CrowdedCellsShareTheProbe) {
  const auto warned = [](const char* wanted) {
    const auto result = plan::make_plan(plan::parse_question(
        std::string("sojourn = 1\n[question]\nid = \"q\"\nspecies = \"human\"\n") +
            "cells = \"cd8-t\"\ninfused = 1e10\nregion = \"tumour\"\nvolume = \"1 mL\"\n" +
            "see = [\"target\"]\nscans = [\"48 h\"]\nwanted = " + wanted + "\n",
        "q.toml"));
    const auto at = std::find_if(result.methods.begin(), result.methods.end(),
                                 [](const auto& m) { return m.id == "cd8-89zr-iab22m2c"; });
    return std::any_of(at->warnings.begin(), at->warnings.end(), [](const auto& w) {
      return w.find("share the probe") != std::string::npos;
    });
  };
  EXPECT_FALSE(warned("1e4"));
  EXPECT_TRUE(warned("3e8"));
}

TEST(PlanQuestion, KnowsRoutes) {
  const auto text = [](const char* route) {
    return std::string("sojourn = 1\n[question]\nid = \"q\"\nspecies = \"mouse\"\n") +
           "cells = \"cd8-t\"\ninfused = 1e7\nroute = \"" + route + "\"\n";
  };
  EXPECT_EQ(plan::parse_question(text("ip"), "q").route, "ip");
  EXPECT_ANY_THROW((void)plan::parse_question(text("oral"), "q"));
}

}  // namespace
