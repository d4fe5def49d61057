#include "sojourn/plan/evaluate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/catalogue/check.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/probe_target.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/nuclide/positron_range.h"
#include "sojourn/plan/constants.h"
#include "sojourn/plan/detection.h"
#include "sojourn/plan/exclusions.h"
#include "sojourn/plan/labelling_window.h"
#include "sojourn/plan/vector_match.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

using catalogue::Method;
using catalogue::Scanner;
using records::Basis;
using records::MethodPlan;
using records::Planned;
using records::PlanPoint;
using records::PlanQuestion;

Basis basis_of(const catalogue::Sourced& s) {
  return s.basis == catalogue::Basis::assumed ? Basis::assumed : Basis::published;
}

/// Labels are what was put into the cells, tracers what a row states.
Basis basis_of(const Method& method, const fate::UsualActivity& given) {
  if (given.assumed) return Basis::assumed;
  return method.get<catalogue::ExVivoLabel>() != nullptr ? Basis::modelled : Basis::published;
}

std::vector<const Scanner*> scanners_for(const Method& method, const PlanQuestion& q) {
  std::vector<const Scanner*> fit;
  for (const auto& [id, scanner] : catalogue::tables().scanners) {
    const bool asked =
        q.scanners.empty()
            ? std::find(scanner.species.begin(), scanner.species.end(), q.species) !=
                  scanner.species.end()
            : std::find(q.scanners.begin(), q.scanners.end(), id) != q.scanners.end();
    if (asked && misfit(method, scanner).empty()) fit.push_back(&scanner);
  }
  return fit;
}

std::optional<double> effective_msv_per_bq(const Method& method, const std::string& species,
                                           Basis& basis) {
  for (const auto& dose : method.doses)
    if (dose.organ == "effective" && dose.species == species) {
      basis = basis_of(dose.coefficient);
      return dose.coefficient.value * 1e-6;
    }
  return std::nullopt;
}

Setting setting_of(const PlanQuestion& q) {
  Setting s;
  s.species = q.species;
  s.body_mass_g = q.body_mass_g;
  s.infused_cells = q.infused_cells;
  s.viability = q.viability;
  s.route = q.route;
  s.region = q.region;
  s.region_ml = q.lesion_ml;
  return s;
}

/// Limits at every scan on one scanner; nothing where the scanner cannot see the nuclide.
std::vector<PlanPoint> points_on(const Method& method, const std::vector<SignalNow>& signals,
                                 const Scanner& scanner, const PlanQuestion& q, Basis& basis) {
  const Task task = task_of(q);
  std::vector<PlanPoint> points;
  for (std::size_t i = 0; i < q.scans_s.size(); ++i) {
    const auto& signal = signals[i];
    const Detection d = detect(method, signal, scanner, task);
    PlanPoint p;
    p.time_s = q.scans_s[i];
    p.signal_per_cell = signal.per_cell;
    p.limit_signal = d.signal;
    p.limit_cells = d.cells;
    p.limit_cells_per_ml = d.cells_per_ml;
    p.limited_by = d.limited_by;
    if (d.background_bq_per_ml > 0)
      p.contrast = 1 + q.wanted_cells * p.signal_per_cell / q.lesion_ml / d.background_bq_per_ml;
    p.detects = std::isfinite(d.cells) && d.cells <= q.wanted_cells;
    if (const auto& organ = signal.organ)
      p.organ = records::PlanOrgan{organ->cells, organ->live, organ->debris, organ->free};
    basis = d.basis;
    points.push_back(p);
  }
  return points;
}

/// Of the scanners that see the method, the one with the lowest limit at the last scan.
const Scanner* best_scanner(const Method& method, const CellSignal& signal, const PlanQuestion& q,
                            MethodPlan& plan) {
  std::vector<SignalNow> signals;
  for (const double t : q.scans_s) signals.push_back(signal.at(t));
  const auto fit = scanners_for(method, q);
  if (fit.empty())
    plan.exclusions.push_back(
        q.scanners.empty()
            ? fmt::format("the catalogue has no {} scanner for the {}", method.modality, q.species)
            : fmt::format("none of the question's scanners is made for {}", method.modality));
  const Scanner* best = nullptr;
  std::string last_error;
  for (const auto* scanner : fit) {
    try {
      Basis basis{};
      auto points = points_on(method, signals, *scanner, q, basis);
      if (best != nullptr && points.back().limit_cells >= plan.points.back().limit_cells) continue;
      best = scanner;
      plan.points = std::move(points);
      plan.limit_basis = basis;
    } catch (const Error& e) {
      last_error = e.what();
    }
  }
  if (best == nullptr && !fit.empty()) plan.exclusions.push_back(last_error);
  if (best != nullptr) plan.scanner = best->id;
  return best;
}

