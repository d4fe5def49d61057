#include "sojourn/dose/cell_effect.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tsv.h"

namespace sojourn::dose {
namespace {

constexpr double kHarmlessSurvival = 0.9;  // and 1/e for harm: the dose D37 itself
constexpr double kBqPerKbq = 1000, kMillion = 1e6;

core::Tsv read(const std::string& name) {
  const auto path = core::data_dir() / "dose" / "radiosensitivity_2026" / name;
  return core::Tsv::parse(core::read_file(path, 1 << 20), name);
}

std::vector<Sensitivity> read_rows() {
  const auto table = read("sensitivity.tsv");
  std::vector<Sensitivity> rows;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "use") != "model") continue;
    const auto low = table.number(i, "d37_low_gy"), high = table.number(i, "d37_high_gy");
    if (!low || !high || !(*low > 0) || *high < *low)
      refuse("{}: d37_low_gy and d37_high_gy must ascend from over 0", table.where(i));
    rows.push_back({table.at(i, "cells"), table.at(i, "species"), table.at(i, "state"),
                    table.at(i, "endpoint"), table.at(i, "citation"), table.at(i, "note"), *low,
                    *high});
  }
  return rows;
}

const std::vector<Sensitivity>& rows() {
  static const auto all = read_rows();
  return all;
}

bool fits(const std::string& row, const std::string& cells) {
  if (row == cells || row == "lymphocyte") return true;
  return row == "t" && (cells == "cd4-t" || cells == "cd8-t");
}

}  // namespace

std::vector<std::string> sensitivity_cells() {
  std::set<std::string> names;
  for (const auto& row : rows()) names.insert(row.cells);
  return {names.begin(), names.end()};
}

SensitivityRange sensitivity_of(const std::string& cells, const std::string& state) {
  const auto known = sensitivity_cells();
  if (std::find(known.begin(), known.end(), cells) == known.end())
    refuse("no radiosensitivity of \"{}\" is known{}", cells, core::suggestion(cells, known));
  const std::array<std::string, 3> states{"resting", "stimulated", "any"};
  if (std::find(states.begin(), states.end(), state) == states.end())
    refuse("\"{}\" is no state of a cell; write resting, stimulated or any", state);
  SensitivityRange range;
  for (const auto& row : rows()) {
    const bool same_state = state == "any" || row.state == "any" || row.state == state;
    if (!fits(row.cells, cells) || !same_state) continue;
    const bool first = range.rows.empty();
    range.d37_low_gy = first ? row.d37_low_gy : std::min(range.d37_low_gy, row.d37_low_gy);
    range.d37_high_gy = std::max(range.d37_high_gy, row.d37_high_gy);
    range.rows.push_back(row);
  }
  SOJOURN_ENSURE(!range.rows.empty());
  return range;
}

EffectPerGy effect_per_gy(const std::string& quantity) {
  static const auto table = read("effects.tsv");
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "quantity") != quantity) continue;
    const auto low = table.number(i, "low"), high = table.number(i, "high");
    if (!low || !high) refuse("{}: low and high must be numbers", table.where(i));
    return {*low, *high, table.at(i, "citation")};
  }
  refuse("effects.tsv: no effect \"{}\"", quantity);
}

double survival(double dose_gy, double alpha_per_gy, double beta_per_gy2, double protraction) {
  SOJOURN_EXPECT(dose_gy >= 0 && alpha_per_gy >= 0 && beta_per_gy2 >= 0);
  SOJOURN_EXPECT(protraction >= 0 && protraction <= 1);
  return std::exp(-alpha_per_gy * dose_gy - protraction * beta_per_gy2 * dose_gy * dose_gy);
}

double protraction_factor(double decay_per_s, double repair_per_s, double duration_s) {
  SOJOURN_EXPECT(decay_per_s >= 0 && repair_per_s >= 0 && duration_s > 0);
  const double k = decay_per_s, mu = repair_per_s, t = duration_s;
  const auto integral = [&](double rate) {
    return rate * t > 1e-12 ? -std::expm1(-rate * t) / rate : t;
  };
  const double dose = integral(k);
  // ∫ e^(-kt) (e^(-kt) - e^(-mu t))/(mu - k) dt; near mu = k its limit
  // ∫ t e^(-(3k + mu)t/2) dt
  double inner = 0;
  if (std::abs(mu - k) > 1e-4 * (mu + k)) {
    inner = (integral(2 * k) - integral(mu + k)) / (mu - k);
  } else {
    const double r = (3 * k + mu) / 2, x = r * t;
    inner = x > 1e-4 ? (1 - (1 + x) * std::exp(-x)) / (r * r) : t * t / 2;
  }
  return std::clamp(2 * inner / (dose * dose), 0.0, 1.0);
}

LabellingWindow labelling_window(double gy_per_bq, const SensitivityRange& range) {
  if (!(gy_per_bq > 0)) refuse("a dose of {} Gy per Bq is not over 0", gy_per_bq);
  const double harmless_gy = -std::log(kHarmlessSurvival) * range.d37_low_gy;
  const double per_million = kMillion / kBqPerKbq / gy_per_bq;
  return {harmless_gy * per_million, range.d37_high_gy * per_million};
}

}  // namespace sojourn::dose
