#include "sojourn/fate/shared_body.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/fate/shared_parts.h"

namespace sojourn::fate {
namespace {

SharedMoment empty_moment(std::size_t sites, std::size_t sinks) {
  return {std::vector<double>(sites, 0.0), std::vector<double>(sites, 0.0),
          std::vector<double>(sites, 0.0), 0, std::vector<double>(sinks, 0.0)};
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// (exp(-x t) - exp(-y t)) / (y - x): the response of a stage of rate x to one of rate y.
double between(double x, double ex, double y, double ey, double t) {
  const double d = (y - x) * t;
  if (std::abs(d) < 1e-4) return ex * t * (1 - d / 2 * (1 - d / 3));
  return (ex - ey) / (y - x);
}

constexpr double kNear = 1e-3;  // rates times time: nearer than this, quotients lose digits

/// The chain (other, twice, twice), from that of (other, twice) and t exp(-twice t).
double chain_of_three(double other, double twice, double again, double chain, double last,
                      double t) {
  const double d = twice - other;
  return std::abs(d) * t > kNear ? (chain - last) / d : chain_response({other, twice, again}, t);
}

}  // namespace

struct SharedCourse::Parts {
  SharedBody b;
  std::vector<SharedDose> doses;
  std::optional<Chelation> chelation;
  std::vector<double> times_s;
  StarShares shares;
  std::vector<SharedMoment> moments;

  Parts(SharedBody body, std::vector<SharedDose> given, const std::optional<Chelation>& chelated,
        std::vector<double> times)
      : b(std::move(body)),
        doses(std::move(given)),
        chelation(chelated),
        times_s(std::move(times)),
        shares(b),
        moments(times_s.size(), empty_moment(shares.n, b.fraction.size())) {
    for (const auto& dose : doses) {
      const FreeLabel free(b.rates, b.sink_leaving_per_s, chelation, dose.at_s);
      for (std::size_t i = 0; i < times_s.size(); ++i) {
        const double t = times_s[i] - dose.at_s;
        if (t < 0) continue;
        add_sites(dose, t, moments[i]);
        if (labelled(dose)) add_free(dose, free.at(t), free, moments[i]);
      }
    }
  }

  static bool labelled(const SharedDose& dose) { return dose.live + dose.debris + dose.free > 0; }

  /// What cells of each site are, and of unit label and unit death what its debris is.
  void sites_at(const ModesAt& modes, std::size_t i, double& share, double& died) const {
    const double* c = &shares.coefficient[i * shares.n];
    share = died = 0;
    for (std::size_t k = 0; k < shares.n; ++k)
      share += c[k] * modes.stay[k], died += c[k] * modes.engulfed[k];
    share = std::max(0.0, share), died = std::max(0.0, died);  // rounding
  }

  void add_sites(const SharedDose& dose, double t, SharedMoment& out) const {
    const Rates& r = b.rates;
    const double cells = dose.cells * std::exp((r.division_per_s - r.death_per_s) * t);
    const double label = dose.live * std::exp(-(r.death_per_s + r.efflux_per_s) * t);
    const double kept = r.phagocytosed_fraction * r.death_per_s * dose.live;
    const double left = dose.debris * std::exp(-r.debris_release_per_s * t);
    ModesAt modes;
    modes.set(r, shares, t);
    double carried = 0;
    for (std::size_t i = 0; i < shares.n; ++i) {
      double share = 0, died = 0;
      sites_at(modes, i, share, died);
      out.cells[i] += cells * share;
      out.live[i] += label * share;
      carried += b.debris_moves[i] * kept * died;
      out.debris[i] += left * b.dead_entry[i] + (1 - b.debris_moves[i]) * kept * died;
    }
    for (std::size_t i = 0; i < shares.n; ++i) out.debris[i] += carried * b.debris_shares[i];
  }

