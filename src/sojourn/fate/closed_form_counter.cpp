#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/draws.h"
#include "sojourn/fate/given.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/numerics/statistics.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

using records::CellEstimate;
using records::Measurement;

constexpr std::size_t kDraws =
    4000;  // the 2.5 % quantile then has a standard error of 0.25 % in probability
// streams of random numbers: worlds count from 0, then calibrations of scans, then rows
constexpr std::uint64_t kCalibrationStreams = std::uint64_t{1} << 32,
                        kRowStreams = std::uint64_t{1} << 48;

/// A row to count: which measurement, and how far a becquerel at its time counts at the infusion.
struct Row {
  const Measurement* measured = nullptr;
  RegionKind region;
  double t_s = 0, decay = 1;  ///< physical decay from the infusion to t_s
};

std::uint64_t stream(std::uint64_t base, std::size_t index, std::size_t draw) {
  return base + static_cast<std::uint64_t>(index) * kDraws + draw;
}

/// The region's label in one draw, without physical decay: noise is its own, calibration that of
/// its scan.
double draw_label(const Row& row, double calibration_z, core::Random& own) {
  const Measurement& m = *row.measured;
  const double noisy = m.activity_bq - m.noise_bq * own.normal();
  const double recovery = std::exp(log_normal(1, m.recovery_relative_sd).ln_sd * own.normal());
  const double calibration =
      std::exp(log_normal(1, m.calibration_relative_sd).ln_sd * calibration_z);
  return noisy / (recovery * calibration * row.decay);
}

struct Sample {
  std::vector<double> cells, live_fraction, label_per_cell, expansion;
  std::size_t above = 0;
};

Sample draw_row(const Row& row, std::size_t index, const std::vector<Moment>& worlds,
                std::uint64_t seed, const std::optional<double>& limit_bq) {
  const Discrepancy spread;
  Sample s;
  for (auto* values : {&s.cells, &s.live_fraction, &s.label_per_cell, &s.expansion})
    values->reserve(kDraws);
  for (std::size_t k = 0; k < worlds.size(); ++k) {
    core::Random own(seed, stream(kRowStreams, index, k));
    core::Random scan(seed,
                      stream(kCalibrationStreams, static_cast<std::size_t>(row.measured->scan), k));
    const double label = draw_label(row, scan.normal(), own);
    const Departure departure{std::exp(spread.debris * own.normal()),
                              std::exp(spread.free * own.normal())};
    const RegionDraw r = region_in(worlds[k], row.region, label, departure,
                                   std::exp(spread.label_per_cell * own.normal()));
    s.cells.push_back(r.cells);
    s.live_fraction.push_back(r.label_bq > 0 ? r.live_bq / r.label_bq : 0);
    s.label_per_cell.push_back(r.label_per_cell_bq);
    s.expansion.push_back(worlds[k].expansion);
    if (limit_bq && r.live_bq * row.decay > *limit_bq) ++s.above;
  }
  return s;
}

CellEstimate estimate(const Row& row, std::size_t index, const std::vector<Moment>& worlds,
                      const CountRequest& request, double naive_bq_per_cell) {
  const Measurement& m = *row.measured;
  const std::optional<double>& limit_bq =
      m.detection_limit_bq;  // corrected for recovery, as the activity
  Sample s = draw_row(row, index, worlds, request.seed, limit_bq);
  CellEstimate e;
  e.scan = m.scan;
  e.hours = m.hours;
  e.region = m.region;
  e.cells_lo95 = numerics::quantile(s.cells, 0.025);
  e.cells_hi95 = numerics::quantile(s.cells, 0.975);
  e.cells = numerics::quantile(std::move(s.cells), 0.5);
  e.cells_naive = m.activity_bq / row.decay / naive_bq_per_cell;
  e.live_label_fraction = numerics::quantile(std::move(s.live_fraction), 0.5);
  e.label_per_live_cell_bq = numerics::quantile(std::move(s.label_per_cell), 0.5) * row.decay;
  e.expansion = numerics::quantile(std::move(s.expansion), 0.5);
  if (limit_bq && e.label_per_live_cell_bq > 0)
    e.detection_limit_cells = *limit_bq / e.label_per_live_cell_bq;
  e.probability_above_limit =
      limit_bq ? static_cast<double>(s.above) / static_cast<double>(worlds.size())
               : (e.cells_lo95 > 0 ? 1.0 : 0.0);
  return e;
}

bool names_whole_body(const std::string& region) {
  return region == "whole_body" || region == "body" || region == "total";
}

std::vector<Row> rows_of(const CountRequest& request, std::vector<std::string>& warnings) {
  std::vector<Row> rows;
  std::set<std::string> roleless;
  bool early = false;
  for (const auto& m : *request.measurements) {
    if (m.tracer != "label") continue;
    const bool whole = names_whole_body(m.region);
    if (m.roles.empty() && !whole) {
      roleless.insert(m.region);
      continue;
    }
    const double t_s = m.hours * units::kSecondsPerHour;
    if (t_s < 0) {
      early = true;
      continue;
    }
    rows.push_back({&m,
                    {whole, m.roles, m.role_fraction},
                    t_s,
                    nuclide::decay_factor(t_s, request.half_life_s)});
  }
  if (early)
    warnings.push_back("a label scan lies before the infusion: no cells are counted in it");
  if (!roleless.empty()) {
    std::string names;
    for (const auto& name : roleless) names += (names.empty() ? "" : ", ") + name;
    warnings.push_back(fmt::format(
        "no cells are counted in regions without a role (the model cannot tell what their label "
        "is): {}; give each a role in [regions]",
        names));
  }
  return rows;
}

/// Every world at every time of the rows: regions of one scan share them.
std::map<double, std::vector<Moment>> moments_of(const Knowledge& known,
                                                 const std::vector<Row>& rows, std::uint64_t seed) {
  std::vector<World> worlds(kDraws);
  core::parallel_for(kDraws, [&](std::size_t k) {
    worlds[k] = draw_world(known.belief, known.given, GivenSpread{}, seed, k);
  });
  std::map<double, std::vector<Moment>> moments;
  for (const auto& row : rows) {
    auto [at, fresh] = moments.try_emplace(row.t_s);
    if (!fresh) continue;
    std::vector<Moment>& here = at->second;
    here.resize(kDraws);
    core::parallel_for(
        kDraws, [&](std::size_t k) { here[k] = moment_of(worlds[k], known.given, row.t_s); });
  }
  return moments;
}

class ClosedFormCounter final : public CellCounter {
 public:
  [[nodiscard]] CountResult count(const CountRequest& request) const override {
    SOJOURN_EXPECT(request.study != nullptr && request.measurements != nullptr);
    CountResult result;
    result.model = "label and cells with constant rates, closed form, version 1";
    const Knowledge known = knowledge_of(request, result.warnings);
    result.citations = known.citations;
    result.parameters = describe(known.belief);
    for (const auto& parameter : describe(known.given)) result.parameters.push_back(parameter);

    const std::vector<Row> rows = rows_of(request, result.warnings);
    const double naive_bq_per_cell =
        known.given.injected_bq / central_world(known.belief, known.given).start.cells;
    const auto moments = moments_of(known, rows, request.seed);
    result.rows.resize(rows.size());
    core::parallel_for(rows.size(), [&](std::size_t i) {
      result.rows[i] = estimate(rows[i], i, moments.at(rows[i].t_s), request, naive_bq_per_cell);
    });
    return result;
  }
};

}  // namespace

std::unique_ptr<CellCounter> closed_form_counter() { return std::make_unique<ClosedFormCounter>(); }

}  // namespace sojourn::fate
