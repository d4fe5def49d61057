#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>

#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"
#include "sojourn/report/sections.h"

namespace sojourn::report {
namespace {

using records::CellEstimate;
using records::Measurement;
using records::StudyResult;

constexpr std::size_t kFoldRows = 80;  // more rows than this are folded, one fold per scan

/// A column of numbers; `size` is what one shown unit holds in the record's unit.
template <typename Row>
struct Column {
  std::string name, unit;
  std::function<std::optional<double>(const Row&)> value;
  double size = 1;
  int digits = 3;
};

/// The record's value stands beside the shown one, for those who copy the table.
std::string cell(std::optional<double> value, double size, int digits) {
  if (!value || !std::isfinite(*value)) return R"(<td class="na">n/a</td>)";
  return fmt::format(R"(<td data-value="{:.9g}">{}</td>)", *value, figures(*value / size, digits));
}

template <typename Row>
std::string head(const std::vector<Column<Row>>& columns) {
  std::string out = R"(<thead><tr><th scope="col">region</th>)";
  for (const auto& c : columns) {
    out += fmt::format(R"(<th scope="col">{}{})", c.name,
                       c.unit.empty() ? "" : " <small>" + c.unit + "</small>");
    out += "</th>";
  }
  return out + "</tr></thead>";
}

template <typename Row>
std::string row_html(const Row& row, const std::vector<Column<Row>>& columns, bool below) {
  std::string out =
      fmt::format(R"(<tr{}><th scope="row">{}{}</th>)", below ? R"( class="below")" : "",
                  html_escape(row.region), below ? R"( <small>below limit</small>)" : "");
  for (const auto& c : columns) out += cell(c.value(row), c.size, c.digits);
  return out + "</tr>";
}

bool is_below(const Measurement& m) {
  return m.detection_limit_bq && m.activity_bq < *m.detection_limit_bq;
}
bool is_below(const CellEstimate& c) {
  return c.detection_limit_cells && c.cells < *c.detection_limit_cells;
}

/// Rows of one scan under a line that names it; a table per scan where they are many.
template <typename Row>
std::string tables(const std::vector<Row>& rows, const std::vector<Column<Row>>& columns,
                   const std::string& caption,
                   const std::function<std::string(const Row&)>& group_name) {
  std::vector<std::pair<std::string, std::string>> groups;
  for (const auto& row : rows) {
    const std::string name = group_name(row);
    auto at =
        std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == name; });
    if (at == groups.end()) at = groups.insert(groups.end(), {name, ""});
    at->second += row_html(row, columns, is_below(row));
  }
  const std::string top = head(columns);
  const std::string title = "<caption>" + caption + "</caption>";
  std::string out;
  if (rows.size() <= kFoldRows) {
    out = R"(<div class="wide"><table>)" + title + top;
    for (const auto& [name, body] : groups) {
      out += fmt::format(
          R"(<tbody><tr class="group"><th scope="rowgroup" colspan="{}">{}</th></tr>{}</tbody>)",
          columns.size() + 1, name, body);
    }
    return out + "</table></div>";
  }
  for (const auto& [name, body] : groups) {
    out += fmt::format(
        R"(<details class="print"><summary>{}</summary><div class="wide"><table>{}{}<tbody>{}</tbody></table></div></details>)",
        name, title, top, body);
  }
  return out;
}

