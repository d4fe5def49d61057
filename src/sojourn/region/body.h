#pragma once
#include "sojourn/image/region_mask.h"
#include "sojourn/region/components.h"

namespace sojourn::region {

/// Edge of the body in CT: halfway between air (-1000 HU) and soft tissue (0 HU), where the blurred
/// edge of a large object lies.
inline constexpr float kBodyAboveHu = -500.0F;

/// Lung: above -950 HU, the limit of emphysema against normal lung (Gevenois et al., Am J Respir
/// Crit Care Med 1996;154:187-192), and below the midpoint between lung and soft tissue (Hu,
/// Hoffman & Reinhardt, IEEE Trans Med Imaging 2001;20:490-498, whose iterative threshold settles
/// there).
inline constexpr float kLungAboveHu = -950.0F;
inline constexpr float kLungBelowHu = -500.0F;

/// Bone: CT numbers of soft tissues end near 100 HU and skeletal ones begin there (Schneider,
/// Bortfeld & Schlegel, Phys Med Biol 2000;45:459-478); 200 HU keeps noise and partly filled voxels
/// of soft tissue out. Thin mouse bone at 0.1-0.2 mm voxels is seen whole; at coarser voxels and
/// with iodine contrast draw it instead.
inline constexpr float kBoneAboveHu = 200.0F;

/// The axis of the grid nearest to the patient's head-foot direction.
[[nodiscard]] std::size_t head_foot_axis(const image::Geometry& grid);

/// Cropped region of 0 and 1.
[[nodiscard]] image::RegionMask region_of(std::string name, const Bits& bits,
                                          const image::Geometry& grid);

}  // namespace sojourn::region
