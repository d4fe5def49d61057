#include "sojourn/simulate/fast_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/image/gaussian_kernel.h"
#include "sojourn/simulate/fast_lines.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using image::Vec3;

template <typename Body>
void each_voxel(const image::Geometry& grid, const Body& body) {
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        body(grid.offset(i, j, k), grid.to_mm({double(i), double(j), double(k)}));
  });
}

/// Variance of a filtered image times the information of a point, 1/mm^4, for pi radians of lines:
/// pi^2 times integral of nu^2 G^2 over a profile, over 2 sqrt(pi) sigma_z.
double filter_factor(const Vec3& fwhm_mm) {
  const double across = (fwhm_mm[0] + fwhm_mm[1]) / 2 / units::kFwhmPerSigma;
  const double axial = fwhm_mm[2] / units::kFwhmPerSigma;
  SOJOURN_EXPECT(across > 0 && axial > 0);
  const double pi = std::numbers::pi;
  return pi * pi / (32 * std::pow(pi, 3) * std::pow(across, 3) * axial);
}

/// Pairs of single photons that meet by chance, per second.
double randoms_per_s(const NuclearModel& m, double pairs_bq, double survival) {
  if (!m.pet || !(m.coincidence_window_s > 0)) return 0;
  const double solid = m.axial_fov_mm / std::hypot(m.axial_fov_mm, m.ring_diameter_mm);
  const double efficiency = std::sqrt(std::min(m.pair_sensitivity / solid, 1.0));
  const double singles = 2 * solid * efficiency * pairs_bq * survival + m.crystal_singles_per_s;
  const double seen =
      2 / std::numbers::pi * std::asin(std::min(1.0, m.transaxial_fov_mm / m.ring_diameter_mm));
  return m.coincidence_window_s * singles * singles / 2 * seen;
}

ExpectedCounts expected(const FastLines& lines, const NuclearModel& m, double duration_s) {
  const auto& grid = lines.grid();
  image::Volume<float> survival(grid), root(grid);
  each_voxel(grid, [&](std::size_t v, const Vec3& mm) {
    if (!(lines.activity().values()[v] > 0)) return;
    const auto here = lines.at(mm, 0);
    survival.values()[v] = static_cast<float>(here.survival);
    root.values()[v] = static_cast<float>(here.root_survival);
  });
  ExpectedCounts counts;
  double bq = 0, root_bq = 0;
  for (std::size_t v = 0; v < grid.voxels(); ++v) {
    const double here = static_cast<double>(lines.activity().values()[v]) * grid.voxel_ml();
    if (here == 0) continue;
    const auto i = grid.index_of(v);
    const Vec3 mm = grid.to_mm({double(i[0]), double(i[1]), double(i[2])});
    if (!lines.seen(mm)) continue;
    counts.trues += here * lines.counts_per_bq(mm[2]) * static_cast<double>(survival.values()[v]);
    bq += here;
    root_bq += here * static_cast<double>(root.values()[v]);
  }
  counts.scatters = counts.trues * m.scatter_fraction / (1 - m.scatter_fraction);
  const double mean_root = bq > 0 ? root_bq / bq : 0;
  counts.randoms = duration_s * randoms_per_s(m, bq * m.positron_fraction, mean_root);
  return counts;
}

/// Counts per mm, rad and mm of height beside the trues: scatter over the lines that cross the
/// active part, randoms over all.
double background_of(const FastLines& lines, const NuclearModel& m, const ExpectedCounts& counts) {
  const double range = m.pet ? std::numbers::pi : 2 * std::numbers::pi;
  double sum = counts.randoms / (range * m.transaxial_fov_mm * m.axial_fov_mm);
  if (counts.scatters > 0)
    sum += counts.scatters / (range * lines.active_width_mm() * lines.active_length_mm());
  return sum;
}

double interpolated(const image::Volume<float>& coarse, const Vec3& mm) {
  const auto& grid = coarse.geometry();
  const Vec3 v = grid.to_voxel(mm);
  std::array<int, 3> low{};
  Vec3 part{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double inside = std::clamp(v[a], 0.0, static_cast<double>(grid.size[a] - 1));
    low[a] = std::min(static_cast<int>(inside), std::max(grid.size[a] - 2, 0));
    part[a] = inside - low[a];
  }
  double sum = 0;
  for (int corner = 0; corner < 8; ++corner) {
    double weight = 1;
    std::array<int, 3> i{};
    for (std::size_t a = 0; a < 3; ++a) {
      const int up = (corner >> a) & 1;
      weight *= up ? part[a] : 1 - part[a];
      i[a] = std::min(low[a] + up, grid.size[a] - 1);
    }
    if (weight > 0) sum += weight * static_cast<double>(coarse.at(i[0], i[1], i[2]));
  }
  return sum;
}

/// Sum of products of two kernels' taps.
double overlap_of(double sigma_a, double sigma_b) {
  const auto a = image::gaussian_half_kernel(sigma_a), b = image::gaussian_half_kernel(sigma_b);
  double sum = a[0] * b[0];
  for (std::size_t i = 1; i < std::min(a.size(), b.size()); ++i) sum += 2 * a[i] * b[i];
  return sum;
}

}  // namespace

