#include "sojourn/report/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sojourn/report/html.h"

namespace sojourn::report {
namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string given_number(double value) {
  std::string text = figures(value, 4);
  if (text.find("×") != std::string::npos || text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string time_text(double seconds) {
  if (!std::isfinite(seconds)) return "n/a";
  const double size = std::fabs(seconds);
  const auto in = [&](double unit, const char* name) {
    return hours_text(seconds / unit) + kUnitSpace + name;
  };
  if (size == 0) return std::string("0") + kUnitSpace + "h";
  if (size < 2 * kMinute) return in(1, "s");
  if (size < 2 * kHour && std::fmod(size, kHour) != 0) return in(kMinute, "min");
  return size < 3 * kDay ? in(kHour, "h") : in(kDay, "d");
}

ShownUnit prefixed_unit(double value, const std::string& unit) {
  constexpr std::array<std::pair<double, const char*>, 9> kPrefixes = {{{1e12, "T"},
                                                                        {1e9, "G"},
                                                                        {1e6, "M"},
                                                                        {1e3, "k"},
                                                                        {1, ""},
                                                                        {1e-3, "m"},
                                                                        {1e-6, "µ"},
                                                                        {1e-9, "n"},
                                                                        {1e-12, "p"}}};
  const double size = std::fabs(value);
  if (size == 0 || !std::isfinite(size)) return {1, unit};
  for (const auto& [factor, prefix] : kPrefixes) {
    if (size >= 0.9995 * factor) return {factor, prefix + unit};
  }
  return {1e-15, "f" + unit};
}

std::string with_prefix(double value, const std::string& unit, int digits) {
  if (!std::isfinite(value)) return "n/a";
  const ShownUnit shown = prefixed_unit(value, unit);
  return figures(value / shown.size, digits) + kUnitSpace + shown.name;
}

std::string cell_count(double cells) {
  if (std::isnan(cells) || cells < 0) return "n/a";
  if (std::isinf(cells)) return "∞";
  if (cells > 1e12) return "> 10¹²";
  if (cells < 1) return "< 1";
  const std::string text = fmt::format("{:.1e}", cells);  // "4.3e+07"
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  if (exponent < 7) return figures(cells, 2);
  return text.substr(0, text.find('e')) + "\u202F×\u202F" + power_of_ten(exponent);
}

ShownUnit signal_unit(const std::string& unit, double largest) {
  if (unit == "Bq") return prefixed_unit(largest, "Bq");
  if (unit == "g") {
    ShownUnit shown = prefixed_unit(largest, "g");
    return {shown.size, shown.name + " of iron"};
  }
  if (unit == "19F atoms") return {1, "¹⁹F atoms"};
  return {1, unit == "1/s" ? "photons/s" : unit};
}

std::string signal_text(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "n/a";
  const ShownUnit shown = signal_unit(unit, value);
  if (shown.size == 1e-15 && value < 1e-15) return "< 1" + std::string(kUnitSpace) + shown.name;
  return figures(value / shown.size, 2) + kUnitSpace + shown.name;
}

std::string nuclide_html(const std::string& nuclide) {
  const auto dash = nuclide.find('-');
  std::string symbol = nuclide.substr(0, dash);
  std::string mass = dash == std::string::npos ? "" : nuclide.substr(dash + 1);
  const bool metastable = !mass.empty() && mass.back() == 'm';
  const std::string digits = mass.substr(0, mass.size() - (metastable ? 1 : 0));
  const bool plain = !digits.empty() && digits.size() < 4 &&
                     std::all_of(digits.begin(), digits.end(), is_digit) && !symbol.empty() &&
                     symbol.size() < 3 && is_upper(symbol.front()) &&
                     (symbol.size() == 1 || is_lower(symbol.back()));
  return plain ? "<sup>" + mass + "</sup>" + symbol : html_escape(nuclide);
}

std::string spaced(std::string id) {
  std::replace(id.begin(), id.end(), '-', ' ');
  return id;
}

std::string listed(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " and " : ", ";
    out += parts[i];
  }
  return out;
}

std::string counted(std::size_t n, const std::string& noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string basis_mark(records::Basis basis) {
  const std::string name = records::name_of(basis);
  return fmt::format(R"(<sup class="basis"><abbr title="{}">{}</abbr></sup>)", name, name.front());
}

std::string no_number() { return R"(<td class="na">n/a</td>)"; }

std::string number_cell(double value, const std::string& shown, const std::string& after) {
  if (std::isnan(value)) return no_number();
  const std::string data =
      std::isfinite(value) ? fmt::format(R"( data-value="{:.9g}")", value) : "";
  return "<td" + data + ">" + shown + after + "</td>";
}

const records::PlanPoint* point_at(const records::MethodPlan& method, double time_s) {
  for (const auto& point : method.points) {
    if (std::fabs(point.time_s - time_s) <= 0.5) return &point;
  }
  return nullptr;
}

PlanView::PlanView(const records::PlanResult& result) : plan(result) {
  for (const auto& method : plan.methods) {
    (method.feasible() ? feasible : excluded).push_back(&method);
  }
  for (const auto& [key, text] : plan.references) number_of.emplace(key, number_of.size() + 1);
}

std::string PlanView::cite(const std::vector<std::string>& keys) const {
  std::vector<std::pair<std::size_t, std::string>> shown;
  for (const auto& key : keys) {
    const auto at = number_of.find(key);
    const std::size_t n = at == number_of.end() ? 0 : at->second;
    shown.emplace_back(n,
                       n == 0 ? html_escape(key) : fmt::format(R"(<a href="#ref-{0}">{0}</a>)", n));
  }
  std::sort(shown.begin(), shown.end());
  shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
  std::string out;
  for (const auto& [n, text] : shown) out += (out.empty() ? "" : ", ") + text;
  return out.empty() ? out : "[" + out + "]";
}

}  // namespace sojourn::report