std::string times_of(double seconds) {
  return seconds < 2 * units::kSecondsPerDay
             ? fmt::format("{:.3g} h", seconds / units::kSecondsPerHour)
             : fmt::format("{:.3g} d", seconds / units::kSecondsPerDay);
}

void judge(const PlanQuestion& q, MethodPlan& plan) {
  const auto& last = plan.points.back();
  if (!last.detects)
    plan.exclusions.push_back(
        fmt::format("at {} the limit is {} cells ({}), over the wanted {}", times_of(last.time_s),
                    std::isfinite(last.limit_cells) ? core::format_number(last.limit_cells, 2)
                                                    : "infinitely many",
                    last.limited_by, core::format_number(q.wanted_cells, 2)));
}

/// A tracer is given before its scan: not before the cells, and not into the remains of the last.
void say_when_injected(const PlanQuestion& q, const Method& method, MethodPlan& plan) {
  const double delay = *plan.imaging_delay_s.value;
  if (q.scans_s.front() < delay)
    plan.warnings.push_back(
        fmt::format("imaged {} after injection: a scan planned earlier than that after the "
                    "infusion is made then",
                    times_of(delay)));
  constexpr double kGone = 5;  // half-lives
  const double half_life = nuclide::find(method.nuclide).half_life_s;
  for (std::size_t i = 1; i < q.scans_s.size(); ++i)
    if (q.scans_s[i] - q.scans_s[i - 1] < kGone * half_life) {
      plan.warnings.emplace_back(
          "a new injection for each scan meets what is left of the last one, and doses add up: "
          "neither "
          "is in these numbers");
      return;
    }
}

/// A cell's signal is that of a cell alone: many in a small volume share the probe that reaches it.
void say_crowding(const Method& method, const fate::ProbeKinetics& k, const PlanQuestion& q,
                  MethodPlan& plan) {
  constexpr double kNoticed = 0.8;
  const double copies = catalogue::cell(q.cells).marker(method.target)->copies.value;
  const double targets = fate::targets_nm(copies, q.wanted_cells / q.lesion_ml);
  const double dose = fate::probe_nm_per_suv(method, signal_setting(method, setting_of(q)));
  const double delay = *plan.imaging_delay_s.value;
  const double alone = fate::occupancy(k, dose, delay);
  const double among = fate::probe_in_tissue(k, {targets, 0, 0}, dose, delay).infused_nm / targets;
  if (among < kNoticed * alone)
    plan.warnings.push_back(
        fmt::format("{:.2g} cells in {:.3g} mL share the probe: each shows {:.2g} of what a cell "
                    "alone does, and what is counted is too low by as much",
                    q.wanted_cells, q.lesion_ml, among / alone));
}

void describe_tracer(const Method& method, const PlanQuestion& q, MethodPlan& plan) {
  if (const auto* gene = method.get<catalogue::ReporterGene>())
    plan.imaging_delay_s = {gene->imaging_time_s->value, basis_of(*gene->imaging_time_s)};
  const auto* probe = method.get<catalogue::Probe>();
  if (probe == nullptr) {
    if (plan.imaging_delay_s.value) say_when_injected(q, method, plan);
    return;
  }
  plan.imaging_delay_s = {probe->imaging_time_s->value, basis_of(*probe->imaging_time_s)};
  const auto k = fate::kinetics_of(method, catalogue::vector(method.vector),
                                   fate::subject_defaults(q.species).blood_fraction);
  const double half_life = nuclide::find(method.nuclide).half_life_s;
  plan.optimum_delay_s = {best_image(k, half_life).time_s, Basis::modelled};
  plan.nuclide_match = {nuclide_match(k, half_life), Basis::modelled};
  if (*plan.nuclide_match.value < noise_constants().match_suits)
    plan.warnings.push_back(fmt::format(
        "{} does not suit this vector's clearance: signal to noise {:.0f} % of the best "
        "half-life's for the same decays",
        method.nuclide, 100 * *plan.nuclide_match.value));
  say_when_injected(q, method, plan);
  say_crowding(method, k, q, plan);
  const double ratio = *plan.optimum_delay_s.value / *plan.imaging_delay_s.value;
  constexpr double kFar = 4;
  if (ratio > kFar || ratio < 1 / kFar)
    plan.warnings.push_back(fmt::format("published imaging time {}, modelled optimum {}",
                                        times_of(*plan.imaging_delay_s.value),
                                        times_of(*plan.optimum_delay_s.value)));
}

