#include <array>

#include "sojourn/catalogue/field_declare.h"

namespace sojourn::catalogue {
namespace {

using namespace declare;
using units::Dimension;

constexpr const char* kLimit = "plan: detection limit";
constexpr const char* kSimulation = "simulate: list mode";

}  // namespace

std::string FieldInfo::unit() const {
  return scale == Scale::quantity ? units::native_unit(dimension) : std::string();
}

template <>
std::span<const FieldSpec<CellParameters>> fields_of<CellParameters>() {
  using R = CellParameters;
  static constexpr std::array<FieldSpec<R>, 8> kFields{{
      quantity("diameter", &R::diameter_mm, Dimension::length, kRequired, "diameter of a cell",
               "plan: mass of a cell"),
      quantity("division", &R::division_per_s, Dimension::rate, kRequired,
               "division after infusion", "track: rates of the cells; plan: label per cell"),
      quantity("death", &R::death_per_s, Dimension::rate, kRequired, "death after infusion",
               "track: rates of the cells; plan: cells that live"),
      fraction("infused_dead_liver_fraction", &R::infused_dead_liver_fraction, kOptional,
               "part of the label of cells infused dead that liver takes",
               "track: debris of the liver"),
      fraction("infused_dead_spleen_fraction", &R::infused_dead_spleen_fraction, kOptional,
               "part of the label of cells infused dead that spleen takes",
               "track: debris of the spleen"),
      quantity("radiosensitivity_d0", &R::radiosensitivity_d0_gy, Dimension::dose, kOptional,
               "dose that leaves 37 % of the cells, on the exponential part"),
      number("infused_cells_mouse", &R::infused_cells_mouse, kOptional,
             "usual dose of cells, mouse", "plan: cells where the question states none"),
      number("infused_cells_human", &R::infused_cells_human, kOptional,
             "usual dose of cells, adult", "plan: cells where the question states none"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<TargetParameters>> fields_of<TargetParameters>() {
  using R = TargetParameters;
  static constexpr std::array<FieldSpec<R>, 2> kFields{{
      number("copies_per_cell", &R::copies_per_cell, kOptional,
             "molecules on a cell that bears the target", "plan: binding"),
      quantity("internalisation", &R::internalisation_per_s, Dimension::rate, kOptional,
               "rate at which the cell takes it in"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<VectorParameters>> fields_of<VectorParameters>() {
  using R = VectorParameters;
  static constexpr std::array<FieldSpec<R>, 7> kFields{{
      quantity("molar_mass", &R::molar_mass_g_per_mol, Dimension::molar_mass, kRequired,
               "molar mass", "plan: amount of probe"),
      quantity("plasma_half_life", &R::plasma_half_life_s, Dimension::time, kRequired,
               "terminal half-life in blood", "plan: imaging time, contrast"),
      quantity("plasma_half_life_fast", &R::plasma_half_life_fast_s, Dimension::time, kOptional,
               "first half-life in blood", "plan: imaging time, contrast"),
      fraction("fast_fraction", &R::fast_fraction, kOptional,
               "part of the blood curve that falls with the first half-life",
               "plan: imaging time, contrast"),
      quantity("extravasation", &R::extravasation_per_s, Dimension::rate, kRequired,
               "clearance from plasma into tissue, per volume of tissue", "plan: contrast"),
      fraction("interstitial_fraction", &R::interstitial_fraction, kRequired,
               "part of tissue that the molecule can fill outside cells", "plan: contrast"),
      number("specific_retention", &R::specific_retention, kOptional,
             "retention without a target (EPR), over interstitial fluid"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<NuclearScanner>> fields_of<NuclearScanner>() {
  using R = NuclearScanner;
  static constexpr std::array<FieldSpec<R>, 31> kFields{{
      quantity("sensitivity", &R::sensitivity_cps_per_bq, Dimension::sensitivity, kRequired,
               "counts per decay of the whole scanner, without attenuation", kLimit),
      fraction("peak_sensitivity", &R::peak_sensitivity, kOptional,
               "counts per decay at the centre of the field of view"),
      quantity("resolution_fwhm", &R::resolution_fwhm_mm, Dimension::length, kRequired,
               "resolution of reconstructed images", kLimit),
      quantity("axial_fov", &R::axial_fov_mm, Dimension::length, kRequired, "axial field of view",
               kLimit),
      quantity("transaxial_fov", &R::transaxial_fov_mm, Dimension::length, kRequired,
               "transaxial field of view", kLimit),
      quantity("ring_diameter", &R::ring_diameter_mm, Dimension::length, kOptional,
               "inner diameter of the detector ring", kLimit),
      number("rings", &R::rings, kOptional, "rings of crystals", kLimit),
      number("crystals_per_ring", &R::crystals_per_ring, kOptional, "crystals in a ring", kLimit),
      quantity("crystal_width", &R::crystal_width_mm, Dimension::length, kOptional,
               "tangential width of a crystal", kLimit),
      quantity("crystal_height", &R::crystal_height_mm, Dimension::length, kOptional,
               "axial height of a crystal", kLimit),
      quantity("crystal_depth", &R::crystal_depth_mm, Dimension::length, kOptional,
               "radial depth of a crystal", kLimit),
      quantity("detector_gap", &R::detector_gap_mm, Dimension::length, kOptional,
               "gap between detector blocks"),
      number("sectors", &R::sectors, kOptional, "flat faces of the ring", kSimulation),
      number("sector_blocks", &R::sector_blocks, kOptional,
             "blocks side by side in a face, read out each by itself", kSimulation),
      number("block_rings", &R::block_rings, kOptional, "rings of blocks along the axis",
             kSimulation),
      quantity("pitch_tangential", &R::pitch_tangential_mm, Dimension::length, kOptional,
               "from crystal to crystal in a block, around the ring", kSimulation),
      quantity("pitch_axial", &R::pitch_axial_mm, Dimension::length, kOptional,
               "from crystal to crystal in a block, along the axis", kSimulation),
      quantity("timing_resolution", &R::timing_resolution_s, Dimension::time, kOptional,
               "FWHM of time differences where no time of flight is kept", kSimulation),
      quantity("integration_time", &R::integration_time_s, Dimension::time, kOptional,
               "light that arrives within it adds to one event of the block (pile-up)",
               kSimulation),
      quantity("block_dead_time", &R::block_dead_time_s, Dimension::time, kOptional,
               "a block takes no other event for this time", kSimulation),
      quantity("bore_cover", &R::bore_cover_mm, Dimension::length, kOptional,
               "plastic between subject and crystals", kSimulation),
      quantity("energy_window_low", &R::energy_window_low_kev, Dimension::energy, kOptional,
               "lower end of the energy window", kLimit),
      quantity("energy_window_high", &R::energy_window_high_kev, Dimension::energy, kOptional,
               "upper end of the energy window", kLimit),
      fraction("energy_resolution", &R::energy_resolution, kOptional,
               "FWHM over energy, at 511 keV for PET"),
      quantity("coincidence_window", &R::coincidence_window_s, Dimension::time, kOptional,
               "width of the coincidence window", kLimit),
      quantity("time_resolution", &R::time_resolution_s, Dimension::time, kOptional,
               "FWHM of the time of flight", kLimit),
      fraction("scatter_fraction", &R::scatter_fraction, kOptional,
               "scattered over all true coincidences in the NEMA phantom", kLimit),
      quantity("necr_peak_rate", &R::necr_peak_rate_per_s, Dimension::rate, kOptional,
               "peak of the noise-equivalent count rate"),
      quantity("necr_peak_activity", &R::necr_peak_activity_bq, Dimension::activity, kOptional,
               "activity in the phantom at that peak"),
      quantity("usual_time", &R::usual_time_s, Dimension::time, kOptional,
               "usual time of a scan, or of a bed position"),
      quantity("collimator_energy_max", &R::collimator_energy_max_kev, Dimension::energy, kOptional,
               "highest photon energy that the collimator is made for", kLimit),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<MriScanner>> fields_of<MriScanner>() {
  using R = MriScanner;
  static constexpr std::array<FieldSpec<R>, 5> kFields{{
      quantity("field_strength", &R::field_strength_t, Dimension::magnetic_field, kOptional,
               "field strength"),
      quantity("voxel_volume", &R::voxel_volume_ml, Dimension::volume, kRequired,
               "volume of a voxel", kLimit),
      quantity("usual_time", &R::usual_time_s, Dimension::time, kRequired, "usual time of a scan",
               kLimit),
      number("detectable_fluorine", &R::detectable_fluorine, kOptional,
             "19F atoms in a voxel that can be told from noise in the usual time", kLimit),
      quantity("detectable_iron", &R::detectable_iron_g, Dimension::mass, kOptional,
               "iron in a voxel that makes a visible void", kLimit),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<MpiScanner>> fields_of<MpiScanner>() {
  using R = MpiScanner;
  static constexpr std::array<FieldSpec<R>, 3> kFields{{
      quantity("detectable_iron", &R::detectable_iron_g, Dimension::mass, kRequired,
               "iron that can be told from noise in the usual time", kLimit),
      quantity("resolution_fwhm", &R::resolution_fwhm_mm, Dimension::length, kRequired,
               "resolution of images"),
      quantity("usual_time", &R::usual_time_s, Dimension::time, kRequired, "usual time of a scan",
               kLimit),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<OpticalScanner>> fields_of<OpticalScanner>() {
  using R = OpticalScanner;
  static constexpr std::array<FieldSpec<R>, 3> kFields{{
      quantity("detectable_photon_rate", &R::detectable_photon_rate_per_s, Dimension::rate,
               kRequired, "photons per second at the surface that can be told from noise", kLimit),
      quantity("usual_time", &R::usual_time_s, Dimension::time, kRequired, "usual exposure",
               kLimit),
      quantity("resolution_fwhm", &R::resolution_fwhm_mm, Dimension::length, kOptional,
               "resolution of images"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<ModelParameters>> fields_of<ModelParameters>() {
  using R = ModelParameters;
  static constexpr std::array<FieldSpec<R>, 4> kFields{{
      number("infused_cells", &R::infused_cells, kOptional, "cells given to a subject"),
      quantity("tumour_volume", &R::tumour_volume_ml, Dimension::volume, kOptional,
               "volume of a tumour at imaging"),
      quantity("follow_up", &R::follow_up_s, Dimension::time, kOptional, "time of follow-up"),
      quantity("injected_activity", &R::injected_activity_bq, Dimension::activity, kOptional,
               "activity given to a subject"),
  }};
  return kFields;
}

}  // namespace sojourn::catalogue
