#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sojourn/report/html.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
namespace {

/// Numbers references in the order in which the text names them.
class Numbering {
 public:
  explicit Numbering(const std::vector<records::Citation>& citations) {
    for (const auto& c : citations) known_.emplace(c.key, &c);
  }
  /// 1, 2, …; 0 for a key that no citation has.
  std::size_t number(const std::string& key) {
    const auto known = known_.find(key);
    if (known == known_.end()) return 0;
    const auto at = std::find(order_.begin(), order_.end(), known->second);
    if (at != order_.end()) return static_cast<std::size_t>(at - order_.begin()) + 1;
    order_.push_back(known->second);
    return order_.size();
  }
  [[nodiscard]] const std::vector<const records::Citation*>& order() const { return order_; }

 private:
  std::map<std::string, const records::Citation*> known_;
  std::vector<const records::Citation*> order_;
};

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-.:").find(c) != std::string_view::npos;
}

/// The inside of "[@a; @b]": its keys, or none where it is something else.
std::vector<std::string> keys_of(std::string_view inside) {
  std::vector<std::string> keys;
  while (!inside.empty()) {
    if (inside.front() == ' ' || inside.front() == ';' || inside.front() == ',') {
      inside.remove_prefix(1);
      continue;
    }
    if (inside.front() != '@') return {};
    std::size_t n = 1;
    while (n < inside.size() && is_key_character(inside[n])) ++n;
    if (n == 1) return {};
    keys.emplace_back(inside.substr(1, n - 1));
    inside.remove_prefix(n);
  }
  return keys;
}

std::string cite(const std::vector<std::string>& keys, Numbering& numbering) {
  std::string out;
  for (const auto& key : keys) {
    const std::size_t n = numbering.number(key);
    if (!out.empty()) out += ", ";
    out += n == 0 ? html_escape(key) : fmt::format("<a href=\"#ref-{0}\">{0}</a>", n);
  }
  return "[" + out + "]";
}

std::string with_citations(std::string_view sentence, Numbering& numbering) {
  std::string out;
  for (;;) {
    const auto open = sentence.find("[@");
    const auto close = open == std::string_view::npos ? open : sentence.find(']', open);
    if (close == std::string_view::npos) return out + html_escape(sentence);
    const auto keys = keys_of(sentence.substr(open + 1, close - open - 1));
    out += html_escape(sentence.substr(0, open));
    out +=
        keys.empty() ? html_escape(sentence.substr(open, close + 1 - open)) : cite(keys, numbering);
    sentence.remove_prefix(close + 1);
  }
}

std::string reference(const records::Citation& c, std::size_t number) {
  std::string link;
  if (c.doi.rfind("10.", 0) == 0) {
    link = fmt::format(R"( <a href="https://doi.org/{}">doi:{}</a>)", html_escape(url_path(c.doi)),
                       html_escape(c.doi));
  } else if (!c.doi.empty()) {
    link = " " + html_escape(c.doi);
  }
  return fmt::format(R"(<li id="ref-{}">{}{}</li>)", number, html_escape(c.text), link);
}

}  // namespace

std::string methods_section(const records::StudyResult& result) {
  Numbering numbering(result.citations);
  std::string out;
  if (!result.methods.empty()) {
    out = R"(<section><h2>Methods</h2><p class="prose">)";
    for (const auto& sentence : result.methods) out += with_citations(sentence, numbering) + " ";
    out += "</p></section>";
  }
  for (const auto& c : result.citations) static_cast<void>(numbering.number(c.key));
  if (numbering.order().empty()) return out;
  out += R"(<section><h2>References</h2><ol class="prose references">)";
  std::size_t n = 0;
  for (const auto* c : numbering.order()) out += reference(*c, ++n);
  return out + "</ol></section>";
}

}  // namespace sojourn::report
