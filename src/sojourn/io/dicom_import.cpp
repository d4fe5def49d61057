#include <algorithm>
#include <set>
#include <span>

#include "sojourn/core/hash.h"
#include "sojourn/core/parallel.h"
#include "sojourn/io/dicom_choose.h"
#include "sojourn/io/dicom_decode.h"
#include "sojourn/io/dicom_facts.h"
#include "sojourn/io/dicom_frames.h"
#include "sojourn/io/dicom_geometry.h"
#include "sojourn/io/dicom_pixels.h"
#include "sojourn/io/dicom_read.h"
#include "sojourn/io/dicom_scan.h"
#include "sojourn/io/dicom_values.h"

namespace sojourn::io {
namespace {

using namespace dicom;

constexpr double kMostVoxels = 8e9;  // 32 GB of float32: beyond any series that fits a workstation

/// All planes of the series, with their files' numbers; scouts that share the UID of a series are
/// left out.
std::vector<Plane> gather_planes(std::vector<ImageFile>& files, const std::string& where) {
  std::vector<Plane> planes, scouts;
  for (std::size_t i = 0; i < files.size(); ++i) {
    ImageFile& file = files[i];
    if (file.gated_or_dynamic_nm) {
      refuse(
          "{}: the frames differ by more than the slice (energy window, detector, gate or time); "
          "give a single "
          "reconstructed volume",
          file.name);
    }
    if (file.planes.empty()) {
      refuse(
          "{}: Number of Frames says {}, but the frames are not described one by one; the header "
          "is damaged",
          file.name, file.format.frames);
    }
    for (Plane& plane : file.planes) {
      plane.file = i;
      (plane.localizer ? scouts : planes).push_back(plane);
    }
    file.planes = {};
  }
  if (planes.empty())
    refuse("{}: the series holds only scouts; point to the reconstructed slices", where);
  return planes;
}

void check_reconstructed(const ImageFile& file) {
  if (file.kind != Kind::nm) return;
  const bool tomographic = std::any_of(file.image_type.begin(), file.image_type.end(),
                                       [](const auto& word) { return word == "RECON TOMO"; });
  if (tomographic) return;
  refuse(
      "{}: an NM object that is no reconstructed tomogram (Image Type lacks RECON TOMO): "
      "projections and planar "
      "images hold no activity per volume; give the reconstructed series",
      file.name);
}

/// Counts of the whole acquisition. Vendors write (0054,1310) for each slice (nearly all values
/// differ: their sum) or for each bed or frame (slices repeat it: the sum of the different ones).
std::optional<double> total_prompts(const std::vector<Plane>& planes) {
  std::set<std::pair<double, double>> different;  // start and counts
  double all = 0;
  for (const Plane& plane : planes) {
    if (!plane.prompts || !(*plane.prompts > 0)) continue;
    all += *plane.prompts;
    different.emplace(plane.timing.start_local_s.value_or(0), *plane.prompts);
  }
  if (different.empty()) return std::nullopt;
  if (2 * different.size() > planes.size()) return all;
  double sum = 0;
  for (const auto& [start, counts] : different) sum += counts;
  return sum;
}

/// Reads all planes in parallel. @return the hash of each plane's stored values, in the order of
/// frames and slices.
std::string read_values(const PixelReader& reader, const std::vector<std::vector<Plane>>& frames,
                        std::vector<records::SeriesFrame>& into) {
  const std::size_t n_slices = frames.front().size();
  std::vector<std::string> hashes(frames.size() * n_slices);
  core::parallel_for(hashes.size(), [&](std::size_t n) {
    const std::size_t f = n / n_slices, k = n % n_slices;
    image::Volume<float>& volume = into[f].values;
    const auto stored = reader.stored(frames[f][k]);
    reader.convert(stored, frames[f][k],
                   volume.values().data() + volume.geometry().offset(0, 0, static_cast<int>(k)));
    hashes[n] = core::Sha256().add(std::as_bytes(std::span(stored))).hex();
  });
  core::Sha256 whole;
  for (const auto& hash : hashes) whole.add(hash);
  return whole.hex();
}

void warn_about_files(const std::vector<ImageFile>& files, std::size_t n_slices,
                      std::vector<std::string>& warnings) {
  const ImageFile& first = files.front();
  const bool lossy = std::any_of(files.begin(), files.end(), [](const auto& file) {
    return file.lossy || is_lossy(file.transfer_syntax);
  });
  if (lossy) {
    warnings.emplace_back(
        "the pixels went through lossy compression: values are changed by an unknown amount");
  }
  if (first.kind == Kind::pet && first.n_slices && *first.n_slices > 0 &&
      static_cast<std::size_t>(*first.n_slices) != n_slices) {
    warnings.push_back(fmt::format(
        "the header counts {} slices (0054,0081), {} are there: the ends of the volume may "
        "be missing",
        *first.n_slices, n_slices));
  }
}

/// A file named alone is the whole image only where no other file of its series lies beside it:
/// one slice of a volume would pass for all of it.
void refuse_one_of_many(const std::filesystem::path& path, const ImageFile& named) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!fs::is_regular_file(path, failed) || named.kind == Kind::nm || is_enhanced(named.kind)) {
    return;
  }
  for (fs::directory_iterator at(path.parent_path().empty() ? "." : path.parent_path(), failed);
       !failed && at != fs::directory_iterator(); at.increment(failed)) {
    std::error_code ignored;
    const fs::path& other = at->path();
    if (!at->is_regular_file(ignored) || fs::equivalent(other, path, ignored) ||
        !looks_like_dicom(other)) {
      continue;
    }
    std::string series_uid;
    try {
      const FileHeader header = read_file_header(other, other.filename().string());
      series_uid = text(header.data, 0x0020000E);
    } catch (const std::exception&) {
      continue;  // a damaged neighbour was not asked for
    }
    if (series_uid == named.series_uid) {
      refuse("{}: is one slice of a series, and others lie beside it, as {}; name their folder",
             path.filename().string(), other.filename().string());
    }
  }
}

