#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::core {

/// A table of texts with named columns, as BIDS has it: tab-separated, "n/a" for missing.
class Tsv {
 public:
  Tsv() = default;
  explicit Tsv(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
  /// Cell by row and column. @throws Error(bad_input) naming the missing column and the nearest
  /// one.
  [[nodiscard]] const std::string& at(std::size_t row, std::string_view column) const;
  /// As a finite number, nothing for "n/a". @throws Error(bad_input) "file:line: column: …".
  [[nodiscard]] std::optional<double> number(std::size_t row, std::string_view column) const;
  /// "growth.tsv:3" for messages.
  [[nodiscard]] std::string where(std::size_t row) const;

  /// Appends a row; sizes must match; tabs and line ends in cells become blanks.
  void add(std::vector<std::string> cells);
  [[nodiscard]] std::string to_text() const;

  /// Reads a table; lines that start with '#' are comments. Rows of another width are refused.
  static Tsv parse(std::string_view text, const std::string& source);

 private:
  std::string source_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<int> lines_;
};

/// Up to `digits` significant figures, "n/a" where missing or not finite.
[[nodiscard]] std::string format_number(std::optional<double> value, int digits = 7);

/// A whole text as a finite decimal number, independent of the locale.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace sojourn::core
