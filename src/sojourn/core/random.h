#pragma once
#include <array>
#include <cstdint>

namespace sojourn::core {

/// Counter-based random numbers (Philox4x32-10): the n-th number of a stream depends on (seed,
/// stream, n) only, so results do not depend on the number of threads. Give each voxel, event or
/// draw its own stream.
/// @source Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC'11,
/// doi:10.1145/2063384.2063405.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  std::uint32_t bits();
  /// In (0, 1): never an end point.
  double uniform();
  /// Standard normal (Box-Muller).
  double normal();
  /// Poisson with the given mean >= 0 (product method below 30, PTRS of Hormann 1993 above).
  std::uint64_t poisson(double mean);

  /// The bijection itself, for tests against the published vectors.
  static std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                             std::array<std::uint32_t, 2> key);

 private:
  std::array<std::uint32_t, 4> counter_{};
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace sojourn::core
