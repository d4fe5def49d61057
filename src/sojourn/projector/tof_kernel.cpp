#include "sojourn/projector/tof_kernel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::projector {
namespace {

constexpr double kLightMmPerPs = 0.299792458;  // exact: the definition of the metre

double normal_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

}  // namespace

double tof_mm_per_ps() { return kLightMmPerPs / 2; }

TofKernel::TofKernel(const TofResolution& resolution) : resolution_(resolution) {
  const auto& r = resolution;
  if (!(r.sigma_mm > 0) || !std::isfinite(r.sigma_mm))
    throw Error(ErrorCode::bad_value,
                fmt::format("time-of-flight sigma of {} mm: it must be over 0", r.sigma_mm));
  if (!(r.bin_mm >= 0) || !std::isfinite(r.bin_mm))
    throw Error(ErrorCode::bad_value,
                fmt::format("time-of-flight bin of {} mm: it must not be negative", r.bin_mm));
  if (!(r.cut_sigmas >= 1 && r.cut_sigmas <= 10))
    throw Error(ErrorCode::bad_value,
                fmt::format("time-of-flight cut at {} sigma: take 1 to 10", r.cut_sigmas));
  area_ = 2 * normal_below(r.cut_sigmas) - 1;
  reach_mm_ = r.cut_sigmas * r.sigma_mm + r.bin_mm / 2;
  table_.resize(kSteps + 3);
  for (std::size_t i = 0; i < table_.size(); ++i)
    table_[i] =
        static_cast<float>(exact(std::min(static_cast<double>(i) * table_step_mm(), reach_mm_)));
}

double TofKernel::exact(double d_mm) const {
  const auto& r = resolution_;
  const double d = std::abs(d_mm);
  if (d > reach_mm_) return 0;
  if (r.bin_mm == 0) {
    const double z = d / r.sigma_mm;
    return std::exp(-z * z / 2) / (r.sigma_mm * std::sqrt(2 * std::numbers::pi) * area_);
  }
  const auto cut = [&](double z) { return std::clamp(z, -r.cut_sigmas, r.cut_sigmas); };
  const double upper = cut((d + r.bin_mm / 2) / r.sigma_mm);
  const double lower = cut((d - r.bin_mm / 2) / r.sigma_mm);
  // the difference of the upper tails keeps its digits far out, where lower > 0
  return (normal_below(-lower) - normal_below(-upper)) / area_;
}

}  // namespace sojourn::projector
