#include "sojourn/study/scan_product.h"

#include <gtest/gtest.h>

#include "sojourn/study/tables.h"

namespace sojourn::study {
namespace {

ScanProduct sample() {
  ScanProduct p;
  p.number = 2;
  p.image_as_written = "pet/d1";
  p.tracer = "label", p.method = "zr89-oxine", p.nuclide = "Zr-89", p.format = "DICOM PET";
  p.half_life_s = 282276.0 + 1.0 / 3.0;
  p.origin_utc_s = 1772446500.125, p.administered_utc_s = 1772446500.125;
  p.injected_bq = 247123.456789;
  p.psf_fwhm_mm = image::Vec3{1.4, 1.4, 1.6};
  p.whole_body = true;
  p.reference = {1772532900.5, "series date and time", 1772532900.5, std::nullopt, {}};
  p.frame_mid_utc_s = {1772533500.25};
  p.frame_to_administration = {1.2345678901234567};
  p.region_names = {"liver", "spleen"};
  records::Measurement m;
  m.scan = 2, m.frame = 1, m.hours = 24.1, m.tracer = "label", m.region = "liver",
  m.roles = {"liver"};
  m.volume_ml = 1.2, m.activity_bq = 5e4 / 3.0, m.activity_uncorrected_bq = 1.5e4,
  m.activity_dc_bq = 2e4;
  m.percent_id = 8.1, m.recovery = 0.9, m.noise_bq = 30, m.detection_limit_bq = 120;
  p.measurements = {m};
  p.warnings = {"a \"quoted\" warning\nof two lines"};
  return p;
}

TEST(ScanProduct, SurvivesItsOwnJsonToTheLastBit) {
  const ScanProduct p = sample();
  const auto back = product_from(core::parse_json(core::to_json(to_tree(p)), "product"));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->half_life_s, p.half_life_s);
  EXPECT_EQ(back->frame_to_administration, p.frame_to_administration);
  EXPECT_EQ(back->psf_fwhm_mm, p.psf_fwhm_mm);
  EXPECT_EQ(back->reference.by_slices_utc_s, std::nullopt);
  EXPECT_EQ(back->warnings, p.warnings);
  EXPECT_EQ(core::to_json(to_tree(*back)), core::to_json(to_tree(p)));
  EXPECT_EQ(activity_table(back->measurements), activity_table(p.measurements));
}

TEST(ScanProduct, OfAnotherShapeIsNone) {
  core::Tree tree = to_tree(sample());
  tree.set("frame_mid_utc_s", "yesterday");
  EXPECT_FALSE(product_from(tree));
  EXPECT_FALSE(product_from(core::Tree::table()));
}

TEST(Tables, HaveTheDocumentedColumnsAndSayMissingAsBidsDoes) {
  auto rows = sample().measurements;
  rows[0].suv_mean.reset();
  const std::string text = activity_table(rows);
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "scan\tframe\thours\tframe_start_s\tframe_duration_s\ttracer\tregion\tvolume_"
            "ml\tactivity_bq\t"
            "activity_dc_bq\tpercent_id\tpercent_id_per_ml\tsuv_mean\tsuv_max\tsuv_"
            "peak\trecovery\tnoise_bq\t"
            "detection_limit_bq");
  EXPECT_NE(text.find("\tn/a\tn/a\tn/a\t0.9\t30\t120\n"), std::string::npos);
  EXPECT_EQ(
      cell_table({}),
      "scan\thours\tregion\tcells\tcells_lo95\tcells_hi95\tcells_naive\tdetection_limit_cells\t"
      "probability_above_limit\tlive_label_fraction\tlabel_per_live_cell_bq\texpansion\n");
}

}  // namespace
}  // namespace sojourn::study
