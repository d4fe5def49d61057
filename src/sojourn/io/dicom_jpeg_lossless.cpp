#include "sojourn/io/dicom_jpeg_lossless.h"

#include <array>
#include <cstdint>

#include "sojourn/io/dicom_dataset.h"

namespace sojourn::io::dicom {
namespace {

/// The stream ended or said something impossible.
struct Damaged {};

/// Codes of one Huffman table, for decoding bit by bit (T.81 F.2.2.3).
struct Huffman {
  std::array<int, 18> first_code{};   ///< smallest code of each length
  std::array<int, 18> past_code{};    ///< one over the largest code of each length
  std::array<int, 18> first_value{};  ///< index of its value
  std::vector<std::uint8_t> values;
};

Huffman make_table(std::string_view counts, std::string_view values) {
  Huffman table;
  table.values.assign(values.begin(), values.end());
  int code = 0, index = 0;
  for (std::size_t length = 1; length <= 16; ++length) {
    const int n = static_cast<unsigned char>(counts[length - 1]);
    table.first_code[length] = code;
    table.first_value[length] = index;
    code += n;
    index += n;
    table.past_code[length] = code;
    if (code > 1 << length) throw Damaged{};
    code <<= 1;
  }
  return table;
}

/// Entropy-coded bits, with stuffed zeros taken out; stops at markers.
class Bits {
 public:
  Bits(std::string_view stream, std::size_t at) : stream_(stream), at_(at) {}
  int bit() {
    if (left_ == 0) {
      if (at_ >= stream_.size()) throw Damaged{};
      byte_ = static_cast<unsigned char>(stream_[at_++]);
      if (byte_ == 0xFF) {
        if (at_ >= stream_.size() || stream_[at_] != '\0') throw Damaged{};
        ++at_;
      }
      left_ = 8;
    }
    --left_;
    return byte_ >> left_ & 1;
  }
  int take(int n) {
    int value = 0;
    for (int i = 0; i < n; ++i) value = value << 1 | bit();
    return value;
  }
  int symbol(const Huffman& table) {
    int code = 0;
    for (std::size_t length = 1; length <= 16; ++length) {
      code = code << 1 | bit();
      if (code >= table.first_code[length] && code < table.past_code[length]) {
        return table.values[static_cast<std::size_t>(table.first_value[length] + code -
                                                     table.first_code[length])];
      }
    }
    throw Damaged{};
  }
  /// The next bytes are a restart marker.
  void restart() {
    left_ = 0;
    if (at_ + 2 > stream_.size() || stream_[at_] != '\xFF' || (stream_[at_ + 1] & 0xF8) != 0xD0) {
      throw Damaged{};
    }
    at_ += 2;
  }

