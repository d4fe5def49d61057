#include "sojourn/catalogue/row_tree.h"

#include <set>

#include "sojourn/catalogue/check.h"
#include "sojourn/catalogue/fields.h"
#include "sojourn/core/error.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/nuclide/positron_range.h"

namespace sojourn::catalogue {
namespace {

using core::Tree;

Tree list_of(const std::vector<std::string>& words) {
  Tree list = Tree::array();
  for (const auto& word : words) list.push(word);
  return list;
}

void set_text(Tree& tree, const char* key, const std::string& text) {
  if (!text.empty()) tree.set(key, text);
}
void set_list(Tree& tree, const char* key, const std::vector<std::string>& words) {
  if (!words.empty()) tree.set(key, list_of(words));
}

/// Value, spread and source of one number; what it cites is added to `cited`.
Tree sourced_tree(const Sourced& s, const std::string& unit, std::set<std::string>& cited) {
  Tree tree = Tree::table();
  tree.set("value", s.value);
  set_text(tree, "unit", unit);
  tree.set("text", s.text);
  if (s.low) {
    Tree range = Tree::array();
    range.push(*s.low).push(*s.high);
    tree.set("range", std::move(range));
    tree.set("range_text", s.range_text);
  }
  tree.set("relative_sd", s.relative_sd);
  tree.set("basis", name_of(s.basis));
  set_text(tree, "citation", s.citation);
  set_text(tree, "condition", s.condition);
  set_text(tree, "note", s.note);
  if (!s.citation.empty()) cited.insert(s.citation);
  if (!s.for_cells.empty()) {
    Tree list = Tree::array();
    for (const auto& other : s.for_cells) {
      Tree one = sourced_tree(other.sourced, unit, cited);
      one.set("cells", other.cells);
      list.push(std::move(one));
    }
    tree.set("for", std::move(list));
  }
  return tree;
}

/// Builds the tree of one row and remembers what it cites.
class Builder {
 public:
  explicit Builder(const Head& row) {
    tree.set("schema", "sojourn/catalogue-row/1");
    tree.set("id", row.id);
    tree.set("name", row.name);
    tree.set("class", row.row_class);
    tree.set("inventory", list_of(row.inventory));
    tree.set("summary", row.summary);
    set_list(tree, "strengths", row.strengths);
    set_list(tree, "limits", row.limits);
    cited.insert(row.citations.begin(), row.citations.end());
  }

  template <typename Parameters>
  void parameters(const Parameters& row) {
    Tree all = Tree::table();
    for_each_field(row, [&](const FieldInfo& info, const Field& field) {
      if (!field) return;
      Tree one = sourced_tree(*field, info.unit(), cited);
      one.set("meaning", info.meaning);
      set_text(one, "used_by", info.used_by);
      all.set(info.name, std::move(one));
    });
    if (!all.members().empty()) tree.set("parameters", std::move(all));
  }

  void effects(const std::vector<Effect>& all) {
    Tree list = Tree::array();
    for (const auto& effect : all) {
      Tree one = Tree::table();
      one.set("flag", effect.flag);
      set_text(one, "on", effect.on);
      one.set("text", effect.text);
      one.set("citation", effect.citation);
      cited.insert(effect.citation);
      list.push(std::move(one));
    }
    if (!list.items().empty()) tree.set("effects", std::move(list));
  }

  void assumed(const AssumedShare& share) {
    Tree one = Tree::table();
    one.set("fields", share.fields);
    one.set("assumed", share.assumed);
    one.set("share", share.share());
    tree.set("assumed", std::move(one));
  }

  Tree finish(const Tables& tables) {
    tree.set("citations", list_of({cited.begin(), cited.end()}));
    Tree list = Tree::array();
    for (const auto& key : cited) {
      const auto found = tables.references.find(key);
      if (found == tables.references.end()) continue;
      Tree one = Tree::table();
      one.set("key", key);
      one.set("text", found->second.text);
      set_text(one, "doi", found->second.doi);
      list.push(std::move(one));
    }
    tree.set("references", std::move(list));
    return std::move(tree);
  }

