#pragma once
#include <string>

#include "sojourn/report/plan_text.h"

/// The parts of a plan's page, each as HTML; empty where the plan has nothing for it.
namespace sojourn::report {

/// The question in words and the answer in one line.
[[nodiscard]] std::string plan_head(const PlanView& view);
/// Feasible methods, best first.
[[nodiscard]] std::string plan_ranking(const PlanView& view);
/// Signal, limit and what it rests on, for every feasible method and scan.
[[nodiscard]] std::string plan_scan_numbers(const PlanView& view);
/// Signal per cell and detection limit against time.
[[nodiscard]] std::string plan_time_charts(const PlanView& view);
/// The activity that labelling allows, per million cells.
[[nodiscard]] std::string plan_window_chart(const PlanView& view);
/// Methods that cannot answer, by reason.
[[nodiscard]] std::string plan_exclusions(const PlanView& view);
[[nodiscard]] std::string plan_warnings(const PlanView& view);
/// How the numbers came about, and what holds for all of them.
[[nodiscard]] std::string plan_explanation(const PlanView& view);
/// The study file to start from.
[[nodiscard]] std::string plan_skeleton(const PlanView& view);
[[nodiscard]] std::string plan_references(const PlanView& view);

/// What the page adds to style_sheet().
[[nodiscard]] std::string plan_style();

}  // namespace sojourn::report
