#include "sojourn/plan/cell_signal.h"

#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/fate/body_signal.h"
#include "sojourn/fate/label_model.h"
#include "sojourn/fate/probe_kinetics.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/plan/constants.h"

namespace sojourn::plan {
namespace {

using catalogue::Cell;
using catalogue::Method;
using catalogue::Sourced;
using records::Basis;

constexpr double kAvogadro = 6.02214076e23;  // SI, exact

/// The weakest basis of what was read.
class Basing {
 public:
  double operator()(const Sourced& s) {
    if (s.basis == catalogue::Basis::assumed) basis_ = Basis::assumed;
    return s.value;
  }
  void assume() { basis_ = Basis::assumed; }
  [[nodiscard]] Basis basis() const { return basis_; }

 private:
  Basis basis_ = Basis::modelled;
};

/// Of the tissue around the cells: the region's own, else muscle's, else blood's; none where the
/// row has none of them.
const Sourced* tissue_suv(const Method& method, const Setting& setting) {
  for (const auto& organ : {setting.region, std::string("muscle"), std::string("blood")})
    if (const auto* suv = method.uptake_of(organ, setting.species)) return suv;
  return nullptr;
}

/// Ex vivo label: falls by division, efflux and decay; what left the living cells is spread over
/// the body.
class LabelSignal : public CellSignal {
 public:
  LabelSignal(const Method& method, const Cell& cell, const Setting& setting)
      : setting_(setting), half_life_s_(nuclide::find(method.nuclide).half_life_s) {
    const auto& m = method.label();
    rates_ = {read_(cell.parameters.division_per_s->of(cell.kin)),
              read_(cell.parameters.death_per_s->of(cell.kin)),
              read_(m.efflux_per_s->of(cell.kin)),
              m.phagocytosed_fraction->of(cell.kin).value,
              m.debris_release_per_s->of(cell.kin).value,
              m.free_clearance_per_s->of(cell.kin).value};
    excreted_ = m.excreted_fraction->of(cell.kin).value;
    take_shares(m, cell);
    const double bound = administered().bq;
    start_ = {setting.infused_cells * setting.viability, bound * setting.viability,
              bound * (1 - setting.viability), 0};
  }
  double per_cell(double t_s) const override {
    const auto a = fate::propagate_label(rates_, start_, t_s);
    return a.live_bq / a.cells * nuclide::decay_factor(t_s, half_life_s_);
  }
  double background_bq_per_ml(double t_s) const override {
    const auto a = fate::propagate_label(rates_, start_, t_s);
    const double decay = nuclide::decay_factor(t_s, half_life_s_);
    // what organs hold by themselves, and the remainder spread over the body
    const double mass_g = organ_fraction(setting_.species, setting_.region) * setting_.body_mass_g;
    const double here = debris_share_ * a.debris_bq + free_share_ * a.cleared_bq;
    const double spread = (1 - debris_share_) * a.debris_bq + a.free_bq +
                          (1 - excreted_ - free_share_) * a.cleared_bq;
    return (here / mass_g + std::max(0.0, spread) / setting_.body_mass_g) * decay;
  }
  UsualActivity administered() const override {
    return {setting_.label_per_million_bq * setting_.infused_cells / 1e6, Basis::modelled};
  }
  Basis basis() const override { return read_.basis(); }
  std::string unit() const override { return "Bq"; }

 private:
  /// Parts of debris and of cleared free label that the region's organ holds. Bone and marrow lie
  /// too close for an image to part them.
  void take_shares(const catalogue::ExVivoLabel& m, const Cell& cell) {
    const auto part = [&](const catalogue::Field& field) {
      return field ? field->of(cell.kin).value : 0.0;
    };
    const auto& region = setting_.region;
    if (region == "bone" || region == "marrow") free_share_ = part(m.bone_fraction);
    if (region == "liver") free_share_ = part(m.liver_fraction);
    if (region == "kidney") free_share_ = part(m.kidney_fraction);
    if (region == "gut") free_share_ = part(m.gut_fraction);
    if (region == "liver") debris_share_ = part(cell.parameters.infused_dead_liver_fraction);
    if (region == "spleen") debris_share_ = part(cell.parameters.infused_dead_spleen_fraction);
  }

