#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/measure/settle.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::measure {

std::optional<double> injected_activity_bq(const records::Administration& given,
                                           double administered_utc_s, double half_life_s) {
  if (!given.activity_bq) return std::nullopt;
  const auto at_administration = [&](double bq, const std::optional<double>& when_utc_s) {
    return bq * nuclide::decay_factor(administered_utc_s - when_utc_s.value_or(administered_utc_s),
                                      half_life_s);
  };
  const double syringe = at_administration(*given.activity_bq, given.measured_at_utc_s);
  const double residual = at_administration(given.residual_bq, given.residual_measured_at_utc_s);
  const double net = syringe - residual - given.extravasated_bq;
  if (!(net > 0)) {
    refuse(
        "injected activity of {}: syringe {} minus residual {} minus extravasated {}, all at the "
        "administration, "
        "leaves nothing; correct activity, residual or the times of their measurement",
        given.id, activity_text(syringe), activity_text(residual),
        activity_text(given.extravasated_bq));
  }
  return net;
}

}  // namespace sojourn::measure
