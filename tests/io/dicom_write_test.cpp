#include "sojourn/io/dicom_write.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>

#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/io/image_import.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;

image::Geometry mouse_grid(image::Index3 size = {30, 26, 12}) {
  image::Geometry g;
  g.size = size;
  g.spacing_mm = {0.4, 0.5, 0.8};
  g.origin_mm = {-6.0, -5.5, 12.25};
  return g;
}

image::Volume<float> random_volume(const image::Geometry& grid, double scale) {
  image::Volume<float> volume(grid);
  core::Random random(7);
  for (std::size_t i = 0; i < volume.values().size(); ++i) {
    const double slice = 1 + static_cast<double>(grid.index_of(i)[2]);
    volume.values()[i] = static_cast<float>(scale * slice * random.uniform());
  }
  return volume;
}

DicomStudyFacts study_facts() {
  DicomStudyFacts study;
  study.subject_id = "m07";
  study.body_mass_kg = 0.0214;
  study.sex = "F";
  study.study_utc_s = 1772445600.0;
  study.study_description = "labelled cells";
  study.frame_of_reference_name = "day 0";
  study.seed = 11;
  return study;
}

PetSeriesFacts pet_facts() {
  PetSeriesFacts series;
  series.description = "PET 4 h";
  series.start_utc_s = 1772460000.0;
  series.duration_s = 1200;
  series.nuclide = "Zr-89";
  series.half_life_s = 282280;
  series.positron_fraction = 0.2274;
  series.tracer = "89Zr-oxine";
  series.injected_activity_bq = 2.48e5;
  series.injected_at_utc_s = 1772446500.0;
  series.total_counts = 4.2e6;
  series.manufacturer = "Sojourn";
  series.model = "virtual";
  return series;
}

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFStringArray(tag, value);
  return value.c_str();
}

double number_of(DcmItem& item, const DcmTagKey& tag) { return std::stod(text_of(item, tag)); }

std::string bytes_of(const fs::path& file) { return core::read_file(file); }

/// Runs dicom3tools' validator. @return its lines that start with "Error"
std::string validator_errors(const fs::path& file) {
  const fs::path report = file.parent_path() / "report.txt";
  const std::string command = "dciodvfy '" + file.string() + "' > '" + report.string() + "' 2>&1";
  static_cast<void>(std::system(command.c_str()));
  std::ifstream in(report);
  std::string errors, line;
  std::size_t lines = 0;
  for (; std::getline(in, line); ++lines) {
    if (line.rfind("Error", 0) == 0) errors += line + "\n";
  }
  EXPECT_GT(lines, 0U) << "the validator said nothing";
  fs::remove(report);
  return errors;
}

bool validator_is_there() { return std::system("command -v dciodvfy > /dev/null 2>&1") == 0; }

TEST(DicomWritePet, KeepsEveryValueWithinHalfAStep) {
  test::TemporaryFolder folder;
  const auto volume = random_volume(mouse_grid(), 1234.5);
  write_dicom_pet(folder.path() / "pet", volume, study_facts(), pet_facts());
  const auto& grid = volume.geometry();
  double sum = 0, expected = 0, bound = 0;
  for (int k = 0; k < grid.size[2]; ++k) {
    DcmFileFormat file;
    ASSERT_TRUE(file.loadFile((folder.path() / "pet" / fmt::format("pet_{:04}.dcm", k + 1)).c_str())
                    .good());
    DcmDataset& d = *file.getDataset();
    const double slope = number_of(d, DCM_RescaleSlope);
    EXPECT_EQ(number_of(d, DCM_RescaleIntercept), 0);
    const Uint16* stored = nullptr;
    unsigned long n = 0;
    ASSERT_TRUE(d.findAndGetUint16Array(DCM_PixelData, stored, &n).good());
    ASSERT_EQ(n, 30UL * 26UL);
    int largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const int level = static_cast<std::int16_t>(stored[i]);
      const double written = volume.values()[grid.offset(0, 0, k) + i];
      // Half a step, and the rounding of the slope's 15 digits.
      ASSERT_LE(std::abs(level * slope - written), 0.5000001 * slope);
      largest = std::max(largest, level);
      sum += level * slope;
      expected += written;
    }
    bound += 0.5 * slope * std::sqrt(static_cast<double>(n));
    EXPECT_EQ(largest, 32767);
  }
  EXPECT_NEAR(
      sum, expected,
      4 * bound);  // rounding errors are independent: 4 of their standard deviations or more
}

