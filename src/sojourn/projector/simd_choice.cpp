// Which instruction set the inner loops run on.
#define HWY_BROKEN_EMU128 0  // as joseph_simd.cpp, so that both see the same sets
#include <hwy/highway.h>
#include <hwy/targets.h>

#include "sojourn/core/error.h"
#include "sojourn/projector/joseph.h"

namespace sojourn::projector {

std::string simd_name() {
  const auto sets = hwy::SupportedTargets() & HWY_TARGETS;
  return hwy::TargetName(sets & -sets);  // the lowest bit is the best
}

std::vector<std::string> simd_names() {
  std::vector<std::string> names;
  for (const auto target : hwy::SupportedAndGeneratedTargets())
    names.emplace_back(hwy::TargetName(target));
  return names;
}

SimdChoice::SimdChoice(const std::string& name) {
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    if (name != hwy::TargetName(target)) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return;
  }
  refuse("{} is no instruction set of this machine", name);
}

SimdChoice::~SimdChoice() {
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace sojourn::projector
