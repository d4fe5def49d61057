#pragma once
#include <string>
#include <vector>

#include "sojourn/records/study_result.h"
#include "sojourn/report/panel.h"

/// The page's charts. Each returns HTML (figures with SVG), or nothing where there is nothing to
/// draw.
namespace sojourn::report {

/// Hours of the study as the axis shows them: minutes where it is short.
struct TimeUnit {
  double per_hour = 1;
  std::string label;  ///< "hours after infusion of the cells"
};
[[nodiscard]] TimeUnit time_unit(const records::StudyResult& result);

/// One panel of a grid, with its title.
struct Facet {
  std::string title;
  std::string description;  ///< for readers who cannot see it
  std::vector<Series> series;
};

struct FacetGrid {
  TimeUnit time;
  std::string y_label;
  std::vector<Facet> facets{};
};

/// Small panels side by side on the same two axes, as many in a row as the page is wide.
[[nodiscard]] std::string facet_chart(const FacetGrid& grid);

/// One panel with every series and its name at the end of its line.
[[nodiscard]] std::string single_chart(const FacetGrid& grid, const std::vector<Series>& series,
                                       const std::string& description);

/// For one moment: a row per region, its values as marks along one axis (x of a Point is not used).
struct Row {
  std::string name;
  std::vector<Series> series;  ///< one point each; dashed: a limit, drawn as a tick
};
[[nodiscard]] std::string row_chart(const std::string& value_label, const std::vector<Row>& rows,
                                    const std::string& description);

/// Activity of each region against time: one chart per tracer.
[[nodiscard]] std::string time_course_charts(const records::StudyResult& result);
/// Cells of each region against time: estimate, naive count and detection limit.
[[nodiscard]] std::string cell_charts(const records::StudyResult& result);

}  // namespace sojourn::report
