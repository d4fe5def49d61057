#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/io/dicom_seg_layout.h"

namespace sojourn::io::seg {
namespace {

using namespace image;
using region_file::File;

constexpr int kMostLayers = 16384;

/// Functional groups of one frame; what a frame does not say the shared group says.
class Groups {
 public:
  Groups(const File& file, DcmItem* shared, DcmItem* frame)
      : file_(file), shared_(shared), frame_(frame) {}

  std::vector<double> decimals(const DcmTagKey& group, const DcmTagKey& tag,
                               const char* what) const {
    for (DcmItem* from : {frame_, shared_}) {
      DcmItem* item = from == nullptr ? nullptr : file_.first(*from, group);
      if (item == nullptr) continue;
      std::vector<double> values = file_.decimals(*item, tag, what);
      if (!values.empty()) return values;
    }
    return {};
  }

  std::vector<double> need(const DcmTagKey& group, const DcmTagKey& tag, std::size_t n,
                           const char* what) const {
    std::vector<double> values = decimals(group, tag, what);
    if (values.size() != n) {
      refuse("{}: {} has {} values instead of {} (regions need a place in space); check the file",
             file_.name(), what, values.size(), n);
    }
    return values;
  }

  std::optional<std::int64_t> segment() const {
    for (DcmItem* from : {frame_, shared_}) {
      DcmItem* item =
          from == nullptr ? nullptr : file_.first(*from, DCM_SegmentIdentificationSequence);
      if (item != nullptr) return file_.integer(*item, DCM_ReferencedSegmentNumber);
    }
    return std::nullopt;
  }

