#include "sojourn/io/dicom_codes.h"

#include <array>

namespace sojourn::io::dicom {
namespace {

struct Row {
  std::string_view code;     ///< SNOMED CT concept, or DICOM code where SNOMED has none
  std::string_view earlier;  ///< SNOMED-RT style code (SRT, SNM3, 99SDM) of older files
  std::string_view nuclide;
};

/// @source DICOM PS3.16, CID 4020 "PET Radionuclide" and CID 18 "Radionuclide"; the older codes by
/// table O of PS3.16.
constexpr std::array<Row, 40> kRows = {{
    {"40565003", "C-105A1", "C-11"},
    {"21576001", "C-107A1", "N-13"},
    {"129504001", "C-B1038", "O-15"},
    {"77004003", "C-111A1", "F-18"},
    {"71633006", "C-155A1", "Na-22"},
    {"126605", "", "Sc-43"},
    {"126600", "", "Sc-44"},
    {"75696008", "C-166A2", "Ti-45"},
    {"37225000", "C-149A1", "Mn-52"},
    {"425364008", "C-127A4", "Cu-60"},
    {"71425003", "C-127A1", "Cu-61"},
    {"422934004", "C-127A5", "Cu-62"},
    {"3932008", "C-127A2", "Cu-64"},
    {"53700003", "C-127A3", "Cu-67"},
    {"79477007", "C-131A1", "Ga-66"},
    {"2008008", "C-131A2", "Ga-67"},
    {"35337001", "C-131A3", "Ga-68"},
    {"53315004", "C-128A2", "Ge-68"},
    {"79523006", "C-113A2", "Br-76"},
    {"86521004", "C-113A3", "Br-77"},
    {"79197006", "C-159A2", "Rb-82"},
    {"10738001", "C-162A3", "Y-86"},
    {"14691008", "C-162A7", "Y-90"},
    {"63360001", "C-168A4", "Zr-89"},
    {"424079002", "C-163AA", "Tc-94m"},
    {"72454006", "C-163A8", "Tc-99m"},
    {"56609000", "C-145A4", "In-111"},
    {"21572004", "C-114A4", "I-123"},
    {"40937006", "C-114A5", "I-124"},
    {"68630002", "C-114A6", "I-125"},
    {"1368003", "C-114B1", "I-131"},
    {"126606", "", "Tb-152"},
    {"419804008", "C-B1134", "Sm-153"},
    {"447553000", "C-101ED", "Lu-177"},
    {"423578007", "C-1018D", "Re-188"},
    {"60057003", "C-138A9", "Tl-201"},
    {"47588004", "C-132A8", "Pb-203"},
    {"80751004", "C-172A8", "Xe-133"},
    {"52745005", "C-129A2", "Cr-51"},
    {"24853006", "C-136A2", "Ra-223"},
}};

}  // namespace

std::string_view nuclide_of_code(std::string_view code) {
  if (code.empty()) return {};
  for (const Row& row : kRows) {
    if (row.code == code || row.earlier == code) return row.nuclide;
  }
  return {};
}

}  // namespace sojourn::io::dicom
