#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace sojourn::image {

/// Allocator of the voxels of a volume: blocks of 4 MiB and more stand on large pages where the
/// system has them, since a whole-body CT otherwise costs a page fault for each 1024 voxels, which
/// takes longer than decoding it.
template <typename T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <typename U>
  LargeAllocator(const LargeAllocator<U>&) noexcept {}  // NOLINT: allocators convert

  [[nodiscard]] T* allocate(std::size_t n) {
    constexpr std::size_t kPage = std::size_t{2} << 20;
    if (n > static_cast<std::size_t>(-1) / sizeof(T) - kPage) throw std::bad_array_new_length();
    const std::size_t bytes = n * sizeof(T);
    if (bytes < 2 * kPage) return static_cast<T*>(::operator new(bytes));
    void* block = std::aligned_alloc(kPage, (bytes + kPage - 1) / kPage * kPage);
    if (block == nullptr) throw std::bad_alloc();
    ::madvise(block, bytes, MADV_HUGEPAGE);  // a wish: refused where there are none
    return static_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t n) noexcept {
    if (n * sizeof(T) < (std::size_t{4} << 20)) {
      ::operator delete(block);
    } else {
      std::free(block);
    }
  }
  bool operator==(const LargeAllocator&) const { return true; }
};

}  // namespace sojourn::image
