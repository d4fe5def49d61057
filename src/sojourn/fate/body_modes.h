#pragma once
#include <memory>
#include <vector>

#include "sojourn/fate/body_model.h"
#include "sojourn/numerics/decay_chains.h"

namespace sojourn::fate {

/// Solves a body exactly: traffic through blood is a star, whose matrix (with any losses on its
/// diagonal) is similar to a symmetric one; its modes are exponentials, and all that follows them
/// (debris, free label, sinks, excretion) responds to each in closed form. No time step.
/// @note A site that blood never reaches, or that is never left, is given 1e-16 /s there: the
/// similarity needs it, and it moves less than 1e-9 of a site in three months.
class BodyModes {
 public:
  /// @throws Error(bad_value) as BodyModel::check.
  explicit BodyModes(const BodyModel& model);
  ~BodyModes();
  BodyModes(BodyModes&&) noexcept;
  BodyModes& operator=(BodyModes&&) noexcept;

  /// The states at times t >= 0 after `start`, each from the start itself: errors do not add up.
  [[nodiscard]] std::vector<BodyState> at(const BodyState& start,
                                          const std::vector<double>& times_s,
                                          bool chelated = false) const;
  [[nodiscard]] BodyState at(const BodyState& start, double t_s, bool chelated = false) const;
  [[nodiscard]] const BodyModel& model() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::fate
