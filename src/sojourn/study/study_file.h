#pragma once
#include <filesystem>
#include <string_view>

#include "sojourn/records/study.h"

namespace sojourn::study {

/// Reads and checks a study file. @throws Error(bad_input) "study.toml:12: scan[1].image: …" with
/// the nearest name.
[[nodiscard]] records::Study read_study(const std::filesystem::path& file);
/// The same from text, for tests and fuzzing: looks at no other file.
[[nodiscard]] records::Study parse_study(std::string_view text, const std::filesystem::path& file);

}  // namespace sojourn::study
