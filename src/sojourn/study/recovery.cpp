#include "sojourn/study/recovery.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/region/geometric_transfer.h"

namespace sojourn::study {
namespace {

/// Puts a corrected activity into a row; activity, noise, limit and %ID change together.
void apply(const records::Scan& scan, records::Measurement& row, double corrected_bq,
           double noise_gain, double recovery, double recovery_relative_sd) {
  // By the frame's own factor and not the row's quotient: a region without measured activity may
  // have some once its neighbours' spill is accounted for.
  const auto frame = static_cast<std::size_t>(row.frame - 1);
  row.activity_bq = corrected_bq;
  row.activity_dc_bq = corrected_bq * scan.frames.at(frame).to_administration;
  row.noise_bq *= noise_gain;
  if (row.detection_limit_bq) *row.detection_limit_bq *= noise_gain;
  row.recovery = recovery;
  row.recovery_relative_sd = recovery_relative_sd;
  if (row.percent_id) row.percent_id = 100 * row.activity_dc_bq / scan.injected_bq.value();
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
        apply(scan, row, result.activity_bq[r], result.noise_gain[r], result.recovery[r],
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

void by_table(const std::filesystem::path& file, const records::Scan& scan,
              std::vector<records::Measurement>& rows) {
  const auto table = core::Tsv::parse(core::read_file(file, 1 << 20), file.filename().string());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (!seen.insert(table.at(i, "region")).second) {
      refuse("{}: region: \"{}\" has a recovery already; keep one row for each region",
             table.where(i), table.at(i, "region"));
    }
    const auto recovery = table.number(i, "recovery");
    if (!recovery || !(*recovery > 0 && *recovery <= 2)) {
      refuse("{}: recovery: must lie in (0, 2], measured over true activity", table.where(i));
    }
    const double sd = table.find("recovery_sd") ? table.number(i, "recovery_sd").value_or(0) : 0;
    if (!(sd >= 0 && std::isfinite(sd)))
      refuse("{}: recovery_sd: must be a standard deviation, 0 or more", table.where(i));
    bool used = false;
    for (auto& row : rows) {
      if (row.region != table.at(i, "region")) continue;
      apply(scan, row, row.activity_uncorrected_bq / *recovery, 1 / *recovery, *recovery,
            sd / *recovery);
      used = true;
    }
    if (!used)
      refuse(
          "{}: region: \"{}\" is no region of this scan; remove the row or name one of its regions",
          table.where(i), table.at(i, "region"));
  }
}

}  // namespace

void correct_recovery(const records::ScanRequest& request, const records::Scan& scan,
                      const std::vector<image::RegionMask>& regions, const image::RegionMask* body,
                      std::vector<records::Measurement>& rows, std::vector<std::string>& warnings) {
  if (request.recovery) {
    by_table(*request.recovery, scan, rows);
  } else if (scan.psf_fwhm_mm && !regions.empty()) {
    by_transfer_matrix(scan, regions, body, rows, warnings);
  }
}

}  // namespace sojourn::study
