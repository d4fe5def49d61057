#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sojourn/core/tree.h"

namespace sojourn::core {

/// Reads the fields of one table (of a study file, a catalogue row, a sidecar) and remembers which
/// names it was asked for, so that finish() can refuse what nobody knows and propose the nearest
/// name. Every error names "file:line: path.field".
class TableReader {
 public:
  /// @param source file name for messages; @param path "subject", "scan[2]"; empty at the top.
  TableReader(const Tree& table, std::string source, std::string path = "");

  [[nodiscard]] bool has(const std::string& key);
  [[nodiscard]] std::optional<std::string> text(const std::string& key);
  [[nodiscard]] std::optional<double> number(const std::string& key);
  [[nodiscard]] std::optional<std::int64_t> integer(const std::string& key);
  [[nodiscard]] std::optional<bool> boolean(const std::string& key);
  [[nodiscard]] std::optional<ClockTime> datetime(const std::string& key);
  /// A word out of a list; an unknown one is refused with the nearest.
  [[nodiscard]] std::optional<std::string> choice(const std::string& key,
                                                  std::span<const std::string> known);
  [[nodiscard]] std::vector<std::string> texts(
      const std::string& key);  ///< string or array of strings
  [[nodiscard]] std::vector<double> numbers(
      const std::string& key);  ///< number or array of numbers
  [[nodiscard]] std::optional<TableReader> table(const std::string& key);
  [[nodiscard]] std::vector<TableReader> tables(const std::string& key);  ///< [[key]]
  /// The raw value, for fields of several forms; nullptr where absent.
  [[nodiscard]] const Tree* raw(const std::string& key);
  /// Keys and values of a table whose names are free (region labels).
  [[nodiscard]] const std::vector<Tree::Member>& members() const { return table_->members(); }

  /// Unwraps a value that must be there: `need(in.text("id"), "id")`.
  template <typename T>
  [[nodiscard]] T need(std::optional<T> value, const std::string& key) const {
    if (!value) fail_missing(key);
    return *std::move(value);
  }

  /// Refuses keys that nobody asked for.
  void finish() const;

  /// Throws Error(bad_input) "source:line: path.key: message".
  [[noreturn]] void fail(const std::string& key, const std::string& message) const;
  /// "study.toml:12: scan[1].image", for messages about its value.
  [[nodiscard]] std::string where(const std::string& key) const;
  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] int line() const { return table_->line(); }

 private:
  [[noreturn]] void fail_missing(const std::string& key) const;
  const Tree* find_of(const std::string& key, bool (*fits)(const Tree&), const char* wanted);
  [[nodiscard]] std::string field(const std::string& key) const;

  const Tree* table_;
  std::string source_, path_;
  std::vector<std::string> known_;
};

}  // namespace sojourn::core
