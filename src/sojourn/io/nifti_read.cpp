#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/core/hash.h"
#include "sojourn/io/bids_sidecar.h"
#include "sojourn/io/gz_reader.h"
#include "sojourn/io/nifti.h"
#include "sojourn/io/nifti_geometry.h"
#include "sojourn/io/nifti_header.h"

namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

struct NiftiFile {
  NiftiHeader header;
  fs::path pixels;
};

NiftiHeader read_header(const fs::path& path) {
  GzReader in(path);
  std::array<std::byte, kNifti2Bytes> head{};
  const std::size_t got = in.read_some(head);
  return parse_nifti_header(std::span(head).first(got), in.name());
}

/// Names the header and the pixels of x.nii, x.nii.gz, x.hdr (+ .img) or x.img (+ .hdr), each
/// perhaps with .gz.
NiftiFile locate(const fs::path& file) {
  const bool zipped = file.extension() == ".gz";
  fs::path plain = file;
  if (zipped) plain.replace_extension();
  const auto sibling = [&](const char* extension) {
    fs::path other = plain;
    other.replace_extension(extension);
    std::error_code ignored;
    fs::path packed = other;
    packed += ".gz";
    return fs::is_regular_file(other, ignored) || !fs::is_regular_file(packed, ignored) ? other
                                                                                        : packed;
  };
  NiftiFile found;
  const fs::path head = plain.extension() == ".img" ? sibling(".hdr") : file;
  found.header = read_header(head);
  found.pixels = found.header.pair ? sibling(".img") : head;
  return found;
}

/// Streams the pixels frame by frame in blocks; `sink` gets each block's values.
template <typename Sink>
std::string stream_pixels(const NiftiFile& nifti, std::size_t voxels, NonFinite& odd, Sink&& sink) {
  const NiftiHeader& header = nifti.header;
  GzReader in(nifti.pixels);
  const std::size_t width = bytes_of(header.type);
  const std::uint64_t wanted = header.data_offset + std::uint64_t{voxels} *
                                                        static_cast<std::uint64_t>(header.frames) *
                                                        width;
  if (wanted > in.most_bytes()) {
    refuse(
        "{}: the header speaks of {} bytes, more than the file can hold (cut short, or a damaged "
        "header); copy the "
        "file again",
        in.name(), wanted);
  }
  in.skip(header.data_offset);
  core::Sha256 hash;
  constexpr std::size_t kBlock = std::size_t{1} << 18;
  std::vector<std::byte> raw;
  std::vector<float> values;
  for (int f = 0; f < header.frames; ++f) {
    for (std::size_t done = 0; done < voxels; done += values.size()) {
      values.resize(std::min(kBlock, voxels - done));
      raw.resize(values.size() * width);
      in.read(raw);
      hash.add(std::span<const std::byte>(raw));
      decode(raw, header.type, header.big_endian, header.slope, header.intercept, values, odd);
      sink(static_cast<std::size_t>(f), done, std::span<const float>(values));
    }
  }
  return hash.hex();
}

}  // namespace

records::ImageSeries import_nifti(const fs::path& file) {
  const NiftiFile nifti = locate(file);
  const std::string name = file.filename().string();
  records::ImageSeries series;
  series.facts.format = nifti.header.version == 1 ? "NIfTI" : "NIfTI-2";
  const image::Geometry grid = nifti_geometry(nifti.header, name, series.warnings);
  NonFinite odd;
  series.pixel_sha256 =
      stream_pixels(nifti, grid.voxels(), odd, [&](std::size_t frame, std::size_t at, auto values) {
        if (frame == series.frames.size()) {
          series.frames.emplace_back();
          series.frames.back().values = image::Volume<float>(grid);
        }
        std::copy(values.begin(), values.end(),
                  series.frames[frame].values.values().begin() + static_cast<std::ptrdiff_t>(at));
      });
  judge(odd, name, series.warnings);
  if (const auto sidecar = sidecar_of(file)) {
    read_bids_sidecar(*sidecar, series);
    if (series.facts.modality.empty() && !series.facts.nuclide.empty())
      series.facts.modality = "PT";
  }
  if (!series.facts.body_mass_g) series.facts.body_mass_g = bids_body_mass_g(file);
  return series;
}

records::RegionSet read_nifti_labels(const fs::path& file) {
  const NiftiFile nifti = locate(file);
  const std::string name = file.filename().string();
  if (nifti.header.frames != 1) {
    refuse("{}: a label map has one volume, not {}; give one 3D file", name, nifti.header.frames);
  }
  records::RegionSet set;
  set.format = "NIfTI label map";
  const image::Geometry grid = nifti_geometry(nifti.header, name, set.warnings);
  image::Volume<int> labels;
  std::set<int> distinct;
  NonFinite odd;
  set.pixel_sha256 =
      stream_pixels(nifti, grid.voxels(), odd, [&](std::size_t, std::size_t at, auto values) {
        constexpr float kMost = 16777216.0F;  // 2^24: beyond, float skips whole numbers
        constexpr std::size_t kMostLabels = 4096;
        // Only now is the file known to hold what its header says.
        if (labels.empty()) labels = image::Volume<int>(grid, 0);
        int last = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
          const float v = values[i];
          if (v != std::floor(v) || v < 0 || v > kMost) {
            refuse(
                "{}: value {} is no label (whole numbers from 0 on); is this an image, not a label "
                "map?",
                name, v);
          }
          const int label = static_cast<int>(v);
          labels.values()[at + i] = label;
          if (label != last) distinct.insert(label), last = label;
          if (distinct.size() > kMostLabels) {
            refuse("{}: over {} different values; is this an image, not a label map?", name,
                   kMostLabels);
          }
        }
      });
  judge(odd, name, set.warnings);
  set.regions = image::split_labels(labels, {});
  return set;
}

}  // namespace sojourn::io
