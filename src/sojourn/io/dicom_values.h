#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/io/dicom_dataset.h"

/// Values of elements, whatever the transfer syntax says of their representation. A field names the
/// representation that the standard gives it, for files with implicit VR or UN.
namespace sojourn::io::dicom {

struct Field {
  Tag tag;
  std::array<char, 2> vr;
};

constexpr Field field(Tag tag, const char (&vr)[3]) { return {tag, {vr[0], vr[1]}}; }

/// Components of a text value between backslashes, trimmed; empty where absent.
[[nodiscard]] std::vector<std::string> texts(const Dataset& data, Tag tag);
/// The whole value as one text, trimmed; empty where absent.
[[nodiscard]] std::string text(const Dataset& data, Tag tag);
/// All numbers of an element, text (DS, IS) or binary; components that are no finite number are
/// NaN.
[[nodiscard]] std::vector<double> numbers(const Dataset& data, Field what);
/// The first number; nothing where absent, empty or not finite.
[[nodiscard]] std::optional<double> number(const Dataset& data, Field what);
/// The first number where it is a whole one that an int holds.
[[nodiscard]] std::optional<int> integer(const Dataset& data, Field what);

/// Items of a sequence; none where it is absent or holds no items.
[[nodiscard]] std::vector<Dataset> sequence(const Dataset& data, Tag tag);
/// First item of a sequence.
[[nodiscard]] std::optional<Dataset> first_item(const Dataset& data, Tag tag);

/// A private element by its creator, or, where no element of the group names that creator, in the
/// block 10 if that block has no creator at all (de-identification and research objects drop it).
[[nodiscard]] const Element* private_element(const Dataset& data, unsigned group,
                                             std::string_view creator, unsigned low_byte);
/// Text of a value of unknown representation.
[[nodiscard]] std::string element_text(const Element& element);
/// Number of a private element: text, FL or FD; of UN bytes: text if printable, else FD or FL by
/// length.
[[nodiscard]] std::optional<double> private_number(const Dataset& data, const Element& element);

}  // namespace sojourn::io::dicom
