// Electron kernels in water against EGSnrc's and ETRAN's (the tables that Geant4's example TestEm12
// ships): mean deviation over all radii under 3 % of the largest value.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "shared/shared_data.h"
#include "sojourn/dose/ball_geometry.h"
#include "sojourn/transport/electron_kernel.h"

namespace {

struct Curve {
  std::vector<double> x, y;
};

Curve read(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::size_t n = 0;
  in >> n;
  Curve c;
  for (double x, y; c.x.size() < n && in >> x >> y;) {
    c.x.push_back(x);
    c.y.push_back(y);
  }
  return c;
}

/// F at the radius of each point, as the share of a narrow shell over its width.
double mean_deviation(double energy_kev, const Curve& curve) {
  constexpr int kShells = 60;
  constexpr double kTo = 1.5;
  std::vector<double> edges;
  for (int i = 0; i <= kShells; ++i) edges.push_back(kTo * i / kShells);
  const auto k = sojourn::transport::electron_kernel(energy_kev, edges, 20000, 1);
  const double width = kTo / kShells;
  const auto value_at = [&](double x) {
    const double place = std::max(x / width - 0.5, 0.0);
    const auto i = std::min(static_cast<std::size_t>(place), k.share.size() - 2);
    const double part = place - static_cast<double>(i);
    return (k.share[i] + part * (k.share[i + 1] - k.share[i])) / width;
  };
  double sum = 0, most = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    sum += std::abs(value_at(curve.x[i]) - curve.y[i]);
    most = std::max(most, curve.y[i]);
  }
  return sum / static_cast<double>(curve.x.size()) / most;
}

TEST(ElectronKernel, AgreesWithEgsnrcAndEtran) {
  SOJOURN_NEEDS_SHARED(folder, "data/dosimetry/dpk");
  for (const auto& [file, energy] :
       {std::pair{"10keV", 10.0}, std::pair{"100keV", 100.0}, std::pair{"1MeV", 1000.0}})
    for (const char* code : {"EGSnrc", "Etran"}) {
      const auto curve = read(folder / code / (std::string(file) + "-DPK.ascii"));
      ASSERT_GE(curve.x.size(), 20U);
      const double deviation = mean_deviation(energy, curve);
      EXPECT_LT(deviation, 0.03) << code << " " << file;
      RecordProperty(std::string(code) + file, std::to_string(deviation));
    }
}

// Absorbed fractions of spheres, from the published kernels and from ours, with the same geometry.
TEST(ElectronKernel, SpheresAbsorbAsWithThePublishedKernels) {
  SOJOURN_NEEDS_SHARED(folder, "data/dosimetry/dpk/Etran");
  for (const auto& [file, energy] : {std::pair{"100keV", 100.0}, std::pair{"1MeV", 1000.0}}) {
    const auto curve = read(folder / (std::string(file) + "-DPK.ascii"));
    std::vector<double> edges;
    for (int i = 0; i <= 60; ++i) edges.push_back(1.5 * i / 60);
    const auto k = sojourn::transport::electron_kernel(energy, edges, 20000, 2);
    for (const double mass_g : {0.1, 1.0, 10.0, 100.0, 1000.0}) {
      // radius over the path
      const double radius = std::cbrt(3 * mass_g * 1e3 / (4 * M_PI)) / k.path_mm;
      const auto share = [&](double x) {
        return sojourn::dose::share_from_ball(radius, x, radius);
      };
      double here = 0, there = 0;
      for (std::size_t s = 0; s < k.share.size(); ++s)
        here += k.share[s] * share(0.5 * (edges[s] + edges[s + 1]));
      for (std::size_t i = 1; i < curve.x.size(); ++i)
        there += 0.5 * (curve.x[i] - curve.x[i - 1]) *
                 (curve.y[i] * share(curve.x[i]) + curve.y[i - 1] * share(curve.x[i - 1]));
      EXPECT_NEAR(here / there, 1, 0.03) << file << " " << mass_g << " g";
    }
  }
}

}  // namespace
