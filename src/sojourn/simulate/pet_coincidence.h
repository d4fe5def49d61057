#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/records/list_mode.h"
#include "sojourn/simulate/pet_hits.h"

namespace sojourn::simulate {

/// What became of the decays; sums over slices.
struct PetCounts {
  std::uint64_t decays = 0, background_decays = 0;
  std::uint64_t hits = 0;  ///< lights in blocks
  std::uint64_t piled_up = 0, lost_dead = 0;
  std::uint64_t singles = 0;      ///< in the energy window
  std::uint64_t multiples = 0;    ///< windows with more than two singles
  std::uint64_t out_of_view = 0;  ///< pairs outside of the field of view or ring difference
  std::uint64_t prompts = 0, trues = 0, scattered = 0, randoms = 0, gamma = 0, background = 0;
  std::uint64_t mixed = 0;  ///< prompts with light of two decays in a block (pile-up)
  std::uint64_t delayed = 0;
  PetCounts& operator+=(const PetCounts& other);
};

/// Hits of one slice -> hits that the blocks accept: light within the integration time of a hit
/// adds to it, what comes until the end of the dead time is lost. @param hits sorted by time here.
[[nodiscard]] std::vector<Hit> block_singles(std::vector<Hit>& hits, const PetScanner& scanner,
                                             PetCounts& counts);

/// Pairs of singles (sorted by time), prompts and delayed, into events with flags.
/// @param delay_ns shift of the delayed window; 0: none.
void pair_singles(const std::vector<Hit>& singles, const PetScanner& scanner, double delay_ns,
                  double time_unit_ns, std::vector<records::ListModeEvent>& events,
                  PetCounts& counts);

}  // namespace sojourn::simulate
