#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sojourn/core/error.h"

namespace sojourn::io {

/// How a number is stored in a file of pixels.
enum class RawType { u8, i8, u16, i16, u32, i32, u64, i64, f32, f64 };

[[nodiscard]] std::size_t bytes_of(RawType type);

/// What decode() met on its way that no measurement can use.
struct NonFinite {
  std::size_t nan = 0;
  std::size_t infinite = 0;
};

/// Stored numbers -> slope * value + intercept, in double, kept as float. NaN becomes 0 and is
/// counted (it marks voxels outside the field of view); infinities, and values beyond float, become
/// 0 and are counted apart.
/// @param bytes  out.size() * bytes_of(type) bytes.
void decode(std::span<const std::byte> bytes, RawType type, bool big_endian, double slope,
            double intercept, std::span<float> out, NonFinite& odd);

/// Refuses infinities; a warning for NaN. @param file name for messages.
void judge(const NonFinite& odd, const std::string& file, std::vector<std::string>& warnings);

/// Bounds-checked look into a header that may lie: numbers of either byte order at byte offsets,
/// texts cut at NUL.
class ByteView {
 public:
  ByteView(std::span<const std::byte> bytes, bool big_endian)
      : bytes_(bytes), big_endian_(big_endian) {}
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  template <typename T>
  [[nodiscard]] T get(std::size_t at) const;
  [[nodiscard]] std::string text(std::size_t at, std::size_t length) const;

 private:
  std::span<const std::byte> bytes_;
  bool big_endian_;
};

}  // namespace sojourn::io
