#include "sojourn/io/dicom_dataset.h"

namespace sojourn::io::dicom {
namespace {

constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr int kDeepest = 16;  // sequences inside sequences; real objects stay under 8

struct Head {
  Tag tag = 0;
  std::array<char, 2> vr{'U', 'N'};
  std::uint32_t length = 0;
  std::size_t value = 0;  ///< offset of the value
};

void need(std::string_view bytes, std::size_t at, std::size_t n) {
  if (at > bytes.size() || bytes.size() - at < n) {
    throw Malformed("the data end in the middle of an element", true);
  }
}

bool long_form(std::array<char, 2> vr) {
  constexpr std::array<std::string_view, 13> kLong = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                      "SV", "UC", "UN", "UR", "UT", "UV"};
  const std::string_view name(vr.data(), 2);
  for (const auto& one : kLong) {
    if (one == name) return true;
  }
  return false;
}

bool is_vr(std::array<char, 2> vr) {
  return vr[0] >= 'A' && vr[0] <= 'Z' && vr[1] >= 'A' && vr[1] <= 'Z';
}

Head read_head(std::string_view bytes, std::size_t at, Encoding encoding) {
  need(bytes, at, 8);
  Head head;
  head.tag = static_cast<Tag>(read_u16(bytes, at, encoding.big_endian)) << 16 |
             read_u16(bytes, at + 2, encoding.big_endian);
  if (!encoding.explicit_vr || head.tag >> 16 == 0xFFFE) {
    head.length = read_u32(bytes, at + 4, encoding.big_endian);
    head.value = at + 8;
    return head;
  }
  head.vr = {bytes[at + 4], bytes[at + 5]};
  if (!is_vr(head.vr)) throw Malformed("an element has no value representation");
  if (!long_form(head.vr)) {
    head.length = read_u16(bytes, at + 6, encoding.big_endian);
    head.value = at + 8;
    return head;
  }
  need(bytes, at, 12);
  head.length = read_u32(bytes, at + 8, encoding.big_endian);
  head.value = at + 12;
  return head;
}

/// What the items inside an element of undefined length are written in: UN hides implicit little
/// endian (PS3.5 6.2.2).
Encoding inside(Encoding outer, std::array<char, 2> vr) {
  if (outer.explicit_vr && vr[0] == 'U' && vr[1] == 'N') return {false, false};
  return outer;
}

std::size_t skip_items(std::string_view bytes, std::size_t at, Encoding encoding, int depth);

/// Where the elements of an item of undefined length end; `at` is moved behind its delimiter.
std::size_t skip_elements(std::string_view bytes, std::size_t& at, Encoding encoding, int depth) {
  for (;;) {
    const Head head = read_head(bytes, at, encoding);
    if (head.tag == kItemEnd) {
      const std::size_t end = at;
      at = head.value;
      return end;
    }
    if (head.length == kUndefined) {
      at = skip_items(bytes, head.value, inside(encoding, head.vr), depth + 1) + 8;
    } else {
      need(bytes, head.value, head.length);
      at = head.value + head.length;
    }
  }
}

/// Offset of the sequence delimiter that ends the items at `at`.
std::size_t skip_items(std::string_view bytes, std::size_t at, Encoding encoding, int depth) {
  if (depth > kDeepest) throw Malformed("sequences are nested too deeply");
  for (;;) {
    const Head head = read_head(bytes, at, encoding);
    if (head.tag == kSequenceEnd) return at;
    if (head.tag != kItem) throw Malformed("a sequence holds something that is no item");
    at = head.value;
    if (head.length == kUndefined) {
      skip_elements(bytes, at, encoding, depth);
    } else {
      need(bytes, at, head.length);
      at += head.length;
    }
  }
}

/// Takes one element from `at` and moves behind it.
Element take(std::string_view bytes, std::size_t& at, Encoding encoding, const Head& head) {
  Element element{head.tag, head.vr, head.length == kUndefined, {}};
  if (element.undefined_length) {
    const std::size_t end = skip_items(bytes, head.value, inside(encoding, head.vr), 0);
    element.bytes = bytes.substr(head.value, end - head.value);
    at = end + 8;
  } else {
    need(bytes, head.value, head.length);
    element.bytes = bytes.substr(head.value, head.length);
    at = head.value + head.length;
  }
  return element;
}

Dataset parse_item(std::string_view bytes, Encoding encoding) {
  Dataset data{encoding, {}};
  for (std::size_t at = 0; at < bytes.size();) {
    const Head head = read_head(bytes, at, encoding);
    if (head.tag == kItemEnd) break;
    data.elements.push_back(take(bytes, at, encoding, head));
  }
  return data;
}

}  // namespace

