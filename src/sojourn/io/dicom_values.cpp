#include "sojourn/io/dicom_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "sojourn/core/tsv.h"

namespace sojourn::io::dicom {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostNumbers = 1 << 20;  // vectors of frames; nothing real is longer

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\0' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  if (trim(text).empty()) return parts;
  while (parts.size() < kMostNumbers) {
    const std::size_t cut = text.find('\\');
    parts.emplace_back(trim(text.substr(0, cut)));
    if (cut == std::string_view::npos) break;
    text.remove_prefix(cut + 1);
  }
  return parts;
}

double parse_decimal(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto value = core::parse_number(text);
  return value ? *value : kNaN;
}

std::uint64_t read_u64(std::string_view bytes, std::size_t at, bool big_endian) {
  const std::uint64_t a = read_u32(bytes, at, big_endian), b = read_u32(bytes, at + 4, big_endian);
  return big_endian ? a << 32 | b : b << 32 | a;
}

/// Width in bytes of a binary representation; 0 for texts.
std::size_t width(std::string_view vr) {
  if (vr == "US" || vr == "SS" || vr == "OW") return 2;
  if (vr == "UL" || vr == "SL" || vr == "FL" || vr == "OF" || vr == "OL") return 4;
  if (vr == "FD" || vr == "OD" || vr == "UV" || vr == "SV") return 8;
  return 0;
}

double binary(std::string_view bytes, std::size_t at, std::string_view vr, bool big) {
  if (vr == "US" || vr == "OW") return read_u16(bytes, at, big);
  if (vr == "SS") return static_cast<std::int16_t>(read_u16(bytes, at, big));
  if (vr == "UL" || vr == "OL") return read_u32(bytes, at, big);
  if (vr == "SL") return static_cast<std::int32_t>(read_u32(bytes, at, big));
  if (vr == "FL" || vr == "OF") return std::bit_cast<float>(read_u32(bytes, at, big));
  if (vr == "UV") return static_cast<double>(read_u64(bytes, at, big));
  if (vr == "SV") return static_cast<double>(static_cast<std::int64_t>(read_u64(bytes, at, big)));
  return std::bit_cast<double>(read_u64(bytes, at, big));
}

std::vector<double> decode(std::string_view bytes, std::string_view vr, bool big) {
  std::vector<double> values;
  const std::size_t w = width(vr);
  if (w == 0) {
    for (const auto& part : split(bytes)) values.push_back(parse_decimal(part));
    return values;
  }
  for (std::size_t at = 0; at + w <= bytes.size() && values.size() < kMostNumbers; at += w) {
    values.push_back(binary(bytes, at, vr, big));
  }
  return values;
}

}  // namespace

std::vector<std::string> texts(const Dataset& data, Tag tag) {
  const Element* element = data.find(tag);
  return element == nullptr ? std::vector<std::string>{} : split(element->bytes);
}

std::string text(const Dataset& data, Tag tag) {
  const Element* element = data.find(tag);
  return element == nullptr ? std::string() : std::string(trim(element->bytes));
}

std::vector<double> numbers(const Dataset& data, Field what) {
  const Element* element = data.find(what.tag);
  if (element == nullptr) return {};
  const bool said = !(element->vr == std::array{'U', 'N'});
  const auto& vr = said ? element->vr : what.vr;
  return decode(element->bytes, {vr.data(), 2}, data.encoding.big_endian);
}

std::optional<double> number(const Dataset& data, Field what) {
  const Element* element = data.find(what.tag);
  if (element == nullptr || element->bytes.empty()) return std::nullopt;
  const auto all = numbers(data, what);
  if (all.empty() || !std::isfinite(all.front())) return std::nullopt;
  return all.front();
}

std::optional<int> integer(const Dataset& data, Field what) {
  const auto value = number(data, what);
  if (!value || std::floor(*value) != *value || std::abs(*value) > 2e9) return std::nullopt;
  return static_cast<int>(*value);
}

std::vector<Dataset> sequence(const Dataset& data, Tag tag) {
  const Element* element = data.find(tag);
  return element == nullptr ? std::vector<Dataset>{} : items(data, *element);
}

std::optional<Dataset> first_item(const Dataset& data, Tag tag) {
  auto all = sequence(data, tag);
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

const Element* private_element(const Dataset& data, unsigned group, std::string_view creator,
                               unsigned low_byte) {
  const Tag base = static_cast<Tag>(group) << 16;
  bool block_10_owned = false;
  for (const auto& element : data.elements) {
    if (element.tag >> 16 != group || (element.tag & 0xFFFF) > 0xFF ||
        (element.tag & 0xFFFF) < 0x10) {
      continue;
    }
    if (element_text(element) == creator) {
      return data.find(base | (element.tag & 0xFF) << 8 | low_byte);
    }
    block_10_owned = block_10_owned || (element.tag & 0xFF) == 0x10;
  }
  return block_10_owned ? nullptr : data.find(base | 0x1000 | low_byte);
}

std::string element_text(const Element& element) { return std::string(trim(element.bytes)); }

std::optional<double> private_number(const Dataset& data, const Element& element) {
  const std::string_view vr(element.vr.data(), 2);
  std::vector<double> values;
  if (vr == "UN") {
    const std::string_view bytes = element.bytes;
    values = decode(bytes, "DS", false);
    const bool is_text = !values.empty() && std::isfinite(values.front());
    if (!is_text && bytes.size() == 8) values = decode(bytes, "FD", data.encoding.big_endian);
    if (!is_text && bytes.size() == 4) values = decode(bytes, "FL", data.encoding.big_endian);
  } else {
    values = decode(element.bytes, vr, data.encoding.big_endian);
  }
  if (values.empty() || !std::isfinite(values.front())) return std::nullopt;
  return values.front();
}

}  // namespace sojourn::io::dicom
