#include "sojourn/study/tables.h"

#include "sojourn/core/tsv.h"

namespace sojourn::study {
namespace {

using core::format_number;

std::string number(std::optional<double> value) { return format_number(value, 7); }

}  // namespace

std::string activity_table(const std::vector<records::Measurement>& rows) {
  core::Tsv table({"scan", "frame", "hours", "frame_start_s", "frame_duration_s", "tracer",
                   "region", "volume_ml", "activity_bq", "activity_dc_bq", "percent_id",
                   "percent_id_per_ml", "suv_mean", "suv_max", "suv_peak", "recovery", "noise_bq",
                   "detection_limit_bq"});
  for (const auto& r : rows) {
    table.add({std::to_string(r.scan), std::to_string(r.frame), number(r.hours),
               number(r.frame_start_s), number(r.frame_duration_s), r.tracer, r.region,
               number(r.volume_ml), number(r.activity_bq), number(r.activity_dc_bq),
               number(r.percent_id), number(r.percent_id_per_ml), number(r.suv_mean),
               number(r.suv_max), number(r.suv_peak), number(r.recovery), number(r.noise_bq),
               number(r.detection_limit_bq)});
  }
  return table.to_text();
}

std::string partial_volume_table(const std::vector<records::Measurement>& rows) {
  core::Tsv table({"scan", "frame", "region", "activity_uncorrected_bq", "activity_bq", "recovery",
                   "recovery_relative_sd"});
  for (const auto& r : rows) {
    if (!r.recovery) continue;
    table.add({std::to_string(r.scan), std::to_string(r.frame), r.region,
               number(r.activity_uncorrected_bq), number(r.activity_bq), number(r.recovery),
               number(r.recovery_relative_sd)});
  }
  return table.to_text();
}

std::string cell_table(const std::vector<records::CellEstimate>& rows) {
  core::Tsv table({"scan", "hours", "region", "cells", "cells_lo95", "cells_hi95", "cells_naive",
                   "detection_limit_cells", "probability_above_limit", "live_label_fraction",
                   "label_per_live_cell_bq", "expansion"});
  for (const auto& r : rows) {
    table.add({std::to_string(r.scan), number(r.hours), r.region, number(r.cells),
               number(r.cells_lo95), number(r.cells_hi95), number(r.cells_naive),
               number(r.detection_limit_cells), number(r.probability_above_limit),
               number(r.live_label_fraction), number(r.label_per_live_cell_bq),
               number(r.expansion)});
  }
  return table.to_text();
}

}  // namespace sojourn::study
