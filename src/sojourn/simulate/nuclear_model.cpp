#include "sojourn/simulate/nuclear_model.h"

#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/nuclide/positron_range.h"

namespace sojourn::simulate {
namespace {

constexpr double kMmPerSecondOfLight = 2.99792458e11;
constexpr double kCameraLow_kev = 60;      // below, windows hold scatter and X-rays of lead
constexpr double kMediumEnergy_kev = 300;  // a collimator whose row says nothing

double photons(const nuclide::Nuclide& nuclide, double high_kev) {
  double yield = 0;
  for (const auto& e : nuclide.emissions) {
    if ((e.type == "gamma" || e.type == "x") && e.energy_kev >= kCameraLow_kev &&
        e.energy_kev <= high_kev)
      yield += e.intensity;
  }
  return yield;
}

double value_or(const catalogue::Field& field, double otherwise) {
  return field ? field->value : otherwise;
}

}  // namespace

NuclearModel nuclear_model(const catalogue::Scanner& scanner, const nuclide::Nuclide& nuclide) {
  const auto* row = scanner.get<catalogue::NuclearScanner>();
  if (row == nullptr)
    refuse("the scanner \"{}\" ({}) sees no radionuclides; choose a PET or SPECT scanner",
           scanner.id, scanner.modality);
  const auto need = [&](const catalogue::Field& field, const char* name) {
    if (!field) refuse("the scanner \"{}\" has no {} in the catalogue", scanner.id, name);
    return field->value;
  };
  const auto& reference = nuclide::find(scanner.reference_nuclide);
  NuclearModel m;
  m.pet = scanner.modality == "PET";
  const double measured = need(row->sensitivity_cps_per_bq, "sensitivity");
  double width = need(row->resolution_fwhm_mm, "resolution_fwhm");
  if (m.pet) {
    if (!(nuclide.positron_fraction > 0))
      refuse("{} emits no positrons (\"{}\" is a PET scanner); choose a SPECT scanner",
             nuclide.name, scanner.id);
    m.pair_sensitivity = measured / reference.positron_fraction;
    m.positron_fraction = nuclide.positron_fraction;
    m.sensitivity = m.pair_sensitivity * nuclide.positron_fraction;
    width = std::hypot(width, nuclide::positron_range_fwhm_mm(nuclide.name));
    m.scatter_fraction = value_or(row->scatter_fraction, 0);
    m.coincidence_window_s = value_or(row->coincidence_window_s, 0);
    m.tof_fwhm_mm = value_or(row->time_resolution_s, 0) * kMmPerSecondOfLight / 2;
  } else {
    const double high = value_or(row->collimator_energy_max_kev, kMediumEnergy_kev);
    const double yield = photons(nuclide, high), usual = photons(reference, high);
    if (!(yield > 0) || !(usual > 0))
      refuse("the collimator of \"{}\" takes photons of {} to {} keV, none of {}; choose another",
             scanner.id, kCameraLow_kev, high, nuclide.name);
    m.sensitivity = measured * yield / usual;
    m.scatter_fraction = value_or(row->scatter_fraction, 0);
  }
  m.fwhm_mm = {width, width, width};
  const double filter = width / std::numbers::sqrt2;
  m.filter_fwhm_mm = {filter, filter, filter};
  m.axial_fov_mm = need(row->axial_fov_mm, "axial_fov");
  m.transaxial_fov_mm = need(row->transaxial_fov_mm, "transaxial_fov");
  m.ring_diameter_mm = value_or(row->ring_diameter_mm, m.transaxial_fov_mm);
  return m;
}

}  // namespace sojourn::simulate
