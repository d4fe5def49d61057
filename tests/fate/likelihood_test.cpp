#include "sojourn/fate/likelihood.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fate/inference_problem.h"
#include "sojourn/fate/sampling_coordinates.h"

namespace sojourn::fate {
namespace {

/// Label, tracer and counted cells, assays, two doses and deferoxamine at once.
InferenceProblem everything() {
  InferenceProblem p = test::mouse_problem({4, 24, 72});
  p.doses = {{0.6, 0}, {0.4, 10 * test::kHour_s}};
  p.chelation = Chelation{20 * test::kHour_s, 50 * test::kHour_s};
  p.growth = {{24, 1.5, 0.1}, {72, 3, 0.3}};
  p.retention = {{24, 0.8, 0.05}, {72, 0.6, 0.05}};
  p.tracers.push_back({"nis",
                       {0.05, 0.4},
                       {{"liver", {2e4, 0.3}}, {"spleen", {1e3, 0.3}}},
                       {{"spleen", {3e5, 1.0}}}});
  p.fraction_ln_sd = {{"liver", 0.5}, {"spleen", 0.3}};
  for (std::size_t i = 0; i < 14; ++i) {
    Observation o = p.observations[i];
    o.scan += 100;
    o.signal = i < 7 ? Signal::tracer : Signal::cells;
    o.noise_sd = i < 7 ? 100 : 1e4;
    p.observations.push_back(o);
  }
  return p;
}

RC_GTEST_PROP(Likelihood, GradientIsTheDerivative, (std::uint64_t seed)) {
  InferenceProblem p = everything();
  (void)test::draw_study(p, seed);
  const Likelihood likelihood(p);
  core::Random random(seed, 5);
  std::vector<double> z(likelihood.space().size()), gradient(z.size());
  for (auto& x : z) x = 0.7 * random.normal();
  const double value = likelihood.log_posterior(z, gradient);
  RC_ASSERT(std::abs(value - likelihood.log_posterior(z)) <= 1e-9 * std::abs(value));
  for (std::size_t k = 0; k < z.size(); ++k) {
    constexpr double kStep = 1e-4;
    auto lower = z, upper = z;
    lower[k] -= kStep, upper[k] += kStep;
    const double expected =
        (likelihood.log_posterior(upper) - likelihood.log_posterior(lower)) / (2 * kStep);
    // one-sided steps of 1e-6 and the curvature of the central difference; fractions that reach 1
    // are clipped, and there the two sides differ
    if (std::abs(gradient[k] - expected) > 1e-3 * (10 + std::abs(expected)))
      RC_FAIL(likelihood.space().name(k) + ": " + std::to_string(gradient[k]) + " for " +
              std::to_string(expected));
  }
}

/// Scores and back, the gradient, and a Jacobian that is the same everywhere.
RC_GTEST_PROP(SamplingCoordinates, MapsWithoutChangingDensities, (std::uint64_t seed)) {
  const InferenceProblem problem = everything();
  const Likelihood likelihood(problem);
  const SamplingCoordinates coordinates(likelihood.space());
  ASSERT_EQ(likelihood.space().shared_signals().size(), 1u);
  core::Random random(seed, 6);
  const std::size_t n = likelihood.space().size();
  std::vector<double> z(n), weight(n);
  for (std::size_t k = 0; k < n; ++k) z[k] = random.normal(), weight[k] = random.normal();
  const auto w = coordinates.coordinates(z);
  const auto back = coordinates.scores(w);
  for (std::size_t k = 0; k < n; ++k) RC_ASSERT(std::abs(back[k] - z[k]) < 1e-10);
  const auto sum = [&](const std::vector<double>& at) {
    const auto scores = coordinates.scores(at);
    double total = 0;
    for (std::size_t k = 0; k < n; ++k) total += weight[k] * scores[k];
    return total;
  };
  auto gradient = weight;
  coordinates.pull(w, gradient);
  const auto pair = likelihood.space().shared_signals().front();
  double j[2][2] = {};
  for (const std::size_t k : {pair.residents, pair.background, pair.uptake}) {
    constexpr double kStep = 1e-5;
    auto low = w, high = w;
    low[k] -= kStep, high[k] += kStep;
    // central differences: the error is of second order in the step
    RC_ASSERT(std::abs((sum(high) - sum(low)) / (2 * kStep) - gradient[k]) < 1e-6);
    if (k == pair.uptake) continue;
    const auto a = coordinates.scores(low), b = coordinates.scores(high);
    const int column = k == pair.residents ? 0 : 1;
    j[0][column] = (b[pair.residents] - a[pair.residents]) / (2 * kStep);
    j[1][column] = (b[pair.background] - a[pair.background]) / (2 * kStep);
  }
  const double expected = 1 / (pair.resident_cells.ln_sd * pair.background_bq.ln_sd);
  RC_ASSERT(std::abs(std::abs(j[0][0] * j[1][1] - j[0][1] * j[1][0]) - expected) < 1e-6 * expected);
}

/// Departures that explain the observations of a world near the truth are as large as those drawn
/// without looking: chi-square of the drawn noise of 1 per row.
TEST(Likelihood, ExplanationsAreAsLargeAsDepartures) {
  InferenceProblem p = everything();
  const Likelihood likelihood(p);
  const auto predictions = likelihood.predict(
      likelihood.space().at(std::vector<double>(likelihood.space().size(), 0.0)));
  core::Random random(4);
  double blind = 0, explained = 0, n = 0;
  for (int i = 0; i < 400; ++i) {
    const auto made = likelihood.draw_departures(predictions, random);
    const auto values = likelihood.measured(predictions, made);
    for (std::size_t k = 0; k < values.size(); ++k) p.observations[k].value = values[k];
    const auto found = likelihood.explain(predictions, random);
    const auto again = likelihood.measured(predictions, found);
    for (std::size_t k = 0; k < values.size(); ++k) {
      ASSERT_NEAR(again[k], values[k], 1e-9 * std::abs(values[k]) + 1e-9);
      if (predictions[k].live == 0) continue;
      blind += std::pow(made.live[k] / predictions[k].live, 2);
      explained += std::pow(found.live[k] / predictions[k].live, 2);
      n += 1;
    }
  }
  // about 12,000 squares each, with a relative spread of sqrt(2): 0.013 each, 0.018 of their
  // difference
  EXPECT_NEAR(explained / n, blind / n, 0.05 * blind / n);
}

TEST(Likelihood, WholeBodyHoldsAllThatIsNotExcreted) {
  InferenceProblem p = test::mouse_problem({1, 100});
  const Likelihood likelihood(p);
  const auto predictions = likelihood.predict(
      likelihood.space().at(std::vector<double>(likelihood.space().size(), 0.0)));
  const auto& whole = predictions.front();
  // an hour after the infusion hardly anything has been excreted: bladder keeps urine
  EXPECT_NEAR(whole.total(), p.injected, 0.01 * p.injected);
  EXPECT_LT(predictions[7].total(), whole.total());
}

}  // namespace
}  // namespace sojourn::fate
