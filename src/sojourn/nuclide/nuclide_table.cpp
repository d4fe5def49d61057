#include "sojourn/nuclide/nuclide_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/units/units.h"

namespace sojourn::nuclide {
namespace {

namespace fs = std::filesystem;
using core::TableReader;

const std::array<std::string, 6> kTypes{"beta+", "gamma",      "annihilation",
                                        "auger", "conversion", "x"};

double ranged(TableReader& in, const std::string& key, double low, double high) {
  const double value = in.need(in.number(key), key);
  if (!(value >= low && value <= high))
    in.fail(key, fmt::format("{} lies outside [{}, {}]", value, low, high));
  return value;
}

Emission read_emission(TableReader in) {
  Emission e;
  e.type = in.need(in.choice("type", kTypes), "type");
  e.energy_kev = ranged(in, "energy_kev", 1e-3, 1e5);
  if (e.type == "beta+") e.end_point_kev = ranged(in, "end_point_kev", e.energy_kev, 1e5);
  e.intensity = ranged(in, "intensity", 0, 20);  // low-energy Auger electrons exceed one per decay
  e.intensity_sd = ranged(in, "intensity_sd", 0, 20);
  (void)in.text("note");
  in.finish();
  return e;
}

double sum(const Nuclide& nuclide, const std::string& type) {
  double total = 0;
  for (const auto& e : nuclide.emissions)
    if (e.type == type) total += e.intensity;
  return total;
}

/// Branches must add up to the positron fraction and to half the annihilation photons, within
/// rounding of print.
void check_sums(const TableReader& in, const Nuclide& nuclide) {
  constexpr double kPrint = 1e-3;
  if (std::abs(sum(nuclide, "beta+") - nuclide.positron_fraction) > kPrint)
    in.fail("positron_fraction", "differs from the sum of the beta+ branches");
  if (std::abs(sum(nuclide, "annihilation") - 2 * nuclide.positron_fraction) > 2 * kPrint)
    in.fail("positron_fraction", "is not half of the annihilation photons");
}

Nuclide read_nuclide(const fs::path& file) {
  const std::string source = (file.parent_path().filename() / file.filename()).string();
  const core::Tree tree = core::parse_toml(core::read_file(file, 1 << 20), source);
  TableReader in(tree, source);
  Nuclide nuclide;
  nuclide.name = in.need(in.text("name"), "name");
  if (canonical_name(nuclide.name) != nuclide.name || file.stem() != nuclide.name)
    in.fail("name",
            fmt::format("\"{}\" must be the nuclide's name and that of the file", nuclide.name));
  nuclide.half_life_s =
      in.need(units::quantity(in, "half_life", units::Dimension::time), "half_life");
  nuclide.half_life_sd_s =
      in.need(units::quantity(in, "half_life_sd", units::Dimension::time), "half_life_sd");
  if (!(nuclide.half_life_s > 0)) in.fail("half_life", "must be positive");
  nuclide.positron_fraction = ranged(in, "positron_fraction", 0, 1);
  nuclide.positron_fraction_sd = ranged(in, "positron_fraction_sd", 0, 1);
  nuclide.citations = in.texts("citations");
  if (nuclide.citations.empty()) in.fail("citations", "is missing");
  for (auto& row : in.tables("emission"))
    nuclide.emissions.push_back(read_emission(std::move(row)));
  in.finish();
  check_sums(in, nuclide);
  return nuclide;
}

}  // namespace

std::map<std::string, Nuclide, std::less<>> read_tables(const fs::path& folder) {
  if (!fs::is_directory(folder))
    refuse(
        "the nuclide tables are missing (no folder data/nuclide): set SOJOURN_DATA to the data "
        "folder");
  std::vector<fs::path> files;
  for (const auto& set : fs::directory_iterator(folder)) {
    if (!set.is_directory()) continue;
    for (const auto& file : fs::directory_iterator(set))
      if (file.path().extension() == ".toml") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  std::map<std::string, Nuclide, std::less<>> tables;
  for (const auto& file : files) {
    Nuclide nuclide = read_nuclide(file);
    const std::string name = nuclide.name;
    if (!tables.emplace(name, std::move(nuclide)).second)
      refuse("{}: {} stands in two data sets (one must be chosen): remove one of the files",
             file.filename().string(), name);
  }
  return tables;
}

}  // namespace sojourn::nuclide
