#include "sojourn/subject/mouse.h"

#include <cmath>

namespace sojourn::subject {
namespace {

// The trunk: an ellipsoid along the body. Everything near the surface is placed by it.
constexpr double kTrunkX = 11.2, kTrunkY = 10.5, kTrunkZ = 36, kTrunkCenterZ = -4;

/// How much narrower the trunk is at z than at its middle.
double taper(double z) {
  const double t = (z - kTrunkCenterZ) / kTrunkZ;
  return std::sqrt(std::max(1 - t * t, 0.0));
}

using Parts = std::vector<Part>;

void add(Parts& parts, Organ organ, const Solid& solid) { parts.push_back({organ, solid}); }

/// The same on both sides: x is mirrored.
void add_pair(Parts& parts, Organ organ, Solid solid) {
  add(parts, organ, solid);
  solid.center_mm[0] = -solid.center_mm[0];
  solid.from_mm[0] = -solid.from_mm[0];
  solid.to_mm[0] = -solid.to_mm[0];
  add(parts, organ, solid);
}

void add_body(Parts& parts) {
  const Organ rest = Organ::body_rest;
  add(parts, rest, ellipsoid({0, 0, kTrunkCenterZ}, {kTrunkX, kTrunkY, kTrunkZ}));
  add(parts, rest, ellipsoid({0, 0.2, 36}, {6.9, 6.9, 13}));              // head and neck
  add(parts, rest, ellipsoid({10.9, -1.5, -12}, {3.7, 3.7, 3.7}));        // skin over the tumour
  add(parts, rest, tapered({0, 1.5, -38}, {0, 0.5, -47}, 1.7, 1.1));      // root of the tail
  add_pair(parts, rest, tapered({4.2, 1, -31}, {8.5, -1, -20}, 3.2, 3));  // thigh
  add_pair(parts, rest, tapered({8.5, -1, -20}, {8, -6.5, -33}, 2, 1.2));
  add_pair(parts, rest, tapered({5.5, -2.5, 24.5}, {7.5, -8, 21}, 2.2, 1.6));
  add_pair(parts, rest, tapered({7.5, -8, 21}, {6.5, -8.5, 31}, 1.5, 0.9));
}

void add_organs(Parts& parts) {
  add_pair(parts, Organ::lungs, ellipsoid({3.0, 0.9, 17}, {2.75, 4.1, 5.2}));
  add(parts, Organ::heart_blood, ellipsoid({0.5, -2.0, 16.4}, {3.1, 3.0, 4.9}));
  add(parts, Organ::liver, ellipsoid({-0.5, -1.5, 5.2}, {8.2, 6.35, 5.1}));
  add(parts, Organ::stomach, ellipsoid({4.6, -1.5, -4.6}, {3.6, 3.6, 4.6}));
  add(parts, Organ::spleen, ellipsoid({8.4, 3.0, -5}, {1.3, 1.75, 7.5}));
  add(parts, Organ::kidneys, ellipsoid({4.6, 4.2, -9}, {2.6, 2.6, 6.0}));
  add(parts, Organ::kidneys, ellipsoid({-4.6, 4.2, -6}, {2.6, 2.6, 6.0}));
  add(parts, Organ::gut, ellipsoid({0, -2.2, -17}, {7.8, 5.6, 9.0}));
  add(parts, Organ::bladder, ellipsoid({0, -2.6, -29.6}, {3.3, 3.3, 3.3}));
  // Nodes of 1.8 to 2.2 mm and a tumour of 6 mm.
  add(parts, Organ::lymph_node_inguinal_left, ellipsoid({7.2, -4, -24}, {1, 1, 1}));
  add(parts, Organ::lymph_node_inguinal_right, ellipsoid({-7.2, -4, -24}, {1, 1, 1}));
  add(parts, Organ::lymph_node_axillary_left, ellipsoid({6.4, -3.6, 19}, {0.9, 0.9, 0.9}));
  add(parts, Organ::lymph_node_axillary_right, ellipsoid({-6.4, -3.6, 19}, {0.9, 0.9, 0.9}));
  add(parts, Organ::lymph_node_mesenteric, ellipsoid({0, 3.5, -15}, {1.1, 1.1, 1.1}));
  add(parts, Organ::tumour, ellipsoid({10.9, -1.5, -12}, {3, 3, 3}));
}

void add_spine_and_ribs(Parts& parts) {
  constexpr double kPitch = 2.4, kDepth = 3.2;  // mm between vertebrae; below the back's surface
  for (int i = 0; i < 27; ++i) {
    const double z = -36 + kPitch * i;
    const double y = kTrunkY * taper(z) - kDepth;
    add(parts, Organ::bone, cylinder_z({0, y, z}, {1.65, 1.65, 1.0}));
    add(parts, Organ::marrow, cylinder_z({0, y, z}, {0.9, 0.9, 0.7}));
  }
  for (int i = 0; i < 8; ++i) {  // rib cage: hoops under the skin and muscle of the chest
    const double z = 9.6 + 2.0 * i, in = 1.7;
    add(parts, Organ::bone,
        hoop_z({0, 0, z}, {kTrunkX * taper(z) - in, kTrunkY * taper(z) - in, 0.4}, 0.75));
  }
}

void add_limbs(Parts& parts) {
  const Organ bone = Organ::bone, marrow = Organ::marrow;
  add_pair(parts, bone, capsule({1.2, 3.6, -25}, {3.6, 1.5, -33}, 0.9));  // pelvis
  add_pair(parts, marrow, capsule({1.4, 3.4, -25.6}, {3.4, 1.7, -32.4}, 0.5));
  add_pair(parts, bone, capsule({4.2, 1, -31}, {8.5, -1, -20}, 1.0));  // femur
  add_pair(parts, marrow, capsule({4.6, 0.8, -30}, {8.1, -0.8, -21}, 0.6));
  add_pair(parts, bone, capsule({8.5, -1, -20}, {8, -6.5, -33}, 0.65));  // tibia
  add_pair(parts, marrow, capsule({8.4, -1.9, -22}, {8.1, -5, -29.5}, 0.35));
  add_pair(parts, bone, capsule({5.5, -2.5, 24.5}, {7.5, -8, 21}, 0.75));  // humerus
  add_pair(parts, marrow, capsule({5.8, -3.3, 24}, {7.2, -7.2, 21.5}, 0.4));
  add_pair(parts, bone, capsule({7.5, -8, 21}, {6.5, -8.5, 31}, 0.5));  // forearm
  add_pair(parts, bone, ellipsoid({3.4, 4.2, 23.5}, {1.6, 0.45, 3}));   // shoulder blade
  add(parts, bone, capsule({0, 1.3, -38.5}, {0, 0.7, -46}, 0.65));      // tail
}

void add_head(Parts& parts) {
  const image::Vec3 center{0, 1.6, 36.5};
  add(parts, Organ::bone, ellipsoid(center, {4.75, 3.85, 6.0}));  // skull, 0.45 mm thick
  add(parts, Organ::brain, ellipsoid(center, {4.3, 3.4, 5.55}));
  add(parts, Organ::bone, tapered({0, 0.3, 42.6}, {0, -0.6, 46.5}, 1.4, 0.8));  // snout
  add_pair(parts, Organ::bone, capsule({2.6, -3, 35}, {0.9, -2.6, 43}, 0.6));   // jaw
}

}  // namespace

const std::vector<Part>& mouse() {
  static const Parts all = [] {
    Parts parts;
    add_body(parts);
    add_organs(parts);
    add_spine_and_ribs(parts);
    add_limbs(parts);
    add_head(parts);
    return parts;
  }();
  return all;
}

std::array<image::Vec3, 2> mouse_box_mm() { return {{{-18, -14, -52}, {18, 14, 53}}}; }

}  // namespace sojourn::subject
