#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/dose/time_integral.h"

namespace sojourn::dose {

/// Decays in a source per administered activity, Bq h/Bq.
struct SourceIntegral {
  std::string source;
  double hours = 0, sd = 0;
};

/// Columns source, hours, sd (may be left out). @throws Error(bad_input) naming the line: unknown
/// numbers, negatives, a source twice.
[[nodiscard]] std::vector<SourceIntegral> read_integrals(std::string_view tsv,
                                                         const std::string& name);

/// A measured curve of a source.
struct SourceCurve {
  std::string source;
  std::vector<CurvePoint> points;
};
/// Columns source, hours, fraction (of the administered activity, not decay-corrected), sd (may be
/// left out); rows of a source in any place, ascending in time.
[[nodiscard]] std::vector<SourceCurve> read_curves(std::string_view tsv, const std::string& name);

/// From one species to another: the fraction in an organ by its part of the body, f (m/M of the
/// target)/(m/M of the animal); times by (M/M)^(1/4) where asked, decay aside.
/// @source Kirschner AS, Ice RD, Beierwaltes WH, J Nucl Med 16 (1975) 248; Sparks RB, Aydogan B, in
/// 6th Int Radiopharmaceutical Dosimetry Symposium 1996, 705.
struct Scaling {
  double part_ratio = 1;   ///< (m/M) of the target over (m/M) of the animal
  double time_factor = 1;  ///< 1, or (M target / M animal)^0.25
  double half_life_s = 0;
};
[[nodiscard]] SourceCurve scaled(const SourceCurve& curve, const Scaling& scaling);

}  // namespace sojourn::dose
