#include "sojourn/study/scan_stage.h"

#include <algorithm>
#include <cmath>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/hash.h"
#include "sojourn/io/image_import.h"
#include "sojourn/io/nifti.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/measure/measure.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/study/crop.h"
#include "sojourn/study/fingerprint.h"
#include "sojourn/study/recovery.h"
#include "sojourn/study/scan_regions.h"
#include "sojourn/study/study_tree.h"

namespace sojourn::study {
namespace {

std::optional<measure::KnownNuclide> tabled_nuclide(const std::string& name) {
  const auto known = nuclide::known();
  if (std::find(known.begin(), known.end(), name) == known.end()) return std::nullopt;
  return measure::KnownNuclide{name, nuclide::find(name).half_life_s};
}

/// The nuclide of the catalogue's method of the scan's administration; empty where the study names
/// none.
std::string method_nuclide(const records::Study& study, const records::ScanRequest& request) {
  for (const auto& given : study.administrations) {
    const bool chosen =
        request.tracer.empty() ? study.administrations.size() == 1 : given.id == request.tracer;
    if (chosen && !given.method.empty()) return catalogue::method(given.method).nuclide;
  }
  return {};
}

std::string stage_key(const records::Study& study, const records::ScanRequest& request) {
  std::vector<std::filesystem::path> files = {request.image};
  for (const auto& more : {request.anatomy, request.regions, request.recovery}) {
    if (more) files.push_back(*more);
  }
  core::Sha256 digest;
  digest.add("scan stage 3").add(core::version());
  digest.add(core::to_json(scan_parameters(study, request))).add(fingerprint(files));
  digest.add(fingerprint({core::data_dir() / "nuclide", core::data_dir() / "catalogue"}));
  return digest.hex();
}

/// Label map of the regions on the image's grid: the region that covers most of a voxel, at least
/// half of it.
image::Volume<int> label_map(const std::vector<image::RegionMask>& regions,
                             const image::Geometry& grid) {
  image::Volume<int> labels(grid);
  std::vector<float> best(grid.voxels(), 0.0F);
  const double voxel_ml = grid.voxel_ml();
  for (std::size_t r = 0; r < regions.size(); ++r) {
    for (const auto& part : image::overlap(regions[r], grid)) {
      const auto share = static_cast<float>(part.volume_ml / voxel_ml);
      if (share >= 0.499F && share > best[part.offset]) {
        best[part.offset] = share;
        labels.values()[part.offset] = static_cast<int>(r) + 1;
      }
    }
  }
  return labels;
}

void write_maps(const records::Scan& scan, const ScanRegions& regions, const OutputFolder& out) {
  std::vector<const image::Volume<float>*> frames;
  for (const auto& frame : scan.frames) frames.push_back(&frame.concentration_bq_per_ml);
  io::write_nifti(out.path() / activity_map(scan.number), frames,
                  "activity concentration, Bq/mL, at mid-frame");
  const auto& grid = scan.frames.front().concentration_bq_per_ml.geometry();
  io::write_nifti_labels(out.path() / region_map(scan.number), label_map(regions.regions, grid),
                         "regions");
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// The whole body's row holds the activity of every voxel, but its volume, and what is said per
/// millilitre, are those of the subject that CT shows: air would dilute them by its share of the
/// field of view.
void use_body_volume(const image::RegionMask& body, const image::Geometry& grid,
                     const std::string& whole, std::vector<records::Measurement>& rows) {
  double body_ml = 0;
  for (const auto& part : image::overlap(body, grid)) body_ml += part.volume_ml;
  if (body_ml <= 0) return;
  for (auto& row : rows) {
    if (row.region != whole) continue;
    const double ratio = row.volume_ml / body_ml;
    row.volume_ml = body_ml;
    if (row.percent_id_per_ml) *row.percent_id_per_ml *= ratio;
    if (row.suv_mean) *row.suv_mean *= ratio;
  }
}

ScanProduct product_of(const records::Study& study, const records::ScanRequest& request,
                       records::Scan&& scan, ScanRegions&& regions) {
  std::vector<image::RegionMask> all = regions.regions;
  const bool named_whole = std::any_of(all.begin(), all.end(),
                                       [&](const auto& r) { return r.name == regions.whole.name; });
  if (!named_whole) all.push_back(regions.whole);
  measure::Background background;
  background.body = regions.body ? &*regions.body : nullptr;
  for (const auto& name : request.background) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const auto& r) { return r.name == name; });
    if (at == all.end()) {
      refuse("background \"{}\" is no region of this scan; name one of its regions", name);
    }
    background.named.push_back(*at);
  }
  ScanProduct p;
  p.measurements = measure::measure_regions(scan, all, background, &scan.warnings);
  correct_recovery(request, scan, regions.regions, background.body, p.measurements, scan.warnings);
  if (scan.whole_body && regions.body_from_ct && regions.body && !named_whole) {
    use_body_volume(*regions.body, scan.frames.front().concentration_bq_per_ml.geometry(),
                    regions.whole.name, p.measurements);
  }
  for (auto& row : p.measurements) {
    const auto [roles, fraction] = roles_of(study, row.region);
    row.roles = roles;
    row.role_fraction = fraction;
  }
  p.number = scan.number;
  p.image_as_written = scan.image_as_written;
  p.tracer = scan.tracer, p.method = scan.method, p.nuclide = scan.nuclide;
  p.format = scan.format, p.scanner_text = scan.scanner_text;
  p.half_life_s = scan.half_life_s;
  p.origin_utc_s = scan.origin_utc_s, p.administered_utc_s = scan.administered_utc_s;
  p.injected_bq = scan.injected_bq, p.body_mass_g = scan.body_mass_g;
  p.psf_fwhm_mm = scan.psf_fwhm_mm, p.whole_body = scan.whole_body;
  p.reference = scan.reference;
  p.pixel_sha256 = scan.pixel_sha256;
  p.regions_format = regions.format, p.regions_sha256 = regions.sha256;
  for (const auto& frame : scan.frames) {
    p.frame_mid_utc_s.push_back(frame.mid_utc_s);
    p.frame_to_administration.push_back(frame.to_administration);
  }
  for (const auto& region : regions.regions) p.region_names.push_back(region.name);
  p.warnings = scan.warnings;
  append(p.warnings, scan.reference.warnings);
  append(p.warnings, regions.warnings);
  return p;
}