  void add_free(const SharedDose& dose, const FreeLabel::Stocks& stocks, const FreeLabel& free,
                SharedMoment& out) const {
    const std::array<double, 3> amount{dose.live, dose.debris, dose.free};
    for (std::size_t j = 0; j < amount.size(); ++j) {
      out.free += amount[j] * stocks[j].plasma;
      for (std::size_t k = 0; k < b.fraction.size(); ++k)
        out.held[k] += amount[j] * (b.fraction[k] * stocks[j].outside[free.place(k)] +
                                    b.fraction_chelated[k] * stocks[j].inside[free.place(k)]);
    }
  }

  /// Weights times a unit of one source of free label.
  [[nodiscard]] double weighted(const SharedMoment& w, const FreeLabel::Stock& stock,
                                const FreeLabel& free) const {
    double sum = w.free * stock.plasma;
    for (std::size_t k = 0; k < b.fraction.size(); ++k)
      sum += w.held[k] * (b.fraction[k] * stock.outside[free.place(k)] +
                          b.fraction_chelated[k] * stock.inside[free.place(k)]);
    return sum;
  }

  /// Derivatives by all that acts on cells and debris; `h` gathers the weights of pairs of modes.
  void by_sites(const SharedMoment& w, const SharedDose& dose, double t, SharedGradient& g,
                SharedDose& by_dose, std::vector<double>& h, double& by_kept) const {
    const std::size_t n = shares.n;
    const Rates& r = b.rates;
    const double loss = r.death_per_s + r.efflux_per_s;
    const double grown = std::exp((r.division_per_s - r.death_per_s) * t);
    const double whole = std::exp(-loss * t), left = std::exp(-r.debris_release_per_s * t);
    const double kept = r.phagocytosed_fraction * r.death_per_s;
    ModesAt modes;
    modes.set(r, shares, t);
    const double spread = dot(w.debris, b.debris_shares);
    std::vector<double> by_stay(n, 0.0), by_engulfed(n, 0.0);
    double carried = 0, grew = 0, lived = 0, engulfed = 0, old = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double share = 0, died = 0;
      sites_at(modes, i, share, died);
      const double u = w.cells[i] * dose.cells * grown + w.live[i] * dose.live * whole;
      const double v = (1 - b.debris_moves[i]) * w.debris[i] + b.debris_moves[i] * spread;
      by_dose.cells += w.cells[i] * grown * share;
      grew += w.cells[i] * grown * share;
      lived += w.live[i] * whole * share;
      engulfed += v * died;
      old += w.debris[i] * left * b.dead_entry[i];
      g.body.dead_entry[i] += w.debris[i] * left * dose.debris;
      carried += b.debris_moves[i] * kept * dose.live * died;
      for (std::size_t k = 0; k < n; ++k) {
        by_stay[k] += u * shares.right[i * n + k];
        by_engulfed[k] += v * kept * dose.live * shares.right[i * n + k];
      }
    }
    by_dose.live += lived + kept * engulfed;
    by_dose.debris += old;
    by_kept += dose.live * engulfed;
    g.body.rates.division_per_s += t * dose.cells * grew;
    g.body.rates.death_per_s -= t * dose.cells * grew;
    g.body.rates.debris_release_per_s -= t * dose.debris * old;
    double by_loss = -t * dose.live * lived;
    for (std::size_t i = 0; i < n; ++i) g.body.debris_shares[i] += w.debris[i] * carried;
    by_modes(modes, t, by_stay, by_engulfed, g, h, by_loss);
    g.body.rates.death_per_s += by_loss;
    g.body.rates.efflux_per_s += by_loss;
  }

