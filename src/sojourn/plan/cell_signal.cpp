#include "sojourn/plan/cell_signal.h"

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/plan/constants.h"

namespace sojourn::plan {
namespace {

using catalogue::Cell;
using catalogue::Method;
using records::Basis;

/// The weakest basis of the numbers behind the signal of a cell.
class Basing {
 public:
  explicit Basing(const Cell& cell) : cell_(cell) {}
  void of(const catalogue::Sourced& number) {
    if (number.basis == catalogue::Basis::assumed) basis_ = Basis::assumed;
  }
  void of(const catalogue::Field& field) {
    if (field) of(field->of(cell_.kin));
  }
  void assume() { basis_ = Basis::assumed; }
  [[nodiscard]] Basis basis() const { return basis_; }

 private:
  const Cell& cell_;
  Basis basis_ = Basis::modelled;
};

void probe_basis(const Method& method, const Cell& cell, const Setting& setting, Basing& basing) {
  const auto& m = method.probe();
  basing.of(cell.marker(method.target)->copies);
  basing.of(m.affinity_kd_nm);
  const bool large = setting.species == "human" || setting.species == "macaque";
  const auto& mass = large ? m.injected_mass_human_g : m.injected_mass_mouse_g;
  if (mass)
    basing.of(mass);
  else if (m.molar_activity_bq_per_mol)
    basing.of(m.molar_activity_bq_per_mol);
  else
    basing.assume();
}

Basis signal_basis(const Method& method, const Cell& cell, const Setting& setting, bool carried) {
  Basing basing(cell);
  if (carried) basing.of(cell.parameters.division_per_s);
  if (const auto* m = method.get<catalogue::ExVivoLabel>()) {
    basing.of(cell.parameters.death_per_s);
    basing.of(m->efflux_per_s);
  } else if (const auto* gene = method.get<catalogue::ReporterGene>()) {
    basing.of(gene->cell_suv);
  } else if (method.get<catalogue::Probe>() != nullptr) {
    probe_basis(method, cell, setting, basing);
  } else if (const auto* iron = method.get<catalogue::MagneticReporter>()) {
    basing.of(iron->iron_per_cell_g);
    basing.of(iron->relaxivity_fraction);
  } else if (const auto* label = method.get<catalogue::MagneticLabel>()) {
    basing.of(label->fluorine_per_cell ? label->fluorine_per_cell : label->iron_per_cell_g);
    basing.of(label->efflux_per_s);
  } else if (const auto* light = method.get<catalogue::Optical>()) {
    basing.of(light->photons_per_cell_per_s);
    basing.of(light->tissue_attenuation_per_mm);
    basing.of(light->efflux_per_s);
  }
  return basing.basis();
}

/// Of the tissue around the cells: the region's own, else muscle's, else blood's; none where the
/// row has none of them.
const catalogue::Sourced* tissue_suv(const Method& method, const Setting& setting) {
  for (const auto& organ : {setting.region, std::string("muscle"), std::string("blood")})
    if (const auto* suv = method.uptake_of(organ, setting.species)) return suv;
  return nullptr;
}

/// The question's body: a lesion called tumour is one that cells can enter.
fate::BodySetting body_setting(const Setting& setting) {
  fate::BodySetting body;
  body.species = setting.species;
  body.route = setting.route;
  body.tumours = setting.region == "tumour" ? 1 : 0;
  return body;
}

double tracer_delay_s(const Method& method) {
  if (const auto* gene = method.get<catalogue::ReporterGene>()) return gene->imaging_time_s->value;
  return method.probe().imaging_time_s->value;
}

}  // namespace

fate::SignalSetting signal_setting(const Method& method, const Setting& setting) {
  fate::SignalSetting s;
  s.species = setting.species;
  s.body_mass_g = setting.body_mass_g;
  s.blood_fraction = fate::subject_defaults(setting.species).blood_fraction;
  s.injected_bq = setting.injected_bq;
  s.usual_bq_per_mol = noise_constants().probe_bq_per_mol;
  if (method.get<catalogue::ExVivoLabel>() != nullptr && setting.label_per_million_bq > 0)
    s.label_per_cell = setting.label_per_million_bq / 1e6;
  return s;
}

SignalNow SignalNow::times(double factor) const {
  SignalNow other = *this;
  other.per_cell *= factor;
  if (other.background_bq_per_ml) *other.background_bq_per_ml *= factor;
  return other;
}

struct CellSignal::Parts {
  Setting setting;
  fate::CellSignal signal;
  fate::UsualActivity administered;
  SignalNow now;  ///< what does not change with time
  std::optional<fate::BodyModes> modes;
  fate::BodyState start;
  bool radioactive_label = false;

