#include "sojourn/core/tree.h"

#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::core {

Tree::Tree(double value) {
  if (!std::isfinite(value)) return;
  kind_ = Kind::real;
  real_ = value;
}

bool Tree::boolean() const {
  SOJOURN_EXPECT(kind_ == Kind::boolean);
  return integer_ != 0;
}

std::int64_t Tree::integer() const {
  SOJOURN_EXPECT(kind_ == Kind::integer);
  return integer_;
}

double Tree::number() const {
  SOJOURN_EXPECT(is_number());
  return kind_ == Kind::integer ? static_cast<double>(integer_) : real_;
}

const std::string& Tree::text() const {
  SOJOURN_EXPECT(kind_ == Kind::string);
  return text_;
}

ClockTime Tree::clock() const {
  SOJOURN_EXPECT(kind_ == Kind::datetime);
  return clock_;
}

const std::vector<Tree>& Tree::items() const {
  SOJOURN_EXPECT(kind_ == Kind::array);
  return items_;
}

const std::vector<Tree::Member>& Tree::members() const {
  SOJOURN_EXPECT(kind_ == Kind::table);
  return members_;
}

const Tree* Tree::find(std::string_view key) const {
  SOJOURN_EXPECT(kind_ == Kind::table);
  for (const auto& [name, value] : members_) {
    if (name == key) return &value;
  }
  return nullptr;
}

Tree& Tree::set(std::string key, Tree value) {
  if (kind_ == Kind::null) kind_ = Kind::table;
  SOJOURN_EXPECT(kind_ == Kind::table);
  for (auto& [name, old] : members_) {
    if (name == key) {
      old = std::move(value);
      return *this;
    }
  }
  members_.emplace_back(std::move(key), std::move(value));
  return *this;
}

Tree& Tree::push(Tree value) {
  if (kind_ == Kind::null) kind_ = Kind::array;
  SOJOURN_EXPECT(kind_ == Kind::array);
  items_.push_back(std::move(value));
  return *this;
}

std::string Tree::kind_name() const {
  switch (kind_) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
      return "an integer";
    case Kind::real:
      return "a number";
    case Kind::string:
      return "a string";
    case Kind::datetime:
      return "a date and time";
    case Kind::array:
      return "an array";
    case Kind::table:
      return "a table";
  }
  return "a value";
}

}  // namespace sojourn::core
