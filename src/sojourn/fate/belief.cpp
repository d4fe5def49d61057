#include "sojourn/fate/belief.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sojourn/core/error.h"
#include "sojourn/fate/culture_fit.h"

namespace sojourn::fate {
namespace {

using catalogue::Sourced;

/// What the study states, else the row's value for these cells.
LogNormal of(const Sourced& value, const std::vector<std::string>& kin,
             const std::optional<records::Uncertain>& stated = {}) {
  if (stated) return log_normal(stated->value, stated->relative_sd);
  return log_normal(value.of(kin).value, value.of(kin).relative_sd);
}

/// Standard normal draws of division, death and efflux with their correlations.
RateTriple correlated(const Belief& b, std::span<const double> z) {
  const double dd = b.division_death_correlation, de = b.division_efflux_correlation,
               he = b.death_efflux_correlation;
  const RateMatrix lower = cholesky({{{1, dd, de}, {dd, 1, he}, {de, he, 1}}});
  RateTriple result{};
  for (std::size_t i = 0; i < kCultureRates; ++i)
    for (std::size_t j = 0; j <= i; ++j) result[i] += lower[i][j] * z[j];
  return result;
}

}  // namespace

double LogNormal::at(double z) const { return median == 0 ? 0 : median * std::exp(ln_sd * z); }

LogNormal log_normal(double value, double relative_sd) {
  if (!(value >= 0) || !(relative_sd >= 0))
    throw Error(ErrorCode::bad_value,
                fmt::format("a rate of {} with a relative sd of {} (neither may be negative)",
                            value, relative_sd));
  return {value, std::sqrt(std::log1p(relative_sd * relative_sd))};
}

Belief prior_of_cells(const records::RateChoice& rates, const catalogue::Cell& cell) {
  Belief b;
  b.division = of(*cell.parameters.division_per_s, cell.kin, rates.division);
  b.death = of(*cell.parameters.death_per_s, cell.kin, rates.death);
  return b;
}

Belief prior(const records::RateChoice& rates, const catalogue::Method& method,
             const catalogue::Cell& cell) {
  method.must_be_usable();
  const catalogue::ExVivoLabel& m = method.label();
  const catalogue::CellParameters& c = cell.parameters;
  Belief b = prior_of_cells(rates, cell);
  b.efflux = of(*m.efflux_per_s, cell.kin, rates.efflux);
  b.phagocytosed = of(*m.phagocytosed_fraction, cell.kin, rates.phagocytosed_fraction);
  b.debris_release = of(*m.debris_release_per_s, cell.kin, rates.debris_release);
  b.free_clearance = of(*m.free_clearance_per_s, cell.kin);
  b.bone = of(*m.bone_fraction, cell.kin, rates.bone_fraction);
  b.liver = of(*m.liver_fraction, cell.kin);
  b.kidney = of(*m.kidney_fraction, cell.kin);
  b.excreted = of(*m.excreted_fraction, cell.kin);
  // a chelator that the row does not know changes nothing
  const auto& bone = m.bone_fraction_deferoxamine;
  const auto& excreted = m.excreted_fraction_deferoxamine;
  b.bone_deferoxamine = bone ? of(*bone, cell.kin) : b.bone;
  b.excreted_deferoxamine = excreted ? of(*excreted, cell.kin) : b.excreted;
  // a row that says nothing of dead cells spreads them as the living ones
  if (c.infused_dead_liver_fraction) b.dead_to_liver = of(*c.infused_dead_liver_fraction, cell.kin);
  if (c.infused_dead_spleen_fraction)
    b.dead_to_spleen = of(*c.infused_dead_spleen_fraction, cell.kin);
  return b;
}

Belief with_assays(Belief belief, const std::vector<AssayPoint>& retention,
                   const std::vector<AssayPoint>& growth) {
  const std::array<LogNormal*, kCultureRates> rates{&belief.division, &belief.death,
                                                    &belief.efflux};
  RateTriple median{}, ln_sd{};
  for (std::size_t i = 0; i < kCultureRates; ++i)
    median[i] = rates[i]->median, ln_sd[i] = rates[i]->ln_sd;
  std::vector<CultureSeries> series;
  if (!growth.empty()) series.push_back({growth, {1, -1, 0}});
  if (!retention.empty()) series.push_back({retention, {0, -1, -1}});
  if (series.empty()) return belief;
  const CultureFit fit = fit_culture(median, ln_sd, series);
  const auto seen = [&](std::size_t i) {
    return fit.covariance[i][i] > 0 &&
           std::any_of(series.begin(), series.end(),
                       [i](const auto& s) { return s.coefficients[i] != 0; });
  };
  for (std::size_t i = 0; i < kCultureRates; ++i) {
    if (!seen(i)) continue;
    *rates[i] = {std::exp(fit.ln_rate[i]),
                 std::sqrt(fit.covariance[i][i] + kTransferLnSd * kTransferLnSd)};
  }
  const auto correlation = [&](std::size_t i, std::size_t j) {
    return seen(i) && seen(j) ? fit.covariance[i][j] / (rates[i]->ln_sd * rates[j]->ln_sd) : 0.0;
  };
  belief.division_death_correlation = correlation(0, 1);
  belief.division_efflux_correlation = correlation(0, 2);
  belief.death_efflux_correlation = correlation(1, 2);
  return belief;
}

const std::array<const char*, kBeliefs>& belief_names() {
  static const std::array<const char*, kBeliefs> names{"division_per_s",
                                                       "death_per_s",
                                                       "efflux_per_s",
                                                       "phagocytosed_fraction",
                                                       "debris_release_per_s",
                                                       "free_clearance_per_s",
                                                       "bone_fraction",
                                                       "excreted_fraction",
                                                       "liver_fraction",
                                                       "kidney_fraction",
                                                       "bone_fraction_deferoxamine",
                                                       "excreted_fraction_deferoxamine",
                                                       "infused_dead_liver_fraction",
                                                       "infused_dead_spleen_fraction"};
  return names;
}

std::array<const LogNormal*, kBeliefs> in_order(const Belief& b) {
  return {&b.division,
          &b.death,
          &b.efflux,
          &b.phagocytosed,
          &b.debris_release,
          &b.free_clearance,
          &b.bone,
          &b.excreted,
          &b.liver,
          &b.kidney,
          &b.bone_deferoxamine,
          &b.excreted_deferoxamine,
          &b.dead_to_liver,
          &b.dead_to_spleen};
}

Parameters parameters_at(const Belief& b, std::span<const double> z) {
  SOJOURN_EXPECT(z.size() == kBeliefs);
  Parameters p;
  const RateTriple culture = correlated(b, z);
  p.rates = {b.division.at(culture[0]), b.death.at(culture[1]),
             b.efflux.at(culture[2]),   std::min(1.0, b.phagocytosed.at(z[3])),
             b.debris_release.at(z[4]), b.free_clearance.at(z[5])};
  const double liver = b.liver.at(z[8]), kidney = b.kidney.at(z[9]);
  p.routes = normalised({b.bone.at(z[6]), liver, kidney, b.excreted.at(z[7])});
  p.routes_deferoxamine =
      normalised({b.bone_deferoxamine.at(z[10]), liver, kidney, b.excreted_deferoxamine.at(z[11])});
  const double to_liver = b.dead_to_liver.at(z[12]), to_spleen = b.dead_to_spleen.at(z[13]);
  const double most = std::max(1.0, to_liver + to_spleen);
  p.dead_to_liver = to_liver / most;
  p.dead_to_spleen = to_spleen / most;
  return p;
}

Parameters medians(const Belief& belief) {
  return parameters_at(belief, std::array<double, kBeliefs>{});
}

Parameters draw(const Belief& belief, core::Random& random) {
  std::array<double, kBeliefs> z{};
  for (auto& value : z) value = random.normal();
  return parameters_at(belief, z);
}

std::vector<std::pair<std::string, double>> describe(const Belief& b) {
  std::vector<std::pair<std::string, double>> result;
  const auto add = [&](const std::string& name, const std::string& unit, const LogNormal& value) {
    result.emplace_back(name + unit, value.median);
    result.emplace_back(name + "_ln_sd", value.ln_sd);
  };
  add("division", "_per_s", b.division);
  add("death", "_per_s", b.death);
  add("efflux", "_per_s", b.efflux);
  add("phagocytosed_fraction", "", b.phagocytosed);
  add("debris_release", "_per_s", b.debris_release);
  add("free_clearance", "_per_s", b.free_clearance);
  add("bone_fraction", "", b.bone);
  add("bone_fraction_deferoxamine", "", b.bone_deferoxamine);
  add("liver_fraction", "", b.liver);
  add("kidney_fraction", "", b.kidney);
  add("excreted_fraction", "", b.excreted);
  add("excreted_fraction_deferoxamine", "", b.excreted_deferoxamine);
  add("infused_dead_liver_fraction", "", b.dead_to_liver);
  add("infused_dead_spleen_fraction", "", b.dead_to_spleen);
  result.emplace_back("division_death_correlation", b.division_death_correlation);
  result.emplace_back("division_efflux_correlation", b.division_efflux_correlation);
  result.emplace_back("death_efflux_correlation", b.death_efflux_correlation);
  return result;
}

}  // namespace sojourn::fate