TEST(DicomWritePet, HeaderSaysWhatTheTraceNeeds) {
  test::TemporaryFolder folder;
  write_dicom_pet(folder.path() / "pet", random_volume(mouse_grid(), 100), study_facts(),
                  pet_facts());
  DcmFileFormat file;
  ASSERT_TRUE(file.loadFile((folder.path() / "pet/pet_0003.dcm").c_str()).good());
  DcmDataset& d = *file.getDataset();
  EXPECT_EQ(text_of(d, DCM_SOPClassUID), UID_PositronEmissionTomographyImageStorage);
  EXPECT_EQ(text_of(d, DCM_Units), "BQML");
  EXPECT_EQ(text_of(d, DCM_DecayCorrection), "START");
  EXPECT_EQ(text_of(d, DCM_SeriesType), "STATIC\\IMAGE");
  EXPECT_EQ(text_of(d, DCM_TimezoneOffsetFromUTC), "+0000");
  EXPECT_EQ(text_of(d, DCM_SeriesDate) + text_of(d, DCM_SeriesTime).substr(0, 6), "20260302140000");
  EXPECT_EQ(text_of(d, DCM_AcquisitionTime).substr(0, 6), "140000");
  EXPECT_EQ(number_of(d, DCM_ActualFrameDuration), 1200000);
  // ln(x / (1 - e^-x)) / lambda and x / (1 - e^-x) with x = ln 2 * 1200 / 282280 = 0.0029466
  const double x = std::log(2.0) * 1200 / 282280, mean = x / -std::expm1(-x);
  EXPECT_NEAR(number_of(d, DCM_DecayFactor), mean, 1e-12);
  EXPECT_NEAR(number_of(d, DCM_FrameReferenceTime), 1000 * std::log(mean) / (x / 1200), 1e-3);
  EXPECT_NEAR(number_of(d, DCM_PatientWeight), 0.0214, 1e-12);
  EXPECT_EQ(text_of(d, DCM_PatientName), "m07");
  EXPECT_EQ(text_of(d, DCM_PatientBirthDate), "");
  EXPECT_EQ(text_of(d, DCM_PixelSpacing), "0.5\\0.4");
  EXPECT_EQ(text_of(d, DCM_ImagePositionPatient), "-6\\-5.5\\13.85");
  EXPECT_EQ(number_of(d, DCM_PrimaryPromptsCountsAccumulated), 4.2e6);
  DcmItem *isotope = nullptr, *code = nullptr;
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_RadiopharmaceuticalInformationSequence, isotope).good());
  EXPECT_EQ(number_of(*isotope, DCM_RadionuclideTotalDose), 2.48e5);
  EXPECT_EQ(text_of(*isotope, DCM_RadiopharmaceuticalStartDateTime).substr(0, 14),
            "20260302101500");
  EXPECT_EQ(text_of(*isotope, DCM_RadiopharmaceuticalStartTime).substr(0, 6), "101500");
  ASSERT_TRUE(isotope->findAndGetSequenceItem(DCM_RadionuclideCodeSequence, code).good());
  EXPECT_EQ(text_of(*code, DCM_CodeValue), "63360001");
}

TEST(DicomWrite, SameSeedSameBytesOtherSeedOtherUids) {
  test::TemporaryFolder folder;
  const auto volume = random_volume(mouse_grid({8, 8, 3}), 10);
  auto study = study_facts();
  write_dicom_pet(folder.path() / "a", volume, study, pet_facts());
  {
    const core::ThreadLimit one(1);
    write_dicom_pet(folder.path() / "b", volume, study, pet_facts());
  }
  study.seed = 12;
  write_dicom_pet(folder.path() / "c", volume, study, pet_facts());
  for (const char* name : {"pet_0001.dcm", "pet_0003.dcm"}) {
    EXPECT_EQ(bytes_of(folder.path() / "a" / name), bytes_of(folder.path() / "b" / name));
    EXPECT_NE(bytes_of(folder.path() / "a" / name), bytes_of(folder.path() / "c" / name));
  }
}

