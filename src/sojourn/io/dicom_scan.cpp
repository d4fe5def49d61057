#include "sojourn/io/dicom_scan.h"

#include <algorithm>
#include <map>
#include <optional>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::io::dicom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 1'000'000;  // a folder with more is not one study
constexpr int kDeepestFolder = 12;

std::vector<fs::path> list_files(const fs::path& path) {
  std::error_code failed;
  if (fs::is_regular_file(path, failed)) return {path};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, failed);
  if (failed) refuse("{}: cannot be read as a folder (check the path)", path.string());
  for (; at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (failed) refuse("{}: the folder cannot be listed to its end", path.string());
    if (at.depth() >= kDeepestFolder) at.disable_recursion_pending();
    if (!at->is_regular_file(failed)) continue;
    files.push_back(at->path());
    if (files.size() > kMostFiles) {
      refuse("{}: over {} files (name the folder of one study)", path.string(), kMostFiles);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string name_for_messages(const fs::path& file, const fs::path& root) {
  const fs::path inside = file.lexically_relative(root);
  return inside.empty() || inside == "." ? file.filename().string()
                                         : (root.filename() / inside).string();
}

std::vector<Series> group(std::vector<std::optional<ImageFile>> files, int& n_other) {
  std::map<std::string, Series> by_uid;
  for (auto& file : files) {
    if (!file) continue;
    if (file->kind == Kind::other) {
      ++n_other;
      continue;
    }
    by_uid[file->series_uid + "/" + file->sop_class].files.push_back(std::move(*file));
  }
  std::vector<Series> series;
  for (auto& [uid, one] : by_uid) series.push_back(std::move(one));
  std::stable_sort(series.begin(), series.end(), [](const Series& a, const Series& b) {
    return a.files.front().series_number.value_or(1 << 30) <
           b.files.front().series_number.value_or(1 << 30);
  });
  return series;
}

}  // namespace

Folder scan_folder(const fs::path& path) {
  const auto paths = list_files(path);
  std::vector<std::optional<ImageFile>> files(paths.size());
  core::parallel_for(paths.size(), [&](std::size_t i) {
    if (!looks_like_dicom(paths[i])) return;
    const std::string name = name_for_messages(paths[i], path);
    const FileHeader header = read_file_header(paths[i], name);
    try {
      files[i] = describe_image(header, paths[i], name);
    } catch (const Malformed& problem) {
      refuse("{}: not a readable DICOM file ({}); copy or export it again, or remove it", name,
             problem.what());
    }
  });
  if (std::none_of(files.begin(), files.end(), [](const auto& file) { return file.has_value(); })) {
    refuse("{}: no DICOM file is there (looked at the first bytes of {} files)", path.string(),
           paths.size());
  }
  Folder folder;
  folder.series = group(std::move(files), folder.n_other);
  return folder;
}

}  // namespace sojourn::io::dicom
