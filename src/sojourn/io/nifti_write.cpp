#include <nifti1.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>

#include "sojourn/core/files.h"
#include "sojourn/io/nifti.h"
#include "sojourn/io/nifti_geometry.h"

namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

using image::Geometry;

/// Quaternion (b, c, d) and qfac of a rotation, from RAS axes.
/// @source nifti1.h, "METHOD 2"; the four cases of the largest component, as in Shepperd, J. Guid.
/// Control 1 (1978) 223.
void set_qform(nifti_1_header& h, const Geometry& grid) {
  double r[3][3];
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < 3; ++i) r[i][c] = (i < 2 ? -1.0 : 1.0) * grid.axis[c][i];
  }
  const double det = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) -
                     r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0]) +
                     r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
  h.pixdim[0] = det < 0 ? -1.0F : 1.0F;
  if (det < 0) {
    for (auto& row : r) row[2] = -row[2];
  }
  const double t = r[0][0] + r[1][1] + r[2][2];
  const std::array<double, 4> squares = {1 + t, 1 + 2 * r[0][0] - t, 1 + 2 * r[1][1] - t,
                                         1 + 2 * r[2][2] - t};
  const auto largest =
      static_cast<std::size_t>(std::max_element(squares.begin(), squares.end()) - squares.begin());
  const double s = 2 * std::sqrt(std::max(squares[largest], 0.0));  // 4 x the largest component
  std::array<double, 4> q{};
  switch (largest) {
    case 0:
      q = {s / 4, (r[2][1] - r[1][2]) / s, (r[0][2] - r[2][0]) / s, (r[1][0] - r[0][1]) / s};
      break;
    case 1:
      q = {(r[2][1] - r[1][2]) / s, s / 4, (r[0][1] + r[1][0]) / s, (r[0][2] + r[2][0]) / s};
      break;
    case 2:
      q = {(r[0][2] - r[2][0]) / s, (r[0][1] + r[1][0]) / s, s / 4, (r[1][2] + r[2][1]) / s};
      break;
    default:
      q = {(r[1][0] - r[0][1]) / s, (r[0][2] + r[2][0]) / s, (r[1][2] + r[2][1]) / s, s / 4};
      break;
  }
  const double sign = q[0] < 0 ? -1.0 : 1.0;  // the format keeps a >= 0
  h.quatern_b = static_cast<float>(sign * q[1]);
  h.quatern_c = static_cast<float>(sign * q[2]);
  h.quatern_d = static_cast<float>(sign * q[3]);
}

short dimension(std::size_t n) {
  if (n > static_cast<std::size_t>(std::numeric_limits<short>::max())) {
    throw Error(ErrorCode::bad_value,
                fmt::format("{} voxels or frames along one axis do not fit NIfTI-1", n));
  }
  return static_cast<short>(n);
}

nifti_1_header make_header(const Geometry& grid, std::size_t frames, short datatype, short bitpix,
                           const std::string& description) {
  nifti_1_header h{};
  h.sizeof_hdr = static_cast<int>(kNifti1Bytes);
  h.regular = 'r';
  h.dim[0] = frames > 1 ? 4 : 3;
  for (std::size_t a = 0; a < 3; ++a) {
    h.dim[a + 1] = dimension(static_cast<std::size_t>(grid.size[a]));
    h.pixdim[a + 1] = static_cast<float>(grid.spacing_mm[a]);
  }
  h.dim[4] = dimension(frames);
  h.dim[5] = h.dim[6] = h.dim[7] = 1;
  h.datatype = datatype;
  h.bitpix = bitpix;
  h.scl_slope = 1;
  h.vox_offset = 352;
  h.xyzt_units = static_cast<char>(NIFTI_UNITS_MM | NIFTI_UNITS_SEC);
  std::strncpy(h.descrip, description.c_str(), sizeof(h.descrip) - 1);
  std::memcpy(h.magic, "n+1", 4);
  set_qform(h, grid);
  const Affine ras = ras_to_lps(affine_of(grid));
  float* const rows[3] = {h.srow_x, h.srow_y, h.srow_z};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 4; ++c) rows[r][c] = static_cast<float>(ras[r][c]);
  }
  h.qoffset_x = h.srow_x[3], h.qoffset_y = h.srow_y[3], h.qoffset_z = h.srow_z[3];
  h.qform_code = h.sform_code = NIFTI_XFORM_SCANNER_ANAT;
  return h;
}

