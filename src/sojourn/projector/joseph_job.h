#pragma once
#include <array>
#include <cstdint>

#include "sojourn/projector/lor.h"

/// What the inner loops of Joseph's method get: plain data, so that the code for each instruction
/// set shares no inline function with the rest of the program.
namespace sojourn::projector {

/// Voxels along an axis at most.
inline constexpr int kMostPlanes = 4096;

/// A grid as the rays see it: voxel coordinates u = matrix * mm + shift, whole at voxel centres.
struct RayFrame {
  double matrix[3][3];
  double shift[3];
  double spacing_mm[3];
  int size[3];
};

/// Time of flight as a table (TofKernel::table); table == nullptr: none.
struct TofTable {
  const float* table = nullptr;
  double reach_mm = 0;
  float steps_per_mm = 0;
  float last = 0;  ///< largest place in the table
};

/// A working copy of the image in each order (Lattice); rays along z use the second.
struct RayMemory {
  float* z_fastest = nullptr;
  float* x_fastest = nullptr;
  std::int32_t z_stride[3]{}, x_stride[3]{};
};

struct RayJob {
  RayFrame frame;
  TofTable tof;
  RayMemory memory;
  const Lor* lors = nullptr;
  const float* tof_mm = nullptr;  ///< one for each line; nullptr without time of flight
  int n_bins = 0;                 ///< of a sinogram with time of flight; 0: list mode
  double bin_mm = 0;
};

/// The inner loops over lines [0, n) of a job, on the best instruction set of this machine.
void joseph_forward(const RayJob& job, std::size_t n, float* values);
void joseph_back(const RayJob& job, std::size_t n, const float* values);
void joseph_forward_bins(const RayJob& job, std::size_t n, float* values);
void joseph_back_bins(const RayJob& job, std::size_t n, const float* values);
/// Whether any of the lines marches along z (it needs the second working copy).
bool joseph_any_along_z(const RayJob& job, std::size_t n);

}  // namespace sojourn::projector
