#include "sojourn/image/region_mask.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "sojourn/image/coverage.h"

namespace sojourn::image {
namespace {

struct Bounds {
  Index3 first{std::numeric_limits<int>::max(), std::numeric_limits<int>::max(),
               std::numeric_limits<int>::max()};
  Index3 last{-1, -1, -1};

  void add_row(int from, int to, int j, int k) {
    first = {std::min(first[0], from), std::min(first[1], j), std::min(first[2], k)};
    last = {std::max(last[0], to), std::max(last[1], j), std::max(last[2], k)};
  }
  [[nodiscard]] bool empty() const { return last[0] < 0; }
  [[nodiscard]] Index3 end() const { return {last[0] + 1, last[1] + 1, last[2] + 1}; }
};

/// Calls visit(value, first i, last i, j, k) for each run of equal labels > 0 along i.
template <typename Visit>
void each_run(const Volume<int>& labels, Visit&& visit) {
  const auto& size = labels.geometry().size;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      const int* row = labels.values().data() + labels.geometry().offset(0, j, k);
      for (int i = 0; i < size[0];) {
        const int value = row[i];
        int to = i;
        while (to + 1 < size[0] && row[to + 1] == value) ++to;
        if (value > 0) visit(value, i, to, j, k);
        i = to + 1;
      }
    }
  }
}

}  // namespace

double RegionMask::volume_ml() const {
  double sum = 0;
  for (const float f : fraction.values()) sum += static_cast<double>(f);
  return sum * fraction.geometry().voxel_ml();
}

std::vector<Overlap> overlap(const RegionMask& region, const Geometry& image) {
  std::vector<Overlap> entries;
  cover(region, image).each(image, [&](std::size_t offset, double ml) {
    entries.push_back({offset, ml});
  });
  return entries;
}

Volume<float> fraction_on(const RegionMask& region, const Geometry& image) {
  Volume<float> fraction(image);
  const double voxel_ml = image.voxel_ml();
  cover(region, image).each(image, [&](std::size_t offset, double ml) {
    fraction.values()[offset] = static_cast<float>(std::min(1.0, ml / voxel_ml));
  });
  return fraction;
}

std::vector<RegionMask> split_labels(const Volume<int>& labels,
                                     const std::vector<std::pair<int, std::string>>& names) {
  std::unordered_map<int, Bounds> bounds;
  each_run(labels, [&](int value, int from, int to, int j, int k) {
    bounds[value].add_row(from, to, j, k);
  });
  std::vector<RegionMask> regions;
  for (const auto& [value, bound] : bounds) {
    RegionMask region;
    region.value = value;
    region.name = "label_" + std::to_string(value);
    region.fraction = Volume<float>(labels.geometry().cropped(bound.first, bound.end()));
    regions.push_back(std::move(region));
  }
  for (const auto& [value, name] : names) {
    if (bounds.contains(value)) continue;
    RegionMask missing;
    missing.value = value;
    regions.push_back(std::move(missing));
    bounds.emplace(value, Bounds{});
  }
  std::sort(regions.begin(), regions.end(),
            [](const auto& a, const auto& b) { return a.value < b.value; });
  std::unordered_map<int, RegionMask*> by_value;
  for (auto& region : regions) by_value[region.value] = &region;
  for (const auto& [value, name] : names) by_value.at(value)->name = name;
  each_run(labels, [&](int value, int from, int to, int j, int k) {
    const auto& first = bounds.at(value).first;
    auto& fraction = by_value.at(value)->fraction;
    float* row = &fraction.at(from - first[0], j - first[1], k - first[2]);
    std::fill(row, row + (to - from + 1), 1.0F);
  });
  return regions;
}

RegionMask make_region(std::string name, int value, const Volume<float>& fraction) {
  RegionMask region;
  region.name = std::move(name);
  region.value = value;
  const auto& size = fraction.geometry().size;
  Bounds bounds;
  for (int k = 0; k < size[2]; ++k) {
    for (int j = 0; j < size[1]; ++j) {
      const float* row = fraction.values().data() + fraction.geometry().offset(0, j, k);
      int from = -1, to = -1;
      for (int i = 0; i < size[0]; ++i) {
        if (row[i] == 0.0F) continue;
        if (!(row[i] > 0.0F && row[i] <= 1.0001F)) {
          throw Error(
              ErrorCode::bad_value,
              fmt::format(
                  "region {}: the fraction {} of a voxel is outside 0 to 1 (its file is damaged "
                  "or not a mask); correct the region",
                  region.name, row[i]));
        }
        if (from < 0) from = i;
        to = i;
      }
      if (from >= 0) bounds.add_row(from, to, j, k);
    }
  }
  if (bounds.empty()) return region;
  region.fraction = Volume<float>(fraction.geometry().cropped(bounds.first, bounds.end()));
  const auto& part = region.fraction.geometry().size;
  for (int k = 0; k < part[2]; ++k) {
    for (int j = 0; j < part[1]; ++j) {
      const float* from = &fraction.at(bounds.first[0], bounds.first[1] + j, bounds.first[2] + k);
      std::transform(from, from + part[0], &region.fraction.at(0, j, k),
                     [](float f) { return std::min(f, 1.0F); });
    }
  }
  return region;
}

}  // namespace sojourn::image
