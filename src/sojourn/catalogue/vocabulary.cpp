#include "sojourn/catalogue/vocabulary.h"

#include <vector>

namespace sojourn::catalogue::vocabulary {

using Words = std::vector<std::string>;

std::span<const std::string> method_classes() {
  static const Words words{"ex-vivo-label",  "magnetic-label", "optical",         "reporter-gene",
                           "targeted-probe", "peptide-probe",  "metabolic-tracer"};
  return words;
}
std::span<const std::string> kinds() {
  static const Words words{"method", "note", "parent", "therapy"};
  return words;
}
std::span<const std::string> modalities() {
  static const Words words{"PET",          "SPECT",     "MRI", "MPI", "bioluminescence",
                           "fluorescence", "microscopy"};
  return words;
}
std::span<const std::string> questions() {
  static const Words words{"homing", "survival", "expansion", "function", "target"};
  return words;
}
std::span<const std::string> species() {
  static const Words words{"mouse", "rat", "macaque", "human"};
  return words;
}
std::span<const std::string> needs() {
  static const Words words{"cyclotron",      "generator",         "reactor",
                           "gene-transfer",  "ex-vivo-labelling", "leukapheresis",
                           "gmp-antibody",   "dedicated-coil",    "dedicated-scanner",
                           "two-injections", "phagocytic-cells"};
  return words;
}
std::span<const std::string> effects() {
  static const Words words{
      "depletes",     "activates",     "slows-proliferation",    "kills",
      "inert",        "dna-damage",    "function-kept",          "immunogenic",
      "internalises", "blocks-target", "dead-cells-keep-signal", "transfers-to-phagocytes"};
  return words;
}
std::span<const std::string> organs() {
  static const Words words{"blood",   "lung",   "liver",   "spleen", "marrow",
                           "bone",    "gut",    "stomach", "kidney", "lymph-node",
                           "bladder", "muscle", "thyroid", "brain",  "salivary-gland",
                           "heart",   "thymus", "tumour",  "rest"};
  return words;
}
std::span<const std::string> limit_quantities() {
  static const Words words{"cells", "cells_per_ml", "cells_per_voxel"};
  return words;
}
std::span<const std::string> limit_bounds() {
  static const Words words{"about", "detected", "not-detected"};
  return words;
}
std::span<const std::string> target_roles() {
  static const Words words{"lineage",  "checkpoint", "function",     "tumour",
                           "reporter", "readout",    "costimulation"};
  return words;
}
std::span<const std::string> clearing_organs() {
  static const Words words{"liver", "kidney"};
  return words;
}
std::span<const std::string> optima() {
  static const Words words{"days", "day", "hours", "hour", "under-an-hour"};
  return words;
}
std::span<const std::string> crystals() {
  static const Words words{"LSO", "LYSO", "BGO", "NaI", "CZT", "CsI"};
  return words;
}

}  // namespace sojourn::catalogue::vocabulary
