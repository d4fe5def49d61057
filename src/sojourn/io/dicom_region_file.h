#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class DcmDataset;
class DcmFileFormat;
class DcmItem;
class DcmTagKey;

/// A DICOM file that somebody else wrote, read with care: every access checks type and size, and
/// messages carry the file's name alone.
namespace sojourn::io::region_file {

class File {
 public:
  /// @throws Error(bad_input) where the path is no readable DICOM file
  explicit File(const std::filesystem::path& path);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] DcmDataset& dataset() const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uintmax_t bytes() const { return bytes_; }
  [[nodiscard]] std::string sop_class() const;
  [[nodiscard]] std::string transfer_syntax() const;

  /// Texts without padding and control characters; empty where absent.
  [[nodiscard]] std::string text(DcmItem& item, const DcmTagKey& tag) const;
  /// US, UL or IS.
  [[nodiscard]] std::optional<std::int64_t> integer(DcmItem& item, const DcmTagKey& tag) const;
  /// DS, FD or FL, all values; `what` names the field in messages. @throws where one is no finite
  /// number
  [[nodiscard]] std::vector<double> decimals(DcmItem& item, const DcmTagKey& tag,
                                             const char* what) const;
  /// Items of a sequence; none where absent.
  [[nodiscard]] std::vector<DcmItem*> items(DcmItem& item, const DcmTagKey& tag) const;
  /// First item of a sequence, or nullptr.
  [[nodiscard]] DcmItem* first(DcmItem& item, const DcmTagKey& tag) const;

 private:
  std::string name_;
  std::uintmax_t bytes_ = 0;
  std::unique_ptr<DcmFileFormat> format_;
};

/// DCMTK says what it finds on standard error unless told not to; errors reach the user as Error.
void quiet_dcmtk();

/// Makes names unique by a number at the end; an empty one becomes `fallback`.
[[nodiscard]] std::string unique_name(const std::string& name, const std::string& fallback,
                                      const std::vector<std::string>& taken);

}  // namespace sojourn::io::region_file
