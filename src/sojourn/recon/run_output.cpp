#include <unistd.h>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/io/dicom_write.h"
#include "sojourn/io/nifti.h"
#include "sojourn/recon/run.h"
#include "sojourn/units/units.h"

namespace sojourn::recon {
namespace {

using core::Tree;
namespace fs = std::filesystem;

Tree list(const std::vector<double>& values) {
  Tree all = Tree::array();
  for (const double v : values) all.push(v);
  return all;
}

/// BIDS PET sidecar. @source BIDS specification 1.9, PET.
Tree sidecar(const Reconstruction& r, const Settings& s) {
  const auto& o = s.options;
  Tree t = Tree::table();
  t.set("Units", r.unit == "Bq/mL" ? "Bq/mL" : "PROPCPS").set("Modality", "PT");
  if (!r.scanner.empty()) t.set("ManufacturersModelName", r.scanner);
  if (!r.tracer.empty()) t.set("TracerName", r.tracer);
  if (!r.nuclide.empty()) t.set("TracerRadionuclide", r.nuclide);
  if (r.injected_activity_bq)
    t.set("InjectedRadioactivity", *r.injected_activity_bq).set("InjectedRadioactivityUnits", "Bq");
  if (r.start_utc_s) {
    const std::string iso = core::format_iso(*r.start_utc_s);
    t.set("TimeZero", iso.substr(11, 8)).set("SojournTimeZero", iso);
    t.set("ScanStart", 0);
    if (r.injected_utc_s) t.set("InjectionStart", *r.injected_utc_s - *r.start_utc_s);
  }
  t.set("FrameTimesStart", list({0})).set("FrameDuration", list({r.duration_s}));
  const bool corrected = r.unit == "Bq/mL" && r.half_life_s > 0;
  t.set("ImageDecayCorrected", corrected).set("ImageDecayCorrectionTime", 0);
  t.set("ReconMethodName", o.prior.beta > 0 ? "MAP-OSL" : o.subsets > 1 ? "OSEM" : "MLEM");
  Tree labels = Tree::array(), values = Tree::array(), units = Tree::array();
  const auto add = [&](const char* label, double value, const char* unit) {
    labels.push(label);
    values.push(value);
    units.push(unit);
  };
  add("iterations", o.iterations, "none");
  add("subsets", o.subsets, "none");
  add("psf_fwhm", o.psf_fwhm_mm[0], "mm");
  add("prior_beta", o.prior.beta, "none");
  t.set("ReconMethodParameterLabels", std::move(labels));
  t.set("ReconMethodParameterValues", std::move(values));
  t.set("ReconMethodParameterUnits", std::move(units));
  t.set("ReconFilterType", "none").set("ReconFilterSize", 0);
  const bool attenuation = !s.ct.empty() || !s.attenuation_map.empty();
  t.set("AttenuationCorrection", attenuation ? "measured" : "none");
  t.set("SoftwareName", "sojourn").set("SoftwareVersion", core::version());
  return t;
}

void write_dicom(const fs::path& folder, const Reconstruction& r, const Settings& s) {
  if (r.unit != "Bq/mL")
    refuse("output.dicom needs calibrated values: set calibration.bq_per_ml_per_unit");
  if (!r.start_utc_s) refuse("output.dicom needs the time of the scan: set calibration.start");
  if (r.nuclide.empty()) refuse("output.dicom needs the nuclide: set calibration.nuclide");
  io::DicomStudyFacts study;
  study.subject_id = s.subject.empty() ? "anonymous" : s.subject;
  study.body_mass_kg = s.body_mass_g / 1000;
  study.study_utc_s = *r.start_utc_s;
  study.study_description = "Sojourn reconstruction";
  study.frame_of_reference_name = "scanner";
  study.seed = s.seed;
  io::PetSeriesFacts series;
  series.description = "reconstruction";
  series.start_utc_s = *r.start_utc_s;
  series.duration_s = r.duration_s;
  series.nuclide = r.nuclide;
  series.half_life_s = r.half_life_s;
  series.positron_fraction = r.positron_fraction;
  series.tracer = r.tracer;
  series.injected_activity_bq = r.injected_activity_bq.value_or(0);
  series.injected_at_utc_s = r.injected_utc_s.value_or(*r.start_utc_s);
  series.total_counts = r.prompts;
  series.manufacturer = "Sojourn";
  series.model = r.scanner;
  io::write_dicom_pet(folder, r.outcome.image, study, series);
}

/// Whether what is there came from here, so that a new run may replace it.
bool is_ours(const fs::path& folder) {
  return fs::is_empty(folder) || fs::is_regular_file(folder / "reconstruction.json");
}

}  // namespace

Tree report_of(const Reconstruction& r, const Settings& s) {
  const auto& g = r.outcome.image.geometry();
  Tree t = Tree::table();
  t.set("schema", "sojourn/reconstruction/1").set("version", core::version());
  t.set("format", r.format).set("scanner", r.scanner).set("unit", r.unit);
  t.set("prompts", r.prompts).set("randoms", r.randoms).set("scatter", r.scatter);
  t.set("scatter_scale", r.scatter_scale ? Tree(*r.scatter_scale) : Tree());
  t.set("crystal_background", r.crystal_background).set("explained", r.explained);
  t.set("duration_s", r.duration_s).set("live_fraction", r.live_fraction);
  t.set("nuclide", r.nuclide.empty() ? Tree() : Tree(r.nuclide));
  t.set("iterations", s.options.iterations).set("subsets", s.options.subsets);
  t.set("psf_fwhm_mm", list({s.options.psf_fwhm_mm.begin(), s.options.psf_fwhm_mm.end()}));
  t.set("prior_beta", s.options.prior.beta);
  Tree size = Tree::array();
  for (const int n : g.size) size.push(n);
  t.set("size", std::move(size));
  t.set("spacing_mm", list({g.spacing_mm.begin(), g.spacing_mm.end()}));
  t.set("log_likelihood", list(r.outcome.log_likelihood));
  t.set("outside_mean", r.outside_mean ? Tree(*r.outside_mean) : Tree());
  Tree warnings = Tree::array();
  for (const auto& w : r.warnings) warnings.push(w);
  t.set("warnings", std::move(warnings));
  return t;
}

void write_reconstruction(const fs::path& folder, const Reconstruction& r, const Settings& s) {
  const fs::path target = fs::absolute(folder).lexically_normal();
  if (fs::exists(target) && (!fs::is_directory(target) || !is_ours(target)))
    refuse("{} holds something else; name a new folder", folder.string());
  fs::path part = target;
  if (part.filename().empty()) part = part.parent_path();
  const fs::path whole = part;
  part += fmt::format(".part{}", ::getpid());
  fs::create_directories(part);
  try {
    io::write_nifti(part / "image.nii.gz", {&r.outcome.image}, "sojourn " + r.unit);
    core::write_file(part / "image.json", core::to_json(sidecar(r, s)));
    io::write_nifti(part / "sensitivity.nii.gz", {&r.sensitivity}, "sojourn sensitivity");
    if (r.variance) io::write_nifti(part / "variance.nii.gz", {&*r.variance}, "sojourn variance");
    if (s.dicom) write_dicom(part / "dicom", r, s);
    core::write_file(part / "reconstruction.json", core::to_json(report_of(r, s)));
    if (fs::exists(whole)) fs::remove_all(whole);
    fs::rename(part, whole);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    throw;
  }
}

}  // namespace sojourn::recon
