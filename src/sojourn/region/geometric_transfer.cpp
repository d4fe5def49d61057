#include "sojourn/region/geometric_transfer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/image/coverage.h"
#include "sojourn/numerics/linear_system.h"
#include "sojourn/units/units.h"

namespace sojourn::region {
namespace {

constexpr double kNoBlur = 0.1;  // FWHM in voxels below which there is nothing to correct
constexpr double kLeastRecovery =
    0.05;  // of a region's own activity: below, the image holds too little of it
constexpr double kMostNoiseGain = 10;    // corrected over uncorrected standard deviation
constexpr double kFwhmRelativeSd = 0.1;  // uncertainty of a stated FWHM
constexpr double kLeastVoxels = 1e-3;    // of a voxel: a smaller part is none
constexpr float kFaint = 1e-6F;          // blurred fractions below are dropped

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

struct GeometricTransfer::Sums {
  std::vector<double> measured;     // shape [n]: sum of value x fraction, in voxels
  std::vector<double> uncorrected;  // shape [regions]
  std::vector<double> covariance;   // shape [n, n] of `measured`, up to a factor
};

GeometricTransfer::GeometricTransfer(const image::Geometry& grid,
                                     const std::vector<image::RegionMask>& regions,
                                     const image::Vec3& psf_fwhm_mm, const image::RegionMask* body)
    : whole_(grid) {
  image::Vec3 sigma{};
  identity_ = true;
  for (std::size_t a = 0; a < 3; ++a) {
    const double extent_mm = grid.size[a] * grid.spacing_mm[a];
    if (!(psf_fwhm_mm[a] >= 0 && psf_fwhm_mm[a] <= extent_mm)) {
      throw Error(
          ErrorCode::bad_value,
          fmt::format("psf_fwhm {} mm cannot be (it must be 0 or more, and less than the image's "
                      "{} mm); correct the scan's psf_fwhm",
                      psf_fwhm_mm[a], extent_mm));
    }
    sigma[a] = psf_fwhm_mm[a] / units::kFwhmPerSigma / grid.spacing_mm[a];
    identity_ = identity_ && psf_fwhm_mm[a] < kNoBlur * grid.spacing_mm[a];
  }
  for (const auto& region : regions) names_.push_back(region.name);
  crop_around(regions, sigma);
  cut_ = cut_into_parts(grid_, regions, identity_ ? image::Vec3{0, 0, 0} : sigma, body);
  if (identity_) return;
  n_ = cut_.parts.size() + 1;
  // Wider first: the entries that stay are those of the stated FWHM.
  list_entries(image::operator*(1 + kFwhmRelativeSd, sigma));
  const auto wider = transfer_matrix();
  list_entries(sigma);
  const auto matrix = transfer_matrix();
  count_voxels();
  unsolved_.assign(n_, false);
  for (std::size_t p = 0; p < n_; ++p) {
    unsolved_[p] = voxels_[p] < kLeastVoxels || matrix[p * n_ + p] < kLeastRecovery;
  }
  find_shares();
  try {
    invert(matrix, inverse_);
    invert(wider, inverse_wider_);
  } catch (const Error&) {
    inverse_.clear();
    warnings_.push_back(
        "partial-volume correction is impossible for these regions (their transfer matrix is "
        "singular); values are "
        "uncorrected: join regions that the scanner cannot tell apart");
  }
}

/// Nothing further than the blur of the shells reaches matters.
void GeometricTransfer::crop_around(const std::vector<image::RegionMask>& regions,
                                    const image::Vec3& sigma_voxels) {
  image::Index3 begin = whole_.size, end{0, 0, 0};
  const image::Index3 reach = reach_voxels(sigma_voxels);
  for (const auto& region : regions) {
    const auto cover = image::cover(region, whole_);
    for (std::size_t a = 0; a < 3 && !cover.volume_ml.empty(); ++a) {
      begin[a] = std::max(0, std::min(begin[a], cover.begin[a] - 3 * reach[a] - 2));
      end[a] = std::min(whole_.size[a],
                        std::max(end[a], cover.begin[a] + cover.size[a] + 3 * reach[a] + 2));
    }
  }
  if (end[0] == 0) begin = {0, 0, 0};
  begin_ = begin;
  grid_ = whole_.cropped(begin, end);
}

image::Volume<float> GeometricTransfer::cropped(const image::Volume<float>& image) const {
  image::Volume<float> part(grid_);
  for (int k = 0; k < grid_.size[2]; ++k) {
    for (int j = 0; j < grid_.size[1] && grid_.size[0] > 0; ++j) {
      const float* row = &image.at(begin_[0], begin_[1] + j, begin_[2] + k);
      std::transform(row, row + grid_.size[0], &part.at(0, j, k),
                     [](float v) { return std::isfinite(v) ? v : 0.0F; });
    }
  }
  return part;
}

void GeometricTransfer::list_entries(const image::Vec3& sigma_voxels) {
  const image::Index3 reach = reach_voxels(sigma_voxels);
  std::vector<std::vector<std::pair<std::size_t, Entry>>> found(cut_.parts.size());
  std::vector<std::size_t> next(grid_.voxels() + 1, 0);
  for (std::size_t p = 0; p < cut_.parts.size(); ++p) {
    if (cut_.parts[p].empty()) continue;
    const Block own = cut_.parts[p].grown(reach, grid_.size);
    Block spread = own;
    blur(spread, sigma_voxels);
    own.each(grid_, [&](std::size_t voxel, std::size_t at) {
      if (own.values[at] > 0 || spread.values[at] > kFaint) {
        found[p].push_back(
            {voxel, {static_cast<std::uint32_t>(p), own.values[at], spread.values[at]}});
        ++next[voxel + 1];
      }
    });
  }
  for (std::size_t v = 0; v < grid_.voxels(); ++v) next[v + 1] += next[v];
  first_entry_ = next;
  entries_.assign(first_entry_.back(), Entry{});
  for (auto& part : found) {
    for (const auto& [voxel, entry] : part) entries_[next[voxel]++] = entry;
    part = {};
  }
}

void GeometricTransfer::count_voxels() {
  voxels_.assign(n_, 0.0);
  double all = 0;
  for (const auto& entry : entries_) {
    voxels_[entry.part] += static_cast<double>(entry.own);
    all += static_cast<double>(entry.own);
  }
  voxels_[n_ - 1] = std::max(0.0, static_cast<double>(grid_.voxels()) - all);
}

/// Matrix w_ij, row-major: the mean over part i of part j's blurred fraction.
std::vector<double> GeometricTransfer::transfer_matrix() const {
  std::vector<double> matrix(n_ * n_, 0.0), voxels(n_, 0.0);
  const std::size_t last = n_ - 1;
  for (std::size_t v = 0; v < grid_.voxels(); ++v) {
    double own = 1, blurred = 1;  // of the complement
    for (std::size_t e = first_entry_[v]; e < first_entry_[v + 1]; ++e) {
      own -= static_cast<double>(entries_[e].own);
      blurred -= static_cast<double>(entries_[e].blurred);
    }
    own = std::max(own, 0.0);
    voxels[last] += own;
    matrix[last * n_ + last] += own * blurred;
    for (std::size_t e = first_entry_[v]; e < first_entry_[v + 1]; ++e) {
      const Entry& i = entries_[e];
      matrix[last * n_ + i.part] += own * static_cast<double>(i.blurred);
      if (i.own == 0.0F) continue;
      const auto weight = static_cast<double>(i.own);
      voxels[i.part] += weight;
      matrix[i.part * n_ + last] += weight * blurred;
      for (std::size_t f = first_entry_[v]; f < first_entry_[v + 1]; ++f) {
        matrix[i.part * n_ + entries_[f].part] += weight * static_cast<double>(entries_[f].blurred);
      }
    }
  }
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t j = 0; j < n_ && voxels[i] > 0; ++j) matrix[i * n_ + j] /= voxels[i];
  }
  return matrix;
}

