#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace sojourn::study {

/// A digest of what files look like from outside: sizes and times of change of every regular file
/// below the paths (sidecars beside a file included). No name and no content enters it, so that no
/// identity does.
[[nodiscard]] std::string fingerprint(const std::vector<std::filesystem::path>& paths);

}  // namespace sojourn::study
