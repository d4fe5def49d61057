#include "sojourn/plan/labelling_window.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"
#include "sojourn/fate/subject_table.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::plan {
namespace {

using records::LabellingWindow;
using records::PlanQuestion;

constexpr double kLeast_bq = 1, kMost_bq = 1e9;  // per million cells: searched between
constexpr int kHalvings = 60;

/// The wanted cells are over the limit, on any of the scanners.
bool enough(const catalogue::Method& method, const SignalNow& signal,
            const std::vector<const catalogue::Scanner*>& fit, const PlanQuestion& q) {
  return std::any_of(fit.begin(), fit.end(), [&](const catalogue::Scanner* scanner) {
    try {
      const double cells = detect(method, signal, *scanner, task_of(q)).cells;
      return std::isfinite(cells) && cells <= q.wanted_cells;
    } catch (const Error&) {
      return false;  // this scanner cannot see the nuclide
    }
  });
}

std::optional<double> lower_end(const catalogue::Method& method, const catalogue::Cell& cell,
                                Setting setting, const std::vector<const catalogue::Scanner*>& fit,
                                const PlanQuestion& q) {
  setting.label_per_million_bq = 1;
  const auto of_one_bq = CellSignal(method, cell, setting).at(q.scans_s.back());
  const auto sees = [&](double bq) { return enough(method, of_one_bq.times(bq), fit, q); };
  if (!sees(kMost_bq)) return std::nullopt;
  double low = std::log(kLeast_bq), high = std::log(kMost_bq);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (sees(std::exp(middle)) ? high : low) = middle;
  }
  return std::exp(high);
}

std::string per_million(double bq) {
  return core::format_number(bq / 1000, 2) + " kBq per million cells";
}

}  // namespace

Task task_of(const PlanQuestion& q) {
  Task task;
  task.volume_ml = q.lesion_ml;
  task.depth_mm = q.lesion_depth_mm;
  task.time_s = q.scan_time_s;
  task.object_diameter_mm = fate::subject_defaults(q.species).object_diameter_mm;
  task.background_bq_per_ml = q.background_bq_per_ml;
  task.in_vivo = true;
  return task;
}

LabellingWindow labelling_window(const catalogue::Method& method, const catalogue::Cell& cell,
                                 Setting setting, const std::vector<const catalogue::Scanner*>& fit,
                                 const PlanQuestion& q,
                                 std::optional<double> effective_msv_per_bq) {
  const auto& label = method.label();
  LabellingWindow w;
  w.high_bq = label.activity_per_million_ceiling_bq->of(cell.kin).value;
  w.low_bq = lower_end(method, cell, setting, fit, q);
  if (q.max_effective_dose_msv && effective_msv_per_bq)
    w.dose_bq = *q.max_effective_dose_msv / *effective_msv_per_bq / (q.infused_cells / 1e6);
  const double most = std::min(w.high_bq, w.dose_bq.value_or(w.high_bq));
  const double usual = label.activity_per_million_bq->of(cell.kin).value;
  w.chosen_bq = std::clamp(usual, std::min(w.low_bq.value_or(most), most), most);
  return w;
}

void explain_window(const PlanQuestion& q, records::MethodPlan& plan) {
  const auto& w = *plan.window;
  if (!w.low_bq) {
    const double half_lives = q.scans_s.back() / nuclide::find(plan.nuclide).half_life_s;
    plan.exclusions.push_back(
        fmt::format("no activity that cells can hold is enough (1 GBq per million tried): {:.3g} "
                    "half-lives of {} have passed at the last scan",
                    half_lives, plan.nuclide));
    return;
  }
  const double days = q.scans_s.back() / units::kSecondsPerDay;
  if (*w.low_bq > w.high_bq)
    plan.exclusions.push_back(
        fmt::format("to be seen after {:.3g} d the cells need {}, and are harmed above {}", days,
                    per_million(*w.low_bq), per_million(w.high_bq)));
  else if (w.dose_bq && *w.low_bq > *w.dose_bq)
    plan.exclusions.push_back(
        fmt::format("to be seen after {:.3g} d the cells need {}, and the subject's dose allows {}",
                    days, per_million(*w.low_bq), per_million(*w.dose_bq)));
}

}  // namespace sojourn::plan
