#include "sojourn/trial/scenario.h"

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/fate/parameter_space.h"
#include "sojourn/fate/tracer_belief.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/records/species.h"
#include "sojourn/units/units.h"

namespace sojourn::trial {
namespace {

namespace fs = std::filesystem;
using core::TableReader;
using units::Dimension;

fs::path folder() { return core::data_dir() / "calibration" / "scenarios_2026"; }

double positive(TableReader& in, const std::string& key) {
  const double value = in.need(in.number(key), key);
  if (!(value > 0)) in.fail(key, "must be positive");
  return value;
}

double fraction(TableReader& in, const std::string& key, double absent) {
  const double value = in.number(key).value_or(absent);
  if (!(value >= 0 && value <= 1)) in.fail(key, "must lie between 0 and 1");
  return value;
}

void skip_source(TableReader& in) {
  for (const char* key : {"basis", "citation", "note"}) (void)in.text(key);
  in.finish();
}

std::optional<records::Uncertain> rate(TableReader& in, const std::string& key) {
  auto table = in.table(key);
  if (!table) return std::nullopt;
  records::Uncertain value;
  value.value = table->need(units::quantity(*table, "value", Dimension::rate), "value");
  value.relative_sd = table->need(table->number("relative_sd"), "relative_sd");
  if (!(value.value >= 0) || !(value.relative_sd >= 0)) table->fail("value", "may not be negative");
  skip_source(*table);
  return value;
}

struct Region {
  std::string name;
  fate::RegionKind kind;
  double volume_ml = 0, noise = 0, recovery_sd = 0;
  std::optional<fate::LogNormal> residents;
};

Region read_region(TableReader& in) {
  Region r;
  r.name = in.need(in.text("name"), "name");
  r.kind.whole_body = in.boolean("whole_body").value_or(false);
  r.kind.roles = in.texts("roles");
  r.kind.fraction = fraction(in, "fraction", 1);
  if (!r.kind.whole_body && r.kind.roles.empty()) in.fail("roles", "names no compartment");
  r.volume_ml = units::quantity(in, "volume", Dimension::volume).value_or(0);
  r.noise = positive(in, "noise");
  r.recovery_sd = fraction(in, "recovery_sd", 0);
  if (auto residents = in.table("residents_per_ml")) {
    const double value = positive(*residents, "value"), sd = positive(*residents, "ln_sd");
    r.residents = fate::LogNormal{value * r.volume_ml, sd};
    skip_source(*residents);
  }
  in.finish();
  return r;
}

void take_assays(TableReader& top, Scenario& s) {
  auto in = top.table("assays");
  if (!in) return;
  const auto take = [&](const std::string& name, double& sd,
                        std::vector<fate::AssayPoint>& points) {
    for (const double hours : in->numbers(name + "_hours")) points.push_back({hours, 1, 1});
    if (!points.empty()) sd = positive(*in, name + "_relative_sd");
  };
  take("growth", s.growth_relative_sd, s.problem.growth);
  take("retention", s.retention_relative_sd, s.problem.retention);
  in->finish();
}

/// Whether the method's signal is in the cells when they are given.
bool carried(const catalogue::Method& method) {
  return method.get<catalogue::ExVivoLabel>() != nullptr;
}

void take_infusion(TableReader& in, const catalogue::Method& method, const catalogue::Cell& cell,
                   const std::string& species, const std::vector<Region>& regions,
                   fate::InferenceProblem& p) {
  fate::BodySetting setting;
  setting.species = species;
  setting.route = in.text("route").value_or("iv");
  setting.tumours =
      static_cast<int>(std::count_if(regions.begin(), regions.end(), [](const Region& r) {
        return r.kind.roles == std::vector<std::string>{"tumour"};
      }));
  p.body = fate::make_body(method, cell, setting);
  p.cells = positive(in, "cells_infused");
  p.viability = fraction(in, "viability", 1);
  p.bound_fraction = fraction(in, "bound_fraction", 1);
  records::RateChoice rates;
  if (auto table = in.table("rates")) {
    rates.division = rate(*table, "division");
    rates.death = rate(*table, "death");
    rates.efflux = rate(*table, "efflux");
    table->finish();
  }
  p.belief = carried(method) ? fate::prior(rates, method, cell) : fate::prior_of_cells(rates, cell);
  if (auto chelator = in.table("deferoxamine")) {
    const double start = chelator->need(chelator->number("start_hours"), "start_hours");
    const double stop = chelator->need(chelator->number("stop_hours"), "stop_hours");
    if (!(start >= 0 && stop > start)) chelator->fail("stop_hours", "must follow start_hours");
    p.chelation = fate::Chelation{start * units::kSecondsPerHour, stop * units::kSecondsPerHour};
    chelator->finish();
  }
}

void take_tracer(TableReader& in, const catalogue::Method& method, const catalogue::Cell& cell,
                 const std::string& species, double injected_bq, const std::vector<Region>& regions,
                 fate::InferenceProblem& p) {
  const double mass_g = in.need(units::quantity(in, "body_mass", Dimension::mass), "body_mass");
  std::vector<records::Measurement> shown;
  for (const auto& r : regions) {
    if (!(r.volume_ml > 0)) in.fail("region", r.name + " has no volume: a tracer needs it");
    records::Measurement m;
    m.tracer = "tracer", m.region = r.name, m.roles = r.kind.roles, m.volume_ml = r.volume_ml;
    shown.push_back(m);
  }
  auto belief = fate::tracer_belief(
      {"tracer", method.id, injected_bq, nuclide::find(method.nuclide).half_life_s, 0}, cell,
      species, mass_g, shown);
  for (const auto& r : regions)
    if (r.residents) belief.residents[r.name] = *r.residents;
  p.tracers.push_back(std::move(belief));
}

void take_scans(TableReader& in, const catalogue::Method& method, double injected_bq,
                const std::vector<Region>& regions, fate::InferenceProblem& p) {
  const double calibration = fraction(in, "calibration_sd", 0.05);
  const double half_life_s = nuclide::find(method.nuclide).half_life_s;
  // a reporter's tracer is given before each scan, so its decay starts anew
  const bool fresh = method.get<catalogue::ReporterGene>() != nullptr;
  int scan = 0, tumour = 0;
  for (const double hours : in.numbers("hours")) {
    if (!(hours >= 0)) in.fail("hours", "may not be negative");
    ++scan;
    tumour = 0;
    for (const auto& r : regions) {
      fate::Observation o;
      o.signal = carried(method) ? fate::Signal::label : fate::Signal::tracer;
      o.scan = scan;
      o.region = r.name;
      o.kind = r.kind;
      if (r.kind.roles == std::vector<std::string>{"tumour"} && ++tumour > 1)
        o.kind.roles = {fmt::format("tumour-{}", tumour)};
      o.t_s = hours * units::kSecondsPerHour;
      const double decay = fresh ? 1 : nuclide::decay_factor(o.t_s, half_life_s);
      o.noise_sd = r.noise * injected_bq / std::sqrt(decay);
      o.recovery_relative_sd = r.recovery_sd;
      o.calibration_relative_sd = calibration;
      p.observations.push_back(o);
    }
  }
  if (p.observations.empty()) in.fail("hours", "names no scan");
}

}  // namespace

Scenario read_scenario(const fs::path& file) {
  const std::string name = file.filename().string();
  const core::Tree tree = core::parse_toml(core::read_file(file, 1 << 20), name);
  TableReader in(tree, name);
  Scenario s;
  s.id = in.need(in.text("id"), "id");
  s.title = in.need(in.text("title"), "title");
  s.citations = in.texts("citations");
  const auto& method = catalogue::method(in.need(in.text("method"), "method"));
  const auto& cell = catalogue::cell(in.need(in.text("cells"), "cells"));
  const std::string species = in.need(in.choice("species", records::known_species()), "species");
  const double injected = in.need(units::quantity(in, "injected", Dimension::activity), "injected");
  if (!(injected > 0)) in.fail("injected", "must be positive");
  std::vector<Region> regions;
  for (auto& region : in.tables("region")) regions.push_back(read_region(region));
  if (regions.empty()) in.fail("region", "at least one region is needed");
  s.problem.infused = in.has("cells_infused");
  if (!s.problem.infused && method.get<catalogue::Probe>() == nullptr)
    in.fail("cells_infused", "is missing: only a probe shows cells that nobody infused");
  if (s.problem.infused) take_infusion(in, method, cell, species, regions, s.problem);
  if (carried(method))
    s.problem.injected = injected;
  else
    take_tracer(in, method, cell, species, injected, regions, s.problem);
  take_scans(in, method, injected, regions, s.problem);
  take_assays(in, s);
  in.finish();
  return s;
}

std::vector<fate::ParameterSummary> priors_of(const Scenario& scenario) {
  constexpr double k95 = 1.959963985;
  const fate::ParameterSpace space(scenario.problem);
  std::vector<fate::ParameterSummary> all;
  for (std::size_t k = 0; k < space.size(); ++k) {
    fate::ParameterSummary p;
    p.name = space.name(k);
    p.prior_median = space.natural(k, 0);
    p.prior_lo95 = space.natural(k, -k95), p.prior_hi95 = space.natural(k, k95);
    all.push_back(p);
  }
  return all;
}

std::vector<std::string> scenario_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(folder()))
    if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem().string());
  std::sort(ids.begin(), ids.end());
  return ids;
}

Scenario find_scenario(const std::string& id_or_file) {
  const auto ids = scenario_ids();
  if (std::find(ids.begin(), ids.end(), id_or_file) != ids.end())
    return read_scenario(folder() / (id_or_file + ".toml"));
  if (fs::is_regular_file(id_or_file)) return read_scenario(id_or_file);
  refuse("\"{}\" is no scenario and no file{}; sojourn calibrate --list names them", id_or_file,
         core::suggestion(id_or_file, ids));
}

}  // namespace sojourn::trial
