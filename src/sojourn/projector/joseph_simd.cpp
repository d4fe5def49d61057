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

constexpr int kLanes = static_cast<int>(hn::MaxLanes(Wide()));

/// Planes whose weights are worked out before any is used: enough that what was stored has reached
/// the cache when it is read again.
constexpr int kChunk = 256;
constexpr int kBlocks = kLanes / 4;

/// Weights and places of some planes. Of plane p: offset[p] is its first neighbour, and the four
/// weights (slow axis below, above; within each the fast axis below, above) stand at
/// weight + 4 slot(p): a vector is turned only within its blocks of 128 bits, which is cheap, so
/// plane 4 b + k of a vector stands at 4 * (k blocks + b).
struct Planes {
  HWY_ALIGN float weight[4 * (kChunk + kLanes)];
  HWY_ALIGN std::int32_t offset[kChunk + kLanes];
};
HWY_INLINE int slot(int p) {
  const int l = p % kLanes;
  return p - l + (l % 4) * kBlocks + l / 4;
}

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

/// A ray at the vector of planes that comes next.
struct RayVectors {
  hn::Vec<Wide> slow0, slow_step, fast0, fast_step, t0, t_step, plane;
  hn::Vec<WideInt> march, slow_stride, march_step;
};

HWY_INLINE RayVectors spread(const Ray& r) {
  const Wide f;
  const WideInt w;
  return {hn::Set(f, r.slow0),
          hn::Set(f, r.slow_step),
          hn::Set(f, r.fast0),
          hn::Set(f, r.fast_step),
          hn::Set(f, r.t0),
          hn::Set(f, r.t_step),
          hn::Iota(f, 0),
          hn::Mul(hn::Iota(w, 0), hn::Set(w, r.march_stride)),
          hn::Set(w, r.slow_stride),
          hn::Set(w, r.march_stride * kLanes)};
}

/// Four vectors into the order of Planes::weight.
HWY_INLINE void store_turned(hn::Vec<Wide> a, hn::Vec<Wide> b, hn::Vec<Wide> c, hn::Vec<Wide> d,
                             float* to) {
  const Wide f;
  const hn::RepartitionToWide<hn::RebindToUnsigned<Wide>> pair;
  const auto ab = hn::BitCast(pair, hn::InterleaveLower(f, a, b));
  const auto cd = hn::BitCast(pair, hn::InterleaveLower(f, c, d));
  const auto ab_up = hn::BitCast(pair, hn::InterleaveUpper(f, a, b));
  const auto cd_up = hn::BitCast(pair, hn::InterleaveUpper(f, c, d));
  hn::Store(hn::BitCast(f, hn::InterleaveLower(pair, ab, cd)), f, to);
  hn::Store(hn::BitCast(f, hn::InterleaveUpper(pair, ab, cd)), f, to + kLanes);
  hn::Store(hn::BitCast(f, hn::InterleaveLower(pair, ab_up, cd_up)), f, to + 2 * kLanes);
  hn::Store(hn::BitCast(f, hn::InterleaveUpper(pair, ab_up, cd_up)), f, to + 3 * kLanes);
}

/// The next vector of planes; `scale` multiplies all weights. Places are not clamped: the range of
/// a ray is right to rounding, which may put a point 1e-5 of a voxel beyond the border; the border
/// and the slack of Lattice take that, with a weight as small.
template <bool kTof>
HWY_INLINE void fill(RayVectors& r, const TofTable& tof, hn::Vec<Wide> scale, float* weight,
                     std::int32_t* offset) {
  const Wide f;
  const WideInt w;
  const auto slow = hn::MulAdd(r.plane, r.slow_step, r.slow0);
  const auto fast = hn::MulAdd(r.plane, r.fast_step, r.fast0);
  const auto slow_i = hn::ConvertTo(w, slow);
  const auto fast_i = hn::ConvertTo(w, fast);
  const auto slow_part = hn::Sub(slow, hn::ConvertTo(f, slow_i));
  const auto fast_part = hn::Sub(fast, hn::ConvertTo(f, fast_i));
  auto all = scale;
  if constexpr (kTof) all = hn::Mul(all, tof_weight(tof, hn::MulAdd(r.plane, r.t_step, r.t0)));
  const auto above = hn::Mul(all, slow_part);
  const auto below = hn::Sub(all, above);
  const auto above_2 = hn::Mul(above, fast_part);
  const auto below_2 = hn::Mul(below, fast_part);
  store_turned(hn::Sub(below, below_2), below_2, hn::Sub(above, above_2), above_2, weight);
  hn::Store(hn::Add(hn::Add(hn::Mul(slow_i, r.slow_stride), fast_i), r.march), w, offset);
  r.plane = hn::Add(r.plane, hn::Set(f, static_cast<float>(kLanes)));
  r.march = hn::Add(r.march, r.march_step);
}

