#include "sojourn/region/components.h"

#include <algorithm>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::region {
namespace {

/// Voxels from `begin` to before `end` of one row, all on.
struct Run {
  int begin, end;
};

/// Runs of every row in storage order; runs of row r are [row_start[r], row_start[r + 1]).
struct Runs {
  std::vector<Run> runs;
  std::vector<std::size_t> row_start;
};

Runs find_runs(const Bits& bits, const image::Index3& size) {
  Runs found;
  const auto rows = static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]);
  found.row_start.reserve(rows + 1);
  for (std::size_t r = 0; r < rows; ++r) {
    found.row_start.push_back(found.runs.size());
    const std::uint8_t* row = bits.data() + r * static_cast<std::size_t>(size[0]);
    for (int i = 0; i < size[0]; ++i) {
      if (row[i] == 0) continue;
      const int begin = i;
      while (i < size[0] && row[i] != 0) ++i;
      found.runs.push_back({begin, i});
    }
  }
  found.row_start.push_back(found.runs.size());
  return found;
}

std::size_t root_of(std::vector<std::size_t>& parent, std::size_t n) {
  while (parent[n] != n) {
    parent[n] = parent[parent[n]];
    n = parent[n];
  }
  return n;
}

/// Joins the runs of two rows that touch.
void join_rows(const Runs& all, std::size_t row_a, std::size_t row_b,
               std::vector<std::size_t>& parent) {
  std::size_t a = all.row_start[row_a], b = all.row_start[row_b];
  while (a < all.row_start[row_a + 1] && b < all.row_start[row_b + 1]) {
    if (all.runs[a].begin < all.runs[b].end && all.runs[b].begin < all.runs[a].end) {
      const std::size_t x = root_of(parent, a), y = root_of(parent, b);
      parent[std::max(x, y)] = std::min(x, y);
    }
    if (all.runs[a].end < all.runs[b].end) {
      ++a;
    } else {
      ++b;
    }
  }
}

/// A plane of pixels, addressed by two strides.
struct Plane {
  std::uint8_t* first;
  std::size_t width, height, stride_x, stride_y;
};

void fill_plane(const Plane& plane, std::vector<std::uint8_t>& outside,
                std::vector<std::size_t>& stack) {
  if (plane.width == 0 || plane.height == 0) return;
  outside.assign(plane.width * plane.height, 0);
  stack.clear();
  const auto visit = [&](std::size_t x, std::size_t y) {
    const std::size_t at = y * plane.width + x;
    if (outside[at] != 0 || plane.first[x * plane.stride_x + y * plane.stride_y] != 0) return;
    outside[at] = 1;
    stack.push_back(at);
  };
  for (std::size_t x = 0; x < plane.width; ++x) {
    visit(x, 0);
    visit(x, plane.height - 1);
  }
  for (std::size_t y = 0; y < plane.height; ++y) {
    visit(0, y);
    visit(plane.width - 1, y);
  }
  while (!stack.empty()) {
    const std::size_t x = stack.back() % plane.width, y = stack.back() / plane.width;
    stack.pop_back();
    if (x > 0) visit(x - 1, y);
    if (x + 1 < plane.width) visit(x + 1, y);
    if (y > 0) visit(x, y - 1);
    if (y + 1 < plane.height) visit(x, y + 1);
  }
  for (std::size_t y = 0; y < plane.height; ++y) {
    for (std::size_t x = 0; x < plane.width; ++x) {
      plane.first[x * plane.stride_x + y * plane.stride_y] =
          outside[y * plane.width + x] != 0 ? std::uint8_t{0} : std::uint8_t{1};
    }
  }
}

}  // namespace

void keep_largest(Bits& bits, const image::Index3& size) {
  const Runs all = find_runs(bits, size);
  if (all.runs.empty()) return;
  std::vector<std::size_t> parent(all.runs.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto ny = static_cast<std::size_t>(size[1]);
  for (std::size_t row = 0; row + 1 < all.row_start.size(); ++row) {
    if (row % ny != 0) join_rows(all, row - 1, row, parent);
    if (row >= ny) join_rows(all, row - ny, row, parent);
  }
  std::vector<std::size_t> voxels(all.runs.size(), 0);
  for (std::size_t n = 0; n < all.runs.size(); ++n) {
    voxels[root_of(parent, n)] += static_cast<std::size_t>(all.runs[n].end - all.runs[n].begin);
  }
  const auto largest =
      static_cast<std::size_t>(std::max_element(voxels.begin(), voxels.end()) - voxels.begin());
  for (std::size_t row = 0; row + 1 < all.row_start.size(); ++row) {
    std::uint8_t* first = bits.data() + row * static_cast<std::size_t>(size[0]);
    for (std::size_t n = all.row_start[row]; n < all.row_start[row + 1]; ++n) {
      if (root_of(parent, n) == largest) continue;
      std::fill(first + all.runs[n].begin, first + all.runs[n].end, std::uint8_t{0});
    }
  }
}

void fill_holes(Bits& bits, const image::Index3& size, std::size_t axis) {
  SOJOURN_EXPECT(axis < 3);
  std::array<std::size_t, 3> n{}, stride{};
  for (std::size_t a = 0; a < 3; ++a) n[a] = static_cast<std::size_t>(size[a]);
  stride = {1, n[0], n[0] * n[1]};
  const std::size_t x = axis == 0 ? 1 : 0, y = axis == 2 ? 1 : 2;
  if (n[x] == 0 || n[y] == 0) return;
  core::parallel_blocks(n[axis], 4, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint8_t> outside;
    std::vector<std::size_t> stack;
    for (std::size_t p = begin; p < end; ++p) {
      fill_plane({bits.data() + p * stride[axis], n[x], n[y], stride[x], stride[y]}, outside,
                 stack);
    }
  });
}

}  // namespace sojourn::region
