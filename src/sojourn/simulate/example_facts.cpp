#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/simulate/example_parts.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

double utc(const char* iso) {
  const auto clock = core::parse_iso(iso);
  SOJOURN_EXPECT(clock.has_value());
  return clock->utc_s();
}

}  // namespace

ExampleFacts example_facts() {
  ExampleFacts f;
  f.measured_utc_s = utc("2026-03-02T10:05:00Z");
  f.infused_utc_s = utc("2026-03-02T10:15:00Z");
  f.residual_utc_s = utc("2026-03-02T10:20:00Z");
  const auto& zr = nuclide::find("Zr-89");
  f.half_life_s = zr.half_life_s;
  f.positron_fraction = zr.positron_fraction;
  const double syringe =
      f.activity_bq * nuclide::decay_factor(f.infused_utc_s - f.measured_utc_s, f.half_life_s);
  const double residual =
      f.residual_bq * nuclide::decay_factor(f.infused_utc_s - f.residual_utc_s, f.half_life_s);
  f.injected_bq = syringe - residual;
  f.injected_fraction = f.injected_bq / syringe;
  return f;
}

const std::vector<ExampleScan>& example_scans() {
  static const std::vector<ExampleScan> scans = {
      {"d0", 4, 15 * 60.0}, {"d1", 24, 20 * 60.0}, {"d4", 96, 30 * 60.0}};
  return scans;
}

const std::vector<ExampleRegion>& example_regions() {
  using subject::Organ;
  static const std::vector<ExampleRegion> regions = {
      {1, "liver", {Organ::liver}, "10200004", "Liver"},
      {2, "spleen", {Organ::spleen}, "78961009", "Spleen"},
      {3, "lungs", {Organ::lungs}, "39607008", "Lung"},
      {4, "heart_blood", {Organ::heart_blood}, "80891009", "Heart"},
      {5, "kidneys", {Organ::kidneys}, "64033007", "Kidney"},
      {6, "bladder", {Organ::bladder}, "89837001", "Urinary bladder"},
      {7, "stomach", {Organ::stomach}, "69695003", "Stomach"},
      {8, "gut", {Organ::gut}, "113276009", "Intestine"},
      {9, "brain", {Organ::brain}, "12738006", "Brain"},
      {10, "skeleton", {Organ::bone, Organ::marrow}, "272673000", "Bone"},
      {11, "lymph_node_inguinal_left", {Organ::lymph_node_inguinal_left}, "59441001", "Lymph node"},
      {12,
       "lymph_node_inguinal_right",
       {Organ::lymph_node_inguinal_right},
       "59441001",
       "Lymph node"},
      {13, "lymph_node_axillary_left", {Organ::lymph_node_axillary_left}, "59441001", "Lymph node"},
      {14,
       "lymph_node_axillary_right",
       {Organ::lymph_node_axillary_right},
       "59441001",
       "Lymph node"},
      {15, "lymph_node_mesenteric", {Organ::lymph_node_mesenteric}, "59441001", "Lymph node"},
      {16, "tumour", {Organ::tumour}, "108369006", "Neoplasm"},
      {17, "body_rest", {Organ::body_rest}, "85756007", "Body tissue"}};
  return regions;
}

TruthState example_state(const ExampleFacts& f, const TruthRates& rates, double hours) {
  const double bound = f.injected_bq * f.cell_bound;
  // Dead cells of the syringe hold as much label as living ones.
  const TruthState begin = start(f.count * f.viability * f.injected_fraction, bound * f.viability,
                                 bound * (1 - f.viability), f.injected_bq - bound);
  return advance(rates, begin, 0, hours);
}

}  // namespace sojourn::simulate
