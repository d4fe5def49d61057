// Projectors: ours beside libparallelproj, alternating in one process, where $SOJOURN_PARALLELPROJ
// names its library (libparallelproj.so, version 2). Lines: name, value, unit, peer's value, ratio
// (rates: ours over the peer's). Geometries: a clinical and a mouse scanner, 2e6 random lines
// through the inscribed circle of the image. CPU time of all threads is used, since other programs
// may share the cores.
#include <dlfcn.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <numbers>
#include <string>

#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/projector/joseph.h"
#include "sojourn/projector/locality.h"

namespace {

using namespace sojourn;

struct Scanner {
  const char* name;
  double radius_mm, axial_mm;
  image::Geometry grid;
};

image::Geometry grid_of(image::Index3 size, image::Vec3 spacing) {
  image::Geometry g;
  g.size = size;
  g.spacing_mm = spacing;
  for (std::size_t a = 0; a < 3; ++a) g.origin_mm[a] = -0.5 * (size[a] - 1) * spacing[a];
  return g;
}

constexpr double kBin_mm = 143 * 0.299792458 / 2;
constexpr double kSigma_mm = 214 / 2.3548200450309493 * 0.299792458 / 2;
constexpr int kBins = 33;

struct Set {
  projector::Lines lines;
  std::vector<short> bins;
};

/// Random lines between points of the cylinder that pass within the image's inscribed circle.
Set random_lines(const Scanner& s, std::size_t n) {
  Set set;
  const double limit =
      0.5 * std::min(s.grid.size[0] * s.grid.spacing_mm[0], s.grid.size[1] * s.grid.spacing_mm[1]);
  core::Random random(12345);
  while (set.lines.size() < n) {
    projector::Lor lor;
    double xy[4];
    for (int end = 0; end < 2; ++end) {
      const double angle = 2 * std::numbers::pi * random.uniform();
      xy[2 * end] = s.radius_mm * std::cos(angle);
      xy[2 * end + 1] = s.radius_mm * std::sin(angle);
      const double z = (random.uniform() - 0.5) * s.axial_mm;
      (end ? lor.to_mm : lor.from_mm) = {static_cast<float>(xy[2 * end]),
                                         static_cast<float>(xy[2 * end + 1]),
                                         static_cast<float>(z)};
    }
    const double dx = xy[2] - xy[0], dy = xy[3] - xy[1];
    if (std::abs(xy[0] * dy - xy[1] * dx) > limit * std::hypot(dx, dy)) continue;
    const auto bin = static_cast<short>(random.uniform() * kBins);
    set.bins.push_back(bin);
    set.lines.lors.push_back(lor);
    set.lines.tof_mm.push_back(static_cast<float>((bin - 0.5 * (kBins - 1)) * kBin_mm));
  }
  return set;
}

struct Times {
  double wall_s, cpu_s;
};

Times timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const auto cpu = std::clock();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

/// The peer's functions, as its header declares them.
struct Peer {
  using Forward = void (*)(const float*, const float*, const float*, const float*, const float*,
                           float*, std::size_t, const int*, int, int);
  using Back = void (*)(const float*, const float*, float*, const float*, const float*,
                        const float*, std::size_t, const int*, int, int);
  using TofForward = void (*)(const float*, const float*, const float*, const float*, const float*,
                              float*, std::size_t, const int*, float, const float*, const float*,
                              float, const short*, short, unsigned char, unsigned char, int, int);
  using TofBack = void (*)(const float*, const float*, float*, const float*, const float*,
                           const float*, std::size_t, const int*, float, const float*, const float*,
                           float, const short*, short, unsigned char, unsigned char, int, int);
  Forward forward = nullptr;
  Back back = nullptr;
  TofForward tof_forward = nullptr;
  TofBack tof_back = nullptr;

