#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "report/synthetic_result.h"
#include "shared/temporary_folder.h"
#include "sojourn/report/report.h"

namespace sojourn {
namespace {

/// Pages to look at: they stay where SOJOURN_REPORT_FOLDER says.
TEST(Page, RealisticStudiesStaySmall) {
  const test::TemporaryFolder temporary;
  const char* kept = std::getenv("SOJOURN_REPORT_FOLDER");
  const std::filesystem::path folder = kept != nullptr ? kept : temporary.path();
  auto nine_scans = test::mouse_with_cells();
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 3; ++k)
      nine_scans.pictures.push_back(nine_scans.pictures[static_cast<std::size_t>(k)]);
  }
  auto few = test::mouse_with_cells();
  std::erase_if(few.measurements, [](const auto& m) { return m.region > "kidney_l"; });
  std::erase_if(few.cells, [](const auto& c) { return c.region > "kidney_l" || c.scan > 1; });
  const std::pair<const char*, records::StudyResult> pages[] = {{"mouse", test::mouse_with_cells()},
                                                                {"human", test::human_fdg()},
                                                                {"dynamic", test::dynamic_study()},
                                                                {"nine", nine_scans},
                                                                {"few", few},
                                                                {"empty", records::StudyResult{}}};
  for (const auto& [name, result] : pages) {
    const std::string page = report::to_html(result);
    EXPECT_LT(page.size(), 3U << 20U)
        << name;  // what a mail attachment and a slow disk take without a thought
    std::ofstream(folder / (std::string("report_") + name + ".html")) << page;
  }
}

}  // namespace
}  // namespace sojourn
