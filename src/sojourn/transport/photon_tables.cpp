#include "sojourn/transport/photon_tables.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::transport {
namespace {

using material::Material;

/// A function of x = sin(angle/2) / wavelength between points that are even in log x.
class OfMomentum {
 public:
  template <typename F>
  explicit OfMomentum(F f) : at_zero_(f(0.0)) {
    for (int i = 0; i <= kSteps; ++i)
      values_.push_back(f(kFirst * std::pow(10, kDecades * i / double{kSteps})));
  }
  [[nodiscard]] double operator()(double x) const {
    if (x <= kFirst) return at_zero_ + (values_.front() - at_zero_) * std::max(x, 0.0) / kFirst;
    const double at = std::min(std::log10(x / kFirst) / kDecades * kSteps, kSteps - 1e-9);
    const auto i = static_cast<std::size_t>(at);
    const double f = at - static_cast<double>(i);
    return values_[i] + f * (values_[i + 1] - values_[i]);
  }

 private:
  static constexpr double kFirst = 1e-4, kDecades = 7;
  static constexpr int kSteps = 1400;
  double at_zero_;
  std::vector<double> values_;
};

double row_energy_kev(int row) {
  const int octave = row / 8, eighth = row % 8;
  return EnergyBin::kFirstKev * std::ldexp(1 + eighth / 8.0, octave);
}

double momentum(double energy_kev, double v) {
  return energy_kev / material::kHcKevAngstrom * std::sqrt(v);
}

/// Klein and Nishina per unit of v with the incoherent function.
AngleTable compton_angles(const Material& m) {
  const OfMomentum s([&](double x) { return material::incoherent_per_g(m, x); });
  return AngleTable::of([&](double energy_kev, double v) {
    const double k = energy_kev / material::kElectronKev, e = 1 / (1 + 2 * k * v);
    const double sine2 = 4 * v * (1 - v);
    return e * e * (e + 1 / e - sine2) * s(momentum(energy_kev, v));
  });
}

/// Thomson per unit of v with the squared form factor.
AngleTable rayleigh_angles(const Material& m) {
  const OfMomentum f([&](double x) { return material::form_square_per_g(m, x); });
  return AngleTable::of([&](double energy_kev, double v) {
    const double cosine = 1 - 2 * v;
    return (1 + cosine * cosine) * f(momentum(energy_kev, v));
  });
}

std::vector<Attenuation> attenuation_rows(const Material& m, double density) {
  std::vector<Attenuation> rows;
  for (int i = 0; i <= EnergyBin::kCount; ++i) {
    const double energy = std::min<double>(EnergyBin::energy_kev(i), material::kHighestKev);
    const auto a = material::mass_attenuation(m, energy);
    const double per_mm = density / 10;
    Attenuation row;
    row.compton = static_cast<float>(a.compton * per_mm);
    row.photoelectric = static_cast<float>((a.compton + a.photoelectric) * per_mm);
    row.rayleigh = static_cast<float>((a.compton + a.photoelectric + a.rayleigh) * per_mm);
    row.total = static_cast<float>(a.total() * per_mm);
    rows.push_back(row);
  }
  rows.resize(EnergyBin::kCount);
  return rows;
}

}  // namespace

float EnergyBin::energy_kev(int index) {
  const int octave = index / kPerOctave, part = index % kPerOctave;
  return std::ldexp(kFirstKev * (1 + static_cast<float>(part) / kPerOctave), octave);
}

template <typename Density>
AngleTable AngleTable::of(Density density) {
  constexpr int kPoints = 4000;  // v = (i / n)^3: dense where scattering is forward
  AngleTable table;
  table.values_.resize(static_cast<std::size_t>(kRows + 1) * (kQuantiles + 1));
  core::parallel_for(kRows + 1, [&](std::size_t row) {
    const double energy = std::min(row_energy_kev(static_cast<int>(row)), material::kHighestKev);
    std::vector<double> v(kPoints + 1), sum(kPoints + 1, 0.0);
    double before = density(energy, 0.0);
    for (int i = 1; i <= kPoints; ++i) {
      const auto n = static_cast<std::size_t>(i);
      v[n] = std::pow(i / double{kPoints}, 3);
      const double here = density(energy, v[n]);
      const double middle = density(energy, (v[n - 1] + v[n]) / 2);
      sum[n] = sum[n - 1] + (v[n] - v[n - 1]) / 6 * (before + 4 * middle + here);
      before = here;
    }
    float* out = table.values_.data() + row * (kQuantiles + 1);
    std::size_t at = 1;
    for (int q = 1; q < kQuantiles; ++q) {
      const double wanted = sum.back() * q / kQuantiles;
      while (sum[at] < wanted) ++at;
      const double part = (wanted - sum[at - 1]) / (sum[at] - sum[at - 1]);
      out[q] = static_cast<float>(v[at - 1] + part * (v[at] - v[at - 1]));
    }
    out[0] = 0;
    out[kQuantiles] = 1;
  });
  return table;
}

PhotonTables::PhotonTables(std::span<const Medium> media) {
  if (media.empty() || media.size() > 255)
    throw Error(ErrorCode::bad_value, fmt::format("{} media; 1 to 255 are possible", media.size()));
  std::map<std::string, std::size_t> seen;
  for (const auto& medium : media) {
    const auto& m = material::find(medium.material);
    const double density =
        medium.density_g_per_ml < 0 ? m.density_g_per_ml : medium.density_g_per_ml;
    const auto rows = attenuation_rows(m, density);
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    density_.push_back(density);
    const auto [place, fresh] = seen.emplace(m.name, compton_.size());
    if (fresh) {
      compton_.push_back(compton_angles(m));
      rayleigh_.push_back(rayleigh_angles(m));
    }
    scattering_of_.push_back(static_cast<std::uint8_t>(place->second));
  }
  rows_.push_back({});  // the last bin reads one row on
  majorant_.assign(EnergyBin::kCount + 1, 0);
  for (std::size_t i = 0; i < EnergyBin::kCount; ++i)
    for (std::size_t m = 0; m < media.size(); ++m)
      majorant_[i] = std::max(majorant_[i], rows_[m * EnergyBin::kCount + i].total);
}

}  // namespace sojourn::transport