  Tree tree = Tree::table();
  std::set<std::string> cited;
};

Tree nuclide_tree(const nuclide::Nuclide& n) {
  Tree tree = Tree::table();
  tree.set("name", n.name);
  tree.set("half_life_s", n.half_life_s);
  tree.set("half_life_sd_s", n.half_life_sd_s);
  tree.set("positron_fraction", n.positron_fraction);
  Tree modes = Tree::array();
  for (const auto& mode : n.decay_modes) {
    Tree one = Tree::table();
    one.set("mode", mode.name);
    one.set("fraction", mode.fraction);
    modes.push(std::move(one));
  }
  tree.set("decay_modes", std::move(modes));
  if (n.positron_fraction > 0)
    tree.set("positron_mean_range_mm", nuclide::positron_mean_range_mm(n.name));
  Tree emissions = Tree::array();
  for (const auto& e : n.emissions) {
    Tree one = Tree::table();
    one.set("type", e.type);
    one.set("energy_kev", e.energy_kev);
    if (e.end_point_kev > 0) one.set("end_point_kev", e.end_point_kev);
    one.set("intensity", e.intensity);
    one.set("intensity_sd", e.intensity_sd);
    emissions.push(std::move(one));
  }
  tree.set("emissions", std::move(emissions));
  set_text(tree, "production", n.production);
  set_text(tree, "production_note", n.production_note);
  return tree;
}

void add_limits(const Method& m, Builder& b) {
  Tree list = Tree::array();
  for (const auto& limit : m.published_limits) {
    Tree one = Tree::table();
    one.set("quantity", limit.quantity);
    one.set("value", limit.value);
    one.set("bound", limit.bound);
    one.set("setting", limit.setting);
    one.set("citation", limit.citation);
    b.cited.insert(limit.citation);
    list.push(std::move(one));
  }
  if (!list.items().empty()) b.tree.set("published_limits", std::move(list));
}

Tree method_tree(const Tables& tables, const Method& m) {
  Builder b(m);
  b.tree.set("kind", m.kind);
  set_text(b.tree, "reason", m.reason);
  set_text(b.tree, "modality", m.modality);
  set_list(b.tree, "also", m.also);
  set_text(b.tree, "nuclide", m.nuclide);
  set_text(b.tree, "vector", m.vector);
  set_text(b.tree, "target", m.target);
  set_list(b.tree, "shows", m.shows);
  set_list(b.tree, "species", m.species);
  set_list(b.tree, "cells", m.cells);
  set_list(b.tree, "members", m.members);
  set_list(b.tree, "needs", m.needs);
  b.parameters(m.parameters);
  Tree uptakes = Tree::array();
  for (const auto& uptake : m.uptakes) {
    Tree one = sourced_tree(uptake.suv, "", b.cited);
    one.set("organ", uptake.organ);
    set_text(one, "species", uptake.species);
    uptakes.push(std::move(one));
  }
  if (!uptakes.items().empty()) b.tree.set("uptake", std::move(uptakes));
  Tree doses = Tree::array();
  for (const auto& dose : m.doses) {
    Tree one =
        sourced_tree(dose.coefficient, dose.organ == "effective" ? "mSv/MBq" : "mGy/MBq", b.cited);
    one.set("organ", dose.organ);
    one.set("species", dose.species);
    doses.push(std::move(one));
  }
  if (!doses.items().empty()) b.tree.set("dose", std::move(doses));
  b.effects(m.effects);
  add_limits(m, b);
  b.assumed(assumed_share(m));
  if (!m.nuclide.empty()) {
    Tree list = Tree::array();
    list.push(nuclide_tree(nuclide::find(m.nuclide)));
    b.tree.set("nuclides", std::move(list));
  }
  return b.finish(tables);
}

Tree cell_tree(const Tables& tables, const Cell& cell) {
  Builder b(cell);
  b.tree.set("phagocytic", cell.phagocytic);
  set_text(b.tree, "parent", cell.parent);
  set_list(b.tree, "aliases", cell.aliases);
  b.parameters(cell.parameters);
  Tree markers = Tree::array();
  for (const auto& marker : cell.markers) {
    Tree one = sourced_tree(marker.copies, "", b.cited);
    one.set("target", marker.target);
    markers.push(std::move(one));
  }
  if (!markers.items().empty()) b.tree.set("markers", std::move(markers));
  b.assumed(assumed_share(cell));
  return b.finish(tables);
}

Tree target_tree(const Tables& tables, const Target& t) {
  Builder b(t);
  b.tree.set("role", t.role);
  set_text(b.tree, "gene", t.gene);
  set_list(b.tree, "species", t.species);
  set_list(b.tree, "endogenous_in", t.endogenous_in);
  set_list(b.tree, "aliases", t.aliases);
  b.tree.set("engineered", t.engineered);
  b.parameters(t.parameters);
  b.effects(t.effects);
  b.assumed(assumed_share(t));
  return b.finish(tables);
}

Tree vector_tree(const Tables& tables, const Vector& v) {
  Builder b(v);
  b.tree.set("clearing_organ", v.clearing_organ);
  set_text(b.tree, "review_optimum", v.review_optimum);
  set_list(b.tree, "review_nuclides", v.review_nuclides);
  b.parameters(v.parameters);
  b.assumed(assumed_share(v));
  return b.finish(tables);
}

Tree scanner_tree(const Tables& tables, const Scanner& s) {
  Builder b(s);
  b.tree.set("modality", s.modality);
  set_text(b.tree, "manufacturer", s.manufacturer);
  set_text(b.tree, "crystal", s.crystal);
  set_text(b.tree, "collimator", s.collimator);
  set_text(b.tree, "reference_nuclide", s.reference_nuclide);
  set_list(b.tree, "species", s.species);
  b.parameters(s.parameters);
  b.assumed(assumed_share(s));
  return b.finish(tables);
}

Tree model_tree(const Tables& tables, const Model& m) {
  Builder b(m);
  set_list(b.tree, "species", m.species);
  set_list(b.tree, "cells", m.cells);
  set_list(b.tree, "methods", m.methods);
  set_list(b.tree, "targets", m.targets);
  set_text(b.tree, "registry", m.registry);
  set_text(b.tree, "organ", m.organ);
  b.parameters(m.parameters);
  b.assumed(assumed_share(m));
  return b.finish(tables);
}

Tree nuclide_row(const Tables& tables, const nuclide::Nuclide& n) {
  Head head;
  head.id = head.name = n.name;
  head.row_class = "nuclide";
  head.inventory = n.inventory;
  head.citations = n.citations;
  head.summary = n.summary;
  Builder b(head);
  set_text(b.tree, "modality", n.modality);
  const Tree data = nuclide_tree(n);
  for (const auto& [key, value] : data.members()) b.tree.set(key, value);
  return b.finish(tables);
}

}  // namespace

Tree row_tree(const Tables& tables, const std::string& id) {
  if (const auto at = tables.methods.find(id); at != tables.methods.end())
    return method_tree(tables, at->second);
  if (const auto at = tables.cells.find(id); at != tables.cells.end())
    return cell_tree(tables, at->second);
  if (const auto at = tables.targets.find(id); at != tables.targets.end())
    return target_tree(tables, at->second);
  if (const auto at = tables.vectors.find(id); at != tables.vectors.end())
    return vector_tree(tables, at->second);
  if (const auto at = tables.scanners.find(id); at != tables.scanners.end())
    return scanner_tree(tables, at->second);
  if (const auto at = tables.models.find(id); at != tables.models.end())
    return model_tree(tables, at->second);
  return nuclide_row(tables, nuclide::find(id));
}

}  // namespace sojourn::catalogue
