#include <fmt/core.h>

#include <algorithm>

#include "sojourn/core/time.h"
#include "sojourn/core/tsv.h"
#include "sojourn/plan/plan.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

/// A placeholder for the infusion; scans and injections are told from it.
constexpr double kInfused_utc_s = 1893492000;  // 2030-01-01T10:00:00Z

std::string moment(double after_s) { return core::format_iso(kInfused_utc_s + after_s); }

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
      core::format_number(q.infused_cells, 6), core::format_number(q.viability, 3), moment(0));
  const bool label = m.window.has_value();
  if (label)
    text += fmt::format("\n[label]\nmethod = \"{}\"\nactivity = \"{}\"\nmeasured_at = {}\n", m.id,
                        quantity(*m.administered_bq.value), moment(0));
  int number = 0;
  for (const double t : q.scans_s) {
    ++number;
    // the tracer is given so that the scan falls on its time, after the cells at the earliest
    const double delay = label ? 0 : m.imaging_delay_s.value.value_or(0);
    const double scanned = std::max(t, delay), injected = scanned - delay;
    if (!label && m.administered_bq.value)
      text += fmt::format(
          "\n[[tracer]]\nid = \"t{}\"\nmethod = \"{}\"\nactivity = \"{}\"\nmeasured_at = {}\n"
          "injected_at = {}\n",
          number, m.id, quantity(*m.administered_bq.value), moment(injected), moment(injected));
    text += fmt::format("\n[[scan]]                # {:.4g} h after the infusion\n",
                        scanned / units::kSecondsPerHour);
    text += fmt::format("image = \"{}/{}\"          # DICOM folder, or NIfTI with its sidecar\n",
                        m.modality == "SPECT" ? "spect" : "pet", number);
    text += fmt::format("# regions = \"regions/{}.nii.gz\"\nscanner = \"{}\"\n", number, m.scanner);
    if (!label && m.administered_bq.value) text += fmt::format("tracer = \"t{}\"\n", number);
  }
  text += fmt::format("\n# [regions]\n# 1 = \"{}\"\n", q.region);
  return text;
}

}  // namespace sojourn::plan