TEST(DicomWrite, PetCtAndSegShareTheStudyAndItsFrameOfReference) {
  test::TemporaryFolder folder;
  const auto volume = random_volume(mouse_grid({8, 8, 3}), 10);
  write_dicom_pet(folder.path() / "pet", volume, study_facts(), pet_facts());
  write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 1772459000.0);
  image::Volume<int> labels(volume.geometry());
  labels.at(1, 2, 1) = 1;
  write_dicom_seg(folder.path() / "seg.dcm", labels, {{"liver", "10200004", "SCT", "Liver"}},
                  study_facts(), "organs", 3, 1772459000.0);
  std::vector<std::string> frames, studies, series;
  for (const char* name : {"pet/pet_0001.dcm", "ct/ct_0001.dcm", "seg.dcm"}) {
    DcmFileFormat file;
    ASSERT_TRUE(file.loadFile((folder.path() / name).c_str()).good());
    frames.push_back(text_of(*file.getDataset(), DCM_FrameOfReferenceUID));
    studies.push_back(text_of(*file.getDataset(), DCM_StudyInstanceUID));
    series.push_back(text_of(*file.getDataset(), DCM_SeriesInstanceUID));
    EXPECT_LE(series.back().size(), 64U);
    EXPECT_EQ(series.back().rfind("2.25.", 0), 0U);
  }
  EXPECT_EQ(frames[0], frames[1]);
  EXPECT_EQ(frames[0], frames[2]);
  EXPECT_EQ(studies[0], studies[2]);
  EXPECT_NE(series[0], series[1]);
}

TEST(DicomWrite, ImportReturnsWhatWasWritten) {
  test::TemporaryFolder folder;
  image::Geometry grid = mouse_grid();
  const double c = 0.8, s = 0.6;  // tilted about x
  grid.axis = {{{1, 0, 0}, {0, c, s}, {0, -s, c}}};
  const auto pet = random_volume(grid, 1234.5), ct = random_volume(grid, 20);
  write_dicom_pet(folder.path() / "pet", pet, study_facts(), pet_facts());
  write_dicom_ct(folder.path() / "ct", ct, study_facts(), "CT", 2, 1772459000.0);

  const auto read = import_image(folder.path() / "pet");
  ASSERT_EQ(read.frames.size(), 1U);
  const auto& values = read.frames[0].values;
  ASSERT_TRUE(image::same_grid(values.geometry(), grid, 1e-4));
  for (std::size_t i = 0; i < values.values().size(); ++i) {
    const double slice_most = 1234.5 * (1 + grid.index_of(i)[2]);
    ASSERT_NEAR(values.values()[i], pet.values()[i], 0.51 * slice_most / 32767);  // half a step
  }
  EXPECT_EQ(read.facts.unit, records::PixelUnit::bq_per_ml);
  EXPECT_EQ(read.facts.decay_correction, records::DecayCorrection::scan_start);
  EXPECT_EQ(read.facts.nuclide, "Zr-89");
  EXPECT_EQ(read.facts.zone_min, 0);
  EXPECT_NEAR(read.facts.series_local_s.value_or(0), 1772460000.0, 1e-3);
  EXPECT_NEAR(read.facts.injection_local_s.value_or(0), 1772446500.0, 1e-3);
  EXPECT_NEAR(read.facts.injected_activity_bq.value_or(0), 2.48e5, 1e-6);
  EXPECT_NEAR(read.facts.half_life_s.value_or(0), 282280, 1e-6);
  EXPECT_NEAR(read.facts.body_mass_g.value_or(0), 21.4, 1e-9);

  ImportRequest request;
  request.modality = "CT";
  request.frame_of_reference = read.facts.frame_of_reference;
  const auto anatomy = import_image(folder.path() / "ct", request);
  ASSERT_EQ(anatomy.frames.size(), 1U);
  EXPECT_EQ(anatomy.facts.frame_of_reference, read.facts.frame_of_reference);
  for (std::size_t i = 0; i < ct.values().size(); ++i) {
    ASSERT_NEAR(anatomy.frames[0].values.values()[i], ct.values()[i], 0.5001);  // whole HU
  }
}

