#include "sojourn/io/nifti.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

#include "nifti_bytes.h"
#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"
#include "sojourn/io/nifti_geometry.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::plain_header;
using test::ramp;
using test::write_raw_nifti;

/// What import says about a 2 x 2 x 2 float image whose header `change` has altered; "" where it is
/// taken.
std::string refusal(const std::function<void(nifti_1_header&)>& change) {
  const test::TemporaryFolder folder;
  auto header = plain_header(2, 2, 2);
  change(header);
  write_raw_nifti(folder.path() / "x.nii", header, ramp(8));
  return message_of([&] { (void)import_nifti(folder.path() / "x.nii"); });
}

TEST(Nifti, RasBecomesLps) {
  const test::TemporaryFolder folder;
  auto header = plain_header(3, 2, 2);
  header.srow_x[3] = header.qoffset_x = -10;
  header.srow_y[3] = header.qoffset_y = 20;
  header.srow_z[3] = header.qoffset_z = 5;
  write_raw_nifti(folder.path() / "x.nii", header, ramp(12));
  const auto series = import_nifti(folder.path() / "x.nii");
  ASSERT_EQ(series.frames.size(), 1U);
  const auto& grid = series.frames[0].values.geometry();
  EXPECT_EQ(grid.origin_mm, (image::Vec3{10, -20, 5}));
  EXPECT_EQ(grid.axis[0], (image::Vec3{-1, 0, 0}));
  EXPECT_EQ(grid.axis[1], (image::Vec3{0, -1, 0}));
  EXPECT_EQ(grid.axis[2], (image::Vec3{0, 0, 1}));
  EXPECT_EQ(grid.spacing_mm, (image::Vec3{2, 2, 2}));
  EXPECT_EQ(series.frames[0].values.at(2, 1, 1), 12);
  EXPECT_EQ(series.facts.unit, records::PixelUnit::unknown);
  EXPECT_TRUE(series.warnings.empty());
}

TEST(Nifti, EveryDatatypeWithSlopeAndIntercept) {
  const test::TemporaryFolder folder;
  const auto check = [&]<typename T>(T, short code) {
    auto header = plain_header(2, 1, 1);
    header.datatype = code;
    header.bitpix = 8 * sizeof(T);
    header.scl_slope = 0.5;
    header.scl_inter = -1;
    const T largest = std::numeric_limits<T>::max();
    write_raw_nifti(folder.path() / "x.nii", header,
                    std::vector<T>{T{3}, std::is_same_v<T, double> ? T{7} : largest});
    const auto series = import_nifti(folder.path() / "x.nii");
    const double most = std::is_same_v<T, double> ? 7.0 : static_cast<double>(largest);
    EXPECT_EQ(series.frames[0].values.values()[0], 0.5F) << code;
    EXPECT_EQ(series.frames[0].values.values()[1], static_cast<float>(0.5 * most - 1)) << code;
  };
  check(std::uint8_t{}, NIFTI_TYPE_UINT8);
  check(std::int8_t{}, NIFTI_TYPE_INT8);
  check(std::uint16_t{}, NIFTI_TYPE_UINT16);
  check(std::int16_t{}, NIFTI_TYPE_INT16);
  check(std::uint32_t{}, NIFTI_TYPE_UINT32);
  check(std::int32_t{}, NIFTI_TYPE_INT32);
  check(std::uint64_t{}, NIFTI_TYPE_UINT64);
  check(std::int64_t{}, NIFTI_TYPE_INT64);
  check(float{}, NIFTI_TYPE_FLOAT32);
  check(double{}, NIFTI_TYPE_FLOAT64);
}

TEST(Nifti, ASlopeOfZeroMeansNone) {
  const test::TemporaryFolder folder;
  auto header = plain_header(2, 1, 1);
  header.scl_slope = 0;
  header.scl_inter = 100;
  write_raw_nifti(folder.path() / "x.nii", header, ramp(2));
  const auto expected = ramp(2);
  EXPECT_EQ(import_nifti(folder.path() / "x.nii").frames[0].values.values(),
            image::Volume<float>::Values(expected.begin(), expected.end()));
}

TEST(Nifti, FourDimensionsAreFrames) {
  const test::TemporaryFolder folder;
  auto header = plain_header(2, 2, 1);
  header.dim[0] = 4;
  header.dim[4] = 3;
  write_raw_nifti(folder.path() / "x.nii", header, ramp(12));
  const auto series = import_nifti(folder.path() / "x.nii");
  ASSERT_EQ(series.frames.size(), 3U);
  EXPECT_EQ(series.frames[2].values.values(), (image::Volume<float>::Values{9, 10, 11, 12}));
}

