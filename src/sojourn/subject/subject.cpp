#include "sojourn/subject/subject.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"

namespace sojourn::subject {
namespace {

using image::Vec3;
using image::operator+;
using image::operator*;

std::array<Vec3, 2> bounds_of(const BodyOrgan& organ) {
  constexpr double kFar = std::numeric_limits<double>::infinity();
  std::array<Vec3, 2> box{{{kFar, kFar, kFar}, {-kFar, -kFar, -kFar}}};
  for (const Shape& shape : organ.shapes) {
    const auto one = bounds(shape);
    for (std::size_t a = 0; a < 3; ++a) {
      box[0][a] = std::min(box[0][a], one[0][a]);
      box[1][a] = std::max(box[1][a], one[1][a]);
    }
  }
  return box;
}

}  // namespace

std::optional<std::size_t> Subject::find(std::string_view organ) const {
  for (std::size_t i = 0; i < organs.size(); ++i)
    if (organs[i].id == organ) return i;
  return std::nullopt;
}

std::size_t Subject::index_of(std::string_view organ) const {
  if (const auto found = find(organ)) return *found;
  std::vector<std::string> names;
  for (const auto& o : organs) names.push_back(o.id);
  refuse("subject {}: \"{}\" is none of its organs{}", id, organ,
         core::suggestion(std::string(organ), names));
}

Subject scaled(const Subject& subject, double body_mass_g) {
  if (!(body_mass_g > 0 && std::isfinite(body_mass_g)))
    refuse("subject {}: a body mass of {} g is not over 0", subject.id, body_mass_g);
  Subject result = subject;
  const double ratio = body_mass_g / subject.body_mass_g, length = std::cbrt(ratio);
  result.body_mass_g = body_mass_g;
  for (BodyOrgan& organ : result.organs) {
    for (Shape& shape : organ.shapes) shape = rescaled(shape, {0, 0, 0}, length, {0, 0, 0});
    if (organ.reference_mass_g) *organ.reference_mass_g *= ratio;
    if (organ.blood_flow_ml_per_min) *organ.blood_flow_ml_per_min *= std::pow(ratio, 0.75);
  }
  return result;
}

Subject resized(const Subject& subject, std::string_view organ, double factor) {
  if (!(factor > 0 && std::isfinite(factor)))
    refuse("subject {}: {}: a factor of {} is not over 0", subject.id, organ, factor);
  Subject result = subject;
  BodyOrgan& one = result.organs[subject.index_of(organ)];
  if (one.shapes.empty())
    refuse("subject {}: {} has no solids of its own; resize the organs it lies in", subject.id,
           organ);
  for (Shape& shape : one.shapes) {
    const auto box = bounds(shape);
    shape = rescaled(shape, 0.5 * (box[0] + box[1]), std::cbrt(factor), {0, 0, 0});
  }
  if (one.reference_mass_g) *one.reference_mass_g *= factor;
  return result;
}

Subject with_tumours(const Subject& subject, const std::vector<Tumour>& tumours) {
  Subject result = subject;
  int top = 0;
  for (const BodyOrgan& organ : subject.organs) top = std::max(top, organ.layer);
  for (const Tumour& tumour : tumours) {
    if (result.find(tumour.id))
      refuse("subject {}: it has an organ \"{}\" already; name the tumour otherwise", subject.id,
             tumour.id);
    for (const double semi : tumour.semi_mm)
      if (!(semi > 0 && std::isfinite(semi)))
        refuse("tumour {}: a half length of {} mm is not over 0", tumour.id, semi);
    BodyOrgan organ;
    organ.id = tumour.id;
    organ.tissue = "soft-tissue";
    organ.density_g_per_ml = tumour.density_g_per_ml;
    organ.layer = top + 1;
    organ.shapes.push_back(
        {make_ellipsoid(tumour.center_mm, tumour.semi_mm, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}),
         {},
         {}});
    result.organs.push_back(std::move(organ));
  }
  return result;
}

std::array<Vec3, 2> bounds(const Subject& subject) {
  std::optional<std::array<Vec3, 2>> box;
  for (const BodyOrgan& organ : subject.organs) {
    if (organ.shapes.empty()) continue;
    const auto one = bounds_of(organ);
    if (!box) box = one;
    for (std::size_t a = 0; a < 3; ++a) {
      (*box)[0][a] = std::min((*box)[0][a], one[0][a]);
      (*box)[1][a] = std::max((*box)[1][a], one[1][a]);
    }
  }
  if (!box) refuse("subject {}: none of its organs has a solid", subject.id);
  return *box;
}

}  // namespace sojourn::subject
