#include "sojourn/io/dicom_frames.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "sojourn/core/error.h"

namespace sojourn::io::dicom {
namespace {

constexpr double kSamePosition_mm =
    1e-2;  // DICOM positions are written with at least this precision

using Key = std::function<std::optional<double>(const Plane&)>;
using Groups = std::map<double, std::vector<std::size_t>>;

struct Rule {
  std::string name;
  Key key;
};

/// Number of the distinct position along the normal of each plane, from 0.
std::vector<std::size_t> position_numbers(const std::vector<Plane>& planes,
                                          std::size_t& n_positions) {
  const auto& axes = *planes.front().orientation;
  const image::Vec3 normal = image::cross(axes[0], axes[1]);
  std::vector<std::pair<double, std::size_t>> along;
  for (std::size_t i = 0; i < planes.size(); ++i)
    along.emplace_back(image::dot(*planes[i].position, normal), i);
  std::sort(along.begin(), along.end());
  std::vector<std::size_t> number(planes.size());
  n_positions = 0;
  for (std::size_t i = 0; i < along.size(); ++i) {
    if (i > 0 && along[i].first - along[i - 1].first > kSamePosition_mm) ++n_positions;
    number[along[i].second] = n_positions;
  }
  ++n_positions;
  return number;
}

std::vector<Rule> rules(const std::vector<ImageFile>& files) {
  const auto n_slices = files.front().n_slices;
  const bool indexed = files.front().n_time_slices.value_or(1) > 1 && n_slices.value_or(0) > 0;
  return {
      {"image index",
       [=](const Plane& p) -> std::optional<double> {
         if (!indexed || !p.image_index) return std::nullopt;
         return std::floor((*p.image_index - 1) / *n_slices);
       }},
      {"temporal position", [](const Plane& p) { return p.temporal_position; }},
      {"acquisition time", [](const Plane& p) { return p.timing.start_local_s; }},
      {"frame reference time", [](const Plane& p) { return p.timing.frame_reference_s; }},
      {"trigger time", [](const Plane& p) { return p.trigger_ms; }},
  };
}

std::optional<Groups> group_by(const std::vector<Plane>& planes, const Key& key) {
  Groups groups;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const auto value = key(planes[i]);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    groups[*value].push_back(i);
  }
  return groups;
}

/// True where no group holds two planes of one position.
bool separates(const Groups& groups, const std::vector<std::size_t>& position) {
  for (const auto& [value, members] : groups) {
    std::vector<std::size_t> at;
    for (const std::size_t i : members) at.push_back(position[i]);
    std::sort(at.begin(), at.end());
    if (std::adjacent_find(at.begin(), at.end()) != at.end()) return false;
  }
  return true;
}

bool complete(const Groups& groups, std::size_t n_positions) {
  return std::all_of(groups.begin(), groups.end(),
                     [&](const auto& group) { return group.second.size() == n_positions; });
}

/// The n-th acquisition at each position makes frame n: for several beds that are passed several
/// times.
std::optional<Groups> by_pass(const std::vector<Plane>& planes,
                              const std::vector<std::size_t>& position, std::size_t n_positions) {
  std::vector<std::vector<std::pair<double, std::size_t>>> at(n_positions);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const auto& start = planes[i].timing.start_local_s;
    if (!start) return std::nullopt;
    at[position[i]].emplace_back(*start, i);
  }
  Groups groups;
  for (auto& visits : at) {
    if (visits.size() != at.front().size()) return std::nullopt;
    std::sort(visits.begin(), visits.end());
    for (std::size_t n = 0; n < visits.size(); ++n) {
      if (n > 0 && visits[n].first == visits[n - 1].first) return std::nullopt;
      groups[static_cast<double>(n)].push_back(visits[n].second);
    }
  }
  return groups;
}

std::vector<std::vector<Plane>> take(const Groups& groups, const std::vector<Plane>& planes) {
  std::vector<std::vector<Plane>> frames;
  for (const auto& [value, members] : groups) {
    std::vector<Plane> frame;
    for (const std::size_t i : members) frame.push_back(planes[i]);
    frames.push_back(std::move(frame));
  }
  return frames;
}

[[noreturn]] void refuse_unequal(const Groups& groups, const std::string& rule,
                                 std::size_t n_positions, const std::string& where) {
  int number = 0;
  for (const auto& [value, members] : groups) {
    ++number;
    if (members.size() == n_positions) continue;
    refuse(
        "{}: frame {} of {} (by {}) has {} of {} slices; add the missing files or take the frame "
        "out",
        where, number, groups.size(), rule, members.size(), n_positions);
  }
  refuse("{}: the frames of the series have different numbers of slices", where);
}

/// Two files that share a place, for the message.
std::string a_pair(const std::vector<Plane>& planes, const std::vector<ImageFile>& files,
                   const std::vector<std::size_t>& position) {
  std::map<std::size_t, std::size_t> first;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    const auto [at, is_new] = first.emplace(position[i], i);
    if (is_new) continue;
    const auto &one = files[planes[at->second].file].name, &other = files[planes[i].file].name;
    if (one != other) return fmt::format(", as {} and {}", one, other);
  }
  return "";
}

}  // namespace

std::vector<std::vector<Plane>> split_frames(const std::vector<Plane>& planes,
                                             const std::vector<ImageFile>& files,
                                             const std::string& where) {
  std::size_t n_positions = 0;
  const auto position = position_numbers(planes, n_positions);
  if (n_positions == planes.size()) return {planes};
  const auto& type = files.front().series_type;
  if (!type.empty() && type.front() == "GATED") {
    refuse(
        "{}: a gated series: its gates are parts of one time, not frames of a time course; give "
        "the ungated "
        "reconstruction",
        where);
  }
  std::optional<Groups> unequal;
  std::string unequal_rule;
  for (const Rule& rule : rules(files)) {
    const auto groups = group_by(planes, rule.key);
    if (!groups || groups->size() < 2 || !separates(*groups, position)) continue;
    if (complete(*groups, n_positions)) return take(*groups, planes);
    if (!unequal) {
      unequal = groups;
      unequal_rule = rule.name;
    }
  }
  if (const auto groups = by_pass(planes, position, n_positions)) return take(*groups, planes);
  if (unequal) refuse_unequal(*unequal, unequal_rule, n_positions, where);
  refuse(
      "{}: {} images lie at {} positions and nothing tells the copies apart (image index, temporal "
      "position, "
      "acquisition, frame reference and trigger time are equal or missing); remove the "
      "duplicates{}",
      where, planes.size(), n_positions, a_pair(planes, files, position));
}

}  // namespace sojourn::io::dicom