TEST(Nifti, AffineTraps) {
  EXPECT_NE(refusal([](auto& h) { h.qform_code = h.sform_code = 0; }).find("both 0"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.srow_x[3] = 1; }).find("decide"),
            std::string::npos);                                 // half a voxel apart
  EXPECT_EQ(refusal([](auto& h) { h.srow_x[3] = 0.1F; }), "");  // a twentieth
  EXPECT_EQ(refusal([](auto& h) { h.srow_x[3] = 1, h.qform_code = 0; }), "");
  EXPECT_NE(refusal([](auto& h) { h.qform_code = 0, h.srow_x[1] = 1.5F; }).find("sheared"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.srow_x[1] = 1.5F; }).find("apart"),
            std::string::npos);  // qform fine, sform sheared
  EXPECT_NE(refusal([](auto& h) { h.qform_code = 0, h.srow_x[0] = 0; }).find("length zero"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.srow_x[0] = NAN; }).find("sform"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.sform_code = 0, h.pixdim[2] = -2; }).find("pixdim[2]"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.sform_code = 0, h.quatern_b = NAN; }), "");
}

TEST(Nifti, ARoundedAffineIsMadeOrthonormalAndReported) {
  // 0.2 mm voxels turned by 20 degrees about z, written with 4 decimals, as common tools do.
  NiftiHeader header;
  header.sform_code = 1;
  header.unit_stated = true;
  header.size = {400, 500, 300};
  const double c = std::round(0.2 * std::cos(0.349) * 1e4) / 1e4,
               s = std::round(0.2 * std::sin(0.349) * 1e4) / 1e4;
  header.srow = {{{c, -s, 0.0001, 3}, {s, c, 0, -4}, {-0.0001, 0.0001, 0.2, 1}}};
  std::vector<std::string> warnings;
  const auto grid = nifti_geometry(header, "x.nii", warnings);
  for (std::size_t a = 0; a < 3; ++a) {
    EXPECT_NEAR(image::norm(grid.axis[a]), 1, 1e-14);
    EXPECT_NEAR(image::dot(grid.axis[a], grid.axis[(a + 1) % 3]), 0, 1e-14);
    EXPECT_NEAR(grid.spacing_mm[a], 0.2, 1e-4);
  }
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("rounding"), std::string::npos);
}

TEST(Nifti, UnitsOfLengthAreHonoured) {
  const test::TemporaryFolder folder;
  auto header = plain_header(2, 1, 1);
  header.xyzt_units = NIFTI_UNITS_MICRON;
  for (float* row : {header.srow_x, header.srow_y, header.srow_z}) {
    for (int i = 0; i < 4; ++i) row[i] *= 100;
  }
  for (int i = 1; i <= 3; ++i) header.pixdim[i] *= 100;
  write_raw_nifti(folder.path() / "x.nii", header, ramp(2));
  EXPECT_NEAR(import_nifti(folder.path() / "x.nii").frames[0].values.geometry().spacing_mm[1], 0.2,
              1e-7);
  header.xyzt_units = NIFTI_UNITS_UNKNOWN;
  write_raw_nifti(folder.path() / "x.nii", header, ramp(2));
  EXPECT_EQ(import_nifti(folder.path() / "x.nii").warnings.size(), 1U);
}

TEST(Nifti, DamagedHeadersAreRefusedBeforeMemoryIsTaken) {
  EXPECT_NE(
      refusal([](auto& h) { h.dim[1] = h.dim[2] = 1024; }).find("more than the file can hold"),
      std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.dim[1] = h.dim[2] = h.dim[3] = 32767; }).find("2^31"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.dim[0] = 0; }).find("dim[0]"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.dim[2] = -3; }).find("dim[2]"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.dim[0] = 5, h.dim[5] = 3; }).find("dim[5]"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.bitpix = 16; }).find("bitpix"), std::string::npos);
  EXPECT_NE(
      refusal([](auto& h) { h.datatype = NIFTI_TYPE_COMPLEX64, h.bitpix = 64; }).find("datatype"),
      std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.vox_offset = -1; }).find("vox_offset"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.vox_offset = 1e11F; }).find("more than the file can hold"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.scl_slope = INFINITY; }).find("scl_slope"), std::string::npos);
  EXPECT_NE(refusal([](auto& h) { std::memset(h.magic, 0, 4); }).find("Analyze"),
            std::string::npos);
  EXPECT_NE(refusal([](auto& h) { h.sizeof_hdr = 7; }).find("no NIfTI header"), std::string::npos);
}

