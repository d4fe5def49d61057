#include "sojourn/region/segment.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/nearest.h"
#include "sojourn/image/shapes.h"
#include "sojourn/region/body.h"

namespace sojourn::region {
namespace {

using image::RegionMask;
using image::Volume;

/// "[segment] rule "tumour" (line 12)" for messages.
std::string shown(const records::SegmentRule& rule) {
  return rule.line > 0 ? fmt::format("[segment] rule \"{}\" (line {})", rule.name, rule.line)
                       : fmt::format("[segment] rule \"{}\"", rule.name);
}

const RegionMask* find_within(const records::SegmentRule& rule, const SegmentInputs& inputs,
                              const std::vector<RegionMask>& made) {
  if (rule.within.empty()) return nullptr;
  std::vector<std::string> known;
  const auto search = [&](const std::vector<RegionMask>& regions) -> const RegionMask* {
    for (const auto& region : regions) {
      if (region.name == rule.within) return &region;
      known.push_back(region.name);
    }
    return nullptr;
  };
  if (const auto* found = search(made)) return found;
  if (inputs.regions != nullptr) {
    if (const auto* found = search(*inputs.regions)) return found;
  }
  refuse(
      "{}: within = \"{}\" is no region of this scan and no earlier rule{}; name one, or put its "
      "rule first",
      shown(rule), rule.within, core::suggestion(rule.within, known));
}

const Volume<float>& emission(const records::SegmentRule& rule, const SegmentInputs& inputs) {
  if (inputs.concentration_bq_per_ml == nullptr) {
    refuse("{}: needs the emission image, and there is none; give the scan an image", shown(rule));
  }
  return *inputs.concentration_bq_per_ml;
}

float fixed_threshold(const records::SegmentRule& rule, const SegmentInputs& inputs) {
  if (rule.above_bq_per_ml) return static_cast<float>(*rule.above_bq_per_ml);
  if (!rule.above_suv) {
    refuse("{}: a threshold needs above (Bq/mL) or above_suv, and has neither; add one",
           shown(rule));
  }
  if (!inputs.suv_per_bq_per_ml || !(*inputs.suv_per_bq_per_ml > 0)) {
    refuse(
        "{}: above_suv needs SUV (body mass or injected activity is unknown); state them, or give "
        "above in "
        "Bq/mL",
        shown(rule));
  }
  return static_cast<float>(*rule.above_suv / *inputs.suv_per_bq_per_ml);
}

/// Part of the maximum inside `within` (of the whole image without one), over voxels at least half
/// inside; where the region is thinner than that, over all that it touches.
float relative_threshold(const records::SegmentRule& rule, const Volume<float>& image,
                         const Volume<float>* within) {
  if (!rule.fraction_of_max || !(*rule.fraction_of_max > 0) || *rule.fraction_of_max > 1) {
    refuse("{}: a relative rule needs fraction_of_max over 0 and up to 1; add it", shown(rule));
  }
  for (const float least : {0.5F, 0.0F}) {
    float maximum = 0;
    bool any = false;
    for (std::size_t n = 0; n < image.values().size(); ++n) {
      if (within != nullptr && !(within->values()[n] > 0 && within->values()[n] >= least)) continue;
      any = true;
      maximum = std::max(maximum, image.values()[n]);
    }
    if (any && maximum > 0) return static_cast<float>(*rule.fraction_of_max) * maximum;
  }
  return INFINITY;  // nothing above zero: an empty region
}

RegionMask shape_of(const records::SegmentRule& rule, const image::Geometry& grid) {
  if (rule.method == "sphere") {
    if (!rule.center_mm || !rule.radius_mm || !(*rule.radius_mm > 0)) {
      refuse("{}: a sphere needs center and a radius over 0 (LPS mm); add them", shown(rule));
    }
    return image::sphere_region(rule.name, *rule.center_mm, *rule.radius_mm, grid);
  }
  if (!rule.box_min_mm || !rule.box_max_mm) {
    refuse("{}: a box needs its two corners, min and max (LPS mm); add them", shown(rule));
  }
  for (std::size_t a = 0; a < 3; ++a) {
    if (!((*rule.box_max_mm)[a] > (*rule.box_min_mm)[a])) {
      refuse("{}: min {} mm is not below max {} mm along {}; correct the corners", shown(rule),
             (*rule.box_min_mm)[a], (*rule.box_max_mm)[a], std::string("xyz")[a]);
    }
  }
  return image::box_region(rule.name, *rule.box_min_mm, *rule.box_max_mm);
}

/// Makes regions rule by rule; the body of the CT is found once.
class Maker {
 public:
  explicit Maker(const SegmentInputs& inputs) : inputs_(inputs) {}