FastNoise fast_noise(const FastScene& scene, const NuclearModel& model,
                     const FastOptions& options) {
  const FastLines lines(scene, model, options);
  FastNoise noise;
  noise.counts = expected(lines, model, scene.duration_s);
  const double background = background_of(lines, model, noise.counts);
  const double factor = filter_factor(model.filter_fwhm_mm);
  image::Volume<float> coarse(lines.grid());
  each_voxel(lines.grid(), [&](std::size_t v, const Vec3& mm) {
    if (!lines.seen(mm)) return;
    const double information = lines.at(mm, background).information;
    if (!(information > 0)) return;
    // The lines of pi radians carry all there is in PET; in SPECT 2 pi do.
    const double sd_per_mm3 = std::sqrt(factor / information);
    coarse.values()[v] = static_cast<float>(sd_per_mm3 * units::kMm3PerMl);
  });
  noise.sd_bq_per_ml = image::Volume<float>(scene.activity_bq_per_ml.geometry());
  each_voxel(noise.sd_bq_per_ml.geometry(), [&](std::size_t v, const Vec3& mm) {
    if (lines.seen(mm))
      noise.sd_bq_per_ml.values()[v] = static_cast<float>(interpolated(coarse, mm));
  });
  return noise;
}

image::Volume<float> unit_noise(const image::Geometry& grid, const Vec3& filter_fwhm_mm,
                                std::uint64_t seed) {
  // Least-squares fit of the octaves' powers to the spectrum: variances of discs with radii of 1.5
  // to 20 sigma come out within 2 %.
  constexpr std::array<double, 5> kPower{1, 0.739, 0.354, 0.19, 0.107};
  Vec3 sigma{};
  for (std::size_t a = 0; a < 3; ++a)
    sigma[a] = filter_fwhm_mm[a] / units::kFwhmPerSigma / grid.spacing_mm[a];  // voxels
  image::Volume<float> sum(grid);
  double variance = 0;
  const double axial = overlap_of(sigma[2], sigma[2]);
  for (std::size_t octave = 0; octave < kPower.size(); ++octave) {
    const double k = std::exp2(static_cast<double>(octave));
    // A field wider than the grid has no place on it.
    if (octave > 0 && 8 * k * std::max(sigma[0], sigma[1]) > std::min(grid.size[0], grid.size[1]))
      break;
    image::Volume<float> narrow(grid);
    auto& values = narrow.values();
    core::parallel_blocks(values.size(), 4096, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        values[i] = static_cast<float>(core::Random(seed * 16 + octave, i).normal());
    });
    image::gaussian_blur(narrow, {0, 0, filter_fwhm_mm[2]});
    image::Volume<float> wide = narrow;
    image::gaussian_blur(narrow, {k * filter_fwhm_mm[0], k * filter_fwhm_mm[1], 0});
    image::gaussian_blur(wide, {2 * k * filter_fwhm_mm[0], 2 * k * filter_fwhm_mm[1], 0});
    const auto across = [&](double a, double b) {
      return overlap_of(a * sigma[0], b * sigma[0]) * overlap_of(a * sigma[1], b * sigma[1]);
    };
    variance +=
        kPower[octave] * axial * (across(k, k) + across(2 * k, 2 * k) - 2 * across(k, 2 * k));
    const double scale = std::sqrt(kPower[octave]);
    for (std::size_t i = 0; i < values.size(); ++i)
      sum.values()[i] += static_cast<float>(
          scale * (static_cast<double>(values[i]) - static_cast<double>(wide.values()[i])));
  }
  const auto unit = static_cast<float>(1 / std::sqrt(variance));
  for (float& value : sum.values()) value *= unit;
  return sum;
}

image::Volume<float> fast_image(const FastScene& scene, const NuclearModel& model,
                                const FastNoise& expected_noise, std::uint64_t seed,
                                bool noise_free) {
  image::Volume<float> image = scene.activity_bq_per_ml;
  SOJOURN_EXPECT(image::same_grid(image.geometry(), expected_noise.sd_bq_per_ml.geometry()));
  const auto& grid = image.geometry();
  image::gaussian_blur(image, model.fwhm_mm);
  const auto& sd = expected_noise.sd_bq_per_ml.values();
  const auto noise =
      noise_free ? image::Volume<float>(grid) : unit_noise(grid, model.filter_fwhm_mm, seed);
  each_voxel(grid, [&](std::size_t v, const Vec3& mm) {
    const double x = mm[0] - scene.center_mm[0], y = mm[1] - scene.center_mm[1],
                 z = mm[2] - scene.center_mm[2];
    const bool inside =
        2 * std::hypot(x, y) <= model.transaxial_fov_mm && 2 * std::abs(z) < model.axial_fov_mm;
    if (!inside) image.values()[v] = 0;
    image.values()[v] += sd[v] * noise.values()[v];
  });
  return image;
}

}  // namespace sojourn::simulate
