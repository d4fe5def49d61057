#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "sojourn/fate/body_course.h"
#include "sojourn/fate/body_defaults.h"
#include "sojourn/fate/label_model.h"

/// The body of body_model.h where all sites share division and death, as numbers alone: what an
/// inference evaluates ten thousands of times, with its derivatives.
namespace sojourn::fate {

struct SharedBody {
  Rates rates;
  std::vector<double> homing_per_s, leaving_per_s;  ///< per site; of blood, the first, unused
  std::vector<double> entry, dead_entry;            ///< per site, each of sum 1
  std::vector<double> debris_moves, debris_shares;  ///< per site
  std::vector<double> fraction, fraction_chelated;  ///< per sink, of free label
  std::vector<double> sink_leaving_per_s;           ///< per sink
};

/// @throws Error(bad_input) where sites differ in division or death.
[[nodiscard]] SharedBody shared_body(const Body& body);

/// What a dose brings.
struct SharedDose {
  double at_s = 0;
  double cells = 0;  ///< living
  double live = 0, debris = 0, free = 0;
};

/// One moment: living cells and label as they were given, without physical decay.
struct SharedMoment {
  std::vector<double> cells, live, debris;  ///< per site
  double free = 0;                          ///< in plasma
  std::vector<double> held;                 ///< per sink
};

/// Derivatives of a number by everything that a course is made of; debris_moves and
/// sink_leaving_per_s are left out.
struct SharedGradient {
  SharedBody body;
  std::vector<SharedDose> doses;
};

/// The moments at `times_s`, the doses of that very moment included. Exact, as body_course: with
/// equal rates everywhere the whole label follows the closed form of one compartment, and traffic
/// alone needs modes. Equations: docs/theory/inference.md.
class SharedCourse {
 public:
  SharedCourse(SharedBody body, std::vector<SharedDose> doses,
               const std::optional<Chelation>& chelation, std::vector<double> times_s);
  ~SharedCourse();
  SharedCourse(SharedCourse&&) noexcept;
  SharedCourse& operator=(SharedCourse&&) noexcept;

  [[nodiscard]] const std::vector<SharedMoment>& moments() const;
  /// Of the sum of weights times moments. Traffic by the derivative of the matrix exponential in
  /// its modes; what loss, release and clearance do to free label by one-sided differences of 1e-6.
  /// @param weights one for each moment, of its shape.
  [[nodiscard]] SharedGradient gradient(const std::vector<SharedMoment>& weights) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sojourn::fate
