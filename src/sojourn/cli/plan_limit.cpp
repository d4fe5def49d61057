#include "sojourn/cli/plan_limit.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "sojourn/catalogue/vocabulary.h"
#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/plan/limit.h"
#include "sojourn/records/species.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using units::Dimension;

struct Options {
  plan::LimitQuestion question;
  std::string label, injected, body_mass, volume = "1 mL", time, after = "0 s", background, depth,
                                          object;
  bool json = false;
};

std::optional<double> parsed(const std::string& text, Dimension dimension, const char* option) {
  if (text.empty()) return std::nullopt;
  try {
    const double value = units::parse(text, dimension);
    if (value < 0) refuse("\"{}\" is negative", text);
    return value;
  } catch (Error& e) {
    throw e.within(option);
  }
}

void settle(Options& o) {
  auto& q = o.question;
  const auto& species = records::known_species();
  if (!q.species.empty() && std::find(species.begin(), species.end(), q.species) == species.end())
    refuse("--species: \"{}\" is not known (mouse, rat, macaque, human)", q.species);
  const auto organs = catalogue::vocabulary::organs();
  if (std::find(organs.begin(), organs.end(), q.region) == organs.end())
    refuse("--region: \"{}\" is no organ{}", q.region, core::suggestion(q.region, organs));
  q.label_per_million_bq = parsed(o.label, Dimension::activity, "--activity-per-million");
  q.injected_bq = parsed(o.injected, Dimension::activity, "--injected");
  q.body_mass_g = parsed(o.body_mass, Dimension::mass, "--body-mass");
  q.task.volume_ml = parsed(o.volume, Dimension::volume, "--volume").value_or(1);
  q.task.time_s = parsed(o.time, Dimension::time, "--time");
  q.after_s = parsed(o.after, Dimension::time, "--after").value_or(0);
  q.task.background_bq_per_ml = parsed(o.background, Dimension::concentration, "--background");
  q.task.depth_mm = parsed(o.depth, Dimension::length, "--depth").value_or(0);
  const auto object = parsed(o.object, Dimension::length, "--object-diameter");
  q.task.object_diameter_mm = object ? *object
                              : q.species.empty()
                                  ? 0
                                  : fate::subject_defaults(q.species).object_diameter_mm;
  for (const auto& [name, value] : {std::pair{"--volume", std::optional(q.task.volume_ml)},
                                    {"--time", q.task.time_s},
                                    {"--activity-per-million", q.label_per_million_bq},
                                    {"--injected", q.injected_bq},
                                    {"--body-mass", q.body_mass_g}})
    if (value && !(*value > 0)) refuse("{}: must be over zero", name);
}

void print_json(const Options& o, const plan::LimitAnswer& answer) {
  const auto& d = answer.detection;
  const bool nuclear = answer.signal_unit == "Bq";
  core::Tree all = core::Tree::table();
  all.set("schema", "sojourn/plan-limit/1").set("method", o.question.method);
  all.set("scanner", o.question.scanner).set("cells_kind", answer.cells);
  all.set("cells", d.cells).set("cells_per_ml", d.cells_per_ml);
  all.set("activity_bq", nuclear ? core::Tree(d.signal) : core::Tree());
  all.set("signal", d.signal).set("signal_unit", answer.signal_unit);
  all.set("signal_per_cell", answer.signal_per_cell);
  all.set("background_bq_per_ml", d.background_bq_per_ml).set("limited_by", d.limited_by);
  all.set("basis", records::name_of(d.basis));
  all.set("ceiling_bq_per_million", answer.ceiling_bq_per_million);
  all.set("label_bq_per_million", answer.label_bq_per_million);
  fmt::print("{}", core::to_json(all));
}

void print_text(const Options& o, const plan::LimitAnswer& answer) {
  const auto& d = answer.detection;
  const auto number = [](double value) { return core::format_number(value, 3); };
  fmt::print("{} on {}\n", o.question.method, o.question.scanner);
  fmt::print("  cells that can be seen     {} ({} per mL; {})\n", number(d.cells),
             number(d.cells_per_ml), answer.cells);
  fmt::print("  signal of the region       {} {}\n", number(d.signal), answer.signal_unit);
  fmt::print("  signal of one living cell  {} {}\n", number(answer.signal_per_cell),
             answer.signal_unit);
  if (answer.ceiling_bq_per_million &&
      *answer.label_bq_per_million > *answer.ceiling_bq_per_million)
    fmt::print("  harm                       {} Bq in a million cells; they bear {}\n",
               number(*answer.label_bq_per_million), number(*answer.ceiling_bq_per_million));
  fmt::print("  limited by                 {}\n", d.limited_by);
  fmt::print("  rests on                   {} numbers\n", records::name_of(d.basis));
}

int run(Options& options) {
  settle(options);
  const auto answer = plan::limit(options.question);
  options.json ? print_json(options, answer) : print_text(options, answer);
  return 0;
}

}  // namespace

std::shared_ptr<std::function<int()>> declare_plan_limit(CLI::App& plan) {
  auto chosen = std::make_shared<std::function<int()>>();
  auto o = std::make_shared<Options>();
  CLI::App* app = plan.add_subcommand("limit", "Detection limit of one method on one scanner");
  app->footer(
      "Example:\n  sojourn plan limit --method zr89-oxine --activity-per-million \"15.4 kBq\" "
      "--scanner biograph-mct --volume \"1 mL\" --time \"20 min\"");
  app->add_option("--method", o->question.method, "catalogue id")->required();
  app->add_option("--scanner", o->question.scanner, "catalogue id")->required();
  app->add_option("--cells", o->question.cells, "kind of cells; default: the method's first");
  app->add_option("--activity-per-million", o->label,
                  "label in a million cells; default: the usual one");
  app->add_option("--injected", o->injected, "activity of a tracer; default: the usual one");
  app->add_option("--species", o->question.species,
                  "mouse, rat, macaque or human; default: a phantom without attenuation");
  app->add_option("--body-mass", o->body_mass, "of the subject");
  app->add_option("--region", o->question.region, "organ around the cells")->capture_default_str();
  app->add_option("--volume", o->volume, "of the region")->capture_default_str();
  app->add_option("--time", o->time,
                  "of the scan; default: 20 min (PET, SPECT), else the scanner's usual one");
  app->add_option("--after", o->after, "time since the cells were infused")->capture_default_str();
  app->add_option("--background", o->background,
                  "activity concentration around; default: none (labels), the tracer's (others)");
  app->add_option("--depth", o->depth, "under the skin, for light");
  app->add_option("--object-diameter", o->object, "tissue that photons cross");
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
  return chosen;
}

}  // namespace sojourn::cli
