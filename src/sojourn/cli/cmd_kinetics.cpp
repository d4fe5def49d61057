#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include "sojourn/cli/command.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tree.h"
#include "sojourn/fate/kinetics_run.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

namespace kin = fate::kinetics;
namespace fs = std::filesystem;
using core::Tree;
using units::Dimension;

struct Options {
  fs::path table, blood, out;
  std::string models = "2t", regions, tracer, input_region, reference, blood_unit = "Bq/mL";
  std::string injected = "0 s", start, delay, dispersion, half_life, nuclide, k2_reference;
  std::optional<double> blood_fraction;
  std::optional<int> tail_terms;
  double recovery = 1;
  bool extend_blood = false, json = false;
};

/// What was fitted, and what the input owes to assumptions.
struct Answer {
  std::vector<kin::ModelResult> results;
  std::vector<std::string> warnings;
};

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::stringstream stream(text);
  for (std::string word; std::getline(stream, word, ',');)
    if (!word.empty()) words.push_back(word);
  return words;
}

std::optional<double> positive(const std::string& text, Dimension dimension, const char* option) {
  if (text.empty()) return std::nullopt;
  try {
    const double value = units::parse(text, dimension);
    if (!(value > 0)) refuse("\"{}\" is not over zero", text);
    return value;
  } catch (Error& e) {
    throw e.within(option);
  }
}

core::Tsv read_table(const fs::path& file) {
  return core::Tsv::parse(core::read_file(file), file.filename().string());
}

const kin::RegionCurve& named(const std::vector<kin::RegionCurve>& curves, const std::string& name,
                              const char* option) {
  std::vector<std::string> known;
  for (const auto& curve : curves) {
    if (curve.region == name) return curve;
    known.push_back(curve.region);
  }
  refuse("{}: the table has no region \"{}\"{}", option, name, core::suggestion(name, known));
}

/// From samples, or from a region of blood scaled by them.
kin::BloodInput blood_of(const Options& o, const std::vector<kin::RegionCurve>& curves) {
  const double factor = units::factor(o.blood_unit, Dimension::concentration);
  std::optional<core::Tsv> samples;
  if (!o.blood.empty()) samples = read_table(o.blood);
  if (o.input_region.empty()) return kin::blood_input(*samples, factor);
  const auto& pool = named(curves, o.input_region, "--input-region");
  return kin::image_input(pool, o.recovery, samples ? &*samples : nullptr, factor);
}

std::optional<kin::Input> input_of(const Options& o, const std::vector<kin::RegionCurve>& curves,
                                   std::vector<std::string>& warnings) {
  if (o.blood.empty() && o.input_region.empty()) return std::nullopt;
  auto blood = blood_of(o, curves);
  warnings.insert(warnings.end(), blood.warnings.begin(), blood.warnings.end());
  auto& input = blood.input;
  if (const auto tau = positive(o.dispersion, Dimension::time, "--dispersion")) {
    input.plasma = kin::undispersed(input.plasma, *tau);
    input.blood = kin::undispersed(input.blood, *tau);
  }
  double end_s = 0;
  for (const auto& curve : curves) end_s = std::max(end_s, curve.frames.back().end_s());
  end_s += positive(o.delay, Dimension::time, "--delay").value_or(0);
  if (o.tail_terms) {
    const auto terms = static_cast<std::size_t>(*o.tail_terms);
    input.plasma = kin::fit_exponential_tail(input.plasma, end_s, terms).curve;
    input.blood = kin::fit_exponential_tail(input.blood, end_s, terms).curve;
  }
  if (o.extend_blood) {
    input.plasma = kin::extended(input.plasma, end_s);
    input.blood = kin::extended(input.blood, end_s);
  }
  return input;
}

