#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/projector/lor.h"

namespace sojourn::recon {

/// "Key: value" lines of a CASToR header; keys in lower case.
class CastorHeader {
 public:
  /// @throws Error(bad_input) with file and line where a line has no colon.
  CastorHeader(std::string_view text, std::filesystem::path file);

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] std::optional<std::string> text(const std::string& key) const;
  [[nodiscard]] std::optional<double> number(const std::string& key) const;
  [[nodiscard]] bool flag(const std::string& key) const;
  [[nodiscard]] std::string need_text(const std::string& key) const;
  [[nodiscard]] double need_number(const std::string& key) const;

 private:
  std::filesystem::path file_;
  std::map<std::string, std::string> values_;
};

/// Centres of the crystals of a scanner given as look-up table.
struct CastorScanner {
  std::string name;
  std::vector<std::array<float, 3>> crystal_mm;
  double min_angle_rad = 0;  ///< between crystals of a pair
  double radius_mm = 0, half_length_mm = 0;
};

/// NAME.hscan and NAME.lut (x, y, z and the three components of the direction of each crystal,
/// 32-bit floats) beside `near`, or in a folder "scanner" there. @throws Error(bad_input).
[[nodiscard]] CastorScanner read_castor_scanner(const std::string& name,
                                                const std::filesystem::path& near);

}  // namespace sojourn::recon
