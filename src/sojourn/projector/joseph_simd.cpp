// Compiled once for each instruction set (Highway): no standard-library templates in here.
// Machines without any of them run Highway's portable vectors of four, which it would rather swap
// for single numbers on g++ before 12.3; tests/projector runs every set that the machine has, this
// one too.
#define HWY_BROKEN_EMU128 0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sojourn/projector/joseph_simd.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "sojourn/projector/joseph_job.h"
#include "sojourn/projector/joseph_ray.inl"

HWY_BEFORE_NAMESPACE();
namespace sojourn::projector::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Wide = hn::ScalableTag<float>;
using WideInt = hn::RebindToSigned<Wide>;
using Four = hn::FixedTag<float, 4>;
using Two = hn::FixedTag<float, 2>;

constexpr int kLanes = static_cast<int>(HWY_MAX_BYTES / sizeof(float));

/// Weights and places of one vector of planes: for plane p, four weights (slow axis below, above;
/// within each the fast axis below, above) and the offset of the first neighbour.
struct Planes {
  HWY_ALIGN float weight[4 * kLanes];
  HWY_ALIGN std::int32_t offset[kLanes];
};

/// Kernel of the time of flight at distances d (mm).
HWY_INLINE hn::Vec<Wide> tof_weight(const TofTable& tof, hn::Vec<Wide> d) {
  const Wide f;
  const WideInt w;
  const auto u = hn::Min(hn::Mul(hn::Abs(d), hn::Set(f, tof.steps_per_mm)), hn::Set(f, tof.last));
  const auto i = hn::ConvertTo(w, u);
  const auto part = hn::Sub(u, hn::ConvertTo(f, i));
  const auto below = hn::GatherIndex(f, tof.table, i);
  const auto above = hn::GatherIndex(f, tof.table + 1, i);
  return hn::MulAdd(part, hn::Sub(above, below), below);
}

/// What is the same for all vectors of planes of a ray.
struct RayVectors {
  hn::Vec<Wide> slow0, slow_step, fast0, fast_step, slow_most, fast_most, t0, t_step;
  hn::Vec<WideInt> march, slow;
};

HWY_INLINE RayVectors spread(const Ray& r) {
  const Wide f;
  const WideInt w;
  return {hn::Set(f, r.slow0),      hn::Set(f, r.slow_step), hn::Set(f, r.fast0),
          hn::Set(f, r.fast_step),  hn::Set(f, r.slow_most), hn::Set(f, r.fast_most),
          hn::Set(f, r.t0),         hn::Set(f, r.t_step),    hn::Set(w, r.march_stride),
          hn::Set(w, r.slow_stride)};
}

/// Planes [begin, begin + lanes) of a ray; `scale` multiplies all weights.
template <bool kTof>
HWY_INLINE void fill(const RayVectors& r, const TofTable& tof, int begin, hn::Vec<Wide> scale,
                     Planes& planes) {
  const Wide f;
  const WideInt w;
  const auto index = hn::Iota(w, begin);
  const auto j = hn::ConvertTo(f, index);
  const auto zero = hn::Zero(f);
  const auto slow = hn::Max(zero, hn::Min(hn::MulAdd(j, r.slow_step, r.slow0), r.slow_most));
  const auto fast = hn::Max(zero, hn::Min(hn::MulAdd(j, r.fast_step, r.fast0), r.fast_most));
  const auto slow_i = hn::ConvertTo(w, slow);
  const auto fast_i = hn::ConvertTo(w, fast);
  const auto slow_part = hn::Sub(slow, hn::ConvertTo(f, slow_i));
  const auto fast_part = hn::Sub(fast, hn::ConvertTo(f, fast_i));
  auto all = scale;
  if constexpr (kTof) all = hn::Mul(all, tof_weight(tof, hn::MulAdd(j, r.t_step, r.t0)));
  const auto above = hn::Mul(all, slow_part);
  const auto below = hn::Sub(all, above);
  const auto above_2 = hn::Mul(above, fast_part);
  const auto below_2 = hn::Mul(below, fast_part);
  hn::StoreInterleaved4(hn::Sub(below, below_2), below_2, hn::Sub(above, above_2), above_2, f,
                        planes.weight);
  const auto place = hn::Add(hn::Mul(index, r.march), hn::Add(hn::Mul(slow_i, r.slow), fast_i));
  hn::Store(place, w, planes.offset);
}

/// The four neighbours of a plane, as the weights stand.
HWY_INLINE hn::Vec<Four> neighbours(const float* at, std::int32_t slow_stride) {
  const Four f;
  const Two pair;
  return hn::Combine(f, hn::LoadU(pair, at + slow_stride), hn::LoadU(pair, at));
}

