#include "sojourn/study/track.h"

#include <algorithm>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/hash.h"
#include "sojourn/fate/cell_counter.h"
#include "sojourn/io/nifti.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/study/cell_maps.h"
#include "sojourn/study/cell_stage.h"
#include "sojourn/study/describe.h"
#include "sojourn/study/output_folder.h"
#include "sojourn/study/provenance.h"
#include "sojourn/study/scan_stage.h"
#include "sojourn/study/study_file.h"
#include "sojourn/study/tables.h"
#include "sojourn/units/units.h"

namespace sojourn::study {
namespace {

namespace fs = std::filesystem;

/// Projections of a scan's map (its first frame, or the mean over frames), decay-corrected to the
/// administration.
records::ScanPicture picture_of(const ScanProduct& scan, const OutputFolder& out) {
  auto series = io::import_nifti(out.path() / activity_map(scan.number));
  image::Volume<float> sum = std::move(series.frames.front().values);
  const double n = static_cast<double>(series.frames.size());
  for (auto& value : sum.values()) {
    value *= static_cast<float>(scan.frame_to_administration.front() / n);
  }
  for (std::size_t f = 1; f < series.frames.size(); ++f) {
    const auto factor = static_cast<float>(scan.frame_to_administration.at(f) / n);
    const auto& more = series.frames[f].values.values();
    for (std::size_t i = 0; i < more.size(); ++i) sum.values()[i] += factor * more[i];
  }
  records::ScanPicture picture;
  picture.scan = scan.number;
  picture.hours = (scan.frame_mid_utc_s.front() - scan.origin_utc_s) / units::kSecondsPerHour;
  picture.tracer = scan.tracer;
  picture.label = fmt::format("scan {}, {:.3g} h, {}", scan.number, picture.hours, scan.tracer);
  picture.front = image::maximum_projection(sum, 1);
  picture.side = image::maximum_projection(sum, 0);
  return picture;
}

bool counted_in(const std::vector<records::CellEstimate>& cells, int scan) {
  return std::any_of(cells.begin(), cells.end(), [&](const auto& c) { return c.scan == scan; });
}

/// Removes maps and products of scans that the study no longer has.
void drop_strangers(const OutputFolder& out, std::size_t n_scans) {
  std::set<std::string> kept;
  for (std::size_t i = 1; i <= n_scans; ++i) {
    const int scan = static_cast<int>(i);
    for (const auto& name :
         {activity_map(scan), region_map(scan), cell_map(scan), cell_sd_map(scan)}) {
      kept.insert(fs::path(name).filename().string());
    }
  }
  std::vector<fs::path> strangers;
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(out.path() / "maps", trouble)) {
    if (!kept.count(entry.path().filename().string())) strangers.push_back(entry.path());
  }
  for (const auto& file : strangers) fs::remove(file, trouble);
}

std::pair<std::string, std::string> write_table(const OutputFolder& out, const std::string& name,
                                                const std::string& text) {
  core::write_file(out.path() / name, text);
  return {name, core::Sha256().add(std::as_bytes(std::span(text))).hex()};
}

void collect_warnings(records::StudyResult& result, const std::vector<ScanProduct>& scans) {
  result.warnings = result.study.warnings;
  for (const auto& scan : scans) {
    for (const auto& warning : scan.warnings) {
      result.warnings.push_back(fmt::format("scan {}: {}", scan.number, warning));
    }
  }
}

}  // namespace

records::StudyResult track(const fs::path& study_file, const fs::path& out_path,
                           const TrackOptions& options, const core::Progress& progress) {
  records::StudyResult result;
  result.study = read_study(study_file);
  const OutputFolder out(out_path);
  const std::size_t n = result.study.scans.size();
  std::vector<ScanProduct> scans;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& request = result.study.scans[i];
    progress(fmt::format("scan {} of {} ({})", i + 1, n, request.image_as_written),
             static_cast<double>(i) / static_cast<double>(n + 1));
    bool reused = false;
    scans.push_back(run_scan(result.study, static_cast<int>(i) + 1, out, options.fresh, reused));
    if (reused) {
      progress(fmt::format("scan {} of {} is unchanged: its earlier result is used", i + 1, n),
               static_cast<double>(i + 1) / static_cast<double>(n + 1));
    }
    const auto& rows = scans.back().measurements;
    result.measurements.insert(result.measurements.end(), rows.begin(), rows.end());
  }
  drop_strangers(out, n);
  collect_warnings(result, scans);
  progress("cells", static_cast<double>(n) / static_cast<double>(n + 1));
  const auto counted = run_cells(result, scans, out, options.fresh, options.seed);
  const fate::CountResult* cells = counted ? &*counted : nullptr;
  if (cells != nullptr) {
    result.cells = cells->rows;
    result.posterior = cells->posterior;
    result.warnings.insert(result.warnings.end(), cells->warnings.begin(), cells->warnings.end());
  } else if (!result.study.infusions.empty()) {
    result.warnings.push_back(
        "no cells were counted: no scan shows a label or a tracer of cells with a known injected "
        "activity");
  }
  for (const auto& scan : scans) {
    if (counted_in(result.cells, scan.number)) write_cell_map(scan, result.cells, out);
    result.pictures.push_back(picture_of(scan, out));
  }
  result.facts = study_facts(result.study, scans);
  result.methods = methods_text(result.study, scans, cells);
  result.citations = citations_of(result.methods);
  std::vector<std::pair<std::string, std::string>> outputs;
  outputs.push_back(write_table(out, "activity.tsv", activity_table(result.measurements)));
  outputs.push_back(
      write_table(out, "partial_volume.tsv", partial_volume_table(result.measurements)));
  outputs.push_back(write_table(out, "cells.tsv", cell_table(result.cells)));
  result.provenance = provenance(result, scans, cells, options.seed, outputs);
  core::write_file(out.path() / "study.json", core::to_json(result.provenance));
  return result;
}

}  // namespace sojourn::study
