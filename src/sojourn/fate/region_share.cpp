#include "sojourn/fate/region_share.h"

#include <algorithm>

namespace sojourn::fate {
namespace {

bool has(const RegionKind& region, const char* role) {
  return std::find(region.roles.begin(), region.roles.end(), role) != region.roles.end();
}

/// Free label of the compartments that the region shows.
double free_label(const RegionKind& region, const Amounts& amounts, const Deposits& d) {
  double sum = 0;
  if (has(region, "bone")) sum += d.bone_bq;
  if (has(region, "liver")) sum += d.liver_bq;
  if (has(region, "kidney")) sum += d.kidney_bq;
  if (has(region, "rest")) sum += d.rest_bq;
  if (has(region, "blood")) sum += amounts.free_bq;
  return sum * region.fraction;
}

}  // namespace

DebrisBalance mean_debris(const Amounts& amounts) {
  return {0, amounts.live_bq > 0 ? amounts.debris_bq / amounts.live_bq : 0};
}

double live_label(const RegionKind& region, double label_bq, const Amounts& a, const Deposits& d,
                  const Departure& departure, const DebrisBalance& debris) {
  if (a.live_bq <= 0 || label_bq <= 0) return 0;
  if (region.whole_body) {
    const double free =
        departure.free * (a.free_bq + d.bone_bq + d.liver_bq + d.kidney_bq + d.rest_bq);
    return label_bq * a.live_bq / (a.live_bq + a.debris_bq * departure.debris + free);
  }
  if (has(region, "bladder")) return 0;  // urine holds no cells
  const double bound = label_bq - departure.free * free_label(region, a, d);
  return std::max(0.0, bound - departure.debris * debris.carried_bq) /
         (1 + departure.debris * debris.per_live);
}

}  // namespace sojourn::fate
