#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/cli/command.h"
#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/body_course.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/fate/usual_activity.h"
#include "sojourn/plan/cell_signal.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using core::Tree;

struct Options {
  std::string method, cells, hours, chelation_hours;
  fate::BodySetting body;
  fate::BodyDose dose;
  std::optional<double> division_per_day, death_per_day, infused;
  bool deferoxamine = false, json = false;
};

/// What was asked, and the answer at each time.
struct Course {
  const Options* options;
  fate::Body body;
  std::optional<fate::CellSignal> signal;  ///< none: not known for this species
  std::vector<double> hours;
  fate::BodyState start;
  std::vector<fate::BodyState> states;
};

std::vector<double> numbers(const std::string& text, const char* option) {
  std::vector<double> values;
  std::stringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    const auto value = core::parse_number(word);
    if (!value) refuse("{}: \"{}\" is no number; separate numbers by commas: 0,4,24", option, word);
    values.push_back(*value);
  }
  return values;
}

std::vector<double> hours_of(const std::string& text) {
  const auto hours = numbers(text, "--hours");
  if (hours.empty()) refuse("--hours is empty; name times as 0,4,24,96");
  if (hours.front() < 0)
    refuse("--hours: {} is negative (the cells are infused at 0)", hours.front());
  for (std::size_t i = 1; i < hours.size(); ++i)
    if (!(hours[i] > hours[i - 1]))
      refuse("--hours: {} follows {}; let the times ascend", hours[i], hours[i - 1]);
  constexpr double kYear_h = 365.25 * 24;
  if (hours.back() > kYear_h) refuse("--hours: {} is over a year", hours.back());
  return hours;
}

std::optional<fate::Chelation> chelation_of(const Options& o) {
  if (o.chelation_hours.empty())
    return o.deferoxamine
               ? std::optional(fate::Chelation{0, std::numeric_limits<double>::infinity()})
               : std::nullopt;
  const auto between = numbers(o.chelation_hours, "--deferoxamine-hours");
  if (between.size() != 2 || between[0] < 0 || !(between[1] > between[0]))
    refuse("--deferoxamine-hours: \"{}\" is no start and later stop, as 0,48", o.chelation_hours);
  return fate::Chelation{between[0] * units::kSecondsPerHour, between[1] * units::kSecondsPerHour};
}

void check_numbers(const Options& o) {
  const auto fraction = [](double value, const char* option) {
    if (!(value > 0 && value <= 1)) refuse("{}: {} is not over 0 and at most 1", option, value);
  };
  fraction(o.dose.viability, "--viability");
  fraction(o.dose.bound_fraction, "--bound-fraction");
  for (const auto& [value, option] : {std::pair{o.division_per_day, "--division-per-day"},
                                      std::pair{o.death_per_day, "--death-per-day"}})
    if (value && !(*value >= 0 && *value <= 100))
      refuse("{}: {} is not between 0 and 100", option, *value);
  if (o.infused && !(*o.infused > 0 && std::isfinite(*o.infused)))
    refuse("--infused: {} is not over 0", *o.infused);
  if (o.body.tumours < 0 || o.body.tumours > 20)
    refuse("--tumours: {} is not between 0 and 20", o.body.tumours);
}

/// As `plan` takes it. A tracer without a usual activity for the species leaves the course of the
/// cells without a signal.
std::optional<fate::CellSignal> signal_of(const catalogue::Method& method,
                                          const catalogue::Cell& cell, const Options& o,
                                          fate::Body& body) {
  plan::Setting setting;
  setting.species = o.body.species;
  setting.body_mass_g = fate::subject_defaults(setting.species).body_mass_g;
  const bool tracer =
      method.get<catalogue::ReporterGene>() != nullptr || method.get<catalogue::Probe>() != nullptr;
  if (tracer && !fate::usual_activity(method, setting.species, setting.body_mass_g)) {
    body.warnings.push_back(
        fmt::format("no activity of {} is known for the {}: the signal of a cell is not known",
                    method.id, setting.species));
    return std::nullopt;
  }
  return fate::cell_signal_of(method, cell, plan::signal_setting(method, setting));
}

