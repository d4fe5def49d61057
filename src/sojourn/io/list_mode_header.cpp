#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/io/list_mode_bytes.h"

namespace sojourn::io::list_mode {
namespace {

using core::TableReader;
using core::Tree;
using records::ListModeHeader;
using records::RingGeometry;

Tree geometry_tree(const RingGeometry& g) {
  Tree t = Tree::table();
  t.set("sectors", g.sectors).set("blocks_tangential", g.blocks_tangential);
  t.set("crystals_tangential", g.crystals_tangential).set("blocks_axial", g.blocks_axial);
  t.set("crystals_axial", g.crystals_axial).set("radius_mm", g.radius_mm);
  t.set("crystal_tangential_mm", g.crystal_tangential_mm);
  t.set("crystal_axial_mm", g.crystal_axial_mm).set("crystal_depth_mm", g.crystal_depth_mm);
  t.set("pitch_tangential_mm", g.pitch_tangential_mm).set("pitch_axial_mm", g.pitch_axial_mm);
  t.set("block_pitch_tangential_mm", g.block_pitch_tangential_mm);
  t.set("block_pitch_axial_mm", g.block_pitch_axial_mm);
  return t;
}

int count(TableReader& in, const std::string& key) {
  const auto n = in.need(in.integer(key), key);
  if (n < 1 || n > 100000) in.fail(key, fmt::format("{} is no count of crystals or blocks", n));
  return static_cast<int>(n);
}

double in_range(TableReader& in, const std::string& key, double low, double high) {
  const double value = in.need(in.number(key), key);
  if (!(value >= low && value <= high))
    in.fail(key, fmt::format("{:g} lies outside {:g} to {:g}", value, low, high));
  return value;
}

RingGeometry read_geometry(TableReader in) {
  RingGeometry g;
  g.sectors = count(in, "sectors");
  g.blocks_tangential = count(in, "blocks_tangential");
  g.crystals_tangential = count(in, "crystals_tangential");
  g.blocks_axial = count(in, "blocks_axial");
  g.crystals_axial = count(in, "crystals_axial");
  g.radius_mm = in_range(in, "radius_mm", 1, 1e4);
  g.crystal_tangential_mm = in_range(in, "crystal_tangential_mm", 1e-3, 1e3);
  g.crystal_axial_mm = in_range(in, "crystal_axial_mm", 1e-3, 1e3);
  g.crystal_depth_mm = in_range(in, "crystal_depth_mm", 1e-3, 1e3);
  g.pitch_tangential_mm = in_range(in, "pitch_tangential_mm", 1e-3, 1e3);
  g.pitch_axial_mm = in_range(in, "pitch_axial_mm", 1e-3, 1e3);
  g.block_pitch_tangential_mm = in_range(in, "block_pitch_tangential_mm", 1e-3, 1e4);
  g.block_pitch_axial_mm = in_range(in, "block_pitch_axial_mm", 1e-3, 1e4);
  in.finish();
  const double all = double(g.sectors) * g.blocks_tangential * g.crystals_tangential *
                     g.blocks_axial * g.crystals_axial;
  if (all > 0x1p24) in.fail("sectors", "more than 2^24 crystals do not fit the format");
  return g;
}

}  // namespace

std::string header_text(const ListModeHeader& h) {
  Tree t = Tree::table();
  t.set("schema", "sojourn/listmode/1").set("scanner", h.scanner);
  t.set("geometry", geometry_tree(h.geometry));
  t.set("depth_of_interaction_mm", h.depth_of_interaction_mm).set("tof_fwhm_ps", h.tof_fwhm_ps);
  t.set("energy_low_kev", h.energy_low_kev).set("energy_high_kev", h.energy_high_kev);
  t.set("energy_unit_kev", records::kListModeEnergyKev);
  t.set("energy_resolution_511", h.energy_resolution_511);
  t.set("coincidence_window_s", h.coincidence_window_s);
  t.set("nuclide", h.nuclide).set("activity_bq", h.activity_bq).set("duration_s", h.duration_s);
  t.set("time_unit_s", h.time_unit_s);
  t.set("seed", std::to_string(h.seed)).set("slices", static_cast<std::size_t>(h.slices));
  t.set("note", h.note);
  return core::to_json(t);
}

ListModeHeader parse_header(const std::string& text, const std::string& source) {
  const Tree tree = core::parse_json(text, source);
  if (tree.kind() != Tree::Kind::table) refuse("{}: the header is no JSON object", source);
  TableReader in(tree, source);
  if (in.need(in.text("schema"), "schema") != "sojourn/listmode/1")
    in.fail("schema", "this program reads sojourn/listmode/1");
  ListModeHeader h;
  h.scanner = in.need(in.text("scanner"), "scanner");
  h.geometry = read_geometry(in.need(in.table("geometry"), "geometry"));
  h.depth_of_interaction_mm = in_range(in, "depth_of_interaction_mm", 0, 1e3);
  h.tof_fwhm_ps = in_range(in, "tof_fwhm_ps", 0, 1e5);
  h.energy_low_kev = in_range(in, "energy_low_kev", 0, 1e5);
  h.energy_high_kev = in_range(in, "energy_high_kev", 0, 1e5);
  if (in_range(in, "energy_unit_kev", 0, 1e3) != records::kListModeEnergyKev)
    in.fail("energy_unit_kev", "this program reads 4 keV");
  h.energy_resolution_511 = in_range(in, "energy_resolution_511", 0, 10);
  h.coincidence_window_s = in_range(in, "coincidence_window_s", 0, 1);
  h.nuclide = in.need(in.text("nuclide"), "nuclide");
  h.activity_bq = in_range(in, "activity_bq", 0, 1e15);
  h.duration_s = in_range(in, "duration_s", 0, 1e9);
  h.time_unit_s = in_range(in, "time_unit_s", 1e-15, 1e3);
  const auto seed = in.need(in.text("seed"), "seed");
  if (seed.empty() || seed.size() > 20 || seed.find_first_not_of("0123456789") != std::string::npos)
    in.fail("seed", "must be a whole number as text");
  h.seed = std::strtoull(seed.c_str(), nullptr, 10);
  h.slices = static_cast<std::uint64_t>(in_range(in, "slices", 0, 4e9));
  h.note = in.text("note").value_or("");
  in.finish();
  return h;
}

}  // namespace sojourn::io::list_mode