std::uint16_t read_u16(std::string_view bytes, std::size_t at, bool big_endian) {
  const auto a = static_cast<unsigned char>(bytes[at]),
             b = static_cast<unsigned char>(bytes[at + 1]);
  return static_cast<std::uint16_t>(big_endian ? a << 8 | b : b << 8 | a);
}

std::uint32_t read_u32(std::string_view bytes, std::size_t at, bool big_endian) {
  const std::uint32_t a = read_u16(bytes, at, big_endian), b = read_u16(bytes, at + 2, big_endian);
  return big_endian ? a << 16 | b : b << 16 | a;
}

const Element* Dataset::find(Tag tag) const {
  for (const auto& element : elements) {
    if (element.tag == tag) return &element;
  }
  return nullptr;
}

ParsedHeader parse_header(std::string_view bytes, Encoding encoding, std::size_t start) {
  ParsedHeader header;
  header.data.encoding = encoding;
  for (std::size_t at = start; at < bytes.size();) {
    if (bytes.size() - at < 8 && bytes.find_first_not_of('\0', at) == std::string_view::npos) break;
    const Head head = read_head(bytes, at, encoding);
    const bool is_pixels =
        head.tag == kPixelData || head.tag == kFloatPixelData || head.tag == kDoublePixelData;
    if (is_pixels) {
      header.pixels = Element{head.tag, head.vr, head.length == kUndefined, {}};
      header.pixel_offset = head.value;
      header.pixel_length = head.length;
      break;
    }
    if (head.tag >> 16 == 0xFFFE) throw Malformed("an item stands outside any sequence");
    header.data.elements.push_back(take(bytes, at, encoding, head));
  }
  return header;
}

Dataset parse_meta(std::string_view bytes, std::size_t start, std::size_t& end) {
  const Encoding encoding{true, false};
  Dataset meta{encoding, {}};
  std::size_t at = start;
  while (at < bytes.size()) {
    need(bytes, at, 4);
    if (read_u16(bytes, at, false) != 0x0002) break;
    const Head head = read_head(bytes, at, encoding);
    meta.elements.push_back(take(bytes, at, encoding, head));
  }
  end = at;
  return meta;
}

std::vector<Dataset> items(const Dataset& parent, const Element& sequence) {
  Encoding encoding = parent.encoding;
  if (sequence.undefined_length) {
    encoding = inside(encoding, sequence.vr);
  } else if (encoding.explicit_vr && sequence.vr == std::array{'U', 'N'}) {
    encoding = {false, false};
  }
  std::vector<Dataset> found;
  const std::string_view bytes = sequence.bytes;
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    const Head head = read_head(bytes, at, encoding);
    if (head.tag == kSequenceEnd) break;
    if (head.tag != kItem) throw Malformed("a sequence holds something that is no item");
    at = head.value;
    std::size_t end = 0;
    if (head.length == kUndefined) {
      const std::size_t begin = at;
      end = skip_elements(bytes, at, encoding, 0);
      found.push_back(parse_item(bytes.substr(begin, end - begin), encoding));
    } else {
      need(bytes, at, head.length);
      found.push_back(parse_item(bytes.substr(at, head.length), encoding));
      at += head.length;
    }
  }
  return found;
}

}  // namespace sojourn::io::dicom
