#pragma once
#include <variant>

#include "sojourn/catalogue/sourced.h"

/// What rows of each class hold, in native units. Meaning, unit and use of every field stand once,
/// in fields.cpp.
namespace sojourn::catalogue {

struct ExVivoLabel {
  Field labelling_efficiency, activity_per_million_bq, activity_per_million_ceiling_bq;
  Field efflux_per_s, phagocytosed_fraction, debris_release_per_s, free_clearance_per_s;
  Field bone_fraction, liver_fraction, kidney_fraction, gut_fraction, excreted_fraction;
  Field bone_fraction_deferoxamine, excreted_fraction_deferoxamine;
  Field tracking_time_s;
};

struct MagneticLabel {
  Field iron_per_cell_g, fluorine_per_cell, labelled_fraction;
  Field efflux_per_s, phagocytosed_fraction, debris_release_per_s, tracking_time_s;
};

/// A gene whose product stores iron.
struct MagneticReporter {
  Field iron_per_cell_g, relaxivity_fraction;
};

struct Optical {
  Field photons_per_cell_per_s, emission_wavelength_mm, tissue_attenuation_per_mm;
  Field signal_plateau_s, labelled_fraction, efflux_per_s, tracking_time_s;
};

/// A gene and the tracer that shows it.
struct ReporterGene {
  Field cell_suv, imaging_time_s, injected_activity_mouse_bq, injected_activity_human_bq;
  Field reporters_per_cell, affinity_kd_nm, tracking_time_s;
};

/// An injected molecule that binds a target: antibody, fragment, peptide, cytokine.
struct Probe {
  Field imaging_time_s, injected_activity_mouse_bq, injected_activity_human_bq;
  Field injected_mass_mouse_g, injected_mass_human_g, molar_activity_bq_per_mol, affinity_kd_nm;
  Field plasma_half_life_s, plasma_half_life_fast_s, fast_fraction, internalisation_per_s;
  Field target_suv;
};

struct MetabolicTracer {
  Field imaging_time_s, injected_activity_mouse_bq, injected_activity_human_bq, cell_suv;
};

using MethodParameters = std::variant<std::monostate, ExVivoLabel, MagneticLabel, MagneticReporter,
                                      Optical, ReporterGene, Probe, MetabolicTracer>;

struct CellParameters {
  Field diameter_mm, division_per_s, death_per_s;
  Field infused_dead_liver_fraction, infused_dead_spleen_fraction;
  Field radiosensitivity_d0_gy, infused_cells_mouse, infused_cells_human;
};

struct TargetParameters {
  Field copies_per_cell, internalisation_per_s;
};

struct VectorParameters {
  Field molar_mass_g_per_mol, plasma_half_life_s, plasma_half_life_fast_s, fast_fraction;
  Field extravasation_per_s, interstitial_fraction, specific_retention;
};

/// PET and SPECT.
struct NuclearScanner {
  Field sensitivity_cps_per_bq, peak_sensitivity, resolution_fwhm_mm, axial_fov_mm,
      transaxial_fov_mm;
  Field ring_diameter_mm, rings, crystals_per_ring, crystal_width_mm, crystal_height_mm,
      crystal_depth_mm, detector_gap_mm;
  Field sectors, sector_blocks, block_rings, pitch_tangential_mm, pitch_axial_mm;
  Field timing_resolution_s, integration_time_s, block_dead_time_s, bore_cover_mm;
  Field energy_window_low_kev, energy_window_high_kev, energy_resolution, coincidence_window_s,
      time_resolution_s;
  Field scatter_fraction, necr_peak_rate_per_s, necr_peak_activity_bq, usual_time_s;
  Field collimator_energy_max_kev;
};

struct MriScanner {
  Field field_strength_t, voxel_volume_ml, usual_time_s, detectable_fluorine, detectable_iron_g;
};

struct MpiScanner {
  Field detectable_iron_g, resolution_fwhm_mm, usual_time_s;
};

struct OpticalScanner {
  Field detectable_photon_rate_per_s, usual_time_s, resolution_fwhm_mm;
};

using ScannerParameters = std::variant<NuclearScanner, MriScanner, MpiScanner, OpticalScanner>;

struct ModelParameters {
  Field infused_cells, tumour_volume_ml, follow_up_s, injected_activity_bq;
};

}  // namespace sojourn::catalogue
