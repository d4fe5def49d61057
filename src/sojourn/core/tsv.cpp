#include "sojourn/core/tsv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"

namespace sojourn::core {
namespace {

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> cells;
  for (;;) {
    const auto tab = line.find('\t');
    cells.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return cells;
    line.remove_prefix(tab + 1);
  }
}

void append_joined(std::string& text, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) text += '\t';
    text += cells[i];
  }
  text += '\n';
}

}  // namespace

std::optional<std::size_t> Tsv::find(std::string_view column) const {
  const auto at = std::find(columns_.begin(), columns_.end(), column);
  if (at == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns_.begin());
}

const std::string& Tsv::at(std::size_t row, std::string_view column) const {
  const auto index = find(column);
  if (!index) refuse("{}: no column \"{}\"{}", source_, column, suggestion(column, columns_));
  SOJOURN_EXPECT(row < rows_.size());
  return rows_[row][*index];
}

std::optional<double> Tsv::number(std::size_t row, std::string_view column) const {
  const std::string& text = at(row, column);
  if (text == "n/a" || text.empty()) return std::nullopt;
  const auto value = parse_number(text);
  if (!value) {
    refuse("{}: {}: \"{}\" is no number; write digits with a decimal point, or n/a", where(row),
           column, text);
  }
  return value;
}

std::string Tsv::where(std::size_t row) const {
  return row < lines_.size() ? fmt::format("{}:{}", source_, lines_[row]) : source_;
}

void Tsv::add(std::vector<std::string> cells) {
  SOJOURN_EXPECT(cells.size() == columns_.size());
  for (auto& cell : cells) {
    std::replace_if(
        cell.begin(), cell.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  }
  rows_.push_back(std::move(cells));
}

std::string Tsv::to_text() const {
  std::string text;
  append_joined(text, columns_);
  for (const auto& row : rows_) append_joined(text, row);
  return text;
}

Tsv Tsv::parse(std::string_view text, const std::string& source) {
  Tsv table;
  table.source_ = source;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto cells = split(line);
    if (table.columns_.empty()) {
      table.columns_ = std::move(cells);
      continue;
    }
    if (cells.size() != table.columns_.size()) {
      refuse("{}:{}: {} cells where the header names {} columns; separate cells by one tab", source,
             number, cells.size(), table.columns_.size());
    }
    table.rows_.push_back(std::move(cells));
    table.lines_.push_back(number);
  }
  if (table.columns_.empty()) refuse("{}: empty table; the first line names the columns", source);
  return table;
}

std::string format_number(std::optional<double> value, int digits) {
  if (!value || !std::isfinite(*value)) return "n/a";
  if (*value == 0) return "0";  // no "-0"
  return fmt::format("{:.{}g}", *value, digits);
}

std::optional<double> parse_number(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace sojourn::core