void judge_dose(const Method& method, const PlanQuestion& q, MethodPlan& plan) {
  Basis basis{};
  const auto per_bq = effective_msv_per_bq(method, q.species, basis);
  if (per_bq && plan.administered_bq.value && *plan.administered_bq.value > 0)
    plan.effective_dose_msv = {
        *per_bq * *plan.administered_bq.value,
        plan.administered_bq.basis == Basis::assumed ? Basis::assumed : basis};
  if (!q.max_effective_dose_msv) return;
  const bool radioactive = !method.nuclide.empty();
  if (radioactive && !plan.effective_dose_msv.value)
    plan.exclusions.emplace_back(
        "no dose coefficient for this species: the dose limit cannot be checked");
  if (plan.effective_dose_msv.value &&
      *plan.effective_dose_msv.value > *q.max_effective_dose_msv * 1.001)
    plan.exclusions.push_back(fmt::format("one administration gives {:.2g} mSv, over {:.2g} mSv",
                                          *plan.effective_dose_msv.value,
                                          *q.max_effective_dose_msv));
}

void draw_curve(const CellSignal& signal, const PlanQuestion& q, MethodPlan& plan) {
  constexpr int kPoints = 60;
  for (int i = 0; i <= kPoints; ++i) {
    const double t = q.scans_s.back() * i / kPoints;
    plan.signal_curve.emplace_back(t, signal.at(t).per_cell);
  }
}

void calculate(const Method& method, const PlanQuestion& q, MethodPlan& plan) {
  const auto& cell = catalogue::cell(q.cells);
  Setting setting = setting_of(q);
  if (method.get<catalogue::ExVivoLabel>() != nullptr) {
    Basis basis{};
    const auto per_bq = effective_msv_per_bq(method, q.species, basis);
    const auto fit = scanners_for(method, q);
    plan.window = labelling_window(method, cell, setting, fit, q, per_bq);
    setting.label_per_million_bq = plan.window->chosen_bq;
  }
  const CellSignal signal(method, cell, setting);
  const auto first = signal.at(q.scans_s.front());
  plan.signal_unit = first.unit;
  plan.signal_basis = first.basis;
  if (const auto given = signal.administered(); given.bq > 0)
    plan.administered_bq = {given.bq, basis_of(method, given)};
  draw_curve(signal, q, plan);
  if (best_scanner(method, signal, q, plan) == nullptr) return;
  describe_tracer(method, q, plan);
  if (plan.window) explain_window(q, plan);
  if (plan.exclusions.empty()) judge(q, plan);
  judge_dose(method, q, plan);
}

}  // namespace

MethodPlan evaluate(const Method& method, const PlanQuestion& q) {
  MethodPlan plan;
  plan.id = method.id;
  plan.name = method.name;
  plan.method_class = method.row_class;
  plan.modality = method.modality;
  plan.nuclide = method.nuclide;
  plan.needs = method.needs;
  plan.citations = method.citations;
  const auto share = catalogue::assumed_share(method);
  plan.assumed_share = share.share();
  plan.indicative = share.indicative();
  plan.known_in_species =
      std::find(method.species.begin(), method.species.end(), q.species) != method.species.end();
  plan.exclusions = exclusions(method, q);
  if (!plan.exclusions.empty()) return plan;
  plan.warnings = cautions(method, q);
  if (method.modality == "PET")
    plan.positron_blur_mm = {nuclide::positron_range_fwhm_mm(method.nuclide), Basis::modelled};
  try {
    calculate(method, q, plan);
  } catch (const Error& e) {
    plan.exclusions.emplace_back(e.what());
  }
  return plan;
}

}  // namespace sojourn::plan
