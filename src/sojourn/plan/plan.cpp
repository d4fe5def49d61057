#include "sojourn/plan/plan.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/parallel.h"
#include "sojourn/plan/evaluate.h"
#include "sojourn/plan/question.h"

namespace sojourn::plan {
namespace {

using records::MethodPlan;
using records::PlanResult;

/// Feasible first; of those, methods with sources before indicative ones, methods known in the
/// species before new ones, then by limit and dose.
bool before(const MethodPlan& a, const MethodPlan& b) {
  if (a.feasible() != b.feasible()) return a.feasible();
  if (!a.feasible()) return a.id < b.id;
  const auto key = [](const MethodPlan& m) {
    return std::tuple(m.indicative, !m.known_in_species, m.points.back().limit_cells,
                      m.effective_dose_msv.value.value_or(0), m.id);
  };
  return key(a) < key(b);
}

void add_references(PlanResult& result) {
  std::set<std::string> keys{"currie-1968", "budinger-1978", "budinger-1983", "lechermann-2020"};
  for (const auto& method : result.methods)
    if (method.feasible()) keys.insert(method.citations.begin(), method.citations.end());
  for (const auto& key : keys) {
    const auto& reference = catalogue::reference(key);
    result.references.emplace_back(
        key, reference.text + (reference.doi.empty() ? "" : " doi:" + reference.doi));
  }
}

}  // namespace

PlanResult make_plan(const records::PlanQuestion& question) {
  PlanResult result;
  result.question = question;
  const auto ids = catalogue::method_ids();
  result.methods.resize(ids.size());
  core::parallel_for(ids.size(), [&](std::size_t i) {
    result.methods[i] = evaluate(catalogue::method(ids[i]), question);
  });
  std::sort(result.methods.begin(), result.methods.end(), before);
  const auto best = std::find_if(result.methods.begin(), result.methods.end(),
                                 [](const auto& m) { return m.feasible() && !m.nuclide.empty(); });
  if (best != result.methods.end()) result.skeleton = study_skeleton(question, *best);
  result.notes = {
      "Limits hold for a known place, with 5 % false positives and 5 % false negatives; the noise "
      "constant is calibrated on a published phantom (docs/theory/planning.md).",
      "Label per cell falls by division, efflux and decay with constant rates; label that left "
      "living cells is spread over the body as background.",
      "Methods of which over half of the numbers are assumed are indicative and come last."};
  add_references(result);
  return result;
}

PlanResult make_plan(const std::filesystem::path& question_file) {
  return make_plan(read_question(question_file));
}

}  // namespace sojourn::plan
