#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::io {

/// The keys and values of an Interfile header. Keys are lower case, without "!" and "%", single
/// spaces, none before "[": "matrix size[1]". A key that stands twice keeps its last value.
/// @source Todd-Pokropek, Cradduck, Deconinck, Nucl Med Commun 1992;13:673-699 (Interfile 3.3), and
/// the extensions for PET of STIR and of Siemens (PETLINK).
class InterfileHeader {
 public:
  /// @throws Error(bad_input) where the text does not begin with INTERFILE, naming file and line.
  InterfileHeader(std::string_view text, std::filesystem::path file);
  [[nodiscard]] static InterfileHeader read(const std::filesystem::path& file);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& key) const;
  /// @throws Error(bad_input) where the value is there and no number.
  [[nodiscard]] std::optional<double> number(const std::string& key) const;
  [[nodiscard]] std::optional<int> whole(const std::string& key) const;
  /// "{ 1, 2,3}" or a single number.
  [[nodiscard]] std::vector<double> list(const std::string& key) const;
  /// The same, required. @throws Error(bad_input) naming file and key.
  [[nodiscard]] std::string need_text(const std::string& key) const;
  [[nodiscard]] double need_number(const std::string& key) const;
  [[nodiscard]] int need_whole(const std::string& key) const;

  /// "file:line: key"
  [[nodiscard]] std::string where(const std::string& key) const;

 private:
  struct Value {
    std::string text;
    int line = 0;
  };
  std::filesystem::path file_;
  std::map<std::string, Value> values_;
};

/// The data file beside the header. @throws Error(bad_input) where it is missing.
[[nodiscard]] std::filesystem::path interfile_data_file(const InterfileHeader& header);

/// `n` values of the data file after its offset, scaled by "image scaling factor[1]"; number format
/// and byte order from the header. @throws Error(bad_input) where the file has fewer or more.
[[nodiscard]] std::vector<float> interfile_values(const InterfileHeader& header, std::size_t n);

}  // namespace sojourn::io
