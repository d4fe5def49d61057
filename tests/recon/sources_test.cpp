#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "recon/files.h"
#include "recon/phantom.h"
#include "shared/message_of.h"
#include "shared/shared_data.h"
#include "shared/temporary_folder.h"
#include "sojourn/recon/castor_source.h"
#include "sojourn/recon/corrections.h"
#include "sojourn/recon/fbp.h"
#include "sojourn/recon/interfile_source.h"
#include "sojourn/recon/reconstruct.h"

namespace {

using namespace sojourn;
using namespace sojourn::recon;
using image::operator+;
using image::operator*;

/// Place of the maximum, mm, as the centre of gravity of the voxels around it.
image::Vec3 peak_mm(const image::Volume<float>& x) {
  const auto& v = x.values();
  const auto at = static_cast<std::size_t>(std::max_element(v.begin(), v.end()) - v.begin());
  const auto top = x.geometry().index_of(at);
  image::Vec3 sum{};
  double all = 0;
  for (int k = -1; k <= 1; ++k)
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i) {
        const int p = top[0] + i, q = top[1] + j, r = top[2] + k;
        if (!x.geometry().contains(p, q, r)) continue;
        const auto w = static_cast<double>(x.at(p, q, r));
        const auto mm = x.geometry().to_mm(
            {static_cast<double>(p), static_cast<double>(q), static_cast<double>(r)});
        sum = sum + w * mm;
        all += w;
      }
  return (1 / all) * sum;
}

TEST(Interfile, SinogramOfAPointShowsThePoint) {
  // closed form: a point at (x, y) falls on s = x cos(phi) + y sin(phi) of its plane
  const test::TemporaryFolder folder;
  const double x = 14, y = -9;
  const int views = 60, planes = 5, bins = 31;
  std::vector<float> values(static_cast<std::size_t>(views * planes * bins));
  for (int v = 0; v < views; ++v) {
    const double phi = std::numbers::pi * v / views;
    const double s = (x * std::cos(phi) + y * std::sin(phi)) / 4 + bins / 2;
    const int low = static_cast<int>(std::floor(s));
    const auto at = [&](int t) -> float& {
      return values[static_cast<std::size_t>((v * planes + 3) * bins + t)];
    };
    at(low) = static_cast<float>(100 * (low + 1 - s));
    at(low + 1) = static_cast<float>(100 * (s - low));
  }
  test::write_text(folder.path() / "p.s", test::floats(values));
  test::write_text(folder.path() / "p.hs", test::sinogram_header("p.s", views, planes, bins));
  ReadChoices choices;
  choices.subsets = 4;
  const auto a = read_interfile(folder.path() / "p.hs", choices);
  EXPECT_EQ(a.lines.size(), values.size());
  EXPECT_NEAR(a.measured.total_counts(), 100.0 * views, 0.1);
  const projector::Joseph joseph(a.grid);
  Options o;
  o.iterations = 4;
  o.subsets = 4;
  const auto out = reconstruct(joseph, a.measured, sensitivity_of(joseph, a, nullptr, 4), o);
  const auto peak = peak_mm(out.image);
  EXPECT_NEAR(peak[0], x, 0.7);  // a fifth of a bin of 4 mm
  EXPECT_NEAR(peak[1], y, 0.7);
  EXPECT_NEAR(peak[2], 4, 1.1);  // ring 3 of 5, 4 mm apart; voxels of 2 mm
}

