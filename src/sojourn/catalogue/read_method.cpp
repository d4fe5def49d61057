#include <algorithm>

#include "sojourn/catalogue/read_field.h"
#include "sojourn/catalogue/read_rows.h"
#include "sojourn/catalogue/vocabulary.h"
#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::catalogue {
namespace {

using core::TableReader;

constexpr FieldInfo kSuv{"suv", Scale::number};
constexpr FieldInfo kEffective{"coefficient", Scale::quantity,
                               units::Dimension::effective_dose_per_activity};
constexpr FieldInfo kAbsorbed{"coefficient", Scale::quantity,
                              units::Dimension::absorbed_dose_per_activity};

std::vector<std::string> words(TableReader& in, const std::string& key,
                               std::span<const std::string> known) {
  auto all = in.texts(key);
  for (const auto& word : all)
    if (std::find(known.begin(), known.end(), word) == known.end())
      in.fail(key, fmt::format("\"{}\" is not known{}", word, core::suggestion(word, known)));
  return all;
}

std::vector<Uptake> read_uptakes(TableReader& in) {
  std::vector<Uptake> all;
  for (auto& row : in.tables("uptake")) {
    Uptake one{row.need(row.choice("organ", vocabulary::organs()), "organ"),
               row.choice("species", vocabulary::species()).value_or(""),
               read_sourced(row, kSuv, "suv")};
    row.finish();
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<PublishedLimit> read_limits(TableReader& in) {
  std::vector<PublishedLimit> all;
  for (auto& row : in.tables("published_limit")) {
    PublishedLimit one;
    one.quantity = row.need(row.choice("quantity", vocabulary::limit_quantities()), "quantity");
    one.value = row.need(row.number("value"), "value");
    if (!(one.value > 0)) row.fail("value", "must be positive");
    one.bound = row.need(row.choice("bound", vocabulary::limit_bounds()), "bound");
    one.setting = row.need(row.text("setting"), "setting");
    one.citation = row.need(row.text("citation"), "citation");
    row.finish();
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<DoseCoefficient> read_doses(TableReader& in) {
  std::vector<DoseCoefficient> all;
  for (auto& row : in.tables("dose")) {
    DoseCoefficient one;
    one.organ = row.need(row.text("organ"), "organ");
    one.species = row.need(row.choice("species", vocabulary::species()), "species");
    one.coefficient =
        read_sourced(row, one.organ == "effective" ? kEffective : kAbsorbed, "coefficient");
    row.finish();
    all.push_back(std::move(one));
  }
  return all;
}

template <typename Class>
MethodParameters parameters_as(TableReader& in) {
  Class parameters;
  read_parameters(in, parameters);
  return parameters;
}

MethodParameters read_class(TableReader& in, const Method& method) {
  if (method.kind != "method") {
    if (in.has("parameters"))
      in.fail("parameters",
              fmt::format("a {} has none: nothing is calculated from it", method.kind));
    return {};
  }
  if (method.row_class == "ex-vivo-label") return parameters_as<ExVivoLabel>(in);
  if (method.row_class == "magnetic-label") return parameters_as<MagneticLabel>(in);
  if (method.row_class == "optical") return parameters_as<Optical>(in);
  if (method.row_class == "metabolic-tracer") return parameters_as<MetabolicTracer>(in);
  if (method.row_class == "reporter-gene") {
    if (method.modality == "MRI") return parameters_as<MagneticReporter>(in);
    return parameters_as<ReporterGene>(in);
  }
  return parameters_as<Probe>(in);  // targeted-probe, peptide-probe
}

void read_kind(TableReader& in, Method& method) {
  method.kind = in.need(in.choice("kind", vocabulary::kinds()), "kind");
  method.reason = in.text("reason").value_or("");
  method.members = in.texts("members");
  if (method.kind != "method" && method.reason.empty())
    in.fail("reason", fmt::format("is missing: why can a {} not be planned?", method.kind));
  if ((method.kind == "parent") != !method.members.empty())
    in.fail("members", "belong to a row of kind \"parent\", which must have some");
}

void read_identity(TableReader& in, Method& method) {
  const auto modality = in.choice("modality", vocabulary::modalities());
  method.modality = method.kind == "method" ? in.need(modality, "modality") : modality.value_or("");
  method.also = words(in, "also", vocabulary::modalities());
  method.nuclide = in.text("nuclide").value_or("");
  if (!method.nuclide.empty() && nuclide::canonical_name(method.nuclide) != method.nuclide)
    in.fail("nuclide",
            fmt::format("\"{}\" is no nuclide's name (as in \"Zr-89\")", method.nuclide));
  const bool nuclear = method.modality == "PET" || method.modality == "SPECT";
  if (method.kind == "method" && nuclear && method.nuclide.empty())
    in.fail("nuclide", fmt::format("is missing: {} needs one", method.modality));
  method.vector = in.text("vector").value_or("");
  method.target = in.text("target").value_or("");
  method.shows = words(in, "shows", vocabulary::questions());
  if (method.kind == "method" && method.shows.empty())
    in.fail("shows", "is missing: which question does the method answer?");
  method.species = words(in, "species", vocabulary::species());
  method.cells = in.texts("cells");
  method.needs = words(in, "needs", vocabulary::needs());
}

}  // namespace

std::vector<Effect> read_effects(TableReader& in) {
  std::vector<Effect> all;
  for (auto& row : in.tables("effect")) {
    Effect one;
    one.flag = row.need(row.choice("flag", vocabulary::effects()), "flag");
    one.on = row.text("on").value_or("");
    one.text = row.need(row.text("text"), "text");
    one.citation = row.need(row.text("citation"), "citation");
    row.finish();
    all.push_back(std::move(one));
  }
  return all;
}

Method read_method(TableReader& in, const std::string& stem) {
  Method method;
  read_head(in, method, stem, vocabulary::method_classes());
  read_kind(in, method);
  read_identity(in, method);
  method.parameters = read_class(in, method);
  method.effects = read_effects(in);
  method.uptakes = read_uptakes(in);
  method.published_limits = read_limits(in);
  method.doses = read_doses(in);
  in.finish();
  return method;
}

}  // namespace sojourn::catalogue
