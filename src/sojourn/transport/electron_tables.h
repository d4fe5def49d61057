#pragma once
#include <cstddef>
#include <vector>

namespace sojourn::transport {

/// What an electron in water (1 g/cm3) meets at one energy. Lengths in mm.
struct ElectronRow {
  double soft_loss = 0;  ///< collisions that lose less than the cut, keV/mm
  double radiation = 0;  ///< bremsstrahlung, keV/mm: leaves, deposits nothing here
  double knock_on = 0;   ///< collisions over the cut, 1/mm
  double hard_turn =
      0;              ///< nuclear deflections beyond `mu_cut`, 1/mm (before the spin's rejection)
  double mu_cut = 0;  ///< (1 - cos)/2 that parts hard from soft deflections
  double soft_turn = 0;  ///< -d ln(mean cosine)/ds of all soft deflections, 1/mm
  double screening = 0;  ///< Moliere's eta: the cross section falls as 1/(mu + eta)²
  double beta = 0;       ///< velocity
};

/// Cross sections for mixed simulation of electrons in water: rare hard events one by one, the many
/// soft ones together. Collisions: Moller. Deflections: Rutherford with Moliere's screening and the
/// spin term of McKinley and Feshbach; those by electrons that lose less than the cut are added to
/// the soft part.
/// @source Salvat F, PENELOPE-2018, NEA/MBDAV/R(2019)1, chapter 4 (the scheme); Andreo P, Phys Med
/// Biol 36 (1991) 861 (condensed histories).
class ElectronTables {
 public:
  /// @param highest_kev 2 keV to 5 MeV: the highest energy to be followed.
  /// @param loss_cut_kev collisions that lose more are followed one by one, 0.05 keV or more.
  ElectronTables(double highest_kev, double loss_cut_kev);

  /// Linear in ln E between rows; held at the ends (1 keV).
  [[nodiscard]] ElectronRow at(double energy_kev) const;
  [[nodiscard]] double loss_cut_kev() const { return cut_kev_; }
  [[nodiscard]] double highest_kev() const { return highest_kev_; }

 private:
  double highest_kev_, cut_kev_, per_log_ = 0;
  std::vector<ElectronRow> rows_;
};

}  // namespace sojourn::transport
