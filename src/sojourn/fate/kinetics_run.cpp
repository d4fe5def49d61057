#include "sojourn/fate/kinetics_run.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/fate/kinetics_reference.h"
#include "sojourn/fate/kinetics_weights.h"

namespace sojourn::fate::kinetics {
namespace {

constexpr double kMinute_s = 60;
constexpr const char* kPerMinute = "1/min";
constexpr const char* kFlow = "mL/cm3/min";

Estimate times(const Estimate& e, double factor) {
  return {e.value * factor, e.standard_error * factor};
}

/// 1/sd² where the table has spreads, else by counts where the half-life is known, else equal.
std::vector<double> weights_of(const RegionCurve& region, const ModelSetting& setting) {
  if (!region.sd.empty()) {
    std::vector<double> weights;
    double sum = 0;
    for (const double sd : region.sd) sum += weights.emplace_back(1 / (sd * sd));
    for (double& w : weights) w *= static_cast<double>(weights.size()) / sum;
    return weights;
  }
  if (setting.half_life_s)
    return counting_weights(region.frames, region.mean, *setting.half_life_s);
  return {};
}

const Input& input_of(const ModelSetting& setting, const std::string& model) {
  if (!setting.input) refuse("{} needs an input: blood samples or a region of blood", model);
  return *setting.input;
}

/// Frames without weight are shown and not fitted.
bool counts(const RegionCurve& region, std::size_t frame) {
  return region.sd.empty() || std::isfinite(region.sd[frame]);
}

ModelResult begin(const std::string& model, const RegionCurve& region) {
  ModelResult result;
  result.region = region.region;
  result.model = model;
  result.frames = region.frames;
  result.measured = region.mean;
  result.start_s = region.frames.front().start_s;
  result.end_s = region.frames.back().end_s();
  for (std::size_t f = 0; f < region.frames.size(); ++f)
    if (counts(region, f)) ++result.n_frames;
  return result;
}

void judge_fit(ModelResult& result, const std::vector<double>& weights, bool at_limit,
               const std::string& message) {
  if (!result.converged) result.warnings.push_back("did not converge: " + message);
  if (at_limit) result.warnings.emplace_back("a parameter stands at its limit: look at the curve");
  constexpr double kTrend = -2;
  if (check_residuals(result.measured, result.fitted, weights).runs_z < kTrend)
    result.warnings.emplace_back("residuals keep their sign too long: the model misses a trend");
}

ModelResult compartments(const std::string& model, const RegionCurve& region,
                         const ModelSetting& setting) {
  const auto type = model == "1t"   ? TissueModel::one_tissue
                    : model == "2t" ? TissueModel::two_tissue_reversible
                                    : TissueModel::two_tissue_irreversible;
  const auto weights = weights_of(region, setting);
  TissueFitOptions options;
  options.fixed_blood_fraction = setting.blood_fraction;
  if (setting.most_delay_s) options.delay_s = Limits{-*setting.most_delay_s, *setting.most_delay_s};
  const auto fit =
      fit_tissue(type, region.frames, region.mean, input_of(setting, model), weights, options);
  ModelResult result = begin(model, region);
  auto& p = result.parameters;
  p = {{"K1", kFlow, times(fit.k1_per_s, kMinute_s)},
       {"k2", kPerMinute, times(fit.k2_per_s, kMinute_s)}};
  if (model != "1t") p.push_back({"k3", kPerMinute, times(fit.k3_per_s, kMinute_s)});
  if (model == "2t") p.push_back({"k4", kPerMinute, times(fit.k4_per_s, kMinute_s)});
  p.push_back({"vB", "1", fit.blood_fraction});
  if (options.delay_s) p.push_back({"delay", "s", fit.delay_s});
  if (fit.volume_of_distribution) p.push_back({"VT", "mL/cm3", *fit.volume_of_distribution});
  if (fit.net_influx_per_s) p.push_back({"Ki", kFlow, times(*fit.net_influx_per_s, kMinute_s)});
  result.aicc = fit.akaike;
  result.weighted_squares = fit.weighted_squares;
  result.converged = fit.status == numerics::FitStatus::converged;
  result.fitted = fit.fitted;
  judge_fit(result, weights, fit.at_limit, fit.message);
  return result;
}

/// Frames from t* on, by their mid-times.
void keep_late(ModelResult& result, const RegionCurve& region, double start_s) {
  result.n_frames = 0;
  for (std::size_t f = 0; f < result.frames.size(); ++f) {
    if (result.frames[f].mid_s() < start_s || !counts(region, f)) continue;
    if (result.n_frames++ == 0) result.start_s = result.frames[f].start_s;
  }
}

ModelResult reference_model(const std::string& model, const RegionCurve& region,
                            const ModelSetting& setting) {
  const auto weights = weights_of(region, setting);
  const ReferenceData data{region.frames, region.mean, setting.reference, weights};
  const double start = setting.start_s.value_or(0);
  ModelResult result = begin(model, region);
  ReferenceFit fit;
  int n_parameters = 3;
  if (model == "srtm") fit = fit_srtm(data);
  if (model == "srtm-basis") fit = fit_srtm_basis(data);
  if (model == "mrtm") fit = fit_mrtm(data, start);
  if (model == "mrtm2") {
    if (!setting.k2_reference_per_s) refuse("mrtm2 needs k2' of the reference region");
    fit = fit_mrtm2(data, *setting.k2_reference_per_s, start);
    n_parameters = 2;
  }
  if (model.starts_with("mrtm")) {
    keep_late(result, region, start);
    result.warnings.emplace_back(
        "errors leave out the noise in the integral of the tissue: about half of the true spread");
  }
  result.parameters = {{"R1", "1", fit.r1},
                       {"k2", kPerMinute, times(fit.k2_per_s, kMinute_s)},
                       {"k2'", kPerMinute, {fit.k2_reference_per_s * kMinute_s, NAN}},
                       {"BPND", "1", fit.bp_nd}};
  result.weighted_squares = fit.weighted_squares;
  result.aicc =
      akaike_criterion(fit.weighted_squares, static_cast<int>(result.n_frames), n_parameters);
  result.converged = fit.status == numerics::FitStatus::converged;
  result.fitted = fit.fitted;
  judge_fit(result, weights, fit.at_limit, fit.message);
  return result;
}

ModelResult plot(const std::string& model, const RegionCurve& region, const ModelSetting& setting) {
  PlotData data{region.frames, region.mean, {}};
  const bool by_reference = needs_reference(model);
  if (!by_reference && setting.blood_fraction.value_or(0) > 0) {
    const auto blood = CurveInFrames(input_of(setting, model).blood, region.frames).mean();
    data.tissue = without_blood(region.mean, blood, *setting.blood_fraction);
  }
  LinearPart part;
  part.start_s = setting.start_s;
  PlotLine line;
  if (model == "logan") line = logan(data, input_of(setting, model).plasma, part);
  if (model == "patlak") line = patlak(data, input_of(setting, model).plasma, part);
  if (model == "reference-logan")
    line = reference_logan(data, setting.reference, setting.k2_reference_per_s, part);
  if (model == "reference-patlak") line = reference_patlak(data, setting.reference, part);
  ModelResult result = begin(model, region);
  keep_late(result, region, line.start_s);
  result.n_frames = line.n_points;
  result.x = line.x, result.y = line.y;
  for (const double x : line.x)
    result.fitted.push_back(line.intercept.value + line.slope.value * x);
  result.converged = line.linear;
  if (!line.linear)
    result.warnings.push_back(fmt::format("no straight part: the points leave the line by {:.0f} %",
                                          100 * line.max_deviation));
  const bool is_patlak = model == "patlak" || model == "reference-patlak";
  const Estimate rate = times(line.slope, kMinute_s);
  if (model == "logan") result.parameters = {{"VT", "mL/cm3", line.slope}};
  if (model == "patlak") result.parameters = {{"Ki", kFlow, rate}};
  if (model == "reference-patlak") result.parameters = {{"Ki'", kPerMinute, rate}};
  if (model == "reference-logan")
    result.parameters = {{"DVR", "1", line.slope},
                         {"BPND", "1", {line.slope.value - 1, line.slope.standard_error}}};
  result.parameters.push_back(
      {"intercept", is_patlak ? (by_reference ? "1" : "mL/cm3") : "s", line.intercept});
  return result;
}

}  // namespace

const std::vector<std::string>& model_names() {
  static const std::vector<std::string> names{
      "1t",         "2t",   "2t-irreversible", "logan",           "patlak",          "srtm",
      "srtm-basis", "mrtm", "mrtm2",           "reference-logan", "reference-patlak"};
  return names;
}

bool needs_reference(const std::string& model) {
  return model.starts_with("srtm") || model.starts_with("mrtm") || model.starts_with("reference-");
}

ModelResult run_model(const std::string& model, const RegionCurve& region,
                      const ModelSetting& setting) {
  const auto& known = model_names();
  if (std::find(known.begin(), known.end(), model) == known.end())
    refuse("\"{}\" is no model{}", model, core::suggestion(model, known));
  if (needs_reference(model) && setting.reference.empty())
    refuse("{} needs a reference region", model);
  if (model == "1t" || model.starts_with("2t")) return compartments(model, region, setting);
  if (model.starts_with("srtm") || model.starts_with("mrtm"))
    return reference_model(model, region, setting);
  return plot(model, region, setting);
}

}  // namespace sojourn::fate::kinetics