TEST(DicomWriteCt, KeepsWholeHounsfieldUnits) {
  test::TemporaryFolder folder;
  image::Volume<float> volume(mouse_grid({5, 4, 2}));
  for (std::size_t i = 0; i < volume.values().size(); ++i) {
    volume.values()[i] = static_cast<float>(static_cast<int>(i) * 97 - 1000);
  }
  write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 1772459000.0);
  for (int k = 0; k < 2; ++k) {
    DcmFileFormat file;
    ASSERT_TRUE(
        file.loadFile((folder.path() / "ct" / fmt::format("ct_{:04}.dcm", k + 1)).c_str()).good());
    const Uint16* stored = nullptr;
    ASSERT_TRUE(file.getDataset()->findAndGetUint16Array(DCM_PixelData, stored).good());
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_EQ(static_cast<std::int16_t>(stored[i]) - 1024,
                volume.values()[static_cast<std::size_t>(k) * 20 + i]);
    }
    EXPECT_EQ(number_of(*file.getDataset(), DCM_RescaleIntercept), -1024);
  }
}

TEST(DicomWrite, ValidatorFindsNoError) {
  if (!validator_is_there()) GTEST_SKIP() << "no dciodvfy (Debian package dicom3tools)";
  test::TemporaryFolder folder;
  const auto volume = random_volume(mouse_grid(), 1e4);
  write_dicom_pet(folder.path() / "pet", volume, study_facts(), pet_facts());
  write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 1772459000.0);
  image::Volume<int> labels(volume.geometry());
  for (std::size_t i = 0; i < labels.values().size(); i += 3)
    labels.values()[i] = 1 + static_cast<int>(i % 2);
  write_dicom_seg(
      folder.path() / "seg.dcm", labels,
      {{"liver", "10200004", "SCT", "Liver"}, {"tumour", "", "", ""}, {"empty", "", "", ""}},
      study_facts(), "organs", 3, 1772459000.0);
  EXPECT_EQ(validator_errors(folder.path() / "pet/pet_0001.dcm"), "");
  EXPECT_EQ(validator_errors(folder.path() / "ct/ct_0002.dcm"), "");
  EXPECT_EQ(validator_errors(folder.path() / "seg.dcm"), "");
}

TEST(DicomWrite, FolderIsThereWholeOrNotAtAll) {
  test::TemporaryFolder folder;
  auto volume = random_volume(mouse_grid({8, 8, 6}), 10);
  volume.values().back() = std::nanf("");
  EXPECT_THROW(write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 0), Error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
  volume.values().back() = 1;
  write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path() / "ct"), fs::directory_iterator{}),
            6);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator{}), 1);
  EXPECT_THROW(write_dicom_ct(folder.path() / "ct", volume, study_facts(), "CT", 2, 0),
               Error);  // already there
}

TEST(DicomWrite, RefusesFactsThatNoScannerHas) {
  test::TemporaryFolder folder;
  const auto volume = random_volume(mouse_grid({4, 4, 2}), 10);
  auto study = study_facts();
  study.body_mass_kg = 0;
  EXPECT_THROW(write_dicom_pet(folder.path() / "p", volume, study, pet_facts()), Error);
  auto series = pet_facts();
  series.half_life_s = std::nan("");
  EXPECT_THROW(write_dicom_pet(folder.path() / "p", volume, study_facts(), series), Error);
  image::Volume<int> labels(mouse_grid({4, 4, 2}), 2);
  EXPECT_THROW(write_dicom_seg(folder.path() / "s.dcm", labels, {{"one", "", "", ""}},
                               study_facts(), "", 3, 0),
               Error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(DicomWrite, MouseSizedSeriesAreQuick) {
  test::TemporaryFolder folder;
  const auto ct = random_volume(mouse_grid({120, 100, 400}), 10);
  const auto begin = std::chrono::steady_clock::now();
  write_dicom_ct(folder.path() / "ct", ct, study_facts(), "CT", 2, 0);
  const auto seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  RecordProperty("seconds", std::to_string(seconds));
  std::printf("CT of 400 slices: %.3f s\n", seconds);
  EXPECT_LT(seconds, 10.0);  // measured well under 1 s; the bound only catches a slip of complexity
                             // on a busy machine
}

}  // namespace
}  // namespace sojourn::io
