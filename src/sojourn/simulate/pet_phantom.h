#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sojourn/image/volume.h"
#include "sojourn/simulate/pet_hits.h"

namespace sojourn::simulate {

/// A body of voxels that owns what PetSubject points to.
struct PetPhantom {
  std::unique_ptr<transport::VoxelGrid> grid;  ///< none: in air, nothing attenuates
  std::unique_ptr<transport::PhotonTables> tables;
  std::unique_ptr<transport::SourceMap> source;
  image::Volume<float> activity;  ///< relative, what the source map was made of

  [[nodiscard]] PetSubject with(const std::string& nuclide, double activity_bq) const {
    return {grid.get(), tables.get(), source.get(), activity_bq, nuclide};
  }
};

/// A point of a phantom: which of its media, and how much activity (relative).
struct PhantomPoint {
  std::uint8_t medium = 0;
  float activity = 0;
};

/// Voxels of an analytic phantom: the medium at each centre, the mean activity of n^3 points.
/// @param media the first surrounds the phantom.
[[nodiscard]] PetPhantom voxelise(const image::Geometry& geometry,
                                  const std::vector<transport::Medium>& media, int points,
                                  const std::function<PhantomPoint(double, double, double)>& at);

/// A grid around the origin with edges of at least these lengths.
[[nodiscard]] image::Geometry centred_grid(const image::Vec3& edges_mm,
                                           const image::Vec3& voxel_mm);

/// A cylinder along z, filled evenly with activity: medium, diameter, length.
[[nodiscard]] PetPhantom cylinder_phantom(const std::string& medium, double diameter_mm,
                                          double length_mm, double voxel_mm);

/// NEMA's scatter phantoms: polyethylene (0.96 g/mL) with a line source along z off the axis.
/// "human": NU 2, 203 mm x 700 mm, line at 45 mm; "mouse", "rat": NU 4, 25 x 70 mm with a line of
/// 60 mm at 10 mm, 50 x 150 mm with 140 mm at 17.5 mm. @throws Error(bad_input) for others.
[[nodiscard]] PetPhantom nema_scatter_phantom(const std::string& which);

/// A thin line along z in air.
[[nodiscard]] PetPhantom line_in_air(double length_mm);
/// A cube of 0.3 mm in air.
[[nodiscard]] PetPhantom point_in_air();
/// NU 4's point source: 0.3 mm in the middle of an acrylic cube of 10 mm, whose attenuation the
/// standard leaves in the sensitivity.
[[nodiscard]] PetPhantom nu4_point_source();

/// NU 4's image quality phantom: PMMA, 33.5 mm wide, filled part of 30 mm; five rods of 1 to 5 mm,
/// two cold chambers (water, air). Diameters and places after NU 4-2008, section 7.
[[nodiscard]] PetPhantom nu4_image_quality();

}  // namespace sojourn::simulate
