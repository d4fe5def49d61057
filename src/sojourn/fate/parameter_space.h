#pragma once
#include <span>
#include <string>
#include <vector>

#include "sojourn/fate/culture_fit.h"
#include "sojourn/fate/inference.h"
#include "sojourn/fate/shared_body.h"

namespace sojourn::fate {

/// One possible world of an inference.
struct InferredWorld {
  SharedBody body;
  double viability = 1, bound_fraction = 1;
  double counted = 1;            ///< cells that entered, over those stated
  RateTriple culture_per_s{};    ///< division, death and efflux in the culture of the assays
  std::vector<double> fraction;  ///< per region of ParameterSpace::regions: over that stated
  std::vector<double> uptake;    ///< per tracer: of one living cell
  /// Per tracer and region of ParameterSpace::regions.
  std::vector<double> background, residents;
};

/// The unknowns of a problem as standard normal scores z: rates and routes of label and cells,
/// traffic of the sites that regions show, and what was stated of the infusion. What cannot matter
/// (a certain belief, deferoxamine that was not given) is no unknown.
class ParameterSpace {
 public:
  explicit ParameterSpace(const InferenceProblem& problem);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// With units: "homing_liver_per_s".
  [[nodiscard]] const std::string& name(std::size_t k) const { return entries_[k].name; }
  [[nodiscard]] InferredWorld at(std::span<const double> z) const;
  /// A region's signal of a tracer that two unknowns share: its residents times the uptake, and its
  /// background. Indices of parameters, and what is believed of each.
  struct Shared {
    std::size_t residents = 0, background = 0, uptake = 0;
    LogNormal resident_cells, background_bq, uptake_bq;
  };
  [[nodiscard]] std::vector<Shared> shared_signals() const;
  /// The value of parameter k alone at a score, the others at theirs: for summaries.
  [[nodiscard]] double natural(std::size_t k, double z) const;
  /// Whether the count of the infused cells is an unknown (something shows it beside the label).
  [[nodiscard]] bool counted() const { return counted_; }
  [[nodiscard]] const std::vector<std::string>& regions() const { return regions_; }
  [[nodiscard]] std::size_t region(const std::string& name) const;

 private:
  enum class Kind {
    belief,
    transfer,
    homing,
    residence,
    blood,
    lung,
    viability,
    bound,
    counted,
    fraction,
    uptake,
    background,
    residents
  };
  struct Entry {
    Kind kind;
    std::size_t index;  ///< of belief, rate, site, tracer, or tracer and region
    std::string name;
  };
  void add_beliefs(bool assayed);
  void add_traffic();
  void add_infusion();
  void add_fractions();
  void add_tracers();
  [[nodiscard]] LogNormal of_region(std::map<std::string, LogNormal> TracerBelief::*map,
                                    std::size_t index) const;
  void move(const Entry& entry, double z, InferredWorld& world) const;

  const InferenceProblem* problem_;
  SharedBody body_;
  std::vector<Entry> entries_;
  std::vector<std::string> regions_;
  bool counted_ = false;
};

}  // namespace sojourn::fate
