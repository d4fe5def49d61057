#include "sojourn/io/dicom_read.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "io/dicom_builder.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"

using sojourn::io::import_dicom;
using sojourn::test::ct_slice;
using sojourn::test::pet_slice;
using sojourn::test::TemporaryFolder;
using sojourn::test::write_pet_series;

namespace {

/// The message of the refusal; empty where nothing was refused. No message may hold an identity.
std::string refusal(const std::filesystem::path& path,
                    const sojourn::io::ImportRequest& request = {}) {
  try {
    (void)import_dicom(path, request);
  } catch (const sojourn::Error& problem) {
    EXPECT_EQ(problem.code(), sojourn::ErrorCode::bad_input);
    const std::string text = problem.what();
    EXPECT_EQ(text.find("SECRET"), std::string::npos) << text;
    EXPECT_EQ(text.find("1.2.3.4"), std::string::npos) << text;
    return text;
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST(DicomRead, StacksSlicesOfAnyNameAndIgnoresOtherFiles) {
  TemporaryFolder folder;
  write_pet_series(folder.path() / "deep" / "er", 5);
  for (int k = 0; k < 3; ++k) ct_slice(4.0 * k).write(folder.path() / ("c" + std::to_string(k)));
  sojourn::core::write_file(folder.path() / "notes.dcm", "not an image at all");
  sojourn::core::write_file(folder.path() / "empty", "");
  EXPECT_TRUE(sojourn::io::is_dicom(folder.path()));
  EXPECT_FALSE(sojourn::io::is_dicom(folder.path() / "notes.dcm"));

  const auto pet = import_dicom(folder.path(), {});
  ASSERT_EQ(pet.frames.size(), 1U);
  const auto& volume = pet.frames[0].values;
  EXPECT_EQ(volume.geometry().size, (sojourn::image::Index3{4, 3, 5}));
  EXPECT_EQ(volume.geometry().spacing_mm, (sojourn::image::Vec3{2, 3, 4}));
  EXPECT_EQ(volume.geometry().origin_mm, (sojourn::image::Vec3{-10, -20, 0}));
  EXPECT_FLOAT_EQ(volume.at(1, 2, 4), 2.5F * (100 + 2 * 4 + 1));
  EXPECT_EQ(pet.frames[0].slices.size(), 5U);

  const auto ct =
      import_dicom(folder.path(), {.modality = "CT", .series = "", .frame_of_reference = ""});
  EXPECT_EQ(ct.facts.unit, sojourn::records::PixelUnit::hounsfield);
  EXPECT_FLOAT_EQ(ct.frames[0].values.at(0, 0, 0), -24.0F);
}

TEST(DicomRead, TakesSlopeAndInterceptOfEachSlice) {
  TemporaryFolder folder;
  for (int k = 0; k < 4; ++k) {
    pet_slice(4.0 * k)
        .set("(0028,1053)", std::to_string(k + 1))
        .set("(0028,1052)", std::to_string(-k))
        .write(folder.path() / std::to_string(9 - k));
  }
  const auto pet = import_dicom(folder.path(), {});
  for (int k = 0; k < 4; ++k) {
    EXPECT_FLOAT_EQ(pet.frames[0].values.at(3, 1, k),
                    107.0F * static_cast<float>(k + 1) - static_cast<float>(k));
  }
}

TEST(DicomRead, SliceOrderAndValuesDoNotDependOnNamesOrThreads) {
  TemporaryFolder reference;
  write_pet_series(reference.path(), 6);
  const auto expected = import_dicom(reference.path(), {});
  rc::check("any names", [&] {
    std::vector<int> names = {0, 1, 2, 3, 4, 5};
    for (std::size_t i = 5; i > 0; --i)
      std::swap(names[i], names[*rc::gen::inRange<std::size_t>(0, i + 1)]);
    TemporaryFolder folder;
    for (int k = 0; k < 6; ++k)
      pet_slice(4.0 * k).write(folder.path() / std::to_string(names[static_cast<std::size_t>(k)]));
    const sojourn::core::ThreadLimit limit(*rc::gen::inRange<std::size_t>(1, 3));
    const auto got = import_dicom(folder.path(), {});
    RC_ASSERT(got.frames[0].values.values() == expected.frames[0].values.values());
    RC_ASSERT(got.pixel_sha256 == expected.pixel_sha256);
  });
}

TEST(DicomRead, HashIsOfPixelsAlone) {
  TemporaryFolder a, b, c;
  pet_slice(0).write(a.path() / "x");
  pet_slice(0, "55", 3).set("(0010,0010)", "OTHER").set("(0028,1053)", "9").write(b.path() / "y");
  pet_slice(0).pixels(std::vector<std::uint16_t>(12, 1)).write(c.path() / "x");
  const auto hash = import_dicom(a.path(), {}).pixel_sha256;
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(import_dicom(b.path(), {}).pixel_sha256, hash);
  EXPECT_NE(import_dicom(c.path(), {}).pixel_sha256, hash);
}

TEST(DicomGeometry, MissingSlicesAreCountedAndPlaced) {
  TemporaryFolder folder;
  for (int k = 0; k < 20; ++k) {
    if (k != 7 && k != 12) pet_slice(4.0 * k).write(folder.path() / std::to_string(k));
  }
  const auto text = refusal(folder.path());
  EXPECT_TRUE(says(text, "2 slices are missing")) << text;
  EXPECT_TRUE(says(text, "z = 24.00 mm") && says(text, "z = 44.00 mm")) << text;
}

TEST(DicomGeometry, DuplicatesUnevenTiltedAndMixedSlicesAreRefused) {
  const auto refused = [](const std::function<void(const std::filesystem::path&)>& make) {
    TemporaryFolder folder;
    make(folder.path());
    return refusal(folder.path());
  };
  EXPECT_TRUE(says(refused([](const auto& at) {
                     write_pet_series(at, 4);
                     pet_slice(4).write(at / "copy");
                   }),
                   "remove the duplicate"));
  EXPECT_TRUE(says(refused([](const auto& at) {
                     for (const double z : {0.0, 4.0, 8.0, 13.5})
                       pet_slice(z).write(at / std::to_string(z));
                   }),
                   "unevenly spaced"));
  EXPECT_TRUE(says(refused([](const auto& at) {  // 17 degrees, as a tilted gantry gives
                     for (int k = 0; k < 5; ++k) {
                       pet_slice(0)
                           .set("(0020,0032)", "-10\\" + std::to_string(-20 + 1.22 * k) + "\\" +
                                                   std::to_string(4 * k))
                           .write(at / std::to_string(k));
                     }
                   }),
                   "17.0 degrees"));
  EXPECT_TRUE(
      says(refused([](const auto& at) {
             write_pet_series(at, 4);
             pet_slice(16).set("(0028,0010)", "4").set("(0028,0011)", "3").write(at / "odd");
           }),
           "the matrix is 3 x 4"));
  EXPECT_TRUE(says(refused([](const auto& at) {
                     write_pet_series(at, 4);
                     pet_slice(16).set("(0020,0037)", "1\\0\\0\\0\\0\\-1").write(at / "odd");
                   }),
                   "orientation or pixel spacing differs"));
  EXPECT_TRUE(
      says(refused([](const auto& at) { pet_slice(0).remove(0x0020, 0x0032).write(at / "a"); }),
           "(0020,0032)"));
  EXPECT_TRUE(
      says(refused([](const auto& at) { pet_slice(0).remove(0x0020, 0x0037).write(at / "a"); }),
           "(0020,0037)"));
}

TEST(DicomGeometry, RoundedPositionsPassAndSpacingIsTheMeanStep) {
  TemporaryFolder folder;  // 3.27 mm written with one decimal
  const std::vector<double> z = {0.0, 3.3, 6.5, 9.8, 13.1, 16.4, 19.6, 22.9, 26.2, 29.4, 32.7};
  for (std::size_t k = 0; k < z.size(); ++k)
    pet_slice(z[k]).write(folder.path() / std::to_string(k));
  EXPECT_NEAR(import_dicom(folder.path(), {}).frames[0].values.geometry().spacing_mm[2], 3.27,
              1e-9);
}

TEST(DicomGeometry, CoronalSlicesKeepTheirAxesAndASingleSliceTakesItsThickness) {
  TemporaryFolder folder;
  for (int k = 0; k < 3; ++k) {
    pet_slice(0)
        .set("(0020,0037)", "1\\0\\0\\0\\0\\-1")
        .set("(0020,0032)", "0\\" + std::to_string(5 * k) + "\\0")
        .write(folder.path() / std::to_string(k));
  }
  const auto grid = import_dicom(folder.path(), {}).frames[0].values.geometry();
  EXPECT_EQ(grid.axis[1], (sojourn::image::Vec3{0, 0, -1}));
  EXPECT_EQ(grid.axis[2], (sojourn::image::Vec3{0, 1, 0}));
  EXPECT_DOUBLE_EQ(grid.spacing_mm[2], 5);
  TemporaryFolder one;
  pet_slice(3).write(one.path() / "a");
  EXPECT_DOUBLE_EQ(import_dicom(one.path(), {}).frames[0].values.geometry().spacing_mm[2], 4);
}

TEST(DicomChoose, PrefersCorrectedOriginalSlicesToProjectionsAndUncorrected) {
  TemporaryFolder folder;
  write_pet_series(folder.path() / "ac", 3, "1", 4);
  for (int k = 0; k < 3; ++k) {
    pet_slice(4.0 * k, "2", 5)
        .set("(0028,0051)", "DECY\\SCAT")
        .set("(0054,1001)", "PROPCNTS")
        .write(folder.path() / "nac" / std::to_string(k));
    pet_slice(4.0 * k, "3", 6)
        .set("(0008,0008)", "DERIVED\\SECONDARY\\MIP")
        .write(folder.path() / "mip" / std::to_string(k));
    pet_slice(4.0 * k, "4", 7)
        .set("(0054,1000)", "STATIC\\REPROJECTION")
        .write(folder.path() / "rep" / std::to_string(k));
  }
  const auto pet = import_dicom(folder.path(), {});
  EXPECT_EQ(pet.facts.unit, sojourn::records::PixelUnit::bq_per_ml);
  EXPECT_TRUE(pet.warnings.empty());
  // The user's word goes before fitness: by number.
  const auto nac =
      import_dicom(folder.path(), {.modality = "", .series = "5", .frame_of_reference = ""});
  EXPECT_EQ(nac.facts.unit, sojourn::records::PixelUnit::proportional);
  ASSERT_EQ(nac.warnings.size(), 1U);
  EXPECT_TRUE(says(nac.warnings[0], "not corrected for attenuation"));
  EXPECT_TRUE(says(refusal(folder.path() / "mip"), "only scouts or projections"));
}

TEST(DicomChoose, SeveralFitSeriesAreListedAndOneCanBeNamed) {
  TemporaryFolder folder;
  for (int k = 0; k < 3; ++k) {
    pet_slice(4.0 * k, "1", 4)
        .set("(0008,103e)", "SECRET early")
        .write(folder.path() / ("a" + std::to_string(k)));
    pet_slice(4.0 * k, "2", 9)
        .set("(0008,103e)", "SECRET late")
        .set("(0028,1053)", "7")
        .write(folder.path() / ("b" + std::to_string(k)));
  }
  const auto text = refusal(folder.path());
  EXPECT_TRUE(says(text, "series 4: PT, 3 images of 4 x 3, BQML, corrected for DECY ATTN SCAT"))
      << text;
  EXPECT_TRUE(says(text, "series 9") && says(text, "series = ")) << text;
  for (const std::string name : {"9", "secret LATE", "1.2.3.4.2"}) {
    const auto got =
        import_dicom(folder.path(), {.modality = "", .series = name, .frame_of_reference = ""});
    EXPECT_FLOAT_EQ(got.frames[0].values.at(0, 0, 0), 700.0F) << name;
  }
  EXPECT_TRUE(
      says(refusal(folder.path(), {.modality = "", .series = "12", .frame_of_reference = ""}),
           "no series matches"));
  EXPECT_TRUE(
      says(refusal(folder.path(), {.modality = "CT", .series = "", .frame_of_reference = ""}),
           "no CT image series"));
}

TEST(DicomChoose, CtSharesTheFrameOfReferenceAndItsScoutIsLeftOut) {
  TemporaryFolder folder;
  for (int k = 0; k < 3; ++k) {
    ct_slice(4.0 * k, "1", 1).write(folder.path() / ("a" + std::to_string(k)));
    ct_slice(4.0 * k, "2", 2)
        .set("(0020,0052)", "1.2.3.4.77")
        .set("(0028,1052)", "0")
        .write(folder.path() / ("b" + std::to_string(k)));
  }
  ct_slice(0, "2", 2)
      .set("(0008,0008)", "ORIGINAL\\PRIMARY\\LOCALIZER")
      .set("(0020,0037)", "1\\0\\0\\0\\0\\-1")
      .set("(0020,0052)", "1.2.3.4.77")
      .write(folder.path() / "scout");
  const auto ct = import_dicom(
      folder.path(), {.modality = "CT", .series = "", .frame_of_reference = "1.2.3.4.77"});
  EXPECT_EQ(ct.frames[0].values.geometry().size[2], 3);
  EXPECT_FLOAT_EQ(ct.frames[0].values.at(0, 0, 0), 1000.0F);
}

TEST(DicomBadInput, TruncatedAndForeignFilesNameTheFile) {
  TemporaryFolder folder;
  pet_slice(0).write(folder.path() / "whole");
  const std::string bytes = sojourn::core::read_file(folder.path() / "whole");
  int refused = 0;
  for (std::size_t n = 0; n < bytes.size(); n += 13) {
    TemporaryFolder cut;
    sojourn::core::write_file(cut.path() / "cut.dcm", std::string_view(bytes).substr(0, n));
    const auto text = refusal(cut.path());
    EXPECT_FALSE(text.empty()) << n;
    EXPECT_TRUE(n < 132 || says(text, "cut.dcm") || says(text, cut.path().filename().string()))
        << n << ": " << text;
    ++refused;
  }
  EXPECT_GT(refused, 80);
  const auto short_pixels = [&] {
    TemporaryFolder cut;
    sojourn::core::write_file(cut.path() / "cut.dcm",
                              std::string_view(bytes).substr(0, bytes.size() - 2));
    return refusal(cut.path());
  }();
  EXPECT_TRUE(says(short_pixels, "cut.dcm: the pixel data break off (22 of 24 bytes are there)"))
      << short_pixels;
  EXPECT_TRUE(says(refusal(folder.path() / "absent"), "absent"));
}

TEST(DicomBadInput, FlippedBytesGiveAnErrorOrAnImageOfTheSameSize) {
  TemporaryFolder folder;
  pet_slice(0).write(folder.path() / "whole");
  const std::string bytes = sojourn::core::read_file(folder.path() / "whole");
  rc::check("one byte", [&] {
    std::string spoiled = bytes;
    spoiled[*rc::gen::inRange<std::size_t>(0, spoiled.size())] =
        static_cast<char>(*rc::gen::inRange(0, 256));
    sojourn::core::write_file(folder.path() / "spoiled" / "a", spoiled);
    try {
      const auto got = import_dicom(folder.path() / "spoiled", {});
      RC_ASSERT(got.frames.at(0).values.values().size() <= 12U);
    } catch (const sojourn::Error& problem) {
      RC_ASSERT(problem.code() == sojourn::ErrorCode::bad_input);
    }
  });
}

TEST(DicomBadInput, LyingHeadersAllocateNothing) {
  const auto refused = [](const std::string& tag, const std::string& value) {
    TemporaryFolder folder;
    pet_slice(0).set(tag, value).write(folder.path() / "a");
    return refusal(folder.path());
  };
  EXPECT_TRUE(says(refused("(0028,0010)", "60000"), "the matrix is 4 x 60000"));
  EXPECT_TRUE(says(refused("(0028,0010)", "8000"), "break off"));
  EXPECT_TRUE(says(refused("(0028,0010)", "0"), "the matrix is 4 x 0"));
  EXPECT_TRUE(says(refused("(0028,0100)", "12"), "Bits Allocated is 12"));
  EXPECT_TRUE(says(refused("(0028,0101)", "20"), "Bits Stored 20"));
  EXPECT_TRUE(says(refused("(0028,0002)", "3"), "colour"));
  EXPECT_TRUE(says(refused("(0028,0004)", "PALETTE COLOR"), "colour"));
  EXPECT_TRUE(says(refused("(0028,1053)", "0"), "Rescale Slope"));
  EXPECT_TRUE(says(refused("(0028,1053)", "1e300"), "not a finite number"));
  EXPECT_TRUE(says(refused("(0028,0030)", "0\\0"), "Pixel Spacing"));
}
