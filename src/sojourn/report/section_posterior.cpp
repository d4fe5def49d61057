#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/panel.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
namespace {

constexpr int kSure = 2;  // figures of a quantity known to tens of percent

std::string range(double lo, double hi) {
  return fmt::format("{} – {}", figures(lo, kSure), figures(hi, kSure));
}

/// "death_per_s" -> "death, 1/day" with the factor that belongs to it.
struct Spoken {
  std::string name;
  double factor = 1;
};

Spoken spoken(const std::string& name) {
  constexpr double kDay_s = 86400, kHour_s = 3600;
  const auto ends = [&](const std::string& end) {
    return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  Spoken s{name, 1};
  if (ends("_per_s"))
    s = {name.substr(0, name.size() - 6) + ", 1/day", kDay_s};
  else if (ends("_s"))
    s = {name.substr(0, name.size() - 2) + ", h", 1 / kHour_s};
  else if (ends("_bq"))
    s = {name.substr(0, name.size() - 3) + ", Bq", 1};
  std::replace(s.name.begin(), s.name.end(), '_', ' ');
  return s;
}

std::string parameter_table(const records::PosteriorSummary& p) {
  std::string rows;
  for (const auto& one : p.parameters) {
    const Spoken s = spoken(one.name);
    rows += fmt::format(
        "<tr{}><th "
        "scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        one.as_prior ? " class=\"quiet\"" : "", html_escape(s.name),
        figures(one.prior_median * s.factor, kSure),
        range(one.prior_lo95 * s.factor, one.prior_hi95 * s.factor),
        figures(one.median * s.factor, kSure), range(one.lo95 * s.factor, one.hi95 * s.factor),
        one.as_prior ? "nothing learnt: the prior stands" : "");
  }
  return fmt::format(
      "<details class=\"print\"><summary>{} parameters before and after the measurements</summary>"
      "<div class=\"scroll\"><table><thead><tr><th>parameter</th><th>before</th>"
      "<th>95 %</th><th>after</th><th>95 "
      "%</th><th></th></tr></thead><tbody>{}</tbody></table></div>"
      "</details>",
      p.parameters.size(), rows);
}

/// Spearman's rank correlation, which outliers do not rule.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ranks = [](const std::vector<double>& v) {
    std::vector<std::size_t> order(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](auto x, auto y) { return v[x] < v[y]; });
    std::vector<double> rank(v.size());
    for (std::size_t i = 0; i < v.size(); ++i) rank[order[i]] = static_cast<double>(i);
    return rank;
  };
  const auto x = ranks(a), y = ranks(b);
  const double mean = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// Draws of free label in bone against living cells in marrow: one region shows their sum.
std::string bone_and_marrow(const records::PosteriorSummary& p) {
  if (p.bone_free.size() < 10) return {};
  const double correlation = rank_correlation(p.bone_free, p.marrow_cells);
  const std::string said = fmt::format(
      "Free label in bone against living cells in marrow at the last scan, {} draws; rank "
      "correlation {:.2f}",
      p.bone_free.size(), correlation);
  Panel panel{520, 340, 70, 16, 16, 52};
  panel.x = value_axis(p.bone_free);
  panel.y = value_axis(p.marrow_cells);
  panel.x_label = "free label in bone, part of the injected";
  panel.y_label = "living cells in marrow, part of the infused";
  Svg svg(panel.width, panel.height, said);
  draw_axes(svg, panel);
  for (std::size_t i = 0; i < p.bone_free.size(); ++i)
    svg.circle(panel.x_px(p.bone_free[i]), panel.y_px(p.marrow_cells[i]), 2,
               R"(fill="#0072b2" fill-opacity="0.35")");
  return fmt::format(
      "<figure>{}<figcaption>{}. A region of bone and marrow shows the sum of both: where the "
      "cloud leans, more of the one means less of the other.</figcaption></figure>",
      svg.finish(), said);
}

}  // namespace

std::string posterior_section(const records::StudyResult& result) {
  if (!result.posterior) return {};
  const auto& p = *result.posterior;
  std::string text;
  if (!p.converged) {
    text = fmt::format(
        "<p><b>The sampling failed</b>: {}. Counts above are those of the closed form, region by "
        "region.</p>",
        html_escape(p.message));
  } else {
    text = fmt::format(
        "<p>Four chains agree (highest R-hat {:.3f}, at least {:.0f} effective draws of each "
        "parameter). A misfit as large as this one comes by chance with p = {:.2g}{}.</p>",
        p.highest_r_hat, p.lowest_effective, p.predictive_p,
        p.predictive_p < 0.05 ? ": <b>the model does not fit</b>, and intervals may be too narrow"
                              : "");
  }
  return section("What the measurements say of the model",
                 text + bone_and_marrow(p) + parameter_table(p));
}

}  // namespace sojourn::report
