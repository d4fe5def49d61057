#include "sojourn/fate/kinetics_reference.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "fate/kinetics_truth.h"
#include "sojourn/core/error.h"
#include "sojourn/core/random.h"

namespace {

using namespace sojourn::fate::kinetics;
using sojourn::Error;
using sojourn::numerics::FitStatus;
using sojourn::test::brain_frames;
using sojourn::test::feng_input;
using sojourn::test::integrated_tissue;

constexpr double kMinute = 60;
const TissueRates kReference{0.10 / kMinute, 0.12 / kMinute, 0, 0, 0};
// one tissue with R1 = 1.1 and V_T 2.5 times that of the reference: SRTM holds exactly
const TissueRates kTarget{0.11 / kMinute, 0.11 * 0.12 / 0.10 / 2.5 / kMinute, 0, 0, 0};

ReferenceData simulated() {
  const auto frames = brain_frames();
  const auto input = feng_input(frames.back().end_s());
  return {frames,
          integrated_tissue(kTarget, input, frames),
          integrated_tissue(kReference, input, frames),
          {}};
}

TEST(Srtm, FindsTheSimulatedBindingOfTissuesFedByPlasma) {
  const auto data = simulated();
  const auto fit = fit_srtm(data);
  ASSERT_EQ(fit.status, FitStatus::converged) << fit.message;
  // the reference is known by its frame means: its shape inside frames is what is left
  EXPECT_NEAR(fit.bp_nd.value, 1.5, 1e-4);
  EXPECT_NEAR(fit.r1.value, 1.1, 1e-4);
  EXPECT_NEAR(fit.k2_reference_per_s * kMinute, 0.12, 2e-5);
  const auto basis = fit_srtm_basis(data);
  // half a step of 100 basis functions over 3.3 decades, 3.9 % of θ
  EXPECT_NEAR(basis.bp_nd.value, 1.5, 2.5 * 0.039);
  EXPECT_NEAR(basis.r1.value, 1.1, 0.03);
  EXPECT_FALSE(basis.at_limit);
  const auto mrtm = fit_mrtm(data);
  EXPECT_NEAR(mrtm.bp_nd.value, 1.5, 1e-4);
  EXPECT_NEAR(mrtm.k2_reference_per_s * kMinute, 0.12, 2e-5);
  const auto mrtm2 = fit_mrtm2(data, kReference.k2_per_s);
  EXPECT_NEAR(mrtm2.bp_nd.value, 1.5, 1e-4);
  EXPECT_NEAR(mrtm2.r1.value, 1.1, 1e-4);
}

RC_GTEST_PROP(Srtm, RecoversItsOwnCurves, ()) {
  auto data = simulated();
  const ReferenceRates truth{*rc::gen::inRange(50, 200) / 100.0,
                             *rc::gen::inRange(30, 300) / 1000.0 / kMinute,
                             *rc::gen::inRange(10, 400) / 100.0};
  data.tissue = reference_tissue_means(truth, data.frames, data.reference);
  const auto fit = fit_srtm(data);
  RC_ASSERT(fit.status == FitStatus::converged);
  RC_ASSERT(std::abs(fit.bp_nd.value / truth.bp_nd - 1) < 1e-6);
  RC_ASSERT(std::abs(fit.r1.value / truth.r1 - 1) < 1e-6);
  // with R1 = 1 + BP_ND the tissue is the reference times R1, whatever k2
  if (std::abs(truth.r1 - 1 - truth.bp_nd) > 1e-3)
    RC_ASSERT(std::abs(fit.k2_per_s.value / truth.k2_per_s - 1) < 1e-6);
}

TEST(Srtm, ShowsNoBiasAndHonestErrorsUnderNoise) {
  const auto frames = brain_frames();
  auto data = simulated();
  const ReferenceRates truth{1.1, 0.13 / kMinute, 1.5};
  const auto clean = reference_tissue_means(truth, frames, data.reference);
  constexpr int kRepeats = 200;
  double sum = 0, squares = 0, inside = 0;
  for (int n = 0; n < kRepeats; ++n) {
    sojourn::core::Random random(31, static_cast<std::uint64_t>(n));
    for (std::size_t f = 0; f < clean.size(); ++f)
      data.tissue[f] = clean[f] + 0.01 * clean[20] * random.normal();
    const auto fit = fit_srtm(data);
    sum += fit.bp_nd.value - truth.bp_nd;
    squares += std::pow(fit.bp_nd.value - truth.bp_nd, 2);
    inside += std::abs(fit.bp_nd.value - truth.bp_nd) < 1.96 * fit.bp_nd.standard_error;
  }
  const double spread = std::sqrt(squares / kRepeats);
  EXPECT_LT(std::abs(sum) / kRepeats / (spread / std::sqrt(kRepeats)), 4);
  EXPECT_LT(spread, 0.1);
  EXPECT_NEAR(inside / kRepeats, 0.95, 0.062);  // four standard deviations of the share of 200
}

TEST(Srtm, LinearFormsKnowTheirSpread) {
  const auto frames = brain_frames();
  auto data = simulated();
  const auto clean = data.tissue;
  const double theta = kTarget.k2_per_s;  // one tissue: θ is its washout
  constexpr int kRepeats = 200;
  double basis_squares = 0, basis_error = 0, squares = 0, error = 0, error2 = 0, squares2 = 0;
  for (int n = 0; n < kRepeats; ++n) {
    sojourn::core::Random random(43, static_cast<std::uint64_t>(n));
    for (std::size_t f = 0; f < clean.size(); ++f)
      data.tissue[f] = clean[f] + 0.002 * clean[20] * random.normal();
    // a grid with the true rate and one far off: the error at a given θ is what is shown
    const auto basis = fit_srtm_basis(data, {theta, 100 * theta, 2});
    basis_squares += std::pow(basis.bp_nd.value - 1.5, 2) / kRepeats;
    basis_error += basis.bp_nd.standard_error / kRepeats;
    const auto mrtm = fit_mrtm(data), mrtm2 = fit_mrtm2(data, kReference.k2_per_s);
    squares += std::pow(mrtm.bp_nd.value - 1.5, 2) / kRepeats;
    error += mrtm.bp_nd.standard_error / kRepeats;
    squares2 += std::pow(mrtm2.bp_nd.value - 1.5, 2) / kRepeats;
    error2 += mrtm2.bp_nd.standard_error / kRepeats;
  }
  EXPECT_NEAR(basis_error / std::sqrt(basis_squares), 1, 0.2);  // 5 % from 200 draws: four of these
  // noise in ∫C is not counted by the linear forms: their errors are too small, by what the header
  // says, and never too large
  for (const double share : {error / std::sqrt(squares), error2 / std::sqrt(squares2)}) {
    EXPECT_LT(share, 1.2);
    EXPECT_GT(share, 0.25);
  }
  RecordProperty("mrtm_share", std::to_string(error / std::sqrt(squares)));
  RecordProperty("mrtm2_share", std::to_string(error2 / std::sqrt(squares2)));
}

TEST(Srtm, OfTheReferenceItselfIsNoBinding) {
  auto data = simulated();
  data.tissue = data.reference;
  const auto fit = fit_srtm(data);
  // with R1 = 1 and BP 0 the convolution has no part, so that k2 is free
  EXPECT_NEAR(fit.bp_nd.value, 0, 1e-3);
  EXPECT_NEAR(fit.r1.value, 1, 1e-3);
}

TEST(Srtm, RefusesWhatDoesNotFit) {
  auto data = simulated();
  data.reference.pop_back();
  EXPECT_THROW((void)fit_srtm(data), Error);
  EXPECT_THROW((void)fit_mrtm(simulated(), 5500), Error);
  EXPECT_THROW((void)fit_mrtm2(simulated(), 0), Error);
  EXPECT_THROW((void)fit_srtm_basis(simulated(), {1e-2, 1e-3, 10}), Error);
  auto late = simulated();
  for (auto& f : late.frames) f.start_s += 3600;
  EXPECT_THROW((void)fit_srtm(late), Error);
}

}  // namespace
