#include "sojourn/core/table_reader.h"

#include <algorithm>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"

namespace sojourn::core {
namespace {

bool is_text(const Tree& v) { return v.kind() == Tree::Kind::string; }
bool is_number(const Tree& v) { return v.is_number(); }
bool is_integer(const Tree& v) { return v.kind() == Tree::Kind::integer; }
bool is_boolean(const Tree& v) { return v.kind() == Tree::Kind::boolean; }
bool is_table(const Tree& v) { return v.kind() == Tree::Kind::table; }
bool is_array(const Tree& v) { return v.kind() == Tree::Kind::array; }
bool is_moment(const Tree& v) { return v.kind() == Tree::Kind::datetime || is_text(v); }

}  // namespace

TableReader::TableReader(const Tree& table, std::string source, std::string path)
    : table_(&table), source_(std::move(source)), path_(std::move(path)) {
  if (table.kind() != Tree::Kind::table) {
    refuse("{}:{}: {} must be a table, not {}", source_, table.line(),
           path_.empty() ? "the document" : path_, table.kind_name());
  }
}

std::string TableReader::field(const std::string& key) const {
  return path_.empty() ? key : path_ + "." + key;
}

std::string TableReader::where(const std::string& key) const {
  const Tree* value = table_->find(key);
  const int line = value != nullptr && value->line() > 0 ? value->line() : table_->line();
  return fmt::format("{}:{}: {}", source_, std::max(line, 1), field(key));
}

void TableReader::fail(const std::string& key, const std::string& message) const {
  throw Error(ErrorCode::bad_input, where(key) + ": " + message);
}

void TableReader::fail_missing(const std::string& key) const {
  fail(key, "missing; add this field");
}

const Tree* TableReader::raw(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  const Tree* value = table_->find(key);
  return value != nullptr && value->is_null() ? nullptr : value;
}

const Tree* TableReader::find_of(const std::string& key, bool (*fits)(const Tree&),
                                 const char* wanted) {
  const Tree* value = raw(key);
  if (value != nullptr && !fits(*value)) {
    fail(key, fmt::format("must be {}, not {}", wanted, value->kind_name()));
  }
  return value;
}

bool TableReader::has(const std::string& key) { return raw(key) != nullptr; }

std::optional<std::string> TableReader::text(const std::string& key) {
  const Tree* value = find_of(key, is_text, "a string in quotes");
  return value ? std::optional(value->text()) : std::nullopt;
}

std::optional<double> TableReader::number(const std::string& key) {
  const Tree* value = find_of(key, is_number, "a number");
  return value ? std::optional(value->number()) : std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(const std::string& key) {
  const Tree* value = find_of(key, is_integer, "a whole number");
  return value ? std::optional(value->integer()) : std::nullopt;
}

std::optional<bool> TableReader::boolean(const std::string& key) {
  const Tree* value = find_of(key, is_boolean, "true or false");
  return value ? std::optional(value->boolean()) : std::nullopt;
}

std::optional<ClockTime> TableReader::datetime(const std::string& key) {
  const Tree* value = find_of(key, is_moment, "a date and time, as 2026-03-02T10:15:00Z");
  if (!value) return std::nullopt;
  if (value->kind() == Tree::Kind::datetime) return value->clock();
  const auto clock = parse_iso(value->text());
  if (!clock) {
    fail(key, fmt::format("\"{}\" is no date and time; write it as 2026-03-02T10:15:00Z",
                          value->text()));
  }
  return clock;
}

std::optional<std::string> TableReader::choice(const std::string& key,
                                               std::span<const std::string> known) {
  auto word = text(key);
  if (word && std::find(known.begin(), known.end(), *word) == known.end()) {
    fail(key, fmt::format("\"{}\" is not known{}", *word, suggestion(*word, known)));
  }
  return word;
}

std::vector<std::string> TableReader::texts(const std::string& key) {
  const Tree* value = find_of(
      key, [](const Tree& v) { return is_text(v) || is_array(v); },
      "a string or an array of strings");
  if (!value) return {};
  if (is_text(*value)) return {value->text()};
  std::vector<std::string> all;
  for (const auto& item : value->items()) {
    if (!is_text(item)) fail(key, fmt::format("must hold strings only, not {}", item.kind_name()));
    all.push_back(item.text());
  }
  return all;
}

std::vector<double> TableReader::numbers(const std::string& key) {
  const Tree* value = find_of(
      key, [](const Tree& v) { return is_number(v) || is_array(v); },
      "a number or an array of numbers");
  if (!value) return {};
  if (value->is_number()) return {value->number()};
  std::vector<double> all;
  for (const auto& item : value->items()) {
    if (!item.is_number())
      fail(key, fmt::format("must hold numbers only, not {}", item.kind_name()));
    all.push_back(item.number());
  }
  return all;
}

std::optional<TableReader> TableReader::table(const std::string& key) {
  const Tree* value = find_of(key, is_table, "a table");
  if (!value) return std::nullopt;
  return TableReader(*value, source_, field(key));
}

std::vector<TableReader> TableReader::tables(const std::string& key) {
  const Tree* value = raw(key);
  std::vector<TableReader> all;
  if (!value) return all;
  if (!is_array(*value)) {
    fail(key, fmt::format("must be written as [[{}]] (one block for each), not {}", field(key),
                          value->kind_name()));
  }
  for (const auto& item : value->items()) {
    all.emplace_back(item, source_, fmt::format("{}[{}]", field(key), all.size() + 1));
  }
  return all;
}

void TableReader::finish() const {
  for (const auto& [key, value] : table_->members()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      fail(key, "unknown field" + suggestion(key, known_));
    }
  }
}

}  // namespace sojourn::core
