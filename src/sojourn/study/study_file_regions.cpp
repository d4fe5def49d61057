#include <algorithm>
#include <charconv>
#include <set>

#include "sojourn/core/nearest.h"
#include "sojourn/study/region_roles.h"
#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

using core::TableReader;
using units::Dimension;

/// "bone+marrow" -> bone, marrow.
std::vector<std::string> split_roles(const TableReader& in, const std::string& key,
                                     const std::string& text) {
  std::vector<std::string> roles;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const auto end = std::min(text.find('+', begin), text.size());
    std::string role = text.substr(begin, end - begin);
    role.erase(0, std::min(role.find_first_not_of(' '), role.size()));
    while (!role.empty() && role.back() == ' ') role.pop_back();
    const auto& known = known_roles();
    if (std::find(known.begin(), known.end(), role) == known.end()) {
      in.fail(key, fmt::format("role \"{}\" is not known{}; join several as \"bone+marrow\"", role,
                               core::suggestion(role, known)));
    }
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
    begin = end + 1;
  }
  return roles;
}

std::vector<std::string> roles_of_name(const std::string& where, const std::string& name,
                                       records::Study& study) {
  const auto implied = implied_roles(name);
  if (!implied && !study.infusions.empty()) {
    study.warnings.push_back(
        fmt::format("{}: the name \"{}\" implies no compartment: activity alone is reported; add "
                    "role = \"…\" for cells",
                    where, name));
  }
  return implied.value_or(std::vector<std::string>{});
}

std::optional<int> label_value(const std::string& key) {
  int value = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), value);
  return error == std::errc{} && end == key.data() + key.size() ? std::optional(value)
                                                                : std::nullopt;
}

records::RegionName read_long_form(TableReader& in, const std::string& key, records::Study& study) {
  records::RegionName region;
  region.value = label_value(key);
  const auto name = in.text("name");
  if (region.value) {
    region.name = in.need(name, "name");
  } else {
    if (name) in.fail("name", "stands in a block that already names its region; leave it out");
    region.name = key;
  }
  check_region_name(in, "name", region.name);
  const auto role = in.text("role");
  region.roles =
      role ? split_roles(in, "role", *role) : roles_of_name(in.where("name"), region.name, study);
  region.fraction = read_fraction(in, "fraction").value_or(1.0);
  in.finish();
  return region;
}

/// 1 = "liver" names a label value; "GTV-1" = "tumour" gives a region that carries its own name its
/// role.
records::RegionName read_short_form(TableReader& in, const std::string& key,
                                    records::Study& study) {
  records::RegionName region;
  region.value = label_value(key);
  const auto text = in.need(in.text(key), key);
  if (region.value) {
    region.name = text;
    region.roles = roles_of_name(in.where(key), text, study);
  } else {
    region.name = key;
    region.roles = split_roles(in, key, text);
  }
  check_region_name(in, key, region.name);
  return region;
}

void read_rule_shape(TableReader& in, records::SegmentRule& rule) {
  if (rule.method == "threshold") {
    rule.above_bq_per_ml = read_quantity(in, "above", Dimension::concentration, Sign::positive);
    rule.above_suv = in.number("above_suv");
    if (rule.above_suv && !(*rule.above_suv > 0)) in.fail("above_suv", "must be over zero");
    if (rule.above_bq_per_ml.has_value() == rule.above_suv.has_value()) {
      in.fail("above", "a threshold takes one of above = \"5 kBq/mL\" and above_suv = 2.5");
    }
  } else if (rule.method == "relative") {
    rule.fraction_of_max = in.need(read_fraction(in, "fraction"), "fraction");
  } else if (rule.method == "box") {
    rule.box_min_mm = in.need(read_point(in, "min"), "min");
    rule.box_max_mm = in.need(read_point(in, "max"), "max");
    for (std::size_t a = 0; a < 3; ++a) {
      if (!((*rule.box_min_mm)[a] < (*rule.box_max_mm)[a])) {
        in.fail("min", fmt::format("is not under max along {}; swap them", "xyz"[a]));
      }
    }
  } else if (rule.method == "sphere") {
    rule.center_mm = in.need(read_point(in, "center"), "center");
    rule.radius_mm =
        in.need(read_quantity(in, "radius", Dimension::length, Sign::positive), "radius");
  }
}

/// A rule bounded by a rule bounded by … itself never ends.
void check_circles(TableReader& top, const std::vector<records::SegmentRule>& rules) {
  for (const auto& rule : rules) {
    std::set<std::string> seen{rule.name};
    const auto* at = &rule;
    while (!at->within.empty()) {
      if (!seen.insert(at->within).second) {
        top.fail(
            "segment",
            fmt::format("\"{}\" is bounded by itself through within; break the circle", rule.name));
      }
      const auto next = std::find_if(rules.begin(), rules.end(),
                                     [&](const auto& r) { return r.name == at->within; });
      if (next == rules.end()) break;
      at = &*next;
    }
  }
}

}  // namespace

void read_regions(TableReader& top, ParsedStudy& parsed) {
  auto table = top.table("regions");
  if (!table) return;
  auto& study = parsed.study;
  for (const auto& [key, value] : table->members()) {
    auto region = [&, &key = key, &value = value] {
      if (value.kind() != core::Tree::Kind::table) return read_short_form(*table, key, study);
      auto in = table->need(table->table(key), key);
      return read_long_form(in, key, study);
    }();
    if (region.value && *region.value <= 0)
      table->fail(key, "label values are over zero; 0 is what lies outside");
    if (std::any_of(study.regions.begin(), study.regions.end(),
                    [&](const auto& r) { return r.name == region.name; })) {
      table->fail(key,
                  fmt::format("a second region \"{}\"; give each a name of its own", region.name));
    }
    study.regions.push_back(std::move(region));
  }
  std::stable_sort(study.regions.begin(), study.regions.end(), [](const auto& a, const auto& b) {
    return a.value.value_or(1 << 30) < b.value.value_or(1 << 30);
  });
}

void read_segments(TableReader& top, ParsedStudy& parsed) {
  static const std::vector<std::string> methods = {"threshold", "relative", "box", "sphere",
                                                   "body",      "lung",     "bone"};
  auto table = top.table("segment");
  if (!table) return;
  auto& study = parsed.study;
  for (const auto& member : table->members()) {
    auto in = table->need(table->table(member.first), member.first);
    records::SegmentRule rule;
    rule.name = member.first;
    rule.line = in.line();
    check_region_name(*table, member.first, rule.name);
    rule.method = in.need(in.choice("method", methods), "method");
    read_rule_shape(in, rule);
    rule.within = in.text("within").value_or("");
    rule.largest = in.boolean("largest").value_or(false);
    const auto role = in.text("role");
    rule.roles =
        role ? split_roles(in, "role", *role) : roles_of_name(in.where("role"), rule.name, study);
    rule.fraction = read_fraction(in, "role_fraction").value_or(1.0);
    in.finish();
    if (std::any_of(study.regions.begin(), study.regions.end(),
                    [&](const auto& r) { return r.name == rule.name; })) {
      table->fail(member.first,
                  "a region of this name stands in [regions]; give this one another name");
    }
    study.segments.push_back(std::move(rule));
  }
  // The order of the file, not of the alphabet.
  std::stable_sort(study.segments.begin(), study.segments.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  check_circles(top, study.segments);
}

}  // namespace sojourn::study
