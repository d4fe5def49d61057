#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sojourn/records/list_mode.h"

/// Bytes of list mode files; little-endian everywhere.
namespace sojourn::io::list_mode {

inline constexpr std::uint32_t kBlockMark = 0x31424A53;  // "SJB1"
inline constexpr std::uint32_t kTableMark = 0x31544A53;  // "SJT1"
inline constexpr std::uint32_t kEndMark = 0x31454A53;    // "SJE1"
inline constexpr std::size_t kEventBytes = 16, kBlockHeadBytes = 16, kTableRowBytes = 16,
                             kEndBytes = 16;
inline constexpr std::uint32_t kMostEvents = 1U << 28;  ///< in a block
inline constexpr const char* kFirstWord = "sojourn-listmode 1 ";

template <typename Number>
void put(std::vector<char>& out, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF));
}
template <typename Number>
Number get(const char* at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  return static_cast<Number>(value);
}

void put_event(std::vector<char>& out, const records::ListModeEvent& e);
[[nodiscard]] records::ListModeEvent get_event(const char* at);
/// CRC-32 of zlib.
[[nodiscard]] std::uint32_t checksum(std::span<const char> bytes);
/// Head (with checksum) and events of a block.
[[nodiscard]] std::vector<char> block_bytes(std::uint32_t slice,
                                            std::span<const records::ListModeEvent> events);

/// The header as JSON (schema sojourn/listmode/1), and back.
/// @throws Error(bad_input) naming file and field.
[[nodiscard]] std::string header_text(const records::ListModeHeader& header);
[[nodiscard]] records::ListModeHeader parse_header(const std::string& text,
                                                   const std::string& source);

}  // namespace sojourn::io::list_mode
