#include <algorithm>
#include <cctype>

#include "sojourn/study/study_parts.h"

namespace sojourn::study {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<std::filesystem::path> read_path(core::TableReader& table, const std::string& key,
                                               ParsedStudy& parsed, std::string* as_written) {
  const auto text = table.text(key);
  if (!text) return std::nullopt;
  if (text->empty() || text->find('\0') != std::string::npos) {
    table.fail(key, "empty; name a file or folder, relative to the study file");
  }
  const std::filesystem::path named(*text);
  const auto path = (parsed.study.folder / named).lexically_normal();
  // Outputs never show where the study lies on somebody's disk.
  const auto shown = named.is_absolute()
                         ? named.lexically_relative(parsed.study.folder.lexically_normal()).string()
                         : *text;
  if (as_written != nullptr) *as_written = shown.empty() ? named.filename().string() : shown;
  parsed.paths.push_back({path, table.where(key), *text});
  return path;
}

std::optional<double> read_moment(core::TableReader& table, const std::string& key,
                                  const records::Study& study) {
  const auto clock = table.datetime(key);
  return clock ? std::optional(clock->utc_s(study.zone_min)) : std::nullopt;
}

std::optional<double> read_quantity(core::TableReader& table, const std::string& key,
                                    units::Dimension dimension, Sign sign) {
  const auto value = units::quantity(table, key, dimension);
  if (!value) return std::nullopt;
  if (sign == Sign::positive && !(*value > 0)) {
    table.fail(key, "must be over zero; leave the field out where the value is not known");
  }
  if (*value < 0) table.fail(key, "must not be negative; correct the sign");
  return value;
}

std::optional<double> read_fraction(core::TableReader& table, const std::string& key) {
  const auto value = table.number(key);
  if (value && !(*value > 0 && *value <= 1)) {
    table.fail(key, fmt::format("{:g} is outside (0, 1]; write a fraction, as 0.93{}", *value,
                                *value > 1 && *value <= 100 ? " for 93 %" : ""));
  }
  return value;
}

std::optional<image::Vec3> read_point(core::TableReader& table, const std::string& key) {
  const auto* raw = table.raw(key);
  if (raw == nullptr) return std::nullopt;
  const bool plain = raw->kind() == core::Tree::Kind::array && !raw->items().empty() &&
                     raw->items().front().is_number();
  const auto values =
      plain ? table.numbers(key) : units::quantities(table, key, units::Dimension::length);
  if (values.size() != 3) {
    table.fail(key,
               fmt::format("holds {} values; write three, as [\"-10 mm\", \"0 mm\", \"25 mm\"]",
                           values.size()));
  }
  return image::Vec3{values[0], values[1], values[2]};
}

void check_safe_name(const core::TableReader& table, const std::string& key,
                     const std::string& name) {
  const bool safe =
      !name.empty() && name.size() <= kLongestName && is_letter_or_digit(name.front()) &&
      std::all_of(name.begin(), name.end(),
                  [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
  if (!safe) {
    table.fail(
        key, fmt::format(
                 "not usable as a name (it reaches file names); write up to {} letters, digits and "
                 "\"_.-\", a letter or digit first",
                 kLongestName));
  }
}

void check_region_name(const core::TableReader& table, const std::string& key,
                       const std::string& name) {
  const bool printable = !name.empty() && name.size() <= kLongestName &&
                         std::none_of(name.begin(), name.end(), [](char c) {
                           return std::iscntrl(static_cast<unsigned char>(c)) != 0;
                         });
  if (!printable) {
    table.fail(key,
               fmt::format("not usable as the name of a region; write 1 to {} printable characters",
                           kLongestName));
  }
}

}  // namespace sojourn::study
