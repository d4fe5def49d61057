#include <algorithm>

#include "sojourn/core/nearest.h"
#include "sojourn/core/time.h"
#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

using units::Dimension;

const std::vector<std::string>& value_units() {
  static const std::vector<std::string> all = [] {
    const auto known = units::accepted_units(Dimension::concentration);
    std::vector<std::string> names(known.begin(), known.end());
    names.insert(names.end(), {"counts", "cps", "SUV"});
    return names;
  }();
  return all;
}

std::string read_tracer_of(core::TableReader& in, const records::Study& study) {
  std::vector<std::string> ids;
  for (const auto& one : study.administrations) ids.push_back(one.id);
  const auto tracer = in.text("tracer");
  if (!tracer) {
    if (ids.size() > 1)
      in.fail("tracer", "missing; several activities were given: say which this scan shows" +
                            core::suggestion("", ids));
    return "";
  }
  if (ids.empty()) {
    in.fail("tracer",
            "names an activity that the study file does not hold; add [label] or [[tracer]], or "
            "leave this "
            "field out: the header then speaks");
  }
  if (std::find(ids.begin(), ids.end(), *tracer) == ids.end()) {
    in.fail("tracer",
            fmt::format("\"{}\" is not known{}", *tracer, core::suggestion(*tracer, ids)));
  }
  return *tracer;
}

std::string read_series(core::TableReader& in) {
  const auto* raw = in.raw("series");
  if (raw == nullptr) return "";
  if (raw->kind() == core::Tree::Kind::integer) return std::to_string(raw->integer());
  return in.text("series").value_or("");
}

std::optional<std::string> read_decay_reference(core::TableReader& in,
                                                const records::Study& study) {
  static const std::vector<std::string> words = {"none", "scan-start", "administration"};
  const auto* raw = in.raw("decay_corrected_to");
  if (raw == nullptr) return std::nullopt;
  if (raw->kind() == core::Tree::Kind::string) {
    if (std::find(words.begin(), words.end(), raw->text()) != words.end()) return raw->text();
    if (!core::parse_iso(raw->text())) {
      in.fail("decay_corrected_to",
              fmt::format("\"{}\" is not known{}, or a time as 2026-03-02T14:15:00Z", raw->text(),
                          core::suggestion(raw->text(), words)));
    }
  }
  const auto moment = read_moment(in, "decay_corrected_to", study);
  return core::format_iso(moment.value_or(0));
}

std::optional<image::Vec3> read_psf(core::TableReader& in) {
  const auto values = units::quantities(in, "psf_fwhm", Dimension::length);
  if (values.empty()) return std::nullopt;
  if (values.size() != 1 && values.size() != 3) {
    in.fail("psf_fwhm",
            fmt::format("holds {} values; write one, or one for each axis", values.size()));
  }
  if (std::any_of(values.begin(), values.end(), [](double v) { return !(v > 0); })) {
    in.fail("psf_fwhm",
            "must be over zero; leave the field out to measure without partial-volume correction");
  }
  return values.size() == 1 ? image::Vec3{values[0], values[0], values[0]}
                            : image::Vec3{values[0], values[1], values[2]};
}

std::optional<std::array<image::Vec3, 2>> read_crop(core::TableReader& in) {
  auto box = in.table("crop");
  if (!box) return std::nullopt;
  const auto low = box->need(read_point(*box, "min"), "min");
  const auto high = box->need(read_point(*box, "max"), "max");
  box->finish();
  for (std::size_t a = 0; a < 3; ++a) {
    if (!(low[a] < high[a])) {
      in.fail("crop", fmt::format("min is not under max along {} ({:g} and {:g} mm); swap them",
                                  "xyz"[a], low[a], high[a]));
    }
  }
  return std::array<image::Vec3, 2>{low, high};
}

void read_values(core::TableReader& in, const records::Study& study, records::ScanRequest& scan) {
  scan.time_utc_s = read_moment(in, "time", study);
  scan.frame_duration_s = units::quantities(in, "frame_duration", Dimension::time);
  for (const double one : scan.frame_duration_s) {
    if (!(one > 0)) in.fail("frame_duration", "must be over zero");
  }
  scan.units = in.choice("units", value_units());
  scan.decay_corrected_to = read_decay_reference(in, study);
  scan.calibration = in.number("calibration");
  if (scan.calibration && !(*scan.calibration > 0)) {
    in.fail("calibration", "must be over zero: Bq/mL for each unit of the stored value");
  }
  scan.calibration_relative_sd = in.number("calibration_uncertainty");
  if (scan.calibration_relative_sd &&
      !(*scan.calibration_relative_sd >= 0 && *scan.calibration_relative_sd < 1)) {
    in.fail("calibration_uncertainty",
            fmt::format("{:g} is outside [0, 1); write a relative standard deviation, 0.05 "
                        "for 5 %",
                        *scan.calibration_relative_sd));
  }
  scan.clock_offset_s = units::quantity(in, "clock_offset", Dimension::time).value_or(0);
}

records::ScanRequest read_scan(core::TableReader& in, ParsedStudy& parsed) {
  const auto& study = parsed.study;
  records::ScanRequest scan;
  scan.line = in.line();
  scan.image = in.need(read_path(in, "image", parsed, &scan.image_as_written), "image");
  scan.tracer = read_tracer_of(in, study);
  scan.anatomy = read_path(in, "anatomy", parsed, &scan.anatomy_as_written);
  scan.regions = read_path(in, "regions", parsed, &scan.regions_as_written);
  scan.series = read_series(in);
  read_values(in, study, scan);
  scan.scanner = in.text("scanner").value_or("");
  scan.psf_fwhm_mm = read_psf(in);
  scan.recovery = read_path(in, "recovery", parsed);
  if (scan.psf_fwhm_mm && scan.recovery) {
    in.fail("recovery", "stands beside psf_fwhm, and both correct for partial volume; keep one");
  }
  scan.crop_mm = read_crop(in);
  static const std::vector<std::string> coverages = {"whole-body", "partial"};
  const bool small_animal = study.subject.species == "mouse" || study.subject.species == "rat";
  const auto coverage = in.choice("coverage", coverages);
  scan.whole_body = coverage ? *coverage == "whole-body" : small_animal;
  scan.background = in.texts("background");
  in.finish();
  return scan;
}

}  // namespace

void read_scans(core::TableReader& top, ParsedStudy& parsed) {
  auto blocks = top.tables("scan");
  if (blocks.empty())
    top.fail("scan", "missing; add a [[scan]] block with image = \"folder or file\"");
  for (auto& in : blocks) parsed.study.scans.push_back(read_scan(in, parsed));
}

}  // namespace sojourn::study
