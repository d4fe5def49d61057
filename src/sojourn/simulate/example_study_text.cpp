#include <fmt/format.h>

#include "sojourn/simulate/example_parts.h"

namespace sojourn::simulate {
namespace {

constexpr const char* kHead =
    R"(# Sojourn example study: a virtual mouse whose truth stands in truth.tsv
sojourn = 1

[subject]
id = "m07"                            # the only identity that reaches outputs
species = "mouse"
body_mass = "21.4 g"

[[infusion]]
cells = "cd8-t"
count = 7.0e6                         # all cells dispensed
viability = 0.93                      # living fraction
viability_at = 2026-03-02T09:50:00Z
infused_at = 2026-03-02T10:15:00Z
duration = "1 min"
route = "iv"

[label]
method = "zr89-oxine"
activity = "0.26 MBq"                 # in the syringe
measured_at = 2026-03-02T10:05:00Z
residual = "12 kBq"                   # left in the syringe after the infusion
residual_measured_at = 2026-03-02T10:20:00Z
cell_bound_fraction = 0.97            # pellet over pellet and supernatant

[assays]
retention = "assays/retention.tsv"    # label of living cells in culture
growth = "assays/growth.tsv"          # living cells in culture
biodistribution = "assays/biodistribution.tsv"

[regions]                             # names of label values; the name implies the compartment
)";

std::string long_form(const ExampleRegion& region, const char* role, double fraction,
                      const char* why) {
  return fmt::format(
      "\n[regions.{}]\nname = \"{}\"\nrole = \"{}\"\nfraction = {:.4f}                     # {}\n",
      region.value, region.name, role, fraction, why);
}

}  // namespace

std::string example_study_text(const subject::PerOrgan& volume_ml, const image::Vec3& fwhm_mm) {
  std::string text = kHead, blocks;
  double nodes_ml = 0;
  for (const auto& region : example_regions()) {
    if (region.name.starts_with("lymph_node"))
      nodes_ml += volume_ml[subject::index_of(region.organs[0])];
  }
  for (const auto& region : example_regions()) {
    if (region.name == "heart_blood") {
      blocks += long_form(region, "blood", kHeartBlood, "part of all blood inside the region");
    } else if (region.name.starts_with("lymph_node")) {
      const double part = volume_ml[subject::index_of(region.organs[0])] / nodes_ml;
      blocks += long_form(region, "lymph-node", kNodesImaged * part, "part of all lymph nodes");
    } else {
      text += fmt::format("{} = \"{}\"\n", region.value, region.name);
    }
  }
  text += blocks;
  for (const auto& scan : example_scans()) {
    const bool seg = scan.day == "d1";
    text += fmt::format(
        "\n[[scan]]                              # {:g} h after the infusion, {:g} min\n"
        "image = \"pet/{}\"                      # DICOM series\n"
        "anatomy = \"ct/{}\"\n"
        "regions = \"regions/{}{}\n"
        "psf_fwhm = [\"{:g} mm\", \"{:g} mm\", \"{:g} mm\"]\n"
        "coverage = \"whole-body\"\n"
        "background = [\"body_rest\"]            # for the detection limit\n",
        scan.start_hours, scan.duration_s / 60, scan.day, scan.day, scan.day,
        seg ? ".dcm\"           # DICOM SEG" : ".nii.gz\"        # label map", fwhm_mm[0],
        fwhm_mm[1], fwhm_mm[2]);
  }
  return text;
}

}  // namespace sojourn::simulate
