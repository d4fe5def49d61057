#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/fate/tracer_belief.h"
#include "sojourn/records/results.h"
#include "sojourn/records/study.h"

namespace sojourn::fate {

/// What counting cells needs: the study, its measurements, and what was infused when.
struct CountRequest {
  const records::Study* study = nullptr;
  const std::vector<records::Measurement>* measurements = nullptr;  ///< all scans
  double half_life_s = 0;  ///< of the label's nuclide; 0: no label
  double injected_bq = 0;  ///< label, net, at infusion
  double syringe_bq = 0;   ///< at infusion
  std::vector<TracerGiven> tracers;
  double body_mass_g = 0;  ///< 0: not known
  std::uint64_t seed = 1;
};

struct CountResult {
  std::vector<records::CellEstimate>
      rows;           ///< one for each measurement that shows cells of a region with a role
  std::string model;  ///< name and version, for provenance
  std::vector<std::pair<std::string, double>>
      parameters;  ///< what was used, with units in the names
  std::vector<std::string> citations;
  std::vector<std::string> warnings;
  std::optional<records::PosteriorSummary> posterior;  ///< of the full inference
};

/// Activity -> living cells.
class CellCounter {
 public:
  virtual ~CellCounter() = default;
  [[nodiscard]] virtual CountResult count(const CountRequest& request) const = 0;
};

/// The label with constant rates in closed form, region by region; intervals by propagation of the
/// uncertainties of rates, counts, calibration, recovery and assay. Tracers are ignored.
[[nodiscard]] std::unique_ptr<CellCounter> closed_form_counter();

/// Label, tracers and cells as one system: the posterior of the whole body's model given every
/// region, scan and assay. Where its sampling fails, or a region has no place in the model, the
/// closed form answers for the label and a warning says so.
[[nodiscard]] std::unique_ptr<CellCounter> posterior_counter();

}  // namespace sojourn::fate