  Setting setting_;
  double half_life_s_, excreted_ = 0, free_share_ = 0, debris_share_ = 0;
  Basing read_;
  fate::Rates rates_;
  fate::Start start_;
};

/// A tracer given before each scan: the signal does not depend on when the cells came.
class TracerSignal : public CellSignal {
 public:
  double per_cell(double) const override { return per_cell_bq_; }
  double background_bq_per_ml(double) const override {
    if (!background_bq_per_ml_)
      refuse("the row has no uptake of muscle or blood: give the background");
    return *background_bq_per_ml_;
  }
  UsualActivity administered() const override { return injected_; }
  Basis basis() const override { return read_.basis(); }
  std::string unit() const override { return "Bq"; }

 protected:
  Basing read_;
  UsualActivity injected_;
  double per_cell_bq_ = 0;
  std::optional<double> background_bq_per_ml_;
};

/// Reporter gene: every living cell takes the tracer up.
class ReporterSignal : public TracerSignal {
 public:
  ReporterSignal(const Method& method, const Cell& cell, const Setting& setting) {
    const auto& m = method.reporter();
    injected_ =
        injected_activity(m.injected_activity_mouse_bq, m.injected_activity_human_bq, setting);
    const double at_scan =
        nuclide::decay_factor(m.imaging_time_s->value, nuclide::find(method.nuclide).half_life_s);
    const double mean_bq_per_g = injected_.bq * at_scan / setting.body_mass_g;
    per_cell_bq_ = read_(m.cell_suv->of(cell.kin)) * mean_bq_per_g * fate::cell_mass_g(cell);
    if (const auto* suv = tissue_suv(method, setting))
      background_bq_per_ml_ = mean_bq_per_g * read_(*suv);
  }
};

/// Probe: binds the target on the cells out of interstitial fluid.
class ProbeSignal : public TracerSignal {
 public:
  ProbeSignal(const Method& method, const Cell& cell, const Setting& setting) {
    const auto& m = method.probe();
    const auto& vector = catalogue::vector(method.vector);
    const auto* marker = cell.marker(method.target);
    if (marker == nullptr || !(marker->copies.value > 0))
      refuse("{} do not bear {} (or its number is unknown)", cell.name,
             catalogue::target(method.target).name);
    injected_ =
        injected_activity(m.injected_activity_mouse_bq, m.injected_activity_human_bq, setting);
    const double delay = m.imaging_time_s->value;
    const double at_scan = nuclide::decay_factor(delay, nuclide::find(method.nuclide).half_life_s);
    const auto k =
        fate::kinetics_of(method, vector, subject_defaults(setting.species).blood_fraction);
    const double mol = injected_mol(method, vector, setting);
    const double nm_per_suv = mol * 1e9 / (setting.body_mass_g * 1e-3);  // nmol per litre of body
    const double occupied = occupancy(k, nm_per_suv, delay);
    per_cell_bq_ = read_(marker->copies) * occupied / kAvogadro * injected_.bq / mol * at_scan;
    if (const auto* suv = tissue_suv(method, setting))
      background_bq_per_ml_ = injected_.bq * at_scan / setting.body_mass_g * read_(*suv);
    read_(*m.affinity_kd_nm);
  }

