#include "sojourn/material/material.h"

#include <xraylib.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/table_reader.h"

namespace sojourn::material {
namespace {

using core::TableReader;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::vector<Part> read_fractions(TableReader& in) {
  std::vector<Part> parts;
  auto list = in.table("mass_fractions");
  if (!list) in.fail("mass_fractions", "give mass_fractions or a formula");
  double sum = 0;
  for (const auto& [symbol, value] : list->members()) {
    const int number = number_of_symbol(symbol);
    if (number == 0) list->fail(symbol, "no element has this symbol");
    if (!value.is_number() || !(value.number() > 0))
      list->fail(symbol, "must be a mass fraction over 0");
    parts.push_back({number, value.number()});
    sum += value.number();
  }
  // print rounds fractions to three to six digits
  if (std::abs(sum - 1) > 2e-3)
    in.fail("mass_fractions", fmt::format("add up to {:g}, not to 1", sum));
  for (auto& p : parts) p.mass_fraction /= sum;
  return parts;
}

Material read_material(TableReader in) {
  Material m;
  m.name = in.need(in.text("name"), "name");
  m.aliases = in.texts("aliases");
  m.density_g_per_ml = in.need(in.number("density"), "density");
  if (!(m.density_g_per_ml >= 0 && m.density_g_per_ml < 30))
    in.fail("density", "must lie between 0 and 30 g/mL");
  if (const auto formula = in.text("formula")) {
    m.parts = parts_of_formula(*formula);
  } else {
    m.parts = read_fractions(in);
  }
  m.citation = in.need(in.text("citation"), "citation");
  m.note = in.text("note").value_or("");
  in.finish();
  return m;
}

const std::vector<Material>& table() {
  static const std::vector<Material> all = [] {
    const auto path = core::data_dir() / "material/materials_2026/materials.toml";
    const auto tree = core::parse_toml(core::read_file(path), path.string());
    TableReader in(tree, path.string());
    std::vector<Material> rows;
    for (auto& row : in.tables("material")) rows.push_back(read_material(row));
    in.finish();
    return rows;
  }();
  return all;
}

}  // namespace

int number_of_symbol(const std::string& symbol) {
  xrl_error* error = nullptr;
  const int number = SymbolToAtomicNumber(symbol.c_str(), &error);
  xrl_clear_error(&error);
  return number;
}

std::vector<Part> parts_of_formula(const std::string& formula) {
  xrl_error* error = nullptr;
  compoundData* found = CompoundParser(formula.c_str(), &error);
  xrl_clear_error(&error);
  if (found == nullptr) refuse("\"{}\" is no chemical formula; write Lu2SiO5", formula);
  std::vector<Part> parts;
  for (int i = 0; i < found->nElements; ++i)
    parts.push_back({found->Elements[i], found->massFractions[i]});
  FreeCompoundData(found);
  return parts;
}

const Material& find(std::string_view name) {
  const std::string wanted = lower(name);
  for (const auto& m : table()) {
    if (lower(m.name) == wanted) return m;
    for (const auto& alias : m.aliases)
      if (lower(alias) == wanted) return m;
  }
  refuse("\"{}\" is no known material{}", name, core::suggestion(name, known()));
}

std::vector<std::string> known() {
  std::vector<std::string> names;
  for (const auto& m : table()) names.push_back(m.name);
  return names;
}

MassAttenuation mass_attenuation(const Material& material, double energy_kev) {
  MassAttenuation sum;
  for (const auto& p : material.parts) {
    const auto one = element_attenuation(p.number, energy_kev);
    sum.photoelectric += p.mass_fraction * one.photoelectric;
    sum.compton += p.mass_fraction * one.compton;
    sum.rayleigh += p.mass_fraction * one.rayleigh;
    sum.pair += p.mass_fraction * one.pair;
  }
  return sum;
}

double attenuation_per_mm(const Material& material, double energy_kev) {
  return mass_attenuation(material, energy_kev).total() * material.density_g_per_ml / 10;
}

double incoherent_per_g(const Material& material, double x) {
  double sum = 0;
  for (const auto& p : material.parts)
    sum += p.mass_fraction / molar_mass(p.number) * incoherent_function(p.number, x);
  return sum;
}

double form_square_per_g(const Material& material, double x) {
  double sum = 0;
  for (const auto& p : material.parts) {
    const double f = form_factor(p.number, x);
    sum += p.mass_fraction / molar_mass(p.number) * f * f;
  }
  return sum;
}

}  // namespace sojourn::material
