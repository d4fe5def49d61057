#include "sojourn/report/report.h"

#include <fmt/format.h>

#include "sojourn/core/files.h"
#include "sojourn/report/charts.h"
#include "sojourn/report/html.h"
#include "sojourn/report/picture.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
std::string to_html(const records::StudyResult& result) {
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<title>{} ({}) · Sojourn</title><style>{}</style></head><body><main>",
      html_escape(result.study.subject.id), html_escape(result.study.subject.species),
      style_sheet());
  page += head_section(result);
  page += facts_section(result);
  page += warnings_section(result);
  page += section("Maximum-intensity projections", projection_figures(result));
  page += section("Cells per region", cell_charts(result));
  page += section("Activity per region", time_course_charts(result));
  page += posterior_section(result);
  page += section("Table of cells", cell_tables(result));
  page += section("Table of activity", activity_tables(result));
  page += methods_section(result);
  page += provenance_section(result);
  page += fmt::format(
      "<footer>Made by Sojourn {}. Error bars of activity: one standard deviation of noise, "
      "calibration and "
      "recovery together. Research use only.</footer></main>{}</body></html>\n",
      core::version(), kUnfoldForPrint);
  return page;
}

}  // namespace sojourn::report
