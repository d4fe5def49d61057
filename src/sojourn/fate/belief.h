#pragma once
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/random.h"
#include "sojourn/fate/assays.h"
#include "sojourn/fate/label_model.h"
#include "sojourn/records/study.h"

/// What is believed about the model's parameters before the images: log-normal around the study's
/// or the catalogue's values, narrowed by assays.
namespace sojourn::fate {

/// A log-normal belief: median and standard deviation of the logarithm. A median of 0 is a certain
/// 0.
struct LogNormal {
  double median = 0, ln_sd = 0;
  [[nodiscard]] double at(double z) const;
};

/// From a value with a relative standard deviation: median = value, ln_sd = sqrt(ln(1 + sd^2)).
[[nodiscard]] LogNormal log_normal(double value, double relative_sd);

struct Belief {
  LogNormal division, death, efflux, phagocytosed, debris_release, free_clearance;
  /// Of the logarithms, from assays: a culture shows sums and differences of rates.
  double division_death_correlation = 0, division_efflux_correlation = 0,
         death_efflux_correlation = 0;
  LogNormal bone, liver, kidney, excreted, bone_deferoxamine, excreted_deferoxamine;
  LogNormal dead_to_liver, dead_to_spleen;  ///< label of cells infused dead
};

/// One set of parameters.
struct Parameters {
  Rates rates;
  Routes routes, routes_deferoxamine;
  double dead_to_liver = 0, dead_to_spleen = 0;  ///< their sum is at most 1
};

/// The study's rates where it states them, else the catalogue's.
/// @throws Error(bad_input) where the method is no ex vivo label or lacks a parameter.
[[nodiscard]] Belief prior(const records::RateChoice& rates, const catalogue::Method& method,
                           const catalogue::Cell& cell);

/// Division and death alone, for cells without a label of their own.
[[nodiscard]] Belief prior_of_cells(const records::RateChoice& rates, const catalogue::Cell& cell);

/// Narrows division, death and efflux together: growth = exp((division - death) t), retention =
/// exp(-(death + efflux) t) since it counts label in living cells, both in logarithms, with the
/// prior as further data (Gauss-Newton to the mode, Laplace's covariance). Their quotient gives the
/// label of a living cell, exp(-(division + efflux) t), without knowing death.
[[nodiscard]] Belief with_assays(Belief belief, const std::vector<AssayPoint>& retention,
                                 const std::vector<AssayPoint>& growth);

/// Rates in a culture dish stand for those in the body within this spread of the logarithm. An
/// assumption: the published retentions of one label differ by a factor of two between cells and
/// media (data/catalogue).
inline constexpr double kTransferLnSd = 0.2;

inline constexpr std::size_t kBeliefs = 14;
/// With units, in the order of their scores.
[[nodiscard]] const std::array<const char*, kBeliefs>& belief_names();
/// In that order.
[[nodiscard]] std::array<const LogNormal*, kBeliefs> in_order(const Belief& belief);
/// At standard normal scores. @param z shape [kBeliefs].
[[nodiscard]] Parameters parameters_at(const Belief& belief, std::span<const double> z);

[[nodiscard]] Parameters medians(const Belief& belief);
[[nodiscard]] Parameters draw(const Belief& belief, core::Random& random);

/// Names with units, for provenance.
[[nodiscard]] std::vector<std::pair<std::string, double>> describe(const Belief& belief);

}  // namespace sojourn::fate
