#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/inference.h"

/// From the study's measurements and ex vivo counts to what an inference looks at.
namespace sojourn::fate {

/// Observations, and which measurement each is of (none: counted ex vivo).
struct Observed {
  std::vector<Observation> rows;
  std::vector<const records::Measurement*> measured;
  int tumours = 0;  ///< regions of a whole tumour, each a site of its own
  /// Regions that show a compartment together and state no shares: they are taken to share it by
  /// volume, within this spread of the logarithm each.
  std::map<std::string, double> fraction_ln_sd;
};

/// The label's rows of regions that the body has a place for, and those of the request's tracers.
/// Regions without a place are left out: they hold no infused cells that the model knows of. Where
/// nothing was infused, a tracer's region needs a role but no place. What is left out although it
/// was measured is told: regions without a role, and totals of exactly 0 without noise, which no
/// scanner gives.
[[nodiscard]] Observed observe(const CountRequest& request, std::vector<std::string>& warnings);

/// Adds biodistribution and counts of the study's assays.
void add_ex_vivo(const records::Study& study, double injected_bq, Observed& all,
                 std::vector<std::string>& warnings);

/// Whether a region of this name is the whole subject.
[[nodiscard]] bool names_whole_body(const std::string& region);
/// "a, b, c".
[[nodiscard]] std::string joined(const std::set<std::string>& words);

}  // namespace sojourn::fate
