#include "sojourn/core/files.h"
#include "sojourn/plan/plan_tables.h"

namespace sojourn::plan {
namespace {

using core::Tree;
using records::MethodPlan;
using records::Planned;
using records::PlanQuestion;

Tree list_of(const std::vector<std::string>& words) {
  Tree list = Tree::array();
  for (const auto& word : words) list.push(word);
  return list;
}

Tree planned(const Planned& p) {
  Tree one = Tree::table();
  one.set("value", p.value);
  one.set("basis", p.value ? Tree(records::name_of(p.basis)) : Tree());
  return one;
}

Tree text_or_null(const std::string& text) { return text.empty() ? Tree() : Tree(text); }

Tree question_tree(const PlanQuestion& q) {
  Tree t = Tree::table();
  t.set("id", q.id).set("species", q.species).set("body_mass_g", q.body_mass_g);
  t.set("cells", q.cells).set("infused_cells", q.infused_cells).set("viability", q.viability);
  t.set("route", q.route);
  t.set("engineered", q.engineered).set("target", text_or_null(q.target));
  t.set("see", list_of(q.see));
  Tree scans = Tree::array();
  for (const double s : q.scans_s) scans.push(s);
  t.set("scans_s", std::move(scans)).set("region", q.region).set("volume_ml", q.lesion_ml);
  t.set("depth_mm", q.lesion_depth_mm).set("wanted_cells", q.wanted_cells);
  t.set("scanners", list_of(q.scanners)).set("scan_time_s", q.scan_time_s);
  t.set("background_bq_per_ml", q.background_bq_per_ml);
  t.set("max_effective_dose_msv", q.max_effective_dose_msv);
  t.set("warnings", list_of(q.warnings));
  return t;
}

Tree points_tree(const MethodPlan& m) {
  Tree list = Tree::array();
  for (const auto& p : m.points) {
    Tree one = Tree::table();
    one.set("time_s", p.time_s).set("signal_per_cell", p.signal_per_cell);
    one.set("limit_signal", p.limit_signal).set("limit_cells", p.limit_cells);
    one.set("limit_cells_per_ml", p.limit_cells_per_ml).set("limited_by", p.limited_by);
    one.set("contrast", p.contrast > 0 ? Tree(p.contrast) : Tree()).set("detects", p.detects);
    Tree organ;
    if (p.organ) {
      organ = Tree::table();
      organ.set("cells", p.organ->cells).set("live", p.organ->live);
      organ.set("phagocyte", p.organ->debris).set("free", p.organ->free);
    }
    one.set("organ", std::move(organ));
    list.push(std::move(one));
  }
  return list;
}

Tree method_tree(const MethodPlan& m, std::size_t rank) {
  Tree t = Tree::table();
  t.set("id", m.id).set("name", m.name).set("class", m.method_class);
  t.set("rank", m.feasible() ? Tree(rank) : Tree()).set("feasible", m.feasible());
  t.set("modality", text_or_null(m.modality)).set("nuclide", text_or_null(m.nuclide));
  t.set("scanner", text_or_null(m.scanner)).set("exclusions", list_of(m.exclusions));
  t.set("warnings", list_of(m.warnings)).set("needs", list_of(m.needs));
  t.set("indicative", m.indicative).set("assumed_share", m.assumed_share);
  t.set("known_in_species", m.known_in_species);
  t.set("signal_unit", text_or_null(m.signal_unit));
  t.set("signal_basis", m.signal_unit.empty() ? Tree() : Tree(records::name_of(m.signal_basis)));
  t.set("limit_basis", m.points.empty() ? Tree() : Tree(records::name_of(m.limit_basis)));
  Tree window;
  if (m.window) {
    window.set("low_bq_per_million", m.window->low_bq);
    window.set("high_bq_per_million", m.window->high_bq);
    window.set("dose_bq_per_million", m.window->dose_bq);
    window.set("chosen_bq_per_million", m.window->chosen_bq);
  }
  t.set("labelling_window", std::move(window));
  t.set("administered_bq", planned(m.administered_bq));
  t.set("effective_dose_msv", planned(m.effective_dose_msv));
  t.set("imaging_delay_s", planned(m.imaging_delay_s));
  t.set("optimum_delay_s", planned(m.optimum_delay_s));
  t.set("nuclide_match", planned(m.nuclide_match));
  t.set("positron_blur_mm", planned(m.positron_blur_mm));
  t.set("points", points_tree(m)).set("citations", list_of(m.citations));
  return t;
}

}  // namespace

core::Tree to_tree(const records::PlanResult& result) {
  Tree t = Tree::table();
  t.set("schema", "sojourn/plan/1").set("sojourn", core::version());
  t.set("question", question_tree(result.question));
  Tree methods = Tree::array();
  for (std::size_t i = 0; i < result.methods.size(); ++i)
    methods.push(method_tree(result.methods[i], i + 1));
  t.set("methods", std::move(methods)).set("notes", list_of(result.notes));
  Tree references = Tree::array();
  for (const auto& [key, text] : result.references) {
    Tree one = Tree::table();
    one.set("key", key).set("text", text);
    references.push(std::move(one));
  }
  t.set("references", std::move(references));
  return t;
}

}  // namespace sojourn::plan
