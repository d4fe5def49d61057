#include "sojourn/dose/organ_dose.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/dose/sphere_dose.h"

namespace sojourn::dose {
namespace {

/// mGy/(MBq s) of 1 keV per decay in 1 g.
constexpr double kUnit = 1.602176634e-16 / 1e-3 * 1e6 * 1e3;

/// Contents and the wall around them: electrons give the wall's surface half of the dose of the
/// contents (ICRP Publication 30, part 1, section 4).
constexpr std::array<std::array<const char*, 2>, 4> kWalls{{{"stomach-contents", "stomach"},
                                                            {"colon-contents", "colon"},
                                                            {"bladder", "bladder-wall"},
                                                            {"heart-contents", "heart"}}};
/// Electrons of bone activity, half of it on trabecular surfaces, of whose energy half reaches the
/// active marrow (ICRP Publication 30, part 1, table 7.4).
constexpr double kBoneToMarrow = 0.25;

bool is_spread(const subject::BodyOrgan& organ) { return !organ.spread.empty(); }

/// Marrow whose mass is known is a target of its own; elsewhere it has the dose of the bones.
bool own_marrow(const subject::BodyOrgan& organ, double mass_g) {
  return organ.id == "marrow" && mass_g > 0;
}

}  // namespace

OrganSValues::OrganSValues(const BodyTransport& body, const nuclide::Nuclide& nuclide,
                           const NuclideKernel& kernel, std::size_t photons, std::uint64_t seed)
    : body_(body), lines_(photon_lines(nuclide)), kernel_(kernel), photons_(photons), seed_(seed) {
  for (const auto& line : lines_)
    if (line.energy_kev <= kLocalPhoton_kev) local_photon_kev_ += line.energy_kev * line.per_decay;
}

std::vector<double> OrganSValues::shares_of(const std::string& source,
                                            const std::vector<std::string>& named) const {
  const auto& s = body_.subject();
  std::vector<double> share(s.organs.size(), 0);
  if (source != kRemainder) {
    share[s.index_of(source)] = 1;
    return share;
  }
  double whole = 0;
  for (std::size_t i = 0; i < share.size(); ++i) {
    const auto& organ = s.organs[i];
    const bool taken =
        organ.id != kRemainder && std::find(named.begin(), named.end(), organ.id) != named.end();
    if (taken || is_spread(organ)) continue;
    whole += share[i] = body_.masses_g()[i];
  }
  for (double& v : share) v /= whole;
  return share;
}

void OrganSValues::add_electrons(const std::vector<double>& share,
                                 std::vector<double>& gray) const {
  const auto& s = body_.subject();
  const auto& masses = body_.masses_g();
  const double emitted = kernel_.electron_energy_kev() + local_photon_kev_;
  const std::size_t around = s.index_of(kRemainder);
  for (std::size_t i = 0; i < share.size(); ++i) {
    if (share[i] == 0) continue;
    const auto& organ = s.organs[i];
    if (is_spread(organ)) {
      if (own_marrow(organ, masses[i])) {
        gray[i] += kUnit * share[i] * emitted / masses[i];
        continue;
      }
      std::vector<double> one(share.size(), 0);
      one[i] = share[i];
      add_electrons(body_.on_hosts(one), gray);
      continue;
    }
    const double kept = std::min(
        1.0, (sphere_dose(kernel_, masses[i]).electron_fraction * kernel_.electron_energy_kev() +
              local_photon_kev_) /
                 std::max(emitted, 1e-30));
    gray[i] += kUnit * share[i] * emitted * kept / masses[i];
    if (i != around) gray[around] += kUnit * share[i] * emitted * (1 - kept) / masses[around];
    for (const auto& [contents, wall] : kWalls)
      if (organ.id == contents)
        if (const auto w = s.find(wall)) gray[*w] += 0.5 * kUnit * share[i] * emitted / masses[i];
    if (organ.id == "bone")
      if (const auto m = s.find("marrow"); m && masses[*m] > 0)
        gray[*m] += kUnit * share[i] * emitted * kBoneToMarrow / masses[*m];
  }
}

std::vector<std::optional<SValue>> OrganSValues::from(const std::string& source,
                                                      const std::vector<std::string>& named) const {
  const auto& s = body_.subject();
  const auto& masses = body_.masses_g();
  const auto share = shares_of(source, named);
  const auto energy = body_.photons(lines_, body_.on_hosts(share), photons_, seed_);
  std::vector<double> electrons(share.size(), 0);
  add_electrons(share, electrons);
  std::vector<std::optional<SValue>> values(share.size());
  for (std::size_t i = 0; i < share.size(); ++i) {
    if (!is_spread(s.organs[i])) {
      if (masses[i] > 0)
        values[i] = SValue{electrons[i], kUnit * energy.kev[i] / masses[i],
                           kUnit * energy.se[i] / masses[i]};
      continue;
    }
    // photons: the dose of the hosts, by their shares
    double whole = 0;
    SValue v{electrons[i], 0, 0};
    for (const auto& host : s.organs[i].spread) {
      if (!(masses[host.organ] > 0)) continue;
      whole += host.share;
      v.photons += host.share * kUnit * energy.kev[host.organ] / masses[host.organ];
      v.photons_se += host.share * kUnit * energy.se[host.organ] / masses[host.organ];
      if (!own_marrow(s.organs[i], masses[i])) v.electrons += host.share * electrons[host.organ];
    }
    if (!(whole > 0)) continue;
    v.photons /= whole;
    v.photons_se /= whole;
    if (!own_marrow(s.organs[i], masses[i])) v.electrons /= whole;
    values[i] = v;
  }
  return values;
}

SValue mass_scaled(const SValue& s, double from_g, double to_g) {
  if (!(from_g > 0 && to_g > 0)) refuse("masses of {} and {} g must be over 0", from_g, to_g);
  const double ratio = from_g / to_g;
  const double photons = std::pow(ratio, 2.0 / 3);
  return {s.electrons * ratio, s.photons * photons, s.photons_se * photons};
}

}  // namespace sojourn::dose
