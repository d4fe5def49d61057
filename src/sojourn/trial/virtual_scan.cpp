#include "sojourn/trial/virtual_scan.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/error.h"
#include "sojourn/measure/calibrate.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/study/scan_stage.h"

namespace sojourn::trial {
namespace {

const records::Administration& label_of(const records::Study& study) {
  const auto& all = study.administrations;
  const auto found =
      std::find_if(all.begin(), all.end(), [](const auto& a) { return a.id == "label"; });
  if (study.infusions.empty() || found == all.end())
    refuse("{}: a virtual study needs [[infusion]] and [label]; add them",
           study.file.filename().string());
  if (found->method.empty())
    refuse("{}: label.method is missing; name a row of the catalogue",
           study.file.filename().string());
  return *found;
}

std::string usual_scanner(const std::string& species, bool positrons) {
  const bool small = species == "mouse" || species == "rat";
  if (positrons) return small ? "inveon" : "vision-quadra";
  return small ? "nanospect" : "symbia-intevo-megp";
}

std::string scanner_of(const VirtualPlan& plan, const records::ScanRequest& request, int number,
                       std::vector<std::string>& warnings) {
  if (!request.scanner.empty()) return catalogue::scanner(request.scanner).id;
  const auto usual =
      usual_scanner(plan.study.subject.species, nuclide::find(plan.nuclide).positron_fraction > 0);
  warnings.push_back(fmt::format("scan {} names no scanner: {} is taken", number, usual));
  return usual;
}

void check_image(const records::Study& study, const records::ScanRequest& request, int number) {
  std::error_code ignored;
  if (std::filesystem::exists(request.image, ignored)) return;
  refuse(
      "{}:{}: scan[{}]: the image \"{}\" is not there and the study does not state time, "
      "frame_duration and label.activity; state them, or correct the path",
      study.file.filename().string(), request.line, number, request.image_as_written);
}

VirtualScan scan_of(VirtualPlan& plan, int number) {
  const auto& request = plan.study.scans.at(static_cast<std::size_t>(number - 1));
  if (!request.tracer.empty() && request.tracer != "label")
    refuse("{}:{}: scan[{}].tracer: \"{}\": only scans of the label are simulated; remove this one",
           plan.study.file.filename().string(), request.line, number, request.tracer);
  VirtualScan scan;
  scan.number = number;
  scan.whole_body = request.whole_body;
  scan.scanner = scanner_of(plan, request, number, plan.warnings);
  if (request.time_utc_s && !request.frame_duration_s.empty() && plan.injected_bq > 0) {
    scan.start_utc_s = *request.time_utc_s + request.clock_offset_s;
    for (const double one : request.frame_duration_s) scan.duration_s += one;
  } else {
    check_image(plan.study, request, number);
    const auto settled = study::settled_scan(plan.study, number);
    scan.start_utc_s = settled.frames.front().start_utc_s;
    const auto& last = settled.frames.back();
    scan.duration_s = last.start_utc_s + last.duration_s - scan.start_utc_s;
    if (plan.injected_bq <= 0) plan.injected_bq = plan.syringe_bq = settled.injected_bq.value_or(0);
  }
  scan.start_s = scan.start_utc_s - plan.origin_utc_s;
  if (!(scan.duration_s > 0) || scan.start_s < 0)
    refuse("{}: scan[{}] starts {:.6g} s after the infusion and lasts {:.6g} s; correct its times",
           plan.study.file.filename().string(), number, scan.start_s, scan.duration_s);
  return scan;
}

}  // namespace

VirtualPlan plan_of(records::Study study) {
  VirtualPlan plan;
  plan.study = std::move(study);
  const auto& label = label_of(plan.study);
  const auto& method = catalogue::method(label.method);
  if (method.get<catalogue::ExVivoLabel>() == nullptr)
    refuse("label.method \"{}\" is no radioactive label; choose one of `sojourn catalogue`",
           method.id);
  plan.method = method.id;
  plan.nuclide = method.nuclide;
  plan.half_life_s = nuclide::find(plan.nuclide).half_life_s;
  plan.origin_utc_s = plan.study.infusions.front().infused_at_utc_s;
  const double given_utc_s = label.given_at_utc_s.value_or(plan.origin_utc_s);
  plan.injected_bq =
      measure::injected_activity_bq(label, given_utc_s, plan.half_life_s).value_or(0);
  if (label.activity_bq)
    plan.syringe_bq =
        *label.activity_bq *
        nuclide::decay_factor(given_utc_s - label.measured_at_utc_s.value_or(given_utc_s),
                              plan.half_life_s);
  for (std::size_t i = 0; i < plan.study.scans.size(); ++i)
    plan.scans.push_back(scan_of(plan, static_cast<int>(i) + 1));
  if (plan.scans.empty()) refuse("the study has no [[scan]]; add one at least");
  if (!(plan.injected_bq > 0))
    refuse("the label's activity is not known or zero; state label.activity");
  return plan;
}

}  // namespace sojourn::trial