kin::ModelSetting setting_of(const Options& o, const std::vector<kin::RegionCurve>& curves,
                             std::vector<std::string>& warnings) {
  kin::ModelSetting s;
  s.input = input_of(o, curves, warnings);
  if (!o.reference.empty()) s.reference = named(curves, o.reference, "--reference").mean;
  s.half_life_s = positive(o.half_life, Dimension::time, "--half-life");
  if (!o.nuclide.empty()) s.half_life_s = nuclide::find(o.nuclide).half_life_s;
  s.start_s = positive(o.start, Dimension::time, "--start");
  s.most_delay_s = positive(o.delay, Dimension::time, "--delay");
  s.k2_reference_per_s = positive(o.k2_reference, Dimension::rate, "--k2-reference");
  if (o.blood_fraction && !(*o.blood_fraction >= 0 && *o.blood_fraction < 1))
    refuse("--blood-fraction: {} is not between 0 and 1", *o.blood_fraction);
  s.blood_fraction = o.blood_fraction;
  return s;
}

Answer solve(const Options& o) {
  const auto models = words_of(o.models);
  if (models.empty()) refuse("--model is empty; name models as 1t,2t");
  kin::CurveChoice choice;
  choice.tracer = o.tracer;
  try {
    choice.injected_s = units::parse(o.injected, Dimension::time);
  } catch (Error& e) {
    throw e.within("--injected-after");
  }
  const auto curves = kin::region_curves(read_table(o.table), choice);
  Answer answer;
  const auto setting = setting_of(o, curves, answer.warnings);
  std::vector<std::string> wanted = words_of(o.regions);
  if (wanted.empty())
    for (const auto& curve : curves)
      if (curve.region != o.reference && curve.region != o.input_region)
        wanted.push_back(curve.region);
  for (const auto& name : wanted) {
    const auto& curve = named(curves, name, "--regions");
    for (const auto& model : models) {
      try {
        answer.results.push_back(kin::run_model(model, curve, setting));
      } catch (Error& e) {
        throw e.within(name);
      }
    }
  }
  return answer;
}

Tree list(const std::vector<std::string>& words) {
  Tree t = Tree::array();
  for (const auto& word : words) t.push(word);
  return t;
}

Tree result_tree(const kin::ModelResult& r) {
  Tree t = Tree::table();
  t.set("region", r.region).set("model", r.model).set("converged", r.converged);
  Tree parameters = Tree::array();
  for (const auto& p : r.parameters) {
    Tree one = Tree::table();
    one.set("name", p.name).set("value", p.estimate.value);
    one.set("standard_error", p.estimate.standard_error).set("unit", p.unit);
    parameters.push(std::move(one));
  }
  t.set("parameters", std::move(parameters)).set("aicc", r.aicc);
  t.set("weighted_squares", r.x.empty() ? Tree(r.weighted_squares) : Tree());
  t.set("start_s", r.start_s).set("end_s", r.end_s).set("n_frames", r.n_frames);
  t.set("warnings", list(r.warnings));
  return t;
}

void print_json(const Answer& answer) {
  Tree all = Tree::table();
  all.set("schema", "sojourn/kinetics/1").set("sojourn", core::version());
  Tree results = Tree::array();
  for (const auto& r : answer.results) results.push(result_tree(r));
  all.set("results", std::move(results)).set("warnings", list(answer.warnings));
  fmt::print("{}", core::to_json(all));
}

void print_text(const Answer& answer) {
  const auto number = [](double v) { return core::format_number(v, 4); };
  fmt::print("{:<16} {:<16} {:<10} {:>10} {:>10} {:<11} {:>8}  {}\n", "region", "model",
             "parameter", "estimate", "se", "unit", "AICc", "fitted");
  for (const auto& r : answer.results) {
    for (const auto& p : r.parameters)
      fmt::print("{:<16} {:<16} {:<10} {:>10} {:>10} {:<11} {:>8}  {:.4g}-{:.4g} min{}\n", r.region,
                 r.model, p.name, number(p.estimate.value), number(p.estimate.standard_error),
                 p.unit, r.aicc ? core::format_number(*r.aicc, 5) : "n/a", r.start_s / 60,
                 r.end_s / 60, r.converged ? "" : "  (!)");
    for (const auto& warning : r.warnings)
      fmt::print(stderr, "sojourn: warning: {}, {}: {}\n", r.region, r.model, warning);
  }
}