Course follow(Options& o) {
  check_numbers(o);
  Course c;
  c.options = &o;
  c.hours = hours_of(o.hours);
  const auto& method = catalogue::method(o.method);
  const auto& cell = catalogue::cell(o.cells);
  if (o.division_per_day) o.body.division_per_s = *o.division_per_day / units::kSecondsPerDay;
  if (o.death_per_day) o.body.death_per_s = *o.death_per_day / units::kSecondsPerDay;
  c.body = fate::make_body(method, cell, o.body);
  c.signal = signal_of(method, cell, o, c.body);
  // fractions count from the living cells, counts from all that were dispensed
  o.dose.cells = o.infused ? *o.infused : 1 / o.dose.viability;
  c.start = fate::start_of(c.body, o.dose);
  std::vector<double> times_s;
  for (const double h : c.hours) times_s.push_back(h * units::kSecondsPerHour);
  const auto& m = c.body.model;
  const auto chelation = chelation_of(o);
  if (chelation && std::all_of(m.sinks.begin(), m.sinks.end(),
                               [](const auto& s) { return s.fraction == s.fraction_chelated; }))
    c.body.warnings.push_back("the row of " + o.method +
                              " knows no effect of deferoxamine: nothing changes");
  c.states = fate::body_course(fate::BodyModes(m), {{0, c.start}}, chelation, times_s);
  if (!std::isfinite(c.states.back().total_cells()))
    refuse("the cells outgrow any number by {} h: check --division-per-day", c.hours.back());
  return c;
}

std::vector<double> over_time(const Course& c,
                              const std::function<double(const fate::BodyState&)>& of) {
  std::vector<double> values;
  for (const auto& state : c.states) values.push_back(of(state));
  return values;
}

Tree list(const std::vector<double>& values) {
  Tree all = Tree::array();
  for (const double v : values) all.push(v);
  return all;
}

/// The sink of free label with this name, if the label has one.
std::optional<std::size_t> sink_of(const Course& c, const std::string& id) {
  const auto& sinks = c.body.model.sinks;
  for (std::size_t k = 0; k < sinks.size(); ++k)
    if (sinks[k].id == id) return k;
  return std::nullopt;
}

std::vector<double> free_in(const Course& c, const std::string& organ) {
  if (organ == "blood") return over_time(c, [](const auto& s) { return s.free; });
  const auto sink = sink_of(c, organ);
  return over_time(c, [&](const auto& s) { return sink ? s.held[*sink] : 0.0; });
}

Tree organ_tree(const Course& c, const std::string& organ, std::optional<std::size_t> site) {
  const auto of = [&](const std::vector<double> fate::BodyState::*part) {
    return list(over_time(c, [&](const auto& s) { return site ? (s.*part)[*site] : 0.0; }));
  };
  const bool label = c.body.carries_label;
  Tree t = Tree::table();
  t.set("cells", of(&fate::BodyState::cells));
  t.set("live", label ? of(&fate::BodyState::live) : Tree());
  t.set("phagocyte", label ? of(&fate::BodyState::debris) : Tree());
  t.set("free", label ? list(free_in(c, organ)) : Tree());
  return t;
}

/// Sites other than blood, then the places that only free label reaches.
std::vector<std::pair<std::string, std::optional<std::size_t>>> organs_of(const Course& c) {
  std::vector<std::pair<std::string, std::optional<std::size_t>>> organs;
  const auto& m = c.body.model;
  for (std::size_t i = 1; i < m.sites.size(); ++i) organs.emplace_back(m.sites[i].id, i);
  if (!c.body.carries_label) return organs;
  for (const auto& sink : m.sinks) {
    const bool is_site =
        std::any_of(m.sites.begin(), m.sites.end(), [&](const auto& s) { return s.id == sink.id; });
    if (!is_site) organs.emplace_back(sink.id, std::nullopt);
  }
  return organs;
}

std::vector<double> signal_over_time(const Course& c) {
  std::vector<double> values;
  for (std::size_t i = 0; i < c.hours.size(); ++i)
    values.push_back(fate::signal_per_cell(*c.signal, c.start, c.states[i],
                                           c.hours[i] * units::kSecondsPerHour));
  return values;
}

Tree words(const std::vector<std::string>& all) {
  Tree t = Tree::array();
  for (const auto& word : all) t.push(word);
  return t;
}

void print_json(const Course& c) {
  const bool label = c.body.carries_label;
  Tree all = Tree::table();
  all.set("schema", "sojourn/fate/1").set("method", c.options->method);
  all.set("cells", c.options->cells).set("species", c.options->body.species);
  all.set("route", c.options->body.route).set("traffic", c.body.cells_class);
  all.set("hours", list(c.hours)).set("n0", c.start.total_cells());
  Tree organs = Tree::table();
  for (const auto& [id, site] : organs_of(c)) organs.set(id, organ_tree(c, id, site));
  all.set("organs", std::move(organs)).set("blood", organ_tree(c, "blood", 0));
  const auto excreted = over_time(c, [](const auto& s) { return s.excreted; });
  const auto total = over_time(c, [](const auto& s) { return s.total_label(); });
  all.set("excreted", label ? list(excreted) : Tree());
  all.set("total_label", label ? list(total) : Tree());
  Tree signal;
  if (c.signal) signal.set("unit", c.signal->unit).set("per_cell", list(signal_over_time(c)));
  all.set("signal", std::move(signal));
  all.set("citations", words(c.body.citations)).set("warnings", words(c.body.warnings));
  fmt::print("{}", core::to_json(all));
}

