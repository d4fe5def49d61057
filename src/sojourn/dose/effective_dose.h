#pragma once
#include <map>
#include <string>
#include <vector>

namespace sojourn::dose {

/// A tissue of ICRP Publication 103 and the organ that stands for it.
struct TissueWeight {
  std::string tissue, organ, sex, note;  ///< sex: any, male, female; note: "" or what it is not
  double weight = 0;
};
/// data/dose/tissue_weights_2007; the weights of each sex add up to one.
[[nodiscard]] const std::vector<TissueWeight>& tissue_weights();

/// Dose of one sex by organ, mGy/MBq.
using OrganDoses = std::map<std::string, double, std::less<>>;

struct EffectiveDose {
  double msv_per_mbq = 0;
  std::vector<std::string> surrogates;  ///< "bone-surface from bone: …"
};

/// Sum of weights times the mean dose of both sexes; radiation weighting 1 (photons, electrons).
/// @throws Error(bad_input) for an organ that neither stands in for.
[[nodiscard]] EffectiveDose effective_dose(const OrganDoses& male, const OrganDoses& female);

}  // namespace sojourn::dose
