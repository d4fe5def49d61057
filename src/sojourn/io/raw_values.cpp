#include "sojourn/io/raw_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace sojourn::io {
namespace {

static_assert(std::endian::native == std::endian::little, "this file swaps big-endian values only");

template <typename T>
T load(const std::byte* at, bool big_endian) {
  std::array<std::byte, sizeof(T)> raw{};
  std::memcpy(raw.data(), at, sizeof(T));
  if (big_endian) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

template <typename T>
void decode_as(std::span<const std::byte> bytes, bool big_endian, double slope, double intercept,
               std::span<float> out, NonFinite& odd) {
  constexpr double kMost = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double value =
        slope * static_cast<double>(load<T>(bytes.data() + i * sizeof(T), big_endian)) + intercept;
    if (std::isnan(value)) {
      ++odd.nan;
      out[i] = 0;
    } else if (!(std::abs(value) <= kMost)) {
      ++odd.infinite;
      out[i] = 0;
    } else {
      out[i] = static_cast<float>(value);
    }
  }
}

}  // namespace

std::size_t bytes_of(RawType type) {
  switch (type) {
    case RawType::u8:
    case RawType::i8:
      return 1;
    case RawType::u16:
    case RawType::i16:
      return 2;
    case RawType::u32:
    case RawType::i32:
    case RawType::f32:
      return 4;
    case RawType::u64:
    case RawType::i64:
    case RawType::f64:
      return 8;
  }
  return 1;
}

void decode(std::span<const std::byte> bytes, RawType type, bool big_endian, double slope,
            double intercept, std::span<float> out, NonFinite& odd) {
  SOJOURN_EXPECT(bytes.size() == out.size() * bytes_of(type));
  switch (type) {
    case RawType::u8:
      return decode_as<std::uint8_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::i8:
      return decode_as<std::int8_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::u16:
      return decode_as<std::uint16_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::i16:
      return decode_as<std::int16_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::u32:
      return decode_as<std::uint32_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::i32:
      return decode_as<std::int32_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::u64:
      return decode_as<std::uint64_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::i64:
      return decode_as<std::int64_t>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::f32:
      return decode_as<float>(bytes, big_endian, slope, intercept, out, odd);
    case RawType::f64:
      return decode_as<double>(bytes, big_endian, slope, intercept, out, odd);
  }
}

void judge(const NonFinite& odd, const std::string& file, std::vector<std::string>& warnings) {
  if (odd.infinite > 0) {
    refuse(
        "{}: {} voxel values are infinite or beyond 3.4e38 (a failed reconstruction or division); "
        "export the image again",
        file, odd.infinite);
  }
  if (odd.nan > 0) {
    warnings.push_back(
        fmt::format("{} voxel values are not numbers (NaN) and count as 0, outside the field of "
                    "view",
                    odd.nan));
  }
}

template <typename T>
T ByteView::get(std::size_t at) const {
  if (at > bytes_.size() || bytes_.size() - at < sizeof(T))
    refuse("the header ends before byte {}", at + sizeof(T));
  return load<T>(bytes_.data() + at, big_endian_);
}

template std::uint8_t ByteView::get(std::size_t) const;
template std::int16_t ByteView::get(std::size_t) const;
template std::uint16_t ByteView::get(std::size_t) const;
template std::int32_t ByteView::get(std::size_t) const;
template std::uint32_t ByteView::get(std::size_t) const;
template std::int64_t ByteView::get(std::size_t) const;
template float ByteView::get(std::size_t) const;
template double ByteView::get(std::size_t) const;

std::string ByteView::text(std::size_t at, std::size_t length) const {
  std::string word;
  for (std::size_t i = at; i < bytes_.size() && i < at + length && bytes_[i] != std::byte{0}; ++i) {
    word += static_cast<char>(bytes_[i]);
  }
  while (!word.empty() && word.back() == ' ') word.pop_back();
  return word;
}

}  // namespace sojourn::io
