#include "sojourn/study/recovery.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/region/geometric_transfer.h"

namespace sojourn::study {
namespace {

/// Puts a corrected activity into a row; activity, noise, limit and %ID change together.
void apply(records::Measurement& row, double corrected_bq, double noise_gain, double recovery,
           double recovery_relative_sd) {
  const double dc_factor = row.activity_bq != 0 ? row.activity_dc_bq / row.activity_bq : 0;
  const double id_factor =
      row.percent_id && row.activity_dc_bq != 0 ? *row.percent_id / row.activity_dc_bq : 0;
  row.activity_bq = corrected_bq;
  row.activity_dc_bq = corrected_bq * dc_factor;
  row.noise_bq *= noise_gain;
  if (row.detection_limit_bq) *row.detection_limit_bq *= noise_gain;
  row.recovery = recovery;
  row.recovery_relative_sd = recovery_relative_sd;
  if (row.percent_id) row.percent_id = row.activity_dc_bq * id_factor;
  if (row.percent_id_per_ml && row.volume_ml > 0)
    row.percent_id_per_ml = *row.percent_id / row.volume_ml;
}

void by_transfer_matrix(const records::Scan& scan, const std::vector<image::RegionMask>& regions,
                        const image::RegionMask* body, std::vector<records::Measurement>& rows,
                        std::vector<std::string>& warnings) {
  const region::GeometricTransfer transfer(scan.frames.front().concentration_bq_per_ml.geometry(),
                                           regions, *scan.psf_fwhm_mm, body);
  for (std::size_t f = 0; f < scan.frames.size(); ++f) {
    const auto result = transfer.correct(scan.frames[f].concentration_bq_per_ml);
    for (auto& row : rows) {
      if (row.frame != static_cast<int>(f) + 1) continue;
      for (std::size_t r = 0; r < regions.size(); ++r) {
        if (regions[r].name != row.region || !std::isfinite(result.recovery[r])) continue;
        apply(row, result.activity_bq[r], result.noise_gain[r], result.recovery[r],
              result.recovery_relative_sd[r]);
      }
    }
    for (const auto& warning : result.warnings) {
      if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
        warnings.push_back(warning);
      }
    }
  }
}

void by_table(const std::filesystem::path& file, std::vector<records::Measurement>& rows) {
  const auto table = core::Tsv::parse(core::read_file(file, 1 << 20), file.filename().string());
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const auto recovery = table.number(i, "recovery");
    if (!recovery || *recovery <= 0 || *recovery > 2) {
      refuse("{}: recovery: must lie in (0, 2], measured over true activity", table.where(i));
    }
    const double sd = table.find("recovery_sd") ? table.number(i, "recovery_sd").value_or(0) : 0;
    bool used = false;
    for (auto& row : rows) {
      if (row.region != table.at(i, "region")) continue;
      apply(row, row.activity_uncorrected_bq / *recovery, 1 / *recovery, *recovery, sd / *recovery);
      used = true;
    }
    if (!used)
      refuse("{}: region: \"{}\" is no region of this scan", table.where(i), table.at(i, "region"));
  }
}

}  // namespace

void correct_recovery(const records::ScanRequest& request, const records::Scan& scan,
                      const std::vector<image::RegionMask>& regions, const image::RegionMask* body,
                      std::vector<records::Measurement>& rows, std::vector<std::string>& warnings) {
  if (request.recovery) {
    by_table(*request.recovery, rows);
  } else if (scan.psf_fwhm_mm && !regions.empty()) {
    by_transfer_matrix(scan, regions, body, rows, warnings);
  }
}

}  // namespace sojourn::study
