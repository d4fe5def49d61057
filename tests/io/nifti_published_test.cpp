#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "shared/shared_data.h"
#include "sojourn/io/nifti.h"

namespace sojourn::io {
namespace {

namespace fs = std::filesystem;

/// Geometry and sums by nibabel, an independent reader: "nx ny nz nt sum x0 y0 z0 x1 y1 z1" with
/// RAS corners.
std::vector<double> by_nibabel(const fs::path& file) {
  const std::string script =
      "import sys, numpy as np, nibabel as nb\n"
      "i = nb.load(sys.argv[1]); d = np.asarray(i.get_fdata()); s = d.shape[:3]\n"
      "a = i.affine @ [0, 0, 0, 1]; b = i.affine @ [s[0] - 1, s[1] - 1, s[2] - 1, 1]\n"
      "print(*s, *(d.shape[3:] or [1]), repr(float(d.sum())), *map(float, a[:3]), *map(float, "
      "b[:3]))\n";
  const std::string command =
      "/usr/bin/python3 -c '" + script + "' '" + file.string() + "' 2>/dev/null";
  std::vector<double> numbers;
  if (FILE* pipe = ::popen(command.c_str(), "r")) {
    double value = 0;
    while (std::fscanf(pipe, "%lf", &value) == 1) numbers.push_back(value);
    ::pclose(pipe);
  }
  return numbers;
}

bool has_nibabel() { return std::system("/usr/bin/python3 -c 'import nibabel' 2>/dev/null") == 0; }

void expect_as_nibabel(const fs::path& file) {
  const auto expected = by_nibabel(file);
  ASSERT_EQ(expected.size(), 11U) << file;
  const auto series = import_nifti(file);
  const auto& grid = series.frames[0].values.geometry();
  double sum = 0;
  for (const auto& frame : series.frames) {
    for (const float v : frame.values.values()) sum += v;
  }
  for (std::size_t a = 0; a < 3; ++a) EXPECT_EQ(grid.size[a], expected[a]);
  EXPECT_EQ(static_cast<double>(series.frames.size()), expected[3]);
  EXPECT_NEAR(sum, expected[4],
              1e-6 * std::abs(expected[4]) + 1e-6);  // float32 values, double sums
  const auto first = grid.to_mm({0, 0, 0});
  const auto last = grid.to_mm({grid.size[0] - 1.0, grid.size[1] - 1.0, grid.size[2] - 1.0});
  for (std::size_t a = 0; a < 3; ++a) {
    const double sign = a < 2 ? -1 : 1;  // LPS against RAS
    // A tenth of a voxel: what sform, qform and orthonormal axes may differ by.
    EXPECT_NEAR(sign * first[a], expected[5 + a], 0.1 * grid.spacing_mm[a]) << file;
    EXPECT_NEAR(sign * last[a], expected[8 + a], 0.1 * grid.spacing_mm[a]) << file;
  }
}

TEST(NiftiPublished, RealFilesAsNibabelReadsThem) {
  if (!has_nibabel()) GTEST_SKIP() << "no nibabel for /usr/bin/python3";
  SOJOURN_NEEDS_SHARED(ibsi, "data/ibsi_sts/nifti");
  SOJOURN_NEEDS_SHARED(digital,
                       "data/ibsi_digital/ibsi_1_digital_phantom/nifti/image/phantom.nii.gz");
  for (const char* subject : {"STS_002", "STS_003", "STS_006"}) {
    for (const char* image : {"PET_image.nii.gz", "PET_mask.nii.gz"})
      expect_as_nibabel(ibsi / subject / image);
  }
  expect_as_nibabel(digital);
}

TEST(NiftiPublished, DigimouseLabels) {
  SOJOURN_NEEDS_SHARED(file, "data/digimouse/digimouse_labels_0p2mm.nii.gz");
  const auto set = read_nifti_labels(file);
  EXPECT_EQ(set.regions.size(), 21U);  // Dogdas et al. 2007: 21 structures
}

}  // namespace
}  // namespace sojourn::io
