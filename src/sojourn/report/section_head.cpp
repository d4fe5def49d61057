#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
namespace {

using records::CellEstimate;
using records::Measurement;
using records::StudyResult;

constexpr std::size_t kTiles = 4;
constexpr int kSure = 2;  // figures of a count whose interval spans tens of percent

template <typename T>
std::vector<const T*> last_time_point(const std::vector<T>& rows) {
  std::vector<const T*> last;
  for (const auto& row : rows) {
    if (!std::isfinite(row.hours)) continue;
    if (!last.empty() && row.hours > last.front()->hours) last.clear();
    if (last.empty() || row.hours == last.front()->hours) last.push_back(&row);
  }
  return last;
}

std::string interval(const CellEstimate& c) {
  return fmt::format("{} – {}", figures(c.cells_lo95, kSure), figures(c.cells_hi95, kSure));
}

std::string tile(const std::string& name, const std::string& value, const std::string& below) {
  return fmt::format(R"(<div class="tile"><h3>{}</h3><p class="big">{}</p>{}</div>)",
                     html_escape(name), value, below);
}

/// The sentence speaks of the whole subject where a region holds it, else of the regions' sum.
std::string total_of_cells(const std::vector<const CellEstimate*>& rows) {
  const auto whole = std::find_if(rows.begin(), rows.end(),
                                  [](const auto* c) { return is_whole_subject(c->region); });
  if (whole != rows.end()) {
    const CellEstimate& c = **whole;
    return fmt::format(
        "<b>{} living cells</b> in the whole subject (<span>95 % interval {};</span> <span>naive "
        "count {}</span>)",
        figures(c.cells, kSure), interval(c), figures(c.cells_naive, kSure));
  }
  double cells = 0, naive = 0;
  for (const auto* c : rows) {
    cells += c->cells;
    naive += c->cells_naive;
  }
  return fmt::format("<b>{} living cells</b> in {} {} (sum of the medians; naive count {})",
                     figures(cells, kSure), rows.size(),
                     rows.size() == 1 ? "region" : "regions that the study names",
                     figures(naive, kSure));
}

std::string answer_in_cells(const StudyResult& result) {
  auto rows = last_time_point(result.cells);
  if (rows.empty()) return {};
  std::string out =
      fmt::format(R"(<p class="answer">{} h after infusion: {}.</p><div class="tiles">)",
                  hours_text(rows.front()->hours), total_of_cells(rows));
  std::erase_if(rows, [](const auto* c) { return is_whole_subject(c->region); });
  // a region that may hold no cells comes after those that do
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return std::pair(a->cells_lo95 > 0, a->cells) > std::pair(b->cells_lo95 > 0, b->cells);
  });
  for (std::size_t i = 0; i < std::min(rows.size(), kTiles); ++i) {
    const CellEstimate& c = *rows[i];
    out += tile(c.region, figures(c.cells, kSure),
                fmt::format(R"(<p>95 % interval {}</p><p class="naive">naive count {}</p>)",
                            interval(c), figures(c.cells_naive, kSure)));
  }
  return out + "</div>";
}

/// What a study without cells says of a region: SUV where there is one, else %ID, else activity.
enum class Uptake { suv, percent_id, activity };

double uptake(const Measurement& m, Uptake what) {
  if (what == Uptake::suv) return m.suv_mean.value_or(NAN);
  return what == Uptake::percent_id ? m.percent_id.value_or(NAN) : m.activity_bq;
}

Uptake choose_uptake(const std::vector<const Measurement*>& rows) {
  const auto all = [&](auto has) { return std::all_of(rows.begin(), rows.end(), has); };
  if (all([](const auto* m) { return m->suv_mean.has_value(); })) return Uptake::suv;
  const bool percent = all([](const auto* m) { return m->percent_id.has_value(); });
  return percent ? Uptake::percent_id : Uptake::activity;
}

