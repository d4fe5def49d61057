#pragma once
#include <span>
#include <string>
#include <vector>

#include "sojourn/fate/inference.h"

namespace sojourn::fate {

/// One possible world of an inference.
struct InferredWorld {
  Body body;
  double viability = 1, bound_fraction = 1;
  double uptake = 0;                ///< tracers: of one living cell
  std::vector<double> backgrounds;  ///< tracers: per region of ParameterSpace::regions
};

/// The unknowns of a problem as standard normal scores z: rates and routes of label and cells,
/// traffic of the sites that regions show, and what was stated of the infusion.
class ParameterSpace {
 public:
  explicit ParameterSpace(const InferenceProblem& problem);

  [[nodiscard]] std::size_t size() const { return names_.size(); }
  /// With units: "homing_liver_per_s".
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] InferredWorld at(std::span<const double> z) const;
  /// The value of parameter k alone at a score, the others at theirs: for summaries.
  [[nodiscard]] double natural(std::size_t k, double z) const;
  [[nodiscard]] const std::vector<std::string>& regions() const { return regions_; }
  [[nodiscard]] std::size_t region(const std::string& name) const;

 private:
  struct Entry {
    enum class Kind {
      belief,
      homing,
      residence,
      blood,
      lung,
      viability,
      bound,
      uptake,
      background
    };
    Kind kind;
    std::size_t index = 0;  ///< of belief, site or region
  };
  void add(std::string name, Entry::Kind kind, std::size_t index = 0);

  const InferenceProblem* problem_;
  std::vector<Entry> entries_;
  std::vector<std::string> names_, regions_;
};

}  // namespace sojourn::fate
