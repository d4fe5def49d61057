#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sojourn/core/time.h"

namespace sojourn::core {

/// A value of a TOML or JSON document, with the line it stands on. Also what JSON outputs are built
/// from.
class Tree {
 public:
  enum class Kind { null, boolean, integer, real, string, datetime, array, table };
  using Member = std::pair<std::string, Tree>;

  Tree() = default;
  Tree(bool value) : kind_(Kind::boolean), integer_(value) {}          // NOLINT: a JSON value
  Tree(int value) : kind_(Kind::integer), integer_(value) {}           // NOLINT
  Tree(std::int64_t value) : kind_(Kind::integer), integer_(value) {}  // NOLINT
  Tree(std::size_t value) : Tree(static_cast<std::int64_t>(value)) {}  // NOLINT
  /// Not finite becomes null: JSON has no NaN.
  Tree(double value);                                                        // NOLINT
  Tree(std::string value) : kind_(Kind::string), text_(std::move(value)) {}  // NOLINT
  Tree(std::string_view value) : Tree(std::string(value)) {}                 // NOLINT
  Tree(const char* value) : Tree(std::string(value)) {}                      // NOLINT
  template <typename T>
  Tree(const std::optional<T>& value) {
    if (value) *this = Tree(*value);
  }  // NOLINT
  static Tree array() {
    Tree t;
    t.kind_ = Kind::array;
    return t;
  }
  static Tree table() {
    Tree t;
    t.kind_ = Kind::table;
    return t;
  }
  static Tree datetime(ClockTime value) {
    Tree t;
    t.kind_ = Kind::datetime;
    t.clock_ = value;
    return t;
  }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_null() const { return kind_ == Kind::null; }
  [[nodiscard]] bool is_number() const { return kind_ == Kind::integer || kind_ == Kind::real; }
  /// 1-based line in the document; 0 for values made by a program.
  [[nodiscard]] int line() const { return line_; }
  void set_line(int line) { line_ = line; }

  /// Typed access; the kind must fit (SOJOURN_EXPECT). number() takes integers too.
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] ClockTime clock() const;
  [[nodiscard]] const std::vector<Tree>& items() const;
  [[nodiscard]] const std::vector<Member>& members() const;

  /// Member of a table, or nullptr.
  [[nodiscard]] const Tree* find(std::string_view key) const;
  /// Adds or replaces a member; a null Tree becomes a table first.
  Tree& set(std::string key, Tree value);
  /// Appends to an array; a null Tree becomes an array first.
  Tree& push(Tree value);

  /// "a string", "a table"… for messages.
  [[nodiscard]] std::string kind_name() const;

 private:
  Kind kind_ = Kind::null;
  int line_ = 0;
  std::int64_t integer_ = 0;
  double real_ = 0;
  ClockTime clock_;
  std::string text_;
  std::vector<Tree> items_;
  std::vector<Member> members_;
};

/// Parses TOML. @param source name for messages ("study.toml").
/// @throws Error(bad_input) "study.toml:12: …".
[[nodiscard]] Tree parse_toml(std::string_view text, const std::string& source);

/// Parses JSON (nesting up to 100). @throws Error(bad_input) as parse_toml.
[[nodiscard]] Tree parse_json(std::string_view text, const std::string& source);

/// Indented JSON with a final newline; datetimes become ISO strings.
[[nodiscard]] std::string to_json(const Tree& value);

}  // namespace sojourn::core
