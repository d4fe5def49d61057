#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/subject/subject.h"

namespace sojourn::subject {
namespace {

using core::TableReader;
using image::Vec3;

const std::vector<std::string>& kinds() {
  static const std::vector<std::string> all{"ellipsoid",  "box",   "column",
                                            "round-cone", "torus", "half-space"};
  return all;
}

constexpr double kMmPerCm = 10;
constexpr double kLongest_mm = 1e4;

/// "key_mm" or "key_cm", in mm; empty where neither stands.
std::vector<double> lengths(TableReader& in, const std::string& key) {
  const bool mm = in.has(key + "_mm"), cm = in.has(key + "_cm");
  if (mm && cm) in.fail(key + "_mm", "stands beside " + key + "_cm; keep one");
  auto values = in.numbers(key + (cm ? "_cm" : "_mm"));
  for (double& value : values) {
    if (cm) value *= kMmPerCm;
    if (!(std::abs(value) <= kLongest_mm)) in.fail(key + (cm ? "_cm" : "_mm"), "is over 10 m");
  }
  return values;
}

std::vector<double> lengths(TableReader& in, const std::string& key, std::size_t wanted) {
  auto values = lengths(in, key);
  if (values.size() != wanted)
    in.fail(key + "_mm",
            fmt::format("needs {} numbers (or {}_cm), not {}", wanted, key, values.size()));
  return values;
}

Vec3 point(TableReader& in, const std::string& key) {
  const auto v = lengths(in, key, 3);
  return {v[0], v[1], v[2]};
}

double positive(TableReader& in, const std::string& key, double value) {
  if (!(value > 0)) in.fail(key, fmt::format("{} is not over 0", value));
  return value;
}

int axis_of(TableReader& in) {
  static const std::vector<std::string> names{"x", "y", "z"};
  const auto name = in.need(in.choice("axis", names), "axis");
  return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// The rows of an orthonormal matrix: the body's own axes.
std::array<Vec3, 3> axes_of(TableReader& in) {
  std::array<Vec3, 3> axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  const auto values = in.numbers("axes");
  if (values.empty()) return axes;
  if (values.size() != 9) in.fail("axes", "needs nine numbers, three rows of unit vectors");
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c) axes[r][c] = values[3 * r + c];
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      const double want = r == c ? 1 : 0;
      // Reports print four figures.
      if (!(std::abs(image::dot(axes[r], axes[c]) - want) < 2e-3))
        in.fail("axes", "rows are not unit vectors at right angles");
    }
  }
  return axes;
}

Primitive read_column(TableReader& in) {
  const int axis = axis_of(in);
  const Vec3 from = point(in, "from"), to = point(in, "to");
  const auto semi = lengths(in, "semi", 2);
  const double factor = in.number("end_factor").value_or(1);
  if (!(to[static_cast<std::size_t>(axis)] > from[static_cast<std::size_t>(axis)]))
    in.fail("to_mm", "does not lie above from_mm along the axis");
  if (!(factor >= 0 && factor < 1e3)) in.fail("end_factor", "is not between 0 and 1000");
  return make_column(axis, from, to,
                     {positive(in, "semi_mm", semi[0]), positive(in, "semi_mm", semi[1])}, factor);
}

Primitive read_primitive(TableReader& in) {
  const auto kind = in.need(in.choice("shape", kinds()), "shape");
  if (kind == "ellipsoid") {
    const Vec3 center = point(in, "center"), semi = point(in, "semi");
    for (const double s : semi) positive(in, "semi_mm", s);
    return make_ellipsoid(center, semi, axes_of(in));
  }
  if (kind == "box") {
    const Vec3 center = point(in, "center"), half = point(in, "half");
    for (const double s : half) positive(in, "half_mm", s);
    return make_box(center, half);
  }
  if (kind == "column") return read_column(in);
  if (kind == "round-cone") {
    const Vec3 from = point(in, "from"), to = point(in, "to");
    auto radius = lengths(in, "radius");
    if (radius.size() == 1) radius.push_back(radius[0]);
    if (radius.size() != 2) in.fail("radius_mm", "needs one number or two (at from and to)");
    return make_round_cone(from, to, positive(in, "radius_mm", radius[0]),
                           positive(in, "radius_mm", radius[1]));
  }
  if (kind == "torus") {
    Torus t;
    t.axis = axis_of(in);
    t.center_mm = point(in, "center");
    t.ring_mm = positive(in, "ring_mm", lengths(in, "ring", 1)[0]);
    const auto semi = lengths(in, "semi", 2);
    t.radial_mm = positive(in, "semi_mm", semi[0]);
    t.axial_mm = positive(in, "semi_mm", semi[1]);
    return make_torus(t);
  }
  const auto normal = in.numbers("normal");
  if (normal.size() != 3) in.fail("normal", "needs three numbers");
  const Vec3 n{normal[0], normal[1], normal[2]};
  if (!(image::norm(n) > 0)) in.fail("normal", "is no direction");
  return make_half_space(n, lengths(in, "offset", 1)[0]);
}