/// A gzip file being written; level 1 and no time stamp, so that equal content gives equal bytes.
class GzWriter {
 public:
  GzWriter(const fs::path& path, bool packed)
      : path_(path), file_(gzopen(path.c_str(), packed ? "wb1" : "wbT")) {
    if (file_ == nullptr) fail();
    gzbuffer(file_, 1U << 17);
  }
  ~GzWriter() {
    if (file_ != nullptr) gzclose(file_);
  }
  GzWriter(const GzWriter&) = delete;
  GzWriter& operator=(const GzWriter&) = delete;
  void write(const void* data, std::size_t bytes) {
    const auto* at = static_cast<const char*>(data);
    while (bytes > 0) {
      const auto part = static_cast<unsigned>(std::min<std::size_t>(bytes, std::size_t{1} << 30));
      if (gzwrite(file_, at, part) != static_cast<int>(part)) fail();
      at += part;
      bytes -= part;
    }
  }
  void close() {
    const int code = gzclose(file_);
    file_ = nullptr;
    if (code != Z_OK) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::io_failed,
                fmt::format("{}: cannot be written; is the disk full or the folder read-only?",
                            path_.string()));
  }
  fs::path path_;
  gzFile file_;
};

template <typename T>
void write_volumes(const fs::path& file, const nifti_1_header& header,
                   const std::vector<std::span<const T>>& volumes) {
  core::write_through(file, [&](const fs::path& temporary) {
    GzWriter out(temporary, file.extension() == ".gz");
    out.write(&header, sizeof(header));
    const std::array<char, 4> no_extension{};
    out.write(no_extension.data(), no_extension.size());
    for (const auto& values : volumes) out.write(values.data(), values.size_bytes());
    out.close();
  });
}

}  // namespace

void write_nifti(const fs::path& file, const std::vector<const image::Volume<float>*>& frames,
                 const std::string& description) {
  SOJOURN_EXPECT(!frames.empty());
  const Geometry& grid = frames.front()->geometry();
  std::vector<std::span<const float>> volumes;
  for (const auto* frame : frames) {
    if (!same_grid(frame->geometry(), grid)) {
      throw Error(ErrorCode::shape_mismatch,
                  fmt::format("{}: the frames lie on different grids", file.filename().string()));
    }
    volumes.emplace_back(frame->values());
  }
  write_volumes(file, make_header(grid, frames.size(), NIFTI_TYPE_FLOAT32, 32, description),
                volumes);
}

void write_nifti_labels(const fs::path& file, const image::Volume<int>& labels,
                        const std::string& description) {
  const auto& values = labels.values();
  const bool is_short = std::all_of(values.begin(), values.end(), [](int v) {
    return v >= std::numeric_limits<std::int16_t>::min() &&
           v <= std::numeric_limits<std::int16_t>::max();
  });
  if (!is_short) {
    write_volumes<int>(file, make_header(labels.geometry(), 1, NIFTI_TYPE_INT32, 32, description),
                       {std::span<const int>(values)});
    return;
  }
  std::vector<std::int16_t> narrow(values.size());
  std::transform(values.begin(), values.end(), narrow.begin(),
                 [](int v) { return static_cast<std::int16_t>(v); });
  write_volumes<std::int16_t>(file,
                              make_header(labels.geometry(), 1, NIFTI_TYPE_INT16, 16, description),
                              {std::span<const std::int16_t>(narrow)});
}

}  // namespace sojourn::io
