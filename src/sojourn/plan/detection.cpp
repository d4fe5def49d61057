#include "sojourn/plan/detection.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/plan/constants.h"
#include "sojourn/plan/counting_limit.h"

namespace sojourn::plan {
namespace {

using catalogue::Method;
using catalogue::Scanner;
using records::Basis;

Basis basis_of(const catalogue::Field& field) {
  return field && field->basis == catalogue::Basis::assumed ? Basis::assumed : Basis::modelled;
}

/// Voxel noise: what one voxel must hold, over the region's voxels, and less for longer scans.
double over_voxels(double per_voxel, double voxel_ml, double usual_s, const Task& task) {
  const double voxels = std::max(1.0, task.volume_ml / voxel_ml);
  return per_voxel * std::sqrt(voxels) * std::sqrt(usual_s / task.time_s.value_or(usual_s));
}

/// PET and SPECT scanners are compared at one time where none is asked for.
constexpr double kUsualScan_s = 1200;

Detection by_counts(const Method& method, const SignalNow& signal, const Scanner& scanner,
                    const Task& task) {
  const auto& s = *scanner.get<catalogue::NuclearScanner>();
  const auto around =
      task.background_bq_per_ml ? task.background_bq_per_ml : signal.background_bq_per_ml;
  if (!around) refuse("the row has no uptake of muscle or blood: give the background");
  Scene scene;
  scene.volume_ml = task.volume_ml;
  scene.time_s = task.time_s.value_or(kUsualScan_s);
  scene.object_diameter_mm = task.object_diameter_mm;
  scene.background_bq_per_ml = *around;
  const auto limit = counting_limit(scanner, nuclide::find(method.nuclide), scene);
  Detection d;
  d.signal = limit.activity_bq;
  d.limited_by = limit.limited_by;
  d.background_bq_per_ml = scene.background_bq_per_ml;
  d.basis = basis_of(s.sensitivity_cps_per_bq);
  if (!task.background_bq_per_ml && signal.background_basis == Basis::assumed)
    d.basis = Basis::assumed;
  return d;
}

Detection by_voxels(const SignalNow& signal, const Scanner& scanner, const Task& task) {
  Detection d;
  d.limited_by = "voxel noise";
  if (const auto* mri = scanner.get<catalogue::MriScanner>()) {
    const bool fluorine = signal.unit == "19F atoms";
    const auto& field = fluorine ? mri->detectable_fluorine : mri->detectable_iron_g;
    const double constant = fluorine && task.in_vivo ? noise_constants().fluorine_constant : 1;
    d.signal = constant * over_voxels(field->value, mri->voxel_volume_ml->value,
                                      mri->usual_time_s->value, task);
    d.basis = basis_of(field);
    return d;
  }
  const auto& mpi = *scanner.get<catalogue::MpiScanner>();
  const double voxel_ml = std::pow(mpi.resolution_fwhm_mm->value, 3) / 1000;
  d.signal = over_voxels(mpi.detectable_iron_g->value, voxel_ml, mpi.usual_time_s->value, task);
  d.basis = basis_of(mpi.detectable_iron_g);
  return d;
}

/// Light from a depth: e^(-mu_eff d) of it reaches the skin, half of that goes outwards.
Detection by_light(const Method& method, const Scanner& scanner, const Task& task) {
  const auto& s = *scanner.get<catalogue::OpticalScanner>();
  const double mu = method.get<catalogue::Optical>()->tissue_attenuation_per_mm->value;
  const double time = task.time_s.value_or(s.usual_time_s->value);
  Detection d;
  constexpr double kOutwards = 0.5;
  d.signal = s.detectable_photon_rate_per_s->value * std::sqrt(s.usual_time_s->value / time) /
             (kOutwards * std::exp(-mu * task.depth_mm));
  d.limited_by = mu * task.depth_mm > 1 ? "depth" : "camera noise";
  d.basis = basis_of(s.detectable_photon_rate_per_s);
  return d;
}

}  // namespace

std::string misfit(const Method& method, const Scanner& scanner) {
  const bool dual =
      std::find(method.also.begin(), method.also.end(), scanner.modality) != method.also.end();
  if (scanner.modality != method.modality)
    return fmt::format("\"{}\" is made for {}{}, the scanner \"{}\" for {}", method.id,
                       method.modality, dual ? " (planned by it alone)" : "", scanner.id,
                       scanner.modality);
  if (const auto* mri = scanner.get<catalogue::MriScanner>()) {
    const auto* label = method.get<catalogue::MagneticLabel>();
    const bool fluorine = label != nullptr && label->fluorine_per_cell.has_value();
    if (fluorine && !mri->detectable_fluorine)
      return fmt::format("the scanner \"{}\" has no 19F limit", scanner.id);
    if (!fluorine && !mri->detectable_iron_g)
      return fmt::format("the scanner \"{}\" has no limit for iron", scanner.id);
  }
  return {};
}

Detection detect(const Method& method, const SignalNow& signal, const Scanner& scanner,
                 const Task& task) {
  if (const auto why = misfit(method, scanner); !why.empty()) refuse("{}", why);
  Detection d;
  if (scanner.get<catalogue::NuclearScanner>() != nullptr) {
    d = by_counts(method, signal, scanner, task);
  } else if (scanner.get<catalogue::OpticalScanner>() != nullptr) {
    d = by_light(method, scanner, task);
  } else {
    d = by_voxels(signal, scanner, task);
  }
  d.cells = d.signal / signal.per_cell;
  d.cells_per_ml = d.cells / task.volume_ml;
  if (signal.basis == Basis::assumed) d.basis = Basis::assumed;
  return d;
}

}  // namespace sojourn::plan
