#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <vector>

#include "sojourn/records/list_mode.h"

/// List mode on disk, docs/theory/list_mode.md: a line of JSON (schema sojourn/listmode/1), blocks
/// of events with their own checksum, and a table of blocks at the end. A block is a slice of the
/// time.
namespace sojourn::io {

struct ListModeBlock {
  std::uint64_t offset = 0;  ///< of its head in the file
  std::uint32_t slice = 0, events = 0;
};

/// Appends blocks. finish() writes the table; without it the file is still readable by scanning.
class ListModeWriter {
 public:
  /// A new file, or, where `resume` and a file with the same header exists, its undamaged blocks
  /// kept and the rest cut off. @throws Error(bad_input) where the file is of another scan,
  /// Error(io_failed).
  ListModeWriter(const std::filesystem::path& path, const records::ListModeHeader& header,
                 bool resume);

  /// The slice that comes next; those before are in the file.
  [[nodiscard]] std::uint32_t next_slice() const { return next_; }
  /// Events that the file holds.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  void append(std::span<const records::ListModeEvent> events);
  void finish();

 private:
  std::filesystem::path path_;
  std::ofstream out_;
  std::vector<ListModeBlock> blocks_;
  std::uint32_t next_ = 0;
  std::uint64_t events_ = 0;
};

enum class OnDamage {
  refuse,  ///< an incomplete or damaged file is an error
  stop     ///< read what comes before the damage
};

/// Reads blocks in any order.
class ListModeReader {
 public:
  /// @throws Error(bad_input) with file and byte where the file is damaged.
  explicit ListModeReader(const std::filesystem::path& path, OnDamage on_damage = OnDamage::refuse);

  [[nodiscard]] const records::ListModeHeader& header() const { return header_; }
  [[nodiscard]] std::span<const ListModeBlock> blocks() const { return blocks_; }
  [[nodiscard]] std::uint64_t events() const;
  /// Whether the file ended as it should; false only with OnDamage::stop.
  [[nodiscard]] bool complete() const { return complete_; }
  /// Events of a block, checked against its checksum.
  [[nodiscard]] std::vector<records::ListModeEvent> read(std::size_t block);

 private:
  void scan(OnDamage on_damage);
  std::filesystem::path path_;
  std::ifstream in_;
  records::ListModeHeader header_;
  std::vector<ListModeBlock> blocks_;
  std::uint64_t data_start_ = 0, size_ = 0;
  bool complete_ = false;
};

}  // namespace sojourn::io
