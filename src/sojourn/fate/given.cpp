#include "sojourn/fate/given.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/catalogue/fields.h"
#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

const records::Administration& label_of(const records::Study& study) {
  const auto& all = study.administrations;
  const auto label =
      std::find_if(all.begin(), all.end(), [](const auto& a) { return a.id == "label"; });
  if (label == all.end())
    refuse(
        "the study has no [label] (cells are counted by their label): add it, or leave out "
        "[[infusion]]");
  return *label;
}

/// Cells, viability and doses; the living fraction of the whole is the mean of the doses'.
void take_infusions(const records::Study& study, double part_given, Given& given,
                    std::vector<std::string>& warnings) {
  const auto& infusions = study.infusions;
  if (infusions.empty()) refuse("the study has no [[infusion]] (there are no cells to count)");
  const double origin = infusions.front().infused_at_utc_s;
  double all = 0, living = 0, aged = 0;
  for (const auto& i : infusions) all += i.count, living += i.count * i.viability;
  if (!(all > 0) || !(living > 0))
    refuse("infusion.count and viability must be positive (there are no living cells)");
  for (const auto& i : infusions) {
    // a short infusion acts like its middle: the error is of second order in rate times duration
    given.doses.push_back({i.count / all, i.infused_at_utc_s - origin + 0.5 * i.duration_s});
    if (i.viability_at_utc_s)
      aged += i.count / all * std::max(0.0, i.infused_at_utc_s - *i.viability_at_utc_s);
    if (i.cells != infusions.front().cells)
      warnings.push_back("infusions of different cells: the rates of the first are used for all");
  }
  given.cells = all * part_given;
  given.viability = living / all;
  given.viability_age_s = aged;
  given.intravenous = infusions.front().route == "iv";
  if (infusions.size() > 1)
    warnings.push_back(
        "several infusions share one label: each takes it in proportion to its cells");
}

void take_treatments(const records::Study& study, Given& given,
                     std::vector<std::string>& warnings) {
  const double origin = study.infusions.front().infused_at_utc_s;
  for (const auto& t : study.treatments) {
    if (t.kind != "deferoxamine") {
      warnings.push_back(
          fmt::format("the treatment \"{}\" is not part of the model of label and cells", t.kind));
      continue;
    }
    const double start = t.start_utc_s ? *t.start_utc_s - origin : 0.0;
    const double stop =
        t.stop_utc_s ? *t.stop_utc_s - origin : std::numeric_limits<double>::infinity();
    if (given.deferoxamine_s) {
      warnings.push_back(
          "several courses of deferoxamine are taken as one, from the first start to the last "
          "stop");
      given.deferoxamine_s = {std::min(given.deferoxamine_s->first, start),
                              std::max(given.deferoxamine_s->second, stop)};
    } else {
      given.deferoxamine_s = {start, stop};
    }
  }
}

void take_cultures(const records::Study& study, Knowledge& known) {
  const auto file = [&](const char* kind) {
    const auto at = study.assays.find(kind);
    return at == study.assays.end() ? nullptr : &at->second;
  };
  if (const auto* path = file("retention")) known.retention = read_retention(*path);
  if (const auto* path = file("growth")) known.growth = read_growth(*path);
}

std::vector<std::string> citations_of(const catalogue::Method* method,
                                      const catalogue::Cell& cell) {
  std::vector<std::string> all;
  if (method != nullptr) all = method->citations;
  all.insert(all.end(), cell.citations.begin(), cell.citations.end());
  const auto cite = [&](const catalogue::FieldInfo&, const catalogue::Field& field) {
    if (field && !field->of(cell.kin).citation.empty()) all.push_back(field->of(cell.kin).citation);
  };
  if (method != nullptr) catalogue::for_each_field(method->parameters, cite);
  catalogue::for_each_field(cell.parameters, cite);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// A count in millions where cells belong, or kBq for MBq, shows in the label of one cell. Bounds
/// are assumptions: over 10 Bq (4 million atoms of Zr-89) few cells would live, under 0.0001 Bq a
/// million cells hold 100 Bq, which no scanner sees.
void warn_of_label_per_cell(double injected_bq, double cells, std::vector<std::string>& warnings) {
  constexpr double kLow_bq = 1e-4, kHigh_bq = 10;
  const double per_cell = injected_bq / cells;
  if (per_cell >= kLow_bq && per_cell <= kHigh_bq) return;
  warnings.push_back(
      fmt::format("{:.3g} Bq of label for each infused cell ({:.3g} cells entered) is hardly "
                  "possible (0.0001 to 10 are plausible): check infusion.count and label.activity",
                  per_cell, cells));
}

}  // namespace

Knowledge knowledge_of(const CountRequest& request, std::vector<std::string>& warnings) {
  const records::Study& study = *request.study;
  const auto& label = label_of(study);
  if (!(request.injected_bq > 0) || !(request.syringe_bq > 0) || !(request.half_life_s > 0))
    refuse(
        "the label's activity is not positive (injected {:.6g} Bq of {:.6g} Bq in the syringe): "
        "check label.activity and "
        "label.residual",
        request.injected_bq, request.syringe_bq);
  if (label.method.empty())
    refuse(
        "label.method is missing (its rates are needed to count cells): name a row of the "
        "catalogue");
  Knowledge known;
  take_infusions(study, std::min(1.0, request.injected_bq / request.syringe_bq), known.given,
                 warnings);
  warn_of_label_per_cell(request.injected_bq, known.given.cells, warnings);
  take_treatments(study, known.given, warnings);
  known.given.injected_bq = request.injected_bq;
  known.given.bound_fraction = label.cell_bound_fraction.value_or(1.0);
  const auto& method = catalogue::method(label.method);
  const auto& cell = catalogue::cell(study.infusions.front().cells);
  known.belief = prior(study.rates, method, cell);
  take_cultures(study, known);
  known.citations = citations_of(&method, cell);
  return known;
}

Knowledge knowledge_without_label(const records::Study& study, std::vector<std::string>& warnings) {
  Knowledge known;
  take_infusions(study, 1, known.given, warnings);
  const auto& cell = catalogue::cell(study.infusions.front().cells);
  known.belief = prior_of_cells(study.rates, cell);
  take_cultures(study, known);
  known.retention.clear();  // nothing is held that could be lost
  known.citations = citations_of(nullptr, cell);
  return known;
}

std::vector<std::pair<std::string, double>> describe(const Given& given) {
  const GivenSpread spread;
  const Discrepancy departure;
  return {{"infused_cells", given.cells},
          {"viability", given.viability},
          {"injected_bq", given.injected_bq},
          {"cell_bound_fraction", given.bound_fraction},
          {"cell_count_relative_sd", spread.cells},
          {"injected_activity_relative_sd", spread.activity},
          {"viability_sd", spread.viability},
          {"cell_bound_fraction_sd", spread.bound_fraction},
          {"region_debris_ln_sd", departure.debris},
          {"region_free_label_ln_sd", departure.free},
          {"region_label_per_cell_ln_sd", departure.label_per_cell}};
}

}  // namespace sojourn::fate
