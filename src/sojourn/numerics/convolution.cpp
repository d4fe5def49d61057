#include "sojourn/numerics/convolution.h"

#include <fftw3.h>

#include <complex>
#include <mutex>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"

namespace sojourn::numerics {
namespace {

/// FFTW's planner is not for several threads at once.
std::mutex& planner() {
  static std::mutex one;
  return one;
}

/// A 3D transform in place, row by row, column by column; the one-dimensional transforms of each
/// direction run side by side.
class Transform {
 public:
  Transform(const std::array<int, 3>& padded, std::size_t columns, std::vector<float>& data)
      : n_(padded), columns_(columns), data_(data) {}

  void forward() const {
    rows(true);
    along_y(FFTW_FORWARD);
    along_z(FFTW_FORWARD);
  }
  void backward() const {
    along_z(FFTW_BACKWARD);
    along_y(FFTW_BACKWARD);
    rows(false);
  }

 private:
  [[nodiscard]] fftwf_complex* complex_at(std::size_t offset) const {
    return reinterpret_cast<fftwf_complex*>(data_.data()) + offset;
  }
  [[nodiscard]] std::size_t size(int axis) const {
    return static_cast<std::size_t>(n_[static_cast<std::size_t>(axis)]);
  }

  /// Real to complex or back, all rows of each plane.
  void rows(bool forward_way) const {
    const int n = n_[0], many = n_[1];
    const int real_step = 2 * static_cast<int>(columns_), step = static_cast<int>(columns_);
    fftwf_plan plan = nullptr;
    {
      const std::scoped_lock lock(planner());
      plan = forward_way ? fftwf_plan_many_dft_r2c(1, &n, many, data_.data(), nullptr, 1, real_step,
                                                   complex_at(0), nullptr, 1, step,
                                                   FFTW_ESTIMATE | FFTW_UNALIGNED)
                         : fftwf_plan_many_dft_c2r(1, &n, many, complex_at(0), nullptr, 1, step,
                                                   data_.data(), nullptr, 1, real_step,
                                                   FFTW_ESTIMATE | FFTW_UNALIGNED);
    }
    core::parallel_for(size(2), [&](std::size_t k) {
      const std::size_t at = k * size(1) * columns_;
      auto* complex = complex_at(at);
      auto* real = data_.data() + 2 * at;
      if (forward_way)
        fftwf_execute_dft_r2c(plan, real, complex);
      else
        fftwf_execute_dft_c2r(plan, complex, real);
    });
    finish(plan);
  }

  void along_y(int sign) const {
    const int n = n_[1], step = static_cast<int>(columns_);
    many(n, step, step, sign, size(2), size(1) * columns_);
  }
  void along_z(int sign) const {
    // each piece: one row of columns, strided by planes
    const int n = n_[2], plane = n_[1] * static_cast<int>(columns_);
    many(n, static_cast<int>(columns_), plane, sign, size(1), columns_);
  }
  /// `count` transforms of length n with elements `stride` apart, at `pieces` places `jump` apart.
  void many(int n, int count, int stride, int sign, std::size_t pieces, std::size_t jump) const {
    fftwf_plan plan = nullptr;
    {
      const std::scoped_lock lock(planner());
      plan = fftwf_plan_many_dft(1, &n, count, complex_at(0), nullptr, stride, 1, complex_at(0),
                                 nullptr, stride, 1, sign, FFTW_ESTIMATE | FFTW_UNALIGNED);
    }
    core::parallel_for(pieces, [&](std::size_t p) {
      auto* at = complex_at(p * jump);
      fftwf_execute_dft(plan, at, at);
    });
    finish(plan);
  }
  static void finish(fftwf_plan plan) {
    const std::scoped_lock lock(planner());
    fftwf_destroy_plan(plan);
  }

