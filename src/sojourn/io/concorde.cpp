#include <algorithm>
#include <cmath>

#include "sojourn/core/files.h"
#include "sojourn/core/hash.h"
#include "sojourn/io/concorde_header.h"
#include "sojourn/io/gz_reader.h"
#include "sojourn/io/legacy_formats.h"
#include "sojourn/io/legacy_timing.h"
#include "sojourn/io/raw_values.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

// Field names, codes and units follow the comments that the headers carry themselves ("# Pixel size
// (in cm)", …) as read alike by TPC's libtpcimgio (img_upet) and the PIXI converter. No header of a
// real scanner was at hand.
namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMostHeader = std::uintmax_t{8} << 20;

fs::path header_of(const fs::path& file) {
  return file.extension() == ".hdr" ? file : fs::path(file.string() + ".hdr");
}

fs::path pixels_of(const fs::path& file) {
  fs::path pixels = file;
  if (pixels.extension() == ".hdr") pixels.replace_extension();
  return pixels;
}

struct Stored {
  RawType type = RawType::f32;
  bool big_endian = false;
};

Stored stored_type(const ConcordeHeader& header) {
  switch (const long code = header.integer(header.main(), "data_type").value_or(0); code) {
    case 1:
      return {RawType::i8, false};
    case 2:
      return {RawType::i16, false};
    case 3:
      return {RawType::i32, false};
    case 4:
      return {RawType::f32, false};
    case 5:
      return {RawType::f32, true};
    case 6:
      return {RawType::i16, true};
    case 7:
      return {RawType::i32, true};
    default:
      header.fail("data_type",
                  fmt::format("{} is no type of pixel (1 to 7); the header is damaged", code));
  }
}

/// pixel_size_x and _y and _z are millimetres; pixel_size and axial_plane_size of older headers are
/// centimetres.
image::Vec3 spacing_of(const ConcordeHeader& header) {
  constexpr double kMmPerCm = 10;
  const auto& main = header.main();
  const auto cm = [&](const char* name) {
    const auto value = header.number(main, name);
    return value ? std::optional(kMmPerCm * *value) : std::nullopt;
  };
  const auto pick = [&](const char* name, const char* older) {
    auto value = header.number(main, name);
    if (!value) value = cm(older);
    if (!value) header.fail(name, "missing; the header gives no voxel size");
    if (!(*value > 1e-3 && *value < 1e2)) {
      header.fail(name, fmt::format("gives a voxel of {} mm; the header is damaged", *value));
    }
    return *value;
  };
  return {pick("pixel_size_x", "pixel_size"), pick("pixel_size_y", "pixel_size"),
          pick("pixel_size_z", "axial_plane_size")};
}

image::Geometry geometry_of(const ConcordeHeader& header, std::vector<std::string>& warnings) {
  image::Geometry grid;
  constexpr long kMost = 4096;
  const char* const names[3] = {"x_dimension", "y_dimension", "z_dimension"};
  for (std::size_t a = 0; a < 3; ++a) {
    const auto n = header.integer(header.main(), names[a]);
    if (!n || *n < 1 || *n > kMost)
      header.fail(names[a], fmt::format("missing or outside 1 to {}", kMost));
    grid.size[a] = static_cast<int>(*n);
  }
  grid.spacing_mm = spacing_of(header);
  const long position = header.integer(header.main(), "subject_orientation").value_or(0);
  const bool known =
      position >= 1 && position <= 4;  // feet/head first prone, feet/head first supine
  grid.axis = known ? scanner_axes(position % 2 == 0, position >= 3) : scanner_axes(true, true);
  warnings.push_back(
      known ? "axes follow subject_orientation; left and right were never checked on a real file"
            : "no subject_orientation; head first, supine taken: left and right may be exchanged");
  grid.origin_mm =
      grid.to_mm({-(grid.size[0] - 1) / 2.0, -(grid.size[1] - 1) / 2.0, -(grid.size[2] - 1) / 2.0});
  return grid;
}

