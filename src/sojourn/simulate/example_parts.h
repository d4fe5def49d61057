#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/simulate/organ_truth.h"

/// Pieces of the example study.
namespace sojourn::simulate {

/// What was done to mouse m07, in seconds of UTC and Bq. The same numbers stand in study.toml.
struct ExampleFacts {
  double activity_bq = 0.26e6, measured_utc_s = 0;
  double residual_bq = 12e3, residual_utc_s = 0;
  double infused_utc_s = 0;
  double body_mass_g = 21.4;
  double count = 7.0e6, viability = 0.93, cell_bound = 0.97;
  double half_life_s = 0, positron_fraction = 0;

  double injected_bq = 0;        ///< net, at the infusion
  double injected_fraction = 0;  ///< of the syringe
};
[[nodiscard]] ExampleFacts example_facts();

struct ExampleScan {
  std::string day;  ///< "d0"
  double start_hours = 0, duration_s = 0;
  [[nodiscard]] double mid_hours() const { return start_hours + duration_s / 2 / 3600; }
};
[[nodiscard]] const std::vector<ExampleScan>& example_scans();

/// A region as label maps, SEG and truth.tsv name it.
struct ExampleRegion {
  int value = 0;
  std::string name;
  std::vector<subject::Organ> organs;
  std::string code, meaning;  ///< SNOMED CT
};
[[nodiscard]] const std::vector<ExampleRegion>& example_regions();

/// The state at a time after the infusion.
[[nodiscard]] TruthState example_state(const ExampleFacts& facts, const TruthRates& rates,
                                       double hours);

/// Texts of the files.
[[nodiscard]] std::string example_study_text(const subject::PerOrgan& volume_ml,
                                             const image::Vec3& fwhm_mm);
[[nodiscard]] std::string truth_text(const ExampleFacts& facts, const TruthRates& rates,
                                     const subject::PerOrgan& volume_ml);
[[nodiscard]] std::string retention_text(const TruthRates& rates, std::uint64_t seed, bool noise);
[[nodiscard]] std::string growth_text(const TruthRates& rates, std::uint64_t seed, bool noise);
[[nodiscard]] std::string biodistribution_text(const ExampleFacts& facts, const TruthRates& rates,
                                               const subject::PerOrgan& volume_ml,
                                               std::uint64_t seed, bool noise);

}  // namespace sojourn::simulate
