#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "sojourn/cli/dose_parts.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/dose/tia_table.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::cli {
namespace {

using core::Tree;

struct Options {
  std::filesystem::path curves;
  std::string nuclide, model, one_point;
  double ceiling = 1;
  bool json = false;
};

Tree row_of(const std::string& source, const dose::TimeIntegral& r) {
  Tree candidates = Tree::array();
  for (const auto& c : r.candidates)
    candidates.push(Tree::table()
                        .set("model", c.model)
                        .set("hours", c.integral)
                        .set("sd", c.sd)
                        .set("aicc", Tree(c.aicc))
                        .set("weight", c.weight));
  Tree flags = Tree::array();
  for (const auto& flag : r.flags) flags.push(flag);
  Tree t = Tree::table();
  t.set("source", source).set("model", r.model).set("hours", r.value).set("sd", r.sd);
  t.set("low", Tree(r.low)).set("high", Tree(r.high)).set("tail_share", r.tail_share);
  t.set("candidates", std::move(candidates)).set("flags", std::move(flags));
  return t;
}

int run(const Options& o) {
  const auto& n = nuclide::find(o.nuclide);
  dose::IntegralSetting setting{n.half_life_s, o.ceiling, o.one_point == "decay", o.model};
  Tree rows = Tree::array();
  core::Tsv table({"source", "hours", "sd", "model", "tail_share"});
  for (const auto& curve :
       dose::read_curves(core::read_file(o.curves, 1 << 24), o.curves.string())) {
    const auto r =
        dose::integrate_curve(curve.points, setting, o.curves.string() + ": " + curve.source);
    for (const auto& flag : r.flags)
      fmt::print(stderr, "sojourn: warning: {}: {}\n", curve.source, flag);
    table.add({curve.source, core::format_number(r.value), core::format_number(r.sd), r.model,
               core::format_number(r.tail_share, 3)});
    rows.push(row_of(curve.source, r));
  }
  if (o.json)
    fmt::print("{}", core::to_json(Tree::table()
                                       .set("schema", "sojourn/dose-tia/1")
                                       .set("nuclide", n.name)
                                       .set("sources", std::move(rows))));
  else
    fmt::print("{}", table.to_text());
  return 0;
}

}  // namespace

void declare_dose_tia(CLI::App& parent, const ChosenWork& chosen) {
  auto o = std::make_shared<Options>();
  CLI::App* app = parent.add_subcommand("tia", "Decays in each source from measured curves");
  app->footer("Example:\n  sojourn dose tia curves.tsv --nuclide Zr-89 >tia.tsv");
  app->add_option("CURVES", o->curves,
                  "TSV: source, hours, fraction of the administered activity, sd; not "
                  "decay-corrected")
      ->required();
  app->add_option("--nuclide", o->nuclide, "as Zr-89")->required();
  app->add_option("--model", o->model, "mono, bi, tri, uptake or trapezoid; default: chosen");
  app->add_option("--one-point", o->one_point, "decay: accept a source with one point, flagged")
      ->check(CLI::IsMember({"decay"}));
  app->add_option("--ceiling", o->ceiling, "the most that a decay-corrected value can be")
      ->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
}

}  // namespace sojourn::cli
