#include <algorithm>
#include <cmath>
#include <map>

#include "sojourn/core/hash.h"
#include "sojourn/io/bids_sidecar.h"
#include "sojourn/io/gz_reader.h"
#include "sojourn/io/legacy_formats.h"
#include "sojourn/io/legacy_timing.h"
#include "sojourn/io/raw_values.h"
#include "sojourn/nuclide/nuclide.h"

// Layout: CTI, "ECAT 7.2 header fields" (byte offsets of the main header and of the image
// subheader).
namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMostFrames = 4096;

struct Entry {
  std::uint32_t id = 0;
  std::int32_t first_block = 0, last_block = 0;
};

/// The file in memory (plain or gzip), with bounds for every look.
class Ecat {
 public:
  explicit Ecat(const fs::path& file) : name_(file.filename().string()) {
    constexpr std::uint64_t kLimit = std::uint64_t{4} << 30;
    GzReader in(file);
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    for (std::size_t got = kPiece; got == kPiece;) {
      const std::size_t old = bytes_.size();
      bytes_.resize(old + kPiece);
      got = in.read_some(std::span(bytes_).subspan(old));
      bytes_.resize(old + got);
      if (bytes_.size() > kLimit) refuse("{}: over 4 GiB unpacked; this is no ECAT file", name_);
    }
    if (bytes_.size() < 2 * kBlock)
      refuse("{}: ends inside its main header; copy the file again", name_);
  }
  [[nodiscard]] std::span<const std::byte> block(std::int64_t number, std::size_t bytes) const {
    const std::size_t at = static_cast<std::size_t>(number - 1) * kBlock;
    if (number < 1 || at > bytes_.size() || bytes_.size() - at < bytes) {
      refuse(
          "{}: block {} lies beyond the end of the file (cut short, or a damaged directory); copy "
          "the file again",
          name_, number);
    }
    return std::span(bytes_).subspan(at, bytes);
  }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::vector<std::byte> bytes_;
};

/// The matrices of the file in the order of frame, gate, bed (the matrix id codes them).
std::vector<Entry> read_directory(const Ecat& file) {
  std::vector<Entry> entries;
  std::int32_t number = 2;
  for (std::size_t turns = 0; number >= 2; ++turns) {
    if (turns > kMostFrames)
      refuse("{}: the matrix directory runs in a circle; the file is damaged", file.name());
    const ByteView rows(file.block(number, kBlock), true);
    const auto used = rows.get<std::int32_t>(12);
    if (used < 0 || used > 31)
      refuse("{}: the matrix directory has {} rows, not 0 to 31", file.name(), used);
    for (std::size_t i = 1; i <= static_cast<std::size_t>(used); ++i) {
      const auto status = rows.get<std::int32_t>(16 * i + 12);
      if (status < 1 || status > 2) continue;  // deleted, or announced but not written
      entries.push_back({rows.get<std::uint32_t>(16 * i), rows.get<std::int32_t>(16 * i + 4),
                         rows.get<std::int32_t>(16 * i + 8)});
    }
    if (entries.size() > kMostFrames)
      refuse("{}: over {} matrices; the file is damaged", file.name(), kMostFrames);
    const auto next = rows.get<std::int32_t>(4);
    number = next <= 2 ? 0 : next;  // 2, the first block, ends the chain
  }
  const auto frame_of = [](const Entry& e) { return e.id & 0x1FFU; };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry& a, const Entry& b) { return frame_of(a) < frame_of(b); });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (frame_of(entries[i]) == frame_of(entries[i - 1])) {
      refuse(
          "{}: frame {} has several matrices (gates or bed positions); give one gate and one bed "
          "position",
          file.name(), frame_of(entries[i]));
    }
  }
  if (entries.empty()) refuse("{}: no image in the matrix directory", file.name());
  return entries;
}

struct Subheader {
  image::Index3 size{};
  RawType type = RawType::i16;
  bool big_endian = true;
  double scale = 1;
  image::Vec3 spacing_mm{}, offset_mm{};
  LegacyFrame frame;
  std::uint32_t processing = 0;
};

