#pragma once
#include <array>
#include <cstddef>

namespace sojourn::simulate {

/// Where living cells and their debris can be.
enum class Site { blood, lung, liver, spleen, marrow, lymph_nodes, tumour, rest };
inline constexpr std::size_t kSites = 8;
using PerSite = std::array<double, kSites>;

/// Rates of the truth, per hour; fractions between 0 and 1. Symbols: docs/theory/virtual_study.md.
struct TruthRates {
  double division = 0, death = 0, efflux = 0;
  double phagocytosed = 0, debris_release = 0, free_clearance = 0;
  double bone = 0, liver = 0, kidney = 0, urine = 0;  ///< routes of the free label; remainder: rest
  double voiding = 0;                                 ///< of the bladder
  PerSite from_blood{};                               ///< blood -> site; [blood] is not used
  PerSite to_blood{};                                 ///< site -> blood
  double pulse_start_h = 0, pulse_stop_h = 0, pulse_death_factor = 1;
};

/// The catalogue's defaults for zr89-oxine and cd8-t, each moved by 20 to 50 %, and a pulse of
/// death from 30 to 42 h.
[[nodiscard]] TruthRates example_rates();

/// Label without physical decay (Bq at the infusion) and living cells.
struct TruthState {
  PerSite cells{}, live_bq{}, debris_bq{};
  double free_bq = 0;
  double bone_bq = 0, liver_bq = 0, kidney_bq = 0, rest_bq = 0;  ///< free label, taken up
  double bladder_bq = 0, voided_bq = 0;

  /// All label, with what has left the body: constant in time.
  [[nodiscard]] double label_bq() const;
};

/// Living cells stopped in the lung's capillaries (first pass), debris with the phagocytes of
/// liver, spleen and lung, free label in plasma.
[[nodiscard]] TruthState start(double cells, double live_bq, double debris_bq, double free_bq);

/// The state `hours` after `state`, which is `from_hours` after the infusion; exact between the
/// changes of the rates (matrix exponential).
[[nodiscard]] TruthState advance(const TruthRates& rates, const TruthState& state,
                                 double from_hours, double hours);

}  // namespace sojourn::simulate
