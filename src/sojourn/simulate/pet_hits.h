#pragma once
#include <cstdint>
#include <vector>

#include "sojourn/nuclide/beta_spectrum.h"
#include "sojourn/simulate/pet_ring.h"
#include "sojourn/simulate/pet_scanner.h"
#include "sojourn/transport/decay_source.h"

namespace sojourn::simulate {

/// What a PET scan shows: a body of voxels with activity.
struct PetSubject {
  const transport::VoxelGrid* grid = nullptr;       ///< none: nothing attenuates
  const transport::PhotonTables* tables = nullptr;  ///< of the grid's media
  const transport::SourceMap* source = nullptr;
  double activity_bq = 0;  ///< at the start
  std::string nuclide;
};

/// Light in one block from one decay, blurred in energy and time.
struct Hit {
  double time_ns = 0;  ///< since the start of the slice
  std::uint32_t crystal = 0, block = 0;
  float energy_kev = 0;
  std::uint32_t decay = 0;  ///< photons of different numbers are no true pair
  std::uint8_t flags = 0;   ///< records::ListModeFlag
};

/// Turns decays into hits. Holds no state of its own: one object serves all threads.
class PetHits {
 public:
  /// @param cut_kev photons under it are absorbed where they are, in subject and crystals.
  PetHits(const PetScanner& scanner, const PetSubject& subject, double cut_kev);

  /// One decay of the subject. @param where part of the source; @param decay number in its slice.
  void decay(transport::Stream& random, const transport::SourceMap::Range& where,
             std::uint32_t decay, double time_ns, double slice_ns, std::vector<Hit>& hits) const;
  /// One decay of 176Lu in the crystals.
  void background(transport::Stream& random, std::uint32_t decay, double time_ns,
                  std::vector<Hit>& hits) const;

  /// Decays per second of 176Lu in all crystals.
  [[nodiscard]] double background_bq() const;

 private:
  struct Lights;
  void follow(transport::Photon photon, bool in_ring, std::uint8_t flags, transport::Stream& random,
              Lights& lights) const;
  void read_out(const Lights& lights, transport::Stream& random, std::uint32_t decay,
                double time_ns, std::vector<Hit>& hits) const;
  void annihilate(const image::Vec3& at, transport::Stream& random, Lights& lights) const;
  [[nodiscard]] image::Vec3 end_of_positron(const image::Vec3& from,
                                            transport::Stream& random) const;
  [[nodiscard]] std::uint32_t block_of(std::uint32_t crystal) const;

  PetScanner scanner_;
  PetSubject subject_;
  PetRing ring_;
  transport::DecayScheme scheme_;
  double cut_kev_;
  double energy_sigma_, time_sigma_ns_, across_kev_ = 0;
  const nuclide::BetaSpectrum* lutetium_beta_ = nullptr;
  std::vector<transport::GammaLine> lutetium_lines_;
};

}  // namespace sojourn::simulate
