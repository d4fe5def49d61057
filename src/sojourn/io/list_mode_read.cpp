#include <algorithm>

#include "sojourn/core/error.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/io/list_mode_bytes.h"

namespace sojourn::io {
namespace {

using namespace list_mode;

constexpr std::uint64_t kMostHeaderBytes = 1U << 20;

std::vector<char> bytes_at(std::ifstream& in, std::uint64_t offset, std::size_t count) {
  std::vector<char> bytes(count);
  in.clear();
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  if (in.gcount() != static_cast<std::streamsize>(count)) bytes.clear();
  return bytes;
}

}  // namespace

ListModeReader::ListModeReader(const std::filesystem::path& path, OnDamage on_damage)
    : path_(path), in_(path, std::ios::binary) {
  if (!in_) refuse("{}: cannot be read; check the name and its permissions", path.string());
  in_.seekg(0, std::ios::end);
  size_ = static_cast<std::uint64_t>(in_.tellg());
  in_.seekg(0);
  std::string first;
  char c = 0;
  while (first.size() < 64 && in_.get(c) && c != '\n') first.push_back(c);
  const std::string word = kFirstWord;
  const auto digits = first.starts_with(word) ? first.substr(word.size()) : "";
  if (digits.empty() || digits.size() > 7 ||
      digits.find_first_not_of("0123456789") != std::string::npos)
    refuse("{}: no list mode of sojourn (the first line must say \"{}\" and a size)", path.string(),
           word);
  const auto header_bytes = std::strtoull(digits.c_str(), nullptr, 10);
  const std::uint64_t header_start = first.size() + 1;
  if (header_bytes > kMostHeaderBytes || header_start + header_bytes > size_)
    refuse("{}: the header of {} bytes is cut off", path.string(), header_bytes);
  const auto text = bytes_at(in_, header_start, header_bytes);
  header_ = parse_header(std::string(text.begin(), text.end()), path.string());
  data_start_ = header_start + header_bytes;
  scan(on_damage);
}

/// Walks from block head to block head; heads are short, so that this is quick beside reading. The
/// table at the end must tell the same.
void ListModeReader::scan(OnDamage on_damage) {
  const auto damaged = [&](std::uint64_t offset, const char* what) {
    if (on_damage == OnDamage::refuse)
      refuse("{}: damaged at byte {} ({}); {} blocks before it can be read on request",
             path_.string(), offset, what, blocks_.size());
  };
  std::uint64_t at = data_start_;
  for (;;) {
    const auto head = bytes_at(in_, at, kBlockHeadBytes);
    if (head.empty()) return damaged(at, "the file ends in the middle");
    const auto mark = get<std::uint32_t>(head.data());
    if (mark == kTableMark) break;
    if (mark != kBlockMark) return damaged(at, "neither a block nor the table of blocks");
    const ListModeBlock block{at, get<std::uint32_t>(head.data() + 8),
                              get<std::uint32_t>(head.data() + 12)};
    const std::uint64_t next = at + kBlockHeadBytes + std::uint64_t{block.events} * kEventBytes;
    if (block.events > kMostEvents || next > size_) return damaged(at, "a block is cut off");
    blocks_.push_back(block);
    at = next;
  }
  std::vector<char> rows;
  for (const auto& b : blocks_) {
    put<std::uint64_t>(rows, b.offset);
    put<std::uint32_t>(rows, b.slice);
    put<std::uint32_t>(rows, b.events);
  }
  const auto table = bytes_at(in_, at, 12 + rows.size() + 4);
  const bool good = !table.empty() && get<std::uint32_t>(table.data() + 4) == blocks_.size() &&
                    get<std::uint32_t>(table.data() + 8) == checksum(rows) &&
                    std::equal(rows.begin(), rows.end(), table.begin() + 12) &&
                    get<std::uint32_t>(table.data() + 12 + rows.size()) == kEndMark;
  if (!good) return damaged(at, "the table of blocks differs from the blocks");
  complete_ = true;
}

std::uint64_t ListModeReader::events() const {
  std::uint64_t sum = 0;
  for (const auto& b : blocks_) sum += b.events;
  return sum;
}

std::vector<records::ListModeEvent> ListModeReader::read(std::size_t index) {
  SOJOURN_EXPECT(index < blocks_.size());
  const auto& block = blocks_[index];
  const auto bytes =
      bytes_at(in_, block.offset, kBlockHeadBytes + std::size_t{block.events} * kEventBytes);
  if (bytes.empty() ||
      checksum(std::span(bytes).subspan(8)) != get<std::uint32_t>(bytes.data() + 4))
    refuse("{}: the checksum of block {} (byte {}) is wrong: the file is damaged there",
           path_.string(), index, block.offset);
  std::vector<records::ListModeEvent> events;
  events.reserve(block.events);
  for (std::size_t i = 0; i < block.events; ++i)
    events.push_back(get_event(bytes.data() + kBlockHeadBytes + i * kEventBytes));
  for (const auto& e : events)
    if (e.crystal_a >= header_.geometry.crystals() || e.crystal_b >= header_.geometry.crystals())
      refuse("{}: block {} names a crystal that the scanner does not have", path_.string(), index);
  return events;
}

}  // namespace sojourn::io
