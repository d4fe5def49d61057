#include "sojourn/nuclide/decay.h"

#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"

namespace sojourn::nuclide {
namespace {

double decay_constant(double half_life_s) {
  SOJOURN_EXPECT(half_life_s > 0);
  return std::numbers::ln2 / half_life_s;
}

}  // namespace

double decay_factor(double elapsed_s, double half_life_s) {
  return std::exp(-decay_constant(half_life_s) * elapsed_s);
}

double frame_start_over_mean(double duration_s, double half_life_s) {
  const double x = decay_constant(half_life_s) * duration_s;
  SOJOURN_EXPECT(x >= 0);
  return x == 0 ? 1.0 : x / -std::expm1(-x);
}

double mean_to_reference(double duration_s, double start_to_reference_s, double half_life_s) {
  return frame_start_over_mean(duration_s, half_life_s) *
         decay_factor(start_to_reference_s, half_life_s);
}

double mean_activity_time_s(double duration_s, double half_life_s) {
  return std::log(frame_start_over_mean(duration_s, half_life_s)) / decay_constant(half_life_s);
}

}  // namespace sojourn::nuclide
