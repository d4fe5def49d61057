#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <numbers>

#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"
#include "sojourn/dose/cell_course.h"
#include "sojourn/dose/cell_dose.h"
#include "sojourn/dose/cell_effect.h"
#include "sojourn/dose/cluster_dose.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using core::Tree;
using units::Dimension;

struct Options {
  std::string nuclide, cell_radius, nucleus_radius, part = "cytoplasm", hours = "1,4,24,72,168";
  std::string activity_per_million, doubling, tube_time, tube_volume = "1 mL", tube_free;
  std::string sensitivity, state = "any", compare, scan_after = "24 h";
  double efflux_per_day = 0, tube_cells_per_ml = 0, labelled_part = 1;
  int cluster_cells = 0;
  bool json = false;
};

constexpr double kUmPerMm = 1000, kMillion = 1e6;

/// All that was asked, in the units of room dose.
struct Question {
  dose::CellShape shape;
  dose::LabelledCell cell;
  dose::TubeStay tube;
  std::vector<double> hours;
};

/// A quantity of an option; errors name it.
double quantity(const std::string& text, Dimension dimension, const char* option) {
  try {
    return units::parse(text, dimension);
  } catch (Error& e) {
    e.within(option);
    throw;
  }
}

Question question_of(const Options& o, const nuclide::Nuclide& n) {
  Question q;
  q.shape = {kUmPerMm * quantity(o.cell_radius, Dimension::length, "--cell-radius"),
             kUmPerMm * quantity(o.nucleus_radius, Dimension::length, "--nucleus-radius")};
  q.cell.half_life_s = n.half_life_s;
  q.cell.part = dose::cell_part(o.part);
  q.cell.efflux_per_s = o.efflux_per_day / units::kSecondsPerDay;
  if (!o.activity_per_million.empty())
    q.cell.activity_bq =
        quantity(o.activity_per_million, Dimension::activity, "--activity-per-million") / kMillion;
  if (!o.doubling.empty()) q.cell.doubling_s = quantity(o.doubling, Dimension::time, "--doubling");
  if (!o.tube_time.empty())
    q.tube.duration_s = quantity(o.tube_time, Dimension::time, "--tube-time");
  q.tube.volume_ml = quantity(o.tube_volume, Dimension::volume, "--tube-volume");
  q.tube.cells_per_ml = o.tube_cells_per_ml;
  if (!o.tube_free.empty())
    q.tube.free_bq_per_ml = quantity(o.tube_free, Dimension::concentration, "--tube-free");
  if (q.tube.duration_s > 0) {
    constexpr std::size_t kPhotons = 50000, kElectrons = 1000;
    q.tube.photons_gy_per_bq_s_per_ml =
        dose::tube_photons_gy(dose::NuclideKernel(n, kPhotons, kElectrons, 1), q.tube.volume_ml);
  }
  q.hours = number_list(o.hours, "--hours");
  return q;
}

Tree course_tree(const Options& o, const Question& q,
                 const std::vector<dose::ElectronLine>& lines) {
  std::vector<double> times_s;
  for (const double h : q.hours) times_s.push_back(h * units::kSecondsPerHour);
  const auto doses = dose::nucleus_dose(lines, q.shape, q.cell, q.tube, times_s);
  const auto breaks = dose::effect_per_gy("double_strand_breaks");
  const auto delay = dose::effect_per_gy("division_delay");
  Tree rows = Tree::array();
  for (std::size_t i = 0; i < doses.size(); ++i) {
    const double gy = doses[i].total();
    Tree row = Tree::table();
    row.set("hours", q.hours[i]).set("own_gy", doses[i].own).set("around_gy", doses[i].around);
    row.set("breaks", number_array({breaks.low * gy, breaks.high * gy}));
    row.set("division_delay_h", number_array({delay.low * gy, delay.high * gy}));
    if (!o.sensitivity.empty()) {
      const auto range = dose::sensitivity_of(o.sensitivity, o.state);
      row.set("survival", number_array({dose::survival(gy, 1 / range.d37_low_gy),
                                        dose::survival(gy, 1 / range.d37_high_gy)}));
    }
    rows.push(std::move(row));
  }
  return rows;
}

Tree window_tree(const Options& o, const Question& q,
                 const std::vector<dose::ElectronLine>& lines) {
  const auto range = dose::sensitivity_of(o.sensitivity, o.state);
  dose::LabelledCell one = q.cell;
  one.activity_bq = 1;
  const double last_s = q.hours.back() * units::kSecondsPerHour;
  const double gy = dose::nucleus_dose(lines, q.shape, one, q.tube, {last_s}).back().total();
  const auto window = dose::labelling_window(gy, range);
  Tree rows = Tree::array();
  for (const auto& r : range.rows)
    rows.push(Tree::table()
                  .set("cells", r.cells)
                  .set("state", r.state)
                  .set("species", r.species)
                  .set("d37_gy", number_array({r.d37_low_gy, r.d37_high_gy}))
                  .set("citation", r.citation));
  Tree t = Tree::table();
  t.set("hours", q.hours.back()).set("harmless_below_kbq", window.harmless_below_kbq);
  t.set("harmful_above_kbq", window.harmful_above_kbq).set("sources", std::move(rows));
  return t;
}