TEST(Interfile, SaysWhatIsWrong) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "p.hs";
  const auto message = [&](const std::string& header, const std::string& data) {
    test::write_text(folder.path() / "p.s", data);
    test::write_text(file, header);
    return test::message_of([&] { (void)read_interfile(file, {}); });
  };
  const std::string good = test::sinogram_header("p.s", 4, 1, 3);
  EXPECT_EQ(message(good, test::floats(std::vector<float>(12, 1.0F))), "");
  EXPECT_NE(message(good, "abc").find("3 bytes, where its header p.hs makes 12 values"),
            std::string::npos);
  EXPECT_NE(message(good, test::floats(std::vector<float>(12, -1.0F))).find("negative bins"),
            std::string::npos);
  std::vector<float> nan(12, 1.0F);
  nan[3] = std::nanf("");
  EXPECT_NE(message(good, test::floats(nan)).find("nan"), std::string::npos);
  EXPECT_NE(message("hello", "").find("begins with"), std::string::npos);
  EXPECT_NE(message("!INTERFILE :=\n", "").find("type of data"), std::string::npos);
  EXPECT_NE(message(test::sinogram_header("q.s", 4, 1, 3), "").find("there is no"),
            std::string::npos);
  EXPECT_NE(message(test::sinogram_header("p.s", 4, 1, 3, "number of dimensions := 5\n"), "")
                .find("4 dimensions"),
            std::string::npos);
}

/// A ring of crystals as CASToR's look-up table, and a list.
struct CastorFiles {
  test::TemporaryFolder folder;
  std::vector<std::array<float, 3>> crystal;

  CastorFiles() {
    std::string table;
    for (int ring = 0; ring < 3; ++ring)
      for (int c = 0; c < 72; ++c) {
        const double angle = 2 * std::numbers::pi * c / 72;
        const std::array p{static_cast<float>(60 * std::cos(angle)),
                           static_cast<float>(60 * std::sin(angle)),
                           static_cast<float>(4 * (ring - 1))};
        crystal.push_back(p);
        for (const float v : p) test::append(table, v);
        for (const float v : {p[0] / 60, p[1] / 60, 0.0F}) test::append(table, v);
      }
    std::filesystem::create_directory(folder.path() / "scanner");
    test::write_text(folder.path() / "scanner/ring.lut", table);
    test::write_text(
        folder.path() / "scanner/ring.hscan",
        "# a ring\nmodality: PET\nnumber of elements: 216\nmin angle difference: 10\n");
  }
  void header(std::size_t events, const std::string& more) const {
    test::write_text(folder.path() / "d.cdh",
                     "Data filename: d.cdf\nNumber of events: " + std::to_string(events) +
                         "\nData mode: list-mode\nData type: PET\nStart time (s): 0\n"
                         "Duration (s): 10\nScanner name: ring\nIsotope: F-18\n" +
                         more);
  }
};

TEST(Castor, ListWithTimeOfFlightShowsThePoint) {
  const CastorFiles files;
  const image::Vec3 point{11, 7, 0};
  std::string data;
  std::size_t events = 0;
  core::Random random(3);
  for (std::uint32_t a = 72; a < 144; ++a)
    for (std::uint32_t b = a + 1; b < 144; ++b) {
      const auto &p = files.crystal[a], &q = files.crystal[b];
      const double dx = static_cast<double>(q[0] - p[0]), dy = static_cast<double>(q[1] - p[1]);
      const double length = std::hypot(dx, dy);
      const double off = std::abs((point[0] - static_cast<double>(p[0])) * dy -
                                  (point[1] - static_cast<double>(p[1])) * dx) /
                         length;
      if (off > 2) continue;
      const double part = ((point[0] - static_cast<double>(p[0])) * dx +
                           (point[1] - static_cast<double>(p[1])) * dy) /
                          (length * length);
      for (int n = 0; n < 20; ++n) {
        const double tof_mm = (part - 0.5) * length + 4 * random.normal();
        test::append(data, std::uint32_t{5});
        test::append(data, static_cast<float>(tof_mm / projector::tof_mm_per_ps()));
        test::append(data, a);
        test::append(data, b);
        ++events;
      }
    }
  test::write_text(files.folder.path() / "d.cdf", data);
  files.header(events,
               "TOF information flag: 1\nTOF resolution (ps): 62.8\n"
               "List TOF measurement range (ps): 1000\n");
  ReadChoices choices;
  choices.sensitivity_lines = 100000;
  auto a = read_castor(files.folder.path() / "d.cdh", choices);
  EXPECT_EQ(a.measured.size(), events);
  EXPECT_EQ(a.nuclide, "F-18");
  EXPECT_EQ(a.duration_s, 10);
  ASSERT_TRUE(a.tof.has_value());
  EXPECT_NEAR(a.tof->sigma_mm, 4, 0.01);
  a.grid = test::centred_grid({41, 41, 5}, 2);
  const projector::Joseph joseph(a.grid, a.tof);
  Options o;
  o.iterations = 3;
  const auto out = reconstruct(joseph, a.measured, sensitivity_of(joseph, a, nullptr, 1), o);
  const auto peak = peak_mm(out.image);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(peak[i], point[i], 1) << i;  // half a voxel
}

