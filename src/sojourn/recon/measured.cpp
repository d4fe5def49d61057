#include "sojourn/recon/measured.h"

#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/projector/locality.h"

namespace sojourn::recon {
namespace {

template <typename T>
std::vector<T> picked(const std::vector<T>& values, const std::vector<std::uint32_t>& order) {
  std::vector<T> out;
  if (values.empty()) return out;
  out.reserve(order.size());
  for (const auto i : order) out.push_back(values[i]);
  return out;
}

Measured picked(const Measured& m, const std::vector<std::uint32_t>& order) {
  return {projector::reordered(m.lines, order), picked(m.counts, order),
          picked(m.background, order), picked(m.subset, order)};
}

}  // namespace

double Measured::total_counts() const {
  if (counts.empty()) return static_cast<double>(size());
  return std::accumulate(counts.begin(), counts.end(), 0.0);
}

Measured sorted(const Measured& measured, const image::Geometry& grid) {
  return picked(measured, projector::locality_order(measured.lines, grid));
}

std::vector<Measured> split(const Measured& measured, std::size_t n) {
  SOJOURN_EXPECT(n > 0);
  std::vector<std::vector<std::uint32_t>> order(n);
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const std::size_t subset = measured.subset.empty() ? i % n : measured.subset[i];
    if (subset >= n) refuse("an entry of subset {} where there are {}", subset, n);
    order[subset].push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<Measured> parts;
  for (std::size_t s = 0; s < n; ++s) {
    if (order[s].empty())
      refuse("subset {} of {} holds no counts: take fewer subsets (--subsets)", s + 1, n);
    parts.push_back(picked(measured, order[s]));
  }
  return parts;
}

}  // namespace sojourn::recon