  void take_tracer(const Method& method);
  void take_body(const Method& method, const Cell& cell);
  [[nodiscard]] double background(const fate::BodyState& state, double t_s) const;
};

/// Given before each scan: the signal does not depend on when the cells came.
void CellSignal::Parts::take_tracer(const Method& method) {
  const auto usual = fate::usual_activity(method, setting.species, setting.body_mass_g);
  administered = setting.injected_bq ? fate::UsualActivity{*setting.injected_bq, false} : *usual;
  const double at_scan =
      nuclide::decay_factor(tracer_delay_s(method), nuclide::find(method.nuclide).half_life_s);
  now.background_bq_per_ml.reset();
  if (const auto* suv = tissue_suv(method, setting)) {
    now.background_bq_per_ml = administered.bq * at_scan / setting.body_mass_g * suv->value;
    if (suv->basis == catalogue::Basis::assumed) now.background_basis = Basis::assumed;
  }
}

void CellSignal::Parts::take_body(const Method& method, const Cell& cell) {
  const auto body = fate::make_body(method, cell, body_setting(setting));
  radioactive_label = method.get<catalogue::ExVivoLabel>() != nullptr;
  if (radioactive_label) administered = {signal.per_cell * setting.infused_cells, false};
  const double label = radioactive_label ? administered.bq : 1;
  start = fate::start_of(body, {setting.infused_cells, setting.viability, label, 1});
  modes.emplace(body.model);
  // where cells and their remains go rests on assumptions in part, in every class of cells
  if (radioactive_label) now.background_basis = Basis::assumed;
}

/// Label around the living cells that are looked for: debris and free label of the organ over its
/// mass (of a tumour, over the region's volume), and what other tissue and plasma hold, over the
/// body's. Living cells are what is counted, wherever they are.
double CellSignal::Parts::background(const fate::BodyState& state, double t_s) const {
  const auto& model = modes->model();
  const auto own = fate::region_label(model, state, setting.region);
  const auto rest = fate::region_label(model, state, "rest");
  const double mass_g = setting.body_mass_g, in_plasma = state.free / mass_g;
  const auto fraction = fate::organ_fraction(setting.species, setting.region);
  const double here = own.debris + own.free, elsewhere = (rest.debris + rest.free) / mass_g;
  double density = 0;
  if (setting.region == "blood")
    density = here / (fate::subject_defaults(setting.species).blood_fraction * mass_g);
  else if (setting.region == "tumour")
    density = here / setting.region_ml + elsewhere + in_plasma;
  else if (own.shared || !fraction)
    density = elsewhere + in_plasma;
  else
    density = here / (*fraction * mass_g) + in_plasma;
  return density * fate::signal_per_label(signal, start, t_s);
}

CellSignal::CellSignal(const Method& method, const Cell& cell, const Setting& setting)
    : parts_(std::make_unique<Parts>()) {
  const auto* light = method.get<catalogue::Optical>();
  if (light != nullptr && !light->tissue_attenuation_per_mm)
    refuse("\"{}\" has no attenuation: it cannot be planned", method.id);
  auto& p = *parts_;
  p.setting = setting;
  p.signal = fate::cell_signal_of(method, cell, signal_setting(method, setting));
  p.now.unit = p.signal.unit;
  p.now.background_bq_per_ml = 0;
  p.now.basis = signal_basis(method, cell, setting, p.signal.carried);
  if (p.signal.carried)
    p.take_body(method, cell);
  else if (p.signal.unit == "Bq")
    p.take_tracer(method);
}

CellSignal::~CellSignal() = default;
CellSignal::CellSignal(CellSignal&&) noexcept = default;

SignalNow CellSignal::at(double t_s) const {
  const auto& p = *parts_;
  SignalNow now = p.now;
  now.per_cell = p.signal.per_cell;
  if (!p.modes) return now;
  const auto state = p.modes->at(p.start, t_s);
  now.per_cell = fate::signal_per_cell(p.signal, p.start, state, t_s);
  if (p.radioactive_label) now.background_bq_per_ml = p.background(state, t_s);
  const double label = p.start.total_label();
  auto organ = fate::region_label(p.modes->model(), state, p.setting.region);
  organ.cells /= p.start.total_cells();
  organ.live /= label, organ.debris /= label, organ.free /= label;
  now.organ = organ;
  return now;
}

fate::UsualActivity CellSignal::administered() const { return parts_->administered; }

}  // namespace sojourn::plan
