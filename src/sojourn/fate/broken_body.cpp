#include "sojourn/fate/broken_body.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/numerics/linear_system.h"

namespace sojourn::fate {
namespace {

constexpr std::size_t kWaitStages = 4;

/// Places of all stages in one vector: cells and label of each site's stages, label that waits, and
/// debris per site, plasma, and what each sink holds.
struct Layout {
  std::size_t sites, sinks, stay, wait;

  [[nodiscard]] std::size_t stages_of(std::size_t site) const { return site == 0 ? 1 : stay; }
  [[nodiscard]] std::size_t first(std::size_t site) const {
    return site == 0 ? 0 : 1 + (site - 1) * stay;
  }
  [[nodiscard]] std::size_t all_stages() const { return 1 + (sites - 1) * stay; }
  [[nodiscard]] std::size_t cells(std::size_t site, std::size_t k) const { return first(site) + k; }
  [[nodiscard]] std::size_t live(std::size_t site, std::size_t k) const {
    return all_stages() + first(site) + k;
  }
  [[nodiscard]] std::size_t waits(std::size_t site, std::size_t k) const {
    return 2 * all_stages() + site * wait + k;
  }
  [[nodiscard]] std::size_t debris(std::size_t site) const {
    return 2 * all_stages() + sites * wait + site;
  }
  [[nodiscard]] std::size_t free() const { return 2 * all_stages() + sites * (wait + 1); }
  [[nodiscard]] std::size_t held(std::size_t sink) const { return free() + 1 + sink; }
  [[nodiscard]] std::size_t size() const { return free() + 1 + sinks; }
};

class System {
 public:
  System(const SharedBody& b, const Layout& at, double wait_s, bool chelated)
      : at_(at), a_(at.size() * at.size(), 0.0) {
    const Rates& r = b.rates;
    for (std::size_t i = 0; i < at.sites; ++i)
      for (std::size_t k = 0; k < at.stages_of(i); ++k) {
        add(at.cells(i, k), at.cells(i, k), r.division_per_s - r.death_per_s);
        add(at.live(i, k), at.live(i, k), -r.death_per_s - r.efflux_per_s);
        add(at.free(), at.live(i, k), r.efflux_per_s);
        died(b, i, at.live(i, k), wait_s);
      }
    for (std::size_t i = 1; i < at.sites; ++i) traffic(b, i);
    for (std::size_t i = 0; i < at.sites; ++i) {
      waiting(b, i, wait_s);
      move(at.debris(i), at.free(), r.debris_release_per_s);
    }
    add(at.free(), at.free(), -r.free_clearance_per_s);
    for (std::size_t k = 0; k < at.sinks; ++k) {
      add(at.held(k), at.free(),
          r.free_clearance_per_s * (chelated ? b.fraction_chelated[k] : b.fraction[k]));
      add(at.held(k), at.held(k), -b.sink_leaving_per_s[k]);
    }
  }
  [[nodiscard]] std::vector<double> after(const std::vector<double>& x, double t) const {
    return t > 0 ? numerics::propagate(a_, x, t) : x;
  }

