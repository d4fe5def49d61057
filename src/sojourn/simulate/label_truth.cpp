#include "sojourn/simulate/label_truth.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/numerics/linear_system.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

// Order of the state vector.
constexpr std::size_t kLive = kSites, kDebris = 2 * kSites, kFree = 3 * kSites, kBone = kFree + 1,
                      kLiver = kFree + 2, kKidney = kFree + 3, kRest = kFree + 4,
                      kBladder = kFree + 5, kVoided = kFree + 6, kStates = kFree + 7;
constexpr auto kBlood = static_cast<std::size_t>(Site::blood);

struct Matrix {
  std::vector<double> values = std::vector<double>(kStates * kStates, 0.0);
  /// Amount leaves `from` at a rate and arrives at `to`.
  void move(std::size_t from, std::size_t to, double rate) {
    values[from * kStates + from] -= rate;
    values[to * kStates + from] += rate;
  }
  void grow(std::size_t state, double rate) { values[state * kStates + state] += rate; }
};

Matrix matrix_of(const TruthRates& r, double death) {
  Matrix m;
  for (std::size_t i = 0; i < kSites; ++i) {
    if (i != kBlood) {
      m.move(kBlood, i, r.from_blood[i]);
      m.move(i, kBlood, r.to_blood[i]);
      m.move(kLive + kBlood, kLive + i, r.from_blood[i]);
      m.move(kLive + i, kLive + kBlood, r.to_blood[i]);
    }
    m.grow(i, r.division - death);
    m.move(kLive + i, kDebris + i, r.phagocytosed * death);
    m.move(kLive + i, kFree, (1 - r.phagocytosed) * death + r.efflux);
    m.move(kDebris + i, kFree, r.debris_release);
  }
  m.move(kFree, kBone, r.free_clearance * r.bone);
  m.move(kFree, kLiver, r.free_clearance * r.liver);
  m.move(kFree, kKidney, r.free_clearance * r.kidney);
  m.move(kFree, kBladder, r.free_clearance * r.urine);
  m.move(kFree, kRest, r.free_clearance * (1 - r.bone - r.liver - r.kidney - r.urine));
  m.move(kBladder, kVoided, r.voiding);
  return m;
}

std::vector<double> to_vector(const TruthState& s) {
  std::vector<double> x(s.cells.begin(), s.cells.end());
  x.insert(x.end(), s.live_bq.begin(), s.live_bq.end());
  x.insert(x.end(), s.debris_bq.begin(), s.debris_bq.end());
  x.insert(x.end(),
           {s.free_bq, s.bone_bq, s.liver_bq, s.kidney_bq, s.rest_bq, s.bladder_bq, s.voided_bq});
  return x;
}

TruthState from_vector(const std::vector<double>& x) {
  TruthState s;
  for (std::size_t i = 0; i < kSites; ++i) {
    s.cells[i] = x[i];
    s.live_bq[i] = x[kLive + i];
    s.debris_bq[i] = x[kDebris + i];
  }
  s.free_bq = x[kFree];
  s.bone_bq = x[kBone];
  s.liver_bq = x[kLiver];
  s.kidney_bq = x[kKidney];
  s.rest_bq = x[kRest];
  s.bladder_bq = x[kBladder];
  s.voided_bq = x[kVoided];
  return s;
}

double sum(const PerSite& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

double TruthState::label_bq() const {
  return sum(live_bq) + sum(debris_bq) + free_bq + bone_bq + liver_bq + kidney_bq + rest_bq +
         bladder_bq + voided_bq;
}

TruthRates example_rates() {
  const auto& label = catalogue::method("zr89-oxine").label();
  const auto& cell = catalogue::cell("cd8-t").parameters;
  const auto per_h = [](const catalogue::Sourced& rate) {
    return rate.value * units::kSecondsPerHour;
  };
  TruthRates r;
  // The factors: 20 to 50 % off the defaults, in both directions, so that an answer made of the
  // defaults is not right by construction.
  r.division = 1.4 * per_h(*cell.division_per_s);
  r.death = 1.3 * per_h(*cell.death_per_s);
  r.efflux = 0.7 * per_h(*label.efflux_per_s);
  r.phagocytosed = 0.8 * label.phagocytosed_fraction->value;
  r.debris_release = 0.75 * per_h(*label.debris_release_per_s);
  r.free_clearance = 1.25 * per_h(*label.free_clearance_per_s);
  r.bone = 1.2 * label.bone_fraction->value;
  r.liver = 1.3 * label.liver_fraction->value;
  r.kidney = 1.4 * label.kidney_fraction->value;
  r.urine = 0.8 * label.excreted_fraction->value;
  SOJOURN_ENSURE(r.bone + r.liver + r.kidney + r.urine <= 1);
  r.voiding = 0.4;  // a mouse voids every two or three hours: assumption
  // Trafficking, per hour; assumptions that give what such studies show: cells in the lungs at
  // first, then in liver and spleen within a day, few in nodes and tumour.
  //               blood lung  liver  spleen marrow nodes tumour rest
  r.from_blood = {0, 0.20, 1.20, 0.75, 0.15, 0.12, 0.03, 0.20};
  r.to_blood = {0, 0.30, 0.030, 0.035, 0.03, 0.025, 0.005, 0.06};
  r.pulse_start_h = 30;
  r.pulse_stop_h = 42;
  r.pulse_death_factor = 4;
  return r;
}

TruthState start(double cells, double live_bq, double debris_bq, double free_bq) {
  TruthState s;
  const auto lung = static_cast<std::size_t>(Site::lung);
  s.cells[lung] = cells;
  s.live_bq[lung] = live_bq;
  // Dead cells do not stay in the lungs: assumption that phagocytes of liver and spleen hold most.
  s.debris_bq[lung] = 0.2 * debris_bq;
  s.debris_bq[static_cast<std::size_t>(Site::liver)] = 0.6 * debris_bq;
  s.debris_bq[static_cast<std::size_t>(Site::spleen)] = 0.2 * debris_bq;
  s.free_bq = free_bq;
  return s;
}

TruthState advance(const TruthRates& rates, const TruthState& state, double from_hours,
                   double hours) {
  SOJOURN_EXPECT(hours >= 0);
  const double end = from_hours + hours;
  std::vector<double> stops = {from_hours, std::clamp(rates.pulse_start_h, from_hours, end),
                               std::clamp(rates.pulse_stop_h, from_hours, end), end};
  std::vector<double> x = to_vector(state);
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    if (stops[i + 1] <= stops[i]) continue;
    const bool pulse = stops[i] >= rates.pulse_start_h && stops[i + 1] <= rates.pulse_stop_h;
    const Matrix m = matrix_of(rates, rates.death * (pulse ? rates.pulse_death_factor : 1));
    x = numerics::propagate(m.values, x, stops[i + 1] - stops[i]);
  }
  return from_vector(x);
}

}  // namespace sojourn::simulate
