#include "sojourn/material/ct_number.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/material/material.h"

namespace sojourn::material {
namespace {

using core::TableReader;

struct Voltage {
  double tube_kv, slope_per_cm, offset_per_cm, break_hu;
};

struct Tables {
  std::vector<Voltage> voltages;
  std::vector<TissueClass> tissues;
  std::vector<double> hu, g_per_ml;
};

constexpr double kAirWaterPerCm = 9.6e-5;  // per HU above air, Carney 2006

Voltage read_voltage(TableReader in) {
  const auto number = [&](const std::string& key) { return in.need(in.number(key), key); };
  const Voltage v{number("tube_kv"), number("slope_per_cm"), number("offset_per_cm"),
                  number("break_hu")};
  (void)in.text("citation");
  in.finish();
  return v;
}

TissueClass read_tissue(TableReader in, double after) {
  TissueClass t;
  t.below_hu = in.need(in.number("below_hu"), "below_hu");
  t.material = in.need(in.text("material"), "material");
  if (!(t.below_hu > after)) in.fail("below_hu", "classes must ascend");
  (void)find(t.material);
  (void)in.text("citation");
  in.finish();
  return t;
}

Tables read_tables() {
  const auto path = core::data_dir() / "material/materials_2026/ct_numbers.toml";
  const auto tree = core::parse_toml(core::read_file(path), path.string());
  TableReader in(tree, path.string());
  Tables t;
  for (auto& row : in.tables("attenuation")) t.voltages.push_back(read_voltage(row));
  for (auto& row : in.tables("tissue"))
    t.tissues.push_back(read_tissue(row, t.tissues.empty() ? -1e9 : t.tissues.back().below_hu));
  auto density = in.need(in.table("density"), "density");
  t.hu = density.numbers("hu");
  t.g_per_ml = density.numbers("g_per_ml");
  (void)density.text("citation");
  if (t.hu.size() != t.g_per_ml.size() || t.hu.size() < 2 ||
      !std::is_sorted(t.hu.begin(), t.hu.end()))
    density.fail("hu", "needs as many ascending numbers as g_per_ml, two at least");
  if (t.tissues.empty()) in.fail("tissue", "needs a class");
  in.finish();
  return t;
}

const Tables& tables() {
  static const Tables all = read_tables();
  return all;
}

}  // namespace

double attenuation_511_per_mm(double ct_number_hu, double tube_kv) {
  const auto& all = tables().voltages;
  const auto v = std::find_if(all.begin(), all.end(),
                              [&](const Voltage& row) { return row.tube_kv == tube_kv; });
  if (v == all.end())
    refuse(
        "no line of CT numbers for a tube voltage of {:g} kV; known: 80, 100, 110, 120, 130, 140",
        tube_kv);
  const double above_air = std::max(ct_number_hu + 1000, 0.0);
  const double per_cm = ct_number_hu <= v->break_hu
                            ? kAirWaterPerCm * above_air
                            : v->slope_per_cm * above_air + v->offset_per_cm;
  return per_cm / 10;
}

double density_g_per_ml(double ct_number_hu) {
  const auto& t = tables();
  const auto above = std::upper_bound(t.hu.begin(), t.hu.end(), ct_number_hu) - t.hu.begin();
  const auto last = static_cast<std::ptrdiff_t>(t.hu.size()) - 1;
  const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above, 1, last));
  const double slope = (t.g_per_ml[i] - t.g_per_ml[i - 1]) / (t.hu[i] - t.hu[i - 1]);
  return std::max(t.g_per_ml[i - 1] + slope * (ct_number_hu - t.hu[i - 1]), 0.0);
}

const std::vector<TissueClass>& tissue_classes() { return tables().tissues; }

std::size_t tissue_class_of(double ct_number_hu) {
  const auto& all = tables().tissues;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (ct_number_hu < all[i].below_hu) return i;
  return all.size() - 1;
}

}  // namespace sojourn::material
