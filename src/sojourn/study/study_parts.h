#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/records/study.h"
#include "sojourn/units/units.h"

/// The parts of a study file, one function for each block: the inner side of parse_study().
namespace sojourn::study {

/// A file that the study names, and the field that names it.
struct NamedPath {
  std::filesystem::path path;
  std::string where;  ///< "study.toml:12: scan[1].image"
  std::string as_written;
};

struct ParsedStudy {
  records::Study study;
  std::vector<NamedPath> paths;
};

void read_infusions(core::TableReader& top, ParsedStudy& parsed);
void read_label(core::TableReader& top, ParsedStudy& parsed);
void read_tracers(core::TableReader& top, ParsedStudy& parsed);
void read_scans(core::TableReader& top, ParsedStudy& parsed);
void read_regions(core::TableReader& top, ParsedStudy& parsed);
void read_segments(core::TableReader& top, ParsedStudy& parsed);
void read_rates(core::TableReader& top, ParsedStudy& parsed);
/// Times that cannot be: a scan before its injection, a residual before it, days between calibrator
/// and injection.
void check_order(const core::TableReader& top, ParsedStudy& parsed);

/// A path relative to the study file; remembered for the check that it is there.
[[nodiscard]] std::optional<std::filesystem::path> read_path(core::TableReader& table,
                                                             const std::string& key,
                                                             ParsedStudy& parsed,
                                                             std::string* as_written = nullptr);
/// A moment in UTC, with the study's zone where the file states none.
[[nodiscard]] std::optional<double> read_moment(core::TableReader& table, const std::string& key,
                                                const records::Study& study);
enum class Sign { positive, not_negative };
[[nodiscard]] std::optional<double> read_quantity(core::TableReader& table, const std::string& key,
                                                  units::Dimension dimension, Sign sign);
/// A number in (0, 1].
[[nodiscard]] std::optional<double> read_fraction(core::TableReader& table, const std::string& key);
/// Three lengths ["x mm", "y mm", "z mm"], or three numbers in millimetres.
[[nodiscard]] std::optional<image::Vec3> read_point(core::TableReader& table,
                                                    const std::string& key);
/// A name that reaches file names: letters, digits and "_.-", at most 64.
void check_safe_name(const core::TableReader& table, const std::string& key,
                     const std::string& name);
/// A name that reaches tables: printable, at most 64 characters.
void check_region_name(const core::TableReader& table, const std::string& key,
                       const std::string& name);

}  // namespace sojourn::study
