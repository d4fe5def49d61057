// Codings of pixels, multi-frame objects and dynamic series.
#include <gtest/gtest.h>

#include <algorithm>

#include "io/dicom_builder.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/random.h"
#include "sojourn/io/dicom_read.h"

using namespace sojourn::test;
using sojourn::io::import_dicom;

namespace {

std::string refusal(const std::filesystem::path& path) {
  try {
    (void)import_dicom(path, {});
  } catch (const sojourn::Error& problem) {
    return problem.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A 16 x 16 picture with structure; JPEG coders refuse tiny ones.
std::vector<std::uint16_t> picture() {
  std::vector<std::uint16_t> values;
  for (unsigned i = 0; i < 256; ++i)
    values.push_back(static_cast<std::uint16_t>((i * 2654435761U >> 20) & 0xFFF));
  return values;
}

DicomBuilder big_slice() {
  DicomBuilder b = pet_slice(0);
  b.set("(0028,0010)", "16")
      .set("(0028,0011)", "16")
      .set("(0028,0101)", "12")
      .set("(0028,0102)", "11")
      .pixels(picture());
  return b;
}

}  // namespace

TEST(DicomPixels, EveryLosslessCodingGivesTheSameValuesAndHash) {
  TemporaryFolder folder;
  big_slice().write(folder.path() / "plain" / "a");
  const auto plain = import_dicom(folder.path() / "plain", {});
  ASSERT_EQ(plain.frames[0].values.values().size(), 256U);
  EXPECT_FLOAT_EQ(plain.frames[0].values.values()[77], 2.5F * static_cast<float>(picture()[77]));
  const std::vector<std::pair<std::string, Coding>> codings = {
      {"implicit", Coding::implicit},     {"big endian", Coding::explicit_big},
      {"deflated", Coding::deflated},     {"rle", Coding::rle},
      {"jpeg 14", Coding::jpeg_lossless}, {"jpeg 14 sv1", Coding::jpeg_lossless_sv1},
      {"jpeg-ls", Coding::jpeg_ls},       {"jpeg 2000", Coding::jpeg_2000}};
  for (const auto& [name, coding] : codings) {
    big_slice().write(folder.path() / name / "a", coding);
    if (coding >= Coding::rle) {  // the test is only one where the pixels are really coded
      EXPECT_EQ(sojourn::core::read_file(folder.path() / name / "a").find("1.2.840.10008.1.2.1\0"),
                std::string::npos);
    }
    const auto got = import_dicom(folder.path() / name, {});
    EXPECT_EQ(got.frames[0].values.values(), plain.frames[0].values.values()) << name;
    EXPECT_EQ(got.pixel_sha256, plain.pixel_sha256) << name;
    EXPECT_TRUE(got.warnings.empty()) << name;
  }
}

TEST(DicomPixels, LosslessCodingsOfEightBitsKeepTheirValues) {
  TemporaryFolder folder;
  std::vector<std::uint8_t> values;
  for (const auto value : picture()) values.push_back(static_cast<std::uint8_t>(value & 0xFF));
  const auto written = [&](const std::string& name, Coding coding) {
    big_slice()
        .set("(0028,0100)", "8")
        .set("(0028,0101)", "8")
        .set("(0028,0102)", "7")
        .pixels8(values)
        .write(folder.path() / name / "a", coding);
    return import_dicom(folder.path() / name, {});
  };
  const auto plain = written("plain", Coding::explicit_little);
  ASSERT_FLOAT_EQ(plain.frames[0].values.values()[77], 2.5F * static_cast<float>(values[77]));
  for (const Coding coding : {Coding::rle, Coding::jpeg_lossless, Coding::jpeg_lossless_sv1}) {
    const auto got = written(std::to_string(static_cast<int>(coding)), coding);
    EXPECT_EQ(got.frames[0].values.values(), plain.frames[0].values.values());
    EXPECT_EQ(got.pixel_sha256, plain.pixel_sha256);
  }
}

TEST(DicomPixels, BrokenCompressedStreamsAreRefused) {
  TemporaryFolder folder;
  for (const Coding coding :
       {Coding::rle, Coding::jpeg_lossless_sv1, Coding::jpeg_ls, Coding::jpeg_2000}) {
    big_slice().write(folder.path() / "a" / "x", coding);
    const std::string bytes = sojourn::core::read_file(folder.path() / "a" / "x");
    sojourn::core::write_file(folder.path() / "a" / "x",
                              std::string_view(bytes).substr(0, bytes.size() - 60));
    EXPECT_TRUE(says(refusal(folder.path() / "a"), "break off")) << static_cast<int>(coding);
    DicomBuilder other = big_slice();  // a header that does not fit its stream
    other.write(folder.path() / "b" / "x", coding);
    std::string lying = sojourn::core::read_file(folder.path() / "b" / "x");
    const std::size_t rows = lying.find(std::string("\x28\x00\x10\x00US\x02\x00\x10\x00", 10));
    ASSERT_NE(rows, std::string::npos);
    lying[rows + 8] = 32;
    sojourn::core::write_file(folder.path() / "b" / "x", lying);
    EXPECT_FALSE(refusal(folder.path() / "b").empty()) << static_cast<int>(coding);
  }
}

TEST(DicomPixels, JpegTablesBeyondTheirLimitsAreRefused) {
  TemporaryFolder folder;
  big_slice().write(folder.path() / "x", Coding::jpeg_lossless_sv1);
  const std::string bytes = sojourn::core::read_file(folder.path() / "x");
  const std::size_t table = bytes.find(std::string("\xFF\xC4", 2), bytes.find("\xFF\xD8"));
  ASSERT_NE(table, std::string::npos);
  for (const std::size_t at : {table + 4, table + 5, table + 21}) {  // id, a count, a category
    std::string spoiled = bytes;
    spoiled[at] = 80;
    sojourn::core::write_file(folder.path() / "x", spoiled);
    EXPECT_TRUE(says(refusal(folder.path() / "x"), "are no JPEG stream")) << at - table;
  }
}

TEST(DicomPixels, JpegLsWithoutItsEndIsRefused) {
  TemporaryFolder folder;
  big_slice().write(folder.path() / "x", Coding::jpeg_ls);
  std::string bytes = sojourn::core::read_file(folder.path() / "x");
  const std::size_t end = bytes.rfind("\xFF\xD9");
  ASSERT_NE(end, std::string::npos);
  for (std::size_t at = end - 60; at < bytes.size() - 8; ++at) bytes[at] = 0x11;
  sojourn::core::write_file(folder.path() / "x", bytes);
  EXPECT_TRUE(says(refusal(folder.path() / "x"), "are no JPEG-LS stream"))
      << refusal(folder.path() / "x");
}

TEST(DicomPixels, LossyCompressionIsAWarningAndLossyJpegIsRefused) {
  TemporaryFolder folder;
  big_slice().set("(0028,2110)", "01").write(folder.path() / "a" / "x", Coding::jpeg_2000);
  const auto got = import_dicom(folder.path() / "a", {});
  ASSERT_EQ(got.warnings.size(), 1U);
  EXPECT_TRUE(says(got.warnings[0], "lossy"));
  big_slice().write(folder.path() / "b" / "x", Coding::jpeg_lossy);
  EXPECT_TRUE(says(refusal(folder.path() / "b"), "is not read"));
}

TEST(DicomPixels, DamagedCompressedBytesNeverCrash) {
  TemporaryFolder folder;
  for (const Coding coding : {Coding::rle, Coding::jpeg_lossless, Coding::jpeg_lossless_sv1}) {
    big_slice().write(folder.path() / "x", coding);
    const std::string bytes = sojourn::core::read_file(folder.path() / "x");
    const std::size_t pixels = bytes.rfind(std::string("\xE0\x7F\x10\x00", 4));
    ASSERT_NE(pixels, std::string::npos);
    for (std::uint64_t n = 0; n < 300; ++n) {
      sojourn::core::Random random(17, n);
      std::string spoiled = bytes;
      for (int k = 0; k < 3; ++k) {
        spoiled[pixels + random.bits() % (spoiled.size() - pixels)] =
            static_cast<char>(random.bits());
      }
      sojourn::core::write_file(folder.path() / "x", spoiled);
      try {
        EXPECT_EQ(import_dicom(folder.path() / "x", {}).frames.at(0).values.values().size(), 256U);
      } catch (const sojourn::Error& problem) {
        EXPECT_EQ(problem.code(), sojourn::ErrorCode::bad_input);
      }
    }
  }
}

TEST(DicomPixels, WidthsSignsAndPaddedBits) {
  TemporaryFolder folder;
  const auto values_of = [&](DicomBuilder b) {
    b.set("(0028,1053)", "1").write(folder.path() / "a");
    return import_dicom(folder.path(), {}).frames[0].values.values();
  };
  DicomBuilder eight = pet_slice(0);
  eight.set("(0028,0100)", "8")
      .set("(0028,0101)", "8")
      .set("(0028,0102)", "7")
      .set("(0028,0103)", "1");
  EXPECT_FLOAT_EQ(values_of(std::move(eight.pixels8(std::vector<std::uint8_t>(12, 0xFE))))[3],
                  -2.0F);
  DicomBuilder wide = pet_slice(0);
  wide.set("(0028,0100)", "32").set("(0028,0101)", "32").set("(0028,0102)", "31");
  EXPECT_FLOAT_EQ(
      values_of(std::move(wide.pixels32(std::vector<std::uint32_t>(12, 3000000000U))))[11], 3e9F);
  DicomBuilder negative = pet_slice(0);
  negative.set("(0028,0103)", "1");
  EXPECT_FLOAT_EQ(values_of(std::move(negative.pixels(std::vector<std::uint16_t>(12, 0xFFFB))))[0],
                  -5.0F);
  // 12 of 16 bits with overlay rubbish above: unsigned is masked, signed takes bit 11 as its sign.
  DicomBuilder padded = pet_slice(0);
  padded.set("(0028,0101)", "12").set("(0028,0102)", "11");
  EXPECT_FLOAT_EQ(values_of(std::move(padded.pixels(std::vector<std::uint16_t>(12, 0xA123))))[0],
                  0x123);
  DicomBuilder padded_signed = pet_slice(0);
  padded_signed.set("(0028,0101)", "12").set("(0028,0102)", "11").set("(0028,0103)", "1");
  EXPECT_FLOAT_EQ(
      values_of(std::move(padded_signed.pixels(std::vector<std::uint16_t>(12, 0x7FFF))))[0], -1.0F);
  DicomBuilder floating = pet_slice(0);
  floating.remove(0x7FE0, 0x0010)
      .set("(0028,0100)", "32")
      .set("(0028,0101)", "32")
      .set("(0028,0102)", "31");
  EXPECT_FLOAT_EQ(values_of(std::move(floating.pixels_float(std::vector<float>(12, 0.125F))))[7],
                  0.125F);
}

TEST(DicomFrames, InterleavedFramesAreSplitByEachRule) {
  struct Case {
    std::string name, tag, first, second;
  };
  const std::vector<Case> cases = {{"temporal position", "(0020,0100)", "1", "2"},
                                   {"acquisition time", "(0008,0032)", "100000", "101000"},
                                   {"frame reference time", "(0054,1300)", "30000", "90000"},
                                   {"trigger time", "(0018,1060)", "0", "400"}};
  for (const auto& one : cases) {
    TemporaryFolder folder;
    for (int k = 0; k < 4; ++k) {
      pet_slice(4.0 * k)
          .set(one.tag, one.second)
          .set("(0028,1053)", "2")
          .write(folder.path() / (std::to_string(k) + "a"));
      pet_slice(4.0 * k)
          .set(one.tag, one.first)
          .set("(0028,1053)", "1")
          .write(folder.path() / (std::to_string(k) + "b"));
    }
    const auto pet = import_dicom(folder.path(), {});
    ASSERT_EQ(pet.frames.size(), 2U) << one.name;
    EXPECT_EQ(pet.frames[1].values.geometry().size[2], 4);
    EXPECT_FLOAT_EQ(pet.frames[0].values.at(0, 0, 3), 100.0F) << one.name;
    EXPECT_FLOAT_EQ(pet.frames[1].values.at(0, 0, 3), 200.0F) << one.name;
  }
}

TEST(DicomFrames, ImageIndexSplitsFirstAndBedsArePassedSeveralTimes) {
  TemporaryFolder indexed, beds;
  for (int t = 0; t < 3; ++t) {
    for (int k = 0; k < 4; ++k) {
      pet_slice(4.0 * k)
          .set("(0054,0101)", "3")
          .set("(0054,0081)", "4")
          .set("(0054,1330)", std::to_string(t * 4 + k + 1))
          .set("(0028,1053)", std::to_string(t + 1))
          .write(indexed.path() / std::to_string(t * 10 + k));
      const int bed = k / 2;  // two beds, each with its own time in each pass
      pet_slice(4.0 * k)
          .set("(0008,0032)", "10" + std::to_string(10 + 10 * t + bed) + "00")
          .set("(0028,1053)", std::to_string(t + 1))
          .write(beds.path() / std::to_string(k * 10 + t));
    }
  }
  for (const auto* folder : {&indexed, &beds}) {
    const auto pet = import_dicom(folder->path(), {});
    ASSERT_EQ(pet.frames.size(), 3U);
    for (int t = 0; t < 3; ++t)
      EXPECT_FLOAT_EQ(pet.frames[static_cast<std::size_t>(t)].values.at(0, 0, 3),
                      100.0F * static_cast<float>(t + 1));
  }
  EXPECT_DOUBLE_EQ(*import_dicom(beds.path(), {}).frames[1].slices[3].start_local_s -
                       *import_dicom(beds.path(), {}).frames[1].slices[0].start_local_s,
                   60.0);
}

TEST(DicomFrames, UnequalAndGatedFramesAreRefused) {
  TemporaryFolder folder, gated;
  for (int k = 0; k < 4; ++k) {
    for (int t = 1; t < 3; ++t) {
      if (t == 1 || k != 2)
        pet_slice(4.0 * k)
            .set("(0020,0100)", std::to_string(t))
            .set("(0008,0032)", "10000" + std::to_string(t))
            .write(folder.path() / std::to_string(10 * k + t));
      pet_slice(4.0 * k)
          .set("(0054,1000)", "GATED\\IMAGE")
          .set("(0018,1060)", std::to_string(t))
          .write(gated.path() / std::to_string(10 * k + t));
    }
  }
  EXPECT_TRUE(says(refusal(folder.path()), "frame 2 of 2 (by temporal position) has 3 of 4 slices"))
      << refusal(folder.path());
  EXPECT_TRUE(says(refusal(gated.path()), "gated"));
}

TEST(DicomEnhanced, DynamicFramesAreOrderedByTheirIndicesWithTheirOwnSlopes) {
  TemporaryFolder folder;
  const std::vector<std::array<int, 2>> order = {{2, 3}, {1, 1}, {2, 1}, {1, 3}, {1, 2}, {2, 2}};
  enhanced_pet(order).write(folder.path() / "a");
  const auto pet = import_dicom(folder.path(), {});
  ASSERT_EQ(pet.frames.size(), 2U);
  for (std::size_t f = 0; f < order.size(); ++f) {
    const auto& frame = pet.frames[static_cast<std::size_t>(order[f][0] - 1)];
    EXPECT_FLOAT_EQ(frame.values.at(2, 1, order[f][1] - 1), 10.0F * static_cast<float>(f + 1));
  }
  const auto& timing = pet.frames[1].slices[0];
  EXPECT_DOUBLE_EQ(*timing.start_local_s - *pet.frames[0].slices[0].start_local_s, 60.0);
  EXPECT_DOUBLE_EQ(*timing.duration_s, 60.0);
  EXPECT_EQ(pet.facts.format, "DICOM enhanced PET");
  EXPECT_EQ(pet.facts.unit, sojourn::records::PixelUnit::bq_per_ml);
  EXPECT_DOUBLE_EQ(pet.facts.injected_activity_bq.value(),
                   37e6);  // written as 37: MBq by the SOP class
  EXPECT_EQ(pet.facts.decay_correction, sojourn::records::DecayCorrection::stated_time);
  EXPECT_DOUBLE_EQ(*pet.facts.decay_reference_local_s, *pet.facts.series_local_s);
  EXPECT_EQ(pet.facts.corrections, (std::vector<std::string>{"DECY", "ATTN"}));
}

TEST(DicomEnhanced, FramesWithoutDescriptionAreRefusedAndLegacyConvertedKeepsItsUnits) {
  TemporaryFolder folder;
  enhanced_pet({{1, 1}, {1, 2}}).set("(0028,0008)", "3").write(folder.path() / "bad" / "a");
  EXPECT_TRUE(says(refusal(folder.path() / "bad"), "Number of Frames says 3"));
  enhanced_pet({{1, 1}, {1, 2}})
      .set("(0008,0016)", "1.2.840.10008.5.1.4.1.1.128.1")
      .set("(5200,9229)[0].(0020,9170)[0].(0054,1001)", "PROPCPS")
      .write(folder.path() / "legacy" / "a");
  EXPECT_EQ(import_dicom(folder.path() / "legacy", {}).facts.unit_text, "PROPCPS");
}

TEST(DicomNm, ReconstructedTomogramStacksToTheSideThatItsSpacingSays) {
  TemporaryFolder folder;
  nm_tomogram(4, 5).write(folder.path() / "up" / "a");
  nm_tomogram(4, -5).write(folder.path() / "down" / "a");
  const auto up = import_dicom(folder.path() / "up", {}),
             down = import_dicom(folder.path() / "down", {});
  EXPECT_EQ(up.facts.modality, "NM");
  EXPECT_EQ(up.facts.unit, sojourn::records::PixelUnit::counts);
  EXPECT_DOUBLE_EQ(up.facts.injected_activity_bq.value(), 740e6);
  EXPECT_DOUBLE_EQ(up.facts.total_counts.value(), 1234567);
  EXPECT_DOUBLE_EQ(up.frames[0].slices[0].duration_s.value(), 1200);
  EXPECT_DOUBLE_EQ(up.frames[0].values.geometry().origin_mm[2], 30);
  EXPECT_FLOAT_EQ(up.frames[0].values.at(0, 0, 0), 10);
  EXPECT_DOUBLE_EQ(down.frames[0].values.geometry().origin_mm[2], 15);
  EXPECT_FLOAT_EQ(down.frames[0].values.at(0, 0, 0), 40);
  EXPECT_DOUBLE_EQ(down.frames[0].values.geometry().spacing_mm[2], 5);
}

TEST(DicomNm, ProjectionsAndEnergyWindowsAreRefused) {
  TemporaryFolder folder;
  nm_tomogram(4, 5)
      .set("(0008,0008)", "ORIGINAL\\PRIMARY\\TOMO\\EMISSION")
      .write(folder.path() / "tomo" / "a");
  EXPECT_TRUE(says(refusal(folder.path() / "tomo"), "RECON TOMO"));
  nm_tomogram(4, 5)
      .set("(0028,0009)", "(0054,0010)\\(0054,0080)")
      .set("(0054,0010)", "1\\1\\2\\2")
      .write(folder.path() / "energy" / "a");
  EXPECT_TRUE(says(refusal(folder.path() / "energy"), "energy window"));
}
