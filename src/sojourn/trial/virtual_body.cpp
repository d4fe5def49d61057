#include "sojourn/trial/virtual_body.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sojourn/core/error.h"
#include "sojourn/study/region_roles.h"

namespace sojourn::trial {
namespace {

using image::Vec3;

// Part of the body's mass that one tumour has, and its most: assumptions.
constexpr double kTumourPart = 0.006, kTumourMost_g = 20, kTumourDensity = 1.04;

std::string subject_id(const records::Subject& s) {
  if (s.species == "human") return s.sex.value_or("M") == "F" ? "adult-female" : "adult-male";
  return s.species;
}

bool shows_tumour(const std::string& name, const std::vector<std::string>& roles) {
  const auto all = roles.empty() ? study::implied_roles(name).value_or(roles) : roles;
  return all == std::vector<std::string>{"tumour"};
}

std::vector<std::string> tumour_names(const records::Study& study) {
  std::vector<std::string> names;
  for (const auto& r : study.regions)
    if (shows_tumour(r.name, r.roles)) names.push_back(r.name);
  for (const auto& s : study.segments)
    if (shows_tumour(s.name, s.roles)) names.push_back(s.name);
  if (names.empty() && study.infusions.front().route == "intratumoral") names.push_back("tumour");
  return names;
}

/// A place at the surface: the ball's middle in the rest of the body, no organ inside the ball, as
/// far left as such places go, far from the balls before it.
Vec3 flank(const subject::Subject& s, const subject::Voxels& voxels, double radius_mm,
           const std::vector<subject::Tumour>& others) {
  const auto labels = voxels.labels();
  const auto& grid = labels.geometry();
  const int rest = static_cast<int>(s.index_of("rest")) + 1;
  const int skin = static_cast<int>(s.index_of("skin")) + 1;
  std::optional<Vec3> best;
  const int reach = static_cast<int>(std::ceil(radius_mm / grid.spacing_mm[0]));
  const auto clear = [&](int i, int j, int k) {
    for (int w = -reach; w <= reach; ++w)
      for (int v = -reach; v <= reach; ++v)
        for (int u = -reach; u <= reach; ++u) {
          if (!grid.contains(i + u, j + v, k + w) || u * u + v * v + w * w > reach * reach)
            continue;
          const int here = labels.at(i + u, j + v, k + w);
          if (here != 0 && here != rest && here != skin) return false;
        }
    return true;
  };
  for (int k = grid.size[2] / 3; k < grid.size[2] * 2 / 3; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        if (labels.at(i, j, k) != rest) continue;
        const Vec3 mm = grid.to_mm({double(i), double(j), double(k)});
        if (best && mm[0] <= (*best)[0]) continue;
        const bool near = std::any_of(others.begin(), others.end(), [&](const auto& t) {
          return std::hypot(mm[0] - t.center_mm[0], mm[1] - t.center_mm[1],
                            mm[2] - t.center_mm[2]) < 3 * radius_mm;
        });
        if (!near && clear(i, j, k)) best = mm;
      }
  if (!best) refuse("no place for a tumour of {:.3g} mm radius; name fewer tumours", radius_mm);
  return *best;
}

subject::Subject with_study_tumours(const subject::Subject& s, std::size_t n) {
  if (n == 0) return s;
  const double mass_g = std::min(kTumourPart * s.body_mass_g, kTumourMost_g);
  const double radius_mm = std::cbrt(3 / (4 * M_PI) * mass_g / kTumourDensity * 1000);
  const double step = radius_mm / 4;
  const auto voxels = subject::voxelise(s, {{step, step, step}, 0, 1});
  std::vector<subject::Tumour> tumours;
  for (std::size_t i = 0; i < n; ++i) {
    const auto id = i == 0 ? std::string("tumour") : fmt::format("tumour-{}", i + 1);
    tumours.push_back({id,
                       flank(s, voxels, radius_mm, tumours),
                       {radius_mm, radius_mm, radius_mm},
                       kTumourDensity});
  }
  return subject::with_tumours(s, tumours);
}

/// Part of an organ without solids that another organ holds.
double share_in(const subject::Subject& s, std::string_view spread, std::size_t organ) {
  for (const auto& share : s.organs[s.index_of(spread)].spread)
    if (share.organ == organ) return share.share;
  return 0;
}

}  // namespace

VirtualBody virtual_body(const records::Study& study) {
  VirtualBody body;
  auto s = subject::load_subject(subject_id(study.subject));
  if (study.subject.body_mass_g) s = subject::scaled(s, *study.subject.body_mass_g);
  const auto tumours = tumour_names(study);
  body.tumours = static_cast<int>(tumours.size());
  body.subject = with_study_tumours(s, tumours.size());
  std::vector<bool> taken(body.subject.organs.size(), false);
  const auto add = [&](const std::string& name, std::vector<std::string> roles, double fraction,
                       const std::vector<std::string>& organs) {
    VirtualRegion region{name, std::move(roles), fraction, {}};
    for (const auto& organ : organs)
      if (const auto at = body.subject.find(organ)) region.organs.push_back(*at), taken[*at] = true;
    if (!region.organs.empty()) body.regions.push_back(std::move(region));
  };
  add("liver", {"liver"}, 1, {"liver"});
  add("spleen", {"spleen"}, 1, {"spleen"});
  add("lungs", {"lung"}, 1, {"lung"});
  add("heart_blood", {"blood"},
      share_in(body.subject, "blood", body.subject.index_of("heart-contents")), {"heart-contents"});
  add("kidneys", {"kidney"}, 1, {"kidney"});
  add("bladder", {"bladder"}, 1, {"bladder"});
  add("intestine", {"gut"}, 1, {"small-intestine", "colon"});
  add("skeleton", {"bone", "marrow"}, 1, {"bone"});
  add("lymph_nodes", {"lymph-node"}, 1, {"lymph-node"});
  for (std::size_t i = 0; i < tumours.size(); ++i)
    add(tumours[i], {"tumour"}, 1, {i == 0 ? "tumour" : fmt::format("tumour-{}", i + 1)});
  VirtualRegion rest{"body_rest", {"rest"}, 1, {}};
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (!taken[i] && body.subject.organs[i].spread.empty()) rest.organs.push_back(i);
  body.regions.push_back(rest);
  return body;
}

std::vector<VirtualHolding> organ_holdings(
    const subject::Subject& subject, const std::map<std::string, VirtualHolding>& compartments) {
  std::vector<VirtualHolding> all(subject.organs.size());
  for (const auto& [id, holding] : compartments) {
    const auto organ = subject.find(id).value_or(subject.index_of("rest"));
    const auto& spread = subject.organs[organ].spread;
    if (spread.empty()) all[organ].add(holding);
    for (const auto& share : spread) all[share.organ].add(holding, share.share);
  }
  return all;
}

}  // namespace sojourn::trial