  /// From the weights of the modes themselves to where cells start, to pairs of modes, and to the
  /// rates of loss and of release.
  void by_modes(const ModesAt& modes, double t, const std::vector<double>& by_stay,
                const std::vector<double>& by_engulfed, SharedGradient& g, std::vector<double>& h,
                double& by_loss) const {
    const std::size_t n = shares.n;
    const double loss = b.rates.death_per_s + b.rates.efflux_per_s;
    const double release = b.rates.debris_release_per_s;
    const double whole = std::exp(-loss * t), left = std::exp(-release * t);
    for (std::size_t k = 0; k < n; ++k) {
      const double x = shares.mode_per_s[k], stay = modes.stay[k], engulfed = modes.engulfed[k];
      double start = 0;  // what of the cells started in this mode
      for (std::size_t i = 0; i < n; ++i) start += shares.left[k * n + i] * b.entry[i];
      const double direct = by_stay[k] * stay + by_engulfed[k] * engulfed;
      for (std::size_t i = 0; i < n; ++i) g.body.entry[i] += direct * shares.left[k * n + i];
      // of debris by its two rates: chains with one of them twice
      const double twice =
          chain_of_three(release, loss + x, loss + x, engulfed, t * stay * whole, t);
      by_loss -= by_engulfed[k] * start * twice;
      g.body.rates.debris_release_per_s -=
          by_engulfed[k] * start *
          chain_of_three(loss + x, release, release, engulfed, t * left, t);
      for (std::size_t l = 0; l < n; ++l) {
        const double y = shares.mode_per_s[l], d = y - x;
        const double phi = between(x, stay, y, modes.stay[l], t);
        const double psi = std::abs(d) * t > kNear ? (engulfed - modes.engulfed[l]) / d
                           : d == 0                ? twice
                                    : chain_response({release, loss + x, loss + y}, t);
        h[k * n + l] += by_stay[k] * phi + by_engulfed[k] * psi;
      }
    }
  }

  /// Derivatives by all that acts on free label. Loss, release and clearance by differences.
  void by_free(const std::vector<SharedMoment>& w, const SharedDose& dose, SharedGradient& g,
               SharedDose& by_dose, double& by_kept) const {
    const FreeLabel here(b.rates, b.sink_leaving_per_s, chelation, dose.at_s);
    constexpr std::array kRates{&Rates::efflux_per_s, &Rates::debris_release_per_s,
                                &Rates::free_clearance_per_s};
    std::array<double, kRates.size()> step{}, change{};
    std::vector<FreeLabel> moved;
    for (std::size_t m = 0; m < kRates.size(); ++m) {
      Rates rates = b.rates;
      step[m] = 1e-6 * std::max(rates.*kRates[m], 1e-9);
      rates.*kRates[m] += step[m];
      moved.emplace_back(rates, b.sink_leaving_per_s, chelation, dose.at_s);
    }
    for (std::size_t i = 0; i < times_s.size(); ++i) {
      const double t = times_s[i] - dose.at_s;
      if (t < 0) continue;
      const auto sum = [&](const FreeLabel::Stocks& s, double* by) {
        const double live = weighted(w[i], s[FreeLabel::live], here);
        const double debris = weighted(w[i], s[FreeLabel::debris], here);
        const double free = weighted(w[i], s[FreeLabel::free], here);
        if (by != nullptr) by[0] += live, by[1] += debris, by[2] += free;
        return dose.live * live + dose.debris * debris + dose.free * free;
      };
      const auto stocks = here.at(t);
      double by[3] = {0, 0, 0};
      const double now = sum(stocks, by);
      by_dose.live += by[0], by_dose.debris += by[1], by_dose.free += by[2];
      by_kept += dose.live * weighted(w[i], stocks[FreeLabel::kept], here);
      for (std::size_t m = 0; m < moved.size(); ++m)
        change[m] += sum(moved[m].at(t), nullptr) - now;
      const std::array<double, 3> amount{dose.live, dose.debris, dose.free};
      for (std::size_t j = 0; j < amount.size(); ++j)
        for (std::size_t k = 0; k < b.fraction.size(); ++k) {
          g.body.fraction[k] += w[i].held[k] * amount[j] * stocks[j].outside[here.place(k)];
          g.body.fraction_chelated[k] += w[i].held[k] * amount[j] * stocks[j].inside[here.place(k)];
        }
    }
    Rates& rates = g.body.rates;
    for (std::size_t m = 0; m < kRates.size(); ++m) rates.*kRates[m] += change[m] / step[m];
    rates.death_per_s += change[0] / step[0];  // both are loss; what is kept comes apart
  }

