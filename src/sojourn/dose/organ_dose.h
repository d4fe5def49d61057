#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/dose/body_transport.h"
#include "sojourn/dose/nuclide_kernel.h"

namespace sojourn::dose {

/// A dose per decay with the standard error of the Monte Carlo, mGy/(MBq s).
struct SValue {
  double electrons = 0, photons = 0, photons_se = 0;
  [[nodiscard]] double total() const { return electrons + photons; }
};

/// Where activity sits: one organ, or all that no other source names.
inline constexpr const char* kRemainder = "rest";

/// Dose to every organ per decay in a source.
class OrganSValues {
 public:
  /// @param kernel of the nuclide: what electrons lose from small organs.
  /// @param photons histories per source.
  OrganSValues(const BodyTransport& body, const nuclide::Nuclide& nuclide,
               const NuclideKernel& kernel, std::size_t photons, std::uint64_t seed);

  /// S values from `source` to all organs, shape [organs]; nothing where an organ has no mass.
  /// @param named the other sources, which the remainder ("rest") leaves out.
  /// @throws Error(bad_input) for an unknown source, with the nearest.
  [[nodiscard]] std::vector<std::optional<SValue>> from(
      const std::string& source, const std::vector<std::string>& named = {}) const;

 private:
  [[nodiscard]] std::vector<double> shares_of(const std::string& source,
                                              const std::vector<std::string>& named) const;
  void add_electrons(const std::vector<double>& share, std::vector<double>& gray) const;

  const BodyTransport& body_;
  std::vector<PhotonLine> lines_;
  const NuclideKernel& kernel_;
  double local_photon_kev_ = 0;
  std::size_t photons_;
  std::uint64_t seed_;
};

/// S value of an organ for itself when its mass is another: electrons by 1/mass, photons by
/// mass^(-2/3). @source Snyder WS, in MIRD Pamphlet 11 and NM/MIRD 5 revised; Traino AC et al.,
/// Phys Med Biol 52 (2007) 5231.
[[nodiscard]] SValue mass_scaled(const SValue& s, double from_g, double to_g);

}  // namespace sojourn::dose
