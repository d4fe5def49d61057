#include "sojourn/simulate/magnetic_image.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/simulate/image_noise.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using image::Vec3;

// What a row calls detectable is taken as three standard deviations (assumption: rows state
// criteria of 2 to 5).
constexpr double kSdPerDetectable = 1.0 / 3;
constexpr double kSincFwhm = 1.207;              // of sin(pi x) / (pi x)
constexpr double kGamma_rad_per_s_t = 2.6752e8;  // proton; CODATA
constexpr double kMu0 = 1.25663706e-6;           // T m / A; CODATA
constexpr double kGaussianVolume = 1.0645;       // side of a cube with a Gaussian's volume, FWHM

image::Index3 block_of(const image::Geometry& grid, double voxel_mm) {
  image::Index3 n{1, 1, 1};
  if (voxel_mm > 0)
    for (std::size_t a = 0; a < 3; ++a)
      n[a] = std::max(1, static_cast<int>(std::lround(voxel_mm / grid.spacing_mm[a])));
  return n;
}

/// |value + complex noise| for each voxel.
void make_rician(image::Volume<float>& image, double sd, std::uint64_t seed) {
  const auto real = white_noise(image.geometry(), 2 * seed);
  const auto imaginary = white_noise(image.geometry(), 2 * seed + 1);
  for (std::size_t v = 0; v < image.values().size(); ++v) {
    image.values()[v] = static_cast<float>(std::hypot(
        static_cast<double>(image.values()[v]) + sd * static_cast<double>(real.values()[v]),
        sd * static_cast<double>(imaginary.values()[v])));
  }
}

double need(const catalogue::Field& field, const catalogue::Scanner& scanner, const char* name) {
  if (!field) refuse("the scanner \"{}\" has no {} in the catalogue", scanner.id, name);
  return field->value;
}

/// Phase shift per time at a distance from a lump, rad/s: gamma mu0 m (3 cos^2 - 1) / (4 pi r^3),
/// m = saturation x iron.
double lump_strength(const IronModel& model, double iron_g) {
  constexpr double kKgPerG = 1e-3, kMm3PerM3 = 1e9;
  return kGamma_rad_per_s_t * kMu0 / (4 * std::numbers::pi) * model.saturation_am2_per_kg * iron_g *
         kKgPerG * kMm3PerM3;  // rad/s mm^3
}

}  // namespace

AmountModel fluorine_model(const catalogue::Scanner& scanner) {
  const auto* row = scanner.get<catalogue::MriScanner>();
  if (row == nullptr || !row->detectable_fluorine)
    refuse("the scanner \"{}\" states no detectable 19F; choose an MRI scanner with a 19F coil",
           scanner.id);
  AmountModel m;
  m.unit = "19F atoms/mL";
  m.sd_of_element = row->detectable_fluorine->value * kSdPerDetectable;
  m.usual_time_s = need(row->usual_time_s, scanner, "usual_time");
  m.voxel_mm = std::cbrt(need(row->voxel_volume_ml, scanner, "voxel_volume") * units::kMm3PerMl);
  m.fwhm_mm = {kSincFwhm * m.voxel_mm, kSincFwhm * m.voxel_mm, kSincFwhm * m.voxel_mm};
  m.magnitude = true;
  return m;
}

AmountModel mpi_model(const catalogue::Scanner& scanner) {
  const auto* row = scanner.get<catalogue::MpiScanner>();
  if (row == nullptr) refuse("\"{}\" is no scanner for magnetic particle imaging", scanner.id);
  AmountModel m;
  m.unit = "g/mL";
  m.sd_of_element = need(row->detectable_iron_g, scanner, "detectable_iron") * kSdPerDetectable;
  m.usual_time_s = need(row->usual_time_s, scanner, "usual_time");
  const double width = need(row->resolution_fwhm_mm, scanner, "resolution_fwhm");
  m.fwhm_mm = {width, width, width};
  m.correlated = true;
  return m;
}

image::Volume<float> amount_image(const image::Volume<float>& amount_per_ml,
                                  const AmountModel& model, double time_s, std::uint64_t seed,
                                  bool noise_free) {
  if (!(time_s > 0)) refuse("an imaging time of {} s is not over 0", time_s);
  image::Volume<float> image = amount_per_ml;
  image::gaussian_blur(image, model.fwhm_mm);
  image = block_means(image, block_of(image.geometry(), model.voxel_mm));
  if (noise_free) return image;
  const auto& grid = image.geometry();
  double element_ml = grid.voxel_ml();
  if (model.correlated) {
    element_ml = 1 / units::kMm3PerMl;
    for (const double width : model.fwhm_mm) element_ml *= kGaussianVolume * width;
  }
  const double sd = model.sd_of_element / element_ml * std::sqrt(model.usual_time_s / time_s);
  if (model.magnitude) {
    make_rician(image, sd, seed);
    return image;
  }
  const auto noise =
      model.correlated ? smooth_noise(grid, model.fwhm_mm, seed) : white_noise(grid, seed);
  for (std::size_t v = 0; v < image.values().size(); ++v)
    image.values()[v] += static_cast<float>(sd * static_cast<double>(noise.values()[v]));
  return image;
}

