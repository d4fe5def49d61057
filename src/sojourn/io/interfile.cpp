#include "sojourn/io/interfile.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"

namespace sojourn::io {
namespace {

constexpr std::uintmax_t kMostHeader = std::uintmax_t{1} << 24;
constexpr std::uintmax_t kMostData = std::uintmax_t{1} << 36;

std::string trimmed(std::string_view text) {
  const auto inside = [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; };
  const auto first = std::find_if(text.begin(), text.end(), inside);
  const auto last = std::find_if(text.rbegin(), text.rend(), inside).base();
  return first < last ? std::string(first, last) : std::string();
}

std::string key_of(std::string_view text) {
  std::string key;
  for (const char c : trimmed(text)) {
    if (key.empty() && (c == '!' || c == '%')) continue;
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (space && (key.empty() || key.back() == ' ')) continue;
    if (c == '[' && !key.empty() && key.back() == ' ') key.pop_back();
    key += space ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  if (!key.empty() && key.back() == ' ') key.pop_back();
  return key;
}

/// One stored number as float.
template <typename T>
float value_at(const unsigned char* bytes, bool swap) {
  unsigned char raw[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) raw[i] = bytes[swap ? sizeof(T) - 1 - i : i];
  T value;
  std::memcpy(&value, raw, sizeof(T));
  return static_cast<float>(value);
}

using Reader = float (*)(const unsigned char*, bool);

Reader reader_of(const InterfileHeader& header, int bytes) {
  std::string format = header.need_text("number format");
  std::transform(format.begin(), format.end(), format.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (format.find("float") != std::string::npos) {
    if (bytes == 4) return value_at<float>;
    if (bytes == 8) return value_at<double>;
  } else if (format == "unsigned integer") {
    if (bytes == 1) return value_at<std::uint8_t>;
    if (bytes == 2) return value_at<std::uint16_t>;
    if (bytes == 4) return value_at<std::uint32_t>;
  } else if (format == "signed integer") {
    if (bytes == 1) return value_at<std::int8_t>;
    if (bytes == 2) return value_at<std::int16_t>;
    if (bytes == 4) return value_at<std::int32_t>;
  }
  refuse("{}: \"{}\" of {} bytes is no number format that can be read",
         header.where("number format"), format, bytes);
}

bool is_big_endian(const InterfileHeader& header) {
  std::string order = header.text("imagedata byte order").value_or("BIGENDIAN");  // Interfile 3.3
  std::transform(order.begin(), order.end(), order.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (order == "BIGENDIAN") return true;
  if (order == "LITTLEENDIAN") return false;
  refuse("{}: \"{}\"; say BIGENDIAN or LITTLEENDIAN", header.where("imagedata byte order"), order);
}

}  // namespace

InterfileHeader::InterfileHeader(std::string_view text, std::filesystem::path file)
    : file_(std::move(file)) {
  int number = 0;
  bool started = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.empty() || line[0] == ';') continue;
    const auto sign = line.find(":=");
    const std::string key = key_of(line.substr(0, sign));
    if (!started && key != "interfile")
      refuse("{}:{}: an Interfile header begins with \"!INTERFILE :=\"", file_.string(), number);
    started = true;
    if (sign == std::string::npos) continue;
    if (key == "end of interfile") break;
    values_[key] = {trimmed(std::string_view(line).substr(sign + 2)), number};
  }
  if (!started)
    refuse("{}: empty; an Interfile header begins with \"!INTERFILE :=\"", file_.string());
}

InterfileHeader InterfileHeader::read(const std::filesystem::path& file) {
  return {core::read_file(file, kMostHeader), file};
}

bool InterfileHeader::has(const std::string& key) const { return values_.count(key) > 0; }

std::string InterfileHeader::where(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) return fmt::format("{}: {}", file_.string(), key);
  return fmt::format("{}:{}: {}", file_.string(), found->second.line, key);
}

std::optional<std::string> InterfileHeader::text(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || found->second.text.empty()) return std::nullopt;
  return found->second.text;
}

std::optional<double> InterfileHeader::number(const std::string& key) const {
  const auto word = text(key);
  if (!word) return std::nullopt;
  const auto value = core::parse_number(*word);
  if (!value || !std::isfinite(*value)) refuse("{}: \"{}\" is no number", where(key), *word);
  return value;
}

std::optional<int> InterfileHeader::whole(const std::string& key) const {
  const auto value = number(key);
  if (!value) return std::nullopt;
  if (*value != std::floor(*value) || std::abs(*value) > 1e9)
    refuse("{}: {} is no whole number", where(key), *value);
  return static_cast<int>(*value);
}

std::vector<double> InterfileHeader::list(const std::string& key) const {
  std::vector<double> values;
  std::string word;
  for (const char c : need_text(key) + ",") {
    if (c == '{' || c == '}') continue;
    if (c != ',') {
      word += c;
      continue;
    }
    const auto value = core::parse_number(trimmed(word));
    if (!value || !std::isfinite(*value)) refuse("{}: \"{}\" is no number", where(key), word);
    values.push_back(*value);
    word.clear();
  }
  return values;
}

std::string InterfileHeader::need_text(const std::string& key) const {
  const auto value = text(key);
  if (!value) refuse("{}: \"{}\" is missing", file_.string(), key);
  return *value;
}

double InterfileHeader::need_number(const std::string& key) const {
  (void)need_text(key);
  return *number(key);
}

int InterfileHeader::need_whole(const std::string& key) const {
  (void)need_text(key);
  return *whole(key);
}

std::filesystem::path interfile_data_file(const InterfileHeader& header) {
  const std::filesystem::path name = header.need_text("name of data file");
  const auto file = name.is_absolute() ? name : header.file().parent_path() / name;
  if (!std::filesystem::is_regular_file(file))
    refuse("{}: there is no {}", header.where("name of data file"), file.string());
  return file;
}

std::vector<float> interfile_values(const InterfileHeader& header, std::size_t n) {
  const auto file = interfile_data_file(header);
  const int bytes = header.need_whole("number of bytes per pixel");
  const Reader read = reader_of(header, bytes);
  const bool swap = is_big_endian(header) != (std::endian::native == std::endian::big);
  const auto offset = header.number("data offset in bytes[1]")
                          .value_or(header.number("data offset in bytes").value_or(0));
  if (offset < 0) refuse("{}: {} is negative", header.where("data offset in bytes[1]"), offset);
  const std::string data = core::read_file(file, kMostData);
  const auto start = static_cast<std::size_t>(offset);
  const auto size = static_cast<std::size_t>(bytes);
  if (data.size() < start || (data.size() - start) / size != n || (data.size() - start) % size != 0)
    refuse("{}: {} bytes, where its header {} makes {} values of {} bytes after {}", file.string(),
           data.size(), header.file().filename().string(), n, bytes, start);
  const auto scale = static_cast<float>(header.number("image scaling factor[1]").value_or(1));
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i)
    values[i] =
        scale * read(reinterpret_cast<const unsigned char*>(data.data()) + start + i * size, swap);
  return values;
}

}  // namespace sojourn::io
