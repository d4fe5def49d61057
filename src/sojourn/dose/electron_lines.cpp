#include "sojourn/dose/electron_lines.h"

#include <algorithm>
#include <map>
#include <string>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/beta_spectrum.h"

namespace sojourn::dose {
namespace {

/// Integral of energy times density from 0 to `energy`, keV, by Simpson's rule (exact: the density
/// is linear between points).
class FirstMoment {
 public:
  explicit FirstMoment(const nuclide::BetaSpectrum& s) : s_(s), below_(s.energies_kev.size(), 0) {
    for (std::size_t i = 1; i < below_.size(); ++i)
      below_[i] = below_[i - 1] + piece(i, s.energies_kev[i]);
  }
  [[nodiscard]] double below(double energy) const {
    const auto& e = s_.energies_kev;
    const auto at = std::upper_bound(e.begin(), e.end(), energy);
    if (at == e.begin()) return 0;
    if (at == e.end()) return below_.back();
    const auto i = static_cast<std::size_t>(at - e.begin());
    return below_[i - 1] + piece(i, energy);
  }

 private:
  [[nodiscard]] double piece(std::size_t i, double to) const {
    const double a = s_.energies_kev[i - 1], b = s_.energies_kev[i];
    const double fa = s_.density_per_kev[i - 1], fb = s_.density_per_kev[i];
    const auto density = [&](double e) { return fa + (fb - fa) * (e - a) / (b - a); };
    const double middle = 0.5 * (a + to);
    return (to - a) / 6 * (a * fa + 4 * middle * density(middle) + to * density(to));
  }
  const nuclide::BetaSpectrum& s_;
  std::vector<double> below_;
};

void add_spectrum(std::vector<ElectronLine>& lines, const nuclide::BetaSpectrum& spectrum,
                  double per_decay, int bins) {
  const FirstMoment moment(spectrum);
  double before = 0;
  for (int i = 1; i <= bins; ++i) {
    const double share = static_cast<double>(i) / bins;
    const double now = i == bins ? moment.below(spectrum.energies_kev.back())
                                 : moment.below(spectrum.sample_kev(share));
    lines.push_back({(now - before) * bins, per_decay / bins});
    before = now;
  }
}

using Holes = std::map<std::string, std::vector<ElectronLine>, std::less<>>;

Holes read_holes() {
  const auto path = core::data_dir() / "dose" / "outer_shells_2026" / "outer_shells.tsv";
  const auto table = core::Tsv::parse(core::read_file(path, 1 << 20), "outer_shells.tsv");
  Holes holes;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto energy = table.number(row, "energy_kev"), share = table.number(row, "per_decay");
    if (!energy || !share || !(*energy > 0) || !(*share > 0))
      refuse("{}: energy_kev and per_decay must be over 0", table.where(row));
    holes[table.at(row, "nuclide")].push_back({*energy, *share});
  }
  return holes;
}

const std::vector<ElectronLine>& holes_of(const std::string& nuclide) {
  static const Holes all = read_holes();
  static const std::vector<ElectronLine> none;
  const auto at = all.find(nuclide);
  return at == all.end() ? none : at->second;
}

}  // namespace

std::vector<ElectronLine> electron_lines(const nuclide::Nuclide& nuclide, int bins_per_beta) {
  SOJOURN_EXPECT(bins_per_beta > 0);
  std::vector<ElectronLine> lines = holes_of(nuclide.name);
  double minus = 0, plus = 0;
  for (const auto& e : nuclide.emissions) {
    if (e.type == "conversion" || e.type == "auger") lines.push_back({e.energy_kev, e.intensity});
    if (e.type == "beta-") minus += e.intensity;
    if (e.type == "beta+") plus += e.intensity;
  }
  constexpr double kLeastBeta = 1e-3;  // nuclides with fewer betas per decay have no spectrum table
  using nuclide::BetaSign;
  if (minus > kLeastBeta)
    add_spectrum(lines, beta_spectrum(nuclide.name, BetaSign::minus), minus, bins_per_beta);
  if (plus > kLeastBeta)
    add_spectrum(lines, beta_spectrum(nuclide.name, BetaSign::plus), plus, bins_per_beta);
  return lines;
}

double energy_per_decay_kev(const std::vector<ElectronLine>& lines) {
  double sum = 0;
  for (const auto& line : lines) sum += line.energy_kev * line.per_decay;
  return sum;
}

}  // namespace sojourn::dose
