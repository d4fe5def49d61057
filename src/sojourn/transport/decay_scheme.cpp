#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/material/cross_sections.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/transport/decay_source.h"
#include "sojourn/transport/positron_track.h"

namespace sojourn::transport {
namespace {

constexpr double kLeastIntensity = 2e-3;  // weaker gamma lines are left out (stated in the docs)
constexpr std::size_t kRangeQuantiles = 1024;

struct Row {
  std::string kind;
  std::optional<double> end_point_kev, gamma_kev, probability;
};

std::vector<Row> correlations(const std::string& name) {
  const auto path = core::data_dir() / "nuclide/prompt_gammas_2026/prompt_gammas.tsv";
  const auto t = core::Tsv::parse(core::read_file(path), path.string());
  std::vector<Row> rows;
  for (std::size_t i = 0; i < t.rows(); ++i)
    if (t.at(i, "nuclide") == name)
      rows.push_back({t.at(i, "kind"), t.number(i, "end_point_kev"), t.number(i, "gamma_kev"),
                      t.number(i, "probability")});
  return rows;
}

bool same_kev(std::optional<double> a, double b) { return a && std::abs(*a - b) < 0.01; }

/// Gamma and X lines above the threshold; annihilation is not among them.
std::vector<GammaLine> lines_of(const nuclide::Nuclide& n, double lowest_kev) {
  std::vector<GammaLine> lines;
  for (const auto& e : n.emissions)
    if ((e.type == "gamma" || e.type == "x") && e.energy_kev >= lowest_kev &&
        e.intensity >= kLeastIntensity && e.energy_kev <= material::kHighestKev)
      lines.push_back({e.energy_kev, std::min(e.intensity, 1.0)});
  return lines;
}

/// Branches of the positron by the levels where they end, and what is left for the others.
void split_branches(DecayScheme& d, const nuclide::Nuclide& n, const std::vector<Row>& rows,
                    std::vector<GammaLine> lines) {
  double rest = 1;
  for (const auto& e : n.emissions) {
    if (e.type != "beta+") continue;
    DecayScheme::Branch b{e.intensity, true, {}};
    for (const auto& row : rows) {
      if (row.kind != "prompt" || !same_kev(row.end_point_kev, e.end_point_kev)) continue;
      const auto line = std::find_if(lines.begin(), lines.end(), [&](const GammaLine& l) {
        return same_kev(row.gamma_kev, l.energy_kev);
      });
      if (line == lines.end()) continue;
      b.prompt.push_back({line->energy_kev, *row.probability});
      line->probability = std::max(0.0, line->probability - e.intensity * *row.probability);
    }
    rest -= e.intensity;
    d.branches.push_back(std::move(b));
  }
  DecayScheme::Branch other{std::max(rest, 0.0), false, {}};
  for (auto& line : lines) {
    line.probability = other.share > 0 ? std::min(line.probability / other.share, 1.0) : 0;
    if (line.probability > 0) other.prompt.push_back(line);
  }
  d.branches.push_back(std::move(other));
}

}  // namespace

const DecayScheme::Branch& DecayScheme::pick(double uniform) const {
  for (const auto& b : branches) {
    if (uniform < b.share) return b;
    uniform -= b.share;
  }
  return branches.back();
}

double DecayScheme::range_mm(float uniform) const {
  const float at = uniform * static_cast<float>(range_quantiles_mm.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  const float low = range_quantiles_mm[i], high = range_quantiles_mm[i + 1];
  return static_cast<double>(low + (at - static_cast<float>(i)) * (high - low));
}

DecayScheme decay_scheme(const std::string& nuclide_name, double lowest_kev) {
  const auto& n = nuclide::find(nuclide_name);
  DecayScheme d;
  d.name = n.name;
  d.positron_fraction = n.positron_fraction;
  if (n.positron_fraction > 0)
    d.range_quantiles_mm = transport::range_quantiles_mm(n.name, kRangeQuantiles);
  auto lines = lines_of(n, lowest_kev);
  const auto rows = correlations(n.name);
  for (const auto& row : rows) {
    if (row.kind != "delayed") continue;
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const GammaLine& l) {
      return same_kev(row.gamma_kev, l.energy_kev);
    });
    if (line == lines.end()) continue;
    d.delayed.push_back(*line);
    lines.erase(line);
  }
  const bool told =
      std::any_of(rows.begin(), rows.end(), [](const Row& r) { return r.kind != "delayed"; });
  if (told) {
    split_branches(d, n, rows, std::move(lines));
  } else {
    d.branches.push_back({n.positron_fraction, true, lines});
    d.branches.push_back({1 - n.positron_fraction, false, std::move(lines)});
  }
  return d;
}

}  // namespace sojourn::transport
