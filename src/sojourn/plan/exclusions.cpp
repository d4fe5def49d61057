#include "sojourn/plan/exclusions.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

using catalogue::Method;
using records::PlanQuestion;

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void check_probe(const Method& method, const PlanQuestion& q, std::vector<std::string>& why) {
  if (!q.target.empty() && method.target != q.target) {
    why.push_back(fmt::format("binds {}, not the wanted {}", method.target, q.target));
    return;
  }
  if (!holds(method.species, q.species))
    why.push_back(fmt::format("not used in the {} (known in: {})", q.species,
                              fmt::join(method.species, ", ")));
  const auto& cell = catalogue::cell(q.cells);
  const auto* marker = cell.marker(method.target);
  if (marker == nullptr)
    why.push_back(fmt::format("no number of {} on {} is known", method.target, cell.name));
  else if (!(marker->copies.value > 0))
    why.push_back(fmt::format("{} do not bear {}", cell.name, method.target));
  // a fragment that kills or depletes what it shows answers another question
  for (const auto& effect : method.effects)
    if (effect.flag == "depletes" || effect.flag == "kills")
      why.push_back(fmt::format("{} the cells that it shows: {}", effect.flag, effect.text));
}

/// Labels that only some cells take.
void check_label(const Method& method, const PlanQuestion& q, std::vector<std::string>& why) {
  const auto& cell = catalogue::cell(q.cells);
  if (holds(method.needs, "phagocytic-cells") && !cell.phagocytic)
    why.push_back(fmt::format("{} do not take it up: it is for phagocytes", cell.name));
  const auto* marker = method.target.empty() ? nullptr : cell.marker(method.target);
  if (method.get<catalogue::ExVivoLabel>() != nullptr && !method.target.empty() &&
      (marker == nullptr || !(marker->copies.value > 0)))
    why.push_back(fmt::format("{} do not bear {}", cell.name, method.target));
}

/// Iron is seen as a void, which iron of the tissue, air and vessels make too.
void check_iron(const Method& method, const PlanQuestion& q, std::vector<std::string>& why) {
  if (method.modality != "MRI") return;
  const auto* label = method.get<catalogue::MagneticLabel>();
  const bool gene = method.get<catalogue::MagneticReporter>() != nullptr;
  if (!gene && (label == nullptr || label->fluorine_per_cell)) return;
  static const std::vector<std::string> dark{"liver", "spleen", "marrow", "bone",
                                             "lung",  "blood",  "gut",    "stomach"};
  if (holds(dark, q.region))
    why.push_back(
        fmt::format("the {} makes voids of its own (iron, air, vessels): cells in it are "
                    "not told by theirs",
                    q.region));
  if (gene && !holds(method.species, q.species))
    why.push_back(fmt::format("too insensitive to have been used in the {}", q.species));
}

}  // namespace

std::vector<std::string> exclusions(const Method& method, const PlanQuestion& q) {
  std::vector<std::string> why;
  if (method.kind != "method") {
    why.push_back(fmt::format("{}: {}", method.kind, method.reason));
    return why;
  }
  if (method.get<catalogue::MetabolicTracer>() != nullptr) {
    why.emplace_back("shows the metabolism of every cell: it cannot tell infused ones");
    return why;
  }
  if (method.modality == "microscopy") {
    why.emplace_back("sees one small field under a window: no count of a region or subject");
    return why;
  }
  if (!q.engineered && holds(method.needs, "gene-transfer"))
    why.emplace_back("needs a gene brought into the cells (the question says engineered = false)");
  for (const auto& word : q.see)
    if (!holds(method.shows, word)) why.push_back("does not show " + word);
  if (method.get<catalogue::Probe>() != nullptr) check_probe(method, q, why);
  check_label(method, q, why);
  check_iron(method, q, why);
  return why;
}

std::vector<std::string> cautions(const Method& method, const PlanQuestion& q) {
  std::vector<std::string> all;
  const bool probe = method.get<catalogue::Probe>() != nullptr;
  for (const auto& effect : method.effects) {
    const bool matters = effect.flag == "activates" || effect.flag == "slows-proliferation" ||
                         effect.flag == "blocks-target" || effect.flag == "dna-damage" ||
                         effect.flag == "immunogenic" || effect.flag == "transfers-to-phagocytes" ||
                         (!probe && effect.flag == "kills");
    if (matters)
      all.push_back(effect.flag + (effect.on.empty() ? "" : " (" + effect.on + ")") + ": " +
                    effect.text);
  }
  if (!method.target.empty()) {
    const auto& target = catalogue::target(method.target);
    if (probe && holds(target.endogenous_in, q.region))
      all.push_back(fmt::format("cells of the {} bear {} too: infused ones cannot be told apart",
                                q.region, method.target));
    else if (probe && !target.engineered)
      all.emplace_back("cells of the subject that bear the target are shown like infused ones");
  }
  if (!probe && !method.species.empty() && !holds(method.species, q.species))
    all.push_back(fmt::format("not yet used in the {} as far as the catalogue knows", q.species));
  return all;
}

}  // namespace sojourn::plan
