// Any bytes as a DICOM SEG and as an RTSTRUCT: regions or Error(bad_input), nothing else.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdlib>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/dicom_regions.h"
#include "sojourn/io/dicom_write.h"

namespace {

template <typename Read>
void attempt(const Read& read) {
  try {
    read();
  } catch (const sojourn::Error& problem) {
    if (problem.code() != sojourn::ErrorCode::bad_input) std::abort();
  }
}

/// One region drawn as two squares on planes 8 mm apart.
void write_contours(const std::filesystem::path& file) {
  DcmFileFormat format;
  DcmDataset& d = *format.getDataset();
  d.putAndInsertString(DCM_SOPClassUID, UID_RTStructureSetStorage);
  d.putAndInsertString(DCM_SOPInstanceUID, "2.25.1");
  d.putAndInsertString(DCM_Modality, "RTSTRUCT");
  DcmItem *named = nullptr, *drawn = nullptr;
  d.findOrCreateSequenceItem(DCM_StructureSetROISequence, named, -2);
  named->putAndInsertString(DCM_ROINumber, "1");
  named->putAndInsertString(DCM_ROIName, "liver");
  d.findOrCreateSequenceItem(DCM_ROIContourSequence, drawn, -2);
  drawn->putAndInsertString(DCM_ReferencedROINumber, "1");
  for (const char* points :
       {"10\\10\\16\\90\\10\\16\\90\\80\\16\\10\\80\\16", "10\\10\\24\\90\\10\\24\\90\\80\\24"}) {
    DcmItem* item = nullptr;
    drawn->findOrCreateSequenceItem(DCM_ContourSequence, item, -2);
    item->putAndInsertString(DCM_ContourGeometricType, "CLOSED_PLANAR");
    item->putAndInsertString(DCM_ContourData, points);
  }
  format.saveFile(file.c_str(), EXS_LittleEndianExplicit);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::image::Geometry grid;
  grid.size = {4, 4, 3};
  sojourn::image::Volume<int> labels(grid, 0);
  auto& values = labels.values();
  for (std::size_t i = 0; i < values.size(); i += 3) values[i] = 1 + static_cast<int>(i % 2);
  const auto file = sojourn::fuzz::scratch() / "seed.dcm";
  sojourn::io::write_dicom_seg(
      file, labels,
      {{"liver", "10200004", "SCT", "Liver"}, {"spleen", "78961009", "SCT", "Spleen"}}, {},
      "labels", 1, 0);
  sojourn::fuzz::seed("segments", sojourn::core::read_file(file));
  write_contours(file);
  sojourn::fuzz::seed("contours", sojourn::core::read_file(file));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = sojourn::fuzz::put("input.dcm", data, size);
  sojourn::image::Geometry image;  // coarse, so that a run is quick
  image.size = {64, 64, 64};
  image.spacing_mm = {8, 8, 8};
  attempt([&] { (void)sojourn::io::read_dicom_seg(file); });
  attempt([&] { (void)sojourn::io::read_rtstruct(file, image); });
  return 0;
}
