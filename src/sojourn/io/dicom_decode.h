#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// What a transfer syntax means for pixels.
enum class Compression { none, rle, jpeg, jpeg_ls, jpeg_2000, unsupported };
[[nodiscard]] Compression compression_of(const std::string& transfer_syntax);
/// True for codings that change values (near-lossless JPEG-LS). JPEG 2000 says so in (0028,2110);
/// JPEG baseline and extended are not read.
[[nodiscard]] bool is_lossy(const std::string& transfer_syntax);
/// "JPEG 2000"…
[[nodiscard]] std::string compression_name(const std::string& transfer_syntax);

/// Decodes one frame into little-endian samples of `bits_allocated`. The code stream must state the
/// size and the single component that the header states, or it is not decoded at all.
/// @throws Error(bad_input) naming the file.
[[nodiscard]] std::vector<char> decode_frame(std::string_view coded, const ImageFile& file);

}  // namespace sojourn::io::dicom
