#include "sojourn/fate/belief.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "sojourn/core/error.h"
#include "sojourn/numerics/linear_system.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

using catalogue::Sourced;

/// Rates in a culture dish stand for those in the body within this spread of the logarithm. An
/// assumption: the published retentions of one label differ by a factor of two between cells and
/// media (data/catalogue).
constexpr double kTransferLnSd = 0.2;

LogNormal of(const std::map<std::string, Sourced>& row, const std::string& id, const char* key,
             const std::optional<records::Uncertain>& stated = {}) {
  if (stated) return log_normal(stated->value, stated->relative_sd);
  const auto found = row.find(key);
  if (found == row.end())
    refuse(
        "the catalogue row \"{}\" has no {} (cells cannot be counted without it): state it in "
        "[rates] or the row",
        id, key);
  return log_normal(found->second.value, found->second.relative_sd);
}

/// Adds points y_j = slope · t_j (sd s_j, in logarithms) to a weighted sum: (sum t y / s², sum t² /
/// s²).
std::array<double, 2> slope_data(const std::vector<AssayPoint>& points) {
  std::array<double, 2> sums{0, 0};
  for (const auto& p : points) {
    const double t = p.hours * units::kSecondsPerHour, sd = p.sd / p.value;
    sums[0] += t * std::log(p.value) / (sd * sd);
    sums[1] += t * t / (sd * sd);
  }
  return sums;
}

/// Mode and covariance of the logarithms of rates x whose combination c · x has been seen as a
/// slope.
struct Update {
  std::vector<double> theta, covariance;
};

Update update(const std::vector<LogNormal>& before, const std::vector<double>& c,
              const std::array<double, 2>& data) {
  const std::size_t n = before.size();
  const double slope = data[0] / data[1], weight = data[1];
  Update u{std::vector<double>(n), {}};
  for (std::size_t i = 0; i < n; ++i) u.theta[i] = std::log(before[i].median);
  constexpr int kSteps = 200;
  std::vector<double> normal(n * n);
  for (int step = 0; step < kSteps; ++step) {
    double predicted = 0;
    std::vector<double> jacobian(n), right(n);
    for (std::size_t i = 0; i < n; ++i) predicted += jacobian[i] = c[i] * std::exp(u.theta[i]);
    for (std::size_t i = 0; i < n; ++i) {
      const double precision = 1 / (before[i].ln_sd * before[i].ln_sd);
      right[i] = jacobian[i] * weight * (slope - predicted) -
                 precision * (u.theta[i] - std::log(before[i].median));
      for (std::size_t j = 0; j < n; ++j)
        normal[i * n + j] = jacobian[i] * weight * jacobian[j] + (i == j ? precision : 0);
    }
    // scaled to a unit diagonal: precise data must not look like a singular matrix
    std::vector<double> scaled = normal;
    for (std::size_t i = 0; i < n; ++i) {
      right[i] /= std::sqrt(normal[i * n + i]);
      for (std::size_t j = 0; j < n; ++j)
        scaled[i * n + j] /= std::sqrt(normal[i * n + i] * normal[j * n + j]);
    }
    const auto change = numerics::solve(scaled, right);
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double move = std::clamp(change[i] / std::sqrt(normal[i * n + i]), -0.5, 0.5);
      u.theta[i] += move;
      largest = std::max(largest, std::abs(move));
    }
    u.covariance = numerics::inverse(scaled, n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        u.covariance[i * n + j] /= std::sqrt(normal[i * n + i] * normal[j * n + j]);
    if (largest < 1e-10) break;
  }
  return u;
}

LogNormal widened(double theta, double variance) {
  return {std::exp(theta), std::sqrt(variance + kTransferLnSd * kTransferLnSd)};
}

bool open(const LogNormal& rate) { return rate.median > 0 && rate.ln_sd > 0; }

Parameters parameters_of(const Belief& b, const std::array<double, 12>& z) {
  Parameters p;
  const double rho = b.division_death_correlation;
  p.rates = {b.division.at(z[0]),       b.death.at(rho * z[0] + std::sqrt(1 - rho * rho) * z[1]),
             b.efflux.at(z[2]),         std::min(1.0, b.phagocytosed.at(z[3])),
             b.debris_release.at(z[4]), b.free_clearance.at(z[5])};
  const double liver = b.liver.at(z[8]), kidney = b.kidney.at(z[9]);
  p.routes = normalised({b.bone.at(z[6]), liver, kidney, b.excreted.at(z[7])});
  p.routes_deferoxamine =
      normalised({b.bone_deferoxamine.at(z[10]), liver, kidney, b.excreted_deferoxamine.at(z[11])});
  return p;
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

Belief prior(const records::RateChoice& rates, const catalogue::Method& method,
             const catalogue::Cell& cell) {
  if (method.kind != "ex-vivo-label")
    refuse(
        "the method \"{}\" of the label is a {} (cells are counted from labels put into them "
        "before infusion): name an "
        "ex-vivo-label in label.method",
        method.id, method.kind);
  const auto& m = method.parameters;
  Belief b;
  b.division = of(cell.parameters, cell.id, "division_per_s", rates.division);
  b.death = of(cell.parameters, cell.id, "death_per_s", rates.death);
  b.efflux = of(m, method.id, "efflux_per_s", rates.efflux);
  b.phagocytosed = of(m, method.id, "phagocytosed_fraction", rates.phagocytosed_fraction);
  b.debris_release = of(m, method.id, "debris_release_per_s", rates.debris_release);
  b.free_clearance = of(m, method.id, "free_clearance_per_s");
  b.bone = of(m, method.id, "bone_fraction", rates.bone_fraction);
  b.liver = of(m, method.id, "liver_fraction");
  b.kidney = of(m, method.id, "kidney_fraction");
  b.excreted = of(m, method.id, "excreted_fraction");
  // a chelator that the row does not know changes nothing
  b.bone_deferoxamine = m.contains("bone_fraction_deferoxamine")
                            ? of(m, method.id, "bone_fraction_deferoxamine")
                            : b.bone;
  b.excreted_deferoxamine = m.contains("excreted_fraction_deferoxamine")
                                ? of(m, method.id, "excreted_fraction_deferoxamine")
                                : b.excreted;
  return b;
}

Belief with_assays(Belief belief, const std::vector<AssayPoint>& retention,
                   const std::vector<AssayPoint>& growth) {
  if (const auto data = slope_data(retention); data[1] > 0 && open(belief.efflux)) {
    const Update u = update({belief.efflux}, {-1.0}, data);
    belief.efflux = widened(u.theta[0], u.covariance[0]);
  }
  const auto data = slope_data(growth);
  if (data[1] > 0 && open(belief.division) && open(belief.death)) {
    const Update u = update({belief.division, belief.death}, {1.0, -1.0}, data);
    belief.division = widened(u.theta[0], u.covariance[0]);
    belief.death = widened(u.theta[1], u.covariance[3]);
    belief.division_death_correlation =
        u.covariance[1] / (belief.division.ln_sd * belief.death.ln_sd);
  }
  return belief;
}

Parameters medians(const Belief& belief) { return parameters_of(belief, {}); }

Parameters draw(const Belief& belief, core::Random& random) {
  std::array<double, 12> z{};
  for (auto& value : z) value = random.normal();
  return parameters_of(belief, z);
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
  result.emplace_back("division_death_correlation", b.division_death_correlation);
  return result;
}

}  // namespace sojourn::fate
