#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"

namespace sojourn::core {
namespace {

/// Feeds the parser and counts lines on the way, so that values know where they stand.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  CountingIterator(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  int* line_;
};

/// A table is searched name by name: more would be slow, and no header or sidecar has as many.
constexpr std::size_t kMostMembers = 10000;

/// Builds the Tree from the parser's events.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(const std::string& source, const int* line) : source_(source), line_(line) {}
  bool null() override { return put(Tree()); }
  bool boolean(bool value) override { return put(Tree(value)); }
  bool number_integer(number_integer_t value) override { return put(Tree(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX))
      return put(Tree(static_cast<double>(value)));
    return put(Tree(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return put(Tree(value)); }
  bool string(string_t& value) override { return put(Tree(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Tree::table()); }
  bool key(string_t& value) override {
    keys_.back() = value;
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Tree::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    refuse("{}:{}: not valid JSON; correct this line", source_, *line_);
  }
  Tree take() { return std::move(root_); }

 private:
  bool put(Tree value) {
    if (value.line() == 0) value.set_line(*line_);
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().kind() == Tree::Kind::array) {
      open_.back().push(std::move(value));
    } else {
      if (open_.back().members().size() >= kMostMembers) {
        refuse("{}:{}: over {} names in one object", source_, *line_, kMostMembers);
      }
      open_.back().set(keys_.back(), std::move(value));
    }
    return true;
  }
  bool open(Tree container) {
    if (open_.size() >= 100) refuse("{}:{}: nested over 100 deep", source_, *line_);
    container.set_line(*line_);
    open_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Tree done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(done));
  }

  const std::string& source_;
  const int* line_;
  Tree root_;
  std::vector<Tree> open_;
  std::vector<std::string> keys_;
};

nlohmann::ordered_json plain(const Tree& value) {
  switch (value.kind()) {
    case Tree::Kind::null:
      return nullptr;
    case Tree::Kind::boolean:
      return value.boolean();
    case Tree::Kind::integer:
      return value.integer();
    case Tree::Kind::real:
      return value.number();
    case Tree::Kind::string:
      return value.text();
    case Tree::Kind::datetime:
      return format_iso(value.clock().utc_s());
    case Tree::Kind::array: {
      auto array = nlohmann::ordered_json::array();
      for (const auto& item : value.items()) array.push_back(plain(item));
      return array;
    }
    case Tree::Kind::table: {
      auto object = nlohmann::ordered_json::object();
      for (const auto& [key, item] : value.members()) object[key] = plain(item);
      return object;
    }
  }
  return nullptr;
}

}  // namespace

Tree parse_json(std::string_view text, const std::string& source) {
  constexpr std::size_t kLimit = std::size_t{64} << 20;
  if (text.size() > kLimit) refuse("{}: over 64 MiB of JSON", source);
  int line = 1;
  Builder builder(source, &line);
  const char* end = text.data() + text.size();
  if (!nlohmann::json::sax_parse(CountingIterator(text.data(), &line), CountingIterator(end, &line),
                                 &builder)) {
    refuse("{}:{}: not valid JSON; correct this line", source, line);
  }
  return builder.take();
}

std::string to_json(const Tree& value) {
  // Text that is not UTF-8 (a header may hold anything) is replaced, never an exception.
  return plain(value).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sojourn::core
