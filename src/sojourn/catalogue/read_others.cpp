#include <array>
#include <regex>

#include "sojourn/catalogue/read_field.h"
#include "sojourn/catalogue/read_rows.h"
#include "sojourn/catalogue/vocabulary.h"
#include "sojourn/core/error.h"

namespace sojourn::catalogue {
namespace {

using core::TableReader;

const std::array<std::string, 1> kCell{"cell"}, kTarget{"target"}, kVector{"vector"},
    kScanner{"scanner"};
const std::array<std::string, 2> kModel{"model", "trial"};
constexpr FieldInfo kCopies{"copies", Scale::number};

/// "EX-01", "M-03", and "S6" for a section without numbered rows.
bool is_inventory_row(const std::string& text) {
  static const std::regex form("[A-Z]{1,3}-[0-9]{2}|S[0-9]{1,2}");
  return std::regex_match(text, form);
}

}  // namespace

void read_head(TableReader& in, Head& row, const std::string& stem,
               std::span<const std::string> classes) {
  row.id = in.need(in.text("id"), "id");
  if (stem != row.id) in.fail("id", fmt::format("\"{}\" must be the name of the file", row.id));
  row.name = in.need(in.text("name"), "name");
  row.row_class = in.need(in.choice("class", classes), "class");
  row.inventory = in.texts("inventory");
  for (const auto& one : row.inventory)
    if (!is_inventory_row(one))
      in.fail("inventory", fmt::format("\"{}\" is no row of the inventory (as in \"EX-01\")", one));
  row.citations = in.texts("citations");
  if (row.citations.empty()) in.fail("citations", "is missing");
  row.summary = in.need(in.text("summary"), "summary");
  row.strengths = in.texts("strengths");
  row.limits = in.texts("limits");
}

Cell read_cell(TableReader& in, const std::string& stem) {
  Cell cell;
  read_head(in, cell, stem, kCell);
  cell.phagocytic = in.boolean("phagocytic").value_or(false);
  cell.parent = in.text("parent").value_or("");
  cell.aliases = in.texts("aliases");
  read_parameters(in, cell.parameters);
  for (auto& row : in.tables("marker")) {
    Marker one{row.need(row.text("target"), "target"), read_sourced(row, kCopies, "copies")};
    row.finish();
    cell.markers.push_back(std::move(one));
  }
  in.finish();
  return cell;
}

Target read_target(TableReader& in, const std::string& stem) {
  Target target;
  read_head(in, target, stem, kTarget);
  target.role = in.need(in.choice("role", vocabulary::target_roles()), "role");
  target.gene = in.text("gene").value_or("");
  target.species = in.texts("species");
  target.endogenous_in = in.texts("endogenous_in");
  target.aliases = in.texts("aliases");
  target.engineered = in.boolean("engineered").value_or(false);
  read_parameters(in, target.parameters);
  target.effects = read_effects(in);
  in.finish();
  return target;
}

Vector read_vector(TableReader& in, const std::string& stem) {
  Vector vector;
  read_head(in, vector, stem, kVector);
  vector.clearing_organ =
      in.need(in.choice("clearing_organ", vocabulary::clearing_organs()), "clearing_organ");
  vector.review_optimum = in.choice("review_optimum", vocabulary::optima()).value_or("");
  vector.review_nuclides = in.texts("review_nuclides");
  read_parameters(in, vector.parameters);
  in.finish();
  return vector;
}

Scanner read_scanner(TableReader& in, const std::string& stem) {
  Scanner scanner;
  read_head(in, scanner, stem, kScanner);
  scanner.modality = in.need(in.choice("modality", vocabulary::modalities()), "modality");
  scanner.manufacturer = in.text("manufacturer").value_or("");
  scanner.crystal = in.choice("crystal", vocabulary::crystals()).value_or("");
  scanner.collimator = in.text("collimator").value_or("");
  scanner.reference_nuclide =
      in.text("reference_nuclide").value_or(scanner.modality == "PET" ? "F-18" : "");
  if (scanner.modality == "SPECT" && scanner.reference_nuclide.empty())
    in.fail("reference_nuclide", "is missing: which nuclide was the sensitivity measured with?");
  scanner.species = in.texts("species");
  const auto read = [&](auto parameters) {
    read_parameters(in, parameters);
    scanner.parameters = std::move(parameters);
  };
  if (scanner.modality == "MRI")
    read(MriScanner{});
  else if (scanner.modality == "MPI")
    read(MpiScanner{});
  else if (scanner.modality == "PET" || scanner.modality == "SPECT")
    read(NuclearScanner{});
  else
    read(OpticalScanner{});
  in.finish();
  return scanner;
}

Model read_model(TableReader& in, const std::string& stem) {
  Model model;
  read_head(in, model, stem, kModel);
  model.species = in.texts("species");
  model.cells = in.texts("cells");
  model.methods = in.texts("methods");
  model.targets = in.texts("targets");
  model.registry = in.text("registry").value_or("");
  model.organ = in.text("organ").value_or("");
  read_parameters(in, model.parameters);
  in.finish();
  return model;
}

}  // namespace sojourn::catalogue
