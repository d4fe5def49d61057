#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sojourn/records/results.h"
#include "sojourn/records/study.h"

namespace sojourn::fate {

/// What counting cells needs: the study, its measurements of the label, and who was infused when.
struct CountRequest {
  const records::Study* study = nullptr;
  const std::vector<records::Measurement>* measurements =
      nullptr;             ///< all scans; those of other tracers are ignored
  double half_life_s = 0;  ///< of the label's nuclide
  double injected_bq = 0;  ///< net, at infusion
  double syringe_bq = 0;   ///< at infusion
  std::uint64_t seed = 1;
};

struct CountResult {
  std::vector<records::CellEstimate>
      rows;           ///< one for each label measurement of a region with a role
  std::string model;  ///< name and version, for provenance
  std::vector<std::pair<std::string, double>>
      parameters;  ///< what was used, with units in the names
  std::vector<std::string> citations;
  std::vector<std::string> warnings;
};

/// Activity -> living cells. The closed form below is the first; inference will stand behind the
/// same interface.
class CellCounter {
 public:
  virtual ~CellCounter() = default;
  [[nodiscard]] virtual CountResult count(const CountRequest& request) const = 0;
};

/// Label and cells with constant rates in closed form, intervals by propagation of the
/// uncertainties of rates, counts, calibration, recovery and assay.
[[nodiscard]] std::unique_ptr<CellCounter> closed_form_counter();

}  // namespace sojourn::fate
