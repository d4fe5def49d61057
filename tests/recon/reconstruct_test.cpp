#include "sojourn/recon/reconstruct.h"

#include <gtest/gtest.h>

#include <numeric>

#include "recon/phantom.h"
#include "shared/message_of.h"
#include "sojourn/core/parallel.h"
#include "sojourn/image/filter.h"

namespace {

using namespace sojourn;
using namespace sojourn::recon;

/// A small scanner, what it would count of a phantom, and its sensitivity.
struct Scan {
  image::Geometry grid;
  image::Volume<float> truth;
  std::vector<projector::Lor> lors;
  std::vector<float> factor;  ///< a n of each line
  Measured measured;
  Sensitivity sensitivity;
};

Scan scan(double counts, bool noise, float background_share = 0) {
  Scan s;
  s.grid = test::centred_grid({24, 24, 5}, 4);
  s.truth = test::warm_and_hot(s.grid);
  s.lors = test::ring_lines(60, 5, 90, 4, 50);
  const projector::Joseph joseph(s.grid);
  std::vector<float> mean(s.lors.size());
  joseph.forward_line(s.truth, s.lors, mean);
  core::Random random(11);
  double sum = 0;
  for (std::size_t e = 0; e < mean.size(); ++e) {
    s.factor.push_back(static_cast<float>(0.3 + 0.7 * random.uniform()));
    sum += static_cast<double>(s.factor[e] * mean[e]);
  }
  const auto scale = static_cast<float>(counts / sum);
  const float level =
      background_share * static_cast<float>(counts) / static_cast<float>(mean.size());
  for (auto& v : s.truth.values()) v *= scale;
  for (std::size_t e = 0; e < mean.size(); ++e) {
    const float all = scale * s.factor[e] * mean[e] + level;
    const float got = noise ? static_cast<float>(random.poisson(static_cast<double>(all))) : all;
    if (got == 0) continue;
    s.measured.lines.lors.push_back(s.lors[e]);
    s.measured.counts.push_back(got);
    if (background_share > 0) s.measured.background.push_back(level / s.factor[e]);
  }
  s.sensitivity.emplace_back(s.grid);
  joseph.back_line(s.factor, s.lors, s.sensitivity[0]);
  return s;
}

double distance(const image::Volume<float>& a, const image::Volume<float>& b) {
  double squares = 0, all = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i) {
    const auto x = static_cast<double>(a.values()[i]), y = static_cast<double>(b.values()[i]);
    squares += (x - y) * (x - y);
    all += y * y;
  }
  return std::sqrt(squares / all);
}

TEST(Mlem, LikelihoodRisesAtEveryStep) {
  for (const double psf : {0.0, 6.0}) {
    for (const float background : {0.0F, 0.4F}) {
      const Scan s = scan(3e4, true, background);
      Options o;
      o.iterations = 40;
      o.psf_fwhm_mm = {psf, psf, psf};
      const auto out = reconstruct(projector::Joseph(s.grid), s.measured, s.sensitivity, o);
      ASSERT_EQ(out.log_likelihood.size(), 40U);
      for (std::size_t i = 1; i < 40; ++i)
        // float sums of 3e4 counts carry about 1e-7 of a value near 1e5
        ASSERT_GE(out.log_likelihood[i], out.log_likelihood[i - 1] - 0.02) << psf << " " << i;
      EXPECT_GT(out.log_likelihood[39], out.log_likelihood[0] + 100);
    }
  }
}

TEST(Mlem, ModelCountsWhatWasCounted) {
  // After every MLEM step without background sum(s x) = counts, whatever the image.
  const Scan s = scan(2e4, true);
  Options o;
  for (const int iterations : {1, 5}) {
    o.iterations = iterations;
    const auto out = reconstruct(projector::Joseph(s.grid), s.measured, s.sensitivity, o);
    double sum = 0;
    for (std::size_t i = 0; i < s.grid.voxels(); ++i)
      sum += static_cast<double>(s.sensitivity[0].values()[i]) *
             static_cast<double>(out.image.values()[i]);
    EXPECT_NEAR(sum / s.measured.total_counts(), 1, 1e-5);
  }
}

TEST(Mlem, ApproachesTheTruthWithoutNoise) {
  const Scan s = scan(1e6, false);
  Options o;
  o.iterations = 300;
  const auto out = reconstruct(projector::Joseph(s.grid), s.measured, s.sensitivity, o);
  EXPECT_LT(distance(out.image, s.truth), 0.09);  // what 300 steps leave of sharp edges
}

