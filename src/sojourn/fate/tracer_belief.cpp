#include "sojourn/fate/tracer_belief.h"

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/nuclide/decay.h"

namespace sojourn::fate {
namespace {

constexpr double kUnknownSuv = 1, kUnknownLnSd = 0.7;          // within a factor of two
constexpr double kResidents_per_ml = 1e6, kResidentsLnSd = 3;  // hardly known: a factor of 20
/// Of a cell's uptake beside the spread of its row: time of imaging, state of the cells.
constexpr double kStateLnSd = 0.3;

/// Spread of what one cell holds, from the fields that it is made of.
double uptake_ln_sd(const catalogue::Method& method, const catalogue::Cell& cell) {
  double relative = 0;
  if (const auto* m = method.get<catalogue::ReporterGene>())
    relative = m->cell_suv->of(cell.kin).relative_sd;
  if (method.get<catalogue::Probe>() != nullptr)
    if (const auto* marker = cell.marker(method.target)) relative = marker->copies.relative_sd;
  return std::hypot(log_normal(1, relative).ln_sd, kStateLnSd);
}

LogNormal background(const catalogue::Method& method, const std::string& species,
                     const records::Measurement& m, double bq_per_ml_of_suv) {
  const catalogue::Sourced* found = nullptr;
  for (const auto& role : m.roles)
    if (found == nullptr) found = method.uptake_of(role, species);
  if (found == nullptr || !(found->value > 0))
    return {kUnknownSuv * bq_per_ml_of_suv * m.volume_ml, kUnknownLnSd};
  const double least = 0.3;  // one subject against the mean of a few
  return {found->value * bq_per_ml_of_suv * m.volume_ml,
          std::max(least, log_normal(1, found->relative_sd).ln_sd)};
}

}  // namespace

bool shows_cells(const catalogue::Method& method) {
  return method.kind == "method" && (method.get<catalogue::ReporterGene>() != nullptr ||
                                     method.get<catalogue::Probe>() != nullptr);
}

std::string bearer_of(const catalogue::Method& method) {
  for (const auto& id : method.cells)
    if (catalogue::cell(id).marker(method.target) != nullptr) return id;
  return {};
}

TracerBelief tracer_belief(const TracerGiven& tracer, const catalogue::Cell& cell,
                           const std::string& species, double body_mass_g,
                           const std::vector<records::Measurement>& measurements) {
  const auto& method = catalogue::method(tracer.method);
  if (!shows_cells(method))
    refuse("{} shows the metabolism of every cell: no cells are counted by it", method.name);
  if (!(body_mass_g > 0) || !(tracer.injected_bq > 0))
    refuse("subject.body_mass and the activity of {} are needed to count cells by it", tracer.id);
  SignalSetting setting;
  setting.species = species;
  setting.body_mass_g = body_mass_g;
  setting.injected_bq = tracer.injected_bq;
  const CellSignal signal = cell_signal_of(method, cell, setting);
  const auto* reporter = method.get<catalogue::ReporterGene>();
  const auto* probe = method.get<catalogue::Probe>();
  const double imaged_s =
      reporter != nullptr ? reporter->imaging_time_s->value : probe->imaging_time_s->value;
  TracerBelief b;
  b.id = tracer.id;
  b.uptake_per_cell = {signal.per_cell / nuclide::decay_factor(imaged_s, tracer.half_life_s),
                       uptake_ln_sd(method, cell)};
  const double bq_per_ml_of_suv = tracer.injected_bq / body_mass_g;  // a gram is a mL
  for (const auto& m : measurements) {
    if (m.tracer != tracer.id || !(m.volume_ml > 0)) continue;
    b.background[m.region] = background(method, species, m, bq_per_ml_of_suv);
    if (probe != nullptr) b.residents[m.region] = {kResidents_per_ml * m.volume_ml, kResidentsLnSd};
  }
  return b;
}

}  // namespace sojourn::fate
