#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>

#include "io/region_files.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/io/dicom_regions.h"
#include "sojourn/io/dicom_write.h"
#include "sojourn/io/image_import.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;

/// Odd sizes: frames do not begin at whole bytes.
image::Geometry odd_grid() {
  image::Geometry g;
  g.size = {13, 11, 9};
  g.spacing_mm = {0.7, 0.9, 1.3};
  g.origin_mm = {-3, 4, 5};
  const double c = 0.8, s = 0.6;  // turned about x
  g.axis = {{{1, 0, 0}, {0, c, s}, {0, -s, c}}};
  return g;
}

image::Volume<int> random_labels(const image::Geometry& grid, int labels) {
  image::Volume<int> volume(grid);
  core::Random random(3);
  for (int& v : volume.values()) v = static_cast<int>(random.uniform() * (labels + 1));
  return volume;
}

std::vector<SegmentFacts> segments(int n) {
  std::vector<SegmentFacts> facts;
  for (int s = 1; s <= n; ++s)
    facts.push_back({"organ " + std::to_string(s), "10200004", "SCT", "Liver"});
  return facts;
}

void write_seg(const fs::path& file, const image::Volume<int>& labels, int n) {
  DicomStudyFacts study;
  study.subject_id = "m07";
  study.body_mass_kg = 0.02;
  write_dicom_seg(file, labels, segments(n), study, "organs", 3, 1772459000.0);
}

/// Labels of a set of binary regions painted on a grid.
image::Volume<int> painted(const records::RegionSet& set, const image::Geometry& grid) {
  image::Volume<int> out(grid);
  for (const auto& region : set.regions) {
    const auto& own = region.fraction.geometry();
    for (std::size_t n = 0; n < region.fraction.values().size(); ++n) {
      if (region.fraction.values()[n] == 0) continue;
      const auto at = own.index_of(n);
      const auto v = grid.to_voxel(own.to_mm({1.0 * at[0], 1.0 * at[1], 1.0 * at[2]}));
      out.at(static_cast<int>(std::lround(v[0])), static_cast<int>(std::lround(v[1])),
             static_cast<int>(std::lround(v[2]))) = region.value;
    }
  }
  return out;
}

class DicomSeg : public testing::Test {
 protected:
  /// A SEG of three segments, the last of them empty, changed before it is read.
  template <typename Change>
  std::string fault_after(Change&& change) {
    write_seg(file_, random_labels(odd_grid(), 2), 3);
    const fs::path altered = folder_.path() / "altered.dcm";
    test::alter_dicom(file_, altered, change);
    return test::message_of([&] { static_cast<void>(read_dicom_seg(altered)); });
  }
  test::TemporaryFolder folder_;
  fs::path file_ = folder_.path() / "seg.dcm";
};

TEST_F(DicomSeg, ReturnsTheLabelsThatWereWritten) {
  const auto labels = random_labels(odd_grid(), 4);
  write_seg(file_, labels, 5);
  const auto set = import_regions(file_, odd_grid());
  ASSERT_EQ(set.regions.size(), 5U);
  EXPECT_EQ(set.format, "DICOM SEG");
  EXPECT_EQ(set.regions[1].name, "organ 2");
  EXPECT_TRUE(set.regions[4].fraction.empty());  // an empty segment is a result
  EXPECT_EQ(set.regions[4].volume_ml(), 0);
  EXPECT_EQ(painted(set, labels.geometry()).values(), labels.values());
  const auto inside =
      std::count_if(labels.values().begin(), labels.values().end(), [](int v) { return v == 3; });
  EXPECT_NEAR(set.regions[2].volume_ml(), static_cast<double>(inside) * odd_grid().voxel_ml(),
              1e-9);
}

TEST_F(DicomSeg, SparseFramesKeepTheirPlanes) {
  image::Volume<int> labels(odd_grid());
  labels.at(4, 5, 1) = 1;
  labels.at(6, 7, 8) = 1;
  labels.at(0, 0, 4) = 2;
  write_seg(file_, labels, 2);
  const auto set = read_dicom_seg(file_);
  EXPECT_EQ(painted(set, labels.geometry()).values(), labels.values());
}

TEST_F(DicomSeg, AllSegmentsEmpty) {
  write_seg(file_, image::Volume<int>(odd_grid()), 2);
  const auto set = read_dicom_seg(file_);
  ASSERT_EQ(set.regions.size(), 2U);
  EXPECT_TRUE(set.regions[0].fraction.empty());
}