/// Bq/mL for each scaled pixel: calibration_factor / isotope_branching_fraction in nCi/cc (units 1)
/// or Bq/cc (2).
double calibration_of(const ConcordeHeader& header, records::ImageSeries& series) {
  constexpr double kBqPerNci = 37.0;
  const auto& main = header.main();
  const long unit = header.integer(main, "calibration_units").value_or(0);
  const auto factor = header.number(main, "calibration_factor");
  const auto branching = header.number(main, "isotope_branching_fraction");
  auto& facts = series.facts;
  if (factor && *factor > 0) facts.calibration_factor = factor;
  if (branching && *branching > 0 && *branching <= 1) facts.positron_fraction = branching;
  if (!facts.calibration_factor || (unit != 1 && unit != 2)) {
    facts.unit = records::PixelUnit::counts_per_second;
    facts.unit_text = "uncalibrated";
    series.warnings.emplace_back(
        "the header has no calibration_factor with calibration_units (nCi/cc or Bq/cc); state "
        "`calibration` for this scan");
    return 1;
  }
  facts.unit = records::PixelUnit::bq_per_ml;
  facts.unit_text = unit == 1 ? "nCi/cc" : "Bq/cc";
  if (!facts.positron_fraction) {
    series.warnings.emplace_back(
        "no isotope_branching_fraction between 0 and 1; values not divided by one");
  }
  return *factor / facts.positron_fraction.value_or(1.0) * (unit == 1 ? kBqPerNci : 1.0);
}

void read_dose(const ConcordeHeader& header, records::ImageSeries& series) {
  const auto& main = header.main();
  const auto dose = header.number(main, "dose");
  const long unit = header.integer(main, "dose_units").value_or(0);
  if (!dose || *dose <= 0) return;
  if (unit == 1)
    series.facts.injected_activity_bq = *dose * units::factor("mCi", units::Dimension::activity);
  if (unit == 2)
    series.facts.injected_activity_bq = *dose * units::factor("MBq", units::Dimension::activity);
  if (unit != 1 && unit != 2)
    series.warnings.emplace_back("dose has no dose_units (mCi or MBq) and is not used");
}

void read_mass(const ConcordeHeader& header, records::ImageSeries& series) {
  const auto& main = header.main();
  const auto mass = header.number(main, "subject_weight");
  if (!mass || *mass <= 0) return;
  constexpr double kOunce_g = 28.349523125, kPound_g = 453.59237;  // avoirdupois, exact
  switch (header.integer(main, "subject_weight_units").value_or(0)) {
    case 1:
      series.facts.body_mass_g = *mass;
      break;
    case 2:
      series.facts.body_mass_g = *mass * kOunce_g;
      break;
    case 3:
      series.facts.body_mass_g = *mass * 1000;
      break;
    case 4:
      series.facts.body_mass_g = *mass * kPound_g;
      break;
    default:
      series.warnings.emplace_back("subject_weight has no subject_weight_units and is not used");
  }
}

void read_facts(const ConcordeHeader& header, records::ImageSeries& series) {
  const auto& main = header.main();
  auto& facts = series.facts;
  facts.format = "Concorde";
  facts.modality = "PT";
  facts.manufacturer = "Siemens/Concorde";
  facts.model = "model " + header.text(main, "model");
  facts.nuclide_text = header.text(main, "isotope");
  facts.nuclide = nuclide::canonical_name(facts.nuclide_text).value_or("");
  facts.tracer_text = header.text(main, "injected_compound");
  const auto half_life = header.number(main, "isotope_half_life");
  if (half_life && *half_life > 0) facts.half_life_s = half_life;
  facts.series_local_s = header.time(main, "scan_time");
  facts.injection_local_s = header.time(main, "injection_time");
  read_dose(header, series);
  read_mass(header, series);
  if (header.integer(main, "attenuation_applied").value_or(0) != 0)
    facts.corrections.emplace_back("ATTN");
}

