#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "sojourn/core/error.h"
#include "sojourn/core/hash.h"
#include "sojourn/core/parallel.h"
#include "sojourn/io/dicom_regions.h"
#include "sojourn/io/dicom_seg_layout.h"

namespace sojourn::io {
namespace {

using image::Index3;
using seg::Coding;
using seg::Layout;
using seg::Plane;

struct Box {
  Index3 begin{1 << 30, 1 << 30, 1 << 30}, end{0, 0, 0};
  [[nodiscard]] bool empty() const { return end[0] == 0; }
  void add(int i, int j, int k) {
    const Index3 at{i, j, k};
    for (std::size_t a = 0; a < 3; ++a) {
      begin[a] = std::min(begin[a], at[a]);
      end[a] = std::max(end[a], at[a] + 1);
    }
  }
  [[nodiscard]] std::uint64_t voxels() const {
    if (empty()) return 0;
    std::uint64_t n = 1;
    for (std::size_t a = 0; a < 3; ++a) n *= static_cast<std::uint64_t>(end[a] - begin[a]);
    return n;
  }
};

class Pixels {
 public:
  Pixels(const Layout& layout, std::vector<std::uint8_t> bytes)
      : layout_(layout), bytes_(std::move(bytes)) {}

  /// Calls visit(i, j, fraction) for every pixel of a frame that the segment covers in part.
  template <typename Visit>
  void for_each(std::size_t frame, int segment, Visit&& visit) const {
    const std::size_t n = layout_.frame_pixels(), from = frame * n;
    const auto columns = static_cast<std::size_t>(layout_.columns);
    const auto call = [&](std::size_t p, float fraction) {
      visit(static_cast<int>(p % columns), static_cast<int>(p / columns), fraction);
    };
    if (layout_.bits == 1) {
      for (std::size_t bit = from; bit < from + n;) {
        const std::uint8_t byte = bytes_[bit / 8];
        if (byte == 0) {
          bit = (bit / 8 + 1) * 8;
          continue;
        }
        if ((byte >> (bit % 8) & 1) != 0) call(bit - from, 1.0F);
        ++bit;
      }
    } else {
      const auto full = static_cast<float>(layout_.maximum);
      for (std::size_t p = 0; p < n; ++p) {
        const unsigned value = at(from + p);
        if (value == 0) continue;
        if (layout_.coding == Coding::label_map) {
          if (static_cast<int>(value) == segment) call(p, 1.0F);
        } else {
          call(p, layout_.coding == Coding::binary
                      ? 1.0F
                      : std::min(1.0F, static_cast<float>(value) / full));
        }
      }
    }
  }

  [[nodiscard]] unsigned at(std::size_t p) const {
    if (layout_.bits == 8) return bytes_[p];
    return bytes_[2 * p] | static_cast<unsigned>(bytes_[2 * p + 1]) << 8;
  }

  [[nodiscard]] std::string sha256() const {
    return core::Sha256().add(std::as_bytes(std::span(bytes_))).hex();
  }

 private:
  const Layout& layout_;
  std::vector<std::uint8_t> bytes_;
};

/// The planes of each segment, in the order of layout.segments.
std::vector<std::vector<Plane>> planes_by_segment(const Layout& layout, const Pixels& pixels) {
  std::map<int, std::size_t> order;
  for (std::size_t s = 0; s < layout.segments.size(); ++s) order[layout.segments[s].number] = s;
  std::vector<std::vector<Plane>> planes(layout.segments.size());
  std::vector<char> seen(65536);
  for (std::size_t f = 0; f < layout.frames(); ++f) {
    const Plane plane{f, layout.frame_layer[f]};
    if (layout.coding != Coding::label_map) {
      planes[order.at(layout.frame_segment[f])].push_back(plane);
      continue;
    }
    std::fill(seen.begin(), seen.end(), 0);
    for (std::size_t p = 0; p < layout.frame_pixels(); ++p)
      seen[pixels.at(f * layout.frame_pixels() + p)] = 1;
    for (const auto& [number, s] : order) {
      if (seen[static_cast<std::size_t>(number)] != 0) planes[s].push_back(plane);
    }
  }
  return planes;
}

image::RegionMask filled_region(const Layout& layout, const Pixels& pixels,
                                const seg::Segment& segment, const std::vector<Plane>& planes,
                                const Box& box) {
  image::RegionMask region{segment.label, segment.number, {}};
  if (box.empty()) return region;
  region.fraction = image::Volume<float>(layout.grid.cropped(box.begin, box.end));
  for (const Plane& plane : planes) {
    pixels.for_each(plane.frame, segment.number, [&](int i, int j, float fraction) {
      float& voxel =
          region.fraction.at(i - box.begin[0], j - box.begin[1], plane.layer - box.begin[2]);
      voxel = std::max(voxel, fraction);
    });
  }
  return region;
}

/// Regions far larger than what the file stores (planes at both ends of a huge range) are refused.
void check_size(const region_file::File& file, const Layout& layout,
                const std::vector<Box>& boxes) {
  std::uint64_t total = 0;
  for (const Box& box : boxes) total += box.voxels();
  const std::uint64_t stored = static_cast<std::uint64_t>(layout.frame_pixels()) * layout.frames();
  const std::uint64_t most =
      std::min(std::uint64_t{1} << 30, std::max(std::uint64_t{1} << 24, 64 * stored));
  if (total > most) {
    refuse(
        "{}: its regions would take {} voxels (at most {} for this file); check Image Position "
        "(0020,0032)",
        file.name(), total, most);
  }
}

}  // namespace

records::RegionSet read_dicom_seg(const std::filesystem::path& path) {
  const region_file::File file(path);
  const Layout layout = seg::read_layout(file);
  const Pixels pixels(layout, seg::read_pixels(file, path.string(), layout));
  const std::vector<std::vector<Plane>> planes = planes_by_segment(layout, pixels);

  std::vector<Box> boxes(layout.segments.size());
  core::parallel_for(boxes.size(), [&](std::size_t s) {
    for (const Plane& plane : planes[s]) {
      pixels.for_each(plane.frame, layout.segments[s].number,
                      [&](int i, int j, float) { boxes[s].add(i, j, plane.layer); });
    }
  });
  check_size(file, layout, boxes);

  records::RegionSet set;
  set.format = "DICOM SEG";
  set.frame_of_reference = file.text(file.dataset(), DCM_FrameOfReferenceUID);
  set.pixel_sha256 = pixels.sha256();
  set.warnings = layout.warnings;
  set.regions.resize(boxes.size());
  core::parallel_for(boxes.size(), [&](std::size_t s) {
    set.regions[s] = filled_region(layout, pixels, layout.segments[s], planes[s], boxes[s]);
  });
  return set;
}

}  // namespace sojourn::io