TEST_F(DicomSeg, FractionalValuesAreDividedByTheirMaximum) {
  image::Volume<int> labels(odd_grid());
  for (int i = 2; i < 7; ++i) labels.at(i, 3, 2) = 1;
  write_seg(file_, labels, 1);
  const fs::path fractional = folder_.path() / "fractional.dcm";
  std::vector<Uint8> values(13 * 11, 0);
  for (std::size_t i = 2; i < 7; ++i) values[3 * 13 + i] = static_cast<Uint8>(25 * i);
  values.push_back(0);
  test::alter_dicom(file_, fractional, [&](DcmDataset& d) {
    d.putAndInsertString(DCM_SegmentationType, "FRACTIONAL");
    d.putAndInsertString(DCM_SegmentationFractionalType, "OCCUPANCY");
    d.putAndInsertUint16(DCM_MaximumFractionalValue, 200);
    d.putAndInsertUint16(DCM_BitsAllocated, 8);
    d.putAndInsertUint16(DCM_BitsStored, 8);
    d.putAndInsertUint16(DCM_HighBit, 7);
    d.putAndInsertUint8Array(DCM_PixelData, values.data(), values.size());
  });
  const auto set = read_dicom_seg(fractional);
  double sum = 0;
  for (const float f : set.regions.at(0).fraction.values()) sum += static_cast<double>(f);
  EXPECT_NEAR(sum, 25.0 * (2 + 3 + 4 + 5 + 6) / 200, 1e-6);

  // The same through run-length compression.
  const fs::path rle = folder_.path() / "rle.dcm";
  const std::string command =
      "dcmcrle '" + fractional.string() + "' '" + rle.string() + "' > /dev/null 2>&1";
  if (std::system("command -v dcmcrle > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "no dcmcrle (Debian package dcmtk)";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read_dicom_seg(rle).regions.at(0).fraction.values(),
            set.regions.at(0).fraction.values());
}

TEST_F(DicomSeg, MalformedFilesAreRefusedWithTheField) {
  EXPECT_EQ(fault_after([](DcmDataset&) {}), "");
  const auto holds = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos ? testing::AssertionSuccess()
                                                : testing::AssertionFailure() << text;
  };
  EXPECT_TRUE(
      holds(fault_after([](DcmDataset& d) { d.putAndInsertString(DCM_NumberOfFrames, "17"); }),
            "frames are described"));
  EXPECT_TRUE(holds(
      fault_after([](DcmDataset& d) { d.putAndInsertString(DCM_NumberOfFrames, "2000000000"); }),
      "Number of Frames"));
  EXPECT_TRUE(holds(fault_after([](DcmDataset& d) {
                      d.putAndInsertUint16(DCM_Rows, 65535);
                      d.putAndInsertUint16(DCM_Columns, 65535);
                    }),
                    "truncated"));
  EXPECT_TRUE(holds(fault_after([](DcmDataset& d) { d.putAndInsertUint16(DCM_Rows, 0); }), "Rows"));
  EXPECT_TRUE(holds(fault_after([](DcmDataset& d) { d.findAndDeleteElement(DCM_PixelData); }),
                    "no pixel data"));
  EXPECT_TRUE(holds(fault_after([](DcmDataset& d) { d.findAndDeleteElement(DCM_SegmentSequence); }),
                    "Segment Sequence"));
  EXPECT_TRUE(
      holds(fault_after([](DcmDataset& d) { d.putAndInsertString(DCM_SegmentationType, "SOLID"); }),
            "SOLID"));
  EXPECT_TRUE(holds(
      fault_after([](DcmDataset& d) { d.putAndInsertString(DCM_SOPClassUID, UID_CTImageStorage); }),
      "not a DICOM SEG"));
  const auto move_first = [](DcmDataset& d, const char* position) {
    DcmItem *frame = nullptr, *plane = nullptr;
    d.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 0);
    frame->findAndGetSequenceItem(DCM_PlanePositionSequence, plane, 0);
    plane->putAndInsertString(DCM_ImagePositionPatient, position);
  };
  EXPECT_TRUE(holds(fault_after([&](DcmDataset& d) { move_first(d, "-3\\4\\900000"); }), "planes"));
  EXPECT_TRUE(holds(fault_after([&](DcmDataset& d) { move_first(d, "50\\4\\5"); }), "shifted"));
  EXPECT_TRUE(holds(fault_after([&](DcmDataset& d) { move_first(d, "nan\\4\\5"); }), "finite"));
  EXPECT_TRUE(holds(fault_after([&](DcmDataset& d) { move_first(d, "4\\5"); }), "Image Position"));
}

TEST_F(DicomSeg, TruncatedFilesAreRefused) {
  write_seg(file_, random_labels(odd_grid(), 2), 3);
  const auto size = fs::file_size(file_);
  for (std::uintmax_t bytes = 0; bytes + 2 < size; bytes += 1 + size / 50) {
    const fs::path cut = folder_.path() / "cut.dcm";
    fs::copy_file(file_, cut, fs::copy_options::overwrite_existing);
    fs::resize_file(cut, bytes);
    EXPECT_THROW(static_cast<void>(read_dicom_seg(cut)), Error) << bytes;
    EXPECT_THROW(static_cast<void>(import_regions(cut, odd_grid())), Error) << bytes;
  }
}

