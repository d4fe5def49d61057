#include "sojourn/recon/castor_source.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/random.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/recon/castor_header.h"
#include "sojourn/units/units.h"

namespace sojourn::recon {
namespace {

constexpr double kTofCut_sigmas = 3.5;
constexpr int kMostBins = 10000;

/// Which fields an event has, in the order in which they stand.
struct Fields {
  bool list = true, attenuation = false, kind = false, scatter = false, random = false,
       normalisation = false, tof = false;
  int bins = 1;  ///< of time of flight, in a histogram

  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = 4 + 8;  // time and two crystals
    n += 4 * (std::size_t{attenuation} + std::size_t{random} + std::size_t{normalisation});
    if (list) return n + 4 * (std::size_t{scatter} + std::size_t{tof}) + std::size_t{kind};
    return n + 4 * static_cast<std::size_t>(bins) * (1 + std::size_t{scatter});
  }
};

Fields fields_of(const CastorHeader& h) {
  Fields f;
  if (h.need_text("data type") != "PET") refuse("{}: only PET data are read", h.file().string());
  const std::string mode = h.text("data mode").value_or("list-mode");
  if (mode != "list-mode" && mode != "list" && mode != "histogram")
    refuse("{}: data mode \"{}\"; list-mode and histogram are read", h.file().string(), mode);
  f.list = mode != "histogram";
  for (const char* key : {"poi capability", "poi correction flag", "emission point flag"})
    if (h.flag(key)) refuse("{}: {}: such data are not read", h.file().string(), key);
  if (h.number("maximum number of lines per event").value_or(1) != 1)
    refuse("{}: events of several lines are not read", h.file().string());
  f.attenuation = h.flag("attenuation correction flag");
  f.kind = f.list && h.flag("coincidence kind flag");
  f.scatter = h.flag("scatter correction flag");
  f.random = h.flag("random correction flag");
  f.normalisation = h.flag("normalization correction flag");
  f.tof = h.flag("tof information flag");
  if (f.tof && !f.list) {
    f.bins = static_cast<int>(h.need_number("histo tof number of bins"));
    if (f.bins < 1 || f.bins > kMostBins)
      refuse("{}: {} bins of time of flight", h.file().string(), f.bins);
  }
  return f;
}

template <typename T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  at += sizeof(T);
  return value;
}

class Reader {
 public:
  Reader(const CastorHeader& h, const CastorScanner& scanner)
      : header_(h), scanner_(scanner), fields_(fields_of(h)) {
    if (!fields_.tof) return;
    projector::TofResolution tof;
    tof.sigma_mm =
        h.need_number("tof resolution (ps)") / units::kFwhmPerSigma * projector::tof_mm_per_ps();
    tof.cut_sigmas = kTofCut_sigmas;
    tof.bin_mm = (fields_.list ? h.number("list tof quantization bin size (ps)").value_or(0)
                               : h.need_number("histo tof bin size (ps)")) *
                 projector::tof_mm_per_ps();
    if (fields_.list)
      range_mm_ = h.need_number("list tof measurement range (ps)") * projector::tof_mm_per_ps();
    if (!(tof.sigma_mm > 0) || !(tof.bin_mm >= 0) || !(range_mm_ > 0 || !fields_.list))
      refuse("{}: resolution, bin size and range of the time of flight must be over 0",
             h.file().string());
    tof_ = tof;
  }

  Acquisition read(const ReadChoices& choices) {
    Acquisition a;
    a.format = fields_.list ? "CASToR list mode" : "CASToR histogram";
    a.scanner = scanner_.name;
    a.duration_s = header_.number("duration (s)").value_or(0);
    if (const auto name = nuclide::canonical_name(header_.text("isotope").value_or("")))
      a.nuclide = *name;
    a.tof = tof_;
    a.tof_bins = fields_.bins;
    a.grid = covering_grid(0.5 * scanner_.radius_mm, scanner_.half_length_mm,
                           scanner_.radius_mm / 150, scanner_.radius_mm / 150);
    events(a);
    if (fields_.list) pairs(a, choices);
    return a;
  }

 private:
  [[nodiscard]] projector::Lor line(std::uint32_t a, std::uint32_t b, std::size_t event) const {
    const std::size_t n = scanner_.crystal_mm.size();
    if (a >= n || b >= n)
      refuse("{}: event {} of crystals {} and {}, outside the scanner {} of {} crystals",
             header_.file().string(), event, a, b, scanner_.name, n);
    return {scanner_.crystal_mm[a], scanner_.crystal_mm[b]};
  }

  void events(Acquisition& a) {
    const auto file = header_.file().parent_path() / header_.need_text("data filename");
    const std::string data = core::read_file(file, std::uintmax_t{1} << 40);
    const double wanted = header_.need_number("number of events");
    const std::size_t size = fields_.bytes(), n = data.size() / size;
    if (data.size() % size != 0 || static_cast<double>(n) != wanted)
      refuse("{}: {} bytes, where {} events of {} bytes are announced", file.string(), data.size(),
             wanted, size);
    const char* at = data.data();
    for (std::size_t e = 0; e < n; ++e) {
      if (fields_.list)
        list_event(a, at, e);
      else
        histogram_event(a, at, e);
    }
    if (a.measured.size() == 0) refuse("{}: nothing was counted", file.string());
  }