 private:
  /// Amount of probe: its usual mass, else what its molar activity says, else a usual one
  /// (assumed); never less than the nuclide's own atoms.
  double injected_mol(const Method& method, const catalogue::Vector& vector,
                      const Setting& setting) {
    const auto& m = method.probe();
    const double molar_mass = vector.parameters.molar_mass_g_per_mol->value;
    const bool human = setting.species == "human" || setting.species == "macaque";
    const auto& mass = human ? m.injected_mass_human_g : m.injected_mass_mouse_g;
    const double least =
        injected_.bq * nuclide::find(method.nuclide).half_life_s / (std::log(2.0) * kAvogadro);
    if (mass) return std::max(least, read_(*mass) / molar_mass);
    if (m.molar_activity_bq_per_mol)
      return std::max(least, injected_.bq / read_(*m.molar_activity_bq_per_mol));
    read_.assume();
    return std::max(least, injected_.bq / noise_constants().probe_bq_per_mol);
  }
};

/// 19F or iron in the cells: falls by division and efflux.
class MagneticSignal : public CellSignal {
 public:
  MagneticSignal(const Method& method, const Cell& cell) {
    if (const auto* gene = method.get<catalogue::MagneticReporter>()) {
      start_ = read_(gene->iron_per_cell_g->of(cell.kin)) *
               read_(gene->relaxivity_fraction->of(cell.kin));
      return;
    }
    const auto& m = *method.get<catalogue::MagneticLabel>();
    fluorine_ = m.fluorine_per_cell.has_value();
    start_ = read_((fluorine_ ? *m.fluorine_per_cell : *m.iron_per_cell_g).of(cell.kin));
    loss_per_s_ =
        read_(cell.parameters.division_per_s->of(cell.kin)) + read_(m.efflux_per_s->of(cell.kin));
  }
  double per_cell(double t_s) const override { return start_ * std::exp(-loss_per_s_ * t_s); }
  double background_bq_per_ml(double) const override { return 0; }
  UsualActivity administered() const override { return {}; }
  Basis basis() const override { return read_.basis(); }
  std::string unit() const override { return fluorine_ ? "19F atoms" : "g"; }

 private:
  Basing read_;
  double start_ = 0, loss_per_s_ = 0;
  bool fluorine_ = false;
};

/// Light: a gene's product is inherited, a dye dilutes.
class LightSignal : public CellSignal {
 public:
  LightSignal(const Method& method, const Cell& cell) {
    const auto& m = *method.get<catalogue::Optical>();
    if (!m.photons_per_cell_per_s || !m.tissue_attenuation_per_mm)
      refuse("\"{}\" has no photons per cell or no attenuation: it cannot be planned", method.id);
    start_ = read_(m.photons_per_cell_per_s->of(cell.kin));
    read_(*m.tissue_attenuation_per_mm);
    if (m.efflux_per_s)
      loss_per_s_ =
          read_(cell.parameters.division_per_s->of(cell.kin)) + read_(m.efflux_per_s->of(cell.kin));
  }
  double per_cell(double t_s) const override { return start_ * std::exp(-loss_per_s_ * t_s); }
  double background_bq_per_ml(double) const override { return 0; }
  UsualActivity administered() const override { return {}; }
  Basis basis() const override { return read_.basis(); }
  std::string unit() const override { return "1/s"; }

 private:
  Basing read_;
  double start_ = 0, loss_per_s_ = 0;
};

}  // namespace

UsualActivity injected_activity(const catalogue::Field& mouse, const catalogue::Field& human,
                                const Setting& setting) {
  if (setting.injected_bq) return {*setting.injected_bq, Basis::published};
  constexpr double kExponent = 2.0 / 3;  // body surface
  const bool large = setting.species == "human" || setting.species == "macaque";
  const auto& field = large ? human : mouse;
  if (!field) refuse("no activity is known for the {}", setting.species);
  const bool own = setting.species == "human" || setting.species == "mouse";
  if (own) {
    const bool assumed = field->basis == catalogue::Basis::assumed;
    return {field->value, assumed ? Basis::assumed : Basis::published};
  }
  const double from_g = subject_defaults(large ? "human" : "mouse").body_mass_g;
  return {field->value * std::pow(setting.body_mass_g / from_g, kExponent), Basis::assumed};
}

std::unique_ptr<CellSignal> cell_signal(const Method& method, const Cell& cell,
                                        const Setting& setting) {
  method.must_be_usable();
  if (method.get<catalogue::ExVivoLabel>() != nullptr)
    return std::make_unique<LabelSignal>(method, cell, setting);
  if (method.get<catalogue::ReporterGene>() != nullptr)
    return std::make_unique<ReporterSignal>(method, cell, setting);
  if (method.get<catalogue::Probe>() != nullptr)
    return std::make_unique<ProbeSignal>(method, cell, setting);
  if (method.get<catalogue::MagneticLabel>() != nullptr ||
      method.get<catalogue::MagneticReporter>() != nullptr)
    return std::make_unique<MagneticSignal>(method, cell);
  if (method.get<catalogue::Optical>() != nullptr)
    return std::make_unique<LightSignal>(method, cell);
  refuse("\"{}\" shows the metabolism of every cell: it cannot tell infused ones", method.id);
}

}  // namespace sojourn::plan