records::ImageSeries read_series(const records::ScanRequest& request) {
  records::ImageSeries series = [&] {
    try {
      return io::import_image(request.image, {"", request.series, ""});
    } catch (Error& e) {
      throw e.within("image");
    }
  }();
  if (request.crop_mm) crop(series, *request.crop_mm);
  return series;
}

ScanProduct compute(const records::Study& study, const records::ScanRequest& request, int number,
                    const OutputFolder& out) {
  records::ImageSeries series = read_series(request);
  const std::string frame_of_reference = series.facts.frame_of_reference;
  records::Scan scan = measure::calibrate(std::move(series), study, request, number, tabled_nuclide,
                                          method_nuclide(study, request));
  ScanRegions regions = collect_regions(study, request, scan, frame_of_reference);
  write_maps(scan, regions, out);
  return product_of(study, request, std::move(scan), std::move(regions));
}

}  // namespace

records::Scan settled_scan(const records::Study& study, int number) {
  const records::ScanRequest& request = study.scans.at(static_cast<std::size_t>(number - 1));
  return measure::calibrate(read_series(request), study, request, number, tabled_nuclide,
                            method_nuclide(study, request));
}

ScanProduct run_scan(const records::Study& study, int number, const OutputFolder& out, bool fresh,
                     bool& reused) {
  const records::ScanRequest& request = study.scans.at(static_cast<std::size_t>(number - 1));
  const std::string stage = fmt::format("scan-{:02}", number);
  const std::string key = stage_key(study, request);
  std::error_code trouble;
  if (!fresh && std::filesystem::exists(out.path() / activity_map(number), trouble) &&
      std::filesystem::exists(out.path() / region_map(number), trouble)) {
    if (const auto stored = out.finished(stage, key)) {
      if (auto product = product_from(*stored)) {
        reused = true;
        return *std::move(product);
      }
    }
  }
  reused = false;
  out.forget(
      stage);  // the maps change before the product does: never an old product beside new maps
  try {
    ScanProduct product = compute(study, request, number, out);
    out.store(stage, key, to_tree(product));
    return product;
  } catch (Error& e) {
    const std::string frame = fmt::format("{}:{}: scan[{}] ({})", study.file.filename().string(),
                                          request.line, number, request.image_as_written);
    const bool said = std::string_view(e.what()).substr(0, frame.size()) == frame;
    throw said ? e : e.within(frame);
  }
}

}  // namespace sojourn::study
