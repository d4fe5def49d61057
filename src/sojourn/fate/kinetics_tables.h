#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/tsv.h"
#include "sojourn/fate/kinetics_input.h"

/// Tables of curves as users have them. docs/user/kinetics.md lists their columns.
namespace sojourn::fate::kinetics {

/// One region over time, decay-corrected to the injection.
struct RegionCurve {
  std::string region;
  std::vector<FrameTime> frames;
  std::vector<double> mean;  ///< shape [n_frames], unit of the table (Bq/mL of activity.tsv)
  std::vector<double> sd;    ///< shape [n_frames], or empty where the table has none; infinite
                             ///< for frames that do not count
};

/// Which rows of activity.tsv to take.
struct CurveChoice {
  std::string tracer;             ///< empty: the only one
  double injected_s = 0;          ///< injection of the tracer after the study's origin
  std::string region = "region";  ///< name of a curve whose table has no column of that name
};

/// From activity.tsv of a study (activity_dc_bq over volume_ml; times by `hours`), or from columns
/// start_s, duration_s, value, perhaps region and sd. Regions in the order of the table.
/// @throws Error(bad_input) for missing columns, several tracers of which none is chosen, regions
/// whose frames overlap.
[[nodiscard]] std::vector<RegionCurve> region_curves(const core::Tsv& table,
                                                     const CurveChoice& choice);

/// Blood samples as an input, with what was assumed.
struct BloodInput {
  Input input;
  std::vector<std::string> warnings;
};

/// Columns time_s, plasma, blood and parent_fraction, each but the first optional and with "n/a"
/// where not sampled, or the names of BIDS (time, plasma_radioactivity,
/// whole_blood_radioactivity, metabolite_parent_fraction). Without plasma it is taken as blood, and
/// the other way round; without a parent fraction all is parent: each is warned of.
/// @param factor from the table's unit to that of the tissue.
[[nodiscard]] BloodInput blood_input(const core::Tsv& table, double factor = 1);

/// The input from a region of blood: its means over `recovery`, scaled to the table's samples of
/// whole blood and times its parent fraction, where there is a table.
/// @throws Error(bad_input) as image_derived_blood; for a table without samples of blood.
[[nodiscard]] BloodInput image_input(const RegionCurve& pool, double recovery,
                                     const core::Tsv* samples = nullptr, double factor = 1);

}  // namespace sojourn::fate::kinetics