  std::array<int, 3> n_;
  std::size_t columns_;
  std::vector<float>& data_;
};

}  // namespace

int fast_length(int n) {
  for (;; ++n) {
    int rest = n;
    for (const int p : {2, 3, 5, 7})
      while (rest % p == 0) rest /= p;
    if (rest == 1) return n;
  }
}

Convolution3::Convolution3(const std::array<int, 3>& size, const std::array<int, 3>& reach,
                           std::span<const float> field)
    : size_(size), reach_(reach), padded_{}, columns_(0) {
  std::size_t samples = 1, padded = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    SOJOURN_EXPECT(size[a] > 0 && reach[a] >= 0);
    samples *= static_cast<std::size_t>(size[a]);
    // room for the field and the kernel's reach on one side: what wraps around falls into it
    padded_[a] = fast_length(std::max(size[a] + reach[a], 2 * reach[a] + 1));
    padded *= static_cast<std::size_t>(padded_[a]);
  }
  if (field.size() != samples)
    throw Error(ErrorCode::shape_mismatch, "a field of another size than its shape");
  columns_ = static_cast<std::size_t>(padded_[0]) / 2 + 1;
  field_.assign(2 * columns_ * padded / static_cast<std::size_t>(padded_[0]), 0);
  const auto nx = static_cast<std::size_t>(size[0]), ny = static_cast<std::size_t>(size[1]);
  for (std::size_t k = 0; k < static_cast<std::size_t>(size[2]); ++k)
    for (std::size_t j = 0; j < ny; ++j)
      std::copy_n(field.data() + (k * ny + j) * nx, nx,
                  field_.data() + (k * static_cast<std::size_t>(padded_[1]) + j) * 2 * columns_);
  Transform(padded_, columns_, field_).forward();
}

Convolution3::~Convolution3() = default;

std::vector<float> Convolution3::with(std::span<const float> kernel) const {
  const auto width = [&](std::size_t a) { return static_cast<std::size_t>(2 * reach_[a] + 1); };
  if (kernel.size() != width(0) * width(1) * width(2))
    throw Error(ErrorCode::shape_mismatch, "a kernel of another size than its reach");
  std::vector<float> work(field_.size(), 0);
  const auto place = [&](std::size_t a, std::size_t at) {
    const int d = static_cast<int>(at) - reach_[a];
    return static_cast<std::size_t>(d < 0 ? d + padded_[a] : d);
  };
  for (std::size_t k = 0; k < width(2); ++k)
    for (std::size_t j = 0; j < width(1); ++j)
      for (std::size_t i = 0; i < width(0); ++i)
        work[(place(2, k) * static_cast<std::size_t>(padded_[1]) + place(1, j)) * 2 * columns_ +
             place(0, i)] += kernel[(k * width(1) + j) * width(0) + i];
  const Transform transform(padded_, columns_, work);
  transform.forward();
  auto* product = reinterpret_cast<std::complex<float>*>(work.data());
  const auto* factor = reinterpret_cast<const std::complex<float>*>(field_.data());
  core::parallel_blocks(work.size() / 2, 1 << 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float re = product[i].real() * factor[i].real() - product[i].imag() * factor[i].imag();
      const float im = product[i].real() * factor[i].imag() + product[i].imag() * factor[i].real();
      product[i] = {re, im};
    }
  });
  transform.backward();
  const auto nx = static_cast<std::size_t>(size_[0]), ny = static_cast<std::size_t>(size_[1]);
  const float unit = 1.0F / (static_cast<float>(padded_[0]) * static_cast<float>(padded_[1]) *
                             static_cast<float>(padded_[2]));
  std::vector<float> out(nx * ny * static_cast<std::size_t>(size_[2]));
  for (std::size_t k = 0; k < static_cast<std::size_t>(size_[2]); ++k)
    for (std::size_t j = 0; j < ny; ++j)
      for (std::size_t i = 0; i < nx; ++i)
        out[(k * ny + j) * nx + i] =
            unit * work[(k * static_cast<std::size_t>(padded_[1]) + j) * 2 * columns_ + i];
  return out;
}

}  // namespace sojourn::numerics
