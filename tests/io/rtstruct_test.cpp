#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>

#include "io/region_files.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/io/dicom_regions.h"
#include "sojourn/io/image_import.h"
#include "sojourn/io/nifti.h"

namespace sojourn::io {
namespace {

using image::Geometry;
using image::Vec3;
using test::contour_text;

Geometry grid(int n = 64, double spacing = 2.0) {
  Geometry g;
  g.size = {n, n, n};
  g.spacing_mm = {spacing, spacing, 3.0};
  g.origin_mm = {-50, -40, -30};
  return g;
}

std::vector<Vec3> square(double x, double y, double z, double side) {
  return {{x, y, z}, {x + side, y, z}, {x + side, y + side, z}, {x, y + side, z}};
}

std::vector<Vec3> circle(double r, double z, int n = 720) {
  std::vector<Vec3> points;
  for (int k = 0; k < n; ++k) {
    const double a = 2 * std::numbers::pi * k / n;
    points.push_back({r * std::cos(a), r * std::sin(a), z});
  }
  return points;
}

class Rtstruct : public testing::Test {
 protected:
  records::RegionSet read(const std::vector<test::TestRoi>& rois, const Geometry& image = grid()) {
    test::write_rtstruct(file_, rois);
    return read_rtstruct(file_, image);
  }
  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "rs.dcm";
};

TEST_F(Rtstruct, SlabsAreAsThickAsThePlanesAreApart) {
  std::vector<test::TestContour> contours;
  for (int k = 0; k < 10; ++k) contours.push_back({contour_text(square(-10.3, 4.1, 2.5 * k, 20))});
  const auto set = read({{"cube", contours}});
  ASSERT_EQ(set.regions.size(), 1U);
  EXPECT_EQ(set.regions[0].name, "cube");
  EXPECT_NEAR(set.regions[0].volume_ml(), 20 * 20 * 25 / 1000.0, 1e-4);  // float fractions
  EXPECT_TRUE(set.warnings.empty());
}

TEST_F(Rtstruct, HolesAndSeveralContoursInASlice) {
  std::vector<test::TestContour> contours;
  for (int k = 0; k < 4; ++k) {
    contours.push_back({contour_text(square(-30, -20, 3.0 * k, 24))});
    contours.push_back({contour_text(square(-25, -15, 3.0 * k, 10))});  // a hole
    contours.push_back({contour_text(square(20, 10, 3.0 * k, 8))});     // an island
  }
  const auto set = read({{"ring and island", contours}});
  EXPECT_NEAR(set.regions[0].volume_ml(), (24 * 24 - 100 + 64) * 12 / 1000.0, 1e-4);
}

TEST_F(Rtstruct, MissingPlanesAreGaps) {
  std::vector<test::TestContour> contours;
  for (const double z : {0.0, 3.0, 6.0, 15.0, 18.0})
    contours.push_back({contour_text(square(0, 0, z, 10))});
  const auto set = read({{"gap", contours}});
  EXPECT_NEAR(set.regions[0].volume_ml(), 5 * 3 * 100 / 1000.0, 1e-4);
  EXPECT_EQ(set.regions[0].fraction.geometry().size[2], 7);
}

TEST_F(Rtstruct, UnevenPlanesReachHalfWayToTheirNeighbours) {
  std::vector<test::TestContour> contours;
  for (const double z : {0.0, 2.0, 4.0, 7.0, 9.0})
    contours.push_back({contour_text(square(0, 0, z, 10))});
  const auto set = read({{"uneven", contours}});
  EXPECT_NEAR(set.regions[0].volume_ml(), 11 * 100 / 1000.0, 1e-4);  // from -1 mm to 10 mm
}

TEST_F(Rtstruct, EveryOtherSliceIsFilledByTheContourSpacing) {
  std::vector<test::TestContour> contours;
  for (int k = 0; k < 5; ++k) contours.push_back({contour_text(square(0, 0, 6.0 * k, 10))});
  EXPECT_NEAR(read({{"alternate", contours}}).regions[0].volume_ml(), 3.0, 1e-4);
}

TEST_F(Rtstruct, CylinderInAnyOrientationKeepsItsVolume) {
  const double r = 12, height = 20;
  for (const double tilt : {0.0, 0.3, 1.0, std::numbers::pi / 2}) {
    std::vector<test::TestContour> contours;
    for (int k = 0; k < 10; ++k) {
      std::vector<Vec3> ring = circle(r, 2.0 * k);
      for (Vec3& p : ring) {
        p = {p[0], p[1] * std::cos(tilt) - p[2] * std::sin(tilt),
             p[1] * std::sin(tilt) + p[2] * std::cos(tilt)};
      }
      contours.push_back({contour_text(ring)});
    }
    // A polygon of 720 sides has 1e-5 less area than its circle; positions are written to 1e-6 mm.
    const double expected = std::numbers::pi * r * r * height / 1000;
    EXPECT_NEAR(read({{"cylinder", contours}}).regions[0].volume_ml() / expected, 1.0, 1e-4)
        << tilt;
  }
}

TEST_F(Rtstruct, PointsAndOpenContoursAreLeftOutAndEmptyRegionsKept) {
  const auto set = read({{"marker", {{"1\\2\\3", "POINT"}, {"0\\0\\0\\1\\1\\0", "OPEN_PLANAR"}}},
                         {"nothing", {}},
                         {"one", {{contour_text(square(0, 0, 0, 10))}}}});
  ASSERT_EQ(set.regions.size(), 3U);
  EXPECT_TRUE(set.regions[0].fraction.empty());
  EXPECT_TRUE(set.regions[1].fraction.empty());
  EXPECT_NEAR(set.regions[2].volume_ml(), 0.3,
              1e-6);  // a lone plane is as thick as the image's slices
  EXPECT_EQ(set.warnings.size(), 3U);
}

TEST_F(Rtstruct, RepeatedContoursDoNotCancel) {
  const std::string text = contour_text(square(0, 0, 0, 10));
  const auto set = read({{"twice", {{text}, {text}}}});
  EXPECT_NEAR(set.regions[0].volume_ml(), 0.3, 1e-6);
}

TEST_F(Rtstruct, TwoDistantPlanesAreTwoSlices) {
  const auto set =
      read({{"two", {{contour_text(square(0, 0, 0, 10))}, {contour_text(square(0, 0, 60, 10))}}}});
  EXPECT_NEAR(set.regions[0].volume_ml(), 0.6, 1e-5);
}

TEST_F(Rtstruct, SameForOneThreadAndMany) {
  std::vector<test::TestRoi> rois;
  for (int n = 0; n < 6; ++n) {
    test::TestRoi roi{"r" + std::to_string(n), {}};
    for (int k = 0; k < 5; ++k)
      roi.contours.push_back({contour_text(circle(5.5 + n, 3.0 * k, 50))});
    rois.push_back(roi);
  }
  const auto many = read(rois);
  const core::ThreadLimit one(1);
  const auto single = read(rois);
  for (std::size_t n = 0; n < rois.size(); ++n) {
    EXPECT_EQ(many.regions[n].fraction.values(), single.regions[n].fraction.values());
  }
}

TEST_F(Rtstruct, MalformedContoursAreRefusedWithTheField) {
  const auto fault = [&](const std::string& data) {
    return test::message_of([&] { read({{"liver", {{data}}}}); });
  };
  EXPECT_NE(fault("1\\2\\3\\4").find("Contour Data (3006,0050)"), std::string::npos);
  EXPECT_NE(fault("1\\2\\x\\4\\5\\6\\7\\8\\9").find("decimals"), std::string::npos);
  EXPECT_NE(fault("1\\2\\nan\\4\\5\\6\\7\\8\\9").find("finite"), std::string::npos);
  EXPECT_NE(fault("0\\0\\0\\1e9\\0\\0\\0\\1e9\\0").find("outside any scanner"), std::string::npos);
  EXPECT_NE(fault("0\\0\\0\\90000\\0\\0\\0\\90000\\0").find("larger than any body"),
            std::string::npos);
  EXPECT_NE(fault("0\\0\\0\\50\\0\\0\\50\\50\\20\\0\\50\\0").find("not flat"), std::string::npos);
}

TEST_F(Rtstruct, TruncatedFilesAreRefused) {
  std::vector<test::TestContour> contours;
  for (int k = 0; k < 5; ++k) contours.push_back({contour_text(circle(10, 3.0 * k, 400))});
  test::write_rtstruct(file_, {{"liver", contours}});
  const auto size = std::filesystem::file_size(file_);
  for (const double part : {0.0, 0.01, 0.1, 0.5, 0.9, 0.999}) {
    const auto cut = folder_.path() / "cut.dcm";
    std::filesystem::copy_file(file_, cut, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(cut,
                                 static_cast<std::uintmax_t>(part * static_cast<double>(size)));
    EXPECT_THROW(static_cast<void>(read_rtstruct(cut, grid())), Error) << part;
  }
}

double covered_mean(const image::RegionMask& region, const image::Volume<float>& image) {
  double sum = 0, volume = 0;
  for (const image::Overlap& o : image::overlap(region, image.geometry())) {
    sum += o.volume_ml * static_cast<double>(image.values()[o.offset]);
    volume += o.volume_ml;
  }
  return sum / volume;
}

TEST(RtstructReal, SarcomaContoursAgreeWithTheNiftiMasks) {
  SOJOURN_NEEDS_SHARED(data, "data/ibsi_sts");
  for (const std::string patient : {"STS_002", "STS_003", "STS_006"}) {
    for (const std::string modality : {"PET", "CT"}) {
      const auto image = import_nifti(data / "nifti" / patient / (modality + "_image.nii.gz"));
      const auto mask = read_nifti_labels(data / "nifti" / patient / (modality + "_mask.nii.gz"));
      const auto& volume = image.frames.at(0).values;
      const auto set =
          import_regions(data / "dicom" / patient / modality / "mask", volume.geometry());
      ASSERT_EQ(set.regions.size(), 1U);
      ASSERT_EQ(mask.regions.size(), 1U);
      const std::string where = patient + " " + modality;
      // On PET the same voxels; on CT exact coverage beside voxel centres: the rounding of the
      // outline.
      const bool pet = modality == "PET";
      const double expected = mask.regions[0].volume_ml();
      EXPECT_NEAR(set.regions[0].volume_ml() / expected, 1.0, pet ? 1e-6 : 0.02) << where;
      const double mean = covered_mean(mask.regions[0], volume);
      // For CT 1 HU, since a mean near 0 HU has no meaningful ratio.
      EXPECT_NEAR(covered_mean(set.regions[0], volume), mean, pet ? 1e-5 * mean : 1.0) << where;
    }
  }
}

TEST(RtstructReal, ExactCoverageDiffersFromVoxelCentresByTheRoundingOfTheOutline) {
  SOJOURN_NEEDS_SHARED(data, "data/ibsi_sts");
  for (const std::string patient : {"STS_002", "STS_003", "STS_006"}) {
    const auto image = import_nifti(data / "nifti" / patient / "PET_image.nii.gz");
    const auto& volume = image.frames.at(0).values;
    const auto file = data / "dicom" / patient / "PET" / "mask" / "RS.dcm";
    const auto exact = read_rtstruct(file, volume.geometry(), ContourRule::exact_coverage);
    const auto fine = read_rtstruct(data / "dicom" / patient / "CT" / "mask" / "RS.dcm",
                                    volume.geometry(), ContourRule::exact_coverage);
    const auto centres = read_rtstruct(file, volume.geometry(), ContourRule::voxel_centre);
    // The same outline stored with the CT is the same region; it was written with fewer decimals.
    EXPECT_NEAR(fine.regions[0].volume_ml() / exact.regions[0].volume_ml(), 1.0, 0.003) << patient;
    // Measured up to 2.03 % and 1.02 % with 5.5 mm pixels and 50 to 260 mL.
    EXPECT_NEAR(exact.regions[0].volume_ml() / centres.regions[0].volume_ml(), 1.0, 0.025)
        << patient;
    EXPECT_NEAR(covered_mean(exact.regions[0], volume) / covered_mean(centres.regions[0], volume),
                1.0, 0.0125)
        << patient;
  }
}

TEST(RtstructReal, DigitalReferenceObjectContourLiesWithinItsMask) {
  SOJOURN_NEEDS_SHARED(data, "data/ibsi_suv_dro/DRO/DRO_0_0");
  const auto mask = read_nifti_labels(data / "mask" / "DRO_mask.nii.gz");
  ASSERT_EQ(mask.regions.size(), 1U);
  Geometry image;
  image.size = {256, 256, 20};
  image.spacing_mm = {4, 4, 4};
  const auto set =
      read_rtstruct(data / "RS" / "RS_dro_0_0.dcm", image, ContourRule::exact_coverage);
  ASSERT_EQ(set.regions.size(), 1U);
  const auto& region = set.regions[0];
  EXPECT_EQ(region.fraction.geometry().size[2], 16);  // contours on 16 of the 18 slices of the mask
  // The mask is one pixel wider all round; the contour's disc of radius 236 mm lies inside it.
  double within = 0;
  const auto covered = image::fraction_on(mask.regions[0], image);
  for (const image::Overlap& o : image::overlap(region, image)) {
    within += o.volume_ml * static_cast<double>(covered.values()[o.offset]);
  }
  EXPECT_NEAR(within / region.volume_ml(), 1.0, 1e-5);  // float fractions
  EXPECT_NEAR(region.volume_ml() / (std::numbers::pi * 0.2355 * 0.2355 * 0.064 * 1e6), 1.0, 0.005);
}

}  // namespace
}  // namespace sojourn::io
