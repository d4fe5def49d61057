#include "sojourn/catalogue/check.h"

#include <fmt/core.h>

#include <algorithm>

#include "sojourn/catalogue/fields.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::catalogue {
namespace {

/// Collects what points to nothing.
class Finder {
 public:
  explicit Finder(const Tables& tables) : tables_(tables), nuclides_(nuclide::known()) {}

  void cited(const std::string& id, const std::string& key) {
    if (!key.empty() && !tables_.references.contains(key))
      add(id, fmt::format("the reference \"{}\" is unknown: add it to data/references", key));
  }
  void head(const Head& row) {
    for (const auto& key : row.citations) cited(row.id, key);
  }
  void sourced(const std::string& id, const Sourced& value) {
    cited(id, value.citation);
    for (const auto& other : value.for_cells) {
      cell(id, other.cells);
      sourced(id, other.sourced);
    }
  }
  template <typename Parameters>
  void parameters(const std::string& id, const Parameters& row) {
    for_each_field(row, [&](const FieldInfo&, const Field& field) {
      if (field) sourced(id, *field);
    });
  }
  void cell(const std::string& id, const std::string& other) {
    exists(id, "kind of cells", other, tables_.cells.contains(other));
  }
  void method(const std::string& id, const std::string& other) {
    exists(id, "method", other, tables_.methods.contains(other));
  }
  void target(const std::string& id, const std::string& other) {
    exists(id, "target", other, tables_.targets.contains(other));
  }
  void vector(const std::string& id, const std::string& other) {
    exists(id, "vector", other, tables_.vectors.contains(other));
  }
  void nuclide(const std::string& id, const std::string& other) {
    exists(id, "nuclide", other,
           std::find(nuclides_.begin(), nuclides_.end(), other) != nuclides_.end());
  }
  void effects(const std::string& id, const std::vector<Effect>& all) {
    for (const auto& effect : all) cited(id, effect.citation);
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(problems_); }

 private:
  void exists(const std::string& id, const char* what, const std::string& other, bool there) {
    if (!other.empty() && !there)
      add(id, fmt::format("names the {} \"{}\", which has no row", what, other));
  }
  void add(const std::string& id, const std::string& message) {
    problems_.push_back(id + ".toml: " + message);
  }
  const Tables& tables_;
  std::vector<std::string> nuclides_, problems_;
};

void check_method(Finder& find, const Method& m) {
  find.head(m);
  find.parameters(m.id, m.parameters);
  find.effects(m.id, m.effects);
  find.nuclide(m.id, m.nuclide);
  find.vector(m.id, m.vector);
  find.target(m.id, m.target);
  for (const auto& other : m.cells) find.cell(m.id, other);
  for (const auto& other : m.members) find.method(m.id, other);
  for (const auto& uptake : m.uptakes) find.sourced(m.id, uptake.suv);
  for (const auto& dose : m.doses) find.sourced(m.id, dose.coefficient);
  for (const auto& limit : m.published_limits) find.cited(m.id, limit.citation);
}

void count(AssumedShare& share, const Sourced& value) {
  ++share.fields;
  if (value.basis == Basis::assumed) ++share.assumed;
}

template <typename Parameters>
AssumedShare share_of(const Parameters& parameters) {
  AssumedShare share;
  for_each_field(parameters, [&](const FieldInfo&, const Field& field) {
    if (field) count(share, *field);
  });
  return share;
}

double value_of(const Field& field) { return field ? field->value : 0; }

void check_label(const Method& m, const ExVivoLabel& label, std::vector<std::string>& problems) {
  const double organs = value_of(label.liver_fraction) + value_of(label.kidney_fraction) +
                        value_of(label.gut_fraction);
  const double plain = organs + value_of(label.bone_fraction) + value_of(label.excreted_fraction);
  const double chelated = organs + value_of(label.bone_fraction_deferoxamine) +
                          value_of(label.excreted_fraction_deferoxamine);
  constexpr double kRounding = 1e-9;
  if (plain > 1 + kRounding || chelated > 1 + kRounding)
    problems.push_back(m.id + ".toml: the routes of the free label add up to more than 1");
}

}  // namespace