Subheader read_subheader(const ByteView& in, const std::string& name) {
  Subheader sub;
  switch (const auto code = in.get<std::uint16_t>(0); code) {
    case 2:
      sub.type = RawType::i16, sub.big_endian = false;
      break;  // VAX
    case 5:
      sub.type = RawType::f32;
      break;
    case 6:
      sub.type = RawType::i16;
      break;
    case 7:
      sub.type = RawType::i32;
      break;
    default:
      refuse("{}: data type {} (bytes or VAX floats) is not read; export it as 16-bit", name, code);
  }
  constexpr int kMost = 4096;
  for (std::size_t a = 0; a < 3; ++a) {
    sub.size[a] = in.get<std::uint16_t>(4 + 2 * a);
    if (sub.size[a] < 1 || sub.size[a] > kMost) {
      refuse("{}: dimension {} is {}, outside 1 to {}; the header is damaged", name, a + 1,
             sub.size[a], kMost);
    }
    sub.offset_mm[a] = 10.0 * in.get<float>(10 + 4 * a);   // cm
    sub.spacing_mm[a] = 10.0 * in.get<float>(34 + 4 * a);  // cm
    if (!(sub.spacing_mm[a] > 1e-3 && sub.spacing_mm[a] < 1e3) ||
        !(std::abs(sub.offset_mm[a]) < 1e5)) {
      refuse("{}: voxel size {} mm, offset {} mm along axis {}; the header is damaged", name,
             sub.spacing_mm[a], sub.offset_mm[a], a + 1);
    }
  }
  sub.scale = in.get<float>(26);
  if (!std::isfinite(sub.scale) || sub.scale <= 0)
    refuse("{}: scale_factor {}; the header is damaged", name, sub.scale);
  sub.frame.duration_s = in.get<std::uint32_t>(46) / 1000.0;  // ms
  sub.frame.start_s = in.get<std::uint32_t>(50) / 1000.0;
  sub.frame.decay_factor = in.get<float>(80);
  sub.processing = in.get<std::uint32_t>(84);
  return sub;
}

image::Geometry geometry_of(const Subheader& sub, int orientation,
                            std::vector<std::string>& warnings) {
  image::Geometry grid;
  grid.size = sub.size;
  grid.spacing_mm = sub.spacing_mm;
  // Bit 0 head first; bits 1-2: prone, supine, decubitus right, left. Agrees with nibabel's and
  // TPC's flips for head first; neither states feet first from the scanner's axes, so that case
  // follows the half turn.
  const bool known = orientation >= 0 && orientation <= 3;
  grid.axis = known ? scanner_axes((orientation & 1) != 0, (orientation & 2) != 0)
                    : scanner_axes(true, true);
  if (!known) {
    warnings.emplace_back(
        "the header states no supine or prone position; head first, supine taken: left and right "
        "may "
        "be exchanged");
  }
  const image::Vec3 first = {-(sub.size[0] - 1) / 2.0, -(sub.size[1] - 1) / 2.0,
                             -(sub.size[2] - 1) / 2.0};
  grid.origin_mm = {0, 0, 0};
  image::Vec3 origin = grid.to_mm(first);
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t r = 0; r < 3; ++r) origin[r] += sub.offset_mm[a] * grid.axis[a][r];
  }
  grid.origin_mm = origin;
  return grid;
}

/// Settles the unit. The calibration factor turns ECAT counts into data_units. Flag 0: it is still
/// to be applied. Flag 1: the values are calibrated already (so PET2BIDS reads it); nibabel and TPC
/// multiply always, and files exist whose values make sense only so. Values that cannot be Bq/mL
/// are left as they are, with an unknown unit.
/// @return the factor to apply.
double settle_unit(const ByteView& main, double largest, records::ImageSeries& series) {
  auto& facts = series.facts;
  facts.unit_text = main.text(466, 32);
  const UnitReading unit = read_pixel_unit(facts.unit_text);
  const double factor = main.get<float>(144);
  const int flag = main.get<std::uint16_t>(148);
  const bool has_factor = std::isfinite(factor) && factor > 0 && factor != 1;
  if (has_factor) facts.calibration_factor = factor;
  facts.unit = unit.unit;
  if (unit.unit != records::PixelUnit::bq_per_ml) {
    if (has_factor)
      series.warnings.push_back(
          fmt::format("calibration factor {:.6g} not applied, as data_units names no "
                      "activity concentration",
                      factor));
    return unit.factor;
  }
  if (flag == 0 && has_factor) return unit.factor * factor;
  if (flag == 0)
    series.warnings.emplace_back(
        "calibration_units says uncalibrated, data_units names a concentration");
  if (!has_factor) return unit.factor;
  constexpr double kLeast = 1.0;  // Bq/mL: no emission image has its maximum below
  if (largest * unit.factor >= kLeast) {
    series.warnings.push_back(
        fmt::format("calibration_units says that the values are calibrated; the calibration factor "
                    "{:.6g} was not applied again",
                    factor));
    return unit.factor;
  }
  facts.unit = records::PixelUnit::unknown;
  series.warnings.push_back(
      fmt::format("calibration_units says that the values are calibrated, but their maximum is "
                  "{:.2g} {}, so the calibration factor is still to be applied; state "
                  "`calibration = {:.9g}` for this scan",
                  largest, "in data_units", factor * unit.factor));
  return 1;
}

