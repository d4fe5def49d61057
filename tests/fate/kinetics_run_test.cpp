#include "sojourn/fate/kinetics_run.h"

#include <gtest/gtest.h>

#include "fate/kinetics_truth.h"
#include "shared/message_of.h"
#include "sojourn/core/error.h"

namespace {

using namespace sojourn;
using namespace sojourn::fate::kinetics;

const Parameter& parameter(const ModelResult& result, const std::string& name) {
  const auto at = std::find_if(result.parameters.begin(), result.parameters.end(),
                               [&](const auto& p) { return p.name == name; });
  EXPECT_NE(at, result.parameters.end()) << name;
  return *at;
}

/// A tissue by Runge and Kutta with known rates per minute.
RegionCurve tissue_of(const TissueRates& rates, const Input& input) {
  const auto frames = test::brain_frames();
  return {"roi", frames, test::integrated_tissue(rates, input, frames), {}};
}

TEST(RunModel, FindsTheRatesPerMinute) {
  const auto input = test::feng_input(93 * 60 + 60);
  ModelSetting setting;
  setting.input = input;
  const auto region = tissue_of({0.1 / 60, 0.05 / 60, 0, 0, 0.04}, input);
  const auto one = run_model("1t", region, setting);
  ASSERT_TRUE(one.converged);
  // Runge and Kutta at half a second and the minimiser's stopping rule
  EXPECT_NEAR(parameter(one, "K1").estimate.value, 0.1, 1e-6);
  EXPECT_NEAR(parameter(one, "k2").estimate.value, 0.05, 1e-6);
  EXPECT_NEAR(parameter(one, "vB").estimate.value, 0.04, 1e-6);
  EXPECT_NEAR(parameter(one, "VT").estimate.value, 2, 1e-5);
  EXPECT_EQ(parameter(one, "K1").unit, "mL/cm3/min");
  EXPECT_TRUE(one.aicc.has_value());
  setting.blood_fraction = 0.04;
  setting.start_s = 20 * 60;
  const auto line = run_model("logan", region, setting);
  EXPECT_NEAR(parameter(line, "VT").estimate.value, 2, 1e-3);  // frame means of a plot
  EXPECT_FALSE(line.aicc.has_value());
  EXPECT_EQ(line.x.size(), region.frames.size());
  EXPECT_LT(line.n_frames, region.frames.size());
  EXPECT_GE(line.start_s, 15 * 60);
}

TEST(RunModel, IrreversibleTissueBothWays) {
  const auto input = test::feng_input(93 * 60 + 60);
  ModelSetting setting;
  setting.input = input;
  setting.blood_fraction = 0.05;
  const TissueRates rates{0.1 / 60, 0.13 / 60, 0.06 / 60, 0, 0.05};
  const auto region = tissue_of(rates, input);
  const double influx = 0.1 * 0.06 / 0.19;
  EXPECT_NEAR(parameter(run_model("2t-irreversible", region, setting), "Ki").estimate.value, influx,
              1e-6);
  setting.start_s = 40 * 60;
  // a straight line from 40 min on is not yet exact (docs/theory/kinetics.md: -0.1 %)
  EXPECT_NEAR(parameter(run_model("patlak", region, setting), "Ki").estimate.value / influx, 1,
              0.005);
}

TEST(RunModel, ReferenceModelsAgree) {
  const auto input = test::feng_input(93 * 60 + 60);
  const auto reference = tissue_of({0.08 / 60, 0.08 / 60, 0, 0, 0}, input);
  // R1 = 1.25, k2 = 0.1 /min, BP 1.5
  const auto target = tissue_of({0.1 / 60, 0.1 / 2.5 / 60, 0, 0, 0}, input);
  ModelSetting setting;
  setting.reference = reference.mean;
  setting.k2_reference_per_s = 0.08 / 60;
  for (const char* model : {"srtm", "mrtm", "mrtm2", "reference-logan"}) {
    const auto fit = run_model(model, target, setting);
    EXPECT_NEAR(parameter(fit, "BPND").estimate.value, 1.5, 2e-3) << model;
  }
  EXPECT_NEAR(parameter(run_model("srtm-basis", target, setting), "BPND").estimate.value, 1.5,
              0.03);
  EXPECT_NEAR(parameter(run_model("srtm", target, setting), "R1").estimate.value, 1.25, 1e-3);
}

TEST(RunModel, SaysWhatIsMissing) {
  const auto input = test::feng_input(93 * 60 + 60);
  const auto region = tissue_of({0.1 / 60, 0.05 / 60, 0, 0, 0}, input);
  const auto said = [&](const char* model) {
    return test::message_of([&] { (void)run_model(model, region, {}); });
  };
  EXPECT_NE(said("1t").find("input"), std::string::npos);
  EXPECT_NE(said("srtm").find("reference"), std::string::npos);
  EXPECT_NE(said("lgoan").find("logan"), std::string::npos);
}

TEST(RegionCurves, ReadAStudysActivities) {
  const auto table = core::Tsv::parse(
      "scan\tframe\thours\tframe_start_s\tframe_duration_s\ttracer\tregion\tvolume_ml\tactivity_bq"
      "\tactivity_dc_bq\tnoise_bq\n"
      "1\t1\t1.008333\t0\t60\tt1\tliver\t2\t100\t200\t10\n"
      "1\t2\t1.025\t60\t60\tt1\tliver\t2\t150\t320\t15\n"
      "2\t1\t5\t0\t600\tlabel\tliver\t2\t1\t1\tn/a\n",
      "activity.tsv");
  CurveChoice choice;
  EXPECT_NE(test::message_of([&] { (void)region_curves(table, choice); }).find("label, t1"),
            std::string::npos);
  choice.tracer = "t1";
  choice.injected_s = 3600;
  const auto curves = region_curves(table, choice);
  ASSERT_EQ(curves.size(), 1u);
  ASSERT_EQ(curves[0].frames.size(), 2u);
  EXPECT_EQ(curves[0].frames[0].start_s, 0);  // hours has seven figures
  EXPECT_NEAR(curves[0].frames[1].start_s, 60, 1e-9);
  EXPECT_NEAR(curves[0].mean[1], 160, 1e-12);
  EXPECT_NEAR(curves[0].sd[1], 16, 1e-12);
}

TEST(RegionCurves, ReadPlainTables) {
  const auto curves = region_curves(
      core::Tsv::parse("start_s\tduration_s\tvalue\tsd\n0\t60\t1\t0.1\n60\t60\t2\t0.2\n", "a.tsv"),
      {});
  ASSERT_EQ(curves.size(), 1u);
  EXPECT_EQ(curves[0].region, "region");
  EXPECT_EQ(curves[0].sd, (std::vector<double>{0.1, 0.2}));
  const auto unweighted = region_curves(
      core::Tsv::parse("start_s\tduration_s\tvalue\tsd\n0\t60\t1\tn/a\n60\t60\t2\t1\n", "a"), {});
  EXPECT_TRUE(std::isinf(unweighted[0].sd[0]));
  EXPECT_THROW((void)region_curves(core::Tsv::parse("start_s\tduration_s\tvalue\n0\t60\t1\n30\t60"
                                                    "\t2\n",
                                                    "a.tsv"),
                                   {}),
               Error);
}

TEST(BloodInputs, AnImageIsScaledByWhatWasDrawn) {
  const RegionCurve pool{"blood", test::frames_of({{10, 60}}), std::vector<double>(10, 50.0), {}};
  const auto drawn = core::Tsv::parse(
      "time_s\tblood\tparent_fraction\n90\t120\t1\n330\t120\t0.5\n500\t120\t0.5\n", "b.tsv");
  const auto scaled = image_input(pool, 0.9, &drawn);
  EXPECT_NEAR(value_at(scaled.input.blood, 330), 120, 1e-9);
  EXPECT_NEAR(value_at(scaled.input.plasma, 330), 60, 1e-6);
  const auto alone = image_input(pool, 0.9);
  EXPECT_NEAR(value_at(alone.input.blood, 330), 50 / 0.9, 1e-9);
  EXPECT_EQ(alone.warnings.size(), 3u);
  const auto plasma_only = core::Tsv::parse("time_s\tplasma\n0\t1\n60\t1\n", "b.tsv");
  EXPECT_THROW((void)image_input(pool, 0.9, &plasma_only), Error);
}

TEST(BloodInputs, OwnNamesAndThoseOfBids) {
  const auto own = blood_input(core::Tsv::parse(
      "time_s\tplasma\tblood\tparent_fraction\n0\t0\t0\tn/a\n60\t100\t80\t1\n120\t50\tn/a\t0.5\n",
      "b.tsv"));
  EXPECT_TRUE(own.warnings.empty());
  EXPECT_NEAR(value_at(own.input.plasma, 120), 25, 1e-9);
  EXPECT_NEAR(value_at(own.input.blood, 60), 80, 1e-9);
  const auto bids = blood_input(
      core::Tsv::parse("time\twhole_blood_radioactivity\n0\t0\n60\t2\n", "b.tsv"), 1000);
  EXPECT_EQ(bids.warnings.size(), 2u);  // no plasma, no parent fraction
  EXPECT_NEAR(value_at(bids.input.plasma, 60), 2000, 1e-9);
  EXPECT_THROW((void)blood_input(core::Tsv::parse("time_s\tx\n0\t1\n", "b.tsv")), Error);
  EXPECT_THROW((void)blood_input(core::Tsv::parse("time_s\tplasma\n", "b.tsv")), Error);
  EXPECT_THROW((void)blood_input(core::Tsv::parse("time_s\tplasma\n0\t1\n1e15\t1\n", "b.tsv")),
               Error);
  EXPECT_THROW((void)blood_input(core::Tsv::parse("t\tplasma\n0\t1\n", "b.tsv")), Error);
}

}  // namespace
