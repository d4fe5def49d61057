// The header reader against DCMTK: the same elements, items and values, in files of this test and
// of scanners.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/dicom_builder.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/io/dicom_file.h"
#include "sojourn/io/dicom_values.h"

using namespace sojourn::test;
namespace dicom = sojourn::io::dicom;

namespace {

std::string trimmed(std::string_view text) {
  const std::string_view blank(" \0\t", 3);
  const std::size_t from = text.find_first_not_of(blank);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(blank) + 1 - from));
}

/// Numbers of a binary element as DCMTK reads them; nothing for other representations.
std::vector<double> binary_numbers(DcmElement& element) {
  std::vector<double> values;
  for (unsigned long i = 0; i < element.getVM(); ++i) {
    Uint16 us = 0;
    Sint16 ss = 0;
    Uint32 ul = 0;
    Sint32 sl = 0;
    Float32 fl = 0;
    Float64 fd = 0;
    const DcmEVR vr = element.ident();
    if (vr == EVR_US && element.getUint16(us, i).good()) values.push_back(us);
    if (vr == EVR_SS && element.getSint16(ss, i).good()) values.push_back(ss);
    if (vr == EVR_UL && element.getUint32(ul, i).good()) values.push_back(ul);
    if (vr == EVR_SL && element.getSint32(sl, i).good()) values.push_back(sl);
    if (vr == EVR_FL && element.getFloat32(fl, i).good()) values.push_back(fl);
    if (vr == EVR_FD && element.getFloat64(fd, i).good()) values.push_back(fd);
  }
  return values;
}

/// @return how many elements were held against each other, those in items too.
int compare(const dicom::Dataset& ours, DcmItem& theirs) {
  int compared = 0;
  for (unsigned long i = 0; i < theirs.card(); ++i) {
    DcmElement& element = *theirs.getElement(i);
    const dicom::Tag tag = static_cast<dicom::Tag>(element.getGTag()) << 16 | element.getETag();
    const dicom::Element* own = ours.find(tag);
    if (own == nullptr) {
      ADD_FAILURE() << "missing " << std::hex << tag;
      continue;
    }
    ++compared;
    if (element.ident() == EVR_SQ) {
      auto& sequence = dynamic_cast<DcmSequenceOfItems&>(element);
      const auto items = dicom::sequence(ours, tag);
      EXPECT_EQ(items.size(), sequence.card()) << std::hex << tag;
      for (unsigned long k = 0; k < std::min<unsigned long>(items.size(), sequence.card()); ++k)
        compared += compare(items[k], *sequence.getItem(k));
    } else if (element.isaString()) {
      OFString text;
      EXPECT_TRUE(element.getOFStringArray(text, OFFalse).good());
      EXPECT_EQ(dicom::text(ours, tag), trimmed({text.c_str(), text.size()})) << std::hex << tag;
    } else if (const auto numbers = binary_numbers(element); !numbers.empty()) {
      const char* vr = DcmVR(element.ident()).getVRName();
      EXPECT_EQ(dicom::numbers(ours, {tag, {vr[0], vr[1]}}), numbers) << std::hex << tag;
    } else {
      EXPECT_EQ(own->bytes.size(), element.getLength()) << std::hex << tag;
    }
  }
  return compared;
}

int compare_file(const std::filesystem::path& path) {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);  // it warns that it stops at the pixels, as asked
  DcmFileFormat file;
  const OFCondition read = file.loadFileUntilTag(path.c_str(), EXS_Unknown, EGL_noChange,
                                                 DCM_MaxReadLength, ERM_autoDetect, DCM_PixelData);
  EXPECT_TRUE(read.good()) << read.text();
  const auto header = dicom::read_file_header(path, path.filename().string());
  EXPECT_EQ(header.data.elements.size(), file.getDataset()->card());
  return compare(header.data, *file.getDataset());
}

}  // namespace

TEST(DicomDataset, ReadsWhatDcmtkReadsInEveryTransferSyntax) {
  TemporaryFolder folder;
  for (const Coding coding : {Coding::explicit_little, Coding::implicit, Coding::explicit_big,
                              Coding::deflated, Coding::rle}) {
    pet_slice(0)
        .set_private(0x0009, 0x0010, "LO", "MAKER")
        .set_private(0x0009, 0x1001, "DS", "1.5")
        .write(folder.path() / "pet", coding);
    EXPECT_GT(compare_file(folder.path() / "pet"), 40) << static_cast<int>(coding);
    enhanced_pet({{1, 1}, {1, 2}, {2, 1}, {2, 2}}).write(folder.path() / "enhanced", coding);
    EXPECT_GT(compare_file(folder.path() / "enhanced"), 70)
        << static_cast<int>(coding);  // with the groups of four frames
  }
}

TEST(DicomDataset, ReadsWhatDcmtkReadsInFilesOfScanners) {
  SOJOURN_NEEDS_SHARED(folder, "data/petct_wb");
  int files = 0, elements = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".dcm") continue;
    elements += compare_file(entry.path());
    ++files;
  }
  EXPECT_GT(files, 200);
  EXPECT_GT(elements, 100 * files);
}