/// How many voxels of each region are which part: its own, and those of smaller regions inside it.
void GeometricTransfer::find_shares() {
  constexpr double kShared = 1e-4;  // of a voxel: less is rounding
  share_.assign(cut_.regions * n_, 0.0);
  for (std::size_t r = 0; r < cut_.regions; ++r) {
    share_[r * n_ + r] = voxels_[r];
    const Block& whole = cut_.covered[r];
    const Block& own = cut_.parts[r];
    whole.each(grid_, [&](std::size_t voxel, std::size_t at) {
      const double shared = static_cast<double>(whole.values[at] - own.values[at]);
      if (shared < kShared) return;
      double others = 0;
      const auto smaller = [&](const Entry& e) {
        return e.part < cut_.regions && e.part != r && e.own > 0;
      };
      for (std::size_t e = first_entry_[voxel]; e < first_entry_[voxel + 1]; ++e) {
        if (smaller(entries_[e])) others += static_cast<double>(entries_[e].own);
      }
      for (std::size_t e = first_entry_[voxel]; e < first_entry_[voxel + 1] && others > 0; ++e) {
        if (smaller(entries_[e])) {
          share_[r * n_ + entries_[e].part] +=
              shared * static_cast<double>(entries_[e].own) / others;
        }
      }
    });
  }
}

