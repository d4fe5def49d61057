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
using core::Tree;

const std::array<std::string, 7> kTypes{"beta-", "beta+",      "gamma", "annihilation",
                                        "auger", "conversion", "x"};
const std::array<std::string, 3> kShapes{"allowed", "first-forbidden-unique",
                                         "second-forbidden-unique"};
const std::array<std::string, 4> kModes{"beta-", "beta+", "electron-capture",
                                        "isomeric-transition"};
const std::array<std::string, 5> kModalities{"PET", "SPECT", "therapy", "counting",
                                             "detector background"};
const std::array<std::string, 4> kProductions{"cyclotron", "generator", "reactor", "natural"};

// Print rounds shares to four or five digits.
constexpr double kPrint = 1e-3;

double ranged(TableReader& in, const std::string& key, double low, double high) {
  const double value = in.need(in.number(key), key);
  if (!(value >= low && value <= high))
    in.fail(key, fmt::format("{} lies outside [{}, {}]", value, low, high));
  return value;
}

std::string words(TableReader& in, const std::string& key) {
  std::string text = in.need(in.text(key), key);
  if (text.empty()) in.fail(key, "must not be empty");
  return text;
}

Emission read_emission(TableReader in) {
  Emission e;
  e.type = in.need(in.choice("type", kTypes), "type");
  e.energy_kev = ranged(in, "energy_kev", 1e-3, 1e5);
  if (e.type.starts_with("beta")) {
    e.end_point_kev = ranged(in, "end_point_kev", e.energy_kev, 1e5);
    e.shape = in.need(in.choice("shape", kShapes), "shape");
  }
  e.intensity = ranged(in, "intensity", 0, 20);  // low-energy Auger electrons exceed one per decay
  e.intensity_sd = ranged(in, "intensity_sd", 0, 20);
  (void)in.text("note");
  in.finish();
  return e;
}

/// decay_modes = [["beta+", 0.228], ["electron-capture", 0.772]]: known words, each once, sum one.
std::vector<DecayMode> read_modes(TableReader& in) {
  const std::string key = "decay_modes";
  const Tree* list = in.raw(key);
  if (list == nullptr || list->kind() != Tree::Kind::array || list->items().empty())
    in.fail(key, "must list pairs of a mode and its share: [[\"beta+\", 0.9], …]");
  std::vector<DecayMode> modes;
  double sum = 0;
  for (const auto& pair : list->items()) {
    if (pair.kind() != Tree::Kind::array || pair.items().size() != 2 ||
        pair.items()[0].kind() != Tree::Kind::string || !pair.items()[1].is_number())
      in.fail(key, "must list pairs of a mode and its share: [[\"beta+\", 0.9], …]");
    DecayMode mode{pair.items()[0].text(), pair.items()[1].number()};
    if (std::find(kModes.begin(), kModes.end(), mode.name) == kModes.end())
      in.fail(key, fmt::format("unknown mode \"{}\"", mode.name));
    for (const auto& other : modes)
      if (other.name == mode.name) in.fail(key, fmt::format("\"{}\" stands twice", mode.name));
    if (!(mode.fraction > 0 && mode.fraction <= 1))
      in.fail(key,
              fmt::format("the share {} of \"{}\" lies outside (0, 1]", mode.fraction, mode.name));
    sum += mode.fraction;
    modes.push_back(std::move(mode));
  }
  if (std::abs(sum - 1) > kPrint) in.fail(key, fmt::format("the shares add up to {}, not 1", sum));
  return modes;
}

double sum_of(const Nuclide& nuclide, const std::string& type) {
  double total = 0;
  for (const auto& e : nuclide.emissions)
    if (e.type == type) total += e.intensity;
  return total;
}

double share_of(const Nuclide& nuclide, const std::string& mode) {
  for (const auto& m : nuclide.decay_modes)
    if (m.name == mode) return m.fraction;
  return 0;
}

/// Branches must add up to the shares of their modes, and positrons to half of the annihilation
/// photons, within rounding of print.
void check_sums(const TableReader& in, const Nuclide& nuclide) {
  const double positrons = nuclide.positron_fraction;
  if (std::abs(sum_of(nuclide, "beta+") - positrons) > kPrint)
    in.fail("positron_fraction", "differs from the sum of the beta+ branches");
  if (std::abs(share_of(nuclide, "beta+") - positrons) > kPrint)
    in.fail("positron_fraction", "differs from the share of beta+ in decay_modes");
  if (std::abs(sum_of(nuclide, "annihilation") - 2 * positrons) > 2 * kPrint)
    in.fail("positron_fraction", "is not half of the annihilation photons");
  if (std::abs(sum_of(nuclide, "beta-") - nuclide.beta_minus_fraction) > kPrint)
    in.fail("decay_modes", "the share of beta- differs from the sum of its branches");
}

void read_words(TableReader& in, Nuclide& nuclide) {
  nuclide.summary = words(in, "summary");
  nuclide.modality = in.need(in.choice("modality", kModalities), "modality");
  nuclide.production = in.need(in.choice("production", kProductions), "production");
  nuclide.production_note = words(in, "production_note");
  nuclide.inventory = in.texts("inventory");
  nuclide.citations = in.texts("citations");
  if (nuclide.citations.empty()) in.fail("citations", "is missing");
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
  read_words(in, nuclide);
  nuclide.half_life_s =
      in.need(units::quantity(in, "half_life", units::Dimension::time), "half_life");
  nuclide.half_life_sd_s =
      in.need(units::quantity(in, "half_life_sd", units::Dimension::time), "half_life_sd");
  if (!(nuclide.half_life_s > 0)) in.fail("half_life", "must be positive");
  if (!(nuclide.half_life_sd_s >= 0)) in.fail("half_life_sd", "must not be negative");
  nuclide.decay_modes = read_modes(in);
  nuclide.beta_minus_fraction = share_of(nuclide, "beta-");
  nuclide.positron_fraction = ranged(in, "positron_fraction", 0, 1);
  nuclide.positron_fraction_sd = ranged(in, "positron_fraction_sd", 0, 1);
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
        "the nuclide tables are missing (no folder data/catalogue/nuclides): set SOJOURN_DATA to "
        "the data folder");
  std::map<std::string, Nuclide, std::less<>> tables;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".toml") continue;
    Nuclide nuclide = read_nuclide(file.path());
    tables.emplace(nuclide.name, std::move(nuclide));
  }
  return tables;
}

}  // namespace sojourn::nuclide