std::vector<Column<Measurement>> activity_columns(const StudyResult& result) {
  double top = 0;
  int frames = 1;
  for (const auto& m : result.measurements) {
    top = std::max({top, m.activity_bq, m.activity_uncorrected_bq, m.activity_dc_bq});
    frames = std::max(frames, m.frame);
  }
  const ShownUnit u = activity_unit(top);
  std::vector<Column<Measurement>> columns;
  if (frames > 1) {
    columns.push_back({"frame", "", [](const auto& m) { return m.frame; }, 1, 6});
    columns.push_back({"time", "h", [](const auto& m) { return m.hours; }, 1, 4});
    columns.push_back({"frame start", "s", [](const auto& m) { return m.frame_start_s; }, 1, 5});
    columns.push_back({"length", "s", [](const auto& m) { return m.frame_duration_s; }, 1, 4});
  }
  const std::vector<Column<Measurement>> rest = {
      {"volume", "mL", [](const auto& m) { return m.volume_ml; }},
      {"activity as imaged", u.name, [](const auto& m) { return m.activity_uncorrected_bq; },
       u.size, 4},
      {"recovery", "", [](const auto& m) { return m.recovery; }},
      {"activity corrected", u.name, [](const auto& m) { return m.activity_bq; }, u.size, 4},
      {"± SD, all causes", u.name, [](const auto& m) { return m.total_sd_bq(); }, u.size},
      {"± SD, noise", u.name, [](const auto& m) { return m.noise_bq; }, u.size},
      {"detection limit", u.name, [](const auto& m) { return m.detection_limit_bq; }, u.size},
      {"decay-corrected", u.name, [](const auto& m) { return m.activity_dc_bq; }, u.size, 4},
      {"ID", "%", [](const auto& m) { return m.percent_id; }},
      {"ID per mL", "%/mL", [](const auto& m) { return m.percent_id_per_ml; }},
      {"SUV mean", "g/mL", [](const auto& m) { return m.suv_mean; }},
      {"SUV max", "g/mL", [](const auto& m) { return m.suv_max; }},
      {"SUV peak", "g/mL", [](const auto& m) { return m.suv_peak; }}};
  columns.insert(columns.end(), rest.begin(), rest.end());
  return columns;
}

}  // namespace

std::string activity_tables(const StudyResult& result) {
  if (result.measurements.empty()) return {};
  std::map<int, std::pair<double, double>> span;
  for (const auto& m : result.measurements) {
    auto& [lo, hi] = span.try_emplace(m.scan, m.hours, m.hours).first->second;
    lo = std::min(lo, m.hours);
    hi = std::max(hi, m.hours);
  }
  const auto name = [&](const Measurement& m) {
    const auto [lo, hi] = span.at(m.scan);
    const std::string hours = lo == hi ? hours_text(lo) : hours_text(lo) + " – " + hours_text(hi);
    // a scan whose tracer nobody named carries the word itself
    const std::string tracer = m.tracer == "tracer" || m.tracer == "label" ? "" : "tracer ";
    return fmt::format("Scan {} · {} h · {}{}", m.scan, hours, tracer, html_escape(m.tracer));
  };
  return tables<Measurement>(result.measurements, activity_columns(result),
                             "Activity per region. “Corrected” is for partial volume, where a "
                             "recovery is given; SUV is of the image "
                             "as it is. SUV peak is the mean in a sphere of 1 mL: larger than most "
                             "organs of a mouse, it then holds their neighbours too.",
                             name);
}

std::string cell_tables(const StudyResult& result) {
  if (result.cells.empty()) return {};
  const std::vector<Column<CellEstimate>> columns = {
      {"living cells", "median", [](const auto& c) { return c.cells; }},
      {"95 % from", "", [](const auto& c) { return c.cells_lo95; }},
      {"to", "", [](const auto& c) { return c.cells_hi95; }},
      {"naive count", "", [](const auto& c) { return c.cells_naive; }},
      {"detection limit", "cells", [](const auto& c) { return c.detection_limit_cells; }},
      {"probability above limit", "", [](const auto& c) { return c.probability_above_limit; }},
      {"label in living cells", "fraction", [](const auto& c) { return c.live_label_fraction; }},
      {"label per living cell", "mBq", [](const auto& c) { return c.label_per_live_cell_bq; },
       1e-3},
      {"expansion", "", [](const auto& c) { return c.expansion; }}};
  const auto name = [](const CellEstimate& c) {
    return fmt::format("Scan {} · {} h", c.scan, hours_text(c.hours));
  };
  return tables<CellEstimate>(result.cells, columns,
                              "Living cells of the infused lineage per region.", name);
}

}  // namespace sojourn::report
