#include "sojourn/study/study_tree.h"

#include "sojourn/core/time.h"

namespace sojourn::study {
namespace {

using core::Tree;

Tree moment(const std::optional<double>& utc_s) {
  return utc_s ? Tree(core::format_iso(*utc_s)) : Tree();
}

Tree vector_tree(const std::optional<image::Vec3>& v) {
  if (!v) return {};
  Tree all = Tree::array();
  for (const double x : *v) all.push(x);
  return all;
}

Tree texts(const std::vector<std::string>& words) {
  Tree all = Tree::array();
  for (const auto& word : words) all.push(word);
  return all;
}

Tree numbers(const std::vector<double>& values) {
  Tree all = Tree::array();
  for (const double value : values) all.push(value);
  return all;
}

Tree subject_tree(const records::Subject& s) {
  Tree t = Tree::table();
  t.set("id", s.id).set("species", s.species).set("body_mass_g", s.body_mass_g);
  t.set("height_m", s.height_m).set("sex", s.sex);
  return t;
}

Tree infusion_tree(const records::Infusion& i) {
  Tree t = Tree::table();
  t.set("cells", i.cells).set("count", i.count).set("viability", i.viability);
  t.set("viability_at", moment(i.viability_at_utc_s)).set("infused_at", moment(i.infused_at_utc_s));
  t.set("duration_s", i.duration_s).set("route", i.route).set("extravasated_bq", i.extravasated_bq);
  return t;
}

Tree administration_tree(const records::Administration& a) {
  Tree t = Tree::table();
  t.set("id", a.id).set("method", a.method).set("activity_bq", a.activity_bq);
  t.set("measured_at", moment(a.measured_at_utc_s)).set("residual_bq", a.residual_bq);
  t.set("residual_measured_at", moment(a.residual_measured_at_utc_s));
  t.set("extravasated_bq", a.extravasated_bq).set("given_at", moment(a.given_at_utc_s));
  t.set("duration_s", a.duration_s).set("mass_g", a.mass_g);
  t.set("cell_bound_fraction", a.cell_bound_fraction);
  return t;
}

Tree treatment_tree(const records::Treatment& treatment) {
  Tree t = Tree::table();
  t.set("kind", treatment.kind).set("start", moment(treatment.start_utc_s));
  t.set("stop", moment(treatment.stop_utc_s));
  return t;
}

Tree region_tree(const records::RegionName& r) {
  Tree t = Tree::table();
  t.set("value", r.value)
      .set("name", r.name)
      .set("roles", texts(r.roles))
      .set("fraction", r.fraction);
  return t;
}

Tree segment_tree(const records::SegmentRule& s) {
  Tree t = Tree::table();
  t.set("name", s.name).set("method", s.method).set("above_bq_per_ml", s.above_bq_per_ml);
  t.set("above_suv", s.above_suv).set("fraction_of_max", s.fraction_of_max);
  t.set("box_min_mm", vector_tree(s.box_min_mm)).set("box_max_mm", vector_tree(s.box_max_mm));
  t.set("center_mm", vector_tree(s.center_mm))
      .set("radius_mm", s.radius_mm)
      .set("within", s.within);
  t.set("largest", s.largest).set("roles", texts(s.roles)).set("fraction", s.fraction);
  return t;
}

Tree scan_tree(const records::ScanRequest& s) {
  Tree t = Tree::table();
  t.set("image", s.image_as_written).set("tracer", s.tracer).set("anatomy", s.anatomy_as_written);
  t.set("regions", s.regions_as_written).set("series", s.series).set("time", moment(s.time_utc_s));
  t.set("frame_duration_s", numbers(s.frame_duration_s)).set("units", s.units);
  t.set("decay_corrected_to", s.decay_corrected_to).set("calibration", s.calibration);
  t.set("calibration_relative_sd", s.calibration_relative_sd)
      .set("clock_offset_s", s.clock_offset_s);
  t.set("scanner", s.scanner).set("psf_fwhm_mm", vector_tree(s.psf_fwhm_mm));
  t.set("recovery", s.recovery ? Tree(s.recovery->filename().string()) : Tree());
  if (s.crop_mm) {
    t.set("crop_min_mm", vector_tree((*s.crop_mm)[0]))
        .set("crop_max_mm", vector_tree((*s.crop_mm)[1]));
  }
  t.set("whole_body", s.whole_body).set("background", texts(s.background));
  return t;
}

Tree uncertain(const std::optional<records::Uncertain>& u) {
  if (!u) return {};
  Tree t = Tree::table();
  t.set("value", u->value).set("relative_sd", u->relative_sd);
  return t;
}

Tree rates_tree(const records::RateChoice& r) {
  Tree t = Tree::table();
  t.set("division_per_s", uncertain(r.division)).set("death_per_s", uncertain(r.death));
  t.set("efflux_per_s", uncertain(r.efflux))
      .set("debris_release_per_s", uncertain(r.debris_release));
  t.set("phagocytosed_fraction", uncertain(r.phagocytosed_fraction));
  t.set("bone_fraction", uncertain(r.bone_fraction));
  return t;
}

template <typename T>
Tree list(const std::vector<T>& items, Tree (*convert)(const T&)) {
  Tree all = Tree::array();
  for (const auto& item : items) all.push(convert(item));
  return all;
}

Tree override_tree(const records::Override& o) {
  Tree t = Tree::table();
  t.set("field", o.field).set("reason", o.reason);
  return t;
}

/// What every scan depends on.
Tree common(const records::Study& study) {
  Tree t = Tree::table();
  t.set("zone_min", study.zone_min).set("subject", subject_tree(study.subject));
  t.set("infusions", list(study.infusions, infusion_tree));
  t.set("administrations", list(study.administrations, administration_tree));
  t.set("regions", list(study.regions, region_tree))
      .set("segments", list(study.segments, segment_tree));
  t.set("overrides", list(study.overrides, override_tree));
  return t;
}

}  // namespace

Tree to_tree(const records::Study& study) {
  Tree t = common(study);
  t.set("treatments", list(study.treatments, treatment_tree));
  t.set("scans", list(study.scans, scan_tree)).set("rates", rates_tree(study.rates));
  Tree assays = Tree::table();
  for (const auto& [kind, path] : study.assays) assays.set(kind, path.filename().string());
  return t.set("assays", assays);
}

Tree scan_parameters(const records::Study& study, const records::ScanRequest& scan) {
  Tree t = common(study);
  return t.set("scan", scan_tree(scan));
}

}  // namespace sojourn::study
