// The digital phantom of the Image Biomarker Standardisation Initiative: consensus values of the
// IBSI reference manual, arXiv:1612.07003, and Zwanenburg et al., Radiology 2020;295:328-338,
// doi:10.1148/radiol.2020191145.
#include <gtest/gtest.h>

#include <cmath>

#include "shared/shared_data.h"
#include "sojourn/image/coverage.h"
#include "sojourn/io/image_import.h"
#include "sojourn/measure/measure.h"
#include "sojourn/measure/suv_peak.h"

namespace {

using namespace sojourn;

TEST(IbsiDigitalPhantomPublished, VolumeMeanAndIntensityPeaksEqualTheConsensus) {
  SOJOURN_NEEDS_SHARED(folder, "data/ibsi_digital/ibsi_1_digital_phantom/nifti");
  const auto series = io::import_image(folder / "image" / "phantom.nii.gz");
  ASSERT_EQ(series.frames.size(), 1u);
  const auto& image = series.frames[0].values;
  ASSERT_EQ(image.geometry().size, (image::Index3{5, 4, 4}));
  const auto set = io::import_regions(folder / "mask" / "mask.nii.gz", image.geometry());
  ASSERT_EQ(set.regions.size(), 1u);

  records::Scan scan;
  scan.frames.push_back({});
  scan.frames[0].concentration_bq_per_ml = image;
  const auto rows = measure::measure_regions(scan, set.regions, {});
  // Consensus values are printed to three digits: half of the last one is the tolerance.
  EXPECT_NEAR(rows[0].volume_ml * 1000, 592, 0.5);  // approximate volume (YEKZ), mm3
  EXPECT_NEAR(rows[0].activity_bq / rows[0].volume_ml, 2.15, 0.005);  // mean (Q4LE)
  const auto covered = image::cover(set.regions[0], image.geometry());
  const auto peak = measure::intensity_peak(image, covered, measure::SphereWeights::voxel_centres);
  ASSERT_TRUE(peak);
  EXPECT_NEAR(peak->local, 2.60, 0.005);   // local intensity peak (VJGA)
  EXPECT_NEAR(peak->global, 3.10, 0.005);  // global intensity peak (0F91)
  // The product's partial-volume weights are another discretisation of the same sphere: near, not
  // equal.
  const auto partial = measure::intensity_peak(image, covered);
  EXPECT_NEAR(partial->global, 3.10, 0.3);
}

}  // namespace
