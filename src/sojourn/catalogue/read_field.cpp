#include "sojourn/catalogue/read_field.h"

#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"

namespace sojourn::catalogue {
namespace {

using core::TableReader;
using core::Tree;

const std::array<std::string, 3> kBases{"published", "derived", "assumed"};
constexpr double kWidest = 10;                 // relative sd of a log-normal spread
constexpr double kNormal95 = 2 * 1.959963985;  // width of 95 % in standard deviations

/// A number as its field takes it: text with a unit, a plain number, a part of a whole.
double read_number(const TableReader& in, const FieldInfo& info, const std::string& key,
                   const Tree& tree) {
  double value = 0;
  if (info.scale == Scale::quantity) {
    if (tree.kind() != Tree::Kind::string)
      in.fail(key, fmt::format("must be a quantity in quotes with its unit, as \"1.5 {}\"",
                               info.unit()));
    try {
      value = units::parse(tree.text(), info.dimension);
    } catch (Error& e) {
      throw e.within(in.where(key));
    }
  } else {
    if (!tree.is_number()) in.fail(key, "must be a plain number: this field has no unit");
    value = tree.number();
  }
  if (value < 0) in.fail(key, "is negative");
  if (info.scale == Scale::fraction && value > 1) in.fail(key, "is a fraction: between 0 and 1");
  return value;
}

std::string as_written(const Tree& tree) {
  return tree.kind() == Tree::Kind::string ? tree.text() : core::format_number(tree.number());
}

void read_range(TableReader& in, const FieldInfo& info, const std::string& key, Sourced& result) {
  const Tree* range = in.raw("range");
  if (range == nullptr) return;
  if (range->kind() != Tree::Kind::array || range->items().size() != 2)
    in.fail("range", "must be [low, high]");
  result.low = read_number(in, info, "range", range->items()[0]);
  result.high = read_number(in, info, "range", range->items()[1]);
  result.range_text = as_written(range->items()[0]) + " to " + as_written(range->items()[1]);
  if (!(*result.low <= result.value && result.value <= *result.high))
    in.fail("range", fmt::format("does not hold the {}", key));
}

/// Spread: as stated, else from a range taken as 95 % of a log-normal.
void read_spread(TableReader& in, Sourced& result) {
  const auto stated = in.number("relative_sd");
  if (!stated && !result.low)
    in.fail("relative_sd", "is missing: give relative_sd or range = [low, high]");
  if (stated) {
    result.relative_sd = *stated;
  } else if (*result.low > 0) {
    const double ln_sd = std::log(*result.high / *result.low) / kNormal95;
    result.relative_sd = std::sqrt(std::expm1(ln_sd * ln_sd));
  } else {
    result.relative_sd =
        result.value > 0 ? (*result.high - *result.low) / kNormal95 / result.value : 0;
  }
  if (!(result.relative_sd >= 0 && result.relative_sd <= kWidest))
    in.fail("relative_sd", fmt::format("{:.3g} lies outside [0, {}]", result.relative_sd, kWidest));
}

void read_source(TableReader& in, Sourced& result) {
  const auto basis = in.need(in.choice("basis", kBases), "basis");
  result.basis = basis == "published" ? Basis::published
                 : basis == "derived" ? Basis::derived
                                      : Basis::assumed;
  result.citation = in.text("citation").value_or("");
  result.condition = in.text("condition").value_or("");
  result.note = in.text("note").value_or("");
  if (result.basis != Basis::assumed) {
    if (result.citation.empty()) in.fail("citation", "is missing: who states this number?");
    if (result.condition.empty())
      in.fail("condition", "is missing: which cells, species, assay, time?");
  }
  if (result.basis != Basis::published && result.note.empty())
    in.fail("note",
            "is missing: show the arithmetic of a derived number, the reasoning of an "
            "assumed one");
}

}  // namespace

Sourced read_sourced(TableReader& in, const FieldInfo& info, const std::string& key) {
  Sourced result;
  const Tree* tree = in.raw(key);
  if (tree == nullptr) in.fail(key, "is missing");
  result.value = read_number(in, info, key, *tree);
  result.text = as_written(*tree);
  read_range(in, info, key, result);
  read_spread(in, result);
  read_source(in, result);
  for (auto& other : in.tables("for")) {
    ForCells one{other.need(other.text("cells"), "cells"), read_sourced(other, info, key)};
    other.finish();
    result.for_cells.push_back(std::move(one));
  }
  return result;
}

}  // namespace sojourn::catalogue
