#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sojourn/dose/nuclide_kernel.h"
#include "sojourn/subject/subject.h"
#include "sojourn/subject/voxels.h"
#include "sojourn/transport/follow.h"

namespace sojourn::dose {

/// Energy that photons leave in each organ, keV per decay; shape [organs of the subject].
struct OrganEnergy {
  std::vector<double> kev, se;
  double left_body_kev = 0;  ///< carried out of the grid
};

/// A subject on a grid, ready for photons: each voxel has the tissue that fills most of it; what is
/// deposited in a voxel is shared by the masses of the organs in it.
class BodyTransport {
 public:
  BodyTransport(subject::Subject subject, double spacing_mm);

  [[nodiscard]] const subject::Subject& subject() const { return subject_; }
  /// Mass of organs with solids, g; of organs that are spread in others: their reference mass, 0
  /// where none is stated.
  [[nodiscard]] const std::vector<double>& masses_g() const { return masses_g_; }

  /// Photons of the lines, started evenly in the organs of `share` (shape [organs], sum 1; organs
  /// that are spread must have been shared out to their hosts). The same for any number of threads.
  [[nodiscard]] OrganEnergy photons(const std::vector<PhotonLine>& lines,
                                    const std::vector<double>& share, std::size_t histories,
                                    std::uint64_t seed) const;

  /// The shares of organs with solids: an organ that is spread hands its own on to its hosts.
  [[nodiscard]] std::vector<double> on_hosts(const std::vector<double>& share) const;

 private:
  subject::Subject subject_;
  subject::Voxels voxels_;
  std::vector<double> masses_g_;
  std::unique_ptr<transport::PhotonTables> tables_;
  std::unique_ptr<transport::VoxelGrid> grid_;
};

}  // namespace sojourn::dose
