#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>

#include "sojourn/cli/command.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"
#include "sojourn/core/tsv.h"
#include "sojourn/io/nifti.h"
#include "sojourn/subject/voxels.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using core::Tree;

struct Options {
  std::string id, spacing, body_mass, output;
  int lines = 4;
  bool json = false;
};

/// What one organ has on the grid.
struct Row {
  const subject::BodyOrgan* organ;
  int label;
  double volume_ml;
  std::optional<double> mass_g, deviation;
};

std::vector<Row> rows_of(const subject::Subject& s, const subject::Voxels& voxels) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < s.organs.size(); ++i) {
    const auto& organ = s.organs[i];
    Row row{&organ, static_cast<int>(i) + 1, voxels.volumes_ml()[i], {}, {}};
    if (!organ.shapes.empty()) {
      row.mass_g = row.volume_ml * organ.density_g_per_ml;
      if (organ.reference_mass_g) row.deviation = *row.mass_g / *organ.reference_mass_g - 1;
    }
    rows.push_back(row);
  }
  return rows;
}

Tree overlap_tree(const subject::Subject& s, const subject::Voxels& voxels) {
  Tree all = Tree::array();
  for (const auto& overlap : voxels.overlaps()) {
    Tree one = Tree::table();
    one.set("first", s.organs[overlap.first].id).set("second", s.organs[overlap.second].id);
    all.push(one.set("volume_ml", overlap.volume_ml));
  }
  return all;
}

void print_json(const subject::Subject& s, const subject::Voxels& voxels) {
  Tree all = Tree::table(), organs = Tree::array(), cites = Tree::array(), spacing = Tree::array();
  for (const auto& cite : s.citations) cites.push(cite);
  for (const double mm : voxels.geometry().spacing_mm) spacing.push(mm);
  double total_g = 0;
  for (const Row& row : rows_of(s, voxels)) {
    Tree one = Tree::table(), spread = Tree::table();
    for (const auto& share : row.organ->spread) spread.set(s.organs[share.organ].id, share.share);
    one.set("id", row.organ->id).set("label", row.label).set("tissue", row.organ->tissue);
    one.set("density_g_per_ml", row.organ->density_g_per_ml).set("layer", row.organ->layer);
    one.set("volume_ml", row.volume_ml).set("mass_g", row.mass_g);
    one.set("reference_mass_g", row.organ->reference_mass_g).set("deviation", row.deviation);
    one.set("blood_flow_ml_per_min", row.organ->blood_flow_ml_per_min);
    organs.push(one.set("spread", std::move(spread)));
    total_g += row.mass_g.value_or(0);
  }
  all.set("schema", "sojourn/subject/1").set("id", s.id).set("name", s.name);
  all.set("species", s.species).set("sex", s.sex).set("body_mass_g", s.body_mass_g);
  all.set("voxelised_mass_g", total_g).set("spacing_mm", std::move(spacing));
  all.set("organs", std::move(organs)).set("overlaps", overlap_tree(s, voxels));
  fmt::print("{}", core::to_json(all.set("citations", std::move(cites))));
}

void print_text(const subject::Subject& s, const subject::Voxels& voxels) {
  fmt::print("{} ({}, {}), body mass {:.6g} g\n\n", s.name, s.species, s.sex, s.body_mass_g);
  fmt::print("{:>5}  {:<20} {:<12} {:>10} {:>10} {:>12} {:>10} {:>12}\n", "label", "organ",
             "tissue", "volume mL", "mass g", "reference g", "deviation", "flow mL/min");
  double total_g = 0;
  for (const Row& row : rows_of(s, voxels)) {
    const auto text = [](std::optional<double> value) { return core::format_number(value, 4); };
    const std::string percent =
        row.deviation ? fmt::format("{:+.2f} %", 100 * *row.deviation) : std::string("n/a");
    fmt::print("{:>5}  {:<20} {:<12} {:>10} {:>10} {:>12} {:>10} {:>12}\n", row.label,
               row.organ->id, row.organ->tissue,
               row.mass_g ? text(row.volume_ml) : std::string("spread"), text(row.mass_g),
               text(row.organ->reference_mass_g), percent, text(row.organ->blood_flow_ml_per_min));
    total_g += row.mass_g.value_or(0);
  }
  fmt::print("\nall solids {:.6g} g\n", total_g);
}

