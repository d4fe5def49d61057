#include "sojourn/study/cell_maps.h"

#include <algorithm>
#include <cmath>

#include "sojourn/fate/cell_map.h"
#include "sojourn/io/nifti.h"

namespace sojourn::study {
namespace {

constexpr double kSameTime_h = 1e-6;

/// Voxels of each label, shape [n_labels].
std::vector<double> voxels_of(const image::Volume<float>& labels, std::size_t n_labels) {
  std::vector<double> voxels(n_labels, 0.0);
  for (const float label : labels.values())
    if (label >= 0 && static_cast<std::size_t>(label) < n_labels)
      voxels[static_cast<std::size_t>(label)] += 1;
  return voxels;
}

/// Counting noise of a region in a frame over its activity; 0 where it is not known.
double relative_noise(const ScanProduct& scan, const std::string& region, double hours) {
  for (const auto& m : scan.measurements)
    if (m.region == region && std::abs(m.hours - hours) < kSameTime_h && m.activity_bq > 0)
      return m.noise_bq / m.activity_bq;
  return 0;
}

/// A factor that makes the region's voxels add up to its cells. What the region's interval owes to
/// counting noise is not shared by its voxels: it is taken out of the shared part and given to each
/// of them as if they were independent, so that the region's total keeps its spread.
fate::RegionFactor factor_of(const records::CellEstimate& row, double held_bq, double voxels,
                             double voxel_ml, double noise) {
  constexpr double kSdsIn95 = 2 * 1.959964;
  fate::RegionFactor factor;
  if (!(held_bq > 0)) return factor;
  const double total = std::max(0.0, row.cells_hi95 - row.cells_lo95) / kSdsIn95;
  const double own = std::min(noise * row.cells, total);
  factor.cells_per_bq = row.cells / held_bq;
  factor.sd_per_bq = std::sqrt(total * total - own * own) / held_bq;
  factor.noise_bq_per_ml =
      row.cells > 0 ? own / factor.cells_per_bq / (voxel_ml * std::sqrt(voxels)) : 0;
  return factor;
}

}  // namespace

void write_cell_map(const ScanProduct& scan, const std::vector<records::CellEstimate>& cells,
                    const OutputFolder& out) {
  const auto activity = io::import_nifti(out.path() / activity_map(scan.number));
  const auto labels = io::import_nifti(out.path() / region_map(scan.number)).frames.front().values;
  const std::size_t n_labels = scan.region_names.size() + 1;
  const auto voxels = voxels_of(labels, n_labels);
  std::vector<fate::CellMap> maps;
  for (std::size_t f = 0; f < activity.frames.size(); ++f) {
    const auto& values = activity.frames[f].values;
    const double hours = (scan.frame_mid_utc_s.at(f) - scan.origin_utc_s) / 3600.0;
    const auto held = fate::held_activity_bq(values, labels, n_labels);
    std::vector<fate::RegionFactor> factors(n_labels);
    for (const auto& row : cells) {
      if (row.scan != scan.number || std::abs(row.hours - hours) > kSameTime_h) continue;
      const auto at = std::find(scan.region_names.begin(), scan.region_names.end(), row.region);
      if (at == scan.region_names.end()) continue;
      const auto label = static_cast<std::size_t>(at - scan.region_names.begin()) + 1;
      factors[label] = factor_of(row, held[label], voxels[label], values.geometry().voxel_ml(),
                                 relative_noise(scan, row.region, hours));
    }
    maps.push_back(fate::map_cells(values, labels, factors));
  }
  std::vector<const image::Volume<float>*> means, spreads;
  for (const auto& map : maps) {
    means.push_back(&map.cells_per_ml);
    spreads.push_back(&map.sd_per_ml);
  }
  io::write_nifti(out.path() / cell_map(scan.number), means, "living cells per mL");
  io::write_nifti(out.path() / cell_sd_map(scan.number), spreads,
                  "standard deviation of living cells per mL");
}

}  // namespace sojourn::study
