#include <cstdint>
#include <string_view>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/dose/tia_table.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("integrals", "source\thours\tsd\nliver\t30\t2\nrest\t40\tn/a\n");
  sojourn::fuzz::seed("curves",
                      "source\thours\tfraction\tsd\nliver\t1\t0.2\t0.01\nliver\t24\t0.16\t0.01\n"
                      "liver\t72\t0.1\t0.01\nliver\t120\t0.06\t0.01\nspleen\t1\t0.03\tn/a\n");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  try {
    (void)sojourn::dose::read_integrals(text, "tia.tsv");
  } catch (const sojourn::Error&) {
  }
  try {
    constexpr double kHalfLife_s = 282276, kMostCurves = 4;
    double done = 0;
    for (const auto& curve : sojourn::dose::read_curves(text, "curves.tsv")) {
      if (++done > kMostCurves) break;  // fits take their time
      (void)sojourn::dose::integrate_curve(curve.points, {kHalfLife_s, 1.0, true, ""},
                                           curve.source);
    }
  } catch (const sojourn::Error&) {
  }
  return 0;
}
