#pragma once
#include <array>
#include <cmath>
#include <cstdint>

#include "sojourn/core/random.h"

namespace sojourn::transport {

/// Random numbers of one decay. The start is a block of Philox for (seed, decay), so that the
/// numbers depend on these alone and never on threads; on from there xoroshiro128+ is about four
/// times as fast as further blocks.
/// @source Blackman and Vigna, Scrambled linear pseudorandom number generators, ACM Trans Math
/// Softw 2021;47:36, doi:10.1145/3460772.
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint64_t decay) {
    const auto b = core::Random::philox(
        {static_cast<std::uint32_t>(decay), static_cast<std::uint32_t>(decay >> 32), 0x736f6a6f, 0},
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    a_ = (std::uint64_t{b[0]} << 32) | b[1];
    b_ = (std::uint64_t{b[2]} << 32) | b[3] | 1;  // never both zero
  }

  std::uint64_t bits() {
    const std::uint64_t a = a_;
    std::uint64_t b = b_;
    const std::uint64_t sum = a + b;
    b ^= a;
    a_ = rotated(a, 24) ^ b ^ (b << 16);
    b_ = rotated(b, 37);
    return sum;
  }
  /// In (0, 1), 52 bits.
  double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }
  /// In (0, 1), 23 bits: enough for angles and choices.
  float uniform_f() { return (static_cast<float>(bits() >> 41) + 0.5F) * 0x1p-23F; }
  /// Mean 1.
  double exponential() { return -std::log(uniform()); }
  /// Standard normal (polar method of Marsaglia; the second number is thrown away).
  double normal() {
    for (;;) {
      const double x = 2 * uniform() - 1, y = 2 * uniform() - 1, s = x * x + y * y;
      if (s < 1 && s > 0) return x * std::sqrt(-2 * std::log(s) / s);
    }
  }

 private:
  static std::uint64_t rotated(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }
  std::uint64_t a_, b_;
};

}  // namespace sojourn::transport
