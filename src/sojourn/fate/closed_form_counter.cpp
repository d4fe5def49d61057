#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/fate/draws.h"
#include "sojourn/fate/given.h"
#include "sojourn/fate/observe.h"
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
  std::vector<double> cells, live_fraction, label_per_cell, expansion;  // by draw
  std::size_t above = 0;
};

/// The rows of one region in the order of time: what died in a region stays with it.
struct Track {
  std::vector<std::size_t> rows;  ///< indices into all rows
};

/// Every draw of every world with what was given.
struct Worlds {
  std::vector<World> worlds;
  std::map<double, std::vector<Moment>> moments;  ///< by time
};

/// All draws of one region, a sample for each of its rows.
std::vector<Sample> draw_track(const Track& track, const std::vector<Row>& rows,
                               const Worlds& known, const Given& given, std::uint64_t seed) {
  const Discrepancy spread;
  std::vector<Sample> samples(track.rows.size());
  const bool followed = given.doses.size() == 1;
  for (std::size_t k = 0; k < known.worlds.size(); ++k) {
    DebrisHistory history = history_of(known.worlds[k], given, rows[track.rows.front()].region);
    for (std::size_t n = 0; n < track.rows.size(); ++n) {
      const std::size_t index = track.rows[n];
      const Row& row = rows[index];
      const Moment& moment = known.moments.at(row.t_s)[k];
      core::Random own(seed, stream(kRowStreams, index, k));
      core::Random scan(
          seed, stream(kCalibrationStreams, static_cast<std::size_t>(row.measured->scan), k));
      const double label = draw_label(row, scan.normal(), own);
      const Departure departure{std::exp(spread.debris * own.normal()),
                                std::exp(spread.free * own.normal())};
      const double age_s = followed ? std::max(0.0, row.t_s - given.doses.front().at_s) : 0;
      const DebrisBalance debris = followed ? history.at(age_s) : mean_debris(moment.amounts);
      const RegionDraw r = region_in(moment, row.region, label, departure, debris,
                                     std::exp(spread.label_per_cell * own.normal()));
      if (followed) history.record(age_s, r.live_bq);
      Sample& s = samples[n];
      s.cells.push_back(r.cells);
      s.live_fraction.push_back(r.label_bq > 0 ? r.live_bq / r.label_bq : 0);
      s.label_per_cell.push_back(r.label_per_cell_bq);
      s.expansion.push_back(moment.expansion);
      const auto& limit_bq = row.measured->detection_limit_bq;
      if (limit_bq && r.live_bq * row.decay > *limit_bq) ++s.above;
    }
  }
  return samples;
}

CellEstimate estimate(const Row& row, Sample s, double naive_bq_per_cell) {
  const Measurement& m = *row.measured;
  const std::optional<double>& limit_bq =
      m.detection_limit_bq;  // corrected for recovery, as the activity
  CellEstimate e;
  e.scan = m.scan;
  e.hours = m.hours;
  e.region = m.region;
  const std::size_t n_draws = s.cells.size();
  e.cells_lo95 = numerics::quantile(s.cells, 0.025);
  e.cells_hi95 = numerics::quantile(s.cells, 0.975);
  e.cells = numerics::quantile(std::move(s.cells), 0.5);
  e.cells_naive = m.activity_bq / row.decay / naive_bq_per_cell;
  e.live_label_fraction = numerics::quantile(std::move(s.live_fraction), 0.5);
  e.label_per_live_cell_bq = numerics::quantile(std::move(s.label_per_cell), 0.5) * row.decay;
  e.expansion = numerics::quantile(std::move(s.expansion), 0.5);
  if (limit_bq && e.label_per_live_cell_bq > 0)
    e.detection_limit_cells = *limit_bq / e.label_per_live_cell_bq;
  if (limit_bq)
    e.probability_above_limit = static_cast<double>(s.above) / static_cast<double>(n_draws);
  return e;
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
    warnings.push_back(fmt::format(
        "no cells are counted in regions without a role (the model cannot tell what their label "
        "is): {}; give each a role in [regions]",
        joined(roleless)));
  }
  return rows;
}

/// Every world at every time of the rows: regions of one scan share them.
Worlds worlds_of(const Knowledge& known, const std::vector<Row>& rows, std::uint64_t seed) {
  Worlds all;
  all.worlds.resize(kDraws);
  core::parallel_for(kDraws, [&](std::size_t k) {
    all.worlds[k] = draw_world(known.belief, known.given, GivenSpread{}, seed, k);
  });
  for (const auto& row : rows) {
    auto [at, fresh] = all.moments.try_emplace(row.t_s);
    if (!fresh) continue;
    std::vector<Moment>& here = at->second;
    here.resize(kDraws);
    core::parallel_for(
        kDraws, [&](std::size_t k) { here[k] = moment_of(all.worlds[k], known.given, row.t_s); });
  }
  return all;
}

/// Rows by region, each in the order of time.
std::vector<Track> tracks_of(const std::vector<Row>& rows) {
  std::map<std::string, Track> by_region;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    by_region[rows[i].measured->region].rows.push_back(i);
  }
  std::vector<Track> tracks;
  for (auto& [region, track] : by_region) {
    std::stable_sort(track.rows.begin(), track.rows.end(),
                     [&](std::size_t a, std::size_t b) { return rows[a].t_s < rows[b].t_s; });
    tracks.push_back(std::move(track));
  }
  return tracks;
}

class ClosedFormCounter final : public CellCounter {
 public:
  [[nodiscard]] CountResult count(const CountRequest& request) const override {
    SOJOURN_EXPECT(request.study != nullptr && request.measurements != nullptr);
    CountResult result;
    result.model = "label and cells with constant rates, closed form, version 2";
    Knowledge known = knowledge_of(request, result.warnings);
    known.belief = with_assays(known.belief, known.retention, known.growth);
    result.citations = known.citations;
    result.parameters = describe(known.belief);
    for (const auto& parameter : describe(known.given)) result.parameters.push_back(parameter);

    const std::vector<Row> rows = rows_of(request, result.warnings);
    const double naive_bq_per_cell =
        known.given.injected_bq / central_world(known.belief, known.given).start.cells;
    const Worlds worlds = worlds_of(known, rows, request.seed);
    const std::vector<Track> tracks = tracks_of(rows);
    result.rows.resize(rows.size());
    core::parallel_for(tracks.size(), [&](std::size_t t) {
      auto samples = draw_track(tracks[t], rows, worlds, known.given, request.seed);
      for (std::size_t n = 0; n < samples.size(); ++n) {
        const std::size_t i = tracks[t].rows[n];
        result.rows[i] = estimate(rows[i], std::move(samples[n]), naive_bq_per_cell);
      }
    });
    return result;
  }
};

}  // namespace

std::unique_ptr<CellCounter> closed_form_counter() { return std::make_unique<ClosedFormCounter>(); }

}  // namespace sojourn::fate
