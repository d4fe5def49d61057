// What headers say: doses, clocks, private elements, nuclides, units; and real series.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "io/dicom_builder.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/time.h"
#include "sojourn/io/dicom_read.h"
#include "sojourn/io/image_import.h"

using namespace sojourn::test;
using sojourn::io::import_dicom;
using sojourn::records::DecayCorrection;
using sojourn::records::PixelUnit;

namespace {

const std::string kTracer = "(0054,0016)[0].";

sojourn::records::ImageSeries read_one(DicomBuilder b, Coding coding = Coding::explicit_little) {
  TemporaryFolder folder;
  b.write(folder.path() / "a", coding);
  return import_dicom(folder.path(), {});
}

double local(const std::string& iso) { return sojourn::core::parse_iso(iso)->local_s; }

}  // namespace

TEST(DicomFacts, LegacyPetInBothVrs) {
  for (const Coding coding : {Coding::explicit_little, Coding::implicit, Coding::explicit_big}) {
    const auto pet = read_one(
        std::move(pet_slice(0).set("(0008,0201)", "-0530").set("(0054,1310)", "4711")), coding);
    const auto& f = pet.facts;
    EXPECT_EQ(f.format, "DICOM PET");
    EXPECT_EQ(f.unit, PixelUnit::bq_per_ml);
    EXPECT_EQ(f.decay_correction, DecayCorrection::scan_start);
    EXPECT_DOUBLE_EQ(f.series_local_s.value(), local("2026-03-02T10:00:00"));
    EXPECT_DOUBLE_EQ(f.series_date_local_s.value(), local("2026-03-02T00:00:00"));
    EXPECT_DOUBLE_EQ(f.injection_local_s.value(), local("2026-03-02T09:00:00"));
    EXPECT_FALSE(f.injection_time_only_s.has_value());
    EXPECT_EQ(f.zone_min.value(), -330);
    EXPECT_DOUBLE_EQ(f.injected_activity_bq.value(), 37e6);  // legacy PET: Bq as written
    EXPECT_DOUBLE_EQ(f.half_life_s.value(), 6586.2);
    EXPECT_DOUBLE_EQ(f.positron_fraction.value(), 0.967);
    EXPECT_EQ(f.nuclide, "F-18");
    EXPECT_DOUBLE_EQ(f.body_mass_g.value(), 70000);
    EXPECT_DOUBLE_EQ(f.height_m.value(), 1.75);
    EXPECT_EQ(f.sex.value(), "F");
    EXPECT_DOUBLE_EQ(f.total_counts.value(), 4711);
    EXPECT_EQ(f.corrections, (std::vector<std::string>{"DECY", "ATTN", "SCAT"}));
    const auto& timing = pet.frames[0].slices[0];
    EXPECT_DOUBLE_EQ(timing.start_local_s.value(), local("2026-03-02T10:00:00"));
    EXPECT_DOUBLE_EQ(timing.duration_s.value(), 300);
    EXPECT_DOUBLE_EQ(timing.frame_reference_s.value(), 150);
    EXPECT_DOUBLE_EQ(timing.decay_factor.value(), 1.0159);
    EXPECT_TRUE(pet.warnings.empty());
  }
}

TEST(DicomFacts, UnitsAndSuvTypes) {
  const auto unit = [](const std::string& units, const std::string& type) {
    DicomBuilder b = pet_slice(0);
    b.set("(0054,1001)", units).set("(0054,1006)", type);
    return read_one(std::move(b)).facts.unit;
  };
  EXPECT_EQ(unit("GML", ""), PixelUnit::suv_bw);
  EXPECT_EQ(unit("GML", "BW"), PixelUnit::suv_bw);
  EXPECT_EQ(unit("GML", "LBMJAMES128"), PixelUnit::suv_lbm_james128);
  EXPECT_EQ(unit("GML", "LBMJANMA"), PixelUnit::suv_lbm_janma);
  EXPECT_EQ(unit("GML", "IBW"), PixelUnit::suv_ibw);
  EXPECT_EQ(unit("CM2ML", "BSA"), PixelUnit::suv_bsa);
  EXPECT_EQ(unit("CNTS", ""), PixelUnit::counts);
  EXPECT_EQ(unit("CPS", ""), PixelUnit::counts_per_second);
  for (const char* none : {"PROPCNTS", "PROPCPS", "1CM"})
    EXPECT_EQ(unit(none, ""), PixelUnit::proportional) << none;
  EXPECT_EQ(unit("FURLONG", ""), PixelUnit::unknown);
  DicomBuilder none = pet_slice(0);
  none.set("(0054,1102)", "NONE");
  EXPECT_EQ(read_one(std::move(none)).facts.decay_correction, DecayCorrection::none);
  DicomBuilder admin = pet_slice(0);
  admin.set("(0054,1102)", "ADMIN");
  EXPECT_EQ(read_one(std::move(admin)).facts.decay_correction, DecayCorrection::administration);
}

