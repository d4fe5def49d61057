#include "sojourn/simulate/fast_lines.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using image::Vec3;

/// Means over blocks; the last block of a side may be partly air.
image::Volume<float> blocks(const image::Volume<float>& fine, const image::Index3& n) {
  const auto& from = fine.geometry();
  image::Geometry grid = from;
  for (std::size_t a = 0; a < 3; ++a) {
    grid.size[a] = (from.size[a] + n[a] - 1) / n[a];
    grid.origin_mm[a] += (n[a] - 1) * from.spacing_mm[a] / 2;
    grid.spacing_mm[a] *= n[a];
  }
  image::Volume<float> result(grid);
  const double points = static_cast<double>(n[0]) * n[1] * n[2];
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        double sum = 0;
        for (int w = k * n[2]; w < std::min((k + 1) * n[2], from.size[2]); ++w)
          for (int v = j * n[1]; v < std::min((j + 1) * n[1], from.size[1]); ++v)
            for (int u = i * n[0]; u < std::min((i + 1) * n[0], from.size[0]); ++u)
              sum += static_cast<double>(fine.at(u, v, w));
        result.at(i, j, k) = static_cast<float>(sum / points);
      }
    }
  });
  return result;
}

}  // namespace

FastLines::FastLines(const FastScene& scene, const NuclearModel& model, const FastOptions& options)
    : model_(model),
      center_mm_(scene.center_mm),
      duration_s_(scene.duration_s),
      angles_(options.angles) {
  const auto& grid = scene.activity_bq_per_ml.geometry();
  if (grid.axis != image::Geometry{}.axis)
    refuse("the fast path needs a grid along x, y and z; resample the scene");
  if (!scene.mu_per_mm.empty() && !image::same_grid(grid, scene.mu_per_mm.geometry()))
    refuse("activity and attenuation stand on different grids; resample one");
  if (!(scene.duration_s > 0)) refuse("a frame of {} s is not over 0", scene.duration_s);
  SOJOURN_EXPECT(options.angles > 1 && options.longest_side > 3);
  image::Index3 n{1, 1, 1};
  for (std::size_t a = 0; a < 3; ++a)
    n[a] = std::max(1, (grid.size[a] + options.longest_side - 1) / options.longest_side);
  n[0] = n[1] = std::max(n[0], n[1]);
  activity_ = blocks(scene.activity_bq_per_ml, n);
  for (float& value : activity_.values()) value = std::max(value, 0.0F);
  mu_ = scene.mu_per_mm.empty() ? image::Volume<float>(activity_.geometry())
                                : blocks(scene.mu_per_mm, n);
  measure_activity();
}

/// Side of the square, and height, that spread evenly would have the activity's second moments.
void FastLines::measure_activity() {
  const auto& grid = activity_.geometry();
  double sum = 0;
  Vec3 first{}, second{};
  for (std::size_t v = 0; v < activity_.values().size(); ++v) {
    const auto here = static_cast<double>(activity_.values()[v]);
    if (here == 0) continue;
    const auto i = grid.index_of(v);
    const Vec3 mm = grid.to_mm({double(i[0]), double(i[1]), double(i[2])});
    sum += here;
    for (std::size_t a = 0; a < 3; ++a) first[a] += here * mm[a], second[a] += here * mm[a] * mm[a];
  }
  if (sum == 0) return;
  Vec3 variance{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double mean = first[a] / sum;
    variance[a] =
        std::max(second[a] / sum - mean * mean, 0.0) + grid.spacing_mm[a] * grid.spacing_mm[a] / 12;
  }
  active_width_mm_ = std::min(std::sqrt(6 * (variance[0] + variance[1])), model_.transaxial_fov_mm);
  active_length_mm_ = std::min(std::sqrt(12 * variance[2]), model_.axial_fov_mm);
}

double FastLines::counts_per_bq(double z_mm) const {
  const double off = std::abs(z_mm - center_mm_[2]) / (model_.axial_fov_mm / 2);
  if (off >= 1) return 0;
  return model_.sensitivity * duration_s_ * (model_.pet ? 1 - off : 1);
}

bool FastLines::seen(const Vec3& mm) const {
  const double x = mm[0] - center_mm_[0], y = mm[1] - center_mm_[1];
  return 4 * (x * x + y * y) <= model_.transaxial_fov_mm * model_.transaxial_fov_mm &&
         counts_per_bq(mm[2]) > 0;
}

double FastLines::sample(const image::Volume<float>& volume, double u, double v, int k) const {
  const auto& grid = volume.geometry();
  const double fu = std::floor(u), fv = std::floor(v);
  const int i = static_cast<int>(fu), j = static_cast<int>(fv);
  if (i < -1 || j < -1 || i >= grid.size[0] || j >= grid.size[1]) return 0;
  const auto value = [&](int a, int b) {
    return grid.contains(a, b, k) ? static_cast<double>(volume.at(a, b, k)) : 0.0;
  };
  const double a = u - fu, b = v - fv;
  return (1 - b) * ((1 - a) * value(i, j) + a * value(i + 1, j)) +
         b * ((1 - a) * value(i, j + 1) + a * value(i + 1, j + 1));
}

PointLines FastLines::at(const Vec3& mm, double background) const {
  const auto& grid = activity_.geometry();
  const Vec3 p = grid.to_voxel(mm);
  const int k = std::clamp(static_cast<int>(std::lround(p[2])), 0, grid.size[2] - 1);
  const double step = std::min(grid.spacing_mm[0], grid.spacing_mm[1]);
  const double reach =
      std::hypot(grid.size[0] * grid.spacing_mm[0], grid.size[1] * grid.spacing_mm[1]);
  const int half = static_cast<int>(std::ceil(reach / step));
  const double range = model_.pet ? std::numbers::pi : 2 * std::numbers::pi;
  const double c = counts_per_bq(mm[2]) / range;  // counts per Bq, rad
  const double sigma_t = model_.tof_fwhm_mm / units::kFwhmPerSigma;
  // Of a line's background, the part within the time-of-flight kernel's square.
  const double share =
      sigma_t > 0
          ? std::min(1.0, std::sqrt(4 * std::numbers::pi) * sigma_t / model_.transaxial_fov_mm)
          : 1.0;
  PointLines result;
  for (int t = 0; t < angles_; ++t) {
    const double angle = range * (t + 0.5) / angles_;
    const double du = std::cos(angle) * step / grid.spacing_mm[0];
    const double dv = std::sin(angle) * step / grid.spacing_mm[1];
    double path = 0, out = 0, seen_activity = 0;  // from the detector's side inwards
    for (int s = half; s >= -half; --s) {
      const double u = p[0] + s * du, v = p[1] + s * dv;
      const double mu = sample(mu_, u, v, k) * step;
      const double f = sample(activity_, u, v, k) * step / units::kMm3PerMl;  // Bq/mm2
      const double l = s * step;
      const double weight = sigma_t > 0 ? std::exp(-l * l / (4 * sigma_t * sigma_t)) : 1.0;
      const double here = path + mu / 2;
      seen_activity += f * weight * (model_.pet ? 1.0 : std::exp(-here));
      if (s == 0) out = here;
      path += mu;
    }
    const double a = std::exp(-(model_.pet ? path : out));
    const double n = c * (model_.pet ? a : 1.0) * seen_activity + background * share;
    result.survival += a / angles_;
    result.root_survival += std::sqrt(a) / angles_;
    if (n > 0) result.information += (c * a) * (c * a) / n * range / angles_;
  }
  return result;
}

}  // namespace sojourn::simulate