/// The four neighbours of a plane, as the weights stand.
HWY_INLINE hn::Vec<Four> neighbours(const float* at, std::int32_t slow_stride) {
  const Four f;
  const Two pair;
  return hn::Combine(f, hn::LoadU(pair, at + slow_stride), hn::LoadU(pair, at));
}

/// The next n planes of a ray.
template <bool kTof>
HWY_INLINE void fill_chunk(RayVectors& r, const TofTable& tof, int n, hn::Vec<Wide> scale,
                           Planes& planes) {
  for (int p = 0; p < n; p += kLanes)
    fill<kTof>(r, tof, scale, planes.weight + 4 * p, planes.offset + p);
}

template <bool kTof>
HWY_INLINE float forward_one(const Ray& r, const TofTable& tof) {
  const Four f;
  HWY_ALIGN Planes planes;
  RayVectors vectors = spread(r);
  const auto one = hn::Set(Wide(), 1.0F);
  auto sum0 = hn::Zero(f), sum1 = hn::Zero(f), sum2 = hn::Zero(f), sum3 = hn::Zero(f);
  for (int begin = 0; begin < r.count; begin += kChunk) {
    const int n = r.count - begin < kChunk ? r.count - begin : kChunk;
    fill_chunk<kTof>(vectors, tof, n, one, planes);
    int p = 0;
    for (; p + 3 < n; p += 4) {
      const float* weight = planes.weight + 4 * slot(p);
      const std::int32_t* offset = planes.offset + p;
      const auto at = [&](int k) { return neighbours(r.first + offset[k], r.slow_stride); };
      sum0 = hn::MulAdd(hn::Load(f, weight), at(0), sum0);
      sum1 = hn::MulAdd(hn::Load(f, weight + kLanes), at(1), sum1);
      sum2 = hn::MulAdd(hn::Load(f, weight + 2 * kLanes), at(2), sum2);
      sum3 = hn::MulAdd(hn::Load(f, weight + 3 * kLanes), at(3), sum3);
    }
    for (; p < n; ++p)
      sum0 = hn::MulAdd(hn::Load(f, planes.weight + 4 * slot(p)),
                        neighbours(r.first + planes.offset[p], r.slow_stride), sum0);
  }
  const auto sum = hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
  return r.step_mm * hn::GetLane(hn::SumOfLanes(f, sum));
}

/// Adds weights to the four neighbours of a plane.
HWY_INLINE void add_to(float* at, std::int32_t slow_stride, hn::Vec<Four> weights) {
  const Two pair;
  float* next = at + slow_stride;
  hn::StoreU(hn::Add(hn::LoadU(pair, at), hn::LowerHalf(pair, weights)), pair, at);
  hn::StoreU(hn::Add(hn::LoadU(pair, next), hn::UpperHalf(pair, weights)), pair, next);
}

/// Adds the weights of a chunk of n planes.
HWY_INLINE void add_chunk(const Ray& r, const Planes& planes, int n) {
  const Four f;
  int p = 0;
  for (; p + 3 < n; p += 4) {
    const float* weight = planes.weight + 4 * slot(p);
    const std::int32_t* offset = planes.offset + p;
    for (int k = 0; k < 4; ++k)
      add_to(r.first + offset[k], r.slow_stride, hn::Load(f, weight + k * kLanes));
  }
  for (; p < n; ++p)
    add_to(r.first + planes.offset[p], r.slow_stride, hn::Load(f, planes.weight + 4 * slot(p)));
}

template <bool kTof>
HWY_INLINE void back_one(const Ray& r, const TofTable& tof, float value) {
  HWY_ALIGN Planes planes;
  RayVectors vectors = spread(r);
  const auto scale = hn::Set(Wide(), r.step_mm * value);
  for (int begin = 0; begin < r.count; begin += kChunk) {
    const int n = r.count - begin < kChunk ? r.count - begin : kChunk;
    fill_chunk<kTof>(vectors, tof, n, scale, planes);
    add_chunk(r, planes, n);
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
