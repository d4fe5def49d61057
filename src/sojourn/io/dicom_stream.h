#pragma once
#include <string_view>

#include "sojourn/io/dicom_decode.h"
#include "sojourn/io/dicom_image.h"

namespace sojourn::io::dicom {

/// Holds a compressed frame against its header before a library decodes it: it states the size, the
/// one component and no more bits than the header does, and what its decoder does not check itself
/// is sound. JPEG: known segments only, one lossless frame, Huffman tables within their limits.
/// @source ITU-T T.81 annexes B and H (JPEG), T.87 annex C (JPEG-LS), T.800 annex A (JPEG 2000).
/// @throws Error(bad_input) naming the file.
void check_stream(std::string_view coded, const ImageFile& file, Compression how);

}  // namespace sojourn::io::dicom
