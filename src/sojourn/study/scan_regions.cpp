#include "sojourn/study/scan_regions.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/io/image_import.h"
#include "sojourn/measure/measure.h"
#include "sojourn/region/segment.h"
#include "sojourn/study/region_roles.h"

namespace sojourn::study {
namespace {

bool needs_ct(const records::SegmentRule& rule) {
  return rule.method == "body" || rule.method == "lung" || rule.method == "bone";
}

/// The anatomy that the rules look at: named in the scan block, or a CT in the same folder and
/// frame of reference.
std::optional<records::ImageSeries> load_anatomy(const records::Study& study,
                                                 const records::ScanRequest& request,
                                                 const std::string& frame_of_reference,
                                                 std::vector<std::string>& warnings) {
  const bool wanted = std::any_of(study.segments.begin(), study.segments.end(), needs_ct);
  if (!request.anatomy && !(wanted && std::filesystem::is_directory(request.image)))
    return std::nullopt;
  const std::filesystem::path path = request.anatomy.value_or(request.image);
  const std::string shown = request.anatomy ? request.anatomy_as_written : request.image_as_written;
  try {
    auto series = io::import_image(path, {"CT", "", frame_of_reference});
    const std::string& other = series.facts.frame_of_reference;
    if (!other.empty() && !frame_of_reference.empty() && other != frame_of_reference) {
      refuse(
          "anatomy and image have different frames of reference (they were not acquired together, "
          "and "
          "nothing says how they lie to each other); name the CT of the same session");
    }
    for (const auto& warning : series.warnings) warnings.push_back(shown + ": " + warning);
    return series;
  } catch (Error& e) {
    throw e.within(request.anatomy ? "anatomy " + shown
                                   : "CT for [segment] rules, looked for in " + shown);
  }
}

/// Gives the regions of a file the study's names; values without one keep "label_N".
void name_regions(const records::Study& study, std::vector<image::RegionMask>& regions,
                  std::vector<std::string>& warnings) {
  for (const auto& named : study.regions) {
    if (!named.value) continue;
    const auto at = std::find_if(regions.begin(), regions.end(),
                                 [&](const auto& r) { return r.value == *named.value; });
    if (at != regions.end()) {
      at->name = named.name;
    } else {
      image::RegionMask empty;
      empty.name = named.name;
      empty.value = *named.value;
      regions.push_back(std::move(empty));
      warnings.push_back(
          fmt::format("region {} (label {}) does not occur in this scan's region file; it is "
                      "reported as empty",
                      named.name, *named.value));
    }
  }
}

/// Says which made regions are empty, and which shapes reach beyond what could hold them.
void warn_of_segments(const records::Study& study, const std::vector<image::RegionMask>& made,
                      std::vector<std::string>& warnings) {
  constexpr double kMissingWarned = 0.05;  // a sphere of few voxels is cut to a few percent
  for (const auto& rule : study.segments) {
    const auto region =
        std::find_if(made.begin(), made.end(), [&](const auto& r) { return r.name == rule.name; });
    if (region == made.end()) continue;
    double drawn_ml = 0;
    if (rule.method == "box" && rule.box_min_mm && rule.box_max_mm) {
      drawn_ml = 1;
      for (std::size_t a = 0; a < 3; ++a) drawn_ml *= (*rule.box_max_mm)[a] - (*rule.box_min_mm)[a];
    } else if (rule.method == "sphere" && rule.radius_mm) {
      drawn_ml = 4.0 / 3.0 * std::numbers::pi * std::pow(*rule.radius_mm, 3);
    }
    drawn_ml /= 1000;  // from mm³
    const double held_ml = region->volume_ml();
    if (held_ml <= 0) {
      warnings.push_back(fmt::format(
          "segment {} is empty: {}", rule.name,
          drawn_ml > 0 ? "it lies outside the image (millimetres are LPS: left, posterior and head "
                         "positive)"
                       : "no voxel fits its rule"));
    } else if (rule.within.empty() && held_ml < (1 - kMissingWarned) * drawn_ml) {
      warnings.push_back(
          fmt::format("segment {}: {:.0f} % of its {} lies outside the image; its activity is that "
                      "of the rest",
                      rule.name, 100 * (1 - held_ml / drawn_ml), rule.method));
    }
  }
}

/// A role for a name that no region carries would be lost in silence.
void warn_of_unused_names(const records::Study& study,
                          const std::vector<image::RegionMask>& regions,
                          std::vector<std::string>& warnings) {
  std::vector<std::string> names;
  for (const auto& region : regions) names.push_back(region.name);
  for (const auto& named : study.regions) {
    if (named.value || std::find(names.begin(), names.end(), named.name) != names.end()) continue;
    warnings.push_back(fmt::format(
        "regions.{}: no region of this scan has that name, so its role is not used{}", named.name,
        names.empty() ? " (there are no regions)" : core::suggestion(named.name, names)));
  }
}

void refuse_doubles(const std::vector<image::RegionMask>& regions) {
  for (std::size_t i = 0; i < regions.size(); ++i) {
    for (std::size_t j = i + 1; j < regions.size(); ++j) {
      if (regions[i].name == regions[j].name) {
        refuse("two regions are called \"{}\"; give them different names in [regions] or [segment]",
               regions[i].name);
      }
    }
  }
}

image::RegionMask whole_image(const records::Scan& scan) {
  image::RegionMask whole;
  whole.name = scan.whole_body ? "whole_body" : "field_of_view";
  whole.fraction =
      image::Volume<float>(scan.frames.front().concentration_bq_per_ml.geometry(), 1.0F);
  return whole;
}

/// Mean over the frames by their duration: what rules and body look at.
image::Volume<float> time_mean(const records::Scan& scan) {
  if (scan.frames.size() == 1) return scan.frames.front().concentration_bq_per_ml;
  image::Volume<float> mean(scan.frames.front().concentration_bq_per_ml.geometry());
  double total = 0;
  for (const auto& frame : scan.frames) total += std::max(frame.duration_s, 1.0);
  for (const auto& frame : scan.frames) {
    const auto weight =
        static_cast<float>(std::max(frame.duration_s, 1.0) * frame.to_administration / total);
    const auto& values = frame.concentration_bq_per_ml.values();
    for (std::size_t i = 0; i < values.size(); ++i) mean.values()[i] += weight * values[i];
  }
  return mean;
}

}  // namespace

ScanRegions collect_regions(const records::Study& study, const records::ScanRequest& request,
                            const records::Scan& scan, const std::string& frame_of_reference) {
  ScanRegions result;
  const image::Geometry& grid = scan.frames.front().concentration_bq_per_ml.geometry();
  if (request.regions) {
    auto set = io::import_regions(*request.regions, grid);
    if (!set.frame_of_reference.empty() && !frame_of_reference.empty() &&
        set.frame_of_reference != frame_of_reference) {
      refuse(
          "regions {}: drawn in another frame of reference than the image (they would lie at a "
          "wrong place); name the regions of this scan",
          request.regions_as_written);
    }
    name_regions(study, set.regions, result.warnings);
    result.regions = std::move(set.regions);
    result.format = set.format;
    result.sha256 = set.pixel_sha256;
    for (const auto& warning : set.warnings) {
      result.warnings.push_back(request.regions_as_written + ": " + warning);
    }
  }
  const auto anatomy = load_anatomy(study, request, frame_of_reference, result.warnings);
  if (!study.segments.empty()) {
    const auto mean = time_mean(scan);
    region::SegmentInputs inputs;
    inputs.concentration_bq_per_ml = &mean;
    inputs.suv_per_bq_per_ml = measure::suv_per_bq_per_ml(scan, scan.frames.front());
    if (anatomy) inputs.hounsfield = &anatomy->frames.front().values;
    inputs.regions = &result.regions;
    auto made = region::make_segments(study.segments, inputs);
    warn_of_segments(study, made, result.warnings);
    std::move(made.begin(), made.end(), std::back_inserter(result.regions));
  }
  refuse_doubles(result.regions);
  warn_of_unused_names(study, result.regions, result.warnings);
  result.whole = whole_image(scan);
  result.body_from_ct = anatomy.has_value();
  result.body = anatomy ? region::body_from_ct(anatomy->frames.front().values)
                        : region::body_from_emission(time_mean(scan));
  return result;
}

RegionRoles roles_of(const records::Study& study, const std::string& region) {
  for (const auto& named : study.regions) {
    if (named.name == region) return {named.roles, named.fraction};
  }
  for (const auto& rule : study.segments) {
    if (rule.name == region) return {rule.roles, rule.fraction};
  }
  return {implied_roles(region).value_or(std::vector<std::string>{}), 1};
}

}  // namespace sojourn::study
