#include "sojourn/study/cell_maps.h"

#include <algorithm>

#include "sojourn/io/nifti.h"

namespace sojourn::study {

void write_cell_map(const ScanProduct& scan, const std::vector<records::CellEstimate>& cells,
                    const OutputFolder& out) {
  const auto activity = io::import_nifti(out.path() / activity_map(scan.number));
  const auto labels = io::import_nifti(out.path() / region_map(scan.number)).frames.front();
  std::vector<image::Volume<float>> maps;
  for (std::size_t f = 0; f < activity.frames.size(); ++f) {
    const auto& values = activity.frames[f].values;
    const double hours = (scan.frame_mid_utc_s.at(f) - scan.origin_utc_s) / 3600.0;
    // Activity that the label map's voxels hold, so that the map's sum over a region is its cells.
    std::vector<double> held(scan.region_names.size() + 1, 0.0), scale(held.size(), 0.0);
    const double voxel_ml = values.geometry().voxel_ml();
    const auto label_of = [&](std::size_t i) {
      return std::min(static_cast<std::size_t>(std::max(labels.values.values()[i], 0.0F)),
                      held.size() - 1);
    };
    for (std::size_t i = 0; i < values.values().size(); ++i) {
      held[label_of(i)] += std::max(values.values()[i], 0.0F) * voxel_ml;
    }
    for (const auto& row : cells) {
      if (row.scan != scan.number || std::abs(row.hours - hours) > 1e-6) continue;
      const auto at = std::find(scan.region_names.begin(), scan.region_names.end(), row.region);
      if (at == scan.region_names.end()) continue;
      const auto label = static_cast<std::size_t>(at - scan.region_names.begin()) + 1;
      if (held[label] > 0) scale[label] = row.cells / held[label];
    }
    image::Volume<float> map(values.geometry());
    for (std::size_t i = 0; i < map.values().size(); ++i) {
      map.values()[i] = static_cast<float>(std::max(values.values()[i], 0.0F) * scale[label_of(i)]);
    }
    maps.push_back(std::move(map));
  }
  std::vector<const image::Volume<float>*> frames;
  for (const auto& map : maps) frames.push_back(&map);
  io::write_nifti(out.path() / cell_map(scan.number), frames, "living cells per mL");
}

}  // namespace sojourn::study
