#include "sojourn/report/plan_page.h"

#include <fmt/format.h>

#include "sojourn/core/files.h"
#include "sojourn/report/html.h"
#include "sojourn/report/plan_sections.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
std::string plan_page(const records::PlanResult& result) {
  const PlanView view(result);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<title>{} · plan · Sojourn</title><style>{}{}</style></head><body><main>",
      html_escape(result.question.id), style_sheet(), plan_style());
  page += plan_head(view);
  page += section("Feasible methods, best first", plan_ranking(view) + plan_scan_numbers(view));
  const std::string charts = plan_time_charts(view) + plan_window_chart(view);
  page += section("Signal and detection limit",
                  charts.empty() ? charts : R"(<div class="plots">)" + charts + "</div>");
  page += section("Warnings", plan_warnings(view));
  page += section("Excluded methods", plan_exclusions(view));
  page += section("How this was calculated", plan_explanation(view));
  page += section("Study file to start from", plan_skeleton(view));
  page += section("References", plan_references(view));
  page += fmt::format(
      "<footer>Made by Sojourn {}. Calculated before any scan: to be checked against a phantom or "
      "a pilot. Research use only.</footer></main>{}</body></html>\n",
      core::version(), kUnfoldForPrint);
  return page;
}

}  // namespace sojourn::report
