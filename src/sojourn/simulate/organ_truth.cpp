#include "sojourn/simulate/organ_truth.h"

#include <span>
#include <utility>

namespace sojourn::simulate {
namespace {

using subject::index_of;
using subject::Organ;

using Share = std::pair<Organ, double>;

// Where the blood is. Assumption: shares near the product of organ mass and vascular fraction in
// Brown et al. 1997 (table 30); the rest is in muscle, skin and large vessels.
constexpr Share kBloodIn[] = {{Organ::heart_blood, kHeartBlood},
                              {Organ::lungs, 0.08},
                              {Organ::liver, 0.16},
                              {Organ::spleen, 0.02},
                              {Organ::kidneys, 0.05},
                              {Organ::gut, 0.06},
                              {Organ::brain, 0.01},
                              {Organ::stomach, 0.01},
                              {Organ::marrow, 0.03},
                              {Organ::body_rest, 0.44}};
// Where the compartment "rest" is. Assumption: gut walls hold more leucocytes than their volume.
constexpr Share kRestIn[] = {
    {Organ::gut, 0.15}, {Organ::stomach, 0.02}, {Organ::brain, 0.01}, {Organ::body_rest, 0.82}};
constexpr Organ kNodes[] = {Organ::lymph_node_inguinal_left, Organ::lymph_node_inguinal_right,
                            Organ::lymph_node_axillary_left, Organ::lymph_node_axillary_right,
                            Organ::lymph_node_mesenteric};

Holding at(const TruthState& s, Site site) {
  const auto i = static_cast<std::size_t>(site);
  return {s.live_bq[i], s.debris_bq[i], 0, s.cells[i]};
}

Holding scaled(const Holding& all, double part) {
  return {all.live_bq * part, all.debris_bq * part, all.free_bq * part, all.cells * part};
}

}  // namespace

Holding& Holding::operator+=(const Holding& more) {
  live_bq += more.live_bq;
  debris_bq += more.debris_bq;
  free_bq += more.free_bq;
  cells += more.cells;
  return *this;
}

Holdings organ_holdings(const TruthState& state, const subject::PerOrgan& volume_ml) {
  Holdings in{};
  const auto put = [&](Organ organ, const Holding& what) { in[index_of(organ)] += what; };
  const auto spread = [&](std::span<const Share> shares, const Holding& what) {
    for (const auto& [organ, share] : shares) put(organ, scaled(what, share));
  };
  Holding blood = at(state, Site::blood), rest = at(state, Site::rest);
  blood.free_bq += state.free_bq;
  rest.free_bq += state.rest_bq;
  spread(kBloodIn, blood);
  spread(kRestIn, rest);
  put(Organ::lungs, at(state, Site::lung));
  put(Organ::liver, at(state, Site::liver));
  put(Organ::liver, {0, 0, state.liver_bq, 0});
  put(Organ::spleen, at(state, Site::spleen));
  put(Organ::marrow, at(state, Site::marrow));
  put(Organ::bone, {0, 0, state.bone_bq, 0});
  put(Organ::kidneys, {0, 0, state.kidney_bq, 0});
  put(Organ::bladder, {0, 0, state.bladder_bq, 0});
  put(Organ::tumour, at(state, Site::tumour));
  double nodes_ml = 0;
  for (const Organ node : kNodes) nodes_ml += volume_ml[index_of(node)];
  const Holding nodes = at(state, Site::lymph_nodes);
  for (const Organ node : kNodes) {
    put(node, scaled(nodes, kNodesImaged * volume_ml[index_of(node)] / nodes_ml));
  }
  put(Organ::body_rest, scaled(nodes, 1 - kNodesImaged));
  // One concentration in the whole skeleton: marrow lies in all bones, finer than these solids.
  Holding skeleton = in[index_of(Organ::bone)];
  skeleton += in[index_of(Organ::marrow)];
  const double bone_ml = volume_ml[index_of(Organ::bone)];
  const double part = bone_ml / (bone_ml + volume_ml[index_of(Organ::marrow)]);
  in[index_of(Organ::bone)] = scaled(skeleton, part);
  in[index_of(Organ::marrow)] = scaled(skeleton, 1 - part);
  return in;
}

}  // namespace sojourn::simulate
