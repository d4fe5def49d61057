#include "sojourn/io/castor.h"

#include <bit>
#include <cmath>
#include <fstream>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/list_mode_bytes.h"

namespace sojourn::io {
namespace {

using list_mode::put;

void put_float(std::vector<char>& out, double value) {
  put<std::uint32_t>(out, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
}

std::string scanner_text(const records::ListModeHeader& h) {
  const auto& g = h.geometry;
  return fmt::format(
      "modality: PET\nscanner name: {}\nnumber of elements: {}\nnumber of layers: 1\n"
      "crystals size depth: {:g}\ncrystals size transaxial: {:g}\ncrystals size axial: {:g}\n"
      "scanner radius: {:g}\nvoxels number transaxial: 128\nvoxels number axial: {}\n"
      "field of view transaxial: {:g}\nfield of view axial: {:g}\n"
      "description: simulated by sojourn\n",
      h.scanner, g.crystals(), g.crystal_depth_mm, g.crystal_tangential_mm, g.crystal_axial_mm,
      g.radius_mm, 2 * g.rings() - 1, 1.4 * g.radius_mm, 2 * g.half_length_mm());
}

std::vector<char> table_of_crystals(const records::ListModeHeader& h) {
  const auto& g = h.geometry;
  std::vector<char> bytes;
  const auto per_ring = static_cast<std::uint32_t>(g.crystals_per_ring());
  for (std::uint32_t c = 0; c < g.crystals(); ++c) {
    for (const double x : g.point_mm(c, h.depth_of_interaction_mm)) put_float(bytes, x);
    const int sector = static_cast<int>(c % per_ring) / g.crystals_per_sector();
    const double angle = 2 * std::numbers::pi * sector / g.sectors;
    for (const double x : {std::cos(angle), std::sin(angle), 0.0}) put_float(bytes, x);
  }
  return bytes;
}

std::string header_text(const records::ListModeHeader& h, const std::string& data_name,
                        std::uint64_t events) {
  std::string text = fmt::format(
      "Data filename: {}\nNumber of events: {}\nData mode: list-mode\nData type: PET\n"
      "Start time (s): 0\nDuration (s): {:g}\nScanner name: {}\nCalibration factor: 1\n"
      "Isotope: {}\n",
      data_name, events, h.duration_s, h.scanner, h.nuclide);
  if (h.tof_fwhm_ps > 0)
    text += fmt::format(
        "TOF information flag: 1\nTOF resolution (ps): {:g}\nList TOF measurement range (ps): "
        "{:g}\n",
        h.tof_fwhm_ps, h.coincidence_window_s * 1e12);
  return text;
}

}  // namespace

std::uint64_t write_castor(ListModeReader& in, const std::filesystem::path& stem) {
  const auto& h = in.header();
  const double block_s = h.slices > 0 ? h.duration_s / static_cast<double>(h.slices) : 0;
  std::uint64_t written = 0;
  const auto data = std::filesystem::path(stem.string() + ".Cdf");
  core::write_through(data, [&](const std::filesystem::path& temporary) {
    std::ofstream out(temporary, std::ios::binary);
    for (std::size_t b = 0; b < in.blocks().size(); ++b) {
      std::vector<char> bytes;
      for (const auto& e : in.read(b)) {
        if ((e.flags & records::kDelayed) != 0) continue;
        const double ms = 1000 * (in.blocks()[b].slice * block_s + e.time * h.time_unit_s);
        put<std::uint32_t>(bytes, static_cast<std::uint32_t>(std::min(ms, 4294967295.0)));
        if (h.tof_fwhm_ps > 0) put_float(bytes, e.tof_ps);
        put<std::uint32_t>(bytes, e.crystal_a);
        put<std::uint32_t>(bytes, e.crystal_b);
        ++written;
      }
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    if (!out.flush())
      throw Error(ErrorCode::io_failed,
                  fmt::format("{}: cannot be written; is the disk full?", data.string()));
  });
  const auto folder = stem.parent_path();
  const auto crystals = table_of_crystals(h);
  core::write_file(folder / (h.scanner + ".lut"),
                   std::string_view(crystals.data(), crystals.size()));
  core::write_file(folder / (h.scanner + ".hscan"), scanner_text(h));
  core::write_file(stem.string() + ".Cdh", header_text(h, data.filename().string(), written));
  return written;
}

}  // namespace sojourn::io
