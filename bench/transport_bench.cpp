#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>

#include "sojourn/core/parallel.h"
#include "sojourn/simulate/pet_acquire.h"
#include "sojourn/simulate/pet_phantom.h"

/// Decays per second of the whole chain in memory (annihilation, water, crystals, blocks, pairs):
/// scanner biograph-mct around a water cylinder of 20 cm x 70 cm filled with 18F, on one and two
/// threads. Prints name, value, unit, peer, ratio.
namespace {

using namespace sojourn;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Speed {
  double wall, cpu;
  std::uint64_t decays, prompts;
};

Speed measure(const simulate::PetAcquisition& scan, std::size_t threads) {
  const core::ThreadLimit limit(threads);
  const auto start = std::chrono::steady_clock::now();
  const double cpu = cpu_seconds();
  const auto counts = simulate::acquire(scan, [](std::uint32_t, const auto&) {});
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), cpu_seconds() - cpu, counts.decays, counts.prompts};
}

}  // namespace

int main(int argc, char** argv) {
  const double decays = argc > 1 ? std::atof(argv[1]) : 4e6;
  const std::string nuclide = argc > 2 ? argv[2] : "F-18";
  const std::string scanner_id = argc > 3 ? argv[3] : "biograph-mct";
  const auto scanner = simulate::pet_scanner(scanner_id);
  const auto phantom = simulate::cylinder_phantom("water", 200, 700, 4);
  simulate::PetOptions options;
  options.background = false;
  constexpr double kActivityBq = 1e8;
  options.duration_s = decays / kActivityBq;
  const simulate::PetAcquisition scan(scanner, phantom.with(nuclide, kActivityBq), options);
  (void)measure(scan, 1);  // warms tables and caches
  double one = 1e300, two = 1e300, cpu = 1e300;
  std::uint64_t prompts = 0, made = 0;
  for (int i = 0; i < 5; ++i) {
    const auto a = measure(scan, 1), b = measure(scan, 2);
    one = std::min(one, a.wall), two = std::min(two, b.wall), cpu = std::min(cpu, a.cpu);
    prompts = a.prompts, made = a.decays;
  }
  const double n = static_cast<double>(made);
  fmt::print("transport_decays_per_cpu_second\t{:.0f}\t1/s\tGray 2.1e5 (published)\t{:.2f}\n",
             n / cpu, n / cpu / 2.1e5);
  fmt::print("transport_one_thread\t{:.0f}\t1/s\t-\t-\n", n / one);
  fmt::print("transport_two_threads\t{:.0f}\t1/s\tone thread\t{:.2f}\n", n / two, one / two);
  fmt::print("transport_prompts_per_decay\t{:.5f}\t-\t-\t-\n", static_cast<double>(prompts) / n);
}
