#include "sojourn/recon/castor_header.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::recon {
namespace {

constexpr std::size_t kMostCrystals = std::size_t{1} << 24;
constexpr std::uintmax_t kMostHeader = std::uintmax_t{1} << 24;

std::string trimmed(std::string_view text) {
  const auto inside = [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; };
  const auto first = std::find_if(text.begin(), text.end(), inside);
  const auto last = std::find_if(text.rbegin(), text.rend(), inside).base();
  return first < last ? std::string(first, last) : std::string();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

CastorHeader::CastorHeader(std::string_view text, std::filesystem::path file)
    : file_(std::move(file)) {
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto raw = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    const std::string line = trimmed(raw.substr(0, raw.find('#')));
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string::npos)
      refuse("{}:{}: \"{}\" is no \"key: value\"", file_.string(), number, line.substr(0, 60));
    values_[lower(trimmed(line.substr(0, colon)))] = trimmed(line.substr(colon + 1));
  }
}

std::optional<std::string> CastorHeader::text(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::optional<double> CastorHeader::number(const std::string& key) const {
  const auto word = text(key);
  if (!word) return std::nullopt;
  const auto value = core::parse_number(*word);
  if (!value || !std::isfinite(*value))
    refuse("{}: {}: \"{}\" is no number", file_.string(), key, *word);
  return value;
}

bool CastorHeader::flag(const std::string& key) const { return number(key).value_or(0) != 0; }

std::string CastorHeader::need_text(const std::string& key) const {
  const auto value = text(key);
  if (!value) refuse("{}: \"{}\" is missing", file_.string(), key);
  return *value;
}

double CastorHeader::need_number(const std::string& key) const {
  (void)need_text(key);
  return *number(key);
}

CastorScanner read_castor_scanner(const std::string& name, const std::filesystem::path& near) {
  if (name.find('/') != std::string::npos) refuse("the scanner's name \"{}\" holds a slash", name);
  for (const auto& folder : {near, near / "scanner"}) {
    const auto head = folder / (name + ".hscan"), table = folder / (name + ".lut");
    if (!std::filesystem::is_regular_file(head) || !std::filesystem::is_regular_file(table))
      continue;
    const CastorHeader header(core::read_file(head, kMostHeader), head);
    const std::string data = core::read_file(table);
    constexpr std::size_t kRow = 6 * sizeof(float);
    const double wanted = header.need_number("number of elements");
    const std::size_t n = data.size() / kRow;
    if (data.size() % kRow != 0 || static_cast<double>(n) != wanted || n == 0 || n > kMostCrystals)
      refuse("{}: {} bytes for the {} crystals of {}; each takes {} bytes", table.string(),
             data.size(), wanted, head.filename().string(), kRow);
    CastorScanner scanner;
    scanner.name = name;
    scanner.crystal_mm.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      auto& p = scanner.crystal_mm[i];
      std::memcpy(p.data(), data.data() + i * kRow, sizeof(p));
      for (const float c : p)
        if (!std::isfinite(c)) refuse("{}: crystal {} lies at {}", table.string(), i, c);
      scanner.radius_mm = std::max(
          scanner.radius_mm, std::hypot(static_cast<double>(p[0]), static_cast<double>(p[1])));
      scanner.half_length_mm =
          std::max(scanner.half_length_mm, std::abs(static_cast<double>(p[2])));
    }
    scanner.min_angle_rad =
        header.number("min angle difference").value_or(0) * std::numbers::pi / 180;
    return scanner;
  }
  refuse(
      "no {0}.hscan with {0}.lut in {1} or its folder \"scanner\"; scanners given as .geom are not "
      "read: let CASToR write the look-up table",
      name, near.string());
}

}  // namespace sojourn::recon
