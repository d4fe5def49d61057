#pragma once
#include <string>
#include <vector>

namespace sojourn::dose {

/// A published dose that leaves 37 % of a kind of cell (a row of data/dose/radiosensitivity_2026).
struct Sensitivity {
  std::string cells, species, state, endpoint, citation, note;
  double d37_low_gy = 0, d37_high_gy = 0;
};

/// The range of D37 over all rows that fit: the sources contradict each other, and none is chosen.
struct SensitivityRange {
  double d37_low_gy = 0, d37_high_gy = 0;
  std::vector<Sensitivity> rows;
};

/// Kinds of cells that the table knows: "b", "cd4-t" …
[[nodiscard]] std::vector<std::string> sensitivity_cells();

/// @param cells a kind of the table; cd4-t and cd8-t take the rows of "t" too, all of them those of
/// "lymphocyte". @param state "resting", "stimulated" or "any": rows of another state are left out.
/// @throws Error(bad_input) for unknown words.
[[nodiscard]] SensitivityRange sensitivity_of(const std::string& cells, const std::string& state);

/// A range of an effect per Gy, with its source.
struct EffectPerGy {
  double low = 0, high = 0;
  std::string citation;
};
/// "double_strand_breaks" (per cell) or "division_delay" (h).
[[nodiscard]] EffectPerGy effect_per_gy(const std::string& quantity);

/// Clonogenic survival, exp(-alpha D - G beta D²). @param protraction G, 0 to 1.
[[nodiscard]] double survival(double dose_gy, double alpha_per_gy, double beta_per_gy2 = 0,
                              double protraction = 1);

/// Lea and Catcheside's G for a dose rate that falls as e^(-kt) until `duration_s`, and damage that
/// is repaired as e^(-mu t): 2/D² ∫ R(t) ∫_0^t R(w) e^(-mu (t - w)) dw dt. 1 for a flash, k/(k +
/// mu) for full decay.
/// @source Lea and Catcheside, J Genet 44 (1942) 216.
[[nodiscard]] double protraction_factor(double decay_per_s, double repair_per_s, double duration_s);

/// Activities per million cells between which a model places harm.
struct LabellingWindow {
  double harmless_below_kbq = 0;  ///< even by the most sensitive source 90 % survive
  double harmful_above_kbq = 0;   ///< even by the most resistant source under 37 % survive
};

/// @param gy_per_bq dose to the nucleus for 1 Bq in a cell, within the time that counts.
[[nodiscard]] LabellingWindow labelling_window(double gy_per_bq, const SensitivityRange& range);

}  // namespace sojourn::dose