TEST(DicomFacts, GeAndSiemensReferenceWithAndWithoutCreator) {
  const double there = local("2026-03-02T09:58:30");
  const auto read = [](unsigned group, const std::string& creator, unsigned element,
                       const std::string& vr, Coding coding) {
    DicomBuilder b = pet_slice(0);
    if (!creator.empty()) b.set_private(group, element >> 8, "LO", creator);
    b.set_private(group, element, vr, "20260302095830.00");
    return read_one(std::move(b), coding).facts;
  };
  EXPECT_DOUBLE_EQ(read(0x0009, "GEMS_PETD_01", 0x100D, "DT", Coding::explicit_little)
                       .private_reference_local_s.value(),
                   there);
  EXPECT_DOUBLE_EQ(
      read(0x0009, "", 0x100D, "DT", Coding::explicit_little).private_reference_local_s.value(),
      there);
  EXPECT_DOUBLE_EQ(
      read(0x0009, "", 0x100D, "UN", Coding::explicit_little).private_reference_local_s.value(),
      there);
  EXPECT_DOUBLE_EQ(read(0x0009, "GEMS_PETD_01", 0x110D, "DT", Coding::implicit)
                       .private_reference_local_s.value(),
                   there);
  EXPECT_EQ(read(0x0009, "", 0x100D, "DT", Coding::implicit).private_reference_name,
            "GE private (0009,100D)");
  EXPECT_FALSE(read(0x0009, "SOMEBODY ELSE", 0x100D, "DT", Coding::explicit_little)
                   .private_reference_local_s.has_value());
  EXPECT_DOUBLE_EQ(read(0x0071, "SIEMENS MED PT", 0x1022, "DT", Coding::implicit)
                       .private_reference_local_s.value(),
                   there);
  EXPECT_EQ(read(0x0071, "", 0x1022, "DT", Coding::explicit_little).private_reference_name,
            "Siemens private (0071,1022)");
}

TEST(DicomFacts, PhilipsFactors) {
  for (const std::string vr : {"DS", "UN"}) {
    DicomBuilder b = pet_slice(0);
    b.set("(0054,1001)", "CNTS")
        .set_private(0x7053, 0x1000, vr, "0.00051")
        .set_private(0x7053, 0x1009, vr, "1.75");
    const auto facts = read_one(std::move(b)).facts;
    EXPECT_EQ(facts.unit, PixelUnit::counts);
    EXPECT_DOUBLE_EQ(facts.philips_suv_factor.value(), 0.00051);
    EXPECT_DOUBLE_EQ(facts.philips_activity_factor.value(), 1.75);
  }
  DicomBuilder zero = pet_slice(0);
  zero.set_private(0x7053, 0x10, "LO", "Philips PET Private Group")
      .set_private(0x7053, 0x1000, "DS", "0.0");
  EXPECT_FALSE(read_one(std::move(zero)).facts.philips_suv_factor.has_value());
}

