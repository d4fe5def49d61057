#include "sojourn/projector/locality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::projector {
namespace {

constexpr std::size_t kGrain = 8192;

/// value in [0, 1) as a whole number of `bits` bits, clamped.
std::uint32_t cell(double value, unsigned bits) {
  const auto n = static_cast<double>(1U << bits);
  return static_cast<std::uint32_t>(std::clamp(std::floor(value * n), 0.0, n - 1));
}

/// Bits of a and b in turn: near cells get near numbers.
std::uint32_t interleaved(std::uint32_t a, std::uint32_t b, unsigned bits) {
  std::uint32_t all = 0;
  for (unsigned i = 0; i < bits; ++i)
    all |= ((a >> i) & 1U) << (2 * i) | ((b >> i) & 1U) << (2 * i + 1);
  return all;
}

/// The same of four.
std::uint32_t interleaved4(const std::array<std::uint32_t, 4>& v, unsigned bits) {
  std::uint32_t all = 0;
  for (unsigned i = 0; i < bits; ++i)
    for (unsigned a = 0; a < 4; ++a) all |= ((v[a] >> i) & 1U) << (4 * i + 3 - a);
  return all;
}

class Keys {
 public:
  explicit Keys(const image::Geometry& grid) : grid_(grid) {}

  std::uint32_t of(const Lor& lor, const float* tof_mm) const {
    const image::Vec3 a = voxel(lor.from_mm), b = voxel(lor.to_mm);
    const image::Vec3 d{(b[0] - a[0]) * grid_.spacing_mm[0], (b[1] - a[1]) * grid_.spacing_mm[1],
                        (b[2] - a[2]) * grid_.spacing_mm[2]};
    const double across = std::hypot(d[0], d[1]);
    const double angle = across > 0 ? std::atan2(d[1], d[0]) / std::numbers::pi : 0;
    const double view = angle - std::floor(angle);  // [0, 1): half a turn
    const std::uint32_t along_z =
        std::abs(d[2]) > std::abs(d[0]) && std::abs(d[2]) > std::abs(d[1]) ? 1U : 0U;
    const double length = std::hypot(across, d[2]);
    const double part = 0.5 + (tof_mm != nullptr && length > 0 ? *tof_mm / length : 0);
    image::Vec3 place{};
    for (std::size_t i = 0; i < 3; ++i)
      place[i] = (a[i] + part * (b[i] - a[i]) + 0.5) / grid_.size[i];
    if (tof_mm != nullptr) {
      // 32 x 32 blocks, within each 16 views and 32 axial places
      return along_z << 31U | interleaved(cell(place[0], 5), cell(place[1], 5), 5) << 11U |
             cell(view, 5) << 6U | cell(place[2], 6);
    }
    // strips: 32 views, 32 distances from the middle, within each finer ones
    const double size_mm =
        std::hypot(grid_.size[0] * grid_.spacing_mm[0], grid_.size[1] * grid_.spacing_mm[1]);
    const double away = across > 0
                            ? ((place[0] - 0.5) * grid_.size[0] * grid_.spacing_mm[0] * d[1] -
                               (place[1] - 0.5) * grid_.size[1] * grid_.spacing_mm[1] * d[0]) /
                                  across
                            : 0;
    const double distance = (angle == view ? away : -away) / size_mm + 0.5;
    const double slope = 0.5 + 0.5 * (length > 0 ? d[2] / length : 0) * (angle == view ? 1 : -1);
    return along_z << 31U |
           interleaved4({cell(view, 7), cell(distance, 7), cell(place[2], 7), cell(slope, 7)}, 7);
  }

 private:
  image::Vec3 voxel(const std::array<float, 3>& mm) const {
    return grid_.to_voxel(
        {static_cast<double>(mm[0]), static_cast<double>(mm[1]), static_cast<double>(mm[2])});
  }
  image::Geometry grid_;
};

struct Item {
  std::uint32_t key, index;
};

/// Stable sort by key, a byte and a half at a time.
void radix_sort(std::vector<Item>& items) {
  constexpr unsigned kBits = 11;
  std::vector<Item> other(items.size());
  for (unsigned shift = 0; shift < 32; shift += kBits) {
    std::array<std::size_t, (1U << kBits) + 1> start{};
    const auto digit = [&](const Item& i) { return (i.key >> shift) & ((1U << kBits) - 1); };
    for (const Item& i : items) ++start[digit(i) + 1];
    for (std::size_t d = 1; d < start.size(); ++d) start[d] += start[d - 1];
    for (const Item& i : items) other[start[digit(i)]++] = i;
    items.swap(other);
  }
}

}  // namespace

std::vector<std::uint32_t> locality_order(const Lines& lines, const image::Geometry& grid) {
  const std::size_t n = lines.size();
  if (n > std::numeric_limits<std::uint32_t>::max())
    refuse("{} events are more than one run can sort; split the list", n);
  const bool tof = !lines.tof_mm.empty();
  SOJOURN_EXPECT(!tof || lines.tof_mm.size() == n);
  const Keys keys(grid);
  std::vector<Item> items(n);
  core::parallel_blocks(n, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      items[i] = {keys.of(lines.lors[i], tof ? &lines.tof_mm[i] : nullptr),
                  static_cast<std::uint32_t>(i)};
  });
  radix_sort(items);
  std::vector<std::uint32_t> order(n);
  std::transform(items.begin(), items.end(), order.begin(), [](const Item& i) { return i.index; });
  return order;
}

Lines reordered(const Lines& lines, const std::vector<std::uint32_t>& order) {
  Lines out;
  out.lors.resize(order.size());
  if (!lines.tof_mm.empty()) out.tof_mm.resize(order.size());
  core::parallel_blocks(order.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      out.lors[i] = lines.lors[order[i]];
      if (!out.tof_mm.empty()) out.tof_mm[i] = lines.tof_mm[order[i]];
    }
  });
  return out;
}

}  // namespace sojourn::projector
