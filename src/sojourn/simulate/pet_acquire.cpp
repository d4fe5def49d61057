#include "sojourn/simulate/pet_acquire.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/io/list_mode.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::simulate {
namespace {

constexpr std::uint64_t kBackgroundStream = std::uint64_t{1} << 63;
constexpr std::uint64_t kSliceStream = std::uint64_t{1} << 62;
constexpr double kDelayWindows = 64;  ///< the delayed window lies this many windows later
constexpr std::size_t kBatch = 16;    ///< slices that are made before their events are handed over

/// "90 s left" of what took `elapsed_s` for `fraction`.
std::string time_left(double elapsed_s, double fraction) {
  if (fraction <= 0) return "";
  const double left = elapsed_s * (1 - fraction) / fraction;
  return left < 120 ? fmt::format(", {:.0f} s left", left)
                    : fmt::format(", {:.0f} min left", left / 60);
}

}  // namespace

PetAcquisition::PetAcquisition(const PetScanner& scanner, const PetSubject& subject,
                               const PetOptions& options)
    : scanner_(scanner),
      subject_(subject),
      options_(options),
      hits_(scanner, subject, options.cut_kev) {
  if (!(options_.duration_s > 0))
    throw Error(ErrorCode::bad_value, "a scan needs a duration over 0 s");
  if (!(subject_.activity_bq >= 0) || (subject_.activity_bq > 0 && subject_.source == nullptr))
    throw Error(ErrorCode::bad_value, "a scan needs a source for its activity");
  decay_per_s_ = std::numbers::ln2 / nuclide::find(subject_.nuclide).half_life_s;
  const double rate = subject_.activity_bq + (options_.background ? hits_.background_bq() : 0);
  const double wanted = rate * options_.duration_s / options_.decays_per_slice;
  if (wanted > 4e9) throw Error(ErrorCode::bad_value, "too many decays for one scan; shorten it");
  slices_ = static_cast<std::uint32_t>(std::max(std::ceil(wanted), 1.0));
  // 32 bits of time in a slice, to the nanosecond where they reach
  time_unit_ns_ = std::max(1.0, std::ceil(slice_s() * 1e9 / 4e9));
}

records::ListModeHeader PetAcquisition::header() const {
  records::ListModeHeader h;
  h.scanner = scanner_.id;
  h.geometry = scanner_.geometry;
  h.depth_of_interaction_mm = scanner_.depth_of_interaction_mm();
  h.tof_fwhm_ps = scanner_.keeps_time_of_flight ? scanner_.timing_fwhm_ns * 1000 : 0;
  h.energy_low_kev = scanner_.energy_low_kev;
  h.energy_high_kev = scanner_.energy_high_kev;
  h.coincidence_window_s = scanner_.window_ns * 1e-9;
  h.energy_resolution_511 = scanner_.energy_resolution_511;
  h.nuclide = nuclide::find(subject_.nuclide).name;
  h.activity_bq = subject_.activity_bq;
  h.duration_s = options_.duration_s;
  h.time_unit_s = time_unit_ns_ * 1e-9;
  h.seed = options_.seed;
  h.slices = slices_;
  h.note = "simulated";
  return h;
}

std::vector<records::ListModeEvent> PetAcquisition::slice(std::uint32_t index,
                                                          PetCounts& counts) const {
  const double slice_s = this->slice_s(), slice_ns = slice_s * 1e9;
  core::Random numbers(options_.seed, kSliceStream + index);
  const double decays_mean = subject_.activity_bq * std::exp(-decay_per_s_ * slice_s * index) *
                             -std::expm1(-decay_per_s_ * slice_s) / decay_per_s_;
  std::vector<Hit> hits;
  hits.reserve(static_cast<std::size_t>(decays_mean / 2));
  std::uint32_t decays = 0;
  const std::size_t columns = subject_.source != nullptr ? subject_.source->all().end : 0;
  // a part for some hundred decays at least: small scans take the whole map at once
  const auto parts = static_cast<std::size_t>(
      std::clamp(decays_mean / 256, 1.0, std::ceil(static_cast<double>(columns) / 2048 + 1)));
  for (std::size_t part = 0; part < parts && columns > 0; ++part) {
    const transport::SourceMap::Range where{columns * part / parts, columns * (part + 1) / parts};
    const double share =
        static_cast<double>(where.end - where.begin) / static_cast<double>(columns);
    for (auto left = numbers.poisson(decays_mean * share); left > 0; --left, ++decays) {
      transport::Stream random(options_.seed, (std::uint64_t{index} << 30) + decays);
      const double time_ns = random.uniform() * slice_ns;
      hits_.decay(random, where, decays, time_ns, slice_ns, hits);
    }
  }
  const auto own = static_cast<std::uint32_t>(
      options_.background ? numbers.poisson(hits_.background_bq() * slice_s) : 0);
  for (std::uint32_t i = 0; i < own; ++i) {
    transport::Stream random(options_.seed, kBackgroundStream + (std::uint64_t{index} << 30) + i);
    const double time_ns = random.uniform() * slice_ns;
    hits_.background(random, i, time_ns, hits);
  }
  counts.decays += decays;
  counts.background_decays += own;
  const auto singles = block_singles(hits, scanner_, counts);
  std::vector<records::ListModeEvent> events;
  pair_singles(singles, scanner_, options_.delayed ? kDelayWindows * scanner_.window_ns : 0,
               time_unit_ns_, events, counts);
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return events;
}

PetCounts acquire(
    const PetAcquisition& acquisition,
    const std::function<void(std::uint32_t, const std::vector<records::ListModeEvent>&)>& take,
    std::uint32_t first_slice, const core::Progress& progress) {
  PetCounts sum;
  const auto start = std::chrono::steady_clock::now();
  for (std::uint32_t first = first_slice; first < acquisition.slices(); first += kBatch) {
    const std::size_t n = std::min<std::size_t>(kBatch, acquisition.slices() - first);
    std::vector<std::vector<records::ListModeEvent>> events(n);
    std::vector<PetCounts> counts(n);
    core::parallel_for(n, [&](std::size_t i) {
      events[i] = acquisition.slice(first + static_cast<std::uint32_t>(i), counts[i]);
    });
    for (std::size_t i = 0; i < n; ++i) {
      sum += counts[i];
      take(first + static_cast<std::uint32_t>(i), events[i]);
    }
    if (progress) {
      const double done = first + static_cast<double>(n) - first_slice,
                   fraction = done / (acquisition.slices() - first_slice);
      const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
      progress("simulate" + time_left(elapsed.count(), fraction), fraction);
    }
  }
  return sum;
}

PetCounts acquire_to_file(const PetAcquisition& acquisition, const std::filesystem::path& path,
                          bool resume, const core::Progress& progress) {
  io::ListModeWriter writer(path, acquisition.header(), resume);
  const auto counts = acquire(
      acquisition,
      [&](std::uint32_t, const std::vector<records::ListModeEvent>& events) {
        writer.append(events);
      },
      writer.next_slice(), progress);
  writer.finish();
  return counts;
}

}  // namespace sojourn::simulate