TEST(Osem, ReachesInFewStepsWhatMlemReachesInMany) {
  Scan s = scan(1e6, false, 0.3F);
  const projector::Joseph joseph(s.grid);
  // subsets of lines, each with a sensitivity of its own; lines without counts were left out
  Sensitivity parts;
  std::vector<std::vector<float>> factors(6, std::vector<float>(s.lors.size()));
  for (std::size_t e = 0; e < s.lors.size(); ++e) factors[e % 6][e] = s.factor[e];
  for (const auto& f : factors) {
    parts.emplace_back(s.grid);
    joseph.back_line(f, s.lors, parts.back());
  }
  ASSERT_EQ(s.measured.size(), s.lors.size());
  Options slow, fast;
  slow.iterations = 60;
  fast.iterations = 10;
  fast.subsets = 6;
  const auto a = reconstruct(joseph, s.measured, s.sensitivity, slow);
  for (std::size_t e = 0; e < s.lors.size(); ++e)
    s.measured.subset.push_back(static_cast<std::uint16_t>(e % 6));
  const auto b = reconstruct(joseph, s.measured, parts, fast);
  EXPECT_LT(distance(b.image, a.image), 0.03);
  EXPECT_NEAR(distance(b.image, s.truth), distance(a.image, s.truth), 0.02);
}

TEST(Osem, DealsOutEventsOfAListInTurn) {
  const Scan s = scan(2e5, true);
  Measured list;
  for (std::size_t e = 0; e < s.measured.size(); ++e)
    for (int n = 0; n < static_cast<int>(s.measured.counts[e]); ++n)
      list.lines.lors.push_back(s.measured.lines.lors[e]);
  Options slow, fast;
  slow.iterations = 16;
  fast.iterations = 4;
  fast.subsets = 4;
  const projector::Joseph joseph(s.grid);
  const auto a = reconstruct(joseph, list, s.sensitivity, slow);
  const auto b = reconstruct(joseph, list, s.sensitivity, fast);
  // subsets of 5e4 events in turn share the sensitivity to some per cent
  EXPECT_LT(distance(b.image, a.image), 0.1);
}

TEST(Mlem, ListOfEventsIsTheSinogramOfThem) {
  const Scan s = scan(5000, true, 0.2F);
  Measured list;
  for (std::size_t e = 0; e < s.measured.size(); ++e)
    for (int n = 0; n < static_cast<int>(s.measured.counts[e]); ++n) {
      list.lines.lors.push_back(s.measured.lines.lors[e]);
      list.background.push_back(s.measured.background[e]);
    }
  Options o;
  o.iterations = 10;
  const projector::Joseph joseph(s.grid);
  const auto a = reconstruct(joseph, s.measured, s.sensitivity, o);
  const auto b = reconstruct(joseph, list, s.sensitivity, o);
  EXPECT_LT(distance(a.image, b.image), 1e-4);
}

TEST(Mlem, TimeOfFlightConvergesFasterToTheSameTruth) {
  Scan s = scan(1e6, false);
  const projector::TofResolution tof{8, 10, 4};
  const projector::Joseph with(s.grid, tof), without(s.grid);
  constexpr int kBins = 21;
  std::vector<float> bins(s.lors.size() * kBins);
  with.forward_bins(s.truth, s.lors, kBins, bins);
  Measured m;
  for (std::size_t e = 0; e < s.lors.size(); ++e)
    for (int b = 0; b < kBins; ++b) {
      const float counts = s.factor[e] * bins[e * kBins + static_cast<std::size_t>(b)];
      if (counts <= 0) continue;
      m.lines.lors.push_back(s.lors[e]);
      m.lines.tof_mm.push_back(static_cast<float>((b - 10) * tof.bin_mm));
      m.counts.push_back(counts);
    }
  EXPECT_NEAR(m.total_counts(), 1e6, 100);
  Options o;
  o.iterations = 25;
  const auto a = reconstruct(with, m, s.sensitivity, o);
  const auto b = reconstruct(without, s.measured, s.sensitivity, o);
  EXPECT_LT(distance(a.image, s.truth), 0.6 * distance(b.image, s.truth));
}

TEST(Mlem, ResolutionModelRecoversABlurredObject) {
  Scan s = scan(1e6, false);
  image::Volume<float> blurred = s.truth;
  const image::Vec3 fwhm{8, 8, 8};
  image::gaussian_blur(blurred, fwhm);
  const projector::Joseph joseph(s.grid);
  std::vector<float> mean(s.lors.size());
  joseph.forward_line(blurred, s.lors, mean);
  Measured m;
  for (std::size_t e = 0; e < mean.size(); ++e) {
    if (mean[e] <= 0) continue;
    m.lines.lors.push_back(s.lors[e]);
    m.counts.push_back(mean[e] * s.factor[e]);
  }
  Options plain, modelled;
  plain.iterations = modelled.iterations = 100;
  modelled.psf_fwhm_mm = fwhm;
  const auto a = reconstruct(joseph, m, s.sensitivity, plain);
  const auto b = reconstruct(joseph, m, s.sensitivity, modelled);
  EXPECT_LT(distance(b.image, s.truth), 0.75 * distance(a.image, s.truth));
}

