#include "sojourn/catalogue/schema.h"

#include <initializer_list>
#include <span>
#include <string>

#include "sojourn/catalogue/fields.h"
#include "sojourn/catalogue/vocabulary.h"

namespace sojourn::catalogue {
namespace {

using core::Tree;
namespace words = vocabulary;

Tree type(const char* name) {
  Tree t = Tree::table();
  t.set("type", name);
  return t;
}

Tree one_of(std::span<const std::string> known) {
  Tree t = Tree::table(), list = Tree::array();
  for (const auto& word : known) list.push(word);
  t.set("enum", std::move(list));
  return t;
}

Tree constant(const char* word) {
  Tree t = Tree::table();
  t.set("const", word);
  return t;
}

Tree list_of(Tree item) {
  Tree t = type("array");
  t.set("items", std::move(item));
  return t;
}

Tree reference(const char* name) {
  Tree t = Tree::table();
  t.set("$ref", std::string("#/$defs/") + name);
  return t;
}

Tree names(std::initializer_list<const char*> keys) {
  Tree list = Tree::array();
  for (const char* key : keys) list.push(key);
  return list;
}

/// A table that takes no other keys.
Tree closed(Tree properties, Tree required) {
  Tree t = type("object");
  t.set("properties", std::move(properties));
  t.set("required", std::move(required));
  t.set("additionalProperties", false);
  return t;
}

/// A quantity in quotes with one of the accepted units, or a plain number.
Tree value_schema(const FieldInfo& info) {
  if (info.scale != Scale::quantity) {
    Tree t = type("number");
    t.set("minimum", 0);
    if (info.scale == Scale::fraction) t.set("maximum", 1);
    return t;
  }
  std::string pattern = "^[0-9.eE+-]+ *(";
  for (const auto& unit : units::accepted_units(info.dimension))
    pattern += (pattern.back() == '(' ? "" : "|") + unit;
  Tree t = type("string");
  t.set("pattern", pattern + ")$");
  return t;
}

Tree sourced_schema(const FieldInfo& info, const char* key, bool nested = false) {
  Tree p = Tree::table();
  p.set(key, value_schema(info));
  Tree range = list_of(value_schema(info));
  range.set("minItems", 2).set("maxItems", 2);
  p.set("range", std::move(range));
  p.set("relative_sd", type("number"));
  const std::string bases[] = {"published", "derived", "assumed"};
  p.set("basis", one_of(bases));
  for (const char* name : {"citation", "condition", "note"}) p.set(name, type("string"));
  if (nested) {
    p.set("cells", type("string"));
  } else {
    p.set("for", list_of(sourced_schema(info, key, true)));
  }
  Tree t = closed(std::move(p), names({key, "basis"}));
  if (info.meaning[0] != '\0') t.set("description", info.meaning);
  return t;
}

/// The same with further keys (organ, target, species).
Tree labelled(Tree schema, const char* label, Tree label_schema) {
  Tree properties = *schema.find("properties"), required = *schema.find("required");
  properties.set(label, std::move(label_schema));
  required.push(label);
  return closed(std::move(properties), std::move(required));
}

template <typename Row>
Tree parameters_schema() {
  Tree properties = Tree::table(), required = Tree::array();
  for (const auto& spec : fields_of<Row>()) {
    properties.set(spec.name, sourced_schema(spec, "value"));
    if (spec.required) required.push(spec.name);
  }
  return closed(std::move(properties), std::move(required));
}

Tree effect_schema() {
  Tree p = Tree::table();
  p.set("flag", one_of(words::effects()));
  for (const char* name : {"on", "text", "citation"}) p.set(name, type("string"));
  return closed(std::move(p), names({"flag", "text", "citation"}));
}

Tree limit_schema() {
  Tree p = Tree::table();
  p.set("quantity", one_of(words::limit_quantities()));
  p.set("value", type("number"));
  p.set("bound", one_of(words::limit_bounds()));
  for (const char* name : {"setting", "citation"}) p.set(name, type("string"));
  return closed(std::move(p), names({"quantity", "value", "bound", "setting", "citation"}));
}

Tree dose_schema() {
  Tree p = Tree::table();
  FieldInfo any{"coefficient", Scale::quantity, units::Dimension::effective_dose_per_activity};
  Tree effective = labelled(sourced_schema(any, "coefficient"), "organ", constant("effective"));
  any.dimension = units::Dimension::absorbed_dose_per_activity;
  Tree organ = labelled(sourced_schema(any, "coefficient"), "organ", type("string"));
  Tree either = Tree::array();
  either.push(labelled(std::move(effective), "species", one_of(words::species())));
  either.push(labelled(std::move(organ), "species", one_of(words::species())));
  Tree t = Tree::table();
  t.set("anyOf", std::move(either));
  return t;
}

/// What every row has.
Tree head() {
  Tree p = Tree::table();
  for (const char* name : {"id", "name", "summary"}) p.set(name, type("string"));
  for (const char* name : {"inventory", "citations", "strengths", "limits"})
    p.set(name, list_of(type("string")));
  return p;
}

Tree row(Tree properties, Tree required) {
  for (const char* name : {"id", "name", "class", "citations", "summary"}) required.push(name);
  return closed(std::move(properties), std::move(required));
}

Tree method_schema(const char* row_class, Tree parameters) {
  Tree p = head();
  p.set("class", constant(row_class));
  p.set("kind", one_of(words::kinds()));
  p.set("modality", one_of(words::modalities()));
  p.set("also", list_of(one_of(words::modalities())));
  for (const char* name : {"nuclide", "vector", "target", "reason"}) p.set(name, type("string"));
  p.set("shows", list_of(one_of(words::questions())));
  p.set("species", list_of(one_of(words::species())));
  p.set("needs", list_of(one_of(words::needs())));
  for (const char* name : {"cells", "members"}) p.set(name, list_of(type("string")));
  p.set("parameters", std::move(parameters));
  for (const char* name : {"effect", "uptake", "published_limit", "dose"})
    p.set(name, list_of(reference(name)));
  return row(std::move(p), names({"kind"}));
}

Tree other_schema(Tree row_class, Tree parameters, std::initializer_list<const char*> texts,
                  std::initializer_list<const char*> lists, Tree more = Tree::table()) {
  Tree p = head();
  p.set("class", std::move(row_class));
  for (const char* name : texts) p.set(name, type("string"));
  for (const char* name : lists) p.set(name, list_of(type("string")));
  for (const auto& [name, schema] : more.members()) p.set(name, schema);
  p.set("parameters", std::move(parameters));
  return row(std::move(p), Tree::array());
}

void add_methods(Tree& rows) {
  rows.push(method_schema("ex-vivo-label", parameters_schema<ExVivoLabel>()));
  rows.push(method_schema("magnetic-label", parameters_schema<MagneticLabel>()));
  rows.push(method_schema("optical", parameters_schema<Optical>()));
  Tree genes = Tree::array(), gene = Tree::table();
  genes.push(parameters_schema<ReporterGene>()).push(parameters_schema<MagneticReporter>());
  gene.set("anyOf", std::move(genes));
  rows.push(method_schema("reporter-gene", std::move(gene)));
  rows.push(method_schema("targeted-probe", parameters_schema<Probe>()));
  rows.push(method_schema("peptide-probe", parameters_schema<Probe>()));
  rows.push(method_schema("metabolic-tracer", parameters_schema<MetabolicTracer>()));
}

void add_others(Tree& rows) {
  Tree cell = Tree::table();
  cell.set("phagocytic", type("boolean"));
  cell.set("marker",
           list_of(labelled(sourced_schema({"copies"}, "copies"), "target", type("string"))));
  rows.push(other_schema(constant("cell"), parameters_schema<CellParameters>(), {"parent"},
                         {"aliases"}, std::move(cell)));
  Tree target = Tree::table();
  target.set("role", one_of(words::target_roles()));
  target.set("engineered", type("boolean"));
  target.set("effect", list_of(reference("effect")));
  rows.push(other_schema(constant("target"), parameters_schema<TargetParameters>(), {"gene"},
                         {"species", "endogenous_in", "aliases"}, std::move(target)));
  Tree vector = Tree::table();
  vector.set("clearing_organ", one_of(words::clearing_organs()));
  vector.set("review_optimum", one_of(words::optima()));
  rows.push(other_schema(constant("vector"), parameters_schema<VectorParameters>(), {},
                         {"review_nuclides"}, std::move(vector)));
  Tree kinds = Tree::array(), scanner = Tree::table(), machine = Tree::table();
  kinds.push(parameters_schema<NuclearScanner>()).push(parameters_schema<MriScanner>());
  kinds.push(parameters_schema<MpiScanner>()).push(parameters_schema<OpticalScanner>());
  machine.set("anyOf", std::move(kinds));
  scanner.set("modality", one_of(words::modalities()));
  scanner.set("crystal", one_of(words::crystals()));
  rows.push(other_schema(constant("scanner"), std::move(machine),
                         {"manufacturer", "collimator", "reference_nuclide"}, {"species"},
                         std::move(scanner)));
  const std::string models[] = {"model", "trial"};
  rows.push(other_schema(one_of(models), parameters_schema<ModelParameters>(),
                         {"registry", "organ"}, {"species", "cells", "methods", "targets"}));
}

}  // namespace

Tree row_schema() {
  Tree definitions = Tree::table();
  definitions.set("effect", effect_schema());
  definitions.set("published_limit", limit_schema());
  definitions.set("dose", dose_schema());
  Tree uptake = labelled(sourced_schema({"suv"}, "suv"), "organ", one_of(words::organs()));
  Tree with_species = *uptake.find("properties");
  with_species.set("species", one_of(words::species()));
  definitions.set("uptake", closed(std::move(with_species), *uptake.find("required")));
  Tree rows = Tree::array();
  add_methods(rows);
  add_others(rows);
  Tree schema = Tree::table();
  schema.set("$schema", "https://json-schema.org/draft/2020-12/schema");
  schema.set("title", "A row of data/catalogue (TOML), version 1");
  schema.set("$defs", std::move(definitions));
  schema.set("oneOf", std::move(rows));
  return schema;
}

}  // namespace sojourn::catalogue