TEST(DicomFacts, InjectionTimes) {
  DicomBuilder only_time = pet_slice(0);
  only_time.set(kTracer + "(0018,1078)", "").set(kTracer + "(0018,1072)", "233000.000");
  const auto a = read_one(std::move(only_time)).facts;
  EXPECT_FALSE(a.injection_local_s.has_value());
  EXPECT_DOUBLE_EQ(a.injection_time_only_s.value(), 84600);
  DicomBuilder placeholder = pet_slice(0);
  placeholder.set(kTracer + "(0018,1078)", "20260302000000.00")
      .set(kTracer + "(0018,1072)", "000000.00");
  const auto b = read_one(std::move(placeholder));
  EXPECT_FALSE(b.facts.injection_local_s.has_value() || b.facts.injection_time_only_s.has_value());
  EXPECT_FALSE(b.warnings.empty());
  DicomBuilder zoned = pet_slice(0);
  zoned.set("(0008,0201)", "+0100").set(kTracer + "(0018,1078)", "20260302080000+0000");
  EXPECT_DOUBLE_EQ(read_one(std::move(zoned)).facts.injection_local_s.value(),
                   local("2026-03-02T09:00:00"));
  DicomBuilder half = pet_slice(0);
  half.set(kTracer + "(0018,1078)", "20260302").set(kTracer + "(0018,1072)", "0915");
  EXPECT_DOUBLE_EQ(read_one(std::move(half)).facts.injection_time_only_s.value(), 9.25 * 3600);
  DicomBuilder two = pet_slice(0);
  two.set(kTracer + "(0018,1072)", "090500");
  EXPECT_EQ(read_one(std::move(two)).warnings.size(), 1U);
}

TEST(DicomFacts, MissingAndZeroValuesStayMissing) {
  DicomBuilder b = pet_slice(0);
  b.set("(0010,1030)", "0")
      .set(kTracer + "(0018,1074)", "0")
      .set("(0010,1020)", "")
      .set("(0010,0040)", "");
  b.set(kTracer + "(0018,1075)", "").remove(0x0008, 0x0031);
  const auto f = read_one(std::move(b)).facts;
  EXPECT_FALSE(f.body_mass_g || f.injected_activity_bq || f.height_m || f.sex || f.half_life_s ||
               f.series_local_s);
}

TEST(DicomFacts, NuclidesByCodeMeaningAndTracer) {
  const auto nuclide = [](const std::string& code, const std::string& meaning,
                          const std::string& tracer) {
    DicomBuilder b = pet_slice(0);
    b.set(kTracer + "(0054,0300)[0].(0008,0100)", code)
        .set(kTracer + "(0054,0300)[0].(0008,0104)", meaning);
    b.set(kTracer + "(0018,0031)", tracer);
    return read_one(std::move(b)).facts.nuclide;
  };
  EXPECT_EQ(nuclide("63360001", "", ""), "Zr-89");
  EXPECT_EQ(nuclide("C-168A4", "", ""), "Zr-89");
  EXPECT_EQ(nuclide("3932008", "", ""), "Cu-64");
  EXPECT_EQ(nuclide("35337001", "", ""), "Ga-68");
  EXPECT_EQ(nuclide("40937006", "", ""), "I-124");
  EXPECT_EQ(nuclide("72454006", "", ""), "Tc-99m");
  EXPECT_EQ(nuclide("99LOCAL", "^89^Zirconium", ""), "Zr-89");
  EXPECT_EQ(nuclide("99LOCAL", "unheard of", "Oxine [89Zr]"), "Zr-89");
  EXPECT_EQ(nuclide("99LOCAL", "unheard of", "water"), "");
}

TEST(DicomReal, NineDigitalReferenceObjects) {
  SOJOURN_NEEDS_SHARED(folder, "data/ibsi_suv_dro/DRO");
  int n = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    const std::string name = entry.path().filename().string();
    const auto pet = import_dicom(entry.path(), {});  // beside the RTSTRUCT and a NIfTI mask
    const auto& f = pet.facts;
    EXPECT_EQ(pet.frames.at(0).values.geometry().size, (sojourn::image::Index3{256, 256, 20}))
        << name;
    EXPECT_EQ(pet.frames[0].values.geometry().spacing_mm, (sojourn::image::Vec3{4, 4, 4})) << name;
    EXPECT_EQ(f.nuclide, "F-18") << name;
    EXPECT_DOUBLE_EQ(f.body_mass_g.value(), 70000) << name;
    EXPECT_DOUBLE_EQ(f.injected_activity_bq.value(), name == "DRO_3_0" ? 368.08 : 368.08e6) << name;
    EXPECT_EQ(f.decay_correction,
              name == "DRO_3_1" ? DecayCorrection::administration : DecayCorrection::scan_start);
    EXPECT_EQ(f.unit, name == "DRO_2_0"   ? PixelUnit::suv_bw
                      : name == "DRO_2_4" ? PixelUnit::counts
                                          : PixelUnit::bq_per_ml);
    EXPECT_EQ(f.injection_local_s.has_value(), name != "DRO_4_2") << name;
    if (name == "DRO_2_4") EXPECT_DOUBLE_EQ(f.philips_suv_factor.value(), 0.0005);
    if (name == "DRO_3_2") EXPECT_GT(*f.series_local_s, *pet.frames[0].slices[0].start_local_s);
    if (name == "DRO_4_2") EXPECT_DOUBLE_EQ(f.injection_time_only_s.value(), 23.5 * 3600);
    ++n;
  }
  EXPECT_EQ(n, 9);
}