TEST(Map, PriorSmoothsAndItsGradientIsTheDerivative) {
  const auto grid = test::centred_grid({6, 5, 4}, 2);
  image::Volume<float> x(grid);
  core::Random random(1);
  for (auto& v : x.values()) v = static_cast<float>(1 + random.uniform());
  const RelativeDifference prior{3, 2, 0.1};
  const auto gradient = prior_gradient(prior, x);
  for (const std::size_t at : {0U, 37U, 64U, 119U}) {
    auto up = x, down = x;
    up.values()[at] += 0.01F;
    down.values()[at] -= 0.01F;
    const double step =
        static_cast<double>(up.values()[at]) - static_cast<double>(down.values()[at]);
    const double slope = (prior_value(prior, up) - prior_value(prior, down)) / step;
    EXPECT_NEAR(gradient.values()[at], slope, 1e-3 * std::abs(slope) + 1e-4) << at;
  }
  const Scan s = scan(2e4, true);
  Options free, held;
  free.iterations = held.iterations = 40;
  held.prior = {2.0, 2, 0};
  const projector::Joseph joseph(s.grid);
  const auto a = reconstruct(joseph, s.measured, s.sensitivity, free);
  const auto b = reconstruct(joseph, s.measured, s.sensitivity, held);
  EXPECT_LT(prior_value({1, 2, 0}, b.image), 0.8 * prior_value({1, 2, 0}, a.image));
  EXPECT_LT(distance(b.image, s.truth), distance(a.image, s.truth));
}

TEST(Bootstrap, VarianceIsThatOfRepeatedScans) {
  Options o;
  o.iterations = 8;
  const Scan s = scan(2e4, true);
  const projector::Joseph joseph(s.grid);
  const auto variance = bootstrap_variance(joseph, s.measured, s.sensitivity, o, 40, 1);
  // repeated scans: fresh Poisson counts about the truth
  std::vector<float> mean(s.lors.size());
  joseph.forward_line(s.truth, s.lors, mean);
  std::vector<double> sum(s.grid.voxels()), squares(s.grid.voxels());
  const int repeats = 40;
  for (int r = 0; r < repeats; ++r) {
    core::Random random(77, static_cast<std::uint64_t>(r));
    Measured m;
    for (std::size_t e = 0; e < mean.size(); ++e) {
      const auto got = random.poisson(static_cast<double>(s.factor[e] * mean[e]));
      if (got == 0) continue;
      m.lines.lors.push_back(s.lors[e]);
      m.counts.push_back(static_cast<float>(got));
    }
    const auto out = reconstruct(joseph, m, s.sensitivity, o);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const auto v = static_cast<double>(out.image.values()[i]);
      sum[i] += v;
      squares[i] += v * v;
    }
  }
  double expected = 0, got = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (s.truth.values()[i] <= 0) continue;
    expected += (squares[i] - sum[i] * sum[i] / repeats) / (repeats - 1);
    got += static_cast<double>(variance.values()[i]);
  }
  // 40 against 40 of some 2000 correlated voxels, and the bootstrap starts from one noisy scan,
  // whose excess contrast a nonlinear reconstruction keeps
  EXPECT_NEAR(got / expected, 1.0, 0.3);
}

TEST(Reconstruct, SameForAnyNumberOfThreads) {
  const Scan s = scan(2e4, true, 0.2F);
  Options o;
  o.subsets = 3;
  o.prior.beta = 0.1;
  const projector::Joseph joseph(s.grid);
  const auto many = reconstruct(joseph, s.measured, s.sensitivity, o).image.values();
  const core::ThreadLimit one(1);
  EXPECT_EQ(many, reconstruct(joseph, s.measured, s.sensitivity, o).image.values());
}

TEST(Reconstruct, SaysWhatIsWrong) {
  const Scan s = scan(1000, true, 0.2F);
  const projector::Joseph joseph(s.grid);
  Options o;
  const auto message = [&](const Measured& m, const Sensitivity& sensitivity) {
    return test::message_of([&] { (void)reconstruct(joseph, m, sensitivity, o); });
  };
  EXPECT_NE(message({}, s.sensitivity).find("no events"), std::string::npos);
  Sensitivity bad = s.sensitivity;
  bad[0].values()[5] = std::nanf("");
  EXPECT_NE(message(s.measured, bad).find("sensitivity image holds nan"), std::string::npos);
  bad[0].values()[5] = -1;
  EXPECT_NE(message(s.measured, bad).find("normalisation"), std::string::npos);
  bad[0] = image::Volume<float>(s.grid);
  EXPECT_NE(message(s.measured, bad).find("0 in every voxel"), std::string::npos);
  bad[0] = image::Volume<float>(test::centred_grid({8, 8, 8}, 4));
  EXPECT_NE(message(s.measured, bad).find("another grid"), std::string::npos);
  Measured negative = s.measured;
  negative.background[0] = -1;
  EXPECT_NE(message(negative, s.sensitivity).find("background of -1"), std::string::npos);
  Measured few = s.measured;
  few.lines.lors.resize(10);
  few.counts.resize(10);
  few.background.resize(10);
  o.subsets = 11;
  EXPECT_NE(message(few, s.sensitivity).find("fewer subsets"), std::string::npos);
}

}  // namespace
