#include "sojourn/projector/joseph.h"

#include <algorithm>
#include <functional>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/projector/joseph_job.h"
#include "sojourn/projector/lattice.h"

namespace sojourn::projector {
namespace {

constexpr std::size_t kGrain = 2048;  // lines of a task

RayJob job_of(const image::Geometry& grid, const TofKernel* tof) {
  RayJob job;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t m = 0; m < 3; ++m)
      job.frame.matrix[a][m] = grid.axis[a][m] / grid.spacing_mm[a];
    job.frame.shift[a] = -image::dot(grid.axis[a], grid.origin_mm) / grid.spacing_mm[a];
    job.frame.spacing_mm[a] = grid.spacing_mm[a];
    job.frame.size[a] = grid.size[a];
  }
  if (tof != nullptr) {
    job.tof.table = tof->table().data();
    job.tof.reach_mm = tof->reach_mm();
    job.tof.steps_per_mm = static_cast<float>(1 / tof->table_step_mm());
    job.tof.last = static_cast<float>(TofKernel::kSteps);
    job.bin_mm = tof->resolution().bin_mm;
  }
  return job;
}

/// The job for lines [begin, …) of it.
RayJob from(RayJob job, std::size_t begin) {
  job.lors += begin;
  if (job.tof_mm != nullptr) job.tof_mm += begin;
  return job;
}

bool along_z_in(const RayJob& job, std::size_t n) {
  std::vector<char> found(n / kGrain + 1, 0);
  core::parallel_for(found.size(), [&](std::size_t block) {
    const std::size_t begin = block * kGrain, end = std::min(begin + kGrain, n);
    found[block] = joseph_any_along_z(from(job, begin), end - begin);
  });
  return std::any_of(found.begin(), found.end(), [](char yes) { return yes != 0; });
}

/// One or both working copies of an image.
struct Copies {
  Lattice z, x;

  Copies(const image::Index3& size, bool along_z) : z(size, Order::z_fastest) {
    if (along_z) x = Lattice(size, Order::x_fastest);
  }
  void attach(RayJob& job) {
    job.memory.z_fastest = z.data();
    job.memory.x_fastest = x.empty() ? nullptr : x.data();
    for (std::size_t a = 0; a < 3; ++a) {
      job.memory.z_stride[a] = z.stride()[a];
      job.memory.x_stride[a] = x.stride()[a];
    }
  }
};

using Sweep = void (*)(const RayJob&, std::size_t, float*);
using BackSweep = void (*)(const RayJob&, std::size_t, const float*);

void run_forward(const image::Volume<float>& image, RayJob job, std::size_t n,
                 std::span<float> values, Sweep sweep) {
  const auto per_line = static_cast<std::size_t>(std::max(job.n_bins, 1));
  SOJOURN_EXPECT(values.size() == n * per_line);
  Copies copies(image.geometry().size, along_z_in(job, n));
  copies.z.load(image.values().data());
  if (!copies.x.empty()) copies.x.load(image.values().data());
  copies.attach(job);
  core::parallel_blocks(n, kGrain, [&](std::size_t begin, std::size_t end) {
    sweep(from(job, begin), end - begin, values.data() + begin * per_line);
  });
}

/// How many images collect at once: enough to keep cores busy, few enough that clearing and adding
/// them up stays small beside the work. It depends on the task alone, not on the machine, so that
/// the sums are the same everywhere.
std::size_t collectors(std::size_t lines, std::size_t voxels) {
  constexpr std::size_t kMostBytes = std::size_t{2} << 30;
  const std::size_t by_work = lines * 4 / std::max<std::size_t>(voxels, 1);
  const std::size_t by_memory = kMostBytes / (voxels * sizeof(float) + 1);
  return std::clamp<std::size_t>(by_work, 2, std::clamp<std::size_t>(by_memory, 2, 32));
}