void GeometricTransfer::invert(std::vector<double> matrix, std::vector<double>& inverse) {
  for (std::size_t p = 0; p < n_; ++p) {
    if (!unsolved_[p]) continue;
    for (std::size_t q = 0; q < n_; ++q) matrix[p * n_ + q] = p == q ? 1.0 : 0.0;
  }
  inverse = numerics::inverse(matrix, n_);
}

GeometricTransfer::Sums GeometricTransfer::sum_image(const image::Volume<float>& image) const {
  Sums sums;
  sums.measured.assign(n_, 0.0);
  sums.covariance.assign(n_ * n_, 0.0);
  sums.uncorrected.assign(cut_.regions, 0.0);
  for (std::size_t r = 0; r < cut_.regions; ++r) {
    const Block& whole = cut_.covered[r];
    whole.each(grid_, [&](std::size_t voxel, std::size_t at) {
      sums.uncorrected[r] +=
          static_cast<double>(whole.values[at]) * static_cast<double>(image.values()[voxel]);
    });
  }
  if (identity_) return sums;
  double positive = 0;
  for (const float v : image.values()) positive += std::max(0.0, static_cast<double>(v));
  const double floor = 1e-3 * positive / std::max(1.0, static_cast<double>(grid_.voxels()));
  const std::size_t last = n_ - 1;
  for (std::size_t v = 0; v < grid_.voxels(); ++v) {
    const auto value = static_cast<double>(image.values()[v]);
    // Counting noise: independent events of variance ~ activity, spread by the same blur.
    const double variance = std::max(0.0, value) + floor;
    double own = 1, blurred = 1;
    for (std::size_t e = first_entry_[v]; e < first_entry_[v + 1]; ++e) {
      const Entry& i = entries_[e];
      own -= static_cast<double>(i.own);
      blurred -= static_cast<double>(i.blurred);
      sums.measured[i.part] += static_cast<double>(i.own) * value;
      const double weight = variance * static_cast<double>(i.blurred);
      for (std::size_t f = first_entry_[v]; f < first_entry_[v + 1]; ++f) {
        sums.covariance[i.part * n_ + entries_[f].part] +=
            weight * static_cast<double>(entries_[f].blurred);
      }
    }
    for (std::size_t e = first_entry_[v]; e < first_entry_[v + 1]; ++e) {
      const double both = variance * blurred * static_cast<double>(entries_[e].blurred);
      sums.covariance[entries_[e].part * n_ + last] += both;
      sums.covariance[last * n_ + entries_[e].part] += both;
    }
    sums.measured[last] += std::max(own, 0.0) * value;
    sums.covariance[last * n_ + last] += variance * blurred * blurred;
  }
  return sums;
}

