#include "sojourn/fate/body_signal.h"

#include <cmath>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/probe_kinetics.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::fate {
namespace {

constexpr double kCellDensity_g_per_mm3 = 1.05e-3;  // usual for cells
constexpr double kAvogadro = 6.02214076e23;         // SI, exact
constexpr double kTrace_nm = 1e-3;                  // too little to saturate any target

bool large(const SignalSetting& s) { return s.species == "human" || s.species == "macaque"; }

/// The field of the species' size, else the other.
const catalogue::Field& of_size(const catalogue::Field& mouse, const catalogue::Field& human,
                                const SignalSetting& s) {
  return large(s) ? (human ? human : mouse) : (mouse ? mouse : human);
}

double injected_bq(const catalogue::Field& mouse, const catalogue::Field& human,
                   const SignalSetting& s) {
  if (s.injected_bq) return *s.injected_bq;
  const auto& usual = of_size(mouse, human, s);
  if (!usual) refuse("no usual activity is known: state the injected activity");
  return usual->value;
}

double decay(const catalogue::Method& method, double t_s) {
  return nuclide::decay_factor(t_s, nuclide::find(method.nuclide).half_life_s);
}

CellSignal of_reporter(const catalogue::Method& method, const catalogue::ReporterGene& m,
                       const catalogue::Cell& cell, const SignalSetting& s) {
  const double given = injected_bq(m.injected_activity_mouse_bq, m.injected_activity_human_bq, s) *
                       decay(method, m.imaging_time_s->value);
  return {"Bq", false, m.cell_suv->of(cell.kin).value * given / s.body_mass_g * cell_mass_g(cell),
          0};
}

CellSignal of_probe(const catalogue::Method& method, const catalogue::Probe& m,
                    const catalogue::Cell& cell, const SignalSetting& s) {
  const auto& vector = catalogue::vector(method.vector);
  const auto* marker = cell.marker(method.target);
  if (marker == nullptr || !(marker->copies.value > 0))
    refuse("{} do not bear {} (or its number is unknown)", cell.name,
           catalogue::target(method.target).name);
  const double injected =
      injected_bq(m.injected_activity_mouse_bq, m.injected_activity_human_bq, s);
  const double delay = m.imaging_time_s->value;
  const auto& mass = of_size(m.injected_mass_mouse_g, m.injected_mass_human_g, s);
  const double litres = s.body_mass_g * 1e-3;
  double mol = kTrace_nm * 1e-9 * litres;
  if (mass)
    mol = mass->value / vector.parameters.molar_mass_g_per_mol->value;
  else if (m.molar_activity_bq_per_mol)
    mol = injected / m.molar_activity_bq_per_mol->value;
  const auto k = kinetics_of(method, vector, s.blood_fraction);
  const double occupied = occupancy(k, mol * 1e9 / litres, delay);
  return {"Bq", false,
          marker->copies.value * occupied / kAvogadro * injected / mol * decay(method, delay), 0};
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
  return live > 0 ? signal.per_cell * start.total_cells() / live : 0;
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

double signal_per_cell(const CellSignal& signal, const BodyState& start, const BodyState& now,
                       double t_s) {
  if (!signal.carried) return signal.per_cell;
  const double cells = now.total_cells();
  if (!(cells > 0)) return 0;
  return per_label(signal, start) * now.total_live() / cells * label_now(signal, t_s);
}

std::vector<double> site_signal(const CellSignal& signal, const BodyModel& model,
                                const BodyState& start, const BodyState& now, double t_s) {
  std::vector<double> all(model.sites.size());
  const double unit = signal.carried ? per_label(signal, start) * label_now(signal, t_s) : 0;
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