TEST(DicomReal, WholeBodyPetCt) {
  SOJOURN_NEEDS_SHARED(folder, "data/petct_wb");
  const auto pet =
      import_dicom(folder, {});  // three series lie there: the uncorrected one is left out
  EXPECT_EQ(pet.frames.at(0).values.geometry().size, (sojourn::image::Index3{128, 128, 135}));
  EXPECT_NEAR(pet.frames[0].values.geometry().spacing_mm[2], 3.27,
              5e-4);  // positions are rounded by the scanner
  EXPECT_EQ(pet.facts.unit, PixelUnit::bq_per_ml);
  EXPECT_DOUBLE_EQ(pet.facts.injected_activity_bq.value(), 588802304);
  EXPECT_DOUBLE_EQ(pet.facts.injection_time_only_s.value(), 7 * 3600 + 21 * 60);
  // The private date was shifted by de-identification, SeriesDate by another amount.
  EXPECT_GT(std::abs(*pet.facts.private_reference_local_s - *pet.facts.series_local_s), 86400);
  // pydicom: sum of PixelArray * RescaleSlope over the 135 files, divided by their pixels.
  double sum = 0;
  for (const float value : pet.frames[0].values.values()) sum += static_cast<double>(value);
  EXPECT_NEAR(sum / 2211840.0, 433.7629524036617, 1e-3);
  const auto ct = import_dicom(
      folder, {.modality = "CT", .series = "", .frame_of_reference = pet.facts.frame_of_reference});
  EXPECT_EQ(ct.frames.at(0).values.geometry().size, (sojourn::image::Index3{512, 512, 135}));
  EXPECT_EQ(ct.facts.frame_of_reference, pet.facts.frame_of_reference);
  EXPECT_EQ(import_dicom(folder / "PT_PET_NAC", {}).facts.unit, PixelUnit::proportional);
}

TEST(DicomReal, SarcomaCropsAndHeadersWithoutUnits) {
  SOJOURN_NEEDS_SHARED(sarcoma, "data/ibsi_sts/dicom/STS_002");
  const auto pet = import_dicom(sarcoma / "PET", {});
  EXPECT_EQ(pet.facts.unit, PixelUnit::suv_bw);
  EXPECT_EQ(pet.frames.at(0).values.geometry().size, (sojourn::image::Index3{30, 27, 48}));
  EXPECT_EQ(
      import_dicom(sarcoma / "MR_T1", {.modality = "MR", .series = "", .frame_of_reference = ""})
          .facts.modality,
      "MR");
  SOJOURN_NEEDS_SHARED(phantom, "data/nema_iq");
  const auto nema = import_dicom(phantom, {});
  EXPECT_EQ(nema.facts.unit, PixelUnit::unknown);
  EXPECT_EQ(nema.frames.at(0).values.geometry().size[2], 89);
  SOJOURN_NEEDS_SHARED(variants, "data/pet_header_variants");
  EXPECT_THROW((void)import_dicom(variants, {}), sojourn::Error);  // two subjects in one folder
  EXPECT_EQ(import_dicom(variants, {.modality = "", .series = "102", .frame_of_reference = ""})
                .facts.unit,
            PixelUnit::bq_per_ml);
}

TEST(ImageImport, DispatchesByContentAndRefusesWhatItDoesNotKnow) {
  TemporaryFolder folder;
  write_pet_series(folder.path() / "pet", 2);
  EXPECT_EQ(sojourn::io::import_image(folder.path() / "pet").facts.format, "DICOM PET");
  std::filesystem::create_directories(folder.path() / "none");
  EXPECT_THROW((void)sojourn::io::import_image(folder.path() / "none"), sojourn::Error);
  EXPECT_THROW((void)sojourn::io::import_image(folder.path() / "absent"), sojourn::Error);
}
