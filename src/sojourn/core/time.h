#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sojourn::core {

/// A clock reading with or without a time zone, as files hold it.
struct ClockTime {
  double local_s = 0;             ///< seconds since 1970-01-01T00:00:00 on that clock
  std::optional<int> offset_min;  ///< minutes east of UTC, when the file states it

  /// Seconds since 1970 in UTC; `zone_min` stands in where the file is silent.
  [[nodiscard]] double utc_s(int zone_min = 0) const {
    return local_s - 60.0 * offset_min.value_or(zone_min);
  }
};

/// Reads "2026-03-02T10:15:00.5Z", "2026-03-02 10:15+01:00" or without a zone.
/// @return nothing where the text is no date with time.
[[nodiscard]] std::optional<ClockTime> parse_iso(std::string_view text);

/// Reads DICOM DA ("20260302"; the old "2026.03.02" too). @return seconds since 1970 at midnight.
[[nodiscard]] std::optional<double> parse_dicom_date(std::string_view text);

/// Reads DICOM TM ("101500.25", "1015", the old "10:15:00"). @return seconds since midnight.
[[nodiscard]] std::optional<double> parse_dicom_time(std::string_view text);

/// Reads DICOM DT ("20260302101500.25+0100"). @return nothing unless date and hour are there.
[[nodiscard]] std::optional<ClockTime> parse_dicom_datetime(std::string_view text);

/// "2026-03-02T10:15:00Z", with milliseconds where they are not zero.
[[nodiscard]] std::string format_iso(double utc_s);

/// "20260302" and "101500.000000" of a clock reading, for DICOM DA and TM.
[[nodiscard]] std::string format_dicom_date(double local_s);
[[nodiscard]] std::string format_dicom_time(double local_s);

}  // namespace sojourn::core