std::vector<LegacyFrame> read_frames(const ConcordeHeader& header) {
  const auto stated = header.integer(header.main(), "total_frames");
  if (header.frames().empty()) header.fail("frame", "the header describes no frame");
  if (stated && *stated != static_cast<long>(header.frames().size())) {
    header.fail("total_frames",
                fmt::format("{} where the header describes {} frames; it is damaged", *stated,
                            header.frames().size()));
  }
  std::vector<LegacyFrame> frames;
  for (const auto& fields : header.frames()) {
    LegacyFrame frame;
    frame.start_s = header.number(fields, "frame_start").value_or(0);
    const auto duration = header.number(fields, "frame_duration");
    if (!duration) header.fail("frame_duration", "missing; the header is damaged");
    frame.duration_s = *duration;
    frame.decay_factor = header.number(fields, "decay_correction").value_or(0);
    frames.push_back(frame);
  }
  return frames;
}

void settle_decay(const ConcordeHeader& header, const std::vector<LegacyFrame>& frames,
                  records::ImageSeries& series) {
  auto& facts = series.facts;
  if (header.integer(header.main(), "decay_correction_applied").value_or(0) == 0) {
    facts.decay_correction = records::DecayCorrection::none;
    return;
  }
  set_corrected_to_start(frames, series);
}

void read_pixels(const ConcordeHeader& header, const fs::path& file, double calibration,
                 records::ImageSeries& series) {
  const image::Geometry grid = geometry_of(header, series.warnings);
  const Stored stored = stored_type(header);
  GzReader in(file);
  const std::uint64_t frame_bytes = std::uint64_t{grid.voxels()} * bytes_of(stored.type);
  if (frame_bytes > in.most_bytes() / header.frames().size()) {
    refuse(
        "{}: {} frames of {} bytes do not fit the file (cut short, or a damaged header); copy it "
        "again",
        in.name(), header.frames().size(), frame_bytes);
  }
  core::Sha256 hash;
  NonFinite odd;
  std::vector<std::byte> raw(frame_bytes);
  for (const auto& fields : header.frames()) {
    const double scale = header.number(fields, "scale_factor")
                             .value_or(header.number(header.main(), "scale_factor").value_or(1.0));
    if (!(scale > 0)) header.fail("scale_factor", fmt::format("{}; the header is damaged", scale));
    in.read(raw);
    hash.add(std::span<const std::byte>(raw));
    image::Volume<float> volume(grid);
    decode(raw, stored.type, stored.big_endian, scale * calibration, 0, volume.values(), odd);
    series.frames.push_back({std::move(volume), {}});
  }
  std::byte extra{};
  if (in.read_some({&extra, 1}) != 0)
    series.warnings.emplace_back("the image file holds more than its header describes");
  judge(odd, in.name(), series.warnings);
  series.pixel_sha256 = hash.hex();
}

}  // namespace

bool is_concorde(const fs::path& file) {
  std::error_code ignored;
  const fs::path head = header_of(file);
  if (!fs::is_regular_file(head, ignored) || fs::file_size(head, ignored) > kMostHeader)
    return false;
  return looks_like_concorde(core::read_file(head, kMostHeader));
}

records::ImageSeries import_concorde(const fs::path& file) {
  const fs::path head = header_of(file);
  const ConcordeHeader header(core::read_file(head, kMostHeader), head.filename().string());
  constexpr long kImage = 5;
  if (const auto kind = header.integer(header.main(), "file_type"); kind && *kind != kImage) {
    header.fail("file_type",
                fmt::format("{} is no image (5); give the reconstructed image", *kind));
  }
  if (const auto modality = header.integer(header.main(), "modality"); modality && *modality > 0) {
    header.fail("modality", fmt::format("{} is not PET (0); only PET images are read", *modality));
  }
  records::ImageSeries series;
  read_facts(header, series);
  const double calibration = calibration_of(header, series);
  const auto frames = read_frames(header);
  check_frame_times(frames, head.filename().string());
  read_pixels(header, pixels_of(file), calibration, series);
  set_frame_times(frames, series.facts.series_local_s, series);
  settle_decay(header, frames, series);
  return series;
}

}  // namespace sojourn::io
