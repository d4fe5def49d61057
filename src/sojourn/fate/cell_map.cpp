#include "sojourn/fate/cell_map.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

void check_grids(const image::Volume<float>& activity, const image::Volume<float>& labels) {
  if (!image::same_grid(activity.geometry(), labels.geometry()))
    throw Error(ErrorCode::shape_mismatch,
                "the label map lies on another grid than the activity (resample one of them)");
}

std::size_t label_at(const image::Volume<float>& labels, std::size_t voxel, std::size_t n_labels) {
  const float value = labels.values()[voxel];
  if (!(value >= 0) || value != std::floor(value) ||
      static_cast<double>(value) >= static_cast<double>(n_labels))
    refuse("voxel {} of the label map holds {} (whole numbers from 0 to {} have a region)", voxel,
           value, n_labels - 1);
  return static_cast<std::size_t>(value);
}

double used(float activity, NegativeActivity negative) {
  return negative == NegativeActivity::zero ? std::max(activity, 0.0F) : activity;
}

}  // namespace

std::vector<double> held_activity_bq(const image::Volume<float>& activity_bq_per_ml,
                                     const image::Volume<float>& labels, std::size_t n_labels,
                                     NegativeActivity negative) {
  check_grids(activity_bq_per_ml, labels);
  std::vector<double> held(n_labels, 0.0);
  const double voxel_ml = activity_bq_per_ml.geometry().voxel_ml();
  for (std::size_t i = 0; i < labels.values().size(); ++i)
    held[label_at(labels, i, n_labels)] +=
        used(activity_bq_per_ml.values()[i], negative) * voxel_ml;
  return held;
}

CellMap map_cells(const image::Volume<float>& activity_bq_per_ml,
                  const image::Volume<float>& labels, const std::vector<RegionFactor>& factors,
                  double noise_bq_per_ml, NegativeActivity negative) {
  check_grids(activity_bq_per_ml, labels);
  if (!(noise_bq_per_ml >= 0 && std::isfinite(noise_bq_per_ml)))
    refuse("a noise of {} Bq/mL (it must be >= 0)", noise_bq_per_ml);
  for (std::size_t k = 1; k < factors.size(); ++k)
    if (!(factors[k].cells_per_bq >= 0 && factors[k].sd_per_bq >= 0 &&
          std::isfinite(factors[k].cells_per_bq) && std::isfinite(factors[k].sd_per_bq) &&
          factors[k].noise_bq_per_ml.value_or(0) >= 0))
      refuse("region {}: {} cells per Bq with an sd of {} (both must be >= 0)", k,
             factors[k].cells_per_bq, factors[k].sd_per_bq);
  const auto& geometry = activity_bq_per_ml.geometry();
  const double voxel_ml = geometry.voxel_ml();
  CellMap map{image::Volume<float>(geometry), image::Volume<float>(geometry),
              std::vector<CellMap::Total>(factors.size())};
  std::vector<double> voxels(factors.size(), 0.0);
  for (std::size_t i = 0; i < labels.values().size(); ++i) {
    const std::size_t label = label_at(labels, i, factors.size());
    if (label == 0) continue;
    const auto& factor = factors[label];
    const double activity = used(activity_bq_per_ml.values()[i], negative);
    const double cells = factor.cells_per_bq * activity;
    map.cells_per_ml.values()[i] = static_cast<float>(cells);
    const double noise = factor.noise_bq_per_ml.value_or(noise_bq_per_ml);
    map.sd_per_ml.values()[i] =
        static_cast<float>(std::hypot(activity * factor.sd_per_bq, factor.cells_per_bq * noise));
    map.regions[label].activity_bq += activity * voxel_ml;
    voxels[label] += 1;
  }
  for (std::size_t k = 1; k < factors.size(); ++k) {
    auto& total = map.regions[k];
    total.cells = factors[k].cells_per_bq * total.activity_bq;
    const double noise = factors[k].noise_bq_per_ml.value_or(noise_bq_per_ml);
    total.sd = std::hypot(total.activity_bq * factors[k].sd_per_bq,
                          factors[k].cells_per_bq * noise * voxel_ml * std::sqrt(voxels[k]));
  }
  return map;
}

}  // namespace sojourn::fate
