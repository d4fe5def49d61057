#include "sojourn/core/error.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/io/list_mode_bytes.h"

namespace sojourn::io {
namespace {

using namespace list_mode;

void write(std::ofstream& out, const std::filesystem::path& path, std::span<const char> bytes) {
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  if (!out)
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written; is the disk full?", path.string()));
}

}  // namespace

ListModeWriter::ListModeWriter(const std::filesystem::path& path,
                               const records::ListModeHeader& header, bool resume)
    : path_(path) {
  const std::string text = header_text(header);
  if (resume && std::filesystem::exists(path)) {
    std::uint64_t keep = 0;
    {
      ListModeReader old(path, OnDamage::stop);
      if (header_text(old.header()) != text)
        refuse("{}: holds another scan (its header differs); remove it or write elsewhere",
               path.string());
      keep = std::string(kFirstWord).size() + std::to_string(text.size()).size() + 1 + text.size();
      for (std::size_t i = 0; i < old.blocks().size(); ++i) {
        const auto block = old.blocks()[i];
        if (block.slice != next_) break;
        try {
          (void)old.read(i);
        } catch (const Error&) {
          break;  // the rest is made again
        }
        blocks_.push_back(block);
        events_ += block.events;
        keep = block.offset + kBlockHeadBytes + std::uint64_t{block.events} * kEventBytes;
        ++next_;
      }
    }
    std::filesystem::resize_file(path, keep);
    out_.open(path, std::ios::binary | std::ios::app);
    out_.seekp(0, std::ios::end);
    if (!out_) write(out_, path_, {});
    return;
  }
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  out_.open(path, std::ios::binary | std::ios::trunc);
  const std::string head = kFirstWord + std::to_string(text.size()) + "\n" + text;
  write(out_, path_, head);
}

void ListModeWriter::append(std::span<const records::ListModeEvent> events) {
  SOJOURN_EXPECT(events.size() <= kMostEvents);
  const auto offset = static_cast<std::uint64_t>(out_.tellp());
  const auto bytes = block_bytes(next_, events);
  write(out_, path_, bytes);
  blocks_.push_back({offset, next_, static_cast<std::uint32_t>(events.size())});
  events_ += events.size();
  ++next_;
}

void ListModeWriter::finish() {
  std::vector<char> rows, all;
  for (const auto& b : blocks_) {
    put<std::uint64_t>(rows, b.offset);
    put<std::uint32_t>(rows, b.slice);
    put<std::uint32_t>(rows, b.events);
  }
  put<std::uint32_t>(all, kTableMark);
  put<std::uint32_t>(all, static_cast<std::uint32_t>(blocks_.size()));
  put<std::uint32_t>(all, checksum(rows));
  all.insert(all.end(), rows.begin(), rows.end());
  put<std::uint32_t>(all, kEndMark);
  write(out_, path_, all);
  out_.close();
}

}  // namespace sojourn::io