 private:
  std::string_view stream_;
  std::size_t at_;
  int byte_ = 0, left_ = 0;
};

struct Scan {
  std::array<std::optional<Huffman>, 4> tables;
  std::size_t restart_interval = 0, rows = 0, columns = 0, data = 0;
  int precision = 0, table = 0, predictor = 0, shift = 0;
};

void read_tables(std::string_view segment, Scan& scan) {
  for (std::size_t at = 0; at + 17 <= segment.size();) {
    const auto id = static_cast<std::size_t>(segment[at] & 0x0F);
    const auto counts = segment.substr(at + 1, 16);
    std::size_t n = 0;
    for (const char c : counts) n += static_cast<unsigned char>(c);
    if (id > 3 || n > 256 || at + 17 + n > segment.size()) throw Damaged{};
    scan.tables[id] = make_table(counts, segment.substr(at + 17, n));
    at += 17 + n;
  }
}

/// Markers up to the start of the only scan.
Scan read_markers(std::string_view stream) {
  Scan scan;
  for (std::size_t at = 2; at + 4 <= stream.size();) {
    const auto marker = static_cast<unsigned char>(stream[at + 1]);
    if (stream[at] != '\xFF') throw Damaged{};
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const std::size_t length = read_u16(stream, at + 2, true);
    if (length < 2 || at + 2 + length > stream.size()) throw Damaged{};
    const std::string_view segment = stream.substr(at + 4, length - 2);
    at += 2 + length;
    if (marker == 0xC4) read_tables(segment, scan);
    if (marker == 0xDD && segment.size() >= 2) scan.restart_interval = read_u16(segment, 0, true);
    if (marker == 0xC3 && segment.size() >= 6) {
      scan.precision = static_cast<unsigned char>(segment[0]);
      scan.rows = read_u16(segment, 1, true);
      scan.columns = read_u16(segment, 3, true);
    }
    if (marker == 0xDA) {
      if (segment.size() < 6 || segment[0] != 1) throw Damaged{};
      scan.table = static_cast<unsigned char>(segment[2]) >> 4;
      scan.predictor = static_cast<unsigned char>(segment[3]);
      scan.shift = segment[5] & 0x0F;
      scan.data = at;
      return scan;
    }
  }
  throw Damaged{};
}

/// Table H.1 of T.81: a is left, b above, c above left.
int predict(int predictor, int a, int b, int c) {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/// A difference (T.81 H.1.2.2): its category, then its bits.
int difference(Bits& bits, const Huffman& table) {
  const int category = bits.symbol(table);
  if (category == 0) return 0;
  if (category == 16) return 32768;
  if (category > 16) throw Damaged{};
  const int value = bits.take(category);
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

std::vector<std::uint16_t> decode_scan(std::string_view stream, const Scan& scan) {
  const auto id = static_cast<std::size_t>(scan.table);
  if (id > 3 || !scan.tables[id]) throw Damaged{};
  const Huffman& table = *scan.tables[id];
  const std::size_t interval = scan.restart_interval;
  if (interval % scan.columns != 0) throw Damaged{};  // T.81 H.1.1: whole lines
  const std::size_t lines = interval / scan.columns;
  Bits bits(stream, scan.data);
  std::vector<std::uint16_t> out(scan.rows * scan.columns);
  for (std::size_t y = 0; y < scan.rows; ++y) {
    const bool fresh =
        y == 0 ||
        (lines > 0 && y % lines == 0);  // the first line after a restart has nothing above
    if (fresh && y > 0) bits.restart();
    std::uint16_t* row = out.data() + y * scan.columns;
    const std::uint16_t* above = y > 0 ? row - scan.columns : nullptr;
    for (std::size_t x = 0; x < scan.columns; ++x) {
      int guess = 0;
      if (x == 0) {
        guess = fresh ? 1 << (scan.precision - scan.shift - 1) : above[0];
      } else {
        guess = fresh ? row[x - 1] : predict(scan.predictor, row[x - 1], above[x], above[x - 1]);
      }
      row[x] = static_cast<std::uint16_t>(guess + difference(bits, table));
    }
  }
  return out;
}

}  // namespace

std::optional<std::vector<char>> decode_jpeg_lossless(std::string_view stream, std::size_t rows,
                                                      std::size_t columns,
                                                      std::size_t sample_bytes) try {
  const Scan scan = read_markers(stream);
  const bool fits = scan.rows == rows && scan.columns == columns && scan.precision >= 2 &&
                    scan.precision <= static_cast<int>(8 * sample_bytes) && sample_bytes <= 2 &&
                    scan.predictor >= 1 && scan.predictor <= 7 && scan.shift < scan.precision;
  if (!fits) return std::nullopt;
  const auto samples = decode_scan(stream, scan);
  std::vector<char> bytes(samples.size() * sample_bytes);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const unsigned value = static_cast<unsigned>(samples[i]) << scan.shift;
    bytes[i * sample_bytes] = static_cast<char>(value & 0xFF);
    if (sample_bytes == 2) bytes[i * 2 + 1] = static_cast<char>(value >> 8 & 0xFF);
  }
  return bytes;
} catch (const Damaged&) {
  return std::nullopt;
}

}  // namespace sojourn::io::dicom