/// Dose to the nucleus for one countable event per second in a cell at the time of a scan: pairs of
/// annihilation photons, or photons of 100 to 300 keV.
Tree compare_tree(const Options& o, const Question& q) {
  constexpr double kWindowLow_kev = 100, kWindowHigh_kev = 300;
  const double scan_s = quantity(o.scan_after, Dimension::time, "--scan-after");
  Tree rows = Tree::array();
  for (const auto& word : word_list(o.compare)) {
    const auto& n = nuclide::find(word);
    const bool pairs = n.positron_fraction > 0.01;
    const double yield =
        pairs ? n.positron_fraction : nuclide::yield_in_window(n, kWindowLow_kev, kWindowHigh_kev);
    dose::LabelledCell cell = q.cell;
    cell.activity_bq = 1;
    cell.half_life_s = n.half_life_s;
    const auto lines = dose::electron_lines(n);
    const double gy =
        dose::nucleus_dose(lines, q.shape, cell, {}, {q.hours.back() * units::kSecondsPerHour})
            .back()
            .own;
    const double left = std::exp2(-scan_s / n.half_life_s);
    rows.push(Tree::table()
                  .set("nuclide", n.name)
                  .set("event", pairs ? "annihilation pair" : "photon of 100 to 300 keV")
                  .set("gy_per_bq", gy)
                  .set("gy_per_event_per_s", yield > 0 ? Tree(gy / (yield * left)) : Tree()));
  }
  return rows;
}

/// The middle of a cluster, Gy for each Bq s in a labelled cell.
Tree cluster_tree(const Options& o, const Question& q,
                  const std::vector<dose::ElectronLine>& lines) {
  if (!(o.labelled_part >= 0 && o.labelled_part <= 1))
    refuse("--labelled-part: {} is not between 0 and 1", o.labelled_part);
  const auto c = dose::cluster_dose(lines, q.shape, o.cluster_cells);
  return Tree::table()
      .set("cells", o.cluster_cells)
      .set("radius_um", c.radius_um)
      .set("labelled_part", o.labelled_part)
      .set("own", c.own)
      .set("cross", c.cross)
      .set("labelled", c.labelled(o.labelled_part))
      .set("unlabelled", c.unlabelled(o.labelled_part));
}

Tree answer(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  const auto q = question_of(o, n);
  const auto lines = dose::electron_lines(n);
  const auto s = dose::cell_s_values(lines, q.shape);
  Tree t = Tree::table();
  t.set("schema", "sojourn/dose-cell/1").set("nuclide", n.name).set("unit", "Gy/(Bq s)");
  t.set("cell_radius_um", q.shape.cell_radius_um);
  t.set("nucleus_radius_um", q.shape.nucleus_radius_um);
  t.set("c_c", s.c_c).set("c_cs", s.c_cs).set("n_n", s.n_n).set("n_cy", s.n_cy);
  t.set("n_cs", s.n_cs).set("n_c", s.n_c).set("part", o.part);
  if (!o.activity_per_million.empty())
    t.set("activity_per_cell_bq", q.cell.activity_bq).set("course", course_tree(o, q, lines));
  if (!o.sensitivity.empty()) t.set("window", window_tree(o, q, lines));
  if (o.cluster_cells != 0) t.set("cluster", cluster_tree(o, q, lines));
  if (!o.compare.empty()) t.set("compared", compare_tree(o, q));
  return t;
}