IronModel iron_model(const catalogue::Scanner& scanner) {
  const auto* row = scanner.get<catalogue::MriScanner>();
  if (row == nullptr || !row->detectable_iron_g)
    refuse("the scanner \"{}\" states no detectable iron; choose an iron-weighted MRI scanner",
           scanner.id);
  IronModel m;
  if (row->field_strength_t) m.field_t = row->field_strength_t->value;
  m.voxel_mm = std::cbrt(need(row->voxel_volume_ml, scanner, "voxel_volume") * units::kMm3PerMl);
  return m;
}

double static_dephasing_per_s(const IronModel& model, double iron_g_per_ml) {
  constexpr double kKgPerM3 = 1e3;  // of 1 g/mL
  const double magnetisation = model.saturation_am2_per_kg * iron_g_per_ml * kKgPerM3;
  return 2 * std::numbers::pi / (3 * std::sqrt(3.0)) * kGamma_rad_per_s_t * kMu0 * magnetisation;
}

double void_radius_mm(const IronModel& model, double iron_g) {
  return std::cbrt(2 * lump_strength(model, iron_g) * model.echo_time_s / std::numbers::pi);
}

image::Volume<float> iron_image(const image::Volume<float>& iron_g_per_ml,
                                const image::Volume<float>& tissue,
                                const std::vector<IronLump>& lumps, const IronModel& model,
                                int field_axis, std::uint64_t seed, bool noise_free) {
  SOJOURN_EXPECT(image::same_grid(iron_g_per_ml.geometry(), tissue.geometry()));
  SOJOURN_EXPECT(field_axis >= 0 && field_axis < 3 && model.echo_time_s > 0 && model.snr > 0);
  const auto& fine = tissue.geometry();
  const image::Index3 n = block_of(fine, model.voxel_mm);
  const auto spread = block_means(iron_g_per_ml, n);
  auto image = block_means(tissue, n);
  const auto& grid = image.geometry();
  // Points inside a voxel on which a lump's phase is summed; a void is a few of its radii wide.
  constexpr int kPoints = 6;
  constexpr double kReach = 6;  // radii: the phase there is pi / 216 at most
  struct Placed {
    Vec3 mm;
    double strength, reach;
  };
  std::vector<Placed> placed;
  for (const IronLump& lump : lumps) {
    if (!(lump.iron_g > 0)) continue;
    placed.push_back(
        {lump.mm, lump_strength(model, lump.iron_g), kReach * void_radius_mm(model, lump.iron_g)});
  }
  const double diagonal = image::norm({grid.spacing_mm[0], grid.spacing_mm[1], grid.spacing_mm[2]});
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    std::vector<const Placed*> near;
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        float& value = image.at(i, j, k);
        const double iron = static_cast<double>(spread.at(i, j, k));
        value *= static_cast<float>(
            std::exp(-model.echo_time_s * static_dephasing_per_s(model, std::max(iron, 0.0))));
        const Vec3 mm = grid.to_mm({double(i), double(j), double(k)});
        near.clear();
        for (const Placed& lump : placed) {
          const double d = std::hypot(mm[0] - lump.mm[0], mm[1] - lump.mm[1], mm[2] - lump.mm[2]);
          if (d < lump.reach + diagonal / 2) near.push_back(&lump);
        }
        if (near.empty() || value == 0) continue;
        std::complex<double> sum = 0;
        for (int p = 0; p < kPoints * kPoints * kPoints; ++p) {
          const Vec3 off{(p % kPoints + 0.5) / kPoints - 0.5,
                         (p / kPoints % kPoints + 0.5) / kPoints - 0.5,
                         (p / kPoints / kPoints + 0.5) / kPoints - 0.5};
          double phase = 0;
          for (const Placed* lump : near) {
            Vec3 d{};
            for (std::size_t a = 0; a < 3; ++a)
              d[a] = mm[a] + off[a] * grid.spacing_mm[a] - lump->mm[a];
            const double r2 = std::max(image::dot(d, d), 1e-12);
            const double along = d[static_cast<std::size_t>(field_axis)];
            phase += lump->strength * (3 * along * along / r2 - 1) / (r2 * std::sqrt(r2));
          }
          sum += std::polar(1.0, phase * model.echo_time_s);
        }
        value *= static_cast<float>(std::abs(sum) / (kPoints * kPoints * kPoints));
      }
    }
  });
  if (!noise_free) make_rician(image, 1 / model.snr, seed);
  return image;
}

}  // namespace sojourn::simulate