  RegionMask make(const records::SegmentRule& rule, const std::vector<RegionMask>& made) {
    const RegionMask* within = find_within(rule, inputs_, made);
    Volume<float> fraction;
    if (rule.method == "threshold" || rule.method == "relative") {
      fraction = by_threshold(rule, within);
    } else if (rule.method == "box" || rule.method == "sphere") {
      const auto& grid = emission(rule, inputs_).geometry();
      fraction = image::fraction_on(shape_of(rule, grid), grid);
    } else if (rule.method == "body" || rule.method == "lung" || rule.method == "bone") {
      fraction = by_ct(rule);
    } else {
      static const std::vector<std::string> known = {"threshold", "relative", "box", "sphere",
                                                     "body",      "lung",     "bone"};
      refuse("{}: method \"{}\" is unknown{}", shown(rule), rule.method,
             core::suggestion(rule.method, known));
    }
    if (within != nullptr) bound(fraction, *within);
    if (rule.largest) {
      Bits bits(fraction.values().size());
      std::transform(fraction.values().begin(), fraction.values().end(), bits.begin(),
                     [](float f) { return f > 0 ? std::uint8_t{1} : std::uint8_t{0}; });
      keep_largest(bits, fraction.geometry().size);
      for (std::size_t n = 0; n < bits.size(); ++n) {
        if (bits[n] == 0) fraction.values()[n] = 0;
      }
    }
    return image::make_region(rule.name, 0, fraction);
  }

 private:
  /// The part of both: the smaller fraction, which is right for a region that lies inside the
  /// other.
  static void bound(Volume<float>& fraction, const RegionMask& within) {
    const auto limit = image::fraction_on(within, fraction.geometry());
    for (std::size_t n = 0; n < limit.values().size(); ++n) {
      fraction.values()[n] = std::min(fraction.values()[n], limit.values()[n]);
    }
  }

  Volume<float> by_threshold(const records::SegmentRule& rule, const RegionMask* within) const {
    const auto& image = emission(rule, inputs_);
    float least = 0;
    if (rule.method == "threshold") {
      least = fixed_threshold(rule, inputs_);
    } else if (within != nullptr) {
      const auto limit = image::fraction_on(*within, image.geometry());
      least = relative_threshold(rule, image, &limit);
    } else {
      least = relative_threshold(rule, image, nullptr);
    }
    Volume<float> fraction(image.geometry());
    std::transform(image.values().begin(), image.values().end(), fraction.values().begin(),
                   [&](float v) { return v >= least ? 1.0F : 0.0F; });
    return fraction;
  }

  Volume<float> by_ct(const records::SegmentRule& rule) {
    if (inputs_.hounsfield == nullptr) {
      refuse(
          "{}: {} needs a CT, and this scan has none; add anatomy to the scan, or draw the region",
          shown(rule), rule.method);
    }
    const auto& ct = *inputs_.hounsfield;
    if (!body_) body_ = body_from_ct(ct);
    auto fraction = image::fraction_on(*body_, ct.geometry());
    if (rule.method == "body") return fraction;
    const bool lung = rule.method == "lung";
    for (std::size_t n = 0; n < fraction.values().size(); ++n) {
      const float hu = ct.values()[n];
      const bool in = lung ? hu >= kLungAboveHu && hu <= kLungBelowHu : hu > kBoneAboveHu;
      if (!in) fraction.values()[n] = 0;
    }
    return fraction;
  }

  const SegmentInputs& inputs_;
  std::optional<RegionMask> body_;
};

}  // namespace

std::vector<image::RegionMask> make_segments(const std::vector<records::SegmentRule>& rules,
                                             const SegmentInputs& inputs) {
  std::vector<image::RegionMask> made;
  Maker maker(inputs);
  made.reserve(rules.size());
  for (const auto& rule : rules) made.push_back(maker.make(rule, made));
  return made;
}

}  // namespace sojourn::region
