#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/time.h"
#include "sojourn/io/image_import.h"
#include "sojourn/simulate/image_file.h"
#include "sojourn/simulate/image_noise.h"
#include "sojourn/simulate/light_image.h"
#include "sojourn/simulate/magnetic_image.h"

namespace {

using namespace sojourn;
using namespace sojourn::simulate;

image::Geometry cube(int n, double mm) {
  image::Geometry grid;
  grid.size = {n, n, n};
  grid.spacing_mm = {mm, mm, mm};
  grid.origin_mm = {-(n - 1) * mm / 2, -(n - 1) * mm / 2, -(n - 1) * mm / 2};
  return grid;
}

double sum(const image::Volume<float>& volume) {
  double all = 0;
  for (const float value : volume.values()) all += static_cast<double>(value);
  return all;
}

RC_GTEST_PROP(AmountImage, KeepsTheAmount, ()) {
  image::Volume<float> scene(cube(48, 0.5));
  const auto place = [] { return *rc::gen::inRange(16, 32); };
  for (int i = 0; i < 4; ++i)
    scene.at(place(), place(), place()) += static_cast<float>(*rc::gen::inRange(1, 100));
  const double amount = sum(scene) * scene.geometry().voxel_ml();
  AmountModel model;
  model.fwhm_mm = {1.5, 1.5, 1.5};
  model.voxel_mm = 0.5 * *rc::gen::inRange(1, 4);
  const auto image = amount_image(scene, model, 60, 1, true);
  RC_ASSERT(std::abs(sum(image) * image.geometry().voxel_ml() - amount) < 1e-4 * amount);
}

TEST(AmountImage, FluorineNoiseIsThatOfTheRow) {
  const auto model = fluorine_model(catalogue::scanner("mri-9.4t-f19"));
  EXPECT_NEAR(model.voxel_mm, std::cbrt(0.35), 1e-9);
  const image::Volume<float> empty(cube(60, model.voxel_mm));
  const auto image = amount_image(empty, model, 4 * model.usual_time_s, 3);
  const double voxel_ml = image.geometry().voxel_ml(), n = 60.0 * 60 * 60;
  // Magnitude of noise alone: mean sqrt(pi/2) sd (Rayleigh); four times the time, half the noise.
  // 1 %: 216 000 voxels.
  const double sd = 1.0e16 / 3 / 2 / voxel_ml;
  EXPECT_NEAR(sum(image) / n, std::sqrt(std::numbers::pi / 2) * sd, 0.01 * sd);
  EXPECT_THROW((void)fluorine_model(catalogue::scanner("mri-mouse-spio")), Error);
}

TEST(AmountImage, IronInMpiIsSeenAtThreeDeviations) {
  const auto model = mpi_model(catalogue::scanner("mpi-momentum"));
  const image::Volume<float> empty(cube(48, 1));
  double sum2 = 0;
  int n = 0;
  const auto image = amount_image(empty, model, model.usual_time_s, 5);
  for (int k = 12; k < 36; ++k)
    for (int j = 12; j < 36; ++j)
      for (int i = 12; i < 36; ++i)
        sum2 += std::pow(static_cast<double>(image.at(i, j, k)), 2), ++n;
  // 146 ng in a cube of 1.0645 x 3 mm edges. 10 %: some 500 resolution volumes.
  const double wanted = 146e-9 / 3 / (std::pow(1.0645 * 3, 3) / 1000);
  EXPECT_NEAR(std::sqrt(sum2 / n), wanted, 0.1 * wanted);
}

// 1 ug iron per mL with 90 A m2/kg is 0.09 A/m: gamma mu0 M = 30.3 rad/s, times 2 pi / (3 sqrt 3).
TEST(IronImage, StaticDephasingIsTheFormula) {
  IronModel model;
  EXPECT_NEAR(static_dephasing_per_s(model, 1e-6), 36.6, 0.1);
  // 10 pg: 9e-13 A m2; r^3 = gamma mu0 / (4 pi) 2 m TE / pi.
  EXPECT_NEAR(void_radius_mm(model, 10e-12), 0.0535, 0.0005);
}

TEST(IronImage, SpreadIronDarkensAndLumpsBloom) {
  const auto grid = cube(21, 0.1);
  image::Volume<float> iron(grid), tissue(grid, 1.0F);
  IronModel model;
  for (float& value : iron.values()) value = 1e-6F;
  auto image = iron_image(iron, tissue, {}, model, 2, 1, true);
  EXPECT_NEAR(static_cast<double>(image.at(5, 5, 5)), std::exp(-0.01 * 36.57), 1e-3);
  for (float& value : iron.values()) value = 0;
  // The signal lost around a lump grows with its iron: void volume is proportional to moment.
  const auto lost = [&](double iron_g) {
    const auto one = iron_image(iron, tissue, {{{0, 0, 0}, iron_g}}, model, 2, 1, true);
    return grid.voxels() - sum(one);
  };
  const double small = lost(40e-12), large = lost(160e-12);
  EXPECT_GT(small, 0.2);               // voxels of 0.1 mm: it is darker than its own size says
  EXPECT_NEAR(large / small, 4, 1.0);  // points inside voxels are coarse at a void's core
  // And along the field further than across.
  image = iron_image(iron, tissue, {{{0, 0, 0}, 160e-12}}, model, 2, 1, true);
  EXPECT_LT(image.at(10, 10, 12), image.at(12, 10, 10));
}

TEST(IronImage, NoiseHasTheStatedRatio) {
  const auto grid = cube(40, 0.5);
  const image::Volume<float> iron(grid), tissue(grid, 1.0F);
  IronModel model;
  model.snr = 20;
  const auto image = iron_image(iron, tissue, {}, model, 2, 9);
  double mean = sum(image) / 64000, sum2 = 0;
  for (const float value : image.values()) sum2 += std::pow(static_cast<double>(value) - mean, 2);
  EXPECT_NEAR(mean, 1 + 0.5 / 400, 5e-4);  // Rician: sd^2 / 2
  EXPECT_NEAR(std::sqrt(sum2 / 64000), 1.0 / 20, 0.02 / 20);
}

TEST(Light, FluxOverTheSkinIsWhatEscapes) {
  LightModel model;
  for (const double depth : {0.5, 2.0, 8.0}) {
    double flux = 0;
    for (double r = 0.005; r < 400; r += 0.01)
      flux += surface_flux_per_mm2(model, depth, r) * 2 * std::numbers::pi * r * 0.01;
    EXPECT_NEAR(flux, escaped_fraction(model, depth), 2e-3 * flux) << depth;
  }
  // Depth costs exp(-mu d) at least.
  EXPECT_LT(escaped_fraction(model, 6), escaped_fraction(model, 2) * std::exp(-0.5 * 4) * 1.01);
}

TEST(Light, ImagesKeepPhotonsAndWidenWithDepth) {
  const auto grid = cube(61, 1);
  const image::Volume<float> tissue(grid, 1.0F);
  const LightModel model =
      light_model(catalogue::method("nir-dye"), catalogue::scanner("ivis-fluorescence"));
  const auto width_at = [&](int depth) {
    image::Volume<float> source(grid);
    source.at(30, depth, 30) = 1e9F;
    const auto image = light_image(source, tissue, model, View::front, 60, 1, true);
    EXPECT_EQ(image.geometry().size[1], 1);
    const double expected = 1e6 * escaped_fraction(model, depth + 0.5);
    // The surface ends at 30 mm: some of a deep source's light passes beyond.
    EXPECT_NEAR(sum(image), expected, 0.05 * expected);
    int above = 0;
    for (int i = 0; i < 61; ++i) above += image.at(i, 0, 30) > image.at(30, 0, 30) / 2;
    return above;
  };
  EXPECT_LT(width_at(1), width_at(5));
  // From the back the same source lies deeper.
  image::Volume<float> source(grid);
  source.at(30, 5, 30) = 1e9F;
  EXPECT_LT(sum(light_image(source, tissue, model, View::back, 60, 1, true)),
            sum(light_image(source, tissue, model, View::front, 60, 1, true)));
}

TEST(Light, MovesWithItsSource) {
  const auto grid = cube(41, 1);
  const image::Volume<float> tissue(grid, 1.0F);
  image::Volume<float> a(grid), b(grid);
  a.at(18, 4, 20) = 1e6F;
  b.at(21, 4, 22) = 1e6F;
  const auto one = light_image(a, tissue, {}, View::front, 60, 1, true);
  const auto two = light_image(b, tissue, {}, View::front, 60, 1, true);
  for (int d = -5; d <= 5; ++d)
    EXPECT_FLOAT_EQ(one.at(18 + d, 0, 20 - d), two.at(21 + d, 0, 22 - d));
}

TEST(ImageModels, SameForAnyNumberOfThreads) {
  const auto grid = cube(24, 1);
  const image::Volume<float> tissue(grid, 1.0F);
  image::Volume<float> source(grid);
  source.at(12, 4, 12) = 1e9F;
  const auto make = [&] {
    auto all = light_image(source, tissue, {}, View::front, 60, 4).values();
    const auto iron = iron_image(source, tissue, {{{0, 0, 0}, 1e-9}}, {}, 2, 5).values();
    all.insert(all.end(), iron.begin(), iron.end());
    return all;
  };
  const auto many = make();
  const core::ThreadLimit one(1);
  EXPECT_EQ(make(), many);
}

TEST(ImageFile, ANuclearImageComesBackAsItWas) {
  const auto folder = std::filesystem::temp_directory_path() / "sojourn_image_file_test";
  std::filesystem::create_directories(folder);
  image::Volume<float> volume(cube(4, 2));
  volume.at(1, 2, 3) = 125;
  ImageNote note;
  note.modality = "PT";
  note.unit = "Bq/mL";
  note.scanner = "inveon";
  note.method = "zr89-oxine";
  note.nuclide = "Zr-89";
  note.time_zero_utc_s = core::parse_iso("2026-03-02T10:15:00Z")->utc_s();
  note.start_s = 3600;
  note.duration_s = 900;
  note.injected_bq = 2.5e5;
  write_image(folder / "pet.nii.gz", volume, note);
  const auto series = io::import_image(folder / "pet.nii.gz");
  EXPECT_EQ(series.facts.unit, records::PixelUnit::bq_per_ml);
  EXPECT_EQ(series.facts.nuclide, "Zr-89");
  EXPECT_EQ(series.facts.decay_correction, records::DecayCorrection::none);
  EXPECT_DOUBLE_EQ(*series.facts.injected_activity_bq, 2.5e5);
  ASSERT_EQ(series.frames.size(), 1U);
  EXPECT_EQ(series.frames[0].values.at(1, 2, 3), 125);
  EXPECT_DOUBLE_EQ(*series.frames[0].slices.at(0).start_local_s, note.time_zero_utc_s + 3600);
  EXPECT_DOUBLE_EQ(*series.frames[0].slices.at(0).duration_s, 900);
  note.modality = "MR";
  note.unit = "19F atoms/mL";
  note.nuclide.clear();
  write_image(folder / "mr.nii.gz", volume, note);
  EXPECT_NE(core::read_file(folder / "mr.json").find("19F atoms/mL"), std::string::npos);
  EXPECT_THROW(write_image(folder / "mr.nii", volume, note), Error);
  std::filesystem::remove_all(folder);
}

}  // namespace