std::vector<std::string> cross_reference_problems(const Tables& tables) {
  Finder find(tables);
  for (const auto& [id, m] : tables.methods) check_method(find, m);
  for (const auto& [id, c] : tables.cells) {
    find.head(c);
    find.parameters(id, c.parameters);
    find.cell(id, c.parent);
    for (const auto& marker : c.markers) {
      find.target(id, marker.target);
      find.sourced(id, marker.copies);
    }
  }
  for (const auto& [id, t] : tables.targets) {
    find.head(t);
    find.parameters(id, t.parameters);
    find.effects(id, t.effects);
  }
  for (const auto& [id, v] : tables.vectors) {
    find.head(v);
    find.parameters(id, v.parameters);
    for (const auto& other : v.review_nuclides) find.nuclide(id, other);
  }
  for (const auto& [id, s] : tables.scanners) {
    find.head(s);
    find.parameters(id, s.parameters);
    find.nuclide(id, s.reference_nuclide);
  }
  for (const auto& [id, m] : tables.models) {
    find.head(m);
    find.parameters(id, m.parameters);
    for (const auto& other : m.cells) find.cell(id, other);
    for (const auto& other : m.methods) find.method(id, other);
    for (const auto& other : m.targets) find.target(id, other);
  }
  for (const auto& name : nuclide::known())
    for (const auto& key : nuclide::find(name).citations) find.cited(name, key);
  return find.take();
}

std::vector<std::string> consistency_problems(const Tables& tables) {
  std::vector<std::string> problems;
  const auto add = [&](const Method& m, const char* message) {
    problems.push_back(m.id + ".toml: " + message);
  };
  for (const auto& [id, m] : tables.methods) {
    const bool human = std::find(m.species.begin(), m.species.end(), "human") != m.species.end();
    if (const auto* label = m.get<ExVivoLabel>()) check_label(m, *label, problems);
    if (const auto* label = m.get<MagneticLabel>();
        label != nullptr && !label->iron_per_cell_g && !label->fluorine_per_cell)
      add(m, "a magnetic label needs iron_per_cell or fluorine_per_cell");
    if (const auto* light = m.get<Optical>();
        light != nullptr && m.modality == "bioluminescence" &&
        (!light->photons_per_cell_per_s || !light->tissue_attenuation_per_mm))
      add(m, "bioluminescence needs photons_per_cell and tissue_attenuation");
    if (const auto* gene = m.get<ReporterGene>();
        gene != nullptr && human && !gene->injected_activity_human_bq)
      add(m, "was used in humans but has no injected_activity_human");
    if (const auto* probe = m.get<Probe>(); probe != nullptr) {
      if (human && !probe->injected_activity_human_bq)
        add(m, "was used in humans but has no injected_activity_human");
      if (m.target.empty() || m.vector.empty()) add(m, "a probe needs a target and a vector");
      for (const auto& cells : m.cells)
        if (const auto at = tables.cells.find(cells);
            at != tables.cells.end() && at->second.marker(m.target) == nullptr)
          problems.push_back(fmt::format("{}.toml: was used on {}, whose row has no number of {}",
                                         id, cells, m.target));
    }
  }
  return problems;
}

AssumedShare assumed_share(const Method& m) {
  AssumedShare share = share_of(m.parameters);
  for (const auto& uptake : m.uptakes) count(share, uptake.suv);
  return share;
}
AssumedShare assumed_share(const Cell& row) {
  AssumedShare share = share_of(row.parameters);
  for (const auto& marker : row.markers) count(share, marker.copies);
  return share;
}
AssumedShare assumed_share(const Target& row) { return share_of(row.parameters); }
AssumedShare assumed_share(const Vector& row) { return share_of(row.parameters); }
AssumedShare assumed_share(const Scanner& row) { return share_of(row.parameters); }
AssumedShare assumed_share(const Model& row) { return share_of(row.parameters); }

}  // namespace sojourn::catalogue