 private:
  void add(std::size_t to, std::size_t from, double rate) { a_[to * at_.size() + from] += rate; }
  void move(std::size_t from, std::size_t to, double rate) {
    add(to, from, rate);
    add(from, from, -rate);
  }
  void traffic(const SharedBody& b, std::size_t i) {
    const double leave = b.leaving_per_s[i] * static_cast<double>(at_.stay);
    for (const auto stage : {&Layout::cells, &Layout::live}) {
      move((at_.*stage)(0, 0), (at_.*stage)(i, 0), b.homing_per_s[i]);
      for (std::size_t k = 0; k < at_.stay; ++k)
        move((at_.*stage)(i, k), k + 1 < at_.stay ? (at_.*stage)(i, k + 1) : (at_.*stage)(0, 0),
             leave);
    }
  }
  /// Label that leaves `from` by death in a site, where nothing waits: to phagocytes and plasma.
  void released(const SharedBody& b, std::size_t site, std::size_t from, double rate) {
    const double phi = b.rates.phagocytosed_fraction, moves = b.debris_moves[site];
    add(at_.free(), from, (1 - phi) * rate);
    add(at_.debris(site), from, phi * (1 - moves) * rate);
    for (std::size_t j = 0; j < at_.sites; ++j)
      add(at_.debris(j), from, phi * moves * b.debris_shares[j] * rate);
  }
  void died(const SharedBody& b, std::size_t site, std::size_t from, double wait_s) {
    if (wait_s > 0)
      add(at_.waits(site, 0), from, b.rates.death_per_s);
    else
      released(b, site, from, b.rates.death_per_s);
  }
  void waiting(const SharedBody& b, std::size_t site, double wait_s) {
    for (std::size_t k = 0; k < at_.wait; ++k) {
      const double rate = static_cast<double>(at_.wait) / wait_s;
      if (k + 1 < at_.wait) {
        move(at_.waits(site, k), at_.waits(site, k + 1), rate);
      } else {
        add(at_.waits(site, k), at_.waits(site, k), -rate);
        released(b, site, at_.waits(site, k), rate);
      }
    }
  }

  Layout at_;
  std::vector<double> a_;
};

void enter(const SharedBody& b, const Layout& at, const SharedDose& dose, std::vector<double>& x) {
  for (std::size_t i = 0; i < at.sites; ++i) {
    x[at.cells(i, 0)] += dose.cells * b.entry[i];
    x[at.live(i, 0)] += dose.live * b.entry[i];
    x[at.debris(i)] += dose.debris * b.dead_entry[i];
  }
  x[at.free()] += dose.free;
}

SharedMoment moment_of(const Layout& at, const std::vector<double>& x) {
  SharedMoment m;
  for (std::size_t i = 0; i < at.sites; ++i) {
    double cells = 0, live = 0, debris = x[at.debris(i)];
    for (std::size_t k = 0; k < at.stages_of(i); ++k)
      cells += x[at.cells(i, k)], live += x[at.live(i, k)];
    for (std::size_t k = 0; k < at.wait; ++k) debris += x[at.waits(i, k)];
    m.cells.push_back(std::max(0.0, cells));
    m.live.push_back(std::max(0.0, live));
    m.debris.push_back(std::max(0.0, debris));
  }
  m.free = std::max(0.0, x[at.free()]);
  for (std::size_t k = 0; k < at.sinks; ++k) m.held.push_back(std::max(0.0, x[at.held(k)]));
  return m;
}

}  // namespace

std::vector<SharedMoment> broken_course(const SharedBody& body,
                                        const std::vector<SharedDose>& doses,
                                        const std::optional<Chelation>& chelation,
                                        const std::vector<double>& times_s,
                                        const BodyBreak& broken) {
  SOJOURN_EXPECT(broken.stay_stages >= 1 && broken.release_delay_s >= 0);
  const Layout at{body.entry.size(), body.fraction.size(), broken.stay_stages,
                  broken.release_delay_s > 0 ? kWaitStages : 0};
  const System usual(body, at, broken.release_delay_s, false);
  const System chelated(body, at, broken.release_delay_s, true);
  std::set<double> stops(times_s.begin(), times_s.end());
  for (const auto& dose : doses) stops.insert(dose.at_s);
  if (chelation) {
    stops.insert(chelation->start_s);
    if (std::isfinite(chelation->stop_s)) stops.insert(chelation->stop_s);
  }
  std::vector<double> x(at.size(), 0.0);
  std::vector<SharedMoment> moments(times_s.size());
  double now = *stops.begin();
  for (const double stop : stops) {
    const bool inside = chelation && now >= chelation->start_s && now < chelation->stop_s;
    x = (inside ? chelated : usual).after(x, stop - now);
    now = stop;
    for (const auto& dose : doses)
      if (dose.at_s == now) enter(body, at, dose, x);
    for (std::size_t i = 0; i < times_s.size(); ++i)
      if (times_s[i] == now) moments[i] = moment_of(at, x);
  }
  return moments;
}

}  // namespace sojourn::fate
