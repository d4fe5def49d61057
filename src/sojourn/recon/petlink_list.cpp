// Siemens PETLINK list mode of 32-bit words, as the mMR writes it.
#include <cmath>
#include <cstring>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/random.h"
#include "sojourn/core/time.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/recon/interfile_source.h"

namespace sojourn::recon::detail {
namespace {

constexpr double kMmPerCm = 10;
/// Depth behind the front of the crystals at which mMR photons stop on average (STIR, Scanner.cxx).
constexpr double kDepth_mm = 7.0;
constexpr std::uint32_t kTag = 1U << 31U, kPrompt = 1U << 30U, kAddress = kPrompt - 1U;
constexpr std::uint32_t kTagKind = 3U << 29U, kTime = (1U << 29U) - 1U;

projector::SinogramShape shape_of(const io::InterfileHeader& h) {
  projector::SinogramShape shape;
  if (h.whole("lm event and tag words format (bits)").value_or(32) != 32)
    refuse("{}: only words of 32 bits are read", h.where("lm event and tag words format (bits)"));
  if (h.whole("number of tof time bins").value_or(1) != 1)
    refuse("{}: only lists without time of flight are read", h.where("number of tof time bins"));
  if (h.whole("axial compression").value_or(1) != 1)
    refuse("{}: only lists without axial compression are read", h.where("axial compression"));
  shape.tangential = h.need_whole("number of projections");
  shape.views = h.need_whole("number of views");
  const int rings = h.need_whole("number of rings"), most = h.need_whole("maximum ring difference");
  if (shape.tangential < 1 || shape.tangential > 10000 || shape.views < 1 || shape.views > 10000 ||
      rings < 1 || rings > 1000 || most < 0 || most >= rings)
    refuse("{}: projections, views, rings or the ring difference are out of range",
           h.file().string());
  // 0, -1, +1, -2, +2…: the order of Siemens (STIR, stir_ecat_common.cxx)
  shape.segments.push_back({rings, 0, false});
  for (int d = 1; d <= most; ++d)
    for (const int sign : {-1, 1})
      shape.segments.push_back({rings - d, static_cast<double>(sign * d), false});
  shape.radius_mm = h.need_number("gantry crystal radius (cm)") * kMmPerCm + kDepth_mm;
  shape.ring_mm = h.need_number("distance between rings (cm)") * kMmPerCm;
  shape.arc_corrected = false;
  shape.detectors = 2 * shape.views;
  if (!(shape.radius_mm > kDepth_mm) || !(shape.ring_mm > 0))
    refuse("{}: the gantry's radius and the distance between rings must be over 0",
           h.file().string());
  return shape;
}

/// Line of a bin address.
class Addresses {
 public:
  explicit Addresses(const projector::SinogramShape& shape) : shape_(shape) {}
  [[nodiscard]] projector::Lor line(std::size_t address) const {
    const auto t = static_cast<int>(address % static_cast<std::size_t>(shape_.tangential));
    const std::size_t rest = address / static_cast<std::size_t>(shape_.tangential);
    const auto view = static_cast<int>(rest % static_cast<std::size_t>(shape_.views));
    auto plane = static_cast<int>(rest / static_cast<std::size_t>(shape_.views));
    std::size_t segment = 0;
    while (plane >= shape_.segments[segment].planes) plane -= shape_.segments[segment++].planes;
    return shape_.line(segment, plane, view, t);
  }

 private:
  const projector::SinogramShape& shape_;
};

void facts_of(const io::InterfileHeader& h, Acquisition& a) {
  if (const auto nuclide = h.text("isotope name")) {
    if (const auto name = nuclide::canonical_name(*nuclide)) a.nuclide = *name;
  }
  a.half_life_s = h.number("isotope gamma halflife (sec)");
  a.positron_fraction = h.number("isotope branching factor");
  a.injected_activity_bq = h.number("tracer activity at time of injection (bq)");
  a.tracer = h.text("radiopharmaceutical").value_or("");
  const auto moment = [&](const std::string& day,
                          const std::string& clock) -> std::optional<double> {
    const auto date = h.text(day), time = h.text(clock);
    if (!date || !time || date->size() != 10) return std::nullopt;
    std::string iso = *date + "T" + *time + "Z";
    iso[4] = iso[7] = '-';
    const auto read = core::parse_iso(iso);
    return read ? std::optional(read->utc_s()) : std::nullopt;
  };
  a.start_utc_s = moment("study date (yyyy:mm:dd)", "study time (hh:mm:ss gmt+00:00)");
  a.injected_utc_s =
      moment("tracer injection date (yyyy:mm:dd)", "tracer injection time (hh:mm:ss gmt+00:00)");
}

}  // namespace

Acquisition read_petlink_list(const io::InterfileHeader& h, const ReadChoices& choices) {
  const auto shape = shape_of(h);
  const Addresses addresses(shape);
  const auto file = io::interfile_data_file(h);
  const std::string data = core::read_file(file, std::uintmax_t{1} << 36);
  Acquisition a;
  a.format = "PETLINK list mode";
  a.scanner = "Siemens mMR";
  std::optional<std::uint32_t> first_ms, last_ms;
  for (std::size_t at = 0; at + 4 <= data.size(); at += 4) {
    std::uint32_t word = 0;
    for (std::size_t b = 4; b-- > 0;)
      word = word << 8U | static_cast<unsigned char>(data[at + b]);  // little endian
    if ((word & kTag) != 0) {
      if ((word & kTagKind) != 0) continue;  // singles, gates, bed
      last_ms = word & kTime;
      if (!first_ms) first_ms = last_ms;
      continue;
    }
    const std::size_t address = word & kAddress;
    if (address >= shape.bins())
      refuse("{}: byte {}: an event of bin {}, outside the scanner of {} bins that {} describes",
             file.string(), at, address, shape.bins(), h.file().filename().string());
    auto& list = (word & kPrompt) != 0 ? a.measured.lines.lors : a.delayed;
    list.push_back(addresses.line(address));
  }
  if (a.measured.size() == 0) refuse("{}: holds no prompt event", file.string());
  if (last_ms) a.duration_s = (*last_ms - *first_ms + 1) / 1000.0;
  if (const auto planned = h.number("image duration (sec)");
      planned && *planned > a.duration_s * 1.01)
    a.warnings.push_back(
        fmt::format("the list covers {:.3f} s of the {} s of its header", a.duration_s, *planned));
  const std::size_t bins = shape.bins(), n = std::min(choices.sensitivity_lines, bins);
  core::Random random(choices.seed);
  for (std::size_t i = 0; i < n; ++i) {  // one from each of n equal stretches
    const double place = (static_cast<double>(i) + random.uniform()) * static_cast<double>(bins) /
                         static_cast<double>(n);
    a.lines.push_back(addresses.line(std::min(static_cast<std::size_t>(place), bins - 1)));
  }
  a.weight = static_cast<double>(bins) / static_cast<double>(n);
  a.grid = covering_grid(0.45 * h.number("transaxial fov diameter (cm)").value_or(50) * kMmPerCm,
                         shape.half_length_mm(), 2 * shape.ring_mm, shape.ring_mm);
  facts_of(h, a);
  return a;
}

}  // namespace sojourn::recon::detail
