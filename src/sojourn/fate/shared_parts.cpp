#include "sojourn/fate/shared_parts.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/numerics/symmetric_modes.h"

namespace sojourn::fate {
namespace {

using numerics::DecayChains;
using Stages = DecayChains::Stages;

constexpr double kSmallest_per_s = 1e-16;  // as BodyModes: the similarity needs it
constexpr Stages kDebris = 1, kPlasma = 2;
constexpr std::size_t kFirstSink = 2;  // after the stages of debris and plasma

}  // namespace

StarShares::StarShares(const SharedBody& b) : n(b.entry.size()) {
  std::vector<double> s(n * n, 0.0), scale(n, 1.0), start(n, 0.0);
  for (std::size_t i = 1; i < n; ++i) {
    const double home = std::max(b.homing_per_s[i], kSmallest_per_s);
    const double leave = std::max(b.leaving_per_s[i], kSmallest_per_s);
    scale[i] = std::sqrt(home / leave);
    s[i] = s[i * n] = std::sqrt(home * leave);
    s[0] -= home;
    s[i * n + i] = -leave;
  }
  const auto modes = numerics::symmetric_modes(s, n);
  right.resize(n * n), left.resize(n * n), coefficient.resize(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k) {
      right[i * n + k] = scale[i] * modes.vectors[i * n + k];
      left[k * n + i] = modes.vectors[i * n + k] / scale[i];
      start[k] += left[k * n + i] * b.entry[i];
    }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < n; ++k) coefficient[i * n + k] = right[i * n + k] * start[k];
  for (const double value : modes.values) mode_per_s.push_back(std::max(0.0, -value));
}

void ModesAt::set(const Rates& rates, const StarShares& shares, double t) {
  const double loss = rates.death_per_s + rates.efflux_per_s, whole = std::exp(-loss * t);
  const double release[] = {rates.debris_release_per_s};
  DecayChains chains(release, t);
  stay.resize(shares.n), engulfed.resize(shares.n);
  for (std::size_t k = 0; k < shares.n; ++k) {
    stay[k] = std::exp(-shares.mode_per_s[k] * t);
    engulfed[k] = chains.with(loss + shares.mode_per_s[k], stay[k] * whole, kDebris);
  }
}

FreeLabel::FreeLabel(const Rates& rates, const std::vector<double>& sink_leaving_per_s,
                     const std::optional<Chelation>& chelation, double dose_at_s)
    : r_(rates) {
  stages_ = {r_.debris_release_per_s, r_.free_clearance_per_s};
  for (const double leaving : sink_leaving_per_s) {
    const auto same = std::find(stages_.begin() + kFirstSink, stages_.end(), leaving);
    place_of_sink_.push_back(static_cast<std::size_t>(same - stages_.begin()));
    if (same == stages_.end()) stages_.push_back(leaving);
  }
  if (stages_.size() > DecayChains::kMost)
    throw Error(ErrorCode::bad_value, "sinks of free label have more than six different rates");
  if (!chelation || !(chelation->stop_s > dose_at_s)) return;
  chelated_ = true;
  start_s_ = std::max(0.0, chelation->start_s - dose_at_s);
  stop_s_ = chelation->stop_s - dose_at_s;
  at_start_ = all(start_s_);
  if (std::isfinite(stop_s_)) at_stop_ = all(stop_s_);
}

FreeLabel::Stocks FreeLabel::all(double t) const {
  DecayChains chains(stages_, t);
  const double loss = r_.death_per_s + r_.efflux_per_s, decay = std::exp(-loss * t);
  const double phagocytosed = r_.phagocytosed_fraction * r_.death_per_s;
  const double release = r_.debris_release_per_s;
  std::array<double, kSources> arrived{};
  const auto arrive = [&](Stages after) {
    const double direct = chains.with(loss, decay, after);
    const double by_kept = release * chains.with(loss, decay, after | kDebris) - direct;
    arrived = {loss * direct + phagocytosed * by_kept, release * chains.shared(after | kDebris),
               chains.shared(after), by_kept};
  };
  Stocks stocks;
  arrive(kPlasma);
  for (std::size_t j = 0; j < kSources; ++j) stocks[j].plasma = arrived[j];
  for (std::size_t s = kFirstSink; s < stages_.size(); ++s) {
    arrive(kPlasma | (1U << s));
    for (std::size_t j = 0; j < kSources; ++j)
      stocks[j].outside[s] = r_.free_clearance_per_s * arrived[j];
  }
  return stocks;
}

FreeLabel::Stocks FreeLabel::at(double t) const {
  Stocks now = all(t);
  if (!chelated_ || t <= start_s_) return now;
  for (std::size_t s = kFirstSink; s < stages_.size(); ++s) {
    const double before = std::exp(-stages_[s] * (t - start_s_));
    const double after = t > stop_s_ ? std::exp(-stages_[s] * (t - stop_s_)) : 0;
    for (std::size_t j = 0; j < kSources; ++j) {
      double& outside = now[j].outside[s];
      const double end = t > stop_s_ ? at_stop_[j].outside[s] * after : outside;
      now[j].inside[s] = end - at_start_[j].outside[s] * before;
      outside -= now[j].inside[s];
    }
  }
  return now;
}

}  // namespace sojourn::fate
