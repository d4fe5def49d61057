#include "sojourn/core/time.h"

#include <fmt/core.h>

#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>

namespace sojourn::core {
namespace {

constexpr double kDay_s = 86400.0;

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's days_from_civil).
std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m + (m > 2 ? -3U : 9U)) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

struct Civil {
  std::int64_t year;
  unsigned month, day;
};

Civil civil_from_days(std::int64_t z) {
  z += 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  const unsigned day = doy - (153 * mp + 2) / 5 + 1;
  const unsigned month = mp < 10 ? mp + 3 : mp - 9;
  return {static_cast<std::int64_t>(yoe) + era * 400 + (month <= 2), month, day};
}

/// Walks a text and takes numbers of fixed width and separators from it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  std::optional<int> digits(int n) {
    if (text_.size() < static_cast<std::size_t>(n)) return std::nullopt;
    int value = 0;
    for (int i = 0; i < n; ++i) {
      const char c = text_[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(static_cast<std::size_t>(n));
    return value;
  }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  double fraction() {
    double value = 0, place = 0.1;
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; text_.remove_prefix(1)) {
      value += place * (text_.front() - '0');
      place /= 10;
    }
    return value;
  }
  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] char front() const { return text_.empty() ? '\0' : text_.front(); }

 private:
  std::string_view text_;
};

std::optional<double> day_seconds(int year, int month, int day) {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > kDays[static_cast<std::size_t>(month - 1)]) {
    return std::nullopt;
  }
  const auto days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  const Civil back = civil_from_days(days);
  if (back.month != static_cast<unsigned>(month)) return std::nullopt;  // 29 February, common year
  return static_cast<double>(days) * kDay_s;
}

/// hh[sep mm[sep ss[.fff]]]; sep may be '\0' for the compact form.
std::optional<double> clock_seconds(Scanner& in, char separator) {
  const auto hour = in.digits(2);
  if (!hour || *hour > 23) return std::nullopt;
  double seconds = *hour * 3600.0;
  const auto more = [&] {
    return separator ? in.take(separator)
                     : std::isdigit(static_cast<unsigned char>(in.front())) != 0;
  };
  if (!more()) return seconds;
  const auto minute = in.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  seconds += *minute * 60.0;
  if (!more()) return seconds;
  const auto second = in.digits(2);
  if (!second || *second > 60) return std::nullopt;
  seconds += *second;
  if (in.take('.')) seconds += in.fraction();
  return seconds;
}

/// "Z", "+01:00", "+0100", or nothing at all. @return false where the text is no zone.
bool zone(Scanner& in, std::optional<int>& offset_min) {
  if (in.done()) return true;
  if (in.take('Z') || in.take('z')) {
    offset_min = 0;
    return in.done();
  }
  const int sign = in.front() == '-' ? -1 : 1;
  if (!in.take('+') && !in.take('-')) return false;
  const auto hours = in.digits(2);
  in.take(':');
  const auto minutes = in.digits(2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return false;
  offset_min = sign * (*hours * 60 + *minutes);
  return in.done();
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\0'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<ClockTime> parse_iso(std::string_view text) {
  Scanner in(trimmed(text));
  const auto year = in.digits(4);
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day || !(in.take('T') || in.take('t') || in.take(' '))) return std::nullopt;
  const auto date = day_seconds(*year, *month, *day);
  const auto clock = clock_seconds(in, ':');
  ClockTime result;
  if (!date || !clock || !zone(in, result.offset_min)) return std::nullopt;
  result.local_s = *date + *clock;
  return result;
}

std::optional<double> parse_dicom_date(std::string_view text) {
  text = trimmed(text);
  const bool dotted = text.size() == 10 && text[4] == '.';
  Scanner in(text);
  const auto year = in.digits(4);
  if (dotted) in.take('.');
  const auto month = in.digits(2);
  if (dotted) in.take('.');
  const auto day = in.digits(2);
  if (!year || !month || !day || !in.done()) return std::nullopt;
  return day_seconds(*year, *month, *day);
}

std::optional<double> parse_dicom_time(std::string_view text) {
  text = trimmed(text);
  Scanner in(text);
  const auto seconds = clock_seconds(in, text.size() > 2 && text[2] == ':' ? ':' : '\0');
  return seconds && in.done() ? seconds : std::nullopt;
}

std::optional<ClockTime> parse_dicom_datetime(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 10) return std::nullopt;
  const auto date = parse_dicom_date(text.substr(0, 8));
  Scanner in(text.substr(8));
  const auto clock = clock_seconds(in, '\0');
  ClockTime result;
  if (!date || !clock || !zone(in, result.offset_min)) return std::nullopt;
  result.local_s = *date + *clock;
  return result;
}

std::string format_iso(double utc_s) {
  const double rounded = std::round(utc_s * 1000.0) / 1000.0;
  const double day = std::floor(rounded / kDay_s);
  const Civil c = civil_from_days(static_cast<std::int64_t>(day));
  const auto ms = static_cast<std::int64_t>(std::llround((rounded - day * kDay_s) * 1000.0));
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", c.year, c.month, c.day,
                                 ms / 3600000, ms / 60000 % 60, ms / 1000 % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text + "Z";
}

namespace {

/// Whole microseconds, so that date and time are cut from the same moment: a moment just before
/// midnight rounds into the next day in both.
struct DayAndClock {
  std::int64_t day, us;
};

DayAndClock split_day(double local_s) {
  constexpr std::int64_t kDay_us = 86400000000;
  const std::int64_t total = std::llround(local_s * 1e6);
  std::int64_t day = total / kDay_us;
  if (total % kDay_us < 0) --day;
  return {day, total - day * kDay_us};
}

}  // namespace

std::string format_dicom_date(double local_s) {
  const Civil c = civil_from_days(split_day(local_s).day);
  return fmt::format("{:04}{:02}{:02}", c.year, c.month, c.day);
}

std::string format_dicom_time(double local_s) {
  const std::int64_t us = split_day(local_s).us;
  return fmt::format("{:02}{:02}{:02}.{:06}", us / 3600000000, us / 60000000 % 60,
                     us / 1000000 % 60, us % 1000000);
}

}  // namespace sojourn::core
