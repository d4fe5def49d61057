#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "sojourn/fate/shared_body.h"

/// The shared body with what its model leaves out, by the matrix exponential of the whole system:
/// truths for tests of an inference that does not know of it.
namespace sojourn::fate {

struct BodyBreak {
  /// Stages of equal rate that cells pass in each site but blood: stays are gamma-distributed with
  /// the same mean; 1 is the model.
  std::size_t stay_stages = 1;
  /// Mean time that a dead cell's label stays where it died before phagocytes and plasma get it,
  /// gamma-distributed in four stages; 0 is the model.
  double release_delay_s = 0;
};

/// As SharedCourse::moments; label that waits for its release counts as debris of its site.
[[nodiscard]] std::vector<SharedMoment> broken_course(const SharedBody& body,
                                                      const std::vector<SharedDose>& doses,
                                                      const std::optional<Chelation>& chelation,
                                                      const std::vector<double>& times_s,
                                                      const BodyBreak& broken);

}  // namespace sojourn::fate
