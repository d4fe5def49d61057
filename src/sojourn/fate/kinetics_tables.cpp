#include "sojourn/fate/kinetics_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/units/units.h"

namespace sojourn::fate::kinetics {
namespace {

double need(const core::Tsv& table, std::size_t row, const char* column) {
  const auto value = table.number(row, column);
  if (!value) refuse("{}: {}: is missing", table.where(row), column);
  return *value;
}

RegionCurve& curve_of(std::vector<RegionCurve>& all, const std::string& region) {
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.region == region; });
  if (at != all.end()) return *at;
  all.push_back({region, {}, {}, {}});
  return all.back();
}

std::string only_tracer(const core::Tsv& table, const std::string& wanted) {
  std::set<std::string> tracers;
  for (std::size_t row = 0; row < table.rows(); ++row) tracers.insert(table.at(row, "tracer"));
  std::string names;
  for (const auto& tracer : tracers) names += (names.empty() ? "" : ", ") + tracer;
  if (wanted.empty() && tracers.size() == 1) return *tracers.begin();
  if (wanted.empty()) refuse("the table has the tracers {}: choose one", names);
  if (!tracers.count(wanted)) refuse("no tracer \"{}\" in the table (it has {})", wanted, names);
  return wanted;
}

std::vector<RegionCurve> from_activity(const core::Tsv& table, const CurveChoice& choice) {
  const auto tracer = only_tracer(table, choice.tracer);
  std::vector<RegionCurve> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, "tracer") != tracer) continue;
    const double ml = need(table, row, "volume_ml");
    const double duration = need(table, row, "frame_duration_s");
    double start =
        need(table, row, "hours") * units::kSecondsPerHour - duration / 2 - choice.injected_s;
    constexpr double kRounded_s = 1e-2;  // `hours` is printed to seven figures
    if (std::abs(start) < kRounded_s) start = 0;
    if (!(ml > 0)) refuse("{}: volume_ml is {} (it must be positive)", table.where(row), ml);
    auto& curve = curve_of(all, table.at(row, "region"));
    // the same rounding makes neighbours overlap by less than that
    if (!curve.frames.empty() && std::abs(curve.frames.back().end_s() - start) < kRounded_s)
      start = curve.frames.back().end_s();
    curve.frames.push_back({start, duration});
    curve.mean.push_back(need(table, row, "activity_dc_bq") / ml);
    const auto noise = table.number(row, "noise_bq"), now = table.number(row, "activity_bq");
    if (noise && now && *now > 0) curve.sd.push_back(*noise / *now * std::abs(curve.mean.back()));
  }
  return all;
}

std::vector<RegionCurve> from_plain(const core::Tsv& table, const CurveChoice& choice) {
  const bool named = table.find("region").has_value(), spread = table.find("sd").has_value();
  std::vector<RegionCurve> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto& curve = curve_of(all, named ? table.at(row, "region") : choice.region);
    curve.frames.push_back(
        {need(table, row, "start_s") - choice.injected_s, need(table, row, "duration_s")});
    curve.mean.push_back(need(table, row, "value"));
    constexpr double kNoWeight = std::numeric_limits<double>::infinity();
    if (spread) curve.sd.push_back(table.number(row, "sd").value_or(kNoWeight));
  }
  return all;
}

const char* column_of(const core::Tsv& table, const char* own, const char* bids) {
  if (table.find(own)) return own;
  return table.find(bids) ? bids : nullptr;
}

/// Samples of one column; none where the table lacks it or nothing was measured.
std::optional<Curve> samples(const core::Tsv& table, const char* time, const char* column,
                             double factor) {
  if (column == nullptr) return std::nullopt;
  Curve curve;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto value = table.number(row, column);
    if (!value) continue;
    const double time_s = need(table, row, time);
    constexpr double kLongest_s = 100 * units::kSecondsPerDay;  // no tracer is followed longer
    if (!(std::abs(time_s) <= kLongest_s))
      refuse("{}: {}: {} s is over 100 days", table.where(row), time, time_s);
    curve.time_s.push_back(time_s);
    curve.value.push_back(*value * factor);
  }
  if (curve.time_s.empty()) return std::nullopt;
  check(curve, column);
  return curve;
}

/// What was drawn.
struct Sampled {
  std::optional<Curve> plasma, blood, parent;
};

Sampled sampled_in(const core::Tsv& table, double factor) {
  if (table.rows() == 0) refuse("the table of blood samples has no row");
  const char* time = column_of(table, "time_s", "time");
  if (time == nullptr) refuse("{}: no column time_s (or time, as BIDS has it)", table.where(0));
  const auto of = [&](const char* own, const char* bids, double by) {
    return samples(table, time, column_of(table, own, bids), by);
  };
  return {of("plasma", "plasma_radioactivity", factor),
          of("blood", "whole_blood_radioactivity", factor),
          of("parent_fraction", "metabolite_parent_fraction", 1)};
}

}  // namespace

std::vector<RegionCurve> region_curves(const core::Tsv& table, const CurveChoice& choice) {
  if (table.rows() == 0) refuse("the table of curves has no row");
  auto all =
      table.find("activity_dc_bq") ? from_activity(table, choice) : from_plain(table, choice);
  for (auto& curve : all) {
    try {
      check(curve.frames);
    } catch (Error& e) {
      throw e.within(curve.region);
    }
    const bool usable =
        curve.sd.size() == curve.mean.size() &&
        std::all_of(curve.sd.begin(), curve.sd.end(), [](double sd) { return sd > 0; });
    if (!usable) curve.sd.clear();
  }
  return all;
}

BloodInput blood_input(const core::Tsv& table, double factor) {
  const auto sampled = sampled_in(table, factor);
  const auto& [plasma, blood, parent] = sampled;
  if (!plasma && !blood)
    refuse("{}: neither plasma nor blood was sampled (columns plasma, blood)", table.where(0));
  BloodInput result;
  if (!plasma) result.warnings.emplace_back("plasma was not sampled: taken as whole blood");
  if (!blood) result.warnings.emplace_back("whole blood was not sampled: taken as plasma");
  if (!parent) result.warnings.emplace_back("no parent fraction: all activity is taken as parent");
  const Curve& total = plasma ? *plasma : *blood;
  result.input.plasma = parent ? parent_plasma(total, *parent) : total;
  result.input.blood = blood ? *blood : *plasma;
  return result;
}

BloodInput image_input(const RegionCurve& pool, double recovery, const core::Tsv* samples,
                       double factor) {
  BloodInput result;
  result.warnings.emplace_back(
      "input from the image: whole blood taken as plasma, spill-in not modelled");
  Sampled sampled;
  std::vector<BloodSample> drawn;
  if (samples != nullptr) {
    sampled = sampled_in(*samples, factor);
    if (!sampled.blood)
      refuse("{}: no sample of whole blood to scale the image by (column blood)",
             samples->where(0));
    for (std::size_t i = 0; i < sampled.blood->time_s.size(); ++i)
      drawn.push_back({sampled.blood->time_s[i], sampled.blood->value[i], 1});
  } else {
    result.warnings.emplace_back("no blood was drawn: the input's size is the image's");
  }
  result.input.blood = image_derived_blood(pool.frames, pool.mean, recovery, drawn).blood;
  if (sampled.parent)
    result.input.plasma = parent_plasma(result.input.blood, *sampled.parent);
  else
    result.input.plasma = result.input.blood;
  if (!sampled.parent)
    result.warnings.emplace_back("no parent fraction: all activity is taken as parent");
  return result;
}

}  // namespace sojourn::fate::kinetics