TEST(Nifti, EveryTruncationIsAnError) {
  const test::TemporaryFolder folder;
  const auto whole = test::bytes_of_header(plain_header(2, 2, 2)) + std::string(4, '\0') +
                     test::bytes_of_values(ramp(8));
  for (std::size_t n = 0; n < whole.size(); n += 7) {
    core::write_file(folder.path() / "x.nii", whole.substr(0, n));
    EXPECT_NE(message_of([&] { (void)import_nifti(folder.path() / "x.nii"); }), "")
        << n << " bytes were taken";
  }
}

TEST(Nifti, DamagedCompressionIsAnError) {
  const test::TemporaryFolder folder;
  image::Geometry grid;
  grid.size = {8, 8, 8};
  std::vector<float> noise(512);
  for (std::size_t i = 0; i < noise.size(); ++i)
    noise[i] = static_cast<float>(i * 2654435761U % 1000003U);
  const image::Volume<float> volume(grid, noise);
  write_nifti(folder.path() / "x.nii.gz", {&volume}, "");
  std::string bytes = core::read_file(folder.path() / "x.nii.gz");
  core::write_file(folder.path() / "cut.nii.gz", bytes.substr(0, bytes.size() / 2));
  EXPECT_NE(message_of([&] { (void)import_nifti(folder.path() / "cut.nii.gz"); }), "");
}

TEST(Nifti, NaNCountsAsZeroWithAWarningAndInfinityIsRefused) {
  const test::TemporaryFolder folder;
  write_raw_nifti(folder.path() / "x.nii", plain_header(3, 1, 1), std::vector<float>{1, NAN, NAN});
  const auto series = import_nifti(folder.path() / "x.nii");
  EXPECT_EQ(series.frames[0].values.values(), (image::Volume<float>::Values{1, 0, 0}));
  ASSERT_EQ(series.warnings.size(), 1U);
  EXPECT_EQ(series.warnings[0].substr(0, 2), "2 ");
  write_raw_nifti(folder.path() / "x.nii", plain_header(2, 1, 1), std::vector<float>{1, INFINITY});
  EXPECT_NE(message_of([&] { (void)import_nifti(folder.path() / "x.nii"); }).find("infinite"),
            std::string::npos);
}

TEST(Nifti, HeaderAndImagePair) {
  const test::TemporaryFolder folder;
  auto header = plain_header(2, 1, 1);
  std::memcpy(header.magic, "ni1", 4);
  header.vox_offset = 0;
  core::write_file(folder.path() / "x.hdr", test::bytes_of_header(header));
  core::write_file(folder.path() / "x.img", test::bytes_of_values(ramp(2)));
  for (const char* name : {"x.hdr", "x.img"}) {
    const auto expected = ramp(2);
    EXPECT_EQ(import_nifti(folder.path() / name).frames[0].values.values(),
              image::Volume<float>::Values(expected.begin(), expected.end()));
  }
  fs::remove(folder.path() / "x.img");
  EXPECT_NE(message_of([&] { (void)import_nifti(folder.path() / "x.hdr"); }).find("x.img"),
            std::string::npos);
}

TEST(Nifti, BigEndianFiles) {
  const test::TemporaryFolder folder;
  auto bytes = test::bytes_of_header(plain_header(2, 1, 1)) + std::string(4, '\0') +
               test::bytes_of_values(ramp(2));
  const auto swap = [&](std::size_t at, std::size_t n, std::size_t width) {
    for (std::size_t i = 0; i < n; ++i) {
      std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at + i * width),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at + (i + 1) * width));
    }
  };
  swap(0, 1, 4), swap(40, 8, 2), swap(68, 4, 2), swap(76, 11, 4), swap(252, 2, 2), swap(256, 18, 4),
      swap(352, 2, 4);
  core::write_file(folder.path() / "x.nii", bytes);
  const auto series = import_nifti(folder.path() / "x.nii");
  const auto expected = ramp(2);
  EXPECT_EQ(series.frames[0].values.values(),
            image::Volume<float>::Values(expected.begin(), expected.end()));
  EXPECT_EQ(series.frames[0].values.geometry().spacing_mm, (image::Vec3{2, 2, 2}));
}

TEST(Nifti, SecondVersion) {
  const test::TemporaryFolder folder;
  nifti_2_header h{};
  h.sizeof_hdr = 540;
  std::memcpy(h.magic, "n+2\0\r\n\032\n", 8);
  h.datatype = NIFTI_TYPE_FLOAT32;
  h.bitpix = 32;
  h.dim[0] = 3, h.dim[1] = 2, h.dim[2] = h.dim[3] = h.dim[4] = h.dim[5] = h.dim[6] = h.dim[7] = 1;
  h.pixdim[1] = h.pixdim[2] = h.pixdim[3] = 0.1;
  h.vox_offset = 544;
  h.sform_code = 1;
  h.srow_x[0] = h.srow_y[1] = h.srow_z[2] = 0.1;
  h.xyzt_units = NIFTI_UNITS_MM;
  core::write_file(folder.path() / "x.nii", test::bytes_of_header(h) + std::string(4, '\0') +
                                                test::bytes_of_values(ramp(2)));
  const auto series = import_nifti(folder.path() / "x.nii");
  const auto expected = ramp(2);
  EXPECT_EQ(series.frames[0].values.values(),
            image::Volume<float>::Values(expected.begin(), expected.end()));
  EXPECT_DOUBLE_EQ(series.frames[0].values.geometry().spacing_mm[0], 0.1);
  EXPECT_EQ(series.facts.format, "NIfTI-2");
}

