#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A strict reader of the report's page, for tests.
namespace sojourn::test {

struct Token {
  enum class Kind { start, end, text } kind = Kind::text;
  std::string name;                               ///< of the element
  std::map<std::string, std::string> attributes;  ///< entities resolved
  std::string text;                               ///< entities resolved
};

/// The page as tokens; `problem` says where it is not well-formed: tags that do not nest,
/// attributes without quotes, a bare & or <, an attribute twice, bytes that are no UTF-8 or that
/// XML forbids.
struct Page {
  std::vector<Token> tokens;
  std::optional<std::string> problem;
};
[[nodiscard]] Page parse_page(std::string_view html);

/// A row of a table as it is shown.
struct TableRow {
  std::vector<std::string> cells;
  std::vector<std::optional<std::string>> values;  ///< data-value of each cell
};
struct Table {
  std::vector<std::string> head;
  std::vector<TableRow> rows;  ///< without the lines that name a scan
};
/// Tables with a <thead>, in the order of the page.
[[nodiscard]] std::vector<Table> tables_of(const Page& page);

/// "−1 240 × 10³" as a number; nothing for "n/a".
[[nodiscard]] std::optional<double> shown_number(std::string text);

/// The first coordinate or value of a shape that is not finite; empty where all are.
[[nodiscard]] std::string non_finite_shape(const Page& page);

}  // namespace sojourn::test