subject::Subject chosen(const Options& o) {
  auto s = subject::load_subject(o.id);
  if (!o.body_mass.empty())
    s = subject::scaled(s, units::parse(o.body_mass, units::Dimension::mass));
  return s;
}

/// The voxel asked for, or one that puts about 300 across the longest side.
subject::VoxelOptions voxel_of(const Options& o, const subject::Subject& s) {
  if (o.lines < 1 || o.lines > 32) refuse("--lines: {} is not between 1 and 32", o.lines);
  subject::VoxelOptions v;
  v.lines = o.lines;
  double mm = 0;
  if (o.spacing.empty()) {
    const auto box = subject::bounds(s);
    for (std::size_t a = 0; a < 3; ++a) mm = std::max(mm, (box[1][a] - box[0][a]) / 300);
  } else {
    mm = units::parse(o.spacing, units::Dimension::length);
  }
  v.spacing_mm = {mm, mm, mm};
  return v;
}

int list(const Options& o) {
  Tree all = Tree::array();
  for (const auto& id : subject::subject_ids()) {
    const auto s = subject::load_subject(id);
    Tree one = Tree::table();
    one.set("id", id).set("species", s.species).set("sex", s.sex);
    all.push(one.set("body_mass_g", s.body_mass_g).set("name", s.name));
    if (!o.json)
      fmt::print("{:<14} {:<8} {:<7} {:>8.6g} g  {}\n", id, s.species, s.sex, s.body_mass_g,
                 s.name);
  }
  if (o.json) {
    Tree table = Tree::table();
    table.set("schema", "sojourn/subjects/1").set("subjects", std::move(all));
    fmt::print("{}", core::to_json(table));
  }
  return 0;
}

int show(const Options& o, bool write) {
  const auto s = chosen(o);
  const auto voxels = subject::voxelise(s, voxel_of(o, s));
  subject::refuse_overlaps(s, voxels);
  if (write) io::write_nifti_labels(o.output, voxels.labels(), "sojourn subject " + s.id);
  if (o.json) {
    print_json(s, voxels);
  } else {
    print_text(s, voxels);
  }
  return 0;
}

void declare_subject(CLI::App& app, Options& o) {
  app.add_option("id", o.id, "a name that `sojourn subject list` prints")->required();
  app.add_option("--spacing", o.spacing, "edge of a voxel, as \"2 mm\"; none: 300 along the body");
  app.add_option("--body-mass", o.body_mass, "scale the body to this mass, as \"21 g\"");
  app.add_option("--lines", o.lines, "lines per voxel along y and z")->capture_default_str();
  app.add_flag("--json", o.json, "JSON on standard output");
}

std::function<int()> declare(CLI::App& app) {
  auto o = std::make_shared<Options>();
  auto chosen_work = std::make_shared<std::function<int()>>();
  app.require_subcommand(1);
  CLI::App* list_app = app.add_subcommand("list", "The subjects that come with sojourn");
  list_app->add_flag("--json", o->json, "JSON on standard output");
  list_app->callback([o, chosen_work] { *chosen_work = [o] { return list(*o); }; });
  CLI::App* show_app =
      app.add_subcommand("show", "Organs: tissue, volume and mass beside its source's");
  declare_subject(*show_app, *o);
  show_app->callback([o, chosen_work] { *chosen_work = [o] { return show(*o, false); }; });
  CLI::App* voxel_app = app.add_subcommand("voxelise", "Write a label map (label = row of show)");
  declare_subject(*voxel_app, *o);
  voxel_app->add_option("-o,--output", o->output, "label map, .nii.gz")->required();
  voxel_app->callback([o, chosen_work] { *chosen_work = [o] { return show(*o, true); }; });
  return [chosen_work] { return (*chosen_work)(); };
}

}  // namespace

Command subject_command() {
  return {"subject", "Virtual subjects: list them, show their organs, write them as label maps",
          "sojourn subject voxelise adult-male --spacing \"4 mm\" -o man.nii.gz", declare};
}

}  // namespace sojourn::cli
