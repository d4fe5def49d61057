#pragma once
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a plan asks and answers: plain data between `plan`, `report` and `cli`.
namespace sojourn::records {

/// Where a planned number comes from.
enum class Basis {
  published,  ///< a cited row states it
  modelled,   ///< the program calculated it from cited numbers
  assumed     ///< at least one number behind it is an assumption
};

struct PlanQuestion {
  std::string id;
  std::string species;  ///< mouse | rat | macaque | human
  double body_mass_g = 0;
  std::string cells;  ///< catalogue id
  double infused_cells = 0;
  double viability = 1;
  std::string route = "iv";      ///< iv | ip | intratumoral | intranodal | intracranial
  bool engineered = false;       ///< a reporter gene may be brought in
  std::string target;            ///< only probes of this target; empty: all that the cells bear
  std::vector<std::string> see;  ///< homing, survival, expansion, function, target
  std::vector<double> scans_s;   ///< wanted scan times after infusion, ascending, at least one
  std::string region;            ///< role of the organ where the cells are looked for
  double lesion_ml = 1;          ///< volume of the region
  double lesion_depth_mm = 5;    ///< under the skin, for light
  double wanted_cells = 0;       ///< cells in the region that must be seen
  std::vector<std::string> scanners;  ///< catalogue ids; empty: every scanner of the species
  std::optional<double> scan_time_s;  ///< of one region; none: the scanner's usual time
  std::optional<double> background_bq_per_ml;  ///< around the lesion; none: from the model
  std::optional<double> max_effective_dose_msv;
  std::vector<std::string> warnings;
};

/// A number with what it rests on; none where nothing can be said.
struct Planned {
  std::optional<double> value;
  Basis basis = Basis::modelled;
};

/// What the region's organ holds of a label that the cells carry, without decay: parts of the label
/// given, and of the cells infused alive.
struct PlanOrgan {
  double cells = 0, live = 0, debris = 0, free = 0;
};

/// One scan of a planned method.
struct PlanPoint {
  double time_s = 0;           ///< after the infusion of the cells
  double signal_per_cell = 0;  ///< Bq, 19F atoms, g of iron or photons per second, with decay
  double limit_signal = 0;     ///< of the region, in that unit: detection limit
  double limit_cells = 0;      ///< in the region
  double limit_cells_per_ml = 0;
  std::string limited_by;          ///< "counting", "background", "crystals", "voxel noise", "depth"
  double contrast = 0;             ///< region with the wanted cells over its surroundings; 0: none
  bool detects = false;            ///< the wanted cells are over the limit
  std::optional<PlanOrgan> organ;  ///< none: nothing is carried
};

/// The window of activity in a million cells (ex vivo labels).
struct LabellingWindow {
  std::optional<double> low_bq;   ///< below it the wanted cells are missed at the last scan
  double high_bq = 0;             ///< above it cells are harmed
  std::optional<double> dose_bq;  ///< above it the subject's dose limit is exceeded
  double chosen_bq = 0;
};

struct MethodPlan {
  std::string id, name, method_class, modality, nuclide, scanner;
  std::vector<std::string> exclusions;  ///< why not; empty: feasible
  std::vector<std::string> warnings;
  std::vector<std::string> needs;  ///< cost drivers
  bool indicative = false;         ///< over half of the method's numbers are assumed: ranked last
  double assumed_share = 0;
  bool known_in_species = true;  ///< the catalogue knows of its use in the question's species
  std::string signal_unit;       ///< "Bq", "19F atoms", "g", "1/s"
  std::optional<LabellingWindow> window;
  Planned administered_bq;     ///< activity given to the subject, per administration
  Planned effective_dose_msv;  ///< of one administration
  Planned imaging_delay_s;     ///< tracer to scan; none for labels
  Planned optimum_delay_s;     ///< modelled optimum of vector and nuclide, probes only
  Planned nuclide_match;       ///< 0 to 1: how well the nuclide's half-life fits the vector
  Planned positron_blur_mm;    ///< FWHM that the positron's range adds
  Basis signal_basis = Basis::modelled, limit_basis = Basis::modelled;
  std::vector<PlanPoint> points;                        ///< one for each scan
  std::vector<std::pair<double, double>> signal_curve;  ///< (time_s, signal per cell), for charts
  std::vector<std::string> citations;

  [[nodiscard]] bool feasible() const { return exclusions.empty(); }
};

struct PlanResult {
  PlanQuestion question;
  std::vector<MethodPlan> methods;  ///< feasible ones first, best first; then the excluded by id
  std::string skeleton;  ///< study.toml of the best nuclear method; empty where none is feasible
  std::vector<std::pair<std::string, std::string>> references;  ///< key, text, as cited
  std::vector<std::string> notes;                               ///< what holds for the whole plan
};

/// "published", "modelled", "assumed".
[[nodiscard]] std::string name_of(Basis basis);

}  // namespace sojourn::records
