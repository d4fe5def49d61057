#include <fmt/core.h>

#include "sojourn/core/tsv.h"
#include "sojourn/plan/plan.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

constexpr const char* kInfusedAt = "2030-01-01T10:00:00Z";
/// Moments before and after the placeholder of the infusion.
std::string moment(double seconds) {
  const auto minutes = static_cast<long>(seconds / 60) + 10 * 60;
  const long day = minutes / (24 * 60), rest = minutes % (24 * 60);
  if (day < 31) return fmt::format("2030-01-{:02}T{:02}:{:02}:00Z", day + 1, rest / 60, rest % 60);
  return fmt::format("2030-{:02}-{:02}T{:02}:{:02}:00Z", 2 + (day - 31) / 28, 1 + (day - 31) % 28,
                     rest / 60, rest % 60);
}

std::string quantity(double bq) { return core::format_number(bq / 1e6, 4) + " MBq"; }

}  // namespace

std::string study_skeleton(const records::PlanQuestion& q, const records::MethodPlan& m) {
  std::string text = fmt::format(
      "# Study file for {} ({}), from the plan \"{}\".\n"
      "# Replace times, counts and activities by the measured ones; put the images where the scans "
      "say.\n\nsojourn = 1\n\n[subject]\nid = \"{}\"\nspecies = \"{}\"\nbody_mass = \"{} g\"\n",
      m.id, m.scanner, q.id, q.id, q.species, core::format_number(q.body_mass_g, 6));
  text += fmt::format(
      "\n[[infusion]]\ncells = \"{}\"\ncount = {}\nviability = {}\ninfused_at = {}\n", q.cells,
      core::format_number(q.infused_cells, 6), core::format_number(q.viability, 3), kInfusedAt);
  const bool label = m.window.has_value();
  if (label)
    text += fmt::format("\n[label]\nmethod = \"{}\"\nactivity = \"{}\"\nmeasured_at = {}\n", m.id,
                        quantity(*m.administered_bq.value), kInfusedAt);
  int number = 0;
  for (const double t : q.scans_s) {
    ++number;
    const double delay = m.imaging_delay_s.value.value_or(0);
    if (!label && m.administered_bq.value)
      text += fmt::format(
          "\n[[tracer]]\nid = \"t{}\"\nmethod = \"{}\"\nactivity = \"{}\"\nmeasured_at = {}\n"
          "injected_at = {}\n",
          number, m.id, quantity(*m.administered_bq.value), moment(t), moment(t));
    text += fmt::format("\n[[scan]]                # {:.4g} h after the infusion\n",
                        (t + (label ? 0 : delay)) / units::kSecondsPerHour);
    text += fmt::format("image = \"{}/{}\"          # DICOM folder, or NIfTI with its sidecar\n",
                        m.modality == "SPECT" ? "spect" : "pet", number);
    text += fmt::format("# regions = \"regions/{}.nii.gz\"\nscanner = \"{}\"\n", number, m.scanner);
    if (!label && m.administered_bq.value) text += fmt::format("tracer = \"t{}\"\n", number);
  }
  text += fmt::format("\n# [regions]\n# 1 = \"{}\"\n", q.region);
  return text;
}

}  // namespace sojourn::plan