/// Times are Unix times: UTC.
void read_main(const ByteView& main, records::ImageSeries& series) {
  auto& facts = series.facts;
  facts.format = "ECAT7";
  facts.modality = "PT";
  facts.zone_min = 0;
  facts.manufacturer = "CTI/Siemens";
  facts.model = fmt::format("ECAT system {}", main.get<std::uint16_t>(48));
  facts.nuclide_text = main.text(66, 8);
  facts.nuclide = nuclide::canonical_name(facts.nuclide_text).value_or("");
  if (const double half_life = main.get<float>(74); std::isfinite(half_life) && half_life > 0) {
    facts.half_life_s = half_life;
  }
  facts.tracer_text = main.text(78, 32);
  if (const double mass = main.get<float>(224); std::isfinite(mass) && mass > 0)
    facts.body_mass_g = 1000 * mass;
  if (const double branching = main.get<float>(450); branching > 0 && branching <= 1)
    facts.positron_fraction = branching;
  const double scan = main.get<std::uint32_t>(62), dose = main.get<std::uint32_t>(454);
  constexpr double kUnset = 4294967295.0;
  if (scan > 0 && scan != kUnset) facts.series_local_s = scan;
  if (dose > 0 && dose != kUnset) {
    constexpr double kDay_s = 86400;
    if (facts.series_local_s && dose > scan + kDay_s) {
      series.warnings.emplace_back(
          "dose_start_time lies over a day after the scan and is not used");
    } else {
      facts.injection_local_s = dose;
    }
  }
  if (main.get<float>(458) > 0) {
    series.warnings.emplace_back(
        "dosage has no certain unit in ECAT files and is not used; state injected_activity");
  }
}

void settle_decay(const std::vector<LegacyFrame>& frames, std::uint32_t processing,
                  records::ImageSeries& series) {
  constexpr std::uint32_t kDecayBit = 512, kMeasuredAttenuation = 2, kCalculatedAttenuation = 4;
  auto& facts = series.facts;
  if ((processing & (kMeasuredAttenuation | kCalculatedAttenuation)) != 0)
    facts.corrections.emplace_back("ATTN");
  if ((processing & kDecayBit) == 0) {
    facts.decay_correction = records::DecayCorrection::none;
    return;
  }
  set_corrected_to_start(frames, series);
}

}  // namespace

bool is_ecat7(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return false;
  GzReader in(file);
  std::array<std::byte, 16> head{};
  if (in.read_some(head) < head.size()) return false;
  return ByteView(head, true).text(0, 14).starts_with("MATRIX7");
}

records::ImageSeries import_ecat7(const fs::path& path) {
  const Ecat file(path);
  const ByteView main(file.block(1, kBlock), true);
  if (!main.text(0, 14).starts_with("MATRIX7"))
    refuse("{}: no ECAT 7 file (no MATRIX7 at its start)", file.name());
  constexpr int kVolume16 = 7;
  if (const auto type = main.get<std::uint16_t>(50); type != kVolume16) {
    refuse("{}: file type {} is no reconstructed volume (7); give the image, not sinograms",
           file.name(), type);
  }
  records::ImageSeries series;
  read_main(main, series);
  const auto entries = read_directory(file);
  if (const auto stated = main.get<std::uint16_t>(354); stated != entries.size()) {
    series.warnings.push_back(
        fmt::format("the main header states {} frames, the directory holds {}; those are read",
                    stated, entries.size()));
  }
  std::vector<LegacyFrame> times;
  core::Sha256 hash;
  NonFinite odd;
  double largest = 0;
  std::optional<Subheader> first;
  for (const Entry& entry : entries) {
    const Subheader sub =
        read_subheader(ByteView(file.block(entry.first_block, kBlock), true), file.name());
    if (!first) first = sub;
    const image::Geometry grid = geometry_of(sub, main.get<std::uint16_t>(330), series.warnings);
    if (!series.frames.empty() && !same_grid(grid, series.frames.front().values.geometry())) {
      refuse("{}: its frames lie on different grids; split the file", file.name());
    }
    const auto raw =
        file.block(std::int64_t{entry.first_block} + 1, grid.voxels() * bytes_of(sub.type));
    image::Volume<float> volume(grid);
    const auto& values = volume.values();
    decode(raw, sub.type, sub.big_endian, sub.scale, 0, volume.values(), odd);
    hash.add(raw);
    largest = std::max<double>(largest, *std::max_element(values.begin(), values.end()));
    series.frames.push_back({std::move(volume), {}});
    times.push_back(sub.frame);
  }
  std::sort(series.warnings.begin(), series.warnings.end());
  series.warnings.erase(std::unique(series.warnings.begin(), series.warnings.end()),
                        series.warnings.end());
  series.pixel_sha256 = hash.hex();
  judge(odd, file.name(), series.warnings);
  check_frame_times(times, file.name());
  set_frame_times(times, series.facts.series_local_s, series);
  settle_decay(times, first->processing, series);
  if (const double factor = settle_unit(main, largest, series); factor != 1) {
    for (auto& frame : series.frames) {
      for (float& v : frame.values.values()) v = static_cast<float>(v * factor);
    }
  }
  return series;
}

}  // namespace sojourn::io
