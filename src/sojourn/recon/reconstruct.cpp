#include "sojourn/recon/reconstruct.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"

namespace sojourn::recon {
namespace {

using image::Volume;

constexpr double kSeen = 1e-6;       // of the largest sensitivity: below, a voxel stays 0
constexpr double kLeastShare = 0.1;  // of the sensitivity that a prior leaves in the denominator
constexpr std::size_t kBlock = 65536;

void blur(Volume<float>& x, const image::Vec3& fwhm_mm) {
  if (fwhm_mm[0] > 0 || fwhm_mm[1] > 0 || fwhm_mm[2] > 0) image::gaussian_blur(x, fwhm_mm);
}

void check_sensitivity(const Sensitivity& sensitivity, const image::Geometry& grid, int subsets) {
  if (sensitivity.size() != 1 && sensitivity.size() != static_cast<std::size_t>(subsets))
    refuse("{} sensitivity images for {} subsets: give one, or one for each", sensitivity.size(),
           subsets);
  for (const auto& s : sensitivity) {
    if (!image::same_grid(s.geometry(), grid))
      refuse("the sensitivity image lies on another grid than the image to reconstruct");
    float largest = 0;
    for (const float v : s.values()) {
      if (!(v >= 0) || !std::isfinite(v))
        refuse(
            "the sensitivity image holds {}: check normalisation and attenuation, which must be "
            "finite and not negative",
            v);
      largest = std::max(largest, v);
    }
    if (largest == 0)
      refuse(
          "the sensitivity is 0 in every voxel: no line of response crosses the image; check "
          "its place and size");
  }
}

/// Sums of blocks in order, so that the result does not depend on threads.
struct Ratio {
  std::vector<float> values;
  double log_likelihood = 0;
  std::size_t unused = 0;
};

Ratio ratio_of(const Measured& m, const std::vector<float>& projected) {
  Ratio r;
  r.values.resize(m.size());
  const std::size_t blocks = (m.size() + kBlock - 1) / kBlock;
  std::vector<double> sums(blocks);
  std::vector<std::size_t> unused(blocks);
  core::parallel_for(blocks, [&](std::size_t b) {
    for (std::size_t e = b * kBlock; e < std::min((b + 1) * kBlock, m.size()); ++e) {
      const float mean = projected[e] + (m.background.empty() ? 0.0F : m.background[e]);
      const float counts = m.counts.empty() ? 1.0F : m.counts[e];
      if (mean > 0) {
        r.values[e] = counts / mean;
        sums[b] += static_cast<double>(counts) * std::log(static_cast<double>(mean));
      } else {
        ++unused[b];
      }
    }
  });
  r.log_likelihood = std::accumulate(sums.begin(), sums.end(), 0.0);
  r.unused = std::accumulate(unused.begin(), unused.end(), std::size_t{0});
  return r;
}

double inner(const Volume<float>& a, const Volume<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    sum += static_cast<double>(a.values()[i]) * static_cast<double>(b.values()[i]);
  return sum;
}

class Run {
 public:
  Run(const projector::Joseph& projector, const Sensitivity& sensitivity, const Options& options)
      : projector_(projector), options_(options), sensitivity_(sensitivity) {
    const float share = 1.0F / static_cast<float>(options.subsets);
    const bool shared = sensitivity_.size() == 1;
    for (auto& s : sensitivity_) {
      blur(s, options.psf_fwhm_mm);
      if (shared && options.subsets > 1)
        for (auto& v : s.values()) v *= share;
      least_.push_back(static_cast<float>(kSeen) *
                       *std::max_element(s.values().begin(), s.values().end()));
    }
  }

  [[nodiscard]] const Volume<float>& sensitivity(std::size_t subset) const {
    return sensitivity_[sensitivity_.size() == 1 ? 0 : subset];
  }

  /// One where a line sees the voxel, scaled so that the model counts what was counted.
  Volume<float> start(double counts) const {
    Volume<float> x(projector_.grid());
    double seen = 0;
    for (std::size_t s = 0; s < static_cast<std::size_t>(options_.subsets); ++s)
      for (const float v : sensitivity(s).values()) seen += static_cast<double>(v);
    const auto level = static_cast<float>(counts / seen);
    for (std::size_t i = 0; i < x.values().size(); ++i)
      x.values()[i] = sensitivity(0).values()[i] > least(0) ? level : 0.0F;
    return x;
  }

  /// One update of x; the terms of the likelihood at x before it.
  Ratio step(Volume<float>& x, const Measured& part, std::size_t subset) const {
    Volume<float> smooth = x;
    blur(smooth, options_.psf_fwhm_mm);
    std::vector<float> projected(part.size());
    projector_.forward(smooth, part.lines, projected);
    Ratio ratio = ratio_of(part, projected);
    const auto& s = sensitivity(subset);
    ratio.log_likelihood -= inner(x, s);
    Volume<float> back(projector_.grid());
    projector_.back(ratio.values, part.lines, back);
    blur(back, options_.psf_fwhm_mm);
    std::optional<Volume<float>> prior;
    if (options_.prior.beta > 0) prior = prior_gradient(options_.prior, x);
    const float each = 1.0F / static_cast<float>(options_.subsets);
    core::parallel_blocks(x.values().size(), kBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const float seen = s.values()[i];
        float below = seen;
        if (prior)
          below =
              std::max(seen + each * prior->values()[i], static_cast<float>(kLeastShare) * seen);
        x.values()[i] = seen > least(subset) ? x.values()[i] * back.values()[i] / below : 0.0F;
      }
    });
    return ratio;
  }

