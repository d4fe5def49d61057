#include "sojourn/study/study_file.h"

#include <algorithm>

#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/records/species.h"
#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

using core::TableReader;
using units::Dimension;

constexpr int kVersion = 1;

void read_version(TableReader& top) {
  const auto version = top.integer("sojourn");
  if (!version) top.fail("sojourn", "missing; the first line of a study file is sojourn = 1");
  if (*version != kVersion) {
    top.fail("sojourn",
             fmt::format(
                 "version {} of the study file is not known to this program; it reads sojourn = {}",
                 *version, kVersion));
  }
}

/// "+01:00", "-0500", "Z" -> minutes east of UTC.
int read_zone(TableReader& top) {
  const auto text = top.text("timezone");
  if (!text) return 0;
  const auto clock = core::parse_iso("2000-01-01T00:00:00" + *text);
  if (!clock || !clock->offset_min) {
    top.fail("timezone",
             fmt::format("\"{}\" is no offset from UTC; write it as \"+01:00\" or \"Z\"", *text));
  }
  return *clock->offset_min;
}

std::string mass_text(double g) {
  return g >= 1000 ? fmt::format("{:.4g} kg", g / 1000) : fmt::format("{:.4g} g", g);
}

void check_mass(const TableReader& in, double mass_g, const std::string& species) {
  const auto range = records::plausible_mass_g(species);
  const auto fits = [&](double g) { return g >= range[0] && g <= range[1]; };
  if (fits(mass_g)) return;
  std::string hint;
  for (const double other : {mass_g / 1000, mass_g * 1000}) {
    if (fits(other)) hint = fmt::format("; did you mean \"{}\"?", mass_text(other));
  }
  in.fail("body_mass", fmt::format("{} for a {} ({} to {} are plausible){}", mass_text(mass_g),
                                   species, mass_text(range[0]), mass_text(range[1]),
                                   hint.empty() ? "; correct the value or its unit" : hint));
}

void read_subject(TableReader& top, records::Study& study) {
  auto in = top.need(top.table("subject"), "subject");
  auto& subject = study.subject;
  subject.id = in.need(in.text("id"), "id");
  check_safe_name(in, "id", subject.id);
  subject.species = in.need(in.choice("species", records::known_species()), "species");
  subject.body_mass_g = read_quantity(in, "body_mass", Dimension::mass, Sign::positive);
  if (subject.body_mass_g) check_mass(in, *subject.body_mass_g, subject.species);
  if (const auto height_mm = read_quantity(in, "height", Dimension::length, Sign::positive)) {
    constexpr double kTallest_mm = 2750;  // the tallest man on record, 2.72 m
    if (*height_mm > kTallest_mm)
      in.fail("height", fmt::format("{:g} m is no height; correct the unit", *height_mm / 1000));
    subject.height_m = *height_mm / 1000;
  }
  static const std::vector<std::string> sexes = {"M", "F"};
  subject.sex = in.choice("sex", sexes);
  in.finish();
}

void read_treatments(TableReader& top, records::Study& study) {
  static const std::vector<std::string> modelled = {"deferoxamine"};
  for (auto& in : top.tables("treatment")) {
    records::Treatment treatment;
    treatment.kind = in.need(in.text("kind"), "kind");
    const auto near = core::nearest_name(treatment.kind, modelled);
    if (near && *near != treatment.kind)
      in.fail("kind",
              fmt::format("\"{}\" is not known; did you mean \"{}\"?", treatment.kind, *near));
    if (!near)
      study.warnings.push_back(in.where("kind") +
                               ": this treatment is recorded, it changes no model");
    treatment.start_utc_s = read_moment(in, "start", study);
    treatment.stop_utc_s = read_moment(in, "stop", study);
    if (treatment.start_utc_s && treatment.stop_utc_s &&
        *treatment.stop_utc_s < *treatment.start_utc_s) {
      in.fail("stop", "lies before start; swap them");
    }
    in.finish();
    study.treatments.push_back(treatment);
  }
}

void read_assays(TableReader& top, ParsedStudy& parsed) {
  auto in = top.table("assays");
  if (!in) return;
  for (const char* kind : {"retention", "growth", "biodistribution", "counts"}) {
    if (const auto path = read_path(*in, kind, parsed)) parsed.study.assays[kind] = *path;
  }
  in->finish();
}

void read_overrides(TableReader& top, records::Study& study) {
  static const std::vector<std::string> fields = {
      "injected_activity", "body_mass", "injection_time",  "half_life",
      "scan_time",         "units",     "decay_correction"};
  for (auto& in : top.tables("override")) {
    records::Override one;
    one.field = in.need(in.choice("field", fields), "field");
    one.reason = in.need(in.text("reason"), "reason");
    if (one.reason.find_first_not_of(" \t") == std::string::npos) {
      in.fail("reason", "empty; the report shows why the study file wins over the header");
    }
    in.finish();
    study.overrides.push_back(one);
  }
}

ParsedStudy parse(std::string_view text, const std::filesystem::path& file) {
  const std::string source = file.filename().string();
  const auto document = core::parse_toml(text, source);
  TableReader top(document, source);
  ParsedStudy parsed;
  auto& study = parsed.study;
  study.file = file;
  study.folder = file.parent_path();
  read_version(top);
  study.zone_min = read_zone(top);
  read_subject(top, study);
  read_infusions(top, parsed);
  read_label(top, parsed);
  read_tracers(top, parsed);
  read_treatments(top, study);
  read_scans(top, parsed);
  read_regions(top, parsed);
  read_segments(top, parsed);
  read_assays(top, parsed);
  read_rates(top, parsed);
  read_overrides(top, study);
  top.finish();
  check_order(top, parsed);
  return parsed;
}

/// Names beside a path that is not there, for the nearest.
std::vector<std::string> neighbours(const std::filesystem::path& path) {
  constexpr std::size_t kMost = 200;
  std::vector<std::string> names;
  std::error_code ignored;
  for (std::filesystem::directory_iterator it(path.parent_path(), ignored), end;
       !ignored && it != end && names.size() < kMost; it.increment(ignored)) {
    names.push_back(it->path().filename().string());
  }
  return names;
}

void check_paths(const ParsedStudy& parsed) {
  for (const auto& [path, where, as_written] : parsed.paths) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) continue;
    const auto near = core::nearest_name(path.filename().string(), neighbours(path));
    refuse("{}: \"{}\" is not there (paths are relative to the study file){}", where, as_written,
           near ? fmt::format("; did you mean \"{}\"?",
                              (std::filesystem::path(as_written).parent_path() / *near).string())
                : "; correct the path");
  }
}

}  // namespace

records::Study parse_study(std::string_view text, const std::filesystem::path& file) {
  return parse(text, file).study;
}

records::Study read_study(const std::filesystem::path& file) {
  constexpr std::uintmax_t kLimit_bytes = 1 << 20;
  if (std::filesystem::is_directory(file)) {
    refuse("{} is a folder; name the study file in it, as {}/study.toml", file.string(),
           file.string());
  }
  auto parsed = parse(core::read_file(file, kLimit_bytes), file);
  check_paths(parsed);
  return parsed.study;
}

}  // namespace sojourn::study
