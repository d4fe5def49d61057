#include "sojourn/dose/effective_dose.h"

#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::dose {
namespace {

std::vector<TissueWeight> read_weights() {
  const auto path = core::data_dir() / "dose" / "tissue_weights_2007" / "weights.tsv";
  const auto table = core::Tsv::parse(core::read_file(path, 1 << 20), "weights.tsv");
  std::vector<TissueWeight> rows;
  double male = 0, female = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto weight = table.number(i, "weight");
    const auto& note = table.at(i, "note");
    if (!weight || !(*weight > 0)) refuse("{}: weight must be over 0", table.where(i));
    rows.push_back({table.at(i, "tissue"), table.at(i, "organ"), table.at(i, "sex"),
                    note == "n/a" ? "" : note, *weight});
    if (rows.back().sex != "female") male += *weight;
    if (rows.back().sex != "male") female += *weight;
  }
  constexpr double kPrint = 1e-6;
  if (std::abs(male - 1) > kPrint || std::abs(female - 1) > kPrint)
    refuse("weights.tsv: the weights add up to {} (male) and {} (female), not 1", male, female);
  return rows;
}

double dose_of(const OrganDoses& doses, const TissueWeight& row) {
  const auto at = doses.find(row.organ);
  if (at == doses.end())
    refuse("no dose of \"{}\", which stands for the tissue {}", row.organ, row.tissue);
  return at->second;
}

}  // namespace

const std::vector<TissueWeight>& tissue_weights() {
  static const auto rows = read_weights();
  return rows;
}

EffectiveDose effective_dose(const OrganDoses& male, const OrganDoses& female) {
  EffectiveDose e;
  for (const auto& row : tissue_weights()) {
    double both = 0;
    if (row.sex != "female") both += dose_of(male, row);
    if (row.sex != "male") both += dose_of(female, row);
    e.msv_per_mbq += row.weight * both / 2;
    if (!row.note.empty())
      e.surrogates.push_back(row.tissue + " from " + row.organ + ": " + row.note);
  }
  return e;
}

}  // namespace sojourn::dose