TEST(Castor, FactorsOfEventsBecomeTheirBackground) {
  const CastorFiles files;
  std::string data;
  test::append(data, std::uint32_t{0});
  for (const float v : {2.0F, 0.03F, 0.05F, 4.0F})
    test::append(data, v);  // acf, scatter, random, norm
  test::append(data, std::uint32_t{0});
  test::append(data, std::uint32_t{36});
  test::write_text(files.folder.path() / "d.cdf", data);
  files.header(1,
               "Attenuation correction flag: 1\nScatter correction flag: 1\n"
               "Random correction flag: 1\nNormalization correction flag: 1\n");
  auto a = read_castor(files.folder.path() / "d.cdh", {});
  EXPECT_TRUE(a.lines.empty());
  EXPECT_EQ(a.warnings.size(), 1U);
  set_background(a);
  // rates times 10 s, over a n = 1 / (2 * 4)
  EXPECT_NEAR(a.measured.background.at(0), (0.3 + 0.5) * 8, 1e-5);
}

TEST(Castor, SaysWhatIsWrong) {
  const CastorFiles files;
  const auto message = [&](const std::string& data, std::size_t events, const std::string& more) {
    test::write_text(files.folder.path() / "d.cdf", data);
    files.header(events, more);
    return test::message_of([&] { (void)read_castor(files.folder.path() / "d.cdh", {}); });
  };
  std::string event;
  for (const std::uint32_t v : {0U, 3U, 216U}) test::append(event, v);
  EXPECT_NE(message(event, 1, "").find("crystals 3 and 216, outside the scanner"),
            std::string::npos);
  EXPECT_NE(message(event, 2, "").find("2 events of 12 bytes"), std::string::npos);
  EXPECT_NE(message(event, 1, "emission point flag: 1\n").find("not read"), std::string::npos);
  EXPECT_NE(message(event, 1, "Scanner name: other\n").find("no other.hscan"), std::string::npos);
  EXPECT_NE(message(event, 1, "nonsense\n").find("no \"key: value\""), std::string::npos);
  std::string bad;
  test::append(bad, std::uint32_t{0});
  test::append(bad, std::nanf(""));
  test::append(bad, std::uint32_t{0});
  test::append(bad, std::uint32_t{30});
  EXPECT_NE(
      message(bad, 1, "Normalization correction flag: 1\n").find("normalisation factor of nan"),
      std::string::npos);
}