 private:
  [[nodiscard]] float least(std::size_t subset) const {
    return least_[least_.size() == 1 ? 0 : subset];
  }

  const projector::Joseph& projector_;
  const Options& options_;
  Sensitivity sensitivity_;
  std::vector<float> least_;
};

Outcome iterate(const Run& run, const std::vector<Measured>& parts, double counts,
                const Options& options, const core::Progress& progress) {
  Outcome outcome;
  outcome.image = run.start(counts);
  for (int i = 0; i < options.iterations; ++i) {
    double log_likelihood = 0;
    outcome.unused_entries = 0;
    for (std::size_t s = 0; s < parts.size(); ++s) {
      const Ratio r = run.step(outcome.image, parts[s], s);
      log_likelihood += r.log_likelihood;
      outcome.unused_entries += r.unused;
      if (progress)
        progress("reconstruct",
                 (i + static_cast<double>(s + 1) / static_cast<double>(parts.size())) /
                     options.iterations);
    }
    outcome.log_likelihood.push_back(log_likelihood);
  }
  return outcome;
}

void check(const projector::Joseph& projector, const Measured& m, const Sensitivity& sensitivity,
           const Options& o) {
  if (m.size() == 0) refuse("no events to reconstruct");
  if (o.iterations < 1 || o.iterations > 10000)
    refuse("{} iterations: take 1 to 10000", o.iterations);
  if (o.subsets < 1 || o.subsets > 1000) refuse("{} subsets: take 1 to 1000", o.subsets);
  if (!(o.prior.beta >= 0) || !(o.prior.gamma >= 0) || !(o.prior.epsilon >= 0))
    refuse("the prior's beta, gamma and epsilon must not be negative");
  SOJOURN_EXPECT(m.counts.empty() || m.counts.size() == m.size());
  SOJOURN_EXPECT(m.background.empty() || m.background.size() == m.size());
  for (const float b : m.background)
    if (!(b >= 0) || !std::isfinite(b))
      refuse(
          "a background of {}: randoms and scatter must be finite and not negative, "
          "normalisation over 0",
          b);
  for (const float c : m.counts)
    if (!(c >= 0) || !std::isfinite(c))
      refuse(
          "{} counts in a bin: reconstruct prompts, with randoms and scatter as background "
          "instead of subtracted",
          c);
  check_sensitivity(sensitivity, projector.grid(), o.subsets);
}

}  // namespace

Outcome reconstruct(const projector::Joseph& projector, const Measured& measured,
                    const Sensitivity& sensitivity, const Options& options,
                    const core::Progress& progress) {
  check(projector, measured, sensitivity, options);
  const Run run(projector, sensitivity, options);
  const auto parts =
      split(sorted(measured, projector.grid()), static_cast<std::size_t>(options.subsets));
  return iterate(run, parts, measured.total_counts(), options, progress);
}

Volume<float> bootstrap_variance(const projector::Joseph& projector, const Measured& measured,
                                 const Sensitivity& sensitivity, const Options& options,
                                 int replicates, std::uint64_t seed,
                                 const core::Progress& progress) {
  check(projector, measured, sensitivity, options);
  if (replicates < 2) refuse("{} replicates: a variance needs 2 or more", replicates);
  const Run run(projector, sensitivity, options);
  auto parts = split(sorted(measured, projector.grid()), static_cast<std::size_t>(options.subsets));
  const auto original = parts;
  const std::size_t n = projector.grid().voxels();
  std::vector<double> sum(n), squares(n);
  for (int r = 0; r < replicates; ++r) {
    core::Random random(seed, static_cast<std::uint64_t>(r));
    double counts = 0;
    for (std::size_t s = 0; s < parts.size(); ++s) {
      parts[s].counts.resize(parts[s].size());
      for (std::size_t e = 0; e < parts[s].size(); ++e) {
        const double mean =
            original[s].counts.empty() ? 1.0 : static_cast<double>(original[s].counts[e]);
        const auto drawn = static_cast<double>(random.poisson(mean));
        parts[s].counts[e] = static_cast<float>(drawn);
        counts += drawn;
      }
    }
    const auto outcome = iterate(run, parts, counts, options, {});
    for (std::size_t i = 0; i < n; ++i) {
      const auto v = static_cast<double>(outcome.image.values()[i]);
      sum[i] += v;
      squares[i] += v * v;
    }
    if (progress) progress("bootstrap", (r + 1.0) / replicates);
  }
  Volume<float> variance(projector.grid());
  for (std::size_t i = 0; i < n; ++i)
    variance.values()[i] = static_cast<float>(
        std::max(0.0, (squares[i] - sum[i] * sum[i] / replicates) / (replicates - 1)));
  return variance;
}

}  // namespace sojourn::recon