std::string display_name(const std::filesystem::path& path) {
  const auto clean = path.lexically_normal();
  return (clean.has_filename() ? clean : clean.parent_path()).filename().string();
}

records::ImageSeries assemble(Choice choice, const std::string& where) {
  std::vector<ImageFile>& files = choice.series.files;
  check_reconstructed(files.front());
  const auto planes = gather_planes(files, where);
  check_planes(planes, files, where);
  auto frames = split_frames(planes, files, where);
  const double voxels =
      static_cast<double>(planes.size()) * files.front().format.rows * files.front().format.columns;
  if (voxels > kMostVoxels)
    refuse("{}: {:.1e} voxels are more than can be held; give a part of it", where, voxels);
  const PixelReader reader(files, planes);

  records::ImageSeries series;
  series.warnings = choice.warnings;
  const FileHeader header = read_file_header(files.front().path, files.front().name);
  series.facts = read_facts(header.data, files.front(), series.warnings);
  series.facts.total_counts = total_prompts(planes);
  warn_about_files(files, frames.front().size(), series.warnings);
  std::vector<std::string> geometry_warnings;
  for (auto& frame : frames) {
    image::Geometry grid = stack_planes(frame, files, where, geometry_warnings);
    if (!series.frames.empty() &&
        !image::same_grid(grid, series.frames.front().values.geometry(), 0.05)) {
      refuse(
          "{}: the frames of the series do not lie on one grid; choose a series without table "
          "motion",
          where);
    }
    records::SeriesFrame made;
    if (!series.frames.empty()) grid = series.frames.front().values.geometry();
    made.values = image::Volume<float>(grid);
    for (const Plane& plane : frame) made.slices.push_back(plane.timing);
    series.frames.push_back(std::move(made));
  }
  if (!geometry_warnings.empty()) series.warnings.push_back(geometry_warnings.front());
  series.pixel_sha256 = read_values(reader, frames, series.frames);
  return series;
}

}  // namespace

bool is_dicom(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (fs::is_regular_file(path, failed)) return looks_like_dicom(path);
  fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && looks_like_dicom(at->path())) return true;
  }
  return false;
}

records::ImageSeries import_dicom(const std::filesystem::path& path, const ImportRequest& request) {
  const std::string where = display_name(path);
  try {
    Choice choice = choose_series(scan_folder(path), request, where);
    refuse_one_of_many(path, choice.series.files.front());
    return assemble(std::move(choice), where);
  } catch (const Malformed& problem) {
    refuse("{}: not readable DICOM ({}); copy or export it again", where, problem.what());
  }
}

}  // namespace sojourn::io