void run_back(std::span<const float> values, const RayJob& job, std::size_t n,
              image::Volume<float>& image, BackSweep sweep) {
  const auto per_line = static_cast<std::size_t>(std::max(job.n_bins, 1));
  SOJOURN_EXPECT(values.size() == n * per_line);
  const auto& size = image.geometry().size;
  const std::size_t parts = collectors(n * per_line, image.values().size());
  std::vector<std::optional<Copies>> collected(parts);
  core::parallel_for(parts, [&](std::size_t part) {
    const std::size_t begin = n * part / parts, end = n * (part + 1) / parts;
    RayJob mine = from(job, begin);
    collected[part].emplace(size, joseph_any_along_z(mine, end - begin));
    collected[part]->attach(mine);
    sweep(mine, end - begin, values.data() + begin * per_line);
  });
  core::parallel_for(static_cast<std::size_t>(size[1]), [&](std::size_t j) {
    for (const auto& copies : collected) {
      copies->z.add_row_to(image.values().data(), static_cast<int>(j));
      if (!copies->x.empty()) copies->x.add_row_to(image.values().data(), static_cast<int>(j));
    }
  });
}

}  // namespace

Joseph::Joseph(const image::Geometry& grid, const std::optional<TofResolution>& tof) : grid_(grid) {
  for (std::size_t a = 0; a < 3; ++a)
    if (grid.size[a] < 1 || grid.size[a] > kMostPlanes || !(grid.spacing_mm[a] > 0))
      refuse("a grid of {} voxels of {} mm along axis {}: take 1 to {} voxels", grid.size[a],
             grid.spacing_mm[a], a, kMostPlanes);
  if (tof) tof_.emplace(*tof);
}

void Joseph::forward(const image::Volume<float>& image, const Lines& lines,
                     std::span<float> values) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size);
  SOJOURN_EXPECT(!tof_ || lines.tof_mm.size() == lines.size());
  RayJob job = job_of(grid_, tof_ ? &*tof_ : nullptr);
  job.lors = lines.lors.data();
  if (tof_) job.tof_mm = lines.tof_mm.data();
  run_forward(image, job, lines.size(), values, joseph_forward);
}

void Joseph::back(std::span<const float> values, const Lines& lines,
                  image::Volume<float>& image) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size);
  SOJOURN_EXPECT(!tof_ || lines.tof_mm.size() == lines.size());
  RayJob job = job_of(grid_, tof_ ? &*tof_ : nullptr);
  job.lors = lines.lors.data();
  if (tof_) job.tof_mm = lines.tof_mm.data();
  run_back(values, job, lines.size(), image, joseph_back);
}

void Joseph::forward_line(const image::Volume<float>& image, std::span<const Lor> lors,
                          std::span<float> values) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size);
  RayJob job = job_of(grid_, nullptr);
  job.lors = lors.data();
  run_forward(image, job, lors.size(), values, joseph_forward);
}

void Joseph::back_line(std::span<const float> values, std::span<const Lor> lors,
                       image::Volume<float>& image) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size);
  RayJob job = job_of(grid_, nullptr);
  job.lors = lors.data();
  run_back(values, job, lors.size(), image, joseph_back);
}

void Joseph::forward_bins(const image::Volume<float>& image, std::span<const Lor> lors, int n_bins,
                          std::span<float> values) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size && tof_ && n_bins > 0);
  RayJob job = job_of(grid_, &*tof_);
  job.lors = lors.data();
  job.n_bins = n_bins;
  run_forward(image, job, lors.size(), values, joseph_forward_bins);
}

void Joseph::back_bins(std::span<const float> values, std::span<const Lor> lors, int n_bins,
                       image::Volume<float>& image) const {
  SOJOURN_EXPECT(image.geometry().size == grid_.size && tof_ && n_bins > 0);
  RayJob job = job_of(grid_, &*tof_);
  job.lors = lors.data();
  job.n_bins = n_bins;
  run_back(values, job, lors.size(), image, joseph_back_bins);
}

}  // namespace sojourn::projector
