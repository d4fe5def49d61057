#include "sojourn/io/concorde_header.h"

#include <array>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/core/tsv.h"

namespace sojourn::io {
namespace {

std::string_view next_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

std::pair<std::string_view, std::string_view> split(std::string_view line) {
  const auto blank = line.find_first_of(" \t");
  if (blank == std::string_view::npos) return {line, {}};
  std::string_view value = line.substr(blank);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return {line.substr(0, blank), value};
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto [word, rest] = split(text);
    if (!word.empty()) all.push_back(word);
    text = rest;
  }
  return all;
}

}  // namespace

bool looks_like_concorde(std::string_view text) {
  bool version = false, model = false, kind = false;
  for (int i = 0; i < 400 && !text.empty(); ++i) {
    const auto [name, value] = split(next_line(text));
    version |= name == "version";
    model |= name == "model";
    kind |= name == "file_type" || name == "modality";
  }
  return version && model && kind;
}

ConcordeHeader::ConcordeHeader(std::string_view text, std::string source)
    : source_(std::move(source)) {
  if (!looks_like_concorde(text)) {
    refuse("{}: no Concorde/Inveon header (version, model and file_type are missing)", source_);
  }
  constexpr std::size_t kMostFrames = 4096;
  Fields* fields = &main_;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    if (line.empty() || line.front() == '#') continue;
    const auto [name, value] = split(line);
    if (name == "end_of_header") {
      fields = &main_;
    } else if (name == "frame") {
      if (frames_.size() == kMostFrames)
        refuse("{}: over {} frames; the header is damaged", source_, kMostFrames);
      fields = &frames_.emplace_back();
      fields->emplace("frame", value);
    } else {
      fields->try_emplace(std::string(name), value);
    }
  }
}

void ConcordeHeader::fail(std::string_view name, const std::string& message) const {
  refuse("{}: {}: {}", source_, name, message);
}

std::string ConcordeHeader::text(const Fields& fields, std::string_view name) const {
  const auto at = fields.find(name);
  return at == fields.end() ? std::string() : at->second;
}

std::optional<double> ConcordeHeader::number(const Fields& fields, std::string_view name) const {
  const std::string value = text(fields, name);
  if (value.empty()) return std::nullopt;
  const auto read = core::parse_number(value);
  if (!read || std::abs(*read) > 1e15)
    fail(name, fmt::format("\"{}\" is no number; the header is damaged", value));
  return read;
}

std::optional<long> ConcordeHeader::integer(const Fields& fields, std::string_view name) const {
  const auto value = number(fields, name);
  if (!value) return std::nullopt;
  if (*value != std::floor(*value))
    fail(name, fmt::format("{} is no whole number; the header is damaged", *value));
  return static_cast<long>(*value);
}

std::optional<double> ConcordeHeader::time(const Fields& fields, std::string_view name) const {
  const std::string value = text(fields, name);
  if (value.empty()) return std::nullopt;
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto parts = words(value);
  if (parts.size() == 5) {
    for (std::size_t m = 0; m < kMonths.size(); ++m) {
      if (parts[1] != kMonths[m]) continue;
      const std::string day = (parts[2].size() == 1 ? "0" : "") + std::string(parts[2]);
      const auto moment = core::parse_iso(
          fmt::format("{}-{:02}-{}T{}", std::string(parts[4]), m + 1, day, std::string(parts[3])));
      if (moment) return moment->local_s;
    }
  }
  fail(name,
       fmt::format("\"{}\" is no date and time (as Mon Mar  2 10:15:00 2026); correct it", value));
}

}  // namespace sojourn::io
