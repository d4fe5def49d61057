#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace sojourn::io::dicom {

/// Decodes a lossless Huffman JPEG of one component (processes 14 of DICOM, SOF3), up to 16 bits
/// per sample. Written here because the codec of the libraries aborts the program on damaged
/// streams.
/// @param sample_bytes 1 or 2: width of the little-endian samples that come out.
/// @return nothing where the stream is damaged, ends early or is of another size or process.
/// @source ITU-T T.81 (ISO/IEC 10918-1), annexes B (markers), C and F.2.2 (Huffman), H (lossless).
[[nodiscard]] std::optional<std::vector<char>> decode_jpeg_lossless(std::string_view stream,
                                                                    std::size_t rows,
                                                                    std::size_t columns,
                                                                    std::size_t sample_bytes);

}  // namespace sojourn::io::dicom