void print_row(const std::string& name, const std::vector<double>& values) {
  const bool any = std::any_of(values.begin(), values.end(), [](double v) { return v > 5e-7; });
  if (!any) return;
  fmt::print("  {:<14}", name);
  for (const double v : values) fmt::print(" {:>9.3g}", v);
  fmt::print("\n");
}

void print_block(const Course& c, const char* title,
                 const std::vector<double> fate::BodyState::*part) {
  fmt::print("\n{}\n", title);
  const auto& sites = c.body.model.sites;
  for (std::size_t i = 0; i < sites.size(); ++i)
    print_row(sites[i].id, over_time(c, [&](const auto& s) { return (s.*part)[i]; }));
}

void print_text(const Course& c) {
  const auto& o = *c.options;
  fmt::print("{} on {} in a {}, {}; traffic as {}\n\n  {:<14}", o.method, o.cells, o.body.species,
             o.body.route, c.body.cells_class, "hours");
  for (const double h : c.hours) fmt::print(" {:>9.4g}", h);
  fmt::print("\n");
  print_block(c, o.infused ? "living cells" : "living cells, of those infused alive",
              &fate::BodyState::cells);
  if (c.body.carries_label) {
    print_block(c, "label in living cells (decay-corrected, of the infused)",
                &fate::BodyState::live);
    print_block(c, "label in phagocytes and debris", &fate::BodyState::debris);
    fmt::print("\nfree label\n");
    print_row("blood", free_in(c, "blood"));
    for (const auto& sink : c.body.model.sinks) print_row(sink.id, free_in(c, sink.id));
    print_row("excreted", over_time(c, [](const auto& s) { return s.excreted; }));
  }
  if (!c.signal) return;
  fmt::print("\nsignal of a living cell, {}\n  {:<14}", c.signal->unit, "");
  for (const double v : signal_over_time(c)) fmt::print(" {:>9.3g}", v);
  fmt::print("\n");
}

int run(Options& o) {
  const Course c = follow(o);
  for (const auto& warning : c.body.warnings) fmt::print(stderr, "sojourn: warning: {}\n", warning);
  if (o.json)
    print_json(c);
  else
    print_text(c);
  return 0;
}

void declare_who(CLI::App& app, Options& o) {
  app.add_option("--method", o.method, "row of the catalogue: how the cells are shown")->required();
  app.add_option("--cells", o.cells, "row of the catalogue: the infused cells")->required();
  app.add_option("--species", o.body.species, "mouse, rat, macaque, human")->capture_default_str();
  app.add_option("--hours", o.hours, "times after the infusion, ascending, as 0,4,24,96")
      ->required();
  app.add_option("--route", o.body.route, "iv, ip, intratumoral, intranodal, intracranial")
      ->capture_default_str();
  app.add_option("--tumours", o.body.tumours, "tumours that cells can enter")
      ->capture_default_str();
}

void declare_what(CLI::App& app, Options& o) {
  app.add_option("--infused", o.infused, "cells dispensed; without it cells are fractions");
  app.add_option("--viability", o.dose.viability, "living part of them")->capture_default_str();
  app.add_option("--bound-fraction", o.dose.bound_fraction, "part of the label in cells")
      ->capture_default_str();
  app.add_option("--division-per-day", o.division_per_day, "rate; none: the catalogue's");
  app.add_option("--death-per-day", o.death_per_day, "rate; none: the catalogue's");
  app.add_flag("--deferoxamine", o.deferoxamine, "deferoxamine all the time");
  app.add_option("--deferoxamine-hours", o.chelation_hours, "deferoxamine from, to, as 0,48");
  app.add_flag("--json", o.json, "JSON on standard output");
}

}  // namespace

Command fate_command() {
  return {"fate", "Where label and cells go over time: living cells, debris, free label, excreted",
          "sojourn fate --method zr89-oxine --cells cd8-t --species mouse --hours 0,4,24,96,168",
          [](CLI::App& app) {
            auto options = std::make_shared<Options>();
            declare_who(app, *options);
            declare_what(app, *options);
            return [options] { return run(*options); };
          }};
}

}  // namespace sojourn::cli
