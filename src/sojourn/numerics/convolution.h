#pragma once
#include <array>
#include <span>
#include <vector>

namespace sojourn::numerics {

/// Convolution of a 3D field with kernels by fast Fourier transforms (FFTW), zero outside the
/// field. The transform of the field is kept, so that several kernels cost two more each.
class Convolution3 {
 public:
  /// @param size of the field, i fastest; @param reach kernels go this many samples to each side.
  /// @throws Error(shape_mismatch).
  Convolution3(const std::array<int, 3>& size, const std::array<int, 3>& reach,
               std::span<const float> field);
  ~Convolution3();
  Convolution3(const Convolution3&) = delete;
  Convolution3& operator=(const Convolution3&) = delete;

  /// out(x) = sum over d of kernel(d) field(x - d). @param kernel shape [2 reach + 1] along each
  /// axis, i fastest, its middle at zero displacement. @return shape of the field.
  [[nodiscard]] std::vector<float> with(std::span<const float> kernel) const;

 private:
  std::array<int, 3> size_, reach_, padded_;
  std::size_t columns_;       ///< complex numbers in a row of the transform
  std::vector<float> field_;  ///< its transform, real and imaginary parts in turn
};

/// The least number of at least n with no prime factor over 7: lengths that transform fast.
[[nodiscard]] int fast_length(int n);

}  // namespace sojourn::numerics
