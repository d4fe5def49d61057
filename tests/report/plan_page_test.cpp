#include "sojourn/report/plan_page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "report/page_parser.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/plan_text.h"

namespace sojourn::report {
namespace {

using records::Basis;
using records::MethodPlan;
using records::PlanResult;

constexpr double kHour = 3600, kDay = 86400, kInfinite = std::numeric_limits<double>::infinity();

/// Shapes like those of a real plan, no number of them measured or modelled.
struct Sketch {
  const char *name, *method_class, *modality, *nuclide, *scanner, *unit;
  double signal, half_life_h, limit_signal;  // per cell at zero; 0 h: does not fall
};

constexpr Sketch kSketches[] = {
    {"firefly luciferase, D-luciferin", "optical", "bioluminescence", "", "ivis-bli", "1/s", 12, 0,
     2.4e4},
    {"[89Zr]Zr-oxine", "ex-vivo-label", "PET", "Zr-89", "nanoscan-pet-mri", "Bq", 0.036, 62, 310},
    {"[89Zr]Zr-DFO-NCS", "ex-vivo-label", "PET", "Zr-89", "nanoscan-pet-mri", "Bq", 0.051, 58, 480},
    {"[111In]In-oxine", "ex-vivo-label", "SPECT", "In-111", "nanospect", "Bq", 0.2, 49, 1.1e3},
    {"NIS, [18F]TFB", "reporter-gene", "PET", "F-18", "inveon", "Bq", 0.0052, 0, 140},
    {"PSMA, [18F]DCFPyL", "reporter-gene", "PET", "F-18", "inveon", "Bq", 0.0031, 0, 125},
    {"SSTR2, [68Ga]Ga-DOTATOC", "reporter-gene", "PET", "Ga-68", "inveon", "Bq", 0.0024, 0, 190},
    {"[64Cu]Cu-PTSM", "ex-vivo-label", "PET", "Cu-64", "inveon", "Bq", 0.12, 7.5, 260},
    {"[18F]FDG, labelled ex vivo", "ex-vivo-label", "PET", "F-18", "inveon", "Bq", 0.2, 1.5, 130},
    {"[99mTc]Tc-HMPAO", "ex-vivo-label", "SPECT", "Tc-99m", "nanospect", "Bq", 0.3, 4.8, 2.1e3},
    {"perfluorocarbon emulsion, 19F", "magnetic-label", "MRI", "", "mri-9.4t-f19", "19F atoms",
     3.1e12, 160, 1.2e17},
    {"iron oxide, MPI", "magnetic-label", "MPI", "", "mpi-momentum", "g", 8e-12, 190, 9e-8}};

MethodPlan sketched(const Sketch& s, const records::PlanQuestion& q) {
  MethodPlan m;
  std::tie(m.id, m.name, m.method_class, m.modality, m.nuclide, m.scanner, m.signal_unit) =
      std::tie(s.name, s.name, s.method_class, s.modality, s.nuclide, s.scanner, s.unit);
  const auto signal = [&](double t) {
    return s.half_life_h > 0 ? s.signal * std::exp2(-t / kHour / s.half_life_h) : s.signal;
  };
  for (const double t : q.scans_s) {
    const double cells = s.limit_signal / signal(t);
    m.points.push_back({t, signal(t), s.limit_signal, cells, cells / q.lesion_ml,
                        t < kDay ? "background" : "counting", 3.2 * q.wanted_cells / cells,
                        cells <= q.wanted_cells});
  }
  for (int i = 0; i <= 60; ++i) {
    const double t = q.scans_s.back() * i / 60;
    m.signal_curve.emplace_back(t, signal(t));
  }
  m.needs = {"cyclotron", "ex-vivo-labelling"};
  m.citations = {"moroz-2015", "sato-2015"};
  return m;
}

void add_activity(MethodPlan& m, bool ex_vivo, std::size_t i) {
  const double k = 1 + 0.3 * static_cast<double>(i);
  if (ex_vivo) {
    m.window = records::LabellingWindow{12e3 * k, 85e3 * k, 260e3 / k, 36e3 * k};
    m.administered_bq = {0.18e6 * k, Basis::modelled};
  } else {
    m.administered_bq = {5.2e6 * k, Basis::published};
    m.imaging_delay_s = {kHour * std::ceil(k), Basis::published};
    m.optimum_delay_s = {kHour * 1.5 * std::ceil(k), Basis::modelled};
    m.nuclide_match = {0.8 / k, Basis::modelled};
  }
  m.effective_dose_msv = {0.034 * k, Basis::modelled};
  m.positron_blur_mm = {0.62 * k, Basis::published};
}

MethodPlan refused(const std::string& id, const std::string& name, const std::string& reason) {
  MethodPlan m;
  std::tie(m.id, m.name, m.method_class, m.modality, m.nuclide) =
      std::tuple(id, name, "targeted-probe", "PET", "Zr-89");
  m.exclusions = {reason};
  return m;
}

void add_refused(PlanResult& plan) {
  for (int i = 0; i < 14; ++i) {
    plan.methods.push_back(refused(fmt::format("cd8-probe-{}", i), fmt::format("CD8 probe {}", i),
                                   "its target does not show homing of infused cells alone"));
  }
  plan.methods.push_back(refused("gzmb-68ga-gzp", "[68Ga]Ga-NOTA-GZP", "shows function only"));
  auto narrow = refused("cu64-tropolone", "[64Cu]Cu-tropolone",
                        "no activity both shows the wanted cells and spares them");
  narrow.window = records::LabellingWindow{420e3, 60e3, {}, 60e3};
  plan.methods.push_back(narrow);
}

PlanResult mouse_plan() {
  PlanResult plan;
  auto& q = plan.question;
  std::tie(q.id, q.species, q.cells, q.region, q.engineered, q.max_effective_dose_msv) =
      std::tuple("car-t-in-flank-tumours", "mouse", "car-t", "tumour", true, 20);
  std::tie(q.body_mass_g, q.infused_cells, q.viability, q.lesion_ml, q.lesion_depth_mm,
           q.wanted_cells) = std::tuple(25, 5e6, 0.92, 0.2, 3, 1e5);
  q.see = {"homing", "survival"};
  q.scans_s = {2 * kHour, kDay, 3 * kDay, 7 * kDay};
  q.warnings = {"body_mass: 25 g, usual for a mouse, is taken"};
  for (std::size_t i = 0; i < std::size(kSketches); ++i) {
    auto m = sketched(kSketches[i], q);
    if (m.signal_unit == "Bq") add_activity(m, m.method_class == "ex-vivo-label", i);
    m.indicative = i + 2 >= std::size(kSketches);
    m.assumed_share = m.indicative ? 0.58 : 0.05 * static_cast<double>(i);
    m.signal_basis = i % 3 == 0 ? Basis::assumed : Basis::modelled;
    m.limit_basis = m.indicative ? Basis::assumed : Basis::modelled;
    if (i > 0 && i < 4) m.warnings = {"label that dead cells leave behind is counted as cells"};
    plan.methods.push_back(std::move(m));
  }
  plan.methods[7].window->dose_bq.reset();
  add_refused(plan);
  plan.skeleton = "# study of the best method\n[subject]\nid = \"m01\"\nspecies = \"mouse\"\n";
  plan.references = {
      {"sato-2015", "Sato N, et al. Radiology 2015;275:490-500. doi:10.1148/radiol.14140849"},
      {"moroz-2015", "Moroz MA, et al. J Nucl Med 2015;56:1055-1060. 10.2967/jnumed.115.159855."}};
  plan.notes = {"Cells that divide share their label: the signal of one cell falls with them."};
  return plan;
}

test::Page page_of(const PlanResult& plan) {
  auto page = test::parse_page(plan_page(plan));
  EXPECT_FALSE(page.problem) << *page.problem;
  return page;
}

bool has(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

bool starts(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

TEST(PlanPage, TheRankingShowsTheRecordsNumbers) {
  const auto plan = mouse_plan();
  const auto table = test::tables_of(page_of(plan)).at(0);
  const PlanView view(plan);
  ASSERT_EQ(table.rows.size(), view.feasible.size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& m = *view.feasible[i];
    const auto& row = table.rows[i];
    EXPECT_EQ(row.cells[0], fmt::format("{}", i + 1));
    EXPECT_TRUE(starts(row.cells[1], m.name));
    for (std::size_t k = 0; k < m.points.size(); ++k) {
      const auto& cell = row.cells.at(4 + k);
      const double shown = m.points[k].limit_cells;
      EXPECT_TRUE(starts(cell, (m.indicative ? "~" : "") + cell_count(shown))) << cell;
      EXPECT_NEAR(std::stod(row.values[4 + k].value()), shown, 1e-8 * shown);
      EXPECT_EQ(has(cell, "✓ seen"), m.points[k].detects);
      EXPECT_EQ(has(cell, "✗ missed"), !m.points[k].detects);
    }
    const std::string dose =
        m.effective_dose_msv.value ? figures(*m.effective_dose_msv.value, 2) + "m" : "n/a";
    EXPECT_EQ(row.cells.at(9), dose);
    EXPECT_EQ(has(row.cells.at(13), "indicative"), m.indicative);
  }
  EXPECT_EQ(table.rows[0].cells[3], "n/a");
  EXPECT_TRUE(starts(table.rows[1].cells[2], "89Zr PETnanoscan"));
  EXPECT_EQ(table.rows[1].cells[3], "47\u00A0kBq/10⁶16 – 110\u00A0kBq230\u00A0kBqm given");
  EXPECT_TRUE(starts(table.rows[4].cells[3], "11\u00A0MBqp"));
}

TEST(PlanPage, EveryScanStandsInTheSecondTable) {
  const auto plan = mouse_plan();
  const auto table = test::tables_of(page_of(plan)).at(1);
  std::size_t i = 0;
  for (const auto* m : PlanView(plan).feasible) {
    for (const auto& p : m->points) {
      const auto& row = table.rows.at(i++);
      EXPECT_EQ(row.cells[1], m->name);
      EXPECT_NEAR(std::stod(row.values[3].value()), p.signal_per_cell, 1e-8 * p.signal_per_cell);
      EXPECT_NEAR(std::stod(row.values[4].value()), p.limit_signal, 1e-8 * p.limit_signal);
      EXPECT_NEAR(std::stod(row.values[6].value()), p.limit_cells_per_ml,
                  1e-8 * p.limit_cells_per_ml);
    }
  }
  EXPECT_EQ(i, table.rows.size());
}

TEST(PlanPage, TheHeadAsksAndAnswers) {
  const std::string page = plan_page(mouse_plan());
  EXPECT_TRUE(
      has(page,
          "Of 5\u202F000\u202F000 car-t cells given to a mouse, can 100\u202F000 be seen in "
          "0.2\u00A0mL of tumour, 2\u00A0h, 24\u00A0h, 3\u00A0d and 7\u00A0d after the infusion, "
          "to follow homing "
          "and survival?"));
  EXPECT_TRUE(
      has(page,
          "Best: <b>firefly luciferase, D-luciferin</b> on ivis-bli, detection limit "
          "<span><b>2000 cells</b> at 2\u00A0h</span> and <span><b>2000 cells</b> at 7\u00A0d"));
  EXPECT_TRUE(has(page, "The 100\u202F000 wanted cells are seen at every scan."));
  EXPECT_TRUE(has(page, "28 methods considered: 12 feasible (2 of them indicative only), 16"));
}

TEST(PlanPage, ExcludedMethodsAreGroupedByReason) {
  const auto plan = mouse_plan();
  const std::string page = plan_page(plan);
  EXPECT_TRUE(has(page,
                  "its target does not show homing of infused cells alone</span> "
                  "<small>14 methods</small>"));
  std::set<std::string> listed;
  const auto tables = test::tables_of(page_of(plan));
  ASSERT_EQ(tables.size(), 4U);
  for (std::size_t i = 2; i < 4; ++i) {
    for (const auto& row : tables[i].rows) EXPECT_TRUE(listed.insert(row.cells[0]).second);
  }
  EXPECT_EQ(listed.size(), 16U);
  EXPECT_EQ(tables[3].rows.at(1).cells.at(2), "shows function only");
  EXPECT_TRUE(has(page, "no window, 420\u00A0kBq needed, 60\u00A0kBq harms"));
}

TEST(PlanPage, WarningsSkeletonAndReferencesAreThere) {
  const std::string page = plan_page(mouse_plan());
  EXPECT_TRUE(
      has(page, "<span class=\"where\">[89Zr]Zr-oxine, [89Zr]Zr-DFO-NCS and [111In]In-oxine"));
  EXPECT_TRUE(has(page, "body_mass: 25 g, usual for a mouse, is taken"));
  EXPECT_TRUE(has(page, "[subject]\nid = &quot;m01&quot;\nspecies"));
  EXPECT_TRUE(has(page, R"([<a href="#ref-1">1</a>, <a href="#ref-2">2</a>])"));
  EXPECT_TRUE(has(page, R"(doi:<a href="https://doi.org/10.1148/radiol.14140849">)"));
  EXPECT_TRUE(has(page, R"(<a href="https://doi.org/10.2967/jnumed.115.159855">)"));
  EXPECT_TRUE(has(page, "5 % false positives and 5 % false negatives"));
}

TEST(PlanPage, NoMethodSaysWhy) {
  auto plan = mouse_plan();
  std::erase_if(plan.methods, [](const auto& m) { return m.feasible(); });
  plan.skeleton.clear();
  const std::string page = plan_page(plan);
  EXPECT_TRUE(has(page,
                  "<b>No method is feasible.</b> 14 of 16: its target does not show homing "
                  "of infused cells alone. The other 2 are listed below."));
  EXPECT_FALSE(has(page, "Feasible methods, best first"));
  EXPECT_FALSE(has(page, "Study file"));
  page_of(plan);
  plan.methods.clear();
  EXPECT_TRUE(has(plan_page(plan), "No method was considered."));
  page_of(plan);
  page_of(PlanResult{});
}

TEST(PlanPage, OneMethodAndOneScan) {
  auto plan = mouse_plan();
  plan.question.scans_s = {kDay};
  plan.methods = {plan.methods[1]};
  plan.methods[0].points = {plan.methods[0].points[1]};
  plan.methods[0].points[0].detects = false;
  const std::string page = plan_page(plan);
  EXPECT_TRUE(has(page, "1 method considered: 1 feasible, 0 excluded."));
  EXPECT_TRUE(has(page, "The 100\u202F000 wanted cells are missed at every scan."));
  EXPECT_EQ(test::tables_of(page_of(plan)).at(0).rows.size(), 1U);
}

TEST(PlanPage, SixtyMethodsNameTheBestSix) {
  auto plan = mouse_plan();
  plan.methods.resize(12);
  while (plan.methods.size() < 60) {
    auto m = plan.methods[plan.methods.size() - 11];
    m.id = m.name = fmt::format("method-{}", plan.methods.size());
    plan.methods.push_back(m);
  }
  const std::string page = plan_page(plan);
  EXPECT_TRUE(has(page, "Grey: 54 further methods, named under the pointer."));
  EXPECT_EQ(test::tables_of(page_of(plan)).at(0).rows.size(), 60U);
  EXPECT_LT(page.size(), 1U << 20U);
}

TEST(PlanPage, ValuesThatAreMissingInfiniteOrZero) {
  auto plan = mouse_plan();
  plan.methods.resize(3);
  MethodPlan bare;
  bare.id = bare.name = "bare";
  plan.methods[1] = bare;
  plan.methods[2].window = records::LabellingWindow{{}, kInfinite, 0.0, NAN};
  for (auto& p : plan.methods[0].points) p.limit_cells = kInfinite;
  plan.methods[0].points[1].limit_cells = 0;
  plan.methods[0].points[2].limit_cells = NAN;
  plan.methods[0].points[3].contrast = 0;
  const auto rows = test::tables_of(page_of(plan)).at(0).rows;
  EXPECT_TRUE(starts(rows[0].cells[4], "∞m"));
  EXPECT_FALSE(rows[0].values[4]);
  EXPECT_TRUE(starts(rows[0].cells[5], "< 1m"));
  EXPECT_EQ(rows[0].cells[6], "n/a");
  EXPECT_EQ(rows[0].cells[8], "n/a");
  for (const std::size_t i : {3, 4, 7, 8, 9, 10}) EXPECT_EQ(rows[1].cells[i], "n/a") << i;
  EXPECT_EQ(rows[2].cells[3], "n/a");
}

TEST(PlanPage, FiguresHaveWordsTablesHaveScopesAndLinksStayInside) {
  for (const auto& token : page_of(mouse_plan()).tokens) {
    if (token.kind != test::Token::Kind::start) continue;
    if (token.name == "svg") {
      EXPECT_EQ(token.attributes.at("role"), "img");
      EXPECT_FALSE(token.attributes.at("aria-label").empty());
    }
    if (token.name == "th") EXPECT_TRUE(token.attributes.contains("scope"));
    EXPECT_FALSE(token.attributes.contains("src"));
    const auto link = token.attributes.find("href");
    if (link == token.attributes.end()) continue;
    EXPECT_TRUE(starts(link->second, "#ref-") || starts(link->second, "https://doi.org/10."));
  }
}

rc::Gen<std::string> hostile_text() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<std::string>(),
      rc::gen::element<std::string>("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                    "' onload='x", "</style></svg></pre>", "&lt;&#60;&",
                                    "\xFF\xFE\xC0\xAF", "\xE2\x82", std::string("\0\x01\x1b", 3),
                                    "a\nb\tc", "{} {0} {:d}", "-", "A-1", "10.1234/<a\">", "",
                                    std::string(5000, '<'), "doi:10.12345/\xFF'x"));
}

double hostile_number() {
  using limits = std::numeric_limits<double>;
  return *rc::gen::oneOf(
      rc::gen::arbitrary<double>(),
      rc::gen::element(0.0, -0.0, -1.0, 1.0, 1e-310, 1e300, limits::max(), limits::lowest(),
                       limits::infinity(), -limits::infinity(), limits::quiet_NaN()));
}

RC_GTEST_PROP(PlanPageHostile, NamesStayText, ()) {
  const auto plain = test::parse_page(plan_page(mouse_plan()));
  std::set<std::string> known = {"h3"};
  for (const auto& token : plain.tokens) known.insert(token.name);
  auto plan = mouse_plan();
  const auto text = [] { return *hostile_text(); };
  auto& q = plan.question;
  for (auto* s : {&q.id, &q.species, &q.cells, &q.target, &q.region, &plan.skeleton}) *s = text();
  q.see = {text(), text()};
  q.scanners = {text()};
  q.warnings = plan.notes = {text()};
  plan.references = {{text(), text()}, {text(), text()}};
  plan.methods.resize(14);
  for (auto& m : plan.methods) {
    for (auto* s :
         {&m.id, &m.name, &m.method_class, &m.modality, &m.nuclide, &m.scanner, &m.signal_unit})
      *s = text();
    if (!m.exclusions.empty()) m.exclusions = {text(), text()};
    m.warnings = m.needs = m.citations = {text()};
    for (auto& p : m.points) p.limited_by = text();
  }
  const auto page = test::parse_page(plan_page(plan));
  if (page.problem) RC_LOG() << *page.problem;
  RC_ASSERT(!page.problem);
  for (const auto& token : page.tokens) {
    RC_ASSERT(known.contains(token.name));
    for (const auto& [name, value] : token.attributes) RC_ASSERT(name.rfind("on", 0) != 0);
  }
}

RC_GTEST_PROP(PlanPageHostile, NumbersNeverBreakThePage, ()) {
  auto plan = mouse_plan();
  auto& q = plan.question;
  for (auto* v : {&q.infused_cells, &q.viability, &q.body_mass_g, &q.lesion_ml, &q.wanted_cells})
    *v = hostile_number();
  q.scans_s = {hostile_number(), hostile_number()};
  q.scan_time_s = q.background_bq_per_ml = q.max_effective_dose_msv = hostile_number();
  for (auto& m : plan.methods) {
    for (auto* n : {&m.administered_bq, &m.effective_dose_msv, &m.imaging_delay_s,
                    &m.optimum_delay_s, &m.nuclide_match, &m.positron_blur_mm})
      n->value = hostile_number();
    m.assumed_share = hostile_number();
    m.window = {hostile_number(), hostile_number(), hostile_number(), hostile_number()};
    for (auto& p : m.points) {
      for (auto* v : {&p.signal_per_cell, &p.limit_signal, &p.limit_cells, &p.limit_cells_per_ml,
                      &p.contrast, &p.time_s})
        *v = hostile_number();
    }
    m.signal_curve = {{hostile_number(), hostile_number()}, {hostile_number(), hostile_number()}};
  }
  const auto page = test::parse_page(plan_page(plan));
  RC_ASSERT(!page.problem);
  RC_ASSERT(test::non_finite_shape(page) == "");
}

}  // namespace
}  // namespace sojourn::report
