#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sojourn/report/html.h"
#include "sojourn/report/plan_sections.h"

namespace sojourn::report {
namespace {

using records::MethodPlan;
using records::Planned;
using records::PlanPoint;

constexpr const char* kKey =
    R"(<p class="note key">What a number rests on: <b>p</b> published, <b>m</b> modelled from published numbers, <b>a</b> at least one number behind it is assumed. ~ before a limit: indicative, over half of the method's numbers are assumed. n/a: nothing can be said. ∞: no number of cells gives enough signal. Contrast: region with the wanted cells over its surroundings.</p>)";

std::string small(const std::string& html) {
  return html.empty() ? html : "<small>" + html + "</small>";
}

std::string planned(const Planned& number, int digits = 2) {
  if (!number.value) return no_number();
  return number_cell(*number.value, figures(*number.value, digits),
                     std::isfinite(*number.value) ? basis_mark(number.basis) : "");
}

/// "16 – 110 kBq".
std::string window_span(const records::LabellingWindow& w) {
  if (!w.low_bq) return "up to " + with_prefix(w.high_bq, "Bq");
  const std::string low = with_prefix(*w.low_bq, "Bq"), high = with_prefix(w.high_bq, "Bq");
  if (*w.low_bq > w.high_bq) return fmt::format("no window: {} needed, {} harms", low, high);
  const bool same = prefixed_unit(*w.low_bq, "").size == prefixed_unit(w.high_bq, "").size;
  return (same ? low.substr(0, low.rfind(kUnitSpace)) : low) + " – " + high;
}

std::string activity_cell(const MethodPlan& m) {
  std::string given;
  if (m.administered_bq.value && std::isfinite(*m.administered_bq.value)) {
    given = with_prefix(*m.administered_bq.value, "Bq") + basis_mark(m.administered_bq.basis);
  }
  if (!m.window) {
    return given.empty() ? no_number() : number_cell(*m.administered_bq.value, given);
  }
  const records::LabellingWindow& w = *m.window;
  return number_cell(w.chosen_bq, with_prefix(w.chosen_bq, "Bq") + "/10⁶",
                     small(window_span(w)) + small(given.empty() ? "" : given + " given"));
}

std::string limit_cell(const MethodPlan& m, const PlanPoint* point) {
  if (point == nullptr || std::isnan(point->limit_cells)) return no_number();
  const double cells = point->limit_cells;
  std::string hover = point->limited_by.empty() ? "" : "limited by " + point->limited_by + "; ";
  hover += cell_count(point->limit_cells_per_ml) + " cells/mL";
  return fmt::format(R"(<td class="{}"{} title="{}">{}{}{}{}</td>)",
                     point->detects ? "seen" : "missed",
                     std::isfinite(cells) ? fmt::format(R"( data-value="{:.9g}")", cells) : "",
                     html_escape(hover), m.indicative ? "~" : "", html_escape(cell_count(cells)),
                     basis_mark(m.limit_basis), small(point->detects ? "✓ seen" : "✗ missed"));
}

std::string contrast_cell(const PlanPoint* point) {
  if (point == nullptr || !(point->contrast > 0)) return no_number();
  if (point->contrast < 0.01) return number_cell(point->contrast, "&lt; 0.01");
  return number_cell(point->contrast,
                     std::isinf(point->contrast) ? "∞" : figures(point->contrast, 2));
}

std::string share_cell(const MethodPlan& m) {
  if (!std::isfinite(m.assumed_share)) return no_number();
  return number_cell(m.assumed_share,
                     fmt::format("{:.0f} %", 100 * std::clamp(m.assumed_share, 0.0, 1.0)),
                     small(m.indicative ? "indicative" : ""));
}

/// Tracer to scan, with the modelled best delay and how well the nuclide fits.
std::string delay_cell(const MethodPlan& m) {
  if (!m.imaging_delay_s.value) return no_number();
  std::string more;
  if (m.optimum_delay_s.value) {
    more = time_text(*m.optimum_delay_s.value) + basis_mark(m.optimum_delay_s.basis);
  }
  if (m.nuclide_match.value && std::isfinite(*m.nuclide_match.value)) {
    more += fmt::format("{}{:.0f} %{}", more.empty() ? "" : "; ",
                        100 * std::clamp(*m.nuclide_match.value, 0.0, 1.0),
                        basis_mark(m.nuclide_match.basis));
  }
  return number_cell(*m.imaging_delay_s.value,
                     time_text(*m.imaging_delay_s.value) + basis_mark(m.imaging_delay_s.basis),
                     small(more));
}

std::string needs_cell(const MethodPlan& m) {
  std::string out;
  for (const auto& need : m.needs) out += (out.empty() ? "" : ", ") + html_escape(spaced(need));
  return out.empty() ? R"(<td class="text na">nothing special</td>)"
                     : R"(<td class="text">)" + out + "</td>";
}

std::string text_cell(const std::string& html, const std::string& below = {}) {
  return fmt::format(R"(<td class="text">{}{}</td>)", html.empty() ? "–" : html, small(below));
}

std::string row(const PlanView& view, std::size_t rank, bool delays) {
  const MethodPlan& m = *view.feasible[rank - 1];
  const auto& scans = view.plan.question.scans_s;
  std::string kind = html_escape(spaced(m.method_class));
  if (const auto sources = view.cite(m.citations); !sources.empty()) kind += " " + sources;
  std::string out =
      fmt::format(R"(<tr><td class="rank">{}</td><th scope="row" class="name">{}{}</th>)", rank,
                  html_escape(m.name), small(kind));
  const std::string gap = m.nuclide.empty() || m.modality.empty() ? "" : " ";
  const std::string nuclide = m.nuclide.empty() ? "" : nuclide_html(m.nuclide);
  out += text_cell(nuclide + gap + html_escape(m.modality), html_escape(m.scanner));
  out += activity_cell(m);
  for (const double t : scans) out += limit_cell(m, point_at(m, t));
  out += contrast_cell(scans.empty() ? nullptr : point_at(m, scans.back()));
  out += planned(m.effective_dose_msv) + planned(m.positron_blur_mm);
  if (delays) out += delay_cell(m);
  return out + needs_cell(m) + share_cell(m) + "</tr>";
}

std::string head(const PlanView& view, bool delays) {
  const auto& q = view.plan.question;
  const auto column = [](const std::string& name, const std::string& unit = {},
                         const std::string& css = {}) {
    return fmt::format(R"(<th scope="col" rowspan="2"{}>{}{}</th>)",
                       css.empty() ? "" : " class=\"" + css + "\"", name, small(unit));
  };
  std::string out = "<thead><tr>" + column("rank", "", "rank") + column("method", "class", "name") +
                    column("nuclide, imaging", "scanner", "text") +
                    column("activity", "given; of labels: in 10⁶ cells, with the window");
  if (!q.scans_s.empty()) {
    out += fmt::format(
        R"(<th scope="colgroup" colspan="{}" class="over">detection limit, cells <small>wanted: {} cells</small></th>)",
        q.scans_s.size(), given_number(q.wanted_cells));
  }
  out += column("contrast", "last scan") + column("effective dose", "mSv") +
         column("positron blur", "mm FWHM");
  if (delays) out += column("tracer to scan", "optimum; nuclide's fit");
  out += column("needs", "", "text") + column("assumed", "of the numbers") + "</tr><tr>";
  for (const double t : q.scans_s) out += R"(<th scope="col">)" + time_text(t) + "</th>";
  return out + "</tr></thead>";
}

std::string scan_row(const MethodPlan& m, const PlanPoint& p, std::size_t rank, bool first) {
  std::string out =
      fmt::format(R"(<tr{}><td>{}</td><th scope="row">{}</th><td>{}</td>)",
                  first ? R"( class="first")" : "", rank, html_escape(m.name), time_text(p.time_s));
  out += number_cell(p.signal_per_cell, html_escape(signal_text(p.signal_per_cell, m.signal_unit)),
                     basis_mark(m.signal_basis));
  out += number_cell(p.limit_signal, html_escape(signal_text(p.limit_signal, m.signal_unit)),
                     basis_mark(m.limit_basis));
  const std::string sure = m.indicative ? "~" : "";
  out += number_cell(p.limit_cells, sure + html_escape(cell_count(p.limit_cells)),
                     basis_mark(m.limit_basis));
  out += number_cell(p.limit_cells_per_ml, sure + html_escape(cell_count(p.limit_cells_per_ml)),
                     basis_mark(m.limit_basis));
  out += contrast_cell(&p);
  out += text_cell(html_escape(p.limited_by)) + text_cell(p.detects ? "✓ seen" : "✗ missed");
  return out + "</tr>";
}

}  // namespace

std::string plan_ranking(const PlanView& view) {
  if (view.feasible.empty()) return {};
  const bool delays = std::any_of(view.feasible.begin(), view.feasible.end(), [](const auto* m) {
    return m->imaging_delay_s.value.has_value();
  });
  std::string out =
      R"(<div class="wide" tabindex="0" role="region" aria-label="Table of feasible methods"><table class="plan"><caption>✓ the wanted cells are seen, ✗ they are missed</caption>)" +
      head(view, delays) + "<tbody>";
  const std::size_t columns = 9 + view.plan.question.scans_s.size() + (delays ? 1 : 0);
  for (std::size_t i = 0; i < view.feasible.size(); ++i) {
    const bool turns =
        view.feasible[i]->indicative && (i == 0 || !view.feasible[i - 1]->indicative);
    if (turns) {
      out += fmt::format(
          R"(</tbody><tbody><tr class="group"><th scope="rowgroup" colspan="{}">Indicative only: over half of the numbers are assumed</th></tr>)",
          columns);
    }
    out += row(view, i + 1, delays);
  }
  return out + "</tbody></table></div>" + kKey;
}

std::string plan_scan_numbers(const PlanView& view) {
  std::string body;
  for (std::size_t i = 0; i < view.feasible.size(); ++i) {
    const auto& points = view.feasible[i]->points;
    for (const auto& p : points) {
      body += scan_row(*view.feasible[i], p, i + 1, &p == points.data());
    }
  }
  if (body.empty()) return {};
  const char* top =
      R"(<details class="print"><summary>Signal and limit of every method at every scan</summary><div class="wide" tabindex="0" role="region" aria-label="Table of signal and limit"><table class="scans"><caption>The limit in cells is the limit in signal over the signal of one cell.</caption><thead><tr><th scope="col">rank</th><th scope="col" class="text">method</th><th scope="col">scan</th><th scope="col">signal of one cell</th><th scope="col">detection limit <small>signal</small></th><th scope="col">detection limit <small>cells</small></th><th scope="col">detection limit <small>cells/mL</small></th><th scope="col">contrast</th><th scope="col" class="text">limited by</th><th scope="col" class="text">wanted cells</th></tr></thead><tbody>)";
  return top + body + "</tbody></table></div></details>";
}

}  // namespace sojourn::report