TEST(Fbp, DiscHasTheValueOfItsChords) {
  projector::SinogramShape shape;
  shape.views = 120;
  shape.tangential = 91;
  shape.segments = {{2, 0, false}};
  shape.radius_mm = 200;
  shape.ring_mm = 4;
  shape.bin_mm = 2;
  shape.detectors = 240;
  const double radius = 50, x = 15;  // a disc of 1 per mm off the middle
  std::vector<float> values(shape.bins());
  for (int plane = 0; plane < 2; ++plane)
    for (int v = 0; v < shape.views; ++v)
      for (int t = 0; t < shape.tangential; ++t) {
        const double s = (t - shape.tangential / 2) * shape.bin_mm -
                         x * std::cos(std::numbers::pi * v / shape.views);
        if (std::abs(s) < radius)
          values[static_cast<std::size_t>((plane * shape.views + v) * shape.tangential + t)] =
              static_cast<float>(2 * std::sqrt(radius * radius - s * s));
      }
  const auto out = filtered_back_projection(shape, values);
  for (const double away : {0.0, 20.0, -35.0, 40.0}) {
    const auto at = out.geometry().to_voxel({x + away, 0, 2});
    EXPECT_NEAR(
        out.at(static_cast<int>(std::lround(at[0])), static_cast<int>(std::lround(at[1])), 1), 1,
        0.02)
        << away;  // 120 views and bins of 2 mm
  }
  const auto outside = out.geometry().to_voxel({x - 65, 20, 2});
  EXPECT_NEAR(out.at(static_cast<int>(outside[0]), static_cast<int>(outside[1]), 1), 0, 0.03);
}

TEST(PetlinkPublished, RealListOfAHeadShowsAHead) {
  // a cut of 0.6 s of a real FDG scan of a head (STIR's recon_test_pack)
  SOJOURN_NEEDS_SHARED(file, "data/stir_recon/recon_test_pack/PET_ACQ_small.l.hdr.STIR");
  ReadChoices choices;
  choices.sensitivity_lines = 300000;
  auto a = read_interfile(file, choices);
  // read with independent code (Python): 254,201 events, bit 30 tells 218,881 prompts
  EXPECT_EQ(a.measured.size(), 218881U);
  EXPECT_EQ(a.delayed.size(), 35320U);
  EXPECT_NEAR(a.duration_s, 0.613, 1e-9);
  EXPECT_EQ(a.nuclide, "F-18");
  ASSERT_TRUE(a.start_utc_s && a.injected_utc_s);
  EXPECT_EQ(*a.start_utc_s - *a.injected_utc_s, 53 * 60 + 35);  // 16:07:00 to 17:00:35
  a.randoms = randoms_from_delayed(a, 1);
  set_background(a);
  const projector::Joseph joseph(a.grid);
  Options o;
  o.iterations = 2;
  o.subsets = 4;
  const auto out = reconstruct(joseph, a.measured, sensitivity_of(joseph, a, nullptr, 4), o);
  // a head: some 12 to 22 cm across, near the axis; nearly all activity of the central planes in it
  double all = 0, head = 0;
  for (std::size_t i = 0; i < a.grid.voxels(); ++i) {
    const auto index = a.grid.index_of(i);
    const auto mm = a.grid.to_mm({static_cast<double>(index[0]), static_cast<double>(index[1]),
                                  static_cast<double>(index[2])});
    if (std::abs(mm[2]) > 50 || std::hypot(mm[0], mm[1]) > 250) continue;
    all += static_cast<double>(out.image.values()[i]);
    if (std::hypot(mm[0], mm[1]) < 130) head += static_cast<double>(out.image.values()[i]);
  }
  EXPECT_GT(head / all, 0.8);  // without attenuation and scatter corrections
}

