#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"

/// Small DICOM objects that tests write and damage.
namespace sojourn::test {

struct TestContour {
  std::string data;  ///< Contour Data as written
  std::string type = "CLOSED_PLANAR";
};

struct TestRoi {
  std::string name;
  std::vector<TestContour> contours;
};

inline std::string contour_text(const std::vector<image::Vec3>& points) {
  std::string text;
  for (const image::Vec3& p : points) {
    text += fmt::format("{}{:.6f}\\{:.6f}\\{:.6f}", text.empty() ? "" : "\\", p[0], p[1], p[2]);
  }
  return text;
}

inline void write_rtstruct(const std::filesystem::path& file, const std::vector<TestRoi>& rois) {
  DcmFileFormat format;
  DcmDataset& d = *format.getDataset();
  d.putAndInsertString(DCM_SOPClassUID, UID_RTStructureSetStorage);
  d.putAndInsertString(DCM_SOPInstanceUID, "2.25.1");
  d.putAndInsertString(DCM_Modality, "RTSTRUCT");
  for (std::size_t n = 0; n < rois.size(); ++n) {
    const std::string number = std::to_string(n + 1);
    DcmItem *named = nullptr, *drawn = nullptr;
    d.findOrCreateSequenceItem(DCM_StructureSetROISequence, named, -2);
    named->putAndInsertString(DCM_ROINumber, number.c_str());
    named->putAndInsertString(DCM_ROIName, rois[n].name.c_str());
    d.findOrCreateSequenceItem(DCM_ROIContourSequence, drawn, -2);
    drawn->putAndInsertString(DCM_ReferencedROINumber, number.c_str());
    for (const TestContour& contour : rois[n].contours) {
      DcmItem* item = nullptr;
      drawn->findOrCreateSequenceItem(DCM_ContourSequence, item, -2);
      item->putAndInsertString(DCM_ContourGeometricType, contour.type.c_str());
      item->putAndInsertString(DCM_ContourData, contour.data.c_str());
    }
  }
  format.saveFile(file.c_str(), EXS_LittleEndianExplicit);
}

/// Loads a DICOM file, lets `change` alter it and saves it elsewhere.
template <typename Change>
void alter_dicom(const std::filesystem::path& from, const std::filesystem::path& to,
                 Change&& change) {
  DcmFileFormat format;
  ASSERT_TRUE(format.loadFile(from.c_str()).good());
  format.loadAllDataIntoMemory();
  change(*format.getDataset());
  ASSERT_TRUE(format.saveFile(to.c_str(), EXS_LittleEndianExplicit).good());
}

inline std::string message_of(const auto& action) {
  try {
    action();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

}  // namespace sojourn::test
