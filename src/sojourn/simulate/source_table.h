#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/subject/subject.h"

namespace sojourn::simulate {

/// Activity of organs over time, corrected for decay to time 0 (Bq at time 0), as `fate` reckons
/// it; straight between the times.
struct SourceTable {
  std::vector<double> times_s;          ///< ascending
  std::vector<std::string> organs;      ///< ids of the subject's organs
  std::vector<std::vector<double>> bq;  ///< [organ][time], >= 0
};

/// Reads columns `hours`, `organ`, `activity_dc_bq`: one row per time and organ, all organs at all
/// times. @throws Error(bad_input) "file:line: …".
[[nodiscard]] SourceTable parse_source_table(std::string_view tsv, const std::string& source);
/// @throws Error(bad_value) for sizes that differ, times that do not ascend, negative activity.
void check(const SourceTable& table);

/// Mean activity of each organ of the subject over a frame, Bq, with decay: the exact mean of
/// (a + b t) exp(-lambda t) over the pieces between the table's times.
/// @param half_life_s 0: no decay.
/// @return one value for each organ of the subject.
/// @throws Error(bad_input) for a frame outside the table, or an organ that the subject lacks.
[[nodiscard]] std::vector<double> frame_activity(const SourceTable& table,
                                                 const subject::Subject& subject, double start_s,
                                                 double duration_s, double half_life_s);

}  // namespace sojourn::simulate
