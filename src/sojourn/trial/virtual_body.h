#pragma once
#include <map>
#include <string>
#include <vector>

#include "sojourn/records/study.h"
#include "sojourn/subject/voxels.h"
#include "sojourn/trial/virtual_truth.h"

namespace sojourn::trial {

/// A region of the virtual study: organs, and what of the model it shows.
struct VirtualRegion {
  std::string name;
  std::vector<std::string> roles;
  double fraction = 1;  ///< part of the compartment inside it
  std::vector<std::size_t> organs;
};

struct VirtualBody {
  subject::Subject subject;
  std::vector<VirtualRegion> regions;  ///< label value i + 1; every organ with solids is in one
  int tumours = 0;
};

/// The subject of the species (by sex, for people), scaled to the study's mass, with a ball of
/// tumour on the flank for each tumour region of the study. @throws Error(bad_input) where a tumour
/// finds no place.
[[nodiscard]] VirtualBody virtual_body(const records::Study& study);

/// What each organ with solids holds: compartments go to the organ of their name, blood and marrow
/// and gut over the organs that hold them, what has no organ to the rest.
[[nodiscard]] std::vector<VirtualHolding> organ_holdings(
    const subject::Subject& subject, const std::map<std::string, VirtualHolding>& compartments);

}  // namespace sojourn::trial
