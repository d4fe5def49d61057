#include "sojourn/simulate/light_image.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/simulate/image_noise.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

double boundary_mm(const LightModel& m) {
  const double diffusion = 1 / (3 * m.reduced_scattering_per_mm);
  return 2 * m.refraction_factor * diffusion;
}

/// Sources of one depth, spread over the surface: pixel (i, k) of `to` += kernel x sources.
void spread_layer(const image::Volume<float>& sources, const LightModel& model, double depth_mm,
                  image::Volume<float>& to) {
  const auto& grid = to.geometry();
  const double dx = grid.spacing_mm[0], dz = grid.spacing_mm[2];
  const double reach = 6 * depth_mm + 2 * boundary_mm(model);
  const int nx = static_cast<int>(std::ceil(reach / dx)),
            nz = static_cast<int>(std::ceil(reach / dz));
  const auto width = static_cast<std::size_t>(2 * nx + 1);
  std::vector<double> kernel(width * static_cast<std::size_t>(2 * nz + 1));
  double sum = 0;
  for (int k = -nz; k <= nz; ++k) {
    for (int i = -nx; i <= nx; ++i) {
      const double value = surface_flux_per_mm2(model, depth_mm, std::hypot(i * dx, k * dz));
      kernel[static_cast<std::size_t>(k + nz) * width + static_cast<std::size_t>(i + nx)] = value;
      sum += value;
    }
  }
  // Pixels sample the flux; the total is what escapes.
  const double scale = escaped_fraction(model, depth_mm) / (sum * dx * dz);
  core::parallel_for(static_cast<std::size_t>(grid.size[2]), [&](std::size_t plane) {
    const int k = static_cast<int>(plane);
    for (int w = std::max(0, k - nz); w <= std::min(grid.size[2] - 1, k + nz); ++w) {
      for (int u = 0; u < grid.size[0]; ++u) {
        const auto source = static_cast<double>(sources.at(u, 0, w));
        if (source == 0) continue;
        for (int i = std::max(0, u - nx); i <= std::min(grid.size[0] - 1, u + nx); ++i) {
          const std::size_t at =
              static_cast<std::size_t>(k - w + nz) * width + static_cast<std::size_t>(i - u + nx);
          to.at(i, 0, k) += static_cast<float>(source * scale * kernel[at]);
        }
      }
    }
  });
}

}  // namespace

LightModel light_model(const catalogue::Method& method, const catalogue::Scanner& scanner) {
  const auto* optical = method.get<catalogue::Optical>();
  if (optical == nullptr) refuse("the method \"{}\" gives no light", method.id);
  const auto* camera = scanner.get<catalogue::OpticalScanner>();
  if (camera == nullptr) refuse("\"{}\" is no camera for light", scanner.id);
  LightModel m;
  if (!optical->tissue_attenuation_per_mm)
    refuse("the method \"{}\" has no tissue_attenuation in the catalogue", method.id);
  m.attenuation_per_mm = optical->tissue_attenuation_per_mm->value;
  if (!camera->detectable_photon_rate_per_s || !camera->usual_time_s)
    refuse("the camera \"{}\" lacks detectable_photon_rate or usual_time", scanner.id);
  constexpr double kArea_mm2 = 10;
  // Noise of independent pixels: of 1 mm^2, per mm^2.
  m.background_sd_per_s_mm2 =
      camera->detectable_photon_rate_per_s->value / 3 / std::sqrt(kArea_mm2);
  m.usual_time_s = camera->usual_time_s->value;
  return m;
}

double surface_flux_per_mm2(const LightModel& m, double depth_mm, double lateral_mm) {
  SOJOURN_EXPECT(depth_mm > 0 && m.attenuation_per_mm >= 0 && m.reduced_scattering_per_mm > 0);
  const double mu = m.attenuation_per_mm, above = depth_mm + 2 * boundary_mm(m);
  const double r1 = std::hypot(depth_mm, lateral_mm), r2 = std::hypot(above, lateral_mm);
  return (depth_mm * (mu + 1 / r1) * std::exp(-mu * r1) / (r1 * r1) +
          above * (mu + 1 / r2) * std::exp(-mu * r2) / (r2 * r2)) /
         (4 * std::numbers::pi);
}

double escaped_fraction(const LightModel& m, double depth_mm) {
  const double mu = m.attenuation_per_mm;
  return 0.5 * (std::exp(-mu * depth_mm) + std::exp(-mu * (depth_mm + 2 * boundary_mm(m))));
}

image::Volume<float> light_image(const image::Volume<float>& photons_per_s_per_ml,
                                 const image::Volume<float>& tissue, const LightModel& model,
                                 View view, double time_s, std::uint64_t seed, bool noise_free) {
  const auto& grid = photons_per_s_per_ml.geometry();
  SOJOURN_EXPECT(image::same_grid(grid, tissue.geometry()));
  if (!(time_s > 0)) refuse("an exposure of {} s is not over 0", time_s);
  image::Geometry plane = grid;
  plane.size[1] = 1;
  if (view == View::back) plane.origin_mm[1] += (grid.size[1] - 1) * grid.spacing_mm[1];
  // Sources by depth: columns start at their first tissue voxel.
  std::map<int, image::Volume<float>> layers;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int i = 0; i < grid.size[0]; ++i) {
      int skin = -1;
      for (int step = 0; step < grid.size[1]; ++step) {
        const int j = view == View::front ? step : grid.size[1] - 1 - step;
        if (skin < 0 && tissue.at(i, j, k) > 0.5F) skin = step;
        const float rate = photons_per_s_per_ml.at(i, j, k);
        if (skin < 0 || !(rate > 0)) continue;
        auto layer = layers.try_emplace(step - skin, plane).first;
        layer->second.at(i, 0, k) +=
            static_cast<float>(static_cast<double>(rate) * grid.voxel_ml());
      }
    }
  }
  image::Volume<float> image(plane);
  for (const auto& [step, sources] : layers)
    spread_layer(sources, model, (step + 0.5) * grid.spacing_mm[1], image);
  image::gaussian_blur(image, {model.camera_fwhm_mm, 0, model.camera_fwhm_mm});
  if (noise_free) return image;
  const double area_mm2 = grid.spacing_mm[0] * grid.spacing_mm[2];
  const double counts_per_rate = model.detected_fraction * time_s * area_mm2;
  const double background =
      model.background_sd_per_s_mm2 / std::sqrt(area_mm2) * std::sqrt(model.usual_time_s / time_s);
  const auto noise = white_noise(plane, seed + 1);
  for (std::size_t v = 0; v < image.values().size(); ++v) {
    const double mean = static_cast<double>(image.values()[v]) * counts_per_rate;
    const double drawn =
        mean > 0 ? static_cast<double>(core::Random(seed, v).poisson(mean)) / counts_per_rate : 0;
    image.values()[v] =
        static_cast<float>(drawn + background * static_cast<double>(noise.values()[v]));
  }
  return image;
}

}  // namespace sojourn::simulate
