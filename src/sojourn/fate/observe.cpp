#include "sojourn/fate/observe.h"

#include <algorithm>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/fate/ex_vivo.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

using records::Measurement;

/// Roles that the body has a place for; muscle and thyroid are parts of other tissue whose share
/// nobody states.
bool has_place(const std::vector<std::string>& roles) {
  static const std::set<std::string> known{"blood",  "lung",    "liver",      "spleen",
                                           "marrow", "bone",    "lymph-node", "gut",
                                           "kidney", "bladder", "rest",       "tumour"};
  return !roles.empty() &&
         std::all_of(roles.begin(), roles.end(), [](const auto& r) { return known.contains(r); });
}

/// Each region of a whole tumour is a site of its own.
std::map<std::string, std::string> tumours_of(const std::vector<Measurement>& measurements) {
  std::map<std::string, std::string> site;
  for (const auto& m : measurements) {
    if (m.roles != std::vector<std::string>{"tumour"} || site.contains(m.region)) continue;
    const std::size_t n = site.size() + 1;
    site[m.region] = n == 1 ? "tumour" : fmt::format("tumour-{}", n);
  }
  return site;
}

/// Which signal a measurement shows; nothing where none that is counted.
bool signal_of(const CountRequest& request, const Measurement& m, Observation& o) {
  if (m.tracer == "label" && request.half_life_s > 0) {
    o.signal = Signal::label;
    return m.hours >= 0;
  }
  for (std::size_t i = 0; i < request.tracers.size(); ++i) {
    if (request.tracers[i].id != m.tracer) continue;
    o.signal = Signal::tracer;
    o.tracer = i;
    return true;
  }
  return false;
}

/// Where the stated fractions of one compartment sum to more than 1, regions share it by volume.
void share_compartments(Observed& all) {
  constexpr double kSlack = 1.02, kShareLnSd = 0.7;
  struct Region {
    double fraction = 0, volume_ml = 0;
  };
  std::map<std::vector<std::string>, std::map<std::string, Region>> of;  // by roles
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (all.rows[i].kind.whole_body) continue;
    of[all.rows[i].kind.roles][all.rows[i].region] = {all.rows[i].kind.fraction,
                                                      all.measured[i]->volume_ml};
  }
  for (const auto& [roles, regions] : of) {
    double fractions = 0, weights = 0;
    for (const auto& [name, r] : regions)
      fractions += r.fraction, weights += r.fraction * r.volume_ml;
    if (regions.size() < 2 || fractions <= kSlack || !(weights > 0)) continue;
    for (auto& row : all.rows) {
      if (row.kind.whole_body || row.kind.roles != roles) continue;
      const Region& r = regions.at(row.region);
      row.kind.fraction = r.fraction * r.volume_ml / weights;
      all.fraction_ln_sd[row.region] = kShareLnSd;
    }
  }
}

}  // namespace

bool names_whole_body(const std::string& region) {
  return region == "whole_body" || region == "body" || region == "total";
}

std::string joined(const std::set<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

Observed observe(const CountRequest& request, std::vector<std::string>& warnings) {
  Observed all;
  std::set<std::string> roleless, empty, negative;
  const auto tumours = tumours_of(*request.measurements);
  all.tumours = static_cast<int>(tumours.size());
  const bool infused = !request.study->infusions.empty();
  for (const auto& m : *request.measurements) {
    Observation o;
    if (!signal_of(request, m, o)) continue;
    const bool whole = names_whole_body(m.region), tracer = o.signal == Signal::tracer;
    // what a tracer shows of the whole subject is nearly all tissue without such cells
    if (tracer && (whole || m.region == "field_of_view")) continue;
    if (tracer && m.roles.empty()) roleless.insert(m.region);  // the closed form tells the label's
    if (!whole && (infused ? !has_place(m.roles) : m.roles.empty())) continue;
    if (m.activity_bq == 0 && m.noise_bq == 0) {
      empty.insert(fmt::format("{} (scan {})", m.region, m.scan));
      continue;
    }
    constexpr double kBeyondNoise = 4;  // standard deviations: 1 in 30,000 by chance
    if (m.noise_bq > 0 && m.activity_bq < -kBeyondNoise * m.noise_bq)
      negative.insert(fmt::format("{} (scan {})", m.region, m.scan));
    const double half_life_s =
        o.signal == Signal::label ? request.half_life_s : request.tracers[o.tracer].half_life_s;
    const double given_s = o.signal == Signal::label ? 0 : request.tracers[o.tracer].given_s;
    o.t_s = m.hours * units::kSecondsPerHour;
    const double decay = nuclide::decay_factor(o.t_s - given_s, half_life_s);
    o.scan = m.scan;
    o.region = m.region;
    const auto tumour = tumours.find(m.region);
    o.kind = {whole, tumour == tumours.end() ? m.roles : std::vector<std::string>{tumour->second},
              m.role_fraction};
    o.value = m.activity_bq / decay;
    o.noise_sd = m.noise_bq / decay;
    o.recovery_relative_sd = m.recovery_relative_sd;
    o.calibration_relative_sd = m.calibration_relative_sd;
    all.rows.push_back(o);
    all.measured.push_back(&m);
  }
  if (!roleless.empty())
    warnings.push_back(fmt::format(
        "no cells are counted by a tracer in regions without a role: {}; give each a role in "
        "[regions] (a lesion is \"tumour\")",
        joined(roleless)));
  if (!empty.empty())
    warnings.push_back(fmt::format(
        "exactly 0 Bq without noise, so taken as not measured (outside the field of view?): no "
        "cells are counted in {}",
        joined(empty)));
  if (!negative.empty())
    warnings.push_back(fmt::format(
        "activity below zero beyond its noise in {}: a correction took off too much there; its "
        "cells rest on the other scans and on priors",
        joined(negative)));
  share_compartments(all);
  return all;
}

void add_ex_vivo(const records::Study& study, double injected_bq, Observed& all,
                 std::vector<std::string>& warnings) {
  std::map<std::string, RegionKind> kinds;
  for (const auto& o : all.rows) kinds[o.region] = o.kind;
  int scan = 0;
  const auto add = [&](const char* assay, Signal signal, double scale,
                       std::vector<ExVivoPoint> (*read)(const std::filesystem::path&)) {
    const auto file = study.assays.find(assay);
    if (file == study.assays.end()) return;
    --scan;  // an assay is no scan: it shares nobody's calibration
    for (const auto& point : read(file->second)) {
      RegionKind kind{names_whole_body(point.region), {point.region}, 1};
      if (const auto at = kinds.find(point.region); at != kinds.end()) kind = at->second;
      if (!kind.whole_body && !has_place(kind.roles)) {
        warnings.push_back(fmt::format("{}: \"{}\" is no region or organ of the model: left out",
                                       assay, point.region));
        continue;
      }
      Observation o;
      o.signal = signal;
      o.scan = scan;
      o.region = "ex vivo " + point.region;
      o.kind = kind;
      o.t_s = point.hours * units::kSecondsPerHour;
      o.value = point.value * scale, o.noise_sd = point.sd * scale;
      o.calibration_relative_sd = 0;
      all.rows.push_back(o);
      all.measured.push_back(nullptr);
    }
  };
  if (injected_bq > 0) add("biodistribution", Signal::label, injected_bq, read_biodistribution);
  add("counts", Signal::cells, 1, read_counts);
}

}  // namespace sojourn::fate
