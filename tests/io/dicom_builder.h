#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class DcmFileFormat;

namespace sojourn::test {

/// How a test file is written.
enum class Coding {
  implicit,
  explicit_little,
  explicit_big,
  deflated,
  rle,
  jpeg_lossless,
  jpeg_lossless_sv1,
  jpeg_ls,
  jpeg_lossy,
  jpeg_2000
};

/// A synthetic DICOM object: any element by path, pixels, and a file in any coding.
class DicomBuilder {
 public:
  DicomBuilder();
  ~DicomBuilder();
  DicomBuilder(DicomBuilder&&) noexcept;
  DicomBuilder& operator=(DicomBuilder&&) noexcept;

  /// "(0054,0016)[0].(0018,1074)" or a keyword path; the value as text. An empty value makes an
  /// empty element.
  DicomBuilder& set(const std::string& path, const std::string& value);
  /// An element whose VR the dictionary does not know (private tags).
  DicomBuilder& set_private(unsigned group, unsigned element, const std::string& vr,
                            const std::string& value);
  DicomBuilder& remove(unsigned group, unsigned element);
  DicomBuilder& pixels(const std::vector<std::uint16_t>& values);
  DicomBuilder& pixels8(const std::vector<std::uint8_t>& values);
  DicomBuilder& pixels32(const std::vector<std::uint32_t>& values);
  DicomBuilder& pixels_float(const std::vector<float>& values);
  void write(const std::filesystem::path& file, Coding coding = Coding::explicit_little);

 private:
  std::unique_ptr<DcmFileFormat> file_;
};

/// A legacy PET slice, 4 x 3 pixels of 2 mm (columns) x 3 mm (rows) at z: BQML, START, F-18, 37 MBq
/// at 09:00, scan at 10:00 on 2026-03-02; pixel i holds 100 + i.
DicomBuilder pet_slice(double z_mm, const std::string& series = "1", int number = 1);
/// A CT slice of the same size; pixel i holds 1000 + i with intercept -1024.
DicomBuilder ct_slice(double z_mm, const std::string& series = "2", int number = 2);
/// A dynamic enhanced PET object; frame f has slope f + 1 and all its pixels hold 10.
/// @param order (temporal position, in-stack position) of each frame of the file, from 1.
DicomBuilder enhanced_pet(const std::vector<std::array<int, 2>>& order);
/// A reconstructed NM tomogram of n slices; pixel values are 10 times the slice number.
DicomBuilder nm_tomogram(int n, double spacing_between_slices_mm);

/// Writes n PET slices, 4 mm apart from z = 0, under names that say nothing.
void write_pet_series(const std::filesystem::path& folder, int n, const std::string& series = "1",
                      int number = 1);

}  // namespace sojourn::test
