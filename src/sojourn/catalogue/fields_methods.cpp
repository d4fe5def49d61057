#include <array>

#include "sojourn/catalogue/field_declare.h"

namespace sojourn::catalogue {
namespace {

using namespace declare;
using units::Dimension;

constexpr const char* kFate = "track: rates of the label (fate::prior); plan: label per cell";
constexpr const char* kRoutes = "track: where free label goes (fate::prior)";

}  // namespace

template <>
std::span<const FieldSpec<ExVivoLabel>> fields_of<ExVivoLabel>() {
  using R = ExVivoLabel;
  static constexpr std::array<FieldSpec<R>, 15> kFields{{
      fraction("labelling_efficiency", &R::labelling_efficiency, kRequired,
               "part of the offered activity that ends in the cells",
               "plan: activity to order for a labelling"),
      quantity("activity_per_million", &R::activity_per_million_bq, Dimension::activity, kRequired,
               "usual activity in a million cells", "plan: labelling activity"),
      quantity("activity_per_million_ceiling", &R::activity_per_million_ceiling_bq,
               Dimension::activity, kRequired,
               "activity in a million cells above which they are harmed",
               "plan: upper end of the labelling window"),
      quantity("efflux", &R::efflux_per_s, Dimension::rate, kRequired,
               "loss of label from living cells", kFate),
      fraction("phagocytosed_fraction", &R::phagocytosed_fraction, kRequired,
               "part of a dead cell's label that phagocytes or debris keep in place", kFate),
      quantity("debris_release", &R::debris_release_per_s, Dimension::rate, kRequired,
               "release of label from phagocytes and debris", kFate),
      quantity("free_clearance", &R::free_clearance_per_s, Dimension::rate, kRequired,
               "uptake of free label from plasma by all routes together", kFate),
      fraction("bone_fraction", &R::bone_fraction, kRequired, "part of the free label to bone",
               kRoutes),
      fraction("liver_fraction", &R::liver_fraction, kRequired, "part of the free label to liver",
               kRoutes),
      fraction("kidney_fraction", &R::kidney_fraction, kRequired,
               "part of the free label that kidneys hold", kRoutes),
      fraction("gut_fraction", &R::gut_fraction, kRequired, "part of the free label to the gut"),
      fraction("excreted_fraction", &R::excreted_fraction, kRequired,
               "part of the free label that leaves the body", kRoutes),
      fraction("bone_fraction_deferoxamine", &R::bone_fraction_deferoxamine, kOptional,
               "part of the free label to bone while deferoxamine is given", kRoutes),
      fraction("excreted_fraction_deferoxamine", &R::excreted_fraction_deferoxamine, kOptional,
               "part of the free label that leaves the body while deferoxamine is given", kRoutes),
      quantity("tracking_time", &R::tracking_time_s, Dimension::time, kOptional,
               "time for which cells were followed usefully", "plan: compared with the question"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<MagneticLabel>> fields_of<MagneticLabel>() {
  using R = MagneticLabel;
  static constexpr std::array<FieldSpec<R>, 7> kFields{{
      quantity("iron_per_cell", &R::iron_per_cell_g, Dimension::mass, kOptional,
               "iron in a labelled cell", "plan: detection limit of iron"),
      number("fluorine_per_cell", &R::fluorine_per_cell, kOptional, "19F atoms in a labelled cell",
             "plan: detection limit of 19F MRI"),
      fraction("labelled_fraction", &R::labelled_fraction, kOptional,
               "part of the cells that take the label"),
      quantity("efflux", &R::efflux_per_s, Dimension::rate, kRequired,
               "loss of label from living cells", "plan: label per cell"),
      fraction("phagocytosed_fraction", &R::phagocytosed_fraction, kRequired,
               "part of a dead cell's label that phagocytes or debris keep in place",
               "plan: signal of dead cells"),
      quantity("debris_release", &R::debris_release_per_s, Dimension::rate, kRequired,
               "release of label from phagocytes and debris", "plan: signal of dead cells"),
      quantity("tracking_time", &R::tracking_time_s, Dimension::time, kOptional,
               "time for which cells were followed usefully", "plan: compared with the question"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<MagneticReporter>> fields_of<MagneticReporter>() {
  using R = MagneticReporter;
  static constexpr std::array<FieldSpec<R>, 2> kFields{{
      quantity("iron_per_cell", &R::iron_per_cell_g, Dimension::mass, kRequired,
               "iron that the gene's product stores in a cell", "plan: detection limit of iron"),
      fraction("relaxivity_fraction", &R::relaxivity_fraction, kRequired,
               "relaxation that this iron causes, over that of as much iron oxide",
               "plan: detection limit of iron"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<Optical>> fields_of<Optical>() {
  using R = Optical;
  static constexpr std::array<FieldSpec<R>, 7> kFields{{
      quantity("photons_per_cell", &R::photons_per_cell_per_s, Dimension::rate, kOptional,
               "photons that a cell emits in a second", "plan: detection limit of light"),
      quantity("emission_wavelength", &R::emission_wavelength_mm, Dimension::length, kOptional,
               "wavelength of the emission's maximum"),
      quantity("tissue_attenuation", &R::tissue_attenuation_per_mm, Dimension::inverse_length,
               kOptional, "effective attenuation of soft tissue at that wavelength",
               "plan: detection limit of light at a depth"),
      quantity("signal_plateau", &R::signal_plateau_s, Dimension::time, kOptional,
               "time for which the signal holds after the substrate"),
      fraction("labelled_fraction", &R::labelled_fraction, kOptional,
               "part of the cells that take the dye"),
      quantity("efflux", &R::efflux_per_s, Dimension::rate, kOptional,
               "loss of dye from living cells", "plan: label per cell"),
      quantity("tracking_time", &R::tracking_time_s, Dimension::time, kOptional,
               "time for which cells were followed usefully", "plan: compared with the question"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<ReporterGene>> fields_of<ReporterGene>() {
  using R = ReporterGene;
  static constexpr std::array<FieldSpec<R>, 7> kFields{{
      number("cell_suv", &R::cell_suv, kRequired,
             "activity per gram of reporter cells over injected activity per body mass",
             "plan: activity per cell"),
      quantity("imaging_time", &R::imaging_time_s, Dimension::time, kRequired,
               "time of imaging after the tracer", "plan: schedule, activity per cell"),
      quantity("injected_activity_mouse", &R::injected_activity_mouse_bq, Dimension::activity,
               kRequired, "usual injected activity, mouse", "plan: activity per cell, dose"),
      quantity("injected_activity_human", &R::injected_activity_human_bq, Dimension::activity,
               kOptional, "usual injected activity, adult", "plan: activity per cell, dose"),
      number("reporters_per_cell", &R::reporters_per_cell, kOptional,
             "reporter molecules of a transduced cell"),
      quantity("affinity_kd", &R::affinity_kd_nm, Dimension::molar_concentration, kOptional,
               "dissociation constant of the tracer"),
      quantity("tracking_time", &R::tracking_time_s, Dimension::time, kOptional,
               "time for which cells were followed usefully", "plan: compared with the question"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<Probe>> fields_of<Probe>() {
  using R = Probe;
  static constexpr std::array<FieldSpec<R>, 12> kFields{{
      quantity("imaging_time", &R::imaging_time_s, Dimension::time, kRequired,
               "time of best contrast after injection, as published",
               "plan: compared with the modelled optimum"),
      quantity("injected_activity_mouse", &R::injected_activity_mouse_bq, Dimension::activity,
               kRequired, "usual injected activity, mouse", "plan: activity per cell, dose"),
      quantity("injected_activity_human", &R::injected_activity_human_bq, Dimension::activity,
               kOptional, "usual injected activity, adult", "plan: activity per cell, dose"),
      quantity("injected_mass_mouse", &R::injected_mass_mouse_g, Dimension::mass, kOptional,
               "usual injected mass of the probe, mouse", "plan: saturation of the target"),
      quantity("injected_mass_human", &R::injected_mass_human_g, Dimension::mass, kOptional,
               "usual injected mass of the probe, adult", "plan: saturation of the target"),
      quantity("molar_activity", &R::molar_activity_bq_per_mol, Dimension::molar_activity,
               kOptional, "activity per amount of probe", "plan: saturation of the target"),
      quantity("affinity_kd", &R::affinity_kd_nm, Dimension::molar_concentration, kRequired,
               "dissociation constant at the target", "plan: binding"),
      quantity("plasma_half_life", &R::plasma_half_life_s, Dimension::time, kOptional,
               "terminal half-life in blood of this probe, in place of its vector's",
               "plan: imaging time, contrast"),
      quantity("plasma_half_life_fast", &R::plasma_half_life_fast_s, Dimension::time, kOptional,
               "first half-life in blood", "plan: imaging time, contrast"),
      fraction("fast_fraction", &R::fast_fraction, kOptional,
               "part of the blood curve that falls with the first half-life",
               "plan: imaging time, contrast"),
      quantity("internalisation", &R::internalisation_per_s, Dimension::rate, kOptional,
               "rate at which bound probe is taken into the cell"),
      number("target_suv", &R::target_suv, kOptional,
             "published SUV of tissue that bears the target", "plan: compared with the model"),
  }};
  return kFields;
}

template <>
std::span<const FieldSpec<MetabolicTracer>> fields_of<MetabolicTracer>() {
  using R = MetabolicTracer;
  static constexpr std::array<FieldSpec<R>, 4> kFields{{
      quantity("imaging_time", &R::imaging_time_s, Dimension::time, kRequired,
               "time of imaging after injection", "plan: schedule"),
      quantity("injected_activity_mouse", &R::injected_activity_mouse_bq, Dimension::activity,
               kRequired, "usual injected activity, mouse", "plan: dose"),
      quantity("injected_activity_human", &R::injected_activity_human_bq, Dimension::activity,
               kOptional, "usual injected activity, adult", "plan: dose"),
      number("cell_suv", &R::cell_suv, kOptional,
             "activity per gram of active cells over injected activity per body mass"),
  }};
  return kFields;
}

}  // namespace sojourn::catalogue
