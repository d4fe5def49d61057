#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "sojourn/core/progress.h"
#include "sojourn/records/list_mode.h"
#include "sojourn/simulate/pet_coincidence.h"

namespace sojourn::simulate {

struct PetOptions {
  double duration_s = 0;
  std::uint64_t seed = 1;
  bool background = true;  ///< 176Lu of the crystals
  bool delayed = true;     ///< keep a delayed window as an estimate of randoms
  double cut_kev = 30;     ///< photons below are absorbed on the spot
  /// Wanted decays (subject and crystals) in a slice of time. Singles of two slices never meet: of
  /// the pairs, one in (slice / window) is lost, under 1e-5 here.
  double decays_per_slice = 2e5;
};

/// An acquisition in slices of time. The events of a slice depend on seed and slice alone: the same
/// for any number of threads, and after a resume.
class PetAcquisition {
 public:
  /// @throws Error(bad_value) for no duration or no activity at all.
  PetAcquisition(const PetScanner& scanner, const PetSubject& subject, const PetOptions& options);

  [[nodiscard]] std::uint32_t slices() const { return slices_; }
  [[nodiscard]] double slice_s() const { return options_.duration_s / slices_; }
  [[nodiscard]] const PetScanner& scanner() const { return scanner_; }
  /// The header of the list mode that these slices make.
  [[nodiscard]] records::ListModeHeader header() const;
  /// Events of one slice, by time. Safe to call from many threads.
  [[nodiscard]] std::vector<records::ListModeEvent> slice(std::uint32_t index,
                                                          PetCounts& counts) const;

 private:
  PetScanner scanner_;
  PetSubject subject_;
  PetOptions options_;
  PetHits hits_;
  double decay_per_s_ = 0;
  std::uint32_t slices_ = 1;
  double time_unit_ns_ = 1;
};

/// Runs all slices on the machine's cores and hands their events over in order.
PetCounts acquire(const PetAcquisition& acquisition,
                  const std::function<void(std::uint32_t slice,
                                           const std::vector<records::ListModeEvent>&)>& take,
                  std::uint32_t first_slice = 0, const core::Progress& progress = {});

/// The same into a list mode file. With `resume`, slices that a stopped run left in it are kept;
/// the counts are those of this run.
PetCounts acquire_to_file(const PetAcquisition& acquisition, const std::filesystem::path& path,
                          bool resume, const core::Progress& progress = {});

}  // namespace sojourn::simulate