  void by_traffic(const std::vector<double>& h, SharedBody& g) const {
    const std::size_t n = shares.n;
    std::vector<double> through(n *
                                n);  // [site, mode k]: sum over l of h[k, l] coefficient[site, l]
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k) {
        double sum = 0;
        for (std::size_t l = 0; l < n; ++l) sum += h[k * n + l] * shares.coefficient[i * n + l];
        through[i * n + k] = sum;
      }
    for (std::size_t i = 1; i < n; ++i)
      for (std::size_t k = 0; k < n; ++k) {
        const double difference = shares.left[k * n + i] - shares.left[k * n];
        g.homing_per_s[i] += difference * through[k];
        g.leaving_per_s[i] -= difference * through[i * n + k];
      }
  }
};

SharedCourse::SharedCourse(SharedBody body, std::vector<SharedDose> doses,
                           const std::optional<Chelation>& chelation, std::vector<double> times_s)
    : parts_(std::make_unique<Parts>(std::move(body), std::move(doses), chelation,
                                     std::move(times_s))) {}
SharedCourse::~SharedCourse() = default;
SharedCourse::SharedCourse(SharedCourse&&) noexcept = default;
SharedCourse& SharedCourse::operator=(SharedCourse&&) noexcept = default;

const std::vector<SharedMoment>& SharedCourse::moments() const { return parts_->moments; }

SharedGradient SharedCourse::gradient(const std::vector<SharedMoment>& weights) const {
  const Parts& p = *parts_;
  SOJOURN_EXPECT(weights.size() == p.times_s.size());
  const std::size_t n = p.shares.n, k = p.b.fraction.size();
  SharedGradient g;
  for (auto* list : {&g.body.homing_per_s, &g.body.leaving_per_s, &g.body.entry, &g.body.dead_entry,
                     &g.body.debris_moves, &g.body.debris_shares})
    list->assign(n, 0.0);
  for (auto* list : {&g.body.fraction, &g.body.fraction_chelated, &g.body.sink_leaving_per_s})
    list->assign(k, 0.0);
  g.doses.resize(p.doses.size());
  std::vector<double> h(n * n, 0.0);
  double by_kept = 0;  // phagocytosed fraction times death
  for (std::size_t d = 0; d < p.doses.size(); ++d) {
    const auto& dose = p.doses[d];
    for (std::size_t i = 0; i < p.times_s.size(); ++i)
      if (p.times_s[i] >= dose.at_s)
        p.by_sites(weights[i], dose, p.times_s[i] - dose.at_s, g, g.doses[d], h, by_kept);
    if (Parts::labelled(dose)) p.by_free(weights, dose, g, g.doses[d], by_kept);
  }
  g.body.rates.death_per_s += p.b.rates.phagocytosed_fraction * by_kept;
  g.body.rates.phagocytosed_fraction += p.b.rates.death_per_s * by_kept;
  p.by_traffic(h, g.body);
  return g;
}

SharedBody shared_body(const Body& body) {
  const BodyModel& m = body.model;
  SharedBody b;
  b.rates = {m.sites.front().division_per_s, m.sites.front().death_per_s, m.efflux_per_s,
             m.phagocytosed_fraction,        m.debris_release_per_s,      m.free_clearance_per_s};
  for (const auto& site : m.sites) {
    if (site.division_per_s != b.rates.division_per_s || site.death_per_s != b.rates.death_per_s)
      refuse("sites differ in division or death: {} is not as blood", site.id);
    b.homing_per_s.push_back(site.homing_per_s);
    b.leaving_per_s.push_back(site.leaving_per_s);
    b.debris_moves.push_back(site.debris_moves);
  }
  b.entry = body.entry;
  b.dead_entry = body.dead_entry;
  b.debris_shares = m.debris_shares;
  for (const auto& sink : m.sinks) {
    b.fraction.push_back(sink.fraction);
    b.fraction_chelated.push_back(sink.fraction_chelated);
    b.sink_leaving_per_s.push_back(sink.leaving_per_s);
  }
  return b;
}

}  // namespace sojourn::fate
