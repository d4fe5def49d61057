#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/report/html.h"
#include "sojourn/report/plan_sections.h"

namespace sojourn::report {
namespace {

using records::MethodPlan;
using records::PlanQuestion;

std::string times_of(const PlanQuestion& q) {
  std::vector<std::string> times;
  times.reserve(q.scans_s.size());
  for (const double t : q.scans_s) times.push_back(time_text(t));
  return listed(times);
}

std::string volume_text(double ml) {
  if (!std::isfinite(ml)) return "n/a";
  return ml < 0.0995 ? given_number(ml * 1e3) + kUnitSpace + "µL"
                     : given_number(ml) + kUnitSpace + "mL";
}

std::string mass_text(double g) {
  return std::isfinite(g) && g >= 1000 ? given_number(g / 1000) + kUnitSpace + "kg"
                                       : given_number(g) + kUnitSpace + "g";
}

std::string question_text(const PlanQuestion& q) {
  std::string out = fmt::format("Of {} {} cells given to a {}, can {} be seen in {} of {}",
                                given_number(q.infused_cells), q.cells, q.species,
                                given_number(q.wanted_cells), volume_text(q.lesion_ml), q.region);
  if (!q.scans_s.empty()) out += ", " + times_of(q) + " after the infusion";
  if (!q.see.empty()) out += ", to follow " + listed(q.see);
  return out + (q.scanners.empty() ? "?" : ", on " + listed(q.scanners) + "?");
}

std::string facts(const PlanQuestion& q) {
  std::vector<std::pair<std::string, std::string>> rows = {
      {"subject", fmt::format("{}, {}", q.species, mass_text(q.body_mass_g))},
      {"cells infused", fmt::format("{} {}, {} % viable", given_number(q.infused_cells), q.cells,
                                    given_number(100 * q.viability))},
      {"to be seen", fmt::format("{} cells in {} of {}", given_number(q.wanted_cells),
                                 volume_text(q.lesion_ml), q.region)},
      {"to follow", q.see.empty() ? "not said" : listed(q.see)},
      {"scans after infusion", q.scans_s.empty() ? "none" : times_of(q)},
      {"scanners", q.scanners.empty() ? "all for this species" : listed(q.scanners)},
      {"time for one region", q.scan_time_s ? time_text(*q.scan_time_s) : "each scanner's usual"},
      {"background", q.background_bq_per_ml ? with_prefix(*q.background_bq_per_ml, "Bq") + "/mL"
                                            : "from each method's model"},
      {"highest effective dose", q.max_effective_dose_msv
                                     ? given_number(*q.max_effective_dose_msv) + kUnitSpace + "mSv"
                                     : "no limit set"},
      {"reporter gene", q.engineered ? "may be brought in" : "not allowed"},
      {"target", q.target.empty() ? "any that the cells bear" : q.target},
      {"depth under the skin, for light", given_number(q.lesion_depth_mm) + kUnitSpace + "mm"}};
  std::string out = R"(<dl class="facts header-facts">)";
  for (const auto& [name, value] : rows) {
    out += "<div><dt>" + name + "</dt><dd>" + html_escape(value) + "</dd></div>";
  }
  return out + "</dl>";
}

std::string limit_at(const MethodPlan& m, double time_s) {
  const auto* point = point_at(m, time_s);
  return fmt::format("<span><b>{} cells</b> at {}</span>",
                     html_escape(point != nullptr ? cell_count(point->limit_cells) : "n/a"),
                     time_text(time_s));
}

/// "The 10 000 wanted cells are seen at every scan."
std::string detections(const MethodPlan& m, const PlanQuestion& q) {
  std::vector<std::string> seen, missed;
  for (const double t : q.scans_s) {
    const auto* point = point_at(m, t);
    (point != nullptr && point->detects ? seen : missed).push_back(time_text(t));
  }
  const std::string wanted = fmt::format("The {} wanted cells are ", given_number(q.wanted_cells));
  if (missed.empty()) return wanted + (seen.size() == 1 ? "seen." : "seen at every scan.");
  if (seen.empty()) return wanted + "missed at every scan.";
  return fmt::format("{}seen at {}, missed at {}.", wanted, listed(seen), listed(missed));
}

std::string best_answer(const PlanView& view) {
  const MethodPlan& best = *view.feasible.front();
  const PlanQuestion& q = view.plan.question;
  std::string out = fmt::format("Best: <b>{}</b>", html_escape(best.name));
  if (!best.scanner.empty()) out += " on " + html_escape(best.scanner);
  if (!q.scans_s.empty()) {
    out += ", detection limit " + limit_at(best, q.scans_s.front());
    if (q.scans_s.size() > 1) out += " and " + limit_at(best, q.scans_s.back());
    out += ". " + detections(best, q);
  }
  if (best.indicative) out += " Indicative only: over half of its numbers are assumed.";
  return out;
}

std::string no_answer(const PlanView& view) {
  if (view.excluded.empty()) return "<b>No method was considered.</b>";
  std::map<std::string, std::size_t> counts;
  for (const auto* m : view.excluded) ++counts[m->exclusions.front()];
  const auto top = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second < b.second;
  });
  const std::size_t others = view.excluded.size() - top->second;
  std::string reason = top->first;
  while (!reason.empty() && reason.back() == '.') reason.pop_back();
  std::string out = fmt::format("<b>No method is feasible.</b> {} of {}: {}.", top->second,
                                view.excluded.size(), html_escape(reason));
  if (others > 0) out += fmt::format(" The other {} are listed below.", others);
  return out;
}

}  // namespace

std::string plan_head(const PlanView& view) {
  const PlanQuestion& q = view.plan.question;
  const bool any = !view.feasible.empty();
  std::string out = fmt::format(
      R"(<header><p class="brand">Sojourn · plan · {}</p><h1>{} <span class="species">in the {} of a {}</span></h1><p class="question">{}</p>)",
      html_escape(q.id), html_escape(q.cells + " cells"), html_escape(q.region),
      html_escape(q.species), html_escape(question_text(q)));
  const auto indicative = static_cast<std::size_t>(std::count_if(
      view.feasible.begin(), view.feasible.end(), [](const auto* m) { return m->indicative; }));
  std::string tally =
      fmt::format("{} considered: {} feasible", counted(view.plan.methods.size(), "method"),
                  view.feasible.size());
  if (indicative > 0) tally += fmt::format(" ({} of them indicative only)", indicative);
  tally += fmt::format(", {} excluded.", view.excluded.size());
  out +=
      fmt::format(R"(<div class="verdict{}"><p class="answer">{}</p><p class="note">{}</p></div>)",
                  any ? "" : " none", any ? best_answer(view) : no_answer(view), tally);
  return out + facts(q) + "</header>";
}

}  // namespace sojourn::report
