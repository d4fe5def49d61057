#include "sojourn/records/results.h"

#include <cmath>

namespace sojourn::records {

double Measurement::total_sd_bq() const {
  return std::hypot(noise_bq, activity_bq * calibration_relative_sd,
                    activity_bq * recovery_relative_sd);
}

}  // namespace sojourn::records
