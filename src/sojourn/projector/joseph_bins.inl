// All time-of-flight bins of a line at once, compiled with each instruction set: included by
// joseph_simd.cpp alone, after its inner loops.
#if defined(SOJOURN_JOSEPH_BINS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SOJOURN_JOSEPH_BINS_INL
#undef SOJOURN_JOSEPH_BINS_INL
#else
#define SOJOURN_JOSEPH_BINS_INL
#endif

HWY_BEFORE_NAMESPACE();
namespace sojourn::projector::HWY_NAMESPACE {

/// Image values where a ray meets its planes, step_mm included; zeros up to a whole vector.
HWY_INLINE void values_on_planes(const Ray& r, float* on_plane) {
  const Four f;
  const Wide wide;
  HWY_ALIGN Planes planes;
  HWY_ALIGN float product[4 * kLanes] = {};
  RayVectors vectors = spread(r);
  for (int begin = 0; begin < r.count; begin += kLanes) {
    fill<false>(vectors, TofTable{}, hn::Set(wide, r.step_mm), planes.weight, planes.offset);
    const int n = r.count - begin < kLanes ? r.count - begin : kLanes;
    for (int p = 0; p < kLanes; ++p) {
      const auto weights = hn::Load(f, planes.weight + 4 * slot(p));
      hn::Store(p < n ? hn::Mul(weights, neighbours(r.first + planes.offset[p], r.slow_stride))
                      : hn::Zero(f),
                f, product + 4 * p);
    }
    auto a = hn::Zero(wide), b = a, c = a, d = a;
    hn::LoadInterleaved4(wide, product, a, b, c, d);
    hn::Store(hn::Add(hn::Add(a, b), hn::Add(c, d)), wide, on_plane + begin);
  }
}

/// Place of the middle of bin b along the line, mm.
HWY_INLINE double bin_place(const RayJob& job, int b) {
  return (b - 0.5 * (job.n_bins - 1)) * job.bin_mm;
}

/// Planes [begin, end) that a bin reaches.
struct Reach {
  int begin, end;
};
HWY_INLINE Reach planes_of(const RayJob& job, const Ray& r, int b) {
  const double middle =
      (bin_place(job, b) - static_cast<double>(r.t0)) / static_cast<double>(r.t_step);
  const double half = job.tof.reach_mm / size_of(static_cast<double>(r.t_step));
  const double lo = larger(0, middle - half), hi = smaller(r.count - 1, middle + half);
  if (!(lo <= hi)) return {0, 0};
  return {static_cast<int>(lo), static_cast<int>(hi) + 1};
}

HWY_INLINE void forward_bins_one(const RayJob& job, const Ray& r, float* bins) {
  const Wide wide;
  HWY_ALIGN float on_plane[kMostPlanes + 2 * kLanes];
  const int lanes = static_cast<int>(hn::Lanes(wide));
  values_on_planes(r, on_plane);
  const int filled = (r.count + lanes - 1) / lanes * lanes;
  hn::Store(hn::Zero(wide), wide, on_plane + filled);  // a bin may start anywhere before
  const auto t_step = hn::Set(wide, r.t_step);
  for (int b = 0; b < job.n_bins; ++b) {
    const Reach reach = planes_of(job, r, b);
    const auto t0 =
        hn::Set(wide, static_cast<float>(static_cast<double>(r.t0) - bin_place(job, b)));
    auto sum = hn::Zero(wide);
    for (int p = reach.begin; p < reach.end; p += lanes) {
      const auto j = hn::ConvertTo(wide, hn::Iota(WideInt(), p));
      const auto weight = tof_weight(job.tof, hn::MulAdd(j, t_step, t0));
      sum = hn::MulAdd(weight, hn::LoadU(wide, on_plane + p), sum);
    }
    bins[b] = hn::GetLane(hn::SumOfLanes(wide, sum));
  }
}

HWY_INLINE void back_bins_one(const RayJob& job, const Ray& r, const float* bins) {
  const Wide wide;
  HWY_ALIGN Planes planes;
  HWY_ALIGN float on_plane[kMostPlanes + 2 * kLanes];
  const int lanes = static_cast<int>(hn::Lanes(wide));
  for (int p = 0; p < r.count + lanes; p += lanes) hn::Store(hn::Zero(wide), wide, on_plane + p);
  const auto t_step = hn::Set(wide, r.t_step);
  for (int b = 0; b < job.n_bins; ++b) {
    if (bins[b] == 0.0F) continue;
    const Reach reach = planes_of(job, r, b);
    const auto t0 =
        hn::Set(wide, static_cast<float>(static_cast<double>(r.t0) - bin_place(job, b)));
    const auto value = hn::Set(wide, bins[b] * r.step_mm);
    for (int p = reach.begin; p < reach.end; p += lanes) {
      const auto j = hn::ConvertTo(wide, hn::Iota(WideInt(), p));
      const auto weight = tof_weight(job.tof, hn::MulAdd(j, t_step, t0));
      hn::StoreU(hn::MulAdd(weight, value, hn::LoadU(wide, on_plane + p)), wide, on_plane + p);
    }
  }
  RayVectors vectors = spread(r);
  for (int begin = 0; begin < r.count; begin += kChunk) {
    const int n = r.count - begin < kChunk ? r.count - begin : kChunk;
    for (int p = 0; p < n; p += lanes)
      fill<false>(vectors, TofTable{}, hn::Load(wide, on_plane + begin + p),
                  planes.weight + 4 * p, planes.offset + p);
    add_chunk(r, planes, n);
  }
}

void ForwardBins(const RayJob& job, std::size_t n, float* values) {
  const std::size_t bins = static_cast<std::size_t>(job.n_bins);
  for (std::size_t e = 0; e < n; ++e) {
    const Ray r = make_ray(job, e);
    if (r.count > 0)
      forward_bins_one(job, r, values + e * bins);
    else
      for (std::size_t b = 0; b < bins; ++b) values[e * bins + b] = 0.0F;
  }
}

void BackBins(const RayJob& job, std::size_t n, const float* values) {
  for (std::size_t e = 0; e < n; ++e) {
    const Ray r = make_ray(job, e);
    if (r.count > 0) back_bins_one(job, r, values + e * static_cast<std::size_t>(job.n_bins));
  }
}

}  // namespace sojourn::projector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