TEST(Nifti, LabelsAreWholeAndNotNegative) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "x.nii";
  write_raw_nifti(file, plain_header(2, 2, 1), std::vector<float>{0, 3, 3, 7});
  const auto set = read_nifti_labels(file);
  ASSERT_EQ(set.regions.size(), 2U);
  EXPECT_EQ(set.regions[0].name, "label_3");
  EXPECT_EQ(set.regions[0].value, 3);
  EXPECT_NEAR(set.regions[0].volume_ml(), 2 * 0.008, 1e-9);
  for (const float bad : {0.5F, -1.0F, 1e9F}) {
    write_raw_nifti(file, plain_header(2, 1, 1), std::vector<float>{1, bad});
    EXPECT_NE(message_of([&] { (void)read_nifti_labels(file); }).find("no label"),
              std::string::npos)
        << bad;
  }
  write_raw_nifti(file, plain_header(100, 100, 1), ramp(10000));
  EXPECT_NE(message_of([&] { (void)read_nifti_labels(file); }).find("different values"),
            std::string::npos);
}

/// A rotation from three angles, left-handed on wish.
image::Geometry any_grid() {
  image::Geometry grid;
  grid.size = {3, 4, 2};
  const auto angle = [] { return *rc::gen::inRange(-31416, 31416) / 1e4; };
  const double a = angle(), b = angle(), g = angle();
  const double ca = std::cos(a), sa = std::sin(a), cb = std::cos(b), sb = std::sin(b),
               cg = std::cos(g), sg = std::sin(g);
  grid.axis = {image::Vec3{ca * cb, sa * cb, -sb},
               image::Vec3{ca * sb * sg - sa * cg, sa * sb * sg + ca * cg, cb * sg},
               image::Vec3{ca * sb * cg + sa * sg, sa * sb * cg - ca * sg, cb * cg}};
  const double sign = *rc::gen::arbitrary<bool>() ? 1 : -1;
  for (double& v : grid.axis[2]) v *= sign;
  for (std::size_t i = 0; i < 3; ++i) {
    grid.spacing_mm[i] = *rc::gen::inRange(1, 5000) / 1e3;
    grid.origin_mm[i] = *rc::gen::inRange(-500000, 500000) / 1e3;
  }
  return grid;
}

RC_GTEST_PROP(NiftiProperty, WhatIsWrittenReadsBack, ()) {
  const test::TemporaryFolder folder;
  const auto grid = any_grid();
  const image::Volume<float> one(grid, ramp(24)), two(grid, std::vector<float>(24, -2.5F));
  write_nifti(folder.path() / "x.nii.gz", {&one, &two}, "test");
  const auto series =
      import_nifti(folder.path() / "x.nii.gz");  // refuses where sform and qform disagree
  RC_ASSERT(series.frames.size() == 2U);
  RC_ASSERT(series.frames[0].values.values() == one.values());
  RC_ASSERT(series.frames[1].values.values() == two.values());
  // float32 holds 500 mm to 3e-5 mm, and voxels are at least 1e-3 mm.
  RC_ASSERT(same_grid(series.frames[0].values.geometry(), grid, 0.07));
  RC_ASSERT(series.facts.format == "NIfTI");
}

TEST(Nifti, LabelsWrittenReadBackAndTheSameBytesTwice) {
  const test::TemporaryFolder folder;
  image::Geometry grid;
  grid.size = {2, 2, 1};
  const image::Volume<int> labels(grid, std::vector<int>{0, 5, 70000, 5});
  write_nifti_labels(folder.path() / "a.nii.gz", labels, "labels");
  write_nifti_labels(folder.path() / "b.nii.gz", labels, "labels");
  EXPECT_EQ(core::read_file(folder.path() / "a.nii.gz"),
            core::read_file(folder.path() / "b.nii.gz"));
  const auto set = read_nifti_labels(folder.path() / "a.nii.gz");
  ASSERT_EQ(set.regions.size(), 2U);
  EXPECT_EQ(set.regions[1].value, 70000);
}

}  // namespace
}  // namespace sojourn::io
