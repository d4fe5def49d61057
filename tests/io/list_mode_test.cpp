#include "sojourn/io/list_mode.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "shared/message_of.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/castor.h"

namespace {

using namespace sojourn;
using records::ListModeEvent;

records::ListModeHeader small_header() {
  records::ListModeHeader h;
  h.scanner = "inveon";
  auto& g = h.geometry;
  g.sectors = 16, g.crystals_tangential = 20, g.blocks_axial = 4, g.crystals_axial = 20;
  g.radius_mm = 80.5;
  g.crystal_tangential_mm = g.crystal_axial_mm = 1.51, g.crystal_depth_mm = 10;
  g.pitch_tangential_mm = g.pitch_axial_mm = 1.59;
  g.block_pitch_tangential_mm = g.block_pitch_axial_mm = 31.8;
  h.energy_low_kev = 350, h.energy_high_kev = 650, h.coincidence_window_s = 3.43e-9;
  h.nuclide = "F-18", h.activity_bq = 1e6, h.duration_s = 10, h.seed = 18446744073709551615ULL;
  h.slices = 3;
  return h;
}

std::vector<ListModeEvent> some_events(std::size_t n, std::uint32_t from) {
  std::vector<ListModeEvent> events;
  for (std::size_t i = 0; i < n; ++i) {
    ListModeEvent e;
    e.crystal_a = (from + 7919 * static_cast<std::uint32_t>(i)) % 25600;
    e.crystal_b = (from + 104729 * static_cast<std::uint32_t>(i)) % 25600;
    e.tof_ps = static_cast<std::int16_t>(static_cast<int>(i * 37 % 65535) - 32767);
    e.energy_a = static_cast<std::uint8_t>(i),
    e.energy_b = static_cast<std::uint8_t>(255 - i % 256);
    e.time = static_cast<std::uint32_t>(i * 4000000U);
    e.flags = static_cast<std::uint8_t>(i % 64);
    events.push_back(e);
  }
  return events;
}

/// Three blocks, the second empty.
std::filesystem::path written(const test::TemporaryFolder& folder) {
  const auto path = folder.path() / "scan.sjlm";
  io::ListModeWriter out(path, small_header(), false);
  out.append(some_events(1000, 1));
  out.append({});
  out.append(some_events(10, 2));
  out.finish();
  return path;
}

TEST(ListMode, RoundTripAndSeek) {
  const test::TemporaryFolder folder;
  io::ListModeReader in(written(folder));
  EXPECT_TRUE(in.complete());
  EXPECT_EQ(in.events(), 1010U);
  ASSERT_EQ(in.blocks().size(), 3U);
  EXPECT_EQ(in.read(2), some_events(10, 2));  // any order
  EXPECT_EQ(in.read(0), some_events(1000, 1));
  EXPECT_TRUE(in.read(1).empty());
  EXPECT_EQ(in.header().seed, 18446744073709551615ULL);
  EXPECT_EQ(in.header().geometry.crystals(), 25600U);
  EXPECT_EQ(in.header().geometry.point_mm(0, 0)[0], 80.5);
}

TEST(ListMode, CostsSixteenBytesAnEvent) {
  const test::TemporaryFolder folder;
  const auto path = written(folder);
  const auto header = core::read_file(path).find("SJB1");
  EXPECT_EQ(std::filesystem::file_size(path), header + 3 * 16 + 1010 * 16 + 12 + 3 * 16 + 4);
}

TEST(ListMode, EveryFlippedByteOfABlockIsFound) {
  const test::TemporaryFolder folder;
  const auto path = written(folder);
  const std::string whole = core::read_file(path);
  const auto start = whole.find("SJB1");
  for (std::size_t at = start; at < whole.size(); at += at < start + 40 ? 1 : 97) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    core::write_file(path, bad);
    const auto all = [&] {
      io::ListModeReader in(path);
      for (std::size_t i = 0; i < in.blocks().size(); ++i) (void)in.read(i);
    };
    EXPECT_THROW(all(), Error) << at;
  }
}

TEST(ListMode, ReadsUpToTheDamageOnRequest) {
  const test::TemporaryFolder folder;
  const auto path = written(folder);
  const std::string whole = core::read_file(path);
  core::write_file(path, whole.substr(0, whole.size() - 200));  // in the last block
  EXPECT_NE(test::message_of([&] { io::ListModeReader in(path); }).find("damaged at byte"),
            std::string::npos);
  io::ListModeReader in(path, io::OnDamage::stop);
  EXPECT_FALSE(in.complete());
  ASSERT_EQ(in.blocks().size(), 2U);
  EXPECT_EQ(in.read(0), some_events(1000, 1));
}

TEST(ListMode, ResumesAfterWholeBlocks) {
  const test::TemporaryFolder folder;
  const auto path = written(folder);
  const std::string whole = core::read_file(path);
  core::write_file(path, whole.substr(0, whole.size() - 200));
  io::ListModeWriter out(path, small_header(), true);
  EXPECT_EQ(out.next_slice(), 2U);
  EXPECT_EQ(out.events(), 1000U);
  out.append(some_events(10, 2));
  out.finish();
  EXPECT_EQ(core::read_file(path), whole);
  auto other = small_header();
  other.seed = 3;
  EXPECT_THROW(io::ListModeWriter(path, other, true), Error);
}

TEST(ListMode, RefusesOtherFiles) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "x";
  for (const std::string text : {"", "nonsense", "sojourn-listmode 1 ", "sojourn-listmode 1 99\n{}",
                                 "sojourn-listmode 1 2\n{}", "sojourn-listmode 2 2\n{}"}) {
    core::write_file(path, text);
    EXPECT_THROW(io::ListModeReader{path}, Error) << text;
    EXPECT_THROW(io::ListModeReader(path, io::OnDamage::stop), Error) << text;
  }
}

// CASToR's list mode without corrections: time (ms), crystal, crystal; with time of flight a float
// after the time.
TEST(ListMode, BecomesCastorFiles) {
  const test::TemporaryFolder folder;
  for (const double tof : {0.0, 400.0}) {
    const auto path = folder.path() / "scan.sjlm";
    auto header = small_header();
    header.tof_fwhm_ps = tof;
    io::ListModeWriter out(path, header, false);
    auto events = some_events(50, 1);
    out.append(events);
    out.finish();
    io::ListModeReader in(path);
    const auto stem = folder.path() / "castor";
    const auto written = io::write_castor(in, stem);
    std::uint64_t prompts = 0;
    for (const auto& e : events) prompts += (e.flags & records::kDelayed) == 0;
    EXPECT_EQ(written, prompts);
    EXPECT_EQ(std::filesystem::file_size(folder.path() / "castor.Cdf"),
              prompts * (tof > 0 ? 16 : 12));
    EXPECT_EQ(std::filesystem::file_size(folder.path() / "inveon.lut"), 25600U * 24);
    const auto text = core::read_file(folder.path() / "castor.Cdh");
    EXPECT_NE(text.find("Number of events: " + std::to_string(prompts) + "\n"), std::string::npos);
    EXPECT_EQ(text.find("TOF information flag: 1") != std::string::npos, tof > 0);
    EXPECT_NE(core::read_file(folder.path() / "inveon.hscan").find("number of elements: 25600\n"),
              std::string::npos);
  }
}

}  // namespace
