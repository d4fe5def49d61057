#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/catalogue/rows.h"
#include "sojourn/fate/body_course.h"
#include "sojourn/fate/body_tables.h"

/// A body of the catalogue's cells and label and of the tables' traffic.
namespace sojourn::fate {

/// Who is infused, and what the request states itself.
struct BodySetting {
  std::string species = "mouse";
  std::string route = "iv";  ///< iv | ip | intratumoral | intranodal | intracranial
  int tumours = 0;           ///< ids tumour, tumour-2…; an intratumoral route has one at least
  std::optional<double> division_per_s, death_per_s;  ///< none: the catalogue's
};

struct Body {
  BodyModel model;
  std::string cells_class;         ///< cells that move alike
  std::vector<double> entry;       ///< per site, sum 1: where living cells start
  std::vector<double> dead_entry;  ///< where the label of cells infused dead starts
  bool carries_label = false;      ///< the method's label is in the cells when they are given
  std::vector<std::string> citations;
  std::vector<std::string> warnings;
};

/// The routes that a body knows.
[[nodiscard]] const std::vector<std::string>& body_routes();

/// Methods without a label of their own in the cells (reporters, probes, light of a gene) give the
/// body of the cells alone: no label enters it.
/// @throws Error(bad_input) for notes and therapies, unknown species and routes.
[[nodiscard]] Body make_body(const catalogue::Method& method, const catalogue::Cell& cell,
                             const BodySetting& setting,
                             const BodyTables& tables = BodyTables::shipped());

/// A dose of cells: what was counted and measured before it.
struct BodyDose {
  double cells = 1;           ///< all that enter
  double viability = 1;       ///< living part of them
  double label = 1;           ///< activity, or 1
  double bound_fraction = 1;  ///< of the label, in cells; shared by living and dead ones alike
};

[[nodiscard]] BodyState start_of(const Body& body, const BodyDose& dose);

}  // namespace sojourn::fate
