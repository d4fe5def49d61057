#include "sojourn/fate/body_course.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"

namespace sojourn::fate {
namespace {

/// Moments at which the course restarts.
std::vector<double> restarts(const std::vector<BodyInput>& inputs,
                             const std::optional<Chelation>& chelation) {
  std::vector<double> moments;
  for (const auto& input : inputs) moments.push_back(input.at_s);
  if (chelation) {
    for (const double t : {chelation->start_s, chelation->stop_s})
      if (std::isfinite(t)) moments.push_back(t);
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

}  // namespace

std::vector<BodyState> body_course(const BodyModes& modes, std::vector<BodyInput> inputs,
                                   const std::optional<Chelation>& chelation,
                                   const std::vector<double>& times_s) {
  SOJOURN_EXPECT(std::is_sorted(times_s.begin(), times_s.end()));
  std::vector<BodyState> states;
  BodyState state = empty_state(modes.model());
  const auto moments = restarts(inputs, chelation);
  std::size_t done = 0;
  while (done < times_s.size() && (moments.empty() || times_s[done] < moments.front())) {
    states.push_back(state);
    ++done;
  }
  for (std::size_t m = 0; m < moments.size() && done < times_s.size(); ++m) {
    const double now = moments[m];
    for (const auto& input : inputs)
      if (input.at_s == now) state += input.amount;
    const bool last = m + 1 == moments.size();
    std::vector<double> after;
    while (done < times_s.size() && (last || times_s[done] < moments[m + 1]))
      after.push_back(times_s[done++] - now);
    const std::size_t wanted = after.size();
    if (!last) after.push_back(moments[m + 1] - now);
    const bool chelated = chelation && chelation->start_s <= now && now < chelation->stop_s;
    auto found = modes.at(state, after, chelated);
    if (!last) state = found.back();
    found.resize(wanted);
    std::move(found.begin(), found.end(), std::back_inserter(states));
  }
  return states;
}

}  // namespace sojourn::fate