template <bool kTof>
HWY_INLINE float forward_one(const Ray& r, const TofTable& tof) {
  const Four f;
  const Wide wide;
  HWY_ALIGN Planes planes;
  const RayVectors vectors = spread(r);
  const auto one = hn::Set(wide, 1.0F);
  const int lanes = static_cast<int>(hn::Lanes(wide));
  auto sum0 = hn::Zero(f), sum1 = hn::Zero(f);
  for (int begin = 0; begin < r.count; begin += lanes) {
    fill<kTof>(vectors, tof, begin, one, planes);
    const int n = r.count - begin < lanes ? r.count - begin : lanes;
    int p = 0;
    for (; p + 1 < n; p += 2) {
      sum0 = hn::MulAdd(hn::Load(f, planes.weight + 4 * p),
                        neighbours(r.first + planes.offset[p], r.slow_stride), sum0);
      sum1 = hn::MulAdd(hn::Load(f, planes.weight + 4 * p + 4),
                        neighbours(r.first + planes.offset[p + 1], r.slow_stride), sum1);
    }
    if (p < n)
      sum0 = hn::MulAdd(hn::Load(f, planes.weight + 4 * p),
                        neighbours(r.first + planes.offset[p], r.slow_stride), sum0);
  }
  return r.step_mm * hn::GetLane(hn::SumOfLanes(f, hn::Add(sum0, sum1)));
}

/// Adds weights to the four neighbours of a plane.
HWY_INLINE void add_to(float* at, std::int32_t slow_stride, hn::Vec<Four> weights) {
  const Two pair;
  float* next = at + slow_stride;
  hn::StoreU(hn::Add(hn::LoadU(pair, at), hn::LowerHalf(pair, weights)), pair, at);
  hn::StoreU(hn::Add(hn::LoadU(pair, next), hn::UpperHalf(pair, weights)), pair, next);
}

template <bool kTof>
HWY_INLINE void back_one(const Ray& r, const TofTable& tof, float value) {
  const Four f;
  const Wide wide;
  HWY_ALIGN Planes planes;
  const RayVectors vectors = spread(r);
  const auto scale = hn::Set(wide, r.step_mm * value);
  const int lanes = static_cast<int>(hn::Lanes(wide));
  for (int begin = 0; begin < r.count; begin += lanes) {
    fill<kTof>(vectors, tof, begin, scale, planes);
    const int n = r.count - begin < lanes ? r.count - begin : lanes;
    for (int p = 0; p < n; ++p)
      add_to(r.first + planes.offset[p], r.slow_stride, hn::Load(f, planes.weight + 4 * p));
  }
}

void Forward(const RayJob& job, std::size_t n, float* values) {
  for (std::size_t e = 0; e < n; ++e) {
    const Ray r = make_ray(job, e);
    values[e] = r.count <= 0    ? 0.0F
                : job.tof.table ? forward_one<true>(r, job.tof)
                                : forward_one<false>(r, job.tof);
  }
}

void Back(const RayJob& job, std::size_t n, const float* values) {
  for (std::size_t e = 0; e < n; ++e) {
    if (values[e] == 0.0F) continue;
    const Ray r = make_ray(job, e);
    if (r.count <= 0) continue;
    if (job.tof.table)
      back_one<true>(r, job.tof, values[e]);
    else
      back_one<false>(r, job.tof, values[e]);
  }
}

}  // namespace sojourn::projector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#include "sojourn/projector/joseph_bins.inl"

#if HWY_ONCE
namespace sojourn::projector {

HWY_EXPORT(Forward);
HWY_EXPORT(Back);
HWY_EXPORT(ForwardBins);
HWY_EXPORT(BackBins);

void joseph_forward(const RayJob& job, std::size_t n, float* values) {
  HWY_DYNAMIC_DISPATCH(Forward)(job, n, values);
}

void joseph_back(const RayJob& job, std::size_t n, const float* values) {
  HWY_DYNAMIC_DISPATCH(Back)(job, n, values);
}

void joseph_forward_bins(const RayJob& job, std::size_t n, float* values) {
  HWY_DYNAMIC_DISPATCH(ForwardBins)(job, n, values);
}

void joseph_back_bins(const RayJob& job, std::size_t n, const float* values) {
  HWY_DYNAMIC_DISPATCH(BackBins)(job, n, values);
}

bool joseph_any_along_z(const RayJob& job, std::size_t n) {
  for (std::size_t e = 0; e < n; ++e) {
    const Lor& lor = job.lors[e];
    double length[3];
    for (int a = 0; a < 3; ++a) {
      double d = 0;
      for (int m = 0; m < 3; ++m)
        d += job.frame.matrix[a][m] *
             (static_cast<double>(lor.to_mm[static_cast<std::size_t>(m)]) -
              static_cast<double>(lor.from_mm[static_cast<std::size_t>(m)]));
      length[a] = d < 0 ? -d * job.frame.spacing_mm[a] : d * job.frame.spacing_mm[a];
    }
    // generous: make_ray decides by the same numbers, but rounding may differ between instruction
    // sets
    if (length[2] * 1.000001 >= length[0] && length[2] * 1.000001 >= length[1]) return true;
  }
  return false;
}

}  // namespace sojourn::projector
#endif
