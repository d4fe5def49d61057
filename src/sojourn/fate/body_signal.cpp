#include "sojourn/fate/body_signal.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/probe_kinetics.h"
#include "sojourn/fate/usual_activity.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::fate {
namespace {

constexpr double kCellDensity_g_per_mm3 = 1.05e-3;  // usual for cells
constexpr double kAvogadro = 6.02214076e23;         // SI, exact
constexpr double kTrace_nm = 1e-3;                  // too little to saturate any target

double injected_bq(const catalogue::Method& method, const SignalSetting& s) {
  if (s.injected_bq) return *s.injected_bq;
  const auto usual = usual_activity(method, s.species, s.body_mass_g);
  if (!usual) refuse("no activity of {} is known for the {}", method.id, s.species);
  return usual->bq;
}

double decay(const catalogue::Method& method, double t_s) {
  return nuclide::decay_factor(t_s, nuclide::find(method.nuclide).half_life_s);
}

CellSignal of_reporter(const catalogue::Method& method, const catalogue::ReporterGene& m,
                       const catalogue::Cell& cell, const SignalSetting& s) {
  const double given = injected_bq(method, s) * decay(method, m.imaging_time_s->value);
  return {"Bq", false, m.cell_suv->of(cell.kin).value * given / s.body_mass_g * cell_mass_g(cell),
          0};
}

/// Amount of probe: its usual mass, else what its molar activity says, else a usual one or a trace;
/// never less than the nuclide's own atoms.
double injected_mol(const catalogue::Method& method, const catalogue::Probe& m, double injected_bq,
                    const SignalSetting& s) {
  const bool large = s.species == "human" || s.species == "macaque";
  const auto& mass = large ? m.injected_mass_human_g : m.injected_mass_mouse_g;
  const double least =
      injected_bq * nuclide::find(method.nuclide).half_life_s / (std::log(2.0) * kAvogadro);
  if (mass) {
    const auto& vector = catalogue::vector(method.vector);
    return std::max(least, mass->value / vector.parameters.molar_mass_g_per_mol->value);
  }
  if (m.molar_activity_bq_per_mol)
    return std::max(least, injected_bq / m.molar_activity_bq_per_mol->value);
  if (s.usual_bq_per_mol) return std::max(least, injected_bq / *s.usual_bq_per_mol);
  return std::max(least, kTrace_nm * 1e-9 * s.body_mass_g * 1e-3);
}

CellSignal of_probe(const catalogue::Method& method, const catalogue::Probe& m,
                    const catalogue::Cell& cell, const SignalSetting& s) {
  const auto* marker = cell.marker(method.target);
  if (marker == nullptr || !(marker->copies.value > 0))
    refuse("{} do not bear {} (or its number is unknown)", cell.name,
           catalogue::target(method.target).name);
  const double injected = injected_bq(method, s);
  const double mol = injected_mol(method, m, injected, s);
  const double nm_per_suv = mol * 1e9 / (s.body_mass_g * 1e-3);  // nmol per litre of body
  const double delay = m.imaging_time_s->value;
  const auto k = kinetics_of(method, catalogue::vector(method.vector), s.blood_fraction);
  const double bound_mol = marker->copies.value * occupancy(k, nm_per_suv, delay) / kAvogadro;
  return {"Bq", false, bound_mol * injected / mol * decay(method, delay), 0};
}

CellSignal of_magnetic_label(const catalogue::MagneticLabel& m, const catalogue::Cell& cell,
                             const SignalSetting& s) {
  const auto& amount = m.fluorine_per_cell ? m.fluorine_per_cell : m.iron_per_cell_g;
  if (!amount && !s.label_per_cell) refuse("the row has neither iron nor fluorine per cell");
  return {m.fluorine_per_cell ? "19F atoms" : "g", true,
          s.label_per_cell ? *s.label_per_cell : amount->of(cell.kin).value, 0};
}

double label_now(const CellSignal& signal, double t_s) {
  return signal.half_life_s > 0 ? nuclide::decay_factor(t_s, signal.half_life_s) : 1;
}

/// Signal of a unit of the body's label, by what a living cell carried at the start.
double per_label(const CellSignal& signal, const BodyState& start) {
  const double live = start.total_live();
  return signal.carried && live > 0 ? signal.per_cell * start.total_cells() / live : 0;
}

}  // namespace

double cell_mass_g(const catalogue::Cell& cell) {
  return std::numbers::pi / 6 * std::pow(cell.parameters.diameter_mm->value, 3) *
         kCellDensity_g_per_mm3;
}

CellSignal cell_signal_of(const catalogue::Method& method, const catalogue::Cell& cell,
                          const SignalSetting& s) {
  method.must_be_usable();
  if (const auto* m = method.get<catalogue::ExVivoLabel>()) {
    const double usual = m->activity_per_million_bq->of(cell.kin).value / 1e6;
    return {"Bq", true, s.label_per_cell.value_or(usual),
            nuclide::find(method.nuclide).half_life_s};
  }
  if (const auto* m = method.get<catalogue::ReporterGene>())
    return of_reporter(method, *m, cell, s);
  if (const auto* m = method.get<catalogue::Probe>()) return of_probe(method, *m, cell, s);
  if (const auto* m = method.get<catalogue::MagneticLabel>()) return of_magnetic_label(*m, cell, s);
  if (const auto* m = method.get<catalogue::MagneticReporter>())
    return {"g", false,
            m->iron_per_cell_g->of(cell.kin).value * m->relaxivity_fraction->of(cell.kin).value, 0};
  if (const auto* m = method.get<catalogue::Optical>()) {
    if (!m->photons_per_cell_per_s) refuse("\"{}\" has no photons per cell", method.id);
    return {"1/s", m->efflux_per_s.has_value(), m->photons_per_cell_per_s->of(cell.kin).value, 0};
  }
  refuse("\"{}\" shows the metabolism of every cell: it cannot tell infused ones", method.id);
}

double probe_nm_per_suv(const catalogue::Method& method, const SignalSetting& setting) {
  const double mol = injected_mol(method, method.probe(), injected_bq(method, setting), setting);
  return mol * 1e9 / (setting.body_mass_g * 1e-3);
}

double signal_per_label(const CellSignal& signal, const BodyState& start, double t_s) {
  return per_label(signal, start) * label_now(signal, t_s);
}

double signal_per_cell(const CellSignal& signal, const BodyState& start, const BodyState& now,
                       double t_s) {
  if (!signal.carried) return signal.per_cell;
  const double cells = now.total_cells();
  if (!(cells > 0)) return 0;
  return signal_per_label(signal, start, t_s) * now.total_live() / cells;
}

std::vector<double> site_signal(const CellSignal& signal, const BodyModel& model,
                                const BodyState& start, const BodyState& now, double t_s) {
  std::vector<double> all(model.sites.size());
  const double unit = signal_per_label(signal, start, t_s);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!signal.carried) {
      all[i] = now.cells[i] * signal.per_cell;
      continue;
    }
    double label = now.live[i] + now.debris[i] + (i == 0 ? now.free : 0);
    for (std::size_t k = 0; k < model.sinks.size(); ++k)
      if (model.sinks[k].id == model.sites[i].id) label += now.held[k];
    all[i] = unit * label;
  }
  return all;
}

}  // namespace sojourn::fate
