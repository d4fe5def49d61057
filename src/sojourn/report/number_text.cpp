#include "sojourn/report/number_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace sojourn::report {
namespace {

constexpr std::string_view kMinus = "\xE2\x88\x92";        // U+2212
constexpr std::string_view kNarrowSpace = "\xE2\x80\xAF";  // U+202F

std::string grouped(const std::string& digits) {
  const auto whole = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < whole; ++i) {
    if (i > 0 && (whole - i) % 3 == 0 && whole > 4) out += kNarrowSpace;
    out += digits[i];
  }
  return out + digits.substr(whole);
}

}  // namespace

std::string power_of_ten(int exponent) {
  constexpr std::array<std::string_view, 10> kRaised = {"⁰", "¹", "²", "³", "⁴",
                                                        "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = "10";
  for (const char c : fmt::format("{}", exponent)) {
    out += c == '-' ? std::string_view("⁻") : kRaised[static_cast<std::size_t>(c - '0')];
  }
  return out;
}

std::string figures(double value, int digits) {
  if (!std::isfinite(value)) return "n/a";
  if (value == 0) return "0";
  const std::string sign(value < 0 ? kMinus : std::string_view());
  // Round first: 999.6 to three figures is 1000, whose exponent is another.
  const std::string scientific = fmt::format("{:.{}e}", std::fabs(value), digits - 1);
  const auto e = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(e + 1));
  if (exponent < -3 || exponent >= 9) {
    return sign + scientific.substr(0, e) + "\xE2\x80\xAF×\xE2\x80\xAF" + power_of_ten(exponent);
  }
  const int decimals = std::max(0, digits - 1 - exponent);
  double rounded = 0;  // from_chars: the point stays a point in every locale
  std::from_chars(scientific.data(), scientific.data() + scientific.size(), rounded);
  return sign + grouped(fmt::format("{:.{}f}", rounded, decimals));
}

std::string figures(const std::optional<double>& value, int digits) {
  return value ? figures(*value, digits) : "n/a";
}

std::string hours_text(double hours) {
  if (!std::isfinite(hours) || std::fabs(hours) < 1) return figures(hours);
  std::string text = fmt::format("{:.{}f}", std::fabs(hours), std::fabs(hours) < 10 ? 2 : 1);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return std::string(hours < 0 ? kMinus : std::string_view()) + text;
}

ShownUnit activity_unit(double largest_bq) {
  if (largest_bq >= 2e9) return {1e9, "GBq"};
  if (largest_bq >= 2e6) return {1e6, "MBq"};
  if (largest_bq >= 2e3) return {1e3, "kBq"};
  return {1, "Bq"};
}

}  // namespace sojourn::report
