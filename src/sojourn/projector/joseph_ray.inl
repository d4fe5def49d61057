// The set-up of a ray, compiled with each instruction set: included by joseph_simd.cpp alone.
#if defined(SOJOURN_JOSEPH_RAY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SOJOURN_JOSEPH_RAY_INL
#undef SOJOURN_JOSEPH_RAY_INL
#else
#define SOJOURN_JOSEPH_RAY_INL
#endif

#include <hwy/highway.h>

#include "sojourn/projector/joseph_job.h"

HWY_BEFORE_NAMESPACE();
namespace sojourn::projector::HWY_NAMESPACE {

/// A ray ready to march: plane p (0 to count - 1) is met at slow0 + p slow_step, fast0 + p
/// fast_step (in padded voxels) and, with time of flight, at t0 + p t_step mm from the event's
/// place.
struct Ray {
  float* first = nullptr;  ///< padded voxel (0, 0) of the first plane
  std::int32_t march_stride = 0, slow_stride = 0;
  int count = 0;
  int begin = 0;  ///< index of the first plane
  float slow0 = 0, slow_step = 0, fast0 = 0, fast_step = 0;
  float t0 = 0, t_step = 0, step_mm = 0;
};

HWY_INLINE double larger(double a, double b) { return a > b ? a : b; }
HWY_INLINE double smaller(double a, double b) { return a < b ? a : b; }
HWY_INLINE double size_of(double a) { return a < 0 ? -a : a; }

/// Narrows planes [lo, hi] to those where -1 < at0 + i step < n.
HWY_INLINE void narrow(double at0, double step, int n, double& lo, double& hi) {
  if (size_of(step) < 1e-9) {
    if (!(at0 > -1 && at0 < n)) hi = lo - 1;
    return;
  }
  const double inverse = 1 / step;
  const double a = (-1 - at0) * inverse, b = (n - at0) * inverse;
  lo = larger(lo, smaller(a, b));
  hi = smaller(hi, larger(a, b));
}

HWY_INLINE Ray make_ray(const RayJob& job, std::size_t e) {
  const RayFrame& g = job.frame;
  const Lor& lor = job.lors[e];
  double p[3], d[3], length[3], squares = 0;
  for (int a = 0; a < 3; ++a) {
    double from = g.shift[a], to = g.shift[a];
    for (int m = 0; m < 3; ++m) {
      from += g.matrix[a][m] * static_cast<double>(lor.from_mm[m]);
      to += g.matrix[a][m] * static_cast<double>(lor.to_mm[m]);
    }
    p[a] = from;
    d[a] = to - from;
    length[a] = size_of(d[a]) * g.spacing_mm[a];
    squares += length[a] * length[a];
  }
  Ray r;
  const int m = length[2] > length[0] && length[2] > length[1] ? 2 : length[1] > length[0] ? 1 : 0;
  if (!(length[m] > 0)) return r;
  const int s = m == 1 ? 0 : 1, f = m == 2 ? 0 : 2;
  const double inverse = 1 / d[m];
  const double slow_step = d[s] * inverse, fast_step = d[f] * inverse;
  const double slow_at0 = p[s] - p[m] * slow_step, fast_at0 = p[f] - p[m] * fast_step;
  double lo = larger(0, smaller(p[m], p[m] + d[m]));
  double hi = smaller(g.size[m] - 1, larger(p[m], p[m] + d[m]));
  narrow(slow_at0, slow_step, g.size[s], lo, hi);
  narrow(fast_at0, fast_step, g.size[f], lo, hi);
  const double line = __builtin_sqrt(squares);
  double t_at0 = 0, t_step = 0;
  if (job.tof.table) {
    t_step = line * inverse;
    t_at0 = -p[m] * t_step - 0.5 * line - (job.tof_mm ? static_cast<double>(job.tof_mm[e]) : 0.0);
    const double middle = -t_at0 / t_step, half = job.tof.reach_mm / size_of(t_step);
    if (job.tof_mm) {
      lo = larger(lo, middle - half);
      hi = smaller(hi, middle + half);
    }
  }
  if (!(lo <= hi)) return r;
  // voxels have their centres at whole numbers: lo is not negative, so truncation rounds down
  const int begin = static_cast<int>(lo) + (static_cast<double>(static_cast<int>(lo)) < lo ? 1 : 0);
  const int end = static_cast<int>(hi) + 1;
  r.count = end - begin;
  r.begin = begin;
  const std::int32_t* stride = m == 2 ? job.memory.x_stride : job.memory.z_stride;
  float* memory = m == 2 ? job.memory.x_fastest : job.memory.z_fastest;
  r.march_stride = stride[m];
  r.slow_stride = stride[s];
  r.first = memory + static_cast<std::ptrdiff_t>(begin + 1) * stride[m];
  r.slow_step = static_cast<float>(slow_step);
  r.fast_step = static_cast<float>(fast_step);
  r.slow0 = static_cast<float>(slow_at0 + begin * slow_step + 1);
  r.fast0 = static_cast<float>(fast_at0 + begin * fast_step + 1);
  r.t0 = static_cast<float>(t_at0 + begin * t_step);
  r.t_step = static_cast<float>(t_step);
  r.step_mm = static_cast<float>(line * size_of(inverse));
  return r;
}

}  // namespace sojourn::projector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
