#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

/// DICOM data sets as flat lists of elements over bytes that somebody else keeps. Sequences are
/// opened on demand, so that a header is read in one pass, without a dictionary and without
/// recursion into hostile nesting.
/// @source DICOM PS3.5 sections 7 (data set) and A (transfer syntaxes).
namespace sojourn::io::dicom {

using Tag = std::uint32_t;  ///< group << 16 | element

inline constexpr Tag kPixelData = 0x7FE00010;
inline constexpr Tag kFloatPixelData = 0x7FE00008;
inline constexpr Tag kDoublePixelData = 0x7FE00009;
inline constexpr Tag kItem = 0xFFFEE000;
inline constexpr Tag kItemEnd = 0xFFFEE00D;
inline constexpr Tag kSequenceEnd = 0xFFFEE0DD;

/// How the bytes of a data set are laid out.
struct Encoding {
  bool explicit_vr = true;
  bool big_endian = false;
};

struct Element {
  Tag tag = 0;
  std::array<char, 2> vr{'U', 'N'};  ///< "UN" where the file does not say
  bool undefined_length = false;
  std::string_view bytes;  ///< the value; of undefined length: all items, without the delimiter
};

struct Dataset {
  Encoding encoding;
  std::vector<Element> elements;  ///< as the file has them

  /// First element with the tag, or nullptr.
  [[nodiscard]] const Element* find(Tag tag) const;
};

/// The bytes do not make a data set; the text says why, without naming a file.
class Malformed : public std::runtime_error {
 public:
  explicit Malformed(const char* why, bool ran_out = false)
      : std::runtime_error(why), ran_out_(ran_out) {}
  [[nodiscard]] bool ran_out() const { return ran_out_; }  ///< more bytes might help

 private:
  bool ran_out_;
};

struct ParsedHeader {
  Dataset data;
  std::optional<Element> pixels;   ///< pixel data element; its bytes are empty
  std::size_t pixel_offset = 0;    ///< of the value of the pixel data
  std::uint64_t pixel_length = 0;  ///< as the header says; meaningless for undefined length
};

/// Reads elements up to the pixel data or the end. @throws Malformed.
[[nodiscard]] ParsedHeader parse_header(std::string_view bytes, Encoding encoding,
                                        std::size_t start);

/// The elements with group 2 at `start` (explicit little endian) and where they end. @throws
/// Malformed.
[[nodiscard]] Dataset parse_meta(std::string_view bytes, std::size_t start, std::size_t& end);

/// Items of a sequence (SQ, or UN that holds one). @throws Malformed.
[[nodiscard]] std::vector<Dataset> items(const Dataset& parent, const Element& sequence);

[[nodiscard]] std::uint16_t read_u16(std::string_view bytes, std::size_t at, bool big_endian);
[[nodiscard]] std::uint32_t read_u32(std::string_view bytes, std::size_t at, bool big_endian);

}  // namespace sojourn::io::dicom
