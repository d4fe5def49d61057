#include "sojourn/plan/question.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/catalogue/vocabulary.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/records/species.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

using core::TableReader;
using records::PlanQuestion;
using units::Dimension;

std::optional<double> positive(TableReader& in, const std::string& key, Dimension dimension) {
  const auto value = units::quantity(in, key, dimension);
  if (value && !(*value > 0)) in.fail(key, "must be over zero");
  return value;
}

std::optional<double> count(TableReader& in, const std::string& key) {
  const auto value = in.number(key);
  if (value && !(*value > 0)) in.fail(key, "must be over zero");
  return value;
}

void read_subject(TableReader& in, PlanQuestion& q) {
  q.species = in.need(in.choice("species", records::known_species()), "species");
  q.body_mass_g = positive(in, "body_mass", Dimension::mass)
                      .value_or(fate::subject_defaults(q.species).body_mass_g);
  const auto [low, high] = records::plausible_mass_g(q.species);
  if (q.body_mass_g < low || q.body_mass_g > high)
    in.fail("body_mass", fmt::format("{:.3g} g is no mass of a {} ({:.3g} to {:.3g} g)",
                                     q.body_mass_g, q.species, low, high));
}

void read_cells(TableReader& in, PlanQuestion& q) {
  q.cells = in.need(in.choice("cells", catalogue::cell_ids()), "cells");
  const auto& row = catalogue::cell(q.cells).parameters;
  const bool large = q.species == "human" || q.species == "macaque";
  const auto& usual = large ? row.infused_cells_human : row.infused_cells_mouse;
  const auto given = count(in, "infused");
  if (!given && !usual)
    in.fail("infused", "is missing: how many cells are infused? (their row has no usual number)");
  q.infused_cells = given ? *given : usual->value;
  constexpr double kMostCells = 1e13;  // all cells of a large man
  if (q.infused_cells > kMostCells) in.fail("infused", "is more than a subject has cells");
  if (!given)
    q.warnings.push_back(fmt::format("infused: not stated, the usual {:.2g} {} of the catalogue",
                                     q.infused_cells, q.cells));
  q.viability = in.number("viability").value_or(1);
  if (!(q.viability > 0 && q.viability <= 1))
    in.fail("viability", "is a fraction: over 0, up to 1");
  q.route = in.choice("route", fate::body_routes()).value_or("iv");
  q.engineered = in.boolean("engineered").value_or(false);
  q.target = in.text("target").value_or("");
  if (!q.target.empty()) (void)catalogue::target(q.target);
}

void read_purpose(TableReader& in, PlanQuestion& q) {
  q.see = in.texts("see");
  if (q.see.empty()) q.see = {"homing"};
  const auto known = catalogue::vocabulary::questions();
  for (const auto& word : q.see)
    if (std::find(known.begin(), known.end(), word) == known.end())
      in.fail("see", fmt::format("\"{}\" is not known{}", word, core::suggestion(word, known)));
  q.scans_s = units::quantities(in, "scans", Dimension::time);
  const auto follow = positive(in, "follow", Dimension::time);
  if (q.scans_s.empty()) {
    // early, and doubling up to the end: what kinetics of days need
    const double last = follow.value_or(7 * units::kSecondsPerDay);
    for (double t = std::min(units::kSecondsPerHour, last); t < last / 1.5;
         t = t < units::kSecondsPerDay ? units::kSecondsPerDay : 2 * t)
      q.scans_s.push_back(t);
    q.scans_s.push_back(last);
  } else if (follow && std::abs(q.scans_s.back() - *follow) > 1) {
    in.fail("follow", "differs from the last of scans: give one of them");
  }
  for (std::size_t i = 0; i < q.scans_s.size(); ++i)
    if (q.scans_s[i] < 0 || (i > 0 && !(q.scans_s[i] > q.scans_s[i - 1])))
      in.fail("scans", "must be times after the infusion, ascending");
}

void read_region(TableReader& in, PlanQuestion& q) {
  q.region = in.choice("region", catalogue::vocabulary::organs()).value_or("tumour");
  const bool small = q.species == "mouse" || q.species == "rat";
  q.lesion_ml = positive(in, "volume", Dimension::volume).value_or(small ? 0.1 : 1);
  q.lesion_depth_mm = positive(in, "depth", Dimension::length).value_or(small ? 3 : 50);
  constexpr double kUsualShare = 0.01;
  const auto wanted = count(in, "wanted");
  q.wanted_cells = wanted.value_or(kUsualShare * q.infused_cells);
  if (!wanted)
    q.warnings.push_back(
        fmt::format("wanted: not stated, 1 % of the infused cells ({:.2g})", q.wanted_cells));
  const double packed = q.wanted_cells * fate::cell_mass_g(catalogue::cell(q.cells));
  if (packed > 1.05 * q.lesion_ml)
    in.fail("wanted",
            fmt::format("{:.2g} cells do not fit into {:.3g} mL", q.wanted_cells, q.lesion_ml));
  if (q.wanted_cells > q.infused_cells)
    q.warnings.push_back(
        "more cells are wanted in the region than are infused: they would have to "
        "divide");
  q.background_bq_per_ml = units::quantity(in, "background", Dimension::concentration);
  if (q.background_bq_per_ml && *q.background_bq_per_ml < 0) in.fail("background", "is negative");
}

}  // namespace

PlanQuestion parse_question(std::string_view text, const std::string& source) {
  const core::Tree tree = core::parse_toml(text, source);
  TableReader top(tree, source);
  if (top.need(top.integer("sojourn"), "sojourn") != 1) top.fail("sojourn", "must be 1");
  auto in = top.need(top.table("question"), "question");
  top.finish();
  PlanQuestion q;
  q.id = in.need(in.text("id"), "id");
  static const std::regex plain("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  if (!std::regex_match(q.id, plain))
    in.fail("id", "takes letters, digits, '_', '.' and '-' (64 at most)");
  read_subject(in, q);
  read_cells(in, q);
  read_purpose(in, q);
  read_region(in, q);
  q.scanners = in.texts("scanner");
  for (const auto& id : q.scanners) (void)catalogue::scanner(id);
  q.scan_time_s = positive(in, "scan_time", Dimension::time);
  if (q.scan_time_s && *q.scan_time_s > units::kSecondsPerDay)
    in.fail("scan_time", "is over a day");
  q.max_effective_dose_msv = count(in, "max_effective_dose_msv");
  in.finish();
  return q;
}

PlanQuestion read_question(const std::filesystem::path& file) {
  return parse_question(core::read_file(file, 1 << 20), file.filename().string());
}

}  // namespace sojourn::plan
