#include "sojourn/plan/constants.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::plan {
namespace {

constexpr double kAvogadro = 6.02214076e23;      // SI, exact
constexpr double kLutetium_g_per_mol = 174.967;  // standard atomic weight

std::string read(const char* set, const char* file) {
  return core::read_file(core::data_dir() / "plan" / set / file, 1 << 20);
}

double positive(core::TableReader& in, const std::string& key) {
  const double value = in.need(in.number(key), key);
  if (!(value > 0)) in.fail(key, "must be positive");
  return value;
}

void skip_source(core::TableReader& in) {
  for (const char* key : {"basis", "citation", "note"}) (void)in.text(key);
  (void)in.number("relative_sd");
  in.finish();
}

double one_value(core::TableReader& in, const std::string& table) {
  auto reader = in.need(in.table(table), table);
  const double value = positive(reader, "value");
  skip_source(reader);
  return value;
}

void read_lutetium(core::TableReader& in, NoiseConstants& constants) {
  auto lu = in.need(in.table("lutetium"), "lutetium");
  const double decay_per_s = std::log(2.0) / nuclide::find("Lu-176").half_life_s;
  const double bq_per_g = positive(lu, "abundance") * kAvogadro / kLutetium_g_per_mol * decay_per_s;
  constants.lso_bq_per_ml = positive(lu, "lso_density") * positive(lu, "lso_lutetium") * bq_per_g;
  constants.lyso_bq_per_ml =
      positive(lu, "lyso_density") * positive(lu, "lyso_lutetium") * bq_per_g;
  skip_source(lu);
  auto window = in.need(in.table("lutetium_window"), "lutetium_window");
  constants.threshold_kev = window.numbers("threshold_kev");
  constants.share = window.numbers("share");
  if (constants.share.size() != constants.threshold_kev.size() || constants.share.empty() ||
      !std::is_sorted(constants.threshold_kev.begin(), constants.threshold_kev.end()))
    window.fail("share", "needs one value for each threshold, thresholds ascending");
  skip_source(window);
}

NoiseConstants read_constants() {
  const core::Tree tree = core::parse_toml(read("noise_2026", "noise.toml"), "noise.toml");
  core::TableReader in(tree, "noise.toml");
  NoiseConstants constants;
  constants.noise_constant = one_value(in, "noise_constant");
  constants.fluorine_constant = one_value(in, "fluorine_constant");
  constants.disc_variance = one_value(in, "budinger");
  constants.time_of_flight = one_value(in, "time_of_flight");
  read_lutetium(in, constants);
  constants.probe_bq_per_mol = one_value(in, "probe_molar_activity") * 1e15;  // MBq/nmol
  auto match = in.need(in.table("vector_match"), "vector_match");
  constants.match_clutter = positive(match, "clutter");
  constants.match_counts = positive(match, "counts");
  constants.match_blood = positive(match, "blood");
  constants.match_suits = positive(match, "suits");
  skip_source(match);
  in.finish();
  return constants;
}

struct Attenuation {
  std::vector<double> ln_kev, ln_per_mm;
};

Attenuation read_attenuation() {
  const auto table =
      core::Tsv::parse(read("physics_2026", "water_attenuation.tsv"), "water_attenuation.tsv");
  Attenuation a;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto energy = table.number(row, "energy_kev"),
               mu = table.number(row, "attenuation_per_mm");
    if (!energy || !mu || !(*energy > 0) || !(*mu > 0))
      refuse("{}: energy and attenuation must be positive", table.where(row));
    a.ln_kev.push_back(std::log(*energy));
    a.ln_per_mm.push_back(std::log(*mu));
  }
  if (a.ln_kev.size() < 2 || !std::is_sorted(a.ln_kev.begin(), a.ln_kev.end()))
    refuse("water_attenuation.tsv: needs two or more energies, ascending");
  return a;
}

}  // namespace

const NoiseConstants& noise_constants() {
  static const NoiseConstants constants = read_constants();
  return constants;
}

double water_attenuation_per_mm(double energy_kev) {
  static const Attenuation a = read_attenuation();
  const double x = std::clamp(std::log(energy_kev), a.ln_kev.front(), a.ln_kev.back());
  const auto upper = std::clamp<std::ptrdiff_t>(
      std::upper_bound(a.ln_kev.begin(), a.ln_kev.end(), x) - a.ln_kev.begin(), 1,
      static_cast<std::ptrdiff_t>(a.ln_kev.size()) - 1);
  const auto i = static_cast<std::size_t>(upper);
  const double f = (x - a.ln_kev[i - 1]) / (a.ln_kev[i] - a.ln_kev[i - 1]);
  return std::exp(a.ln_per_mm[i - 1] + f * (a.ln_per_mm[i] - a.ln_per_mm[i - 1]));
}

}  // namespace sojourn::plan