std::string answer_in_activity(const StudyResult& result) {
  auto rows = last_time_point(result.measurements);
  const std::string from = result.study.infusions.empty() ? "injection" : "infusion";
  const auto whole = std::find_if(rows.begin(), rows.end(),
                                  [](const auto* m) { return is_whole_subject(m->region); });
  if (rows.size() == 1 && whole != rows.end() && (*whole)->percent_id) {
    return fmt::format(
        R"(<p class="answer">{} h after {}: <b>{} %</b> of the injected activity in the whole subject.</p>)",
        hours_text((*whole)->hours), from, figures((*whole)->percent_id));
  }
  std::erase_if(rows, [](const auto* m) { return is_whole_subject(m->region); });
  std::erase_if(rows, [](const auto* m) { return m->volume_ml <= 0; });  // outside the image
  if (rows.empty()) return {};
  const Uptake what = choose_uptake(rows);
  std::stable_sort(rows.begin(), rows.end(), [&](const auto* a, const auto* b) {
    return uptake(*a, what) > uptake(*b, what);
  });
  ShownUnit unit{1, "SUV mean"};
  if (what == Uptake::percent_id) unit = {1, "% of injected activity"};
  if (what == Uptake::activity) unit = activity_unit(uptake(*rows.front(), what));
  const auto shown = [&](const Measurement& m) { return figures(uptake(m, what) / unit.size); };
  std::string out = fmt::format(
      R"(<p class="answer">{} h after {}: highest uptake in <b>{}</b> ({} {}).</p><div class="tiles">)",
      hours_text(rows.front()->hours), from, html_escape(rows.front()->region),
      shown(*rows.front()), unit.name);
  for (std::size_t i = 0; i < std::min(rows.size(), kTiles); ++i) {
    const Measurement& m = *rows[i];
    std::string below = fmt::format("<p>{}</p>", unit.name);
    if (m.suv_max && what == Uptake::suv) {
      below += fmt::format(R"(<p class="naive">max {}</p>)", figures(m.suv_max));
    }
    out += tile(m.region, shown(m), below);
  }
  return out + "</div>";
}

}  // namespace

bool is_whole_subject(const std::string& region) {
  std::string plain;
  for (const char c : region) {
    if (c != '_' && c != '-' && c != ' ') {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return plain == "body" || plain == "wholebody" || plain == "total" || plain == "wholesubject";
}

std::string head_section(const StudyResult& result) {
  const auto& subject = result.study.subject;
  std::string out = fmt::format(
      R"(<header><p class="brand">Sojourn · {}</p><h1>{} <span class="species">{}</span></h1>)",
      result.cells.empty() ? "activity per region" : "labelled cells per region",
      html_escape(subject.id), html_escape(subject.species));
  out += result.cells.empty() ? answer_in_activity(result) : answer_in_cells(result);
  return out + "</header>";
}

std::string facts_section(const StudyResult& result) {
  if (result.facts.empty()) return {};
  std::string out = R"(<section><h2>Study</h2><dl class="facts">)";
  for (const auto& [name, value] : result.facts) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_escape(name), html_escape(value));
  }
  return out + "</dl></section>";
}

namespace {

/// "scan 2 (pet/d1): the text" -> where it was said, and the text.
std::pair<std::string, std::string> split_warning(const std::string& warning) {
  const auto colon = warning.find(": ");
  const bool of_scan = warning.rfind("scan ", 0) == 0 && colon != std::string::npos && colon < 120;
  if (!of_scan) return {"", warning};
  return {warning.substr(0, colon), warning.substr(colon + 2)};
}

}  // namespace

std::string warnings_section(const StudyResult& result) {
  if (result.warnings.empty()) return R"(<p class="calm">No warnings.</p>)";
  struct Group {
    std::string text;
    std::vector<std::string> places;
    int count = 0;
  };
  std::vector<Group> groups;
  std::map<std::string, std::size_t> index;
  for (const auto& warning : result.warnings) {
    const auto [place, text] = split_warning(warning);
    const auto [at, fresh] = index.try_emplace(text, groups.size());
    if (fresh) groups.push_back({text, {}, 0});
    Group& group = groups[at->second];
    ++group.count;
    if (!place.empty() &&
        std::find(group.places.begin(), group.places.end(), place) == group.places.end()) {
      group.places.push_back(place);
    }
  }
  const std::size_t n = result.warnings.size();
  std::string out =
      fmt::format(R"(<section class="warnings"><h2>{} warning{}</h2><ul>)", n, n == 1 ? "" : "s");
  for (const auto& group : groups) {
    std::string places;
    for (const auto& place : group.places)
      places += (places.empty() ? "" : ", ") + html_escape(place);
    if (group.count > 1)
      places += fmt::format("{}{} times", places.empty() ? "" : " · ", group.count);
    if (!places.empty()) places = R"( <span class="where">)" + places + "</span>";
    out += "<li>" + html_escape(group.text) + places + "</li>";
  }
  return out + "</ul></section>";
}

}  // namespace sojourn::report
