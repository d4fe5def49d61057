#include <vector>

#include "fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/io/list_mode_bytes.h"

namespace {

/// A small file with its header, two blocks and table.
std::string small_file() {
  sojourn::records::ListModeHeader h;
  h.scanner = "s", h.nuclide = "F-18";
  auto& g = h.geometry;
  g.sectors = 4, g.crystals_tangential = 2, g.crystals_axial = 2;
  g.radius_mm = 50, g.crystal_depth_mm = 10;
  g.crystal_tangential_mm = g.crystal_axial_mm = 2;
  g.pitch_tangential_mm = g.pitch_axial_mm = 2;
  g.block_pitch_tangential_mm = g.block_pitch_axial_mm = 4;
  const auto path = sojourn::fuzz::scratch() / "seed.sjlm";
  {
    sojourn::io::ListModeWriter out(path, h, false);
    sojourn::records::ListModeEvent e;
    e.crystal_a = 3, e.crystal_b = 7;
    out.append(std::vector{e, e});
    out.append(std::vector{e});
    out.finish();
  }
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  sojourn::fuzz::seed("small", small_file());
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = sojourn::fuzz::put("input.sjlm", data, size);
  for (const auto on_damage : {sojourn::io::OnDamage::refuse, sojourn::io::OnDamage::stop}) {
    try {
      sojourn::io::ListModeReader in(path, on_damage);
      for (std::size_t i = 0; i < in.blocks().size(); ++i)
        for (const auto& e : in.read(i)) (void)in.header().end_a_mm(e);
    } catch (const sojourn::Error&) {
    }
  }
  return 0;
}