/// Frames with measured and fitted values; of plots also the points.
core::Tsv curves_of(const Answer& answer) {
  core::Tsv table({"region", "model", "start_s", "duration_s", "measured", "fitted", "plot_x",
                   "plot_y", "plot_line"});
  const auto at = [](const std::vector<double>& values, std::size_t i) {
    return i < values.size() ? core::format_number(values[i]) : std::string("n/a");
  };
  for (const auto& r : answer.results) {
    const bool plot = !r.x.empty();
    for (std::size_t f = 0; f < r.frames.size(); ++f)
      table.add({r.region, r.model, core::format_number(r.frames[f].start_s),
                 core::format_number(r.frames[f].duration_s), at(r.measured, f),
                 plot ? "n/a" : at(r.fitted, f), at(r.x, f), at(r.y, f),
                 plot ? at(r.fitted, f) : "n/a"});
  }
  return table;
}

int run(const Options& o) {
  const auto answer = solve(o);
  if (!o.out.empty()) core::write_file(o.out, curves_of(answer).to_text());
  for (const auto& warning : answer.warnings) fmt::print(stderr, "sojourn: warning: {}\n", warning);
  o.json ? print_json(answer) : print_text(answer);
  return 0;
}

void declare_data(CLI::App& app, Options& o) {
  app.add_option("TABLE", o.table,
                 "activity.tsv of a study, or a table start_s, duration_s, value [, region, sd]")
      ->required();
  app.add_option("--model", o.models, "one or more, as 1t,2t,logan")->capture_default_str();
  app.add_option("--regions", o.regions, "regions to fit; default: all but reference and input");
  app.add_option("--tracer", o.tracer, "of activity.tsv, where it has several");
  app.add_option("--injected-after", o.injected,
                 "injection of the tracer after the table's time 0 (the infusion of the cells)")
      ->capture_default_str();
  app.add_option("--blood", o.blood, "table of samples: time_s, plasma, blood, parent_fraction");
  app.add_option("--blood-unit", o.blood_unit, "of plasma and blood")->capture_default_str();
  app.add_option("--input-region", o.input_region,
                 "a region of blood as the input, scaled by the samples of --blood if given");
  app.add_option("--recovery", o.recovery, "part of the blood's activity that it shows")
      ->capture_default_str();
  app.add_option("--dispersion", o.dispersion, "time constant of tube and catheter, to be undone");
  app.add_option("--tail-terms", o.tail_terms, "exponentials that replace blood after its peak")
      ->check(CLI::Range(1, 3));
  app.add_flag("--extend-blood", o.extend_blood,
               "past its last sample blood falls on as its last three do");
}

void declare_model(CLI::App& app, Options& o) {
  app.add_option("--reference", o.reference, "reference region of srtm, mrtm and their like");
  app.add_option("--k2-reference", o.k2_reference, "k2' of mrtm2 and reference-logan");
  app.add_option("--start", o.start,
                 "t* of plots and mrtm; default: found by the plots, 0 in mrtm");
  app.add_option("--blood-fraction", o.blood_fraction, "fixed; default: fitted, 0 in plots");
  app.add_option("--delay", o.delay, "fit the input's delay within plus or minus this");
  app.add_option("--half-life", o.half_life, "weights by counts where the table has no spread");
  app.add_option("--nuclide", o.nuclide, "the same, of a nuclide: C-11");
  app.add_option("-o,--output", o.out, "table of fitted curves to write");
  app.add_flag("--json", o.json, "JSON on standard output");
}

}  // namespace

Command kinetics_command() {
  return {"kinetics", "Rates of tracer exchange from time-activity curves: compartments and plots",
          "sojourn kinetics out/activity.tsv --tracer t1 --input-region blood --model 1t,2t,logan",
          [](CLI::App& app) {
            auto options = std::make_shared<Options>();
            declare_data(app, *options);
            declare_model(app, *options);
            return [options] { return run(*options); };
          }};
}

}  // namespace sojourn::cli
