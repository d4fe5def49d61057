#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sojourn/report/html.h"
#include "sojourn/report/plan_sections.h"

namespace sojourn::report {
namespace {

using records::MethodPlan;

constexpr std::size_t kShared = 3;     // from so many methods on a reason makes a group
constexpr std::size_t kUnfolded = 12;  // rows or lines that stand open

struct ReasonGroup {
  std::string reason;  ///< empty: reasons of their own
  std::vector<const MethodPlan*> methods;
};

/// Every method once, under the reason that it shares with most others.
std::vector<ReasonGroup> by_reason(const PlanView& view) {
  std::map<std::string, std::size_t> shared;
  for (const auto* m : view.excluded) {
    for (const auto& reason : m->exclusions) ++shared[reason];
  }
  std::map<std::string, std::vector<const MethodPlan*>> groups;
  for (const auto* m : view.excluded) {
    const auto most =
        std::max_element(m->exclusions.begin(), m->exclusions.end(),
                         [&](const auto& a, const auto& b) { return shared[a] < shared[b]; });
    groups[shared[*most] >= kShared ? *most : ""].push_back(m);
  }
  std::vector<ReasonGroup> out, single;
  std::vector<const MethodPlan*> own;
  for (auto& [reason, methods] : groups) {
    const bool lone = reason.empty() || methods.size() == 1;
    if (lone) own.insert(own.end(), methods.begin(), methods.end());
    if (!lone) out.push_back({reason, std::move(methods)});
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.methods.size() > b.methods.size();
  });
  std::stable_sort(own.begin(), own.end(),
                   [](const auto* a, const auto* b) { return a->id < b->id; });
  if (!own.empty()) out.push_back({"", std::move(own)});
  return out;
}

std::string reasons_of(const MethodPlan& m, const std::string& without) {
  std::vector<std::string> reasons;
  for (const auto& reason : m.exclusions) {
    if (reason != without) reasons.push_back(html_escape(reason));
  }
  if (reasons.empty()) return R"(<td class="na">none</td>)";
  if (reasons.size() == 1) return "<td>" + reasons.front() + "</td>";
  std::string out = "<td><ul>";
  for (const auto& reason : reasons) out += "<li>" + reason + "</li>";
  return out + "</ul></td>";
}

std::string excluded_table(const ReasonGroup& group) {
  std::string out = fmt::format(
      R"(<div class="wide"><table class="excluded"><thead><tr><th scope="col">method <small>class</small></th><th scope="col">nuclide, imaging</th><th scope="col">{}</th></tr></thead><tbody>)",
      group.reason.empty() ? "why not" : "further reasons");
  for (const auto* m : group.methods) {
    const std::string gap = m->nuclide.empty() || m->modality.empty() ? "" : " ";
    out += fmt::format(R"(<tr><th scope="row">{} <small>{}</small></th><td>{}{}{}</td>{}</tr>)",
                       html_escape(m->name), html_escape(spaced(m->method_class)),
                       nuclide_html(m->nuclide), gap, html_escape(m->modality),
                       reasons_of(*m, group.reason));
  }
  return out + "</tbody></table></div>";
}

/// A warning once, with all who share it.
struct Warning {
  std::string text;
  std::vector<std::string> methods;
};

std::vector<Warning> warnings_of(const std::vector<const MethodPlan*>& methods) {
  std::vector<Warning> out;
  for (const auto* m : methods) {
    for (const auto& text : m->warnings) {
      auto at = std::find_if(out.begin(), out.end(), [&](const auto& w) { return w.text == text; });
      if (at == out.end()) at = out.insert(out.end(), {text, {}});
      at->methods.push_back(m->name);
    }
  }
  return out;
}

std::string warning_list(const std::vector<Warning>& warnings) {
  std::string out = R"(<ul class="said">)";
  for (const auto& w : warnings) {
    out += fmt::format(R"(<li>{} <span class="where">{}</span></li>)", html_escape(w.text),
                       html_escape(listed(w.methods)));
  }
  return out + "</ul>";
}

std::string fold(const std::string& summary, const std::string& content, bool open = false) {
  return fmt::format(R"(<details class="print"{}><summary>{}</summary>{}</details>)",
                     open ? R"( open="open")" : "", summary, content);
}

/// The text with its DOI as a link.
std::string linked(const std::string& text) {
  const auto start = text.find("10.");
  const bool at_word =
      start != std::string::npos &&
      (start == 0 || std::string_view(" :/(").find(text[start - 1]) != std::string_view::npos);
  const auto end =
      start == std::string::npos ? start : std::min(text.find(' ', start), text.size());
  std::string doi = at_word ? text.substr(start, end - start) : "";
  while (!doi.empty() && std::string_view(".,;)").find(doi.back()) != std::string_view::npos) {
    doi.pop_back();
  }
  const auto slash = doi.find('/');
  const bool is_doi = slash != std::string::npos && slash >= 7 && slash + 1 < doi.size() &&
                      std::all_of(doi.begin() + 3, doi.begin() + static_cast<std::ptrdiff_t>(slash),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (!is_doi) return html_escape(text);
  return html_escape(text.substr(0, start)) +
         fmt::format(R"(<a href="https://doi.org/{}">{}</a>)", html_escape(url_path(doi)),
                     html_escape(doi)) +
         html_escape(text.substr(start + doi.size()));
}

}  // namespace

std::string plan_exclusions(const PlanView& view) {
  if (view.excluded.empty()) return {};
  std::string out;
  for (const auto& group : by_reason(view)) {
    if (!group.reason.empty()) {
      out += fold(fmt::format(R"(<span class="reason">{}</span> <small>{}</small>)",
                              html_escape(group.reason), counted(group.methods.size(), "method")),
                  excluded_table(group));
    } else if (group.methods.size() > kUnfolded) {
      out += fold(fmt::format("Reasons of their own <small>{}</small>",
                              counted(group.methods.size(), "method")),
                  excluded_table(group));
    } else {
      out += R"(<div class="single">)" + excluded_table(group) + "</div>";
    }
  }
  return out;
}

std::string plan_warnings(const PlanView& view) {
  std::string out;
  if (!view.plan.question.warnings.empty()) {
    out += "<h3>The question</h3><ul class=\"said\">";
    for (const auto& text : view.plan.question.warnings)
      out += "<li>" + html_escape(text) + "</li>";
    out += "</ul>";
  }
  const auto feasible = warnings_of(view.feasible), excluded = warnings_of(view.excluded);
  if (!feasible.empty()) {
    out += "<h3>Feasible methods</h3>";
    out += feasible.size() <= kUnfolded
               ? warning_list(feasible)
               : fold(counted(feasible.size(), "warning"), warning_list(feasible), true);
  }
  if (!excluded.empty()) {
    out += fold("Excluded methods <small>" + counted(excluded.size(), "warning") + "</small>",
                warning_list(excluded));
  }
  return out;
}

std::string plan_explanation(const PlanView& view) {
  std::string out =
      R"(<div class="explain"><p>For each method and scan, the signal of one living cell follows from the numbers of the catalogue: what a cell holds or takes up, what it loses, and the physical decay. The smallest signal of the region that the scanner tells from its surroundings comes from counting noise, the tissue's background, the crystals' own radioactivity or the noise of a voxel; divided by the signal of one cell it is the limit in cells. Methods that cannot show what is asked, would harm the cells or exceed the dose limit are excluded with the reason; the others are ranked, best first.</p><p>Limits hold for a known location, with 5 % false positives and 5 % false negatives: they say what can be told apart there, not what a reader finds in an unknown place. Limits marked indicative (~) rest on assumptions for over half of their numbers and may be far off; they are ranked last.</p>)";
  if (!view.plan.notes.empty()) {
    out += "<ul>";
    for (const auto& note : view.plan.notes) out += "<li>" + html_escape(note) + "</li>";
    out += "</ul>";
  }
  return out + "</div>";
}

std::string plan_skeleton(const PlanView& view) {
  if (view.plan.skeleton.empty()) return {};
  std::string_view rest = view.plan.skeleton;
  while (!rest.empty() && rest.back() == '\n') rest.remove_suffix(1);
  std::string lines;
  for (;;) {
    const auto end = rest.find('\n');
    lines += html_escape(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    lines += '\n';
    rest.remove_prefix(end + 1);
  }
  const std::string best = view.feasible.empty() ? "" : html_escape(view.feasible.front()->name);
  return fmt::format(
      R"(<p class="note">study.toml{}: fill in the files of your scans.</p><pre tabindex="0">{}</pre>)",
      best.empty() ? "" : " for " + best, lines);
}

std::string plan_references(const PlanView& view) {
  if (view.number_of.empty()) return {};
  std::map<std::size_t, std::string> texts;
  for (const auto& [key, text] : view.plan.references) {
    texts.emplace(view.number_of.at(key),
                  linked(text) + " <small>" + html_escape(key) + "</small>");
  }
  std::string out = R"(<ol class="prose references">)";
  for (const auto& [n, text] : texts) out += fmt::format(R"(<li id="ref-{}">{}</li>)", n, text);
  return out + "</ol>";
}

}  // namespace sojourn::report
