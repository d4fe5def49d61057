#include "sojourn/nuclide/beta_spectrum.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::nuclide {
namespace {

struct Signs {
  std::optional<BetaSpectrum> minus, plus;
};

/// Integrals of the density and of energy times density, linear between points.
void integrate(BetaSpectrum& s, const std::string& source) {
  const auto& x = s.energies_kev;
  const auto& y = s.density_per_kev;
  s.cumulated.assign(1, 0.0);
  double moment = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const double h = x[i] - x[i - 1];
    if (!(h > 0)) refuse("{}: energies must ascend (at {} keV)", source, x[i]);
    s.cumulated.push_back(s.cumulated.back() + h * (y[i] + y[i - 1]) / 2);
    moment += h / 6 * (x[i - 1] * (2 * y[i - 1] + y[i]) + x[i] * (y[i - 1] + 2 * y[i]));
  }
  const double area = s.cumulated.back();
  constexpr double kPrint = 1e-4;  // six digits are printed
  if (!(std::abs(area - 1) < kPrint)) refuse("{}: the density adds up to {}, not 1", source, area);
  for (auto& density : s.density_per_kev) density /= area;
  for (auto& share : s.cumulated) share /= area;
  s.mean_kev = moment / area;
}

Signs read(const std::string& file) {
  const std::string source = "beta_spectra_2026/" + file;
  const auto path = core::data_dir() / "nuclide" / "beta_spectra_2026" / file;
  const auto table = core::Tsv::parse(core::read_file(path, 1 << 20), source);
  Signs signs;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto& sign = table.at(row, "sign");
    if (sign != "minus" && sign != "plus")
      refuse("{}: sign: \"{}\" is neither minus nor plus", table.where(row), sign);
    const auto energy = table.number(row, "energy_kev"),
               density = table.number(row, "density_per_kev");
    if (!energy || !density || *energy < 0 || *density < 0)
      refuse("{}: energy and density must be numbers, not negative", table.where(row));
    auto& side = sign == "minus" ? signs.minus : signs.plus;
    if (!side) side.emplace();
    side->energies_kev.push_back(*energy);
    side->density_per_kev.push_back(*density);
  }
  for (auto* side : {&signs.minus, &signs.plus})
    if (*side) integrate(**side, source);
  return signs;
}

bool emits(const Nuclide& nuclide, const std::string& type) {
  return std::any_of(nuclide.emissions.begin(), nuclide.emissions.end(),
                     [&](const Emission& e) { return e.type == type; });
}

const std::map<std::string, Signs, std::less<>>& spectra() {
  static const auto all = [] {
    std::map<std::string, Signs, std::less<>> read_ones;
    for (const auto& name : known())
      if (emits(find(name), "beta-") || emits(find(name), "beta+"))
        read_ones.emplace(name, read(name + ".tsv"));
    return read_ones;
  }();
  return all;
}

const Signs& signs_of(const Nuclide& nuclide) {
  const auto at = spectra().find(nuclide.name);
  if (at == spectra().end()) refuse("{} emits no beta particles", nuclide.name);
  return at->second;
}

}  // namespace

double BetaSpectrum::sample_kev(double u) const {
  SOJOURN_EXPECT(u >= 0 && u <= 1 && cumulated.size() > 1);
  const auto above = std::upper_bound(cumulated.begin(), cumulated.end(), u);
  if (above == cumulated.end()) return energies_kev.back();
  const auto i = static_cast<std::size_t>(above - cumulated.begin());  // cumulated[0] = 0 <= u
  const double y0 = density_per_kev[i - 1], y1 = density_per_kev[i],
               h = energies_kev[i] - energies_kev[i - 1], rest = u - cumulated[i - 1];
  // rest = y0 t + (y1 - y0) t^2 / 2h, solved in the form that keeps its digits
  const double root = std::sqrt(std::max(y0 * y0 + 2 * (y1 - y0) / h * rest, 0.0));
  const double t = y0 + root > 0 ? 2 * rest / (y0 + root) : 0;
  return energies_kev[i - 1] + std::clamp(t, 0.0, h);
}

const BetaSpectrum& beta_spectrum(std::string_view name, BetaSign sign) {
  const auto& nuclide = find(name);
  const auto& signs = signs_of(nuclide);
  const auto& side = sign == BetaSign::minus ? signs.minus : signs.plus;
  if (!side)
    refuse("{} emits no {}", nuclide.name,
           sign == BetaSign::minus ? "beta-minus electrons" : "positrons");
  return *side;
}

const BetaSpectrum& beta_spectrum(std::string_view name) {
  const auto& nuclide = find(name);
  const auto& signs = signs_of(nuclide);
  if (signs.minus && signs.plus)
    refuse("{} emits electrons and positrons: say which spectrum is meant", nuclide.name);
  return signs.minus ? *signs.minus : *signs.plus;
}

}  // namespace sojourn::nuclide
