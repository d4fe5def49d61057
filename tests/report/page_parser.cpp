#include "report/page_parser.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "sojourn/core/tsv.h"
#include "sojourn/report/html.h"

namespace sojourn::test {
namespace {

struct Problem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string resolved(std::string_view raw) {
  static const std::map<std::string, std::string, std::less<>> kEntities = {
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
  std::string out;
  while (!raw.empty()) {
    if (raw.front() == '<' || raw.front() == '"') throw Problem("a bare < or \" in text");
    if (raw.front() != '&') {
      out += raw.front();
      raw.remove_prefix(1);
      continue;
    }
    const auto end = raw.find(';');
    const auto at =
        end == std::string_view::npos ? kEntities.end() : kEntities.find(raw.substr(0, end + 1));
    if (at == kEntities.end()) throw Problem("a bare &");
    out += at->second;
    raw.remove_prefix(end + 1);
  }
  return out;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == ':';
}

class Parser {
 public:
  explicit Parser(std::string_view html) : rest_(html) {}

  std::vector<Token> run() {
    if (report::clean_utf8(rest_.substr(0, rest_.size() - 1)) != without_line_ends()) {
      throw Problem("bytes that no page may hold");
    }
    take("<!DOCTYPE html>\n");
    while (!rest_.empty()) {
      if (rest_.front() == '<') {
        tag();
      } else {
        const auto end = std::min(rest_.find('<'), rest_.size());
        tokens_.push_back({Token::Kind::text, {}, {}, resolved(rest_.substr(0, end))});
        rest_.remove_prefix(end);
      }
    }
    if (!open_.empty()) throw Problem("<" + open_.back() + "> stays open");
    return std::move(tokens_);
  }

 private:
  std::string without_line_ends() const {
    std::string text(rest_.substr(0, rest_.size() - 1));
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }
  void take(std::string_view expected) {
    if (rest_.substr(0, expected.size()) != expected) {
      throw Problem(fmt::format("expected {} at {}", expected, rest_.substr(0, 60)));
    }
    rest_.remove_prefix(expected.size());
  }
  std::string name() {
    std::size_t n = 0;
    while (n < rest_.size() && is_name(rest_[n])) ++n;
    if (n == 0) throw Problem(fmt::format("no name at {}", rest_.substr(0, 60)));
    const std::string out(rest_.substr(0, n));
    rest_.remove_prefix(n);
    return out;
  }
  void tag() {
    take("<");
    if (rest_.front() == '/') {
      take("/");
      const std::string closed = name();
      take(">");
      if (open_.empty() || open_.back() != closed)
        throw Problem("</" + closed + "> closes nothing");
      open_.pop_back();
      tokens_.push_back({Token::Kind::end, closed, {}, {}});
      return;
    }
    Token token{Token::Kind::start, name(), {}, {}};
    while (rest_.front() == ' ') {
      while (rest_.front() == ' ') take(" ");
      if (rest_.front() == '/' || rest_.front() == '>') break;
      const std::string attribute = name();
      take("=\"");
      const auto end = rest_.find('"');
      if (!token.attributes.emplace(attribute, resolved(rest_.substr(0, end))).second) {
        throw Problem("twice: " + attribute);
      }
      rest_.remove_prefix(end + 1);
    }
    const bool empty = rest_.front() == '/';
    if (empty) take("/");
    take(">");
    tokens_.push_back(token);
    if (token.name == "style" || token.name == "script") {
      const auto end = rest_.find("</" + token.name + ">");
      tokens_.push_back({Token::Kind::text, token.name, {}, std::string(rest_.substr(0, end))});
      rest_.remove_prefix(end);
    }
    if (empty) {
      tokens_.push_back({Token::Kind::end, token.name, {}, {}});
    } else {
      open_.push_back(token.name);
    }
  }

  std::string_view rest_;
  std::vector<Token> tokens_;
  std::vector<std::string> open_;
};

}  // namespace

Page parse_page(std::string_view html) {
  try {
    return {Parser(html).run(), std::nullopt};
  } catch (const Problem& problem) {
    return {{}, problem.what()};
  }
}

std::vector<Table> tables_of(const Page& page) {
  std::vector<Table> tables;
  bool in_head = false, in_table = false, in_cell = false;
  for (const Token& t : page.tokens) {
    const bool start = t.kind == Token::Kind::start, cell = t.name == "td" || t.name == "th";
    if (t.name == "thead") {
      in_head = start;
      if (start) tables.emplace_back();
      in_table = true;
    }
    if (t.name == "table" && !start) in_table = false;
    if (!in_table) continue;
    if (start && t.name == "tr" && !in_head) tables.back().rows.emplace_back();
    if (t.name == "tr" && t.kind == Token::Kind::end && !in_head &&
        tables.back().rows.back().cells.size() < 2) {
      tables.back().rows.pop_back();  // a line that names a scan
    }
    if (cell) in_cell = start;
    if (cell && start && in_head) tables.back().head.emplace_back();
    if (cell && start && !in_head) {
      const auto value = t.attributes.find("data-value");
      tables.back().rows.back().cells.emplace_back();
      tables.back().rows.back().values.push_back(
          value == t.attributes.end() ? std::nullopt : std::optional(value->second));
    }
    if (in_cell && t.kind == Token::Kind::text) {
      (in_head ? tables.back().head.back() : tables.back().rows.back().cells.back()) += t.text;
    }
  }
  return tables;
}

std::optional<double> shown_number(std::string text) {
  if (text == "n/a") return std::nullopt;
  const auto replace_all = [&](std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  };
  replace_all("\xE2\x80\xAF", "");
  replace_all("\xE2\x88\x92", "-");
  replace_all("×10", "e");
  constexpr const char* kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  for (int i = 0; i < 10; ++i) replace_all(kRaised[i], std::string(1, static_cast<char>('0' + i)));
  replace_all("⁻", "-");
  const auto value = core::parse_number(text);
  if (!value) throw std::runtime_error("no number: " + text);
  return value;
}

std::string non_finite_shape(const Page& page) {
  for (const auto& token : page.tokens) {
    for (const char* name : {"x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "d", "width", "height",
                             "viewBox", "data-value"}) {
      const auto at = token.attributes.find(name);
      if (at == token.attributes.end()) continue;
      for (const char* word : {"nan", "inf"})
        if (at->second.find(word) != std::string::npos) return at->second;
    }
  }
  return {};
}

}  // namespace sojourn::test
