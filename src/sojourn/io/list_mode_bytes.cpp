#include "sojourn/io/list_mode_bytes.h"

#include <zlib.h>

namespace sojourn::io::list_mode {

void put_event(std::vector<char>& out, const records::ListModeEvent& e) {
  put<std::uint32_t>(out, (e.crystal_a & 0xFFFFFF) | (std::uint32_t{e.flags} << 24));
  put<std::uint32_t>(out, e.crystal_b & 0xFFFFFF);
  put<std::uint32_t>(out, e.time);
  put<std::uint16_t>(out, static_cast<std::uint16_t>(e.tof_ps));
  put<std::uint8_t>(out, e.energy_a);
  put<std::uint8_t>(out, e.energy_b);
}

records::ListModeEvent get_event(const char* at) {
  records::ListModeEvent e;
  const auto first = get<std::uint32_t>(at);
  e.crystal_a = first & 0xFFFFFF;
  e.flags = static_cast<std::uint8_t>(first >> 24);
  e.crystal_b = get<std::uint32_t>(at + 4) & 0xFFFFFF;
  e.time = get<std::uint32_t>(at + 8);
  e.tof_ps = static_cast<std::int16_t>(get<std::uint16_t>(at + 12));
  e.energy_a = get<std::uint8_t>(at + 14);
  e.energy_b = get<std::uint8_t>(at + 15);
  return e;
}

std::uint32_t checksum(std::span<const char> bytes) {
  uLong crc = crc32(0L, Z_NULL, 0);
  constexpr std::size_t kStep = 1U << 30;
  for (std::size_t at = 0; at < bytes.size(); at += kStep) {
    const auto part = bytes.subspan(at, std::min(kStep, bytes.size() - at));
    crc = crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size()));
  }
  return static_cast<std::uint32_t>(crc);
}

std::vector<char> block_bytes(std::uint32_t slice, std::span<const records::ListModeEvent> events) {
  std::vector<char> body;
  body.reserve(8 + kEventBytes * events.size());
  put<std::uint32_t>(body, slice);
  put<std::uint32_t>(body, static_cast<std::uint32_t>(events.size()));
  for (const auto& e : events) put_event(body, e);
  std::vector<char> all;
  all.reserve(body.size() + 8);
  put<std::uint32_t>(all, kBlockMark);
  put<std::uint32_t>(all, checksum(body));
  all.insert(all.end(), body.begin(), body.end());
  return all;
}

}  // namespace sojourn::io::list_mode
