#include "sojourn/fate/subject_table.h"

#include <map>
#include <utility>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::fate {
namespace {

core::Tsv read(const char* file) {
  const auto path = core::data_dir() / "plan" / "subjects_2026" / file;
  return core::Tsv::parse(core::read_file(path, 1 << 20), file);
}

std::map<std::string, SubjectDefaults> read_subjects() {
  const auto table = read("subjects.tsv");
  std::map<std::string, SubjectDefaults> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto value = [&](const char* column) {
      const auto number = table.number(row, column);
      if (!number || !(*number > 0)) refuse("{}: {} must be positive", table.where(row), column);
      return *number;
    };
    all[table.at(row, "species")] = {value("body_mass_g"), value("object_diameter_mm"),
                                     value("blood_fraction")};
  }
  return all;
}

/// (species, organ) -> part of the body mass.
std::map<std::pair<std::string, std::string>, double> read_organs() {
  const auto table = read("organs.tsv");
  std::map<std::pair<std::string, std::string>, double> all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto part = table.number(row, "mass_fraction");
    if (!part || !(*part > 0 && *part <= 1))
      refuse("{}: mass_fraction must be over 0, up to 1", table.where(row));
    all[{table.at(row, "species"), table.at(row, "organ")}] = *part;
  }
  return all;
}

}  // namespace

const SubjectDefaults& subject_defaults(const std::string& species) {
  static const auto all = read_subjects();
  const auto found = all.find(species);
  if (found == all.end()) refuse("subjects.tsv has no row for the species \"{}\"", species);
  return found->second;
}

std::optional<double> organ_fraction(const std::string& species, const std::string& organ) {
  static const auto all = read_organs();
  const auto found = all.find({species, organ});
  return found != all.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace sojourn::fate
