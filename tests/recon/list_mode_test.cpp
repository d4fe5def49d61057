#include "sojourn/io/list_mode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "recon/phantom.h"
#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/recon/corrections.h"
#include "sojourn/recon/list_mode_source.h"
#include "sojourn/recon/reconstruct.h"

namespace {

using namespace sojourn;
using namespace sojourn::recon;

records::ListModeHeader small_scanner() {
  records::ListModeHeader h;
  h.scanner = "test";
  auto& g = h.geometry;
  g.sectors = 12;
  g.crystals_tangential = 8;
  g.crystals_axial = 8;
  g.radius_mm = 60;
  g.crystal_tangential_mm = g.crystal_axial_mm = 3.8;
  g.crystal_depth_mm = 10;
  g.pitch_tangential_mm = g.pitch_axial_mm = 4;
  g.block_pitch_tangential_mm = g.block_pitch_axial_mm = 32;
  h.depth_of_interaction_mm = 0;  // the photons of the test stop in the faces
  h.nuclide = "F-18";
  h.duration_s = 10;
  h.slices = 1;
  return h;
}

/// Crystal that a ray from `at` along `direction` meets first, if any.
std::optional<std::uint32_t> hit(const records::RingGeometry& g, const image::Vec3& at,
                                 const image::Vec3& direction) {
  for (int s = 0; s < g.sectors; ++s) {
    const double angle = 2 * std::numbers::pi * s / g.sectors;
    const double c = std::cos(angle), n = std::sin(angle);
    const double speed = direction[0] * c + direction[1] * n;
    if (speed <= 0) continue;
    const double t = (g.radius_mm - at[0] * c - at[1] * n) / speed;
    const double across = -(at[0] + t * direction[0]) * n + (at[1] + t * direction[1]) * c;
    const double z = at[2] + t * direction[2];
    for (int ring = 0; ring < g.rings(); ++ring)
      for (int column = 0; column < g.crystals_per_sector(); ++column)
        if (std::abs(across - g.column_mm(column)) < g.crystal_tangential_mm / 2 &&
            std::abs(z - g.ring_z_mm(ring)) < g.crystal_axial_mm / 2)
          return static_cast<std::uint32_t>(ring * g.crystals_per_ring() +
                                            s * g.crystals_per_sector() + column);
  }
  return std::nullopt;
}

TEST(SojournList, ImageOfABallIsItsActivity) {
  // Pairs from a ball fly to the faces of the crystals, all of which stop: the normalisation is
  // then absolute, and the image's total is the number of decays. No other code than the geometry
  // is shared with the reader.
  const auto h = small_scanner();
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "ball.sjlm";
  const image::Vec3 middle{8, -5, 2};
  constexpr int kDecays = 300000;
  core::Random random(17);
  std::vector<records::ListModeEvent> events;
  for (int n = 0; n < kDecays; ++n) {
    image::Vec3 at{};
    do
      for (auto& v : at) v = 6 * (2 * random.uniform() - 1);
    while (image::norm(at) > 6);
    at = image::operator+(at, middle);
    const double z = 2 * random.uniform() - 1, phi = 2 * std::numbers::pi * random.uniform();
    const double across = std::sqrt(1 - z * z);
    const image::Vec3 d{across * std::cos(phi), across * std::sin(phi), z};
    const auto a = hit(h.geometry, at, d), b = hit(h.geometry, at, {-d[0], -d[1], -d[2]});
    if (!a || !b) continue;
    records::ListModeEvent e;
    e.crystal_a = *a;
    e.crystal_b = *b;
    events.push_back(e);
  }
  io::ListModeWriter writer(file, h, false);
  writer.append(events);
  writer.finish();
  ReadChoices choices;
  choices.sensitivity_lines = 400000;
  auto a = read_sojourn_list(file, choices);
  EXPECT_EQ(a.measured.size(), events.size());
  a.grid = test::centred_grid({30, 30, 15}, 2);
  const projector::Joseph joseph(a.grid);
  Options o;
  o.iterations = 15;
  const auto out = reconstruct(joseph, a.measured, sensitivity_of(joseph, a, nullptr, 1), o);
  double all = 0;
  image::Vec3 sum{};
  for (std::size_t i = 0; i < a.grid.voxels(); ++i) {
    const auto index = a.grid.index_of(i);
    const auto v = static_cast<double>(out.image.values()[i]);
    all += v;
    const auto mm = a.grid.to_mm({static_cast<double>(index[0]), static_cast<double>(index[1]),
                                  static_cast<double>(index[2])});
    for (std::size_t c = 0; c < 3; ++c) sum[c] += v * mm[c];
  }
  // counting: 0.6 % of some 25,000 pairs; lines end in the middle of crystals 4 mm wide: 2 %
  EXPECT_NEAR(all * 8 / kDecays, 1, 0.05);
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(sum[c] / all, middle[c], 0.5) << c;
}

TEST(SojournList, DelayedEventsAreNoPrompts) {
  const auto h = small_scanner();
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "d.sjlm";
  records::ListModeEvent prompt, delayed;
  prompt.crystal_b = delayed.crystal_b = 48;  // across the ring
  delayed.flags = records::kDelayed;
  io::ListModeWriter writer(file, h, false);
  writer.append(std::vector{prompt, delayed, prompt});
  writer.finish();
  const auto a = read_sojourn_list(file, {});
  EXPECT_EQ(a.measured.size(), 2U);
  EXPECT_EQ(a.delayed.size(), 1U);
  io::ListModeWriter empty(folder.path() / "e.sjlm", h, false);
  empty.append(std::vector{delayed});
  empty.finish();
  EXPECT_NE(test::message_of([&] {
              (void)read_sojourn_list(folder.path() / "e.sjlm", {});
            }).find("no prompt"),
            std::string::npos);
}

}  // namespace
