#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::io {

/// The text header of a Concorde/Inveon image: "name value" lines, '#' comments, then blocks that
/// begin with "frame N" and end with "end_of_header". The first value of a repeated name counts.
class ConcordeHeader {
 public:
  /// @param source file name for messages. @throws Error(bad_input) for text that is no such
  /// header.
  ConcordeHeader(std::string_view text, std::string source);

  using Fields = std::map<std::string, std::string, std::less<>>;
  [[nodiscard]] const Fields& main() const { return main_; }
  [[nodiscard]] const std::vector<Fields>& frames() const { return frames_; }

  /// @throws Error(bad_input) naming the field where it is there and not of its kind.
  [[nodiscard]] std::optional<double> number(const Fields& fields, std::string_view name) const;
  [[nodiscard]] std::optional<long> integer(const Fields& fields, std::string_view name) const;
  [[nodiscard]] std::string text(const Fields& fields, std::string_view name) const;
  /// "Mon Mar  2 10:15:00 2026" as seconds since 1970 on the scanner's clock.
  [[nodiscard]] std::optional<double> time(const Fields& fields, std::string_view name) const;
  [[noreturn]] void fail(std::string_view name, const std::string& message) const;

 private:
  std::string source_;
  Fields main_;
  std::vector<Fields> frames_;
};

/// True where the text looks like such a header (version and model or file_type before the first
/// frame).
[[nodiscard]] bool looks_like_concorde(std::string_view text);

}  // namespace sojourn::io
