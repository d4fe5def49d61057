#include "sojourn/fate/debris_history.h"

#include <cmath>

namespace sojourn::fate {

DebrisHistory::DebrisHistory(const Rates& rates, const Start& start, double resident_share,
                             double loose_share)
    : rates_(rates), start_(start), resident_share_(resident_share), loose_share_(loose_share) {}

double DebrisHistory::total_live_bq(double t_s) const {
  return start_.live_bq * std::exp(-(rates_.death_per_s + rates_.efflux_per_s) * t_s);
}

DebrisBalance DebrisHistory::at(double t_s) const {
  const double a = rates_.death_per_s + rates_.efflux_per_s, r = rates_.debris_release_per_s;
  const double kept = rates_.phagocytosed_fraction * rates_.death_per_s;
  const double live_now = total_live_bq(t_s);
  if (live_now <= 0) return {};
  if (!begun_) {
    const double infused_dead = start_.debris_bq * std::exp(-r * t_s);
    const double died = kept * start_.live_bq * chain_response({a, r}, t_s);
    return {resident_share_ * infused_dead, (died + loose_share_ * infused_dead) / live_now};
  }
  const double step = t_s - t_s_, live_then = total_live_bq(t_s_);
  const double carried = debris_bq_ * std::exp(-r * step);
  if (step <= 0) return {carried, 0};
  // Convolution of a share that runs linearly from then to now with death and release.
  const double all = kept * live_then * chain_response({a, r}, step);
  const double later = kept * live_then * chain_response({a, a, r}, step) / step;
  return {carried + share_ * (all - later), later / live_now};
}

void DebrisHistory::record(double t_s, double live_bq) {
  const DebrisBalance balance = at(t_s);
  const double live_now = total_live_bq(t_s);
  debris_bq_ = balance.carried_bq + balance.per_live * live_bq;
  share_ = live_now > 0 ? live_bq / live_now : 0;
  t_s_ = t_s;
  begun_ = true;
}

}  // namespace sojourn::fate
