#pragma once
#include <array>

#include "sojourn/fate/shared_body.h"
#include "sojourn/numerics/decay_chains.h"

/// What SharedCourse is made of.
namespace sojourn::fate {

/// Shares of the cells by site from `entry` by traffic alone: p(t) = V exp(-mode t) W entry.
struct StarShares {
  std::size_t n = 0;
  std::vector<double> mode_per_s;   ///< >= 0
  std::vector<double> right, left;  ///< V [site, mode] and W [mode, site]
  std::vector<double> coefficient;  ///< [site, mode]: V times W entry

  explicit StarShares(const SharedBody& b);
};

/// Modes at a time t after a dose: exp(-mode t), and the debris of cells of that mode and of unit
/// label, for unit death.
struct ModesAt {
  std::vector<double> stay, engulfed;
  void set(const Rates& rates, const StarShares& shares, double t);
};

/// Free label of one dose, wherever its cells are: in plasma and in sinks, for a unit of label in
/// living cells, in debris and in plasma.
class FreeLabel {
 public:
  enum Source : std::size_t { live, debris, free, kept, kSources };
  /// Plasma, and per different rate of leaving what a sink of all free label holds that came
  /// outside and inside the time of chelation.
  struct Stock {
    double plasma = 0;
    std::array<double, numerics::DecayChains::kMost> outside{}, inside{};
  };
  /// By source; `kept` is the change of `live` per unit of what phagocytes keep of it, 1/s.
  using Stocks = std::array<Stock, kSources>;

  FreeLabel(const Rates& rates, const std::vector<double>& sink_leaving_per_s,
            const std::optional<Chelation>& chelation, double dose_at_s);

  [[nodiscard]] Stocks at(double t) const;
  /// Place of a sink in Stock::outside and inside.
  [[nodiscard]] std::size_t place(std::size_t sink) const { return place_of_sink_[sink]; }

 private:
  [[nodiscard]] Stocks all(double t) const;  ///< as if there were no chelation

  Rates r_;
  std::vector<double> stages_;  ///< debris release, plasma, each different rate of a sink
  std::vector<std::size_t> place_of_sink_;
  bool chelated_ = false;
  double start_s_ = 0, stop_s_ = 0;  ///< of chelation, after the dose
  Stocks at_start_, at_stop_;
};

}  // namespace sojourn::fate
