#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sojourn/subject/shape.h"

namespace sojourn::subject {

/// A part of what an organ without solids holds, and the organ whose solids hold it.
struct Share {
  std::size_t organ = 0;  ///< index into Subject::organs
  double share = 0;       ///< the shares of one organ add up to 1
};

/// An organ, its tissue and its place. Two kinds: with solids of its own; or spread evenly inside
/// the solids of others (marrow in bone, blood in all organs, gut over its parts).
struct BodyOrgan {
  std::string id, tissue;  ///< tissue: a name of data/material
  double density_g_per_ml = 0;
  std::optional<double> reference_mass_g;  ///< what the cited source states
  std::optional<double> blood_flow_ml_per_min;
  int layer = 0;              ///< where solids overlap, the higher layer holds the point
  std::vector<Shape> shapes;  ///< union of these, LPS mm
  std::vector<Share> spread;  ///< only where there are no shapes
};

/// A virtual subject: organs as analytic solids in LPS mm (+x left, +y back, +z head).
struct Subject {
  std::string id, name, species, sex;
  double body_mass_g = 0;  ///< stated by the source
  std::string note;
  std::vector<std::string> citations;
  std::vector<BodyOrgan> organs;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view organ) const;
  /// @throws Error(bad_input) with the nearest name.
  [[nodiscard]] std::size_t index_of(std::string_view organ) const;
};

/// A ball of tumour, or an ellipsoid, that a study places.
struct Tumour {
  std::string id;
  image::Vec3 center_mm{0, 0, 0}, semi_mm{0, 0, 0};
  double density_g_per_ml = 1.04;
};

/// The subjects of data/subject/phantoms_2026.
[[nodiscard]] std::vector<std::string> subject_ids();
/// @throws Error(bad_input) for an unknown name, with the nearest.
[[nodiscard]] Subject load_subject(const std::string& id);
/// Reads one subject file. @throws Error(bad_input) "file:line: organ[3].solids[1].center: …".
[[nodiscard]] Subject parse_subject(std::string_view toml, const std::string& source);

/// Lengths times the cube root of the ratio of masses: all organs keep their part of the body.
/// Blood flows scale with mass^0.75 (West, Brown, Enquist, Science 1997;276:122).
[[nodiscard]] Subject scaled(const Subject& subject, double body_mass_g);
/// Each solid of one organ grown about the middle of its own box by the cube root of `factor`.
[[nodiscard]] Subject resized(const Subject& subject, std::string_view organ, double factor);
/// With tumours in a layer above all others. @throws Error(bad_input) if the name is taken.
[[nodiscard]] Subject with_tumours(const Subject& subject, const std::vector<Tumour>& tumours);

/// Corners of a box that holds all solids.
[[nodiscard]] std::array<image::Vec3, 2> bounds(const Subject& subject);

}  // namespace sojourn::subject
