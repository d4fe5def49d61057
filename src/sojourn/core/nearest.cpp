#include "sojourn/core/nearest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace sojourn::core {
namespace {

constexpr std::size_t kLongestWord = 200;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

char same(char c) { return c; }

/// Levenshtein distance of the letters after `seen`.
std::size_t distance(std::string_view a, std::string_view b, char (*seen)(char)) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replace = diagonal + (seen(a[i]) != seen(b[j]));
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replace});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view word, std::span<const std::string> known) {
  if (word.size() > kLongestWord) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t best_distance = 0, best_exact = 0;
  for (const auto& name : known) {
    const std::size_t d = distance(word, name, lower);
    if (best != nullptr && d > best_distance) continue;
    const std::size_t exact =
        distance(word, name, same);  // of equals, the one nearest in case: MBQ is MBq, not mBq
    if (best == nullptr || d < best_distance || exact < best_exact) {
      best = &name, best_distance = d, best_exact = exact;
    }
  }
  if (best == nullptr || best_distance > std::max<std::size_t>(2, best->size() / 3)) {
    return std::nullopt;
  }
  return *best;
}

std::string suggestion(std::string_view word, std::span<const std::string> known) {
  std::vector<std::string> likely;
  if (word.size() <= kLongestWord) {
    for (const auto& name : known)  // mbq may be MBq or mBq: a factor of 10^9, so both are named
      if (distance(word, name, lower) == 0) likely.push_back(name);
  }
  std::stable_sort(likely.begin(), likely.end(), [&](const auto& a, const auto& b) {
    return distance(word, a, same) < distance(word, b, same);
  });
  if (const auto near = nearest_name(word, known); near && likely.empty()) likely.push_back(*near);
  std::string text;
  if (!likely.empty()) text = fmt::format("; did you mean \"{}\"?", fmt::join(likely, "\" or \""));
  return text + fmt::format(" (known: {})", fmt::join(known, ", "));
}

}  // namespace sojourn::core