/// What gives a region's activity from the sums over parts: activity = row . measured, wider the
/// same for the wider FWHM, and plain for the uncorrected activity.
struct GeometricTransfer::Rows {
  std::vector<double> row, wider, plain;
  bool solved = false;  // some part of the region could be corrected
};

GeometricTransfer::Rows GeometricTransfer::rows_of(std::size_t region) const {
  Rows rows{std::vector<double>(n_), std::vector<double>(n_), std::vector<double>(n_), false};
  for (std::size_t p = 0; p < n_; ++p) {
    const double share = share_[region * n_ + p];
    if (share == 0) continue;
    rows.solved = rows.solved || !unsolved_[p];
    rows.plain[p] = voxels_[p] > 0 ? share / voxels_[p] : 0.0;
    for (std::size_t q = 0; q < n_; ++q) {
      if (voxels_[q] <= 0) continue;
      rows.row[q] += share * inverse_[p * n_ + q] / voxels_[q];
      rows.wider[q] += share * inverse_wider_[p * n_ + q] / voxels_[q];
    }
  }
  return rows;
}

/// Puts the corrected activity of a region into `result`, or the reason why there is none.
void GeometricTransfer::correct_region(std::size_t region, const Sums& sums,
                                       PartialVolume& result) const {
  const Rows rows = rows_of(region);
  double corrected = 0, corrected_wider = 0, variance = 0, plain_variance = 0;
  for (std::size_t p = 0; p < n_; ++p) {
    corrected += rows.row[p] * sums.measured[p] * grid_.voxel_ml();
    corrected_wider += rows.wider[p] * sums.measured[p] * grid_.voxel_ml();
    for (std::size_t q = 0; q < n_; ++q) {
      variance += rows.row[p] * sums.covariance[p * n_ + q] * rows.row[q];
      plain_variance += rows.plain[p] * sums.covariance[p * n_ + q] * rows.plain[q];
    }
  }
  const double gain =
      plain_variance > 0 ? std::sqrt(std::max(0.0, variance) / plain_variance) : 1.0;
  if (!rows.solved || gain > kMostNoiseGain) {
    result.warnings.push_back(fmt::format(
        "region {}: too small for the scanner's blur to be corrected (the correction would magnify "
        "noise {}); its "
        "activity is uncorrected",
        names_[region], rows.solved ? fmt::format("{:.0f} times", gain) : "without bound"));
    return;
  }
  result.activity_bq[region] = corrected;
  result.noise_gain[region] = gain;
  if (corrected <= 0) return;
  result.recovery[region] = result.uncorrected_bq[region] / corrected;
  if (corrected_wider > 0) {
    result.recovery_relative_sd[region] = std::abs(std::log(corrected_wider / corrected));
  }
}

PartialVolume GeometricTransfer::correct(const image::Volume<float>& image) const {
  SOJOURN_EXPECT(image.geometry().size == whole_.size);
  const Sums sums = sum_image(cropped(image));
  PartialVolume result;
  result.warnings = warnings_;
  for (std::size_t r = 0; r < cut_.regions; ++r) {
    const double uncorrected = sums.uncorrected[r] * grid_.voxel_ml();
    result.uncorrected_bq.push_back(uncorrected);
    result.activity_bq.push_back(uncorrected);
    result.recovery.push_back(identity_ && uncorrected > 0 ? 1.0 : kNan);
    result.noise_gain.push_back(1.0);
    result.recovery_relative_sd.push_back(0.0);
    if (identity_ || inverse_.empty() || cut_.covered[r].empty()) continue;
    correct_region(r, sums, result);
  }
  return result;
}

}  // namespace sojourn::region
