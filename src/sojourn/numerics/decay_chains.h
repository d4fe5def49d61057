#pragma once
#include <array>
#include <bitset>
#include <cstddef>
#include <span>

namespace sojourn::numerics {

/// Chains of stages that empty exponentially, at one time: E[x1 … xm](t), the amount in the last
/// stage after a unit in the first and for unit transfer, is the divided difference of exp(-x t)
/// over the rates, made positive. Some rates (up to eight) are shared by many chains and keep their
/// responses; one rate of each chain is its own. Equal and nearly equal rates need no care: where
/// all lie within 1/t of the own rate, the Taylor series around it is summed; else the recurrence
/// divides by the largest distance.
/// @source Opitz, ZAMM 44 (1964) T52; McCurdy, Ng & Parlett, Math Comp 43 (1984) 501.
class DecayChains {
 public:
  static constexpr std::size_t kMost = 8;
  using Stages = unsigned;  ///< bit j: the shared stage j takes part

  /// @param shared rates >= 0, at most kMost; @param t >= 0.
  DecayChains(std::span<const double> shared, double t);

  /// Over shared stages alone. @param stages not empty.
  [[nodiscard]] double shared(Stages stages);
  /// Over a stage of `rate` and shared ones. @param decay exp(-rate t), which the caller has.
  [[nodiscard]] double with(double rate, double decay, Stages stages);

 private:
  [[nodiscard]] double series(double centre, double decay, Stages stages) const;

  std::array<double, kMost> rates_{}, decays_{};
  std::array<double, 1U << kMost> found_{};
  std::bitset<1U << kMost> known_;
  double t_;
};

}  // namespace sojourn::numerics
