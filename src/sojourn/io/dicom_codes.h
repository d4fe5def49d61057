#pragma once
#include <string_view>

namespace sojourn::io::dicom {

/// Nuclide of a code value of the Radionuclide Code Sequence (0054,0300), "Zr-89"; empty where the
/// code is unknown. The codes of the schemes that files use (SCT, SRT, SNM3, DCM) do not collide.
[[nodiscard]] std::string_view nuclide_of_code(std::string_view code);

}  // namespace sojourn::io::dicom