std::vector<Primitive> read_cuts(TableReader& in, const std::string& key) {
  std::vector<Primitive> all;
  for (TableReader& one : in.tables(key)) {
    all.push_back(read_primitive(one));
    one.finish();
  }
  return all;
}

void read_solids(TableReader& in, BodyOrgan& organ) {
  for (TableReader& one : in.tables("solids")) {
    Shape shape{read_primitive(one), read_cuts(one, "within"), read_cuts(one, "without")};
    if (one.text("shape") == "half-space") one.fail("shape", "a half-space can only cut");
    if (one.boolean("mirror").value_or(false)) organ.shapes.push_back(mirrored(shape));
    one.finish();
    organ.shapes.push_back(std::move(shape));
  }
}

BodyOrgan read_organ(TableReader& in, std::map<std::string, double>& spread) {
  BodyOrgan organ;
  organ.id = in.need(in.text("id"), "id");
  organ.tissue = in.need(in.text("tissue"), "tissue");
  organ.density_g_per_ml =
      positive(in, "density_g_per_ml", in.need(in.number("density_g_per_ml"), "density_g_per_ml"));
  organ.reference_mass_g = in.number("reference_mass_g");
  organ.blood_flow_ml_per_min = in.number("blood_flow_ml_per_min");
  organ.layer = static_cast<int>(std::clamp<std::int64_t>(in.integer("layer").value_or(0), 0, 100));
  (void)in.text("note");
  read_solids(in, organ);
  if (auto shares = in.table("spread")) {
    if (!organ.shapes.empty()) in.fail("spread", "stands beside solids; keep one");
    for (const auto& [name, value] : shares->members()) {
      const auto share = shares->number(name);
      if (!share || !(*share > 0)) shares->fail(name, "is not over 0");
      spread[name] = *share;
    }
  }
  if (organ.shapes.empty() && spread.empty())
    in.fail("solids", "an organ needs solids, or spread over other organs");
  in.finish();
  return organ;
}

void resolve(Subject& subject, std::size_t organ, const std::map<std::string, double>& spread,
             const std::string& source) {
  double sum = 0;
  for (const auto& [name, share] : spread) {
    const std::size_t host = subject.index_of(name);
    if (subject.organs[host].shapes.empty())
      refuse("{}: organ {}: spread over {}, which has no solids", source, subject.organs[organ].id,
             name);
    subject.organs[organ].spread.push_back({host, share});
    sum += share;
  }
  for (Share& share : subject.organs[organ].spread) share.share /= sum;
}

std::filesystem::path folder() { return core::data_dir() / "subject" / "phantoms_2026"; }

}  // namespace

Subject parse_subject(std::string_view toml, const std::string& source) {
  const core::Tree tree = core::parse_toml(toml, source);
  TableReader in(tree, source);
  Subject subject;
  subject.id = in.need(in.text("id"), "id");
  subject.name = in.need(in.text("name"), "name");
  subject.species = in.need(in.text("species"), "species");
  subject.sex = in.need(in.text("sex"), "sex");
  subject.body_mass_g =
      positive(in, "body_mass_g", in.need(in.number("body_mass_g"), "body_mass_g"));
  subject.note = in.text("note").value_or("");
  subject.citations = in.texts("cite");
  std::vector<std::map<std::string, double>> spreads;
  for (TableReader& one : in.tables("organ")) {
    spreads.emplace_back();
    BodyOrgan organ = read_organ(one, spreads.back());
    if (subject.find(organ.id)) one.fail("id", "\"" + organ.id + "\" stands twice");
    subject.organs.push_back(std::move(organ));
  }
  in.finish();
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    if (!spreads[i].empty()) resolve(subject, i, spreads[i], source);
  }
  return subject;
}

std::vector<std::string> subject_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().extension() == ".toml") ids.push_back(entry.path().stem().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Subject load_subject(const std::string& id) {
  const auto ids = subject_ids();
  if (std::find(ids.begin(), ids.end(), id) == ids.end())
    refuse("\"{}\" is no subject{}; `sojourn subject list` names them", id,
           core::suggestion(id, ids));
  const auto file = folder() / (id + ".toml");
  return parse_subject(core::read_file(file), file.filename().string());
}

}  // namespace sojourn::subject