TEST_F(DicomSeg, HostileNestingIsRefused) {
  write_seg(file_, random_labels(odd_grid(), 2), 3);
  std::ifstream in(file_, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const std::string level("\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff",
                          20);
  std::string nest;
  for (int n = 0; n < 50000; ++n) nest += level;
  const fs::path hostile = folder_.path() / "hostile.dcm";
  const std::size_t first =
      whole.find(std::string("\x08\x00\x05\x00", 4));  // (0008,0005) begins the data set
  ASSERT_NE(first, std::string::npos);
  for (const std::size_t at :
       {first, whole.size()}) {  // before all elements, and behind the pixel data
    std::string bytes = whole;
    std::ofstream(hostile, std::ios::binary) << bytes.insert(at, nest);
    EXPECT_THROW(static_cast<void>(read_dicom_seg(hostile)), Error);
    EXPECT_THROW(static_cast<void>(import_regions(hostile, odd_grid())), Error);
  }
}

TEST_F(DicomSeg, OtherFilesAreRefusedWithWhatIsAccepted) {
  const fs::path text = folder_.path() / "notes.txt";
  std::ofstream(text) << "not an image at all, but long enough to look at "
                      << std::string(200, '.');
  const auto said = test::message_of([&] { static_cast<void>(import_regions(text, odd_grid())); });
  EXPECT_NE(said.find("RTSTRUCT"), std::string::npos) << said;
  EXPECT_NE(test::message_of([&] {
              static_cast<void>(import_regions(folder_.path(), odd_grid()));
            }).find("no file of regions"),
            std::string::npos);
  write_seg(folder_.path() / "a", random_labels(odd_grid(), 2), 2);
  EXPECT_EQ(import_regions(folder_.path(), odd_grid()).regions.size(), 2U);
  write_seg(folder_.path() / "b", random_labels(odd_grid(), 2), 2);
  EXPECT_NE(test::message_of([&] {
              static_cast<void>(import_regions(folder_.path(), odd_grid()));
            }).find("several"),
            std::string::npos);
}

TEST_F(DicomSeg, HundredSegmentsAreReadQuicklyAndAlikeForAnyThreads) {
  image::Geometry grid = odd_grid();
  grid.size = {256, 256, 120};
  image::Volume<int> labels(grid);
  for (std::size_t n = 0; n < labels.values().size(); ++n) {
    const auto at = grid.index_of(n);
    labels.values()[n] = 1 + at[0] / 52 + 5 * (at[1] / 52) + 25 * (at[2] / 30);
    if (labels.values()[n] > 100) labels.values()[n] = 0;
  }
  write_seg(file_, labels, 100);
  const auto begin = std::chrono::steady_clock::now();
  const auto set = read_dicom_seg(file_);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf("100 segments, %zu voxels: %.3f s\n", labels.values().size(), seconds);
  ASSERT_EQ(set.regions.size(), 100U);
  EXPECT_EQ(painted(set, grid).values(), labels.values());
  EXPECT_LT(seconds, 10.0);  // measured under 1 s; catches a slip of complexity
  const core::ThreadLimit one(1);
  const auto single = read_dicom_seg(file_);
  for (std::size_t s = 0; s < 100; ++s) {
    ASSERT_EQ(set.regions[s].fraction.values(), single.regions[s].fraction.values());
  }
}

TEST(DicomSegReal, FilesOfOtherProgramsAreRead) {
  SOJOURN_NEEDS_SHARED(data, "data/dcmqi_seg_sr/data");
  const auto overlaps = read_dicom_seg(data / "segmentations/partial_overlaps.dcm");
  ASSERT_EQ(overlaps.regions.size(), 5U);
  EXPECT_EQ(overlaps.regions[2].name, "PURPLE");
  EXPECT_EQ(overlaps.regions[2].fraction.geometry().size[2], 3);
  for (const char* name :
       {"segmentations/liver.dcm", "sr-example/seg.dcm", "segmentations/24x38x3/seg/label.seg",
        "segmentations/23x38x3/seg/label.seg", "segmentations/sparse-labelmap-noppv.dcm",
        "segmentations/sparse-labelmap-ppv5.dcm"}) {
    const auto set = read_dicom_seg(data / name);
    ASSERT_EQ(set.regions.size(), 1U) << name;
    EXPECT_GT(set.regions[0].volume_ml(), 0) << name;
  }
}

}  // namespace
}  // namespace sojourn::io