  /// 1 / correction factor, checked.
  float inverse(float factor, const char* what, std::size_t event) const {
    if (!(factor > 0) || !std::isfinite(factor))
      refuse("{}: event {}: a {} factor of {}: it must be finite and over 0",
             header_.file().string(), event, what, factor);
    return 1 / factor;
  }

  void list_event(Acquisition& a, const char*& at, std::size_t e) {
    (void)take<std::uint32_t>(at);  // ms
    const float attenuation = fields_.attenuation ? take<float>(at) : 1;
    if (fields_.kind) (void)take<std::uint8_t>(at);
    const float scatter = fields_.scatter ? take<float>(at) : 0;
    const float random = fields_.random ? take<float>(at) : 0;
    const float normalisation = fields_.normalisation ? take<float>(at) : 1;
    const float tof_ps = fields_.tof ? take<float>(at) : 0;
    const auto first = take<std::uint32_t>(at), second = take<std::uint32_t>(at);
    a.measured.lines.lors.push_back(line(first, second, e));
    if (fields_.attenuation) a.attenuation.push_back(inverse(attenuation, "attenuation", e));
    if (fields_.normalisation)
      a.normalisation.push_back(inverse(normalisation, "normalisation", e));
    double per_scatter = a.duration_s, per_random = a.duration_s;
    if (tof_) {
      // rates of scatter are per ps, of randoms over the whole range
      const double bin_mm = tof_->bin_mm > 0 ? tof_->bin_mm : 1;
      per_scatter *= bin_mm / projector::tof_mm_per_ps();
      per_random *= bin_mm / range_mm_;
      a.measured.lines.tof_mm.push_back(
          static_cast<float>(static_cast<double>(tof_ps) * projector::tof_mm_per_ps()));
    }
    if (fields_.scatter)
      a.scatter.push_back(static_cast<float>(per_scatter * static_cast<double>(scatter)));
    if (fields_.random)
      a.randoms.push_back(static_cast<float>(per_random * static_cast<double>(random)));
  }

  void histogram_event(Acquisition& a, const char*& at, std::size_t e) {
    (void)take<std::uint32_t>(at);
    const float attenuation = fields_.attenuation ? inverse(take<float>(at), "attenuation", e) : 1;
    const float random = fields_.random ? take<float>(at) : 0;
    const float normalisation =
        fields_.normalisation ? inverse(take<float>(at), "normalisation", e) : 1;
    std::vector<float> counts, scatter;
    for (int b = 0; b < fields_.bins; ++b) {
      counts.push_back(take<float>(at));
      scatter.push_back(fields_.scatter ? take<float>(at) : 0);
    }
    const auto first = take<std::uint32_t>(at), second = take<std::uint32_t>(at);
    const auto lor = line(first, second, e);
    a.lines.push_back(lor);
    a.line_normalisation.push_back(normalisation * attenuation);
    const auto duration = static_cast<float>(a.duration_s);
    for (int b = 0; b < fields_.bins; ++b) {
      const auto i = static_cast<std::size_t>(b);
      if (!(counts[i] >= 0))
        refuse("{}: event {} holds {} counts", header_.file().string(), e, counts[i]);
      if (counts[i] == 0) continue;
      a.measured.lines.lors.push_back(lor);
      a.measured.counts.push_back(counts[i]);
      if (tof_)
        a.measured.lines.tof_mm.push_back(
            static_cast<float>((b - 0.5 * (fields_.bins - 1)) * tof_->bin_mm));
      if (fields_.attenuation) a.attenuation.push_back(attenuation);
      if (fields_.normalisation) a.normalisation.push_back(normalisation);
      if (fields_.random) a.randoms.push_back(random * duration / static_cast<float>(fields_.bins));
      if (fields_.scatter) a.scatter.push_back(scatter[i] * duration);
    }
  }

  /// Pairs of crystals that may be in coincidence, an even sample.
  void pairs(Acquisition& a, const ReadChoices& choices) const {
    if (fields_.normalisation || fields_.attenuation) {
      a.warnings.emplace_back(
          "events carry normalisation or attenuation, but the list does not tell "
          "those of lines without events: give a sensitivity image");
      return;
    }
    const auto n = static_cast<double>(scanner_.crystal_mm.size());
    core::Random random(choices.seed);
    const auto crystal = [&] { return static_cast<std::size_t>(random.uniform() * n); };
    for (std::size_t i = 0; i < choices.sensitivity_lines; ++i) {
      const auto &p = scanner_.crystal_mm[crystal()], &q = scanner_.crystal_mm[crystal()];
      const double turn = std::abs(
          std::remainder(std::atan2(static_cast<double>(p[1]), static_cast<double>(p[0])) -
                             std::atan2(static_cast<double>(q[1]), static_cast<double>(q[0])),
                         2 * std::numbers::pi));
      if (turn < scanner_.min_angle_rad || turn == 0) continue;
      a.lines.push_back({p, q});
    }
    a.weight = n * n / 2 / static_cast<double>(choices.sensitivity_lines);
  }

  const CastorHeader& header_;
  const CastorScanner& scanner_;
  Fields fields_;
  std::optional<projector::TofResolution> tof_;
  double range_mm_ = 0;
};

}  // namespace

Acquisition read_castor(const std::filesystem::path& file, const ReadChoices& choices) {
  const CastorHeader header(core::read_file(file, std::uintmax_t{1} << 24), file);
  const auto scanner = read_castor_scanner(header.need_text("scanner name"), file.parent_path());
  return Reader(header, scanner).read(choices);
}

}  // namespace sojourn::recon