TEST(PinholePublished, ThreeCapillariesStandWhereTheyWereSimulated) {
  // STIR's recon_test_pack, SPECT/PinholeSPECTUB/README.txt: a GATE simulation of a mouse phantom
  // with capillaries at (0, 0), (0, 10) and (-10, 0) mm, the pinhole and detector of collimator.txt
  SOJOURN_NEEDS_SHARED(file, "data/stir_recon/recon_test_pack/SPECT/PinholeSPECTUB/input.hs");
  ReadChoices choices;
  choices.subsets = 7;
  choices.pinhole = Pinhole{28.05, 1, 1};
  auto a = read_interfile(file, choices);
  a.grid = test::centred_grid({71, 71, 21}, 0.5);
  const projector::Joseph joseph(a.grid);
  Options o;
  o.iterations = 3;
  o.subsets = 7;
  const auto out = reconstruct(joseph, a.measured, sensitivity_of(joseph, a, nullptr, 7), o);
  const std::vector<std::array<double, 2>> truth{{0, 0}, {0, 10}, {-10, 0}};
  double all = 0, inside = 0;
  std::array<double, 3> share{};
  for (std::size_t n = 0; n < truth.size(); ++n) {
    image::Vec3 sum{};
    double weight = 0;
    for (std::size_t i = 0; i < a.grid.voxels(); ++i) {
      const auto index = a.grid.index_of(i);
      const auto mm = a.grid.to_mm({static_cast<double>(index[0]), static_cast<double>(index[1]),
                                    static_cast<double>(index[2])});
      const auto v = static_cast<double>(out.image.values()[i]);
      if (n == 0 && std::hypot(mm[0], mm[1]) < 15) all += v;
      if (std::hypot(mm[0] - truth[n][0], mm[1] - truth[n][1]) > 3) continue;
      sum = sum + v * mm;
      weight += v;
    }
    inside += weight;
    share[n] = weight;
    EXPECT_NEAR(sum[0] / weight, truth[n][0], 0.5) << n;  // a voxel
    EXPECT_NEAR(sum[1] / weight, truth[n][1], 0.5) << n;
  }
  // a pinhole of 1 mm at this magnification smears over 2 mm FWHM; the rest is scatter and
  // penetration
  EXPECT_GT(inside / all, 0.5);
  for (const double s : share) EXPECT_NEAR(s / inside, 1.0 / 3, 0.05);  // "~10 MBq each"
}

TEST(Corrections, AttenuationOfACylinderIsItsChord) {
  const auto grid = test::centred_grid({41, 41, 9}, 2);
  image::Volume<float> mu(grid, 0.0096F);
  const auto factors =
      attenuation_factors(mu, std::vector<projector::Lor>{{{-100, 0, 0}, {100, 0, 0}}});
  EXPECT_NEAR(factors[0], std::exp(-0.0096 * 82), 1e-5);
  mu.values()[0] = 40;  // Hounsfield units
  EXPECT_NE(test::message_of([&] { (void)attenuation_factors(mu, {}); }).find("CT"),
            std::string::npos);
}

TEST(Corrections, RandomsFollowTheDelayedEvents) {
  Acquisition a;
  a.lines = test::ring_lines(60, 5, 90, 4, 90);
  core::Random random(8);
  for (int n = 0; n < 200000; ++n)
    a.delayed.push_back(
        a.lines[static_cast<std::size_t>(random.uniform() * static_cast<double>(a.lines.size()))]);
  a.measured.lines.lors = a.lines;
  const auto randoms = randoms_from_delayed(a, 1);
  double sum = 0;
  for (const float r : randoms) sum += static_cast<double>(r);
  EXPECT_NEAR(sum, 200000, 0.01 * 200000);
  const double mean = sum / static_cast<double>(randoms.size());
  double squares = 0;
  for (const float r : randoms) squares += std::pow(static_cast<double>(r) - mean, 2);
  // even lines: cells of some hundred events spread by less than a tenth
  EXPECT_LT(std::sqrt(squares / static_cast<double>(randoms.size())), 0.1 * mean);
}

TEST(Corrections, ActivityFactorIsTheIntegralOfDecay) {
  const CalibrationFacts f{3600, 6586.2, 0.967, 0.9, 2.0};
  const double lambda = std::numbers::ln2 / 6586.2;
  EXPECT_NEAR(activity_factor(f), 2 / ((1 - std::exp(-lambda * 3600)) / lambda * 0.9 * 0.967),
              1e-12);
  EXPECT_NEAR(activity_factor({10, 0, 1, 1, 1}), 0.1, 1e-15);
  for (const double true_rate : {1e3, 1e5, 9e5})
    EXPECT_NEAR(live_fraction(true_rate * std::exp(-true_rate * 1e-6), 1e-6),
                std::exp(-true_rate * 1e-6), 1e-6)
        << true_rate;
  EXPECT_THROW((void)live_fraction(4e5, 1e-6), Error);
}

}  // namespace