 private:
  const File& file_;
  DcmItem *shared_, *frame_;
};

struct PlaneOf {
  Vec3 corner{};
  double along = 0;  ///< position along the normal, mm
};

void read_orientation(const File& file, const Groups& groups, image::Geometry& grid) {
  const auto cosines = groups.need(DCM_PlaneOrientationSequence, DCM_ImageOrientationPatient, 6,
                                   "Image Orientation (0020,0037)");
  Vec3 row{cosines[0], cosines[1], cosines[2]}, column{cosines[3], cosines[4], cosines[5]};
  if (std::abs(norm(row) - 1) > 1e-2 || std::abs(norm(column) - 1) > 1e-2 ||
      std::abs(dot(row, column)) > 1e-3) {
    refuse(
        "{}: Image Orientation (0020,0037) is not a pair of unit vectors at right angles; check "
        "the file",
        file.name());
  }
  row = (1 / norm(row)) * row;
  column = column - dot(row, column) * row;
  column = (1 / norm(column)) * column;
  grid.axis = {row, column, cross(row, column)};
  const auto spacing =
      groups.need(DCM_PixelMeasuresSequence, DCM_PixelSpacing, 2, "Pixel Spacing (0028,0030)");
  for (const double mm : spacing) {
    if (mm < 1e-4 || mm > 1e3)
      refuse("{}: Pixel Spacing (0028,0030) is {} mm; check the file", file.name(), mm);
  }
  grid.spacing_mm = {spacing[1], spacing[0], 1};
}

std::vector<PlaneOf> plane_positions(const File& file, DcmItem* shared,
                                     const std::vector<DcmItem*>& frames, Layout& layout) {
  std::vector<PlaneOf> planes;
  const std::size_t known = layout.segments.size();
  for (std::size_t f = 0; f < frames.size(); ++f) {
    const Groups groups(file, shared, frames[f]);
    const auto at = groups.need(DCM_PlanePositionSequence, DCM_ImagePositionPatient, 3,
                                "Image Position (0020,0032)");
    const Vec3 corner{at[0], at[1], at[2]};
    planes.push_back({corner, dot(corner, layout.grid.axis[2])});
    if (f > 0 && file.first(*frames[f], DCM_PlaneOrientationSequence) != nullptr) {
      image::Geometry other;
      read_orientation(file, groups, other);
      if (dot(other.axis[0], layout.grid.axis[0]) < 0.9999 ||
          dot(other.axis[1], layout.grid.axis[1]) < 0.9999) {
        refuse(
            "{}: frames lie in different orientations (one grid is needed); export one segment "
            "group per file",
            file.name());
      }
    }
    if (layout.coding == Coding::label_map) continue;
    auto segment = groups.segment();
    if (!segment && known == 1) segment = layout.segments.front().number;
    const auto named = [&](const Segment& s) { return segment && s.number == *segment; };
    if (std::none_of(layout.segments.begin(), layout.segments.end(), named)) {
      refuse(
          "{}: frame {} belongs to a segment that is not described (Referenced Segment Number "
          "(0062,000B)); "
          "check the file",
          file.name(), f + 1);
    }
    layout.frame_segment[f] = static_cast<int>(*segment);
  }
  return planes;
}

bool fits(const std::vector<double>& distinct, double spacing) {
  if (!(spacing > 1e-4) || spacing > 1e3) return false;
  return std::all_of(distinct.begin(), distinct.end(), [&](double z) {
    const double layer = (z - distinct.front()) / spacing;
    return std::abs(layer - std::round(layer)) < 0.1;
  });
}

/// Distance of planes: as stated where the planes agree with it, else the smallest distance between
/// two planes.
double plane_spacing(const File& file, const Groups& groups, const std::vector<double>& distinct,
                     Layout& layout) {
  const auto stated = groups.decimals(DCM_PixelMeasuresSequence, DCM_SpacingBetweenSlices,
                                      "Spacing Between Slices");
  const auto thick =
      groups.decimals(DCM_PixelMeasuresSequence, DCM_SliceThickness, "Slice Thickness");
  if (!stated.empty() && fits(distinct, std::abs(stated[0]))) return std::abs(stated[0]);
  double smallest = 0;
  for (std::size_t n = 1; n < distinct.size(); ++n) {
    const double step = distinct[n] - distinct[n - 1];
    smallest = n == 1 ? step : std::min(smallest, step);
  }
  if (smallest > 0 && !thick.empty() && thick[0] < smallest && fits(distinct, thick[0]))
    smallest = thick[0];
  if (smallest > 0 && fits(distinct, smallest)) {
    if (!stated.empty()) {
      layout.warnings.push_back(
          fmt::format("Spacing Between Slices ({} mm) disagrees with the planes; {:.4g} mm taken",
                      stated[0], smallest));
    }
    return smallest;
  }
  if (distinct.size() == 1 && !thick.empty() && thick[0] > 1e-4 && thick[0] < 1e3) return thick[0];
  refuse(
      "{}: the planes are not evenly spaced (no grid holds them); resample the segmentation to its "
      "image",
      file.name());
}

}  // namespace

void read_planes(const File& file, Layout& layout) {
  DcmItem* shared = file.first(file.dataset(), DCM_SharedFunctionalGroupsSequence);
  const std::vector<DcmItem*> frames =
      file.items(file.dataset(), DCM_PerFrameFunctionalGroupsSequence);
  if (frames.size() != layout.frames()) {
    refuse("{}: Number of Frames (0028,0008) is {} but {} frames are described; check the file",
           file.name(), layout.frames(), frames.size());
  }
  const Groups first(file, shared, frames.front());
  read_orientation(file, first, layout.grid);
  const std::vector<PlaneOf> planes = plane_positions(file, shared, frames, layout);

  std::vector<double> along;
  for (const PlaneOf& plane : planes) along.push_back(plane.along);
  std::sort(along.begin(), along.end());
  std::vector<double> distinct;
  for (const double z : along) {
    if (distinct.empty() || z - distinct.back() > 1e-3) distinct.push_back(z);
  }
  const double spacing = plane_spacing(file, first, distinct, layout);
  const double layers = std::round((distinct.back() - distinct.front()) / spacing) + 1;
  if (!(layers <= kMostLayers)) {
    refuse(
        "{}: the planes span {:.0f} layers (at most {} make a volume); check Image Position "
        "(0020,0032)",
        file.name(), layers, kMostLayers);
  }
  image::Geometry& grid = layout.grid;
  grid.spacing_mm[2] = spacing;
  grid.size = {layout.columns, layout.rows, static_cast<int>(layers)};
  const auto lowest =
      std::min_element(planes.begin(), planes.end(),
                       [](const PlaneOf& a, const PlaneOf& b) { return a.along < b.along; });
  grid.origin_mm = lowest->corner;
  for (std::size_t f = 0; f < planes.size(); ++f) {
    const Vec3 voxel = grid.to_voxel(planes[f].corner);
    if (std::abs(voxel[0]) > 0.1 || std::abs(voxel[1]) > 0.1) {
      refuse(
          "{}: frame {} is shifted within its plane (a tilted stack); resample the segmentation to "
          "its image",
          file.name(), f + 1);
    }
    layout.frame_layer[f] =
        std::clamp(static_cast<int>(std::lround(voxel[2])), 0, grid.size[2] - 1);
  }
}

}  // namespace sojourn::io::seg