void print_text(const Tree& t) {
  const auto number = [](const Tree& in, const char* key) { return in.find(key)->number(); };
  fmt::print("{}, cell {} um, nucleus {} um; Gy per Bq s (one decay)\n", t.find("nuclide")->text(),
             number(t, "cell_radius_um"), number(t, "nucleus_radius_um"));
  for (const auto& [key, what] :
       {std::pair{"c_c", "cell from cell"}, std::pair{"c_cs", "cell from its surface"},
        std::pair{"n_n", "nucleus from nucleus"}, std::pair{"n_cy", "nucleus from cytoplasm"},
        std::pair{"n_cs", "nucleus from surface"}})
    fmt::print("  {:<22} {:.4g}\n", what, number(t, key));
  if (const auto* course = t.find("course")) {
    fmt::print("\nnucleus, label in the {}\n  {:>7} {:>10} {:>10} {:>8} {:>10}  {}\n",
               t.find("part")->text(), "hours", "own Gy", "around Gy", "breaks", "delay h",
               "survival");
    for (const auto& row : course->items()) {
      const auto& breaks = row.find("breaks")->items();
      const auto& delay = row.find("division_delay_h")->items();
      fmt::print("  {:>7} {:>10.3g} {:>10.3g} {:>8.3g} {:>10}", number(row, "hours"),
                 number(row, "own_gy"), number(row, "around_gy"), breaks.back().number(),
                 fmt::format("{:.2g}-{:.2g}", delay[0].number(), delay[1].number()));
      if (const auto* s = row.find("survival"))
        fmt::print("  {:.2g} to {:.2g}", s->items()[0].number(), s->items()[1].number());
      fmt::print("\n");
    }
  }
  if (const auto* w = t.find("window")) {
    fmt::print(
        "\nkBq in a million cells over {} h: harmless below {:.3g}, questionable, harmful "
        "above {:.3g}\n",
        number(*w, "hours"), number(*w, "harmless_below_kbq"), number(*w, "harmful_above_kbq"));
    for (const auto& r : w->find("sources")->items())
      fmt::print("  {} {} {}: D37 {:.3g} to {:.3g} Gy ({})\n", r.find("species")->text(),
                 r.find("cells")->text(), r.find("state")->text(),
                 r.find("d37_gy")->items()[0].number(), r.find("d37_gy")->items()[1].number(),
                 r.find("citation")->text());
  }
  if (const auto* c = t.find("cluster"))
    fmt::print(
        "\nmiddle of {} cells ({:.3g} um), {:.3g} of them labelled: nucleus of a labelled one "
        "{:.3g}, of one without label {:.3g} Gy per Bq s in a labelled cell\n",
        c->find("cells")->integer(), number(*c, "radius_um"), number(*c, "labelled_part"),
        number(*c, "labelled"), number(*c, "unlabelled"));
  if (const auto* c = t.find("compared")) {
    fmt::print("\nGy to the nucleus for one countable event per second in a cell at the scan\n");
    for (const auto& row : c->items())
      fmt::print("  {:<8} {:>10.3g}  ({})\n", row.find("nuclide")->text(),
                 row.find("gy_per_event_per_s")->is_null() ? std::nan("")
                                                           : number(row, "gy_per_event_per_s"),
                 row.find("event")->text());
  }
}

int run(const Options& o) {
  const Tree t = answer(o);
  if (o.json)
    fmt::print("{}", core::to_json(t));
  else
    print_text(t);
  return 0;
}

}  // namespace

void declare_dose_cell(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("cell", "Dose to a labelled cell and its nucleus");
  app->footer(
      "Example:\n  sojourn dose cell --nuclide Zr-89 --cell-radius \"5 um\" --nucleus-radius "
      "\"4 um\" --activity-per-million \"37 kBq\" --sensitivity cd8-t");
  app->add_option("--nuclide", o->nuclide, "as Zr-89")->required();
  app->add_option("--cell-radius", o->cell_radius, "as \"5 um\"")->required();
  app->add_option("--nucleus-radius", o->nucleus_radius, "smaller than the cell's")->required();
  app->add_option("--part", o->part, "where the label sits: cell, nucleus, cytoplasm, surface")
      ->capture_default_str();
  app->add_option("--activity-per-million", o->activity_per_million, "label in a million cells");
  app->add_option("--hours", o->hours, "times after labelling")->capture_default_str();
  app->add_option("--doubling", o->doubling, "time in which the cells double; none: never");
  app->add_option("--efflux-per-day", o->efflux_per_day, "rate at which cells lose label")
      ->capture_default_str();
  app->add_option("--tube-time", o->tube_time, "how long the cells stay together before infusion");
  app->add_option("--tube-volume", o->tube_volume, "of their suspension")->capture_default_str();
  app->add_option("--tube-cells-per-ml", o->tube_cells_per_ml, "labelled cells in a mL of it");
  app->add_option("--tube-free", o->tube_free, "label outside the cells, as \"1 kBq/mL\"");
  app->add_option("--cluster-cells", o->cluster_cells, "dose in the middle of so many cells");
  app->add_option("--labelled-part", o->labelled_part, "of the cells in the cluster")
      ->capture_default_str();
  app->add_option("--sensitivity", o->sensitivity, "kind of cells for survival, as cd8-t, b, nk");
  app->add_option("--state", o->state, "resting, stimulated or any")->capture_default_str();
  app->add_option("--compare", o->compare, "nuclides by dose per countable event, as F-18,Cu-64");
  app->add_option("--scan-after", o->scan_after, "time of the scan for --compare")
      ->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
}

}  // namespace sojourn::cli
