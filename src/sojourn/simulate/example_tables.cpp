#include <cmath>

#include "sojourn/core/random.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/simulate/example_parts.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

using core::format_number;

// Streams of the assays, apart from each other and from the scans'.
constexpr std::uint64_t kRetention = 101, kGrowth = 102, kBiodistribution = 103;

double measured(double truth, double relative_sd, core::Random& random, bool noise) {
  return noise ? truth * std::exp(relative_sd * random.normal()) : truth;
}

/// hours, value, sd at several days of a culture whose value grows as exp(rate t).
std::string culture(const char* column, double rate_per_h, std::uint64_t seed, std::uint64_t stream,
                    bool noise) {
  constexpr double kRelativeSd = 0.04;  // spread of a count or of a well counter: assumption
  core::Random random(seed, stream);
  core::Tsv table({"hours", column, "sd"});
  for (const double hours : {24.0, 48.0, 72.0, 96.0}) {
    const double value = measured(std::exp(rate_per_h * hours), kRelativeSd, random, noise);
    table.add(
        {format_number(hours), format_number(value, 5), format_number(kRelativeSd * value, 3)});
  }
  return table.to_text();
}

Holding of_region(const ExampleRegion& region, const Holdings& holdings) {
  Holding sum;
  for (const auto organ : region.organs) sum += holdings[subject::index_of(organ)];
  return sum;
}

}  // namespace

std::string truth_text(const ExampleFacts& facts, const TruthRates& rates,
                       const subject::PerOrgan& volume_ml) {
  core::Tsv table({"scan", "hours", "region", "volume_ml", "activity_bq", "activity_dc_bq",
                   "live_cells", "live_label_bq", "dead_label_bq", "free_label_bq"});
  int number = 0;
  for (const auto& scan : example_scans()) {
    ++number;
    const double hours = scan.mid_hours();
    const double decay = nuclide::decay_factor(hours * units::kSecondsPerHour, facts.half_life_s);
    const Holdings holdings = organ_holdings(example_state(facts, rates, hours), volume_ml);
    const auto row = [&](const std::string& name, double volume, const Holding& in) {
      table.add({std::to_string(number), format_number(hours), name, format_number(volume),
                 format_number(in.label_bq() * decay), format_number(in.label_bq()),
                 format_number(in.cells), format_number(in.live_bq * decay),
                 format_number(in.debris_bq * decay), format_number(in.free_bq * decay)});
    };
    Holding whole;
    double whole_ml = 0;
    for (const auto& region : example_regions()) {
      const Holding in = of_region(region, holdings);
      double volume = 0;
      for (const auto organ : region.organs) volume += volume_ml[subject::index_of(organ)];
      row(region.name, volume, in);
      whole += in;
      whole_ml += volume;
    }
    row("whole_body", whole_ml, whole);
  }
  return table.to_text();
}

std::string retention_text(const TruthRates& rates, std::uint64_t seed, bool noise) {
  return culture("fraction", -(rates.efflux + rates.death), seed, kRetention, noise);
}

std::string growth_text(const TruthRates& rates, std::uint64_t seed, bool noise) {
  return culture("fold", rates.division - rates.death, seed, kGrowth, noise);
}

std::string biodistribution_text(const ExampleFacts& facts, const TruthRates& rates,
                                 const subject::PerOrgan& volume_ml, std::uint64_t seed,
                                 bool noise) {
  constexpr double kRelativeSd = 0.05;  // weighing and well counter: assumption
  const double hours = example_scans().back().start_hours + 1;
  core::Random random(seed, kBiodistribution);
  const Holdings holdings = organ_holdings(example_state(facts, rates, hours), volume_ml);
  core::Tsv table({"hours", "region", "fraction", "sd"});
  for (const auto& region : example_regions()) {
    if (region.name == "body_rest" || region.name == "bladder") continue;
    const double truth = of_region(region, holdings).label_bq() / facts.injected_bq;
    const double value = measured(truth, kRelativeSd, random, noise);
    table.add({format_number(hours), region.name, format_number(value, 5),
               format_number(kRelativeSd * value, 3)});
  }
  return table.to_text();
}

}  // namespace sojourn::simulate
