#pragma once
#include <cstddef>
#include <string>
#include <string_view>

/// Text that is safe inside HTML and SVG, whatever file it came from.
namespace sojourn::report {

/// `text` as valid UTF-8: bytes that are none, control characters, and code points that XML forbids
/// become U+FFFD; tabs and line ends become blanks.
[[nodiscard]] std::string clean_utf8(std::string_view text);

/// clean_utf8 with & < > " ' as entities: safe as element text and as a quoted attribute.
[[nodiscard]] std::string html_escape(std::string_view text);

/// At most `max_characters` code points of clean_utf8(text), the last an ellipsis where it was
/// longer; not escaped.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t max_characters);

/// Percent-encodes everything but what may stand in the path of a link (RFC 3986, section 3.3).
[[nodiscard]] std::string url_path(std::string_view text);

}  // namespace sojourn::report
