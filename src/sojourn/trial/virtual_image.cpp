#include "sojourn/trial/virtual_image.h"

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/plan/constants.h"
#include "sojourn/simulate/activity_map.h"

namespace sojourn::trial {
namespace {

constexpr int kLines = 4;
constexpr double kMostVoxels = 4e6, kFinestLabels = 2e6;
constexpr double kSeenAxially = 0.9;
constexpr double kAnnihilation_kev = 510.999;

/// Energy of the photons that are imaged: annihilation, or the strongest line from 60 to 400 keV.
double photon_kev(const simulate::NuclearModel& model, const nuclide::Nuclide& nuclide) {
  if (model.pet) return kAnnihilation_kev;
  double energy = 0, most = 0;
  for (const auto& e : nuclide.emissions) {
    if (e.type != "gamma" || e.energy_kev < 60 || e.energy_kev > 400) continue;
    if (e.intensity > most) most = e.intensity, energy = e.energy_kev;
  }
  if (!(most > 0)) refuse("{} has no gamma line from 60 to 400 keV", nuclide.name);
  return energy;
}

image::Geometry cut_to(image::Geometry grid, double height_mm, double middle_mm) {
  const int wanted = static_cast<int>(height_mm / grid.spacing_mm[2]);
  if (wanted >= grid.size[2]) return grid;
  const double first = (middle_mm - grid.origin_mm[2]) / grid.spacing_mm[2] - 0.5 * (wanted - 1);
  const int start = std::clamp(static_cast<int>(std::lround(first)), 0, grid.size[2] - wanted);
  grid.origin_mm[2] += start * grid.spacing_mm[2];
  grid.size[2] = wanted;
  return grid;
}

/// Along the axis: of the liver.
double liver_z_mm(const subject::Subject& s) {
  subject::Subject liver = s;
  liver.organs = {s.organs[s.index_of("liver")]};
  const auto box = subject::bounds(liver);
  return (box[0][2] + box[1][2]) / 2;
}

image::Geometry halved(image::Geometry grid) {
  for (std::size_t a = 0; a < 3; ++a) {
    grid.spacing_mm[a] /= 2;
    grid.origin_mm[a] -= grid.spacing_mm[a] / 2;
    grid.size[a] *= 2;
  }
  return grid;
}

}  // namespace

double VirtualView::region_ml(const VirtualRegion& region) const {
  double sum = 0;
  for (const auto organ : region.organs) sum += volume_ml[organ];
  return sum;
}

double VirtualView::part_inside(const VirtualRegion& region) const {
  double whole = 0;
  for (const auto organ : region.organs) whole += whole_ml[organ];
  return whole > 0 ? region_ml(region) / whole : 0;
}

bool VirtualView::shows(const VirtualRegion& region) const {
  constexpr double kHalf = 0.5;  // less would say little of the compartment
  const double part = part_inside(region);
  return part >= kHalf || (part > 0 && region.roles == std::vector<std::string>{"rest"});
}

VirtualView view_of(const VirtualBody& body, const std::string& scanner,
                    const std::string& nuclide) {
  VirtualView view;
  view.model = simulate::nuclear_model(catalogue::scanner(scanner), nuclide::find(nuclide));
  view.photon_kev = photon_kev(view.model, nuclide::find(nuclide));
  const auto box = subject::bounds(body.subject);
  const double margin = 2 * view.model.fwhm_mm[0];
  double volume = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    volume *= box[1][a] - box[0][a] + 2 * margin;
    view.center_mm[a] = (box[0][a] + box[1][a]) / 2;
  }
  const double width = std::max(box[1][0] - box[0][0], box[1][1] - box[0][1]);
  if (width > view.model.transaxial_fov_mm)
    refuse("the body is {:.4g} mm wide, \"{}\" sees {:.4g} mm; name a wider scanner", width,
           scanner, view.model.transaxial_fov_mm);
  const double mm = std::max(view.model.fwhm_mm[0] / 3, std::cbrt(volume / kMostVoxels));
  const auto full = subject::grid_of(body.subject, {{mm, mm, mm}, margin, kLines});
  const double seen_mm = kSeenAxially * view.model.axial_fov_mm;
  view.image = cut_to(full, seen_mm, liver_z_mm(body.subject));
  if (view.image.size != full.size)
    view.center_mm[2] =
        view.image.origin_mm[2] + (view.image.size[2] - 1) * view.image.spacing_mm[2] / 2;
  view.labels =
      static_cast<double>(view.image.voxels()) > kFinestLabels ? view.image : halved(view.image);
  view.volume_ml = subject::voxelise(body.subject, view.image, kLines).volumes_ml();
  view.whole_ml = view.image.size == full.size
                      ? view.volume_ml
                      : subject::voxelise(body.subject, full, kLines).volumes_ml();
  for (std::size_t i = 0; i < view.whole_ml.size(); ++i)
    view.inside.push_back(view.whole_ml[i] > 0 ? view.volume_ml[i] / view.whole_ml[i] : 0);
  return view;
}

VirtualImage image_of(const VirtualBody& body, const VirtualView& view,
                      const std::vector<double>& bq_of_organ, double duration_s, std::uint64_t seed,
                      bool noise_free) {
  const auto voxels = subject::voxelise(body.subject, view.image, kLines);
  VirtualImage result;
  std::vector<double> inside(bq_of_organ);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    inside[i] *= view.inside[i];
    result.activity_bq += inside[i];
  }
  simulate::FastScene scene;
  scene.activity_bq_per_ml = simulate::activity_map(voxels, body.subject, inside);
  std::vector<double> mu;
  const double water = plan::water_attenuation_per_mm(view.photon_kev);
  for (const auto& organ : body.subject.organs) mu.push_back(water * organ.density_g_per_ml);
  scene.mu_per_mm = voxels.average(mu);
  scene.duration_s = duration_s;
  scene.center_mm = view.center_mm;
  const auto noise = simulate::fast_noise(scene, view.model);
  result.counts = noise.counts;
  result.concentration_bq_per_ml = simulate::fast_image(scene, view.model, noise, seed, noise_free);
  return result;
}

image::Volume<int> label_image(const VirtualBody& body, const VirtualView& view) {
  auto labels = subject::voxelise(body.subject, view.labels, kLines).labels();
  std::vector<int> value(body.subject.organs.size() + 1, 0);
  for (std::size_t r = 0; r < body.regions.size(); ++r) {
    if (!view.shows(body.regions[r])) continue;
    for (const auto organ : body.regions[r].organs) value[organ + 1] = static_cast<int>(r) + 1;
  }
  for (int& one : labels.values()) one = value[static_cast<std::size_t>(one)];
  return labels;
}

image::Volume<float> ct_image(const VirtualBody& body, const VirtualView& view) {
  const auto voxels = subject::voxelise(body.subject, view.image, kLines);
  std::vector<double> hu;
  for (const auto& organ : body.subject.organs) hu.push_back(1000 * (organ.density_g_per_ml - 1));
  return voxels.average(hu, -1000);
}

}  // namespace sojourn::trial
