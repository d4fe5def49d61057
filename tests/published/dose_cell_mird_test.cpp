// Cellular S values against a second calculation, written from the equations that the MIRD
// Committee printed (Goddu et al., J Nucl Med 35 (1994) 303): phi = 1/E ∫ psi(x) dE/dX(R - x) dx
// with Cole's relation, psi by counting a grid of sources, every integral a plain sum; the spectra
// once from this repository and once from ICRP-107, on which MIRDcell rests.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/shared_data.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tree.h"
#include "sojourn/dose/cell_dose.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::dose;
namespace nuclide = sojourn::nuclide;

double cole_kev(double um) {
  return 5.9 * std::pow(um + 0.007, 0.565) + 0.00413 * std::pow(um, 1.33) - 0.367;
}

/// psi(x): mean over sources at radii a (weight a²; one radius for a surface) of the part of the
/// sphere of radius x around them that lies in the target.
double psi(double inner, double outer, double x, double target) {
  double sum = 0, weight = 0;
  constexpr int kRadii = 60;
  for (int i = 0; i < kRadii; ++i) {
    const double a = inner + (outer - inner) * (i + 0.5) / kRadii;
    double cosine = x > 0 ? (a * a + x * x - target * target) / (2 * a * x) : (a < target ? 1 : -1);
    if (x == 0) cosine = -cosine;
    cosine =
        std::clamp(cosine, -1.0, 1.0);  // flights with cos(angle to the centre) above it end in
    sum += a * a * (1 - cosine) / 2;
    weight += a * a;
  }
  return sum / weight;
}

struct Region {
  double inner, outer, target;
};

/// keV per decay of electrons of one energy. The path is cut into steps that shrink to its end.
double energy_kev(double kev, const Region& r) {
  double path = 1e-4;
  while (cole_kev(path) < kev) path *= 1.001;
  double sum = 0, x = 0;
  const double reach = std::min(path, r.outer + r.target);
  while (x < reach) {
    const double step =
        std::min({0.05, 0.05 * (path - x) + 2e-4, reach - x + 1e-9, path - x + 1e-12});
    const double lost = cole_kev(path - x) - cole_kev(std::max(path - x - step, 0.0));
    sum += lost * psi(r.inner, r.outer, x + step / 2, r.target);
    x += step;
  }
  return std::min(sum, kev);
}

/// A spectrum as lines: for betas `n` slices of the energy axis.
using Lines = std::vector<ElectronLine>;

double reference(const Lines& lines, const Region& r) {
  double sum = 0;
  for (const auto& line : lines)
    if (line.energy_kev > 0.01) sum += line.per_decay * energy_kev(line.energy_kev, r);
  const double mass_kg = 4 * M_PI / 3 * std::pow(r.target * 1e-6, 3) * 1000;
  return sum * 1.602176634e-16 / mass_kg;
}

Lines icrp107(const std::filesystem::path& file) {
  const auto tree = sojourn::core::parse_json(sojourn::core::read_file(file), file.string());
  const auto* emissions = tree.find("emissions");
  Lines lines;
  for (const char* kind : {"auger", "IE"})
    for (const auto& line : emissions->find(kind)->items())
      lines.push_back({1000 * line.items()[0].number(), line.items()[1].number()});
  double e0 = 0, f0 = 0;
  bool first = true;
  if (const auto* spectrum = emissions->find("b-spectra"))
    for (const auto& point : spectrum->items()) {
      const double e = point.items()[0].number(), f = point.items()[1].number();
      if (!first && e > e0) lines.push_back({1000 * (e + e0) / 2, (f + f0) / 2 * (e - e0)});
      first = false;
      e0 = e;
      f0 = f;
    }
  return lines;
}

class CellSValue : public ::testing::TestWithParam<const char*> {};

void compare(const CellSValues& here, const Lines& lines, double cell, double nucleus,
             double tolerance, const std::string& what) {
  const std::pair<double, Region> pairs[] = {{here.c_c, {0, cell, cell}},
                                             {here.n_n, {0, nucleus, nucleus}},
                                             {here.n_cy, {nucleus, cell, nucleus}},
                                             {here.n_cs, {cell, cell, nucleus}}};
  for (const auto& [value, region] : pairs) {
    const double there = reference(lines, region);
    EXPECT_NEAR(value / there, 1, tolerance)
        << what << ", source " << region.inner << " to " << region.outer << " um, target "
        << region.target << " um: " << value << " here, " << there << " there";
  }
}

constexpr std::array<std::array<double, 2>, 3> kCells{{{4, 3}, {5, 4}, {8, 6}}};

TEST_P(CellSValue, AgreesWithThePrintedEquationsOnTheSameSpectrum) {
  const auto& n = nuclide::find(GetParam());
  const auto lines = electron_lines(n, 60);
  for (const auto& [cell, nucleus] : kCells)
    // the reference's sums are good to some 0.5 %; surfaces and shells at 60 radii to 1 %
    compare(cell_s_values(lines, {cell, nucleus}), lines, cell, nucleus, 0.01, n.name);
}

TEST_P(CellSValue, AgreesWithinFivePercentOnIcrp107) {
  SOJOURN_NEEDS_SHARED(folder, "data/dosimetry/icrp107_json");
  const auto& n = nuclide::find(GetParam());
  const auto lines = icrp107(folder / (n.name + ".json"));
  for (const auto& [cell, nucleus] : kCells)
    compare(cell_s_values(electron_lines(n), {cell, nucleus}), lines, cell, nucleus, 0.05,
            n.name + " ICRP-107");
}

INSTANTIATE_TEST_SUITE_P(Nuclides, CellSValue,
                         ::testing::Values("In-111", "Tc-99m", "Zr-89", "F-18", "Cu-64"));

}  // namespace