  static Peer load() {
    Peer peer;
    const char* path = std::getenv("SOJOURN_PARALLELPROJ");
    void* library = path != nullptr ? ::dlopen(path, RTLD_NOW) : nullptr;
    if (library == nullptr) return peer;
    peer.forward = reinterpret_cast<Forward>(::dlsym(library, "joseph3d_fwd"));
    peer.back = reinterpret_cast<Back>(::dlsym(library, "joseph3d_back"));
    peer.tof_forward = reinterpret_cast<TofForward>(::dlsym(library, "joseph3d_tof_lm_fwd"));
    peer.tof_back = reinterpret_cast<TofBack>(::dlsym(library, "joseph3d_tof_lm_back"));
    return peer;
  }
};

std::string only;  // the name of the only figure to measure, from the command line

/// Alternates ours and the peer's, and prints rates in 1e6 lines a second of wall time and of two
/// cores' CPU time.
void compare(const std::string& name, std::size_t n, const std::function<void()>& ours,
             const std::function<void()>& peers) {
  if (!only.empty() && name != only) return;
  std::vector<double> wall, cpu, peer_wall, peer_cpu;
  for (int round = 0; round < 5; ++round) {
    const Times a = timed(ours);
    wall.push_back(a.wall_s);
    cpu.push_back(a.cpu_s / 2);
    if (!peers) continue;
    const Times b = timed(peers);
    peer_wall.push_back(b.wall_s);
    peer_cpu.push_back(b.cpu_s / 2);
  }
  const double rate = static_cast<double>(n) / 1e6;
  const auto line = [&](const char* what, const std::vector<double>& mine,
                        const std::vector<double>& theirs) {
    const double value = rate / median(mine);
    if (theirs.empty()) {
      fmt::print("{}_{}\t{:.2f}\t1e6/s\t-\t-\n", name, what, value);
    } else {
      const double other = rate / median(theirs);
      fmt::print("{}_{}\t{:.2f}\t1e6/s\tlibparallelproj {:.3f}\t{:.1f}\n", name, what, value, other,
                 value / other);
    }
    std::fflush(stdout);
  };
  line("wall", wall, peer_wall);
  line("cpu", cpu, peer_cpu);
}

/// The peer wants z fastest and floats.
struct PeerInput {
  std::vector<float> start, end, image, result;
  float origin[3], voxel[3];
  int size[3];
};

PeerInput peer_input(const Set& set, const image::Volume<float>& image) {
  PeerInput p;
  for (const auto& lor : set.lines.lors) {
    p.start.insert(p.start.end(), lor.from_mm.begin(), lor.from_mm.end());
    p.end.insert(p.end.end(), lor.to_mm.begin(), lor.to_mm.end());
  }
  const auto& g = image.geometry();
  for (int i = 0; i < g.size[0]; ++i)
    for (int j = 0; j < g.size[1]; ++j)
      for (int k = 0; k < g.size[2]; ++k) p.image.push_back(image.at(i, j, k));
  for (std::size_t a = 0; a < 3; ++a) {
    p.origin[a] = static_cast<float>(g.origin_mm[a]);
    p.voxel[a] = static_cast<float>(g.spacing_mm[a]);
    p.size[a] = g.size[a];
  }
  p.result.resize(set.lines.size());
  return p;
}

void one_scanner(const Scanner& scanner, std::size_t n, const Peer& peer) {
  const Set set = random_lines(scanner, n);
  image::Volume<float> image(scanner.grid), back(scanner.grid);
  core::Random random(7);
  for (auto& v : image.values()) v = static_cast<float>(0.5 + random.uniform());
  PeerInput p = peer_input(set, image);
  std::vector<float> other_image(p.image.size());
  const std::vector<float> ones(n, 1.0F);
  std::vector<float> ours(n);
  const projector::TofResolution tof{kSigma_mm, kBin_mm, 3.0};
  const projector::Joseph with_tof(scanner.grid, tof), plain(scanner.grid);
  projector::Lines no_tof{set.lines.lors, {}};
  const std::string s = scanner.name;
  projector::Lines sorted, sorted_tof;
  const Times sort = timed([&] {
    sorted_tof =
        projector::reordered(set.lines, projector::locality_order(set.lines, scanner.grid));
  });
  sorted = projector::reordered(no_tof, projector::locality_order(no_tof, scanner.grid));
  fmt::print("{}_sort_once\t{:.2f}\t1e6/s\t-\t-\n", s, static_cast<double>(n) / 1e6 / sort.wall_s);

  const float sigma = static_cast<float>(kSigma_mm), offset = 0;
  std::function<void()> peer_tof_forward, peer_tof_back, peer_forward, peer_back;
  if (peer.forward != nullptr) {
    peer_tof_forward = [&] {
      peer.tof_forward(p.start.data(), p.end.data(), p.image.data(), p.origin, p.voxel,
                       p.result.data(), n, p.size, static_cast<float>(kBin_mm), &sigma, &offset, 3,
                       set.bins.data(), kBins, 0, 0, 0, 64);
    };
    peer_tof_back = [&] {
      peer.tof_back(p.start.data(), p.end.data(), other_image.data(), p.origin, p.voxel,
                    ones.data(), n, p.size, static_cast<float>(kBin_mm), &sigma, &offset, 3,
                    set.bins.data(), kBins, 0, 0, 0, 64);
    };
    peer_forward = [&] {
      peer.forward(p.start.data(), p.end.data(), p.image.data(), p.origin, p.voxel, p.result.data(),
                   n, p.size, 0, 64);
    };
    peer_back = [&] {
      peer.back(p.start.data(), p.end.data(), other_image.data(), p.origin, p.voxel, ones.data(), n,
                p.size, 0, 64);
    };
  }
  compare(
      s + "_tof_forward", n, [&] { with_tof.forward(image, sorted_tof, ours); }, peer_tof_forward);
  compare(
      s + "_tof_back", n, [&] { with_tof.back(ones, sorted_tof, back); }, peer_tof_back);
  compare(
      s + "_forward", n, [&] { plain.forward(image, sorted, ours); }, peer_forward);
  compare(
      s + "_back", n, [&] { plain.back(ones, sorted, back); }, peer_back);
  compare(s + "_tof_forward_unsorted", n, [&] { with_tof.forward(image, set.lines, ours); }, {});
  compare(s + "_forward_unsorted", n, [&] { plain.forward(image, no_tof, ours); }, {});
  const core::ThreadLimit one(1);
  compare(s + "_tof_forward_1thread", n, [&] { with_tof.forward(image, sorted_tof, ours); }, {});
  compare(s + "_tof_back_1thread", n, [&] { with_tof.back(ones, sorted_tof, back); }, {});
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? static_cast<std::size_t>(std::atof(argv[1])) : 2000000;
  const std::string which = argc > 2 ? argv[2] : "all";
  if (argc > 3) only = argv[3];
  fmt::print(stderr, "inner loops on {}\n", projector::simd_name());
  const Peer peer = Peer::load();
  if (which != "mouse")
    one_scanner({"clinical", 410, 260, grid_of({200, 200, 109}, {3.3, 3.3, 2.4})}, n, peer);
  if (which != "clinical")
    one_scanner({"mouse", 80, 128, grid_of({200, 200, 256}, {0.4, 0.4, 0.4})}, n, peer);
  return 0;
}
