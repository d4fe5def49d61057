#include "sojourn/io/bids_sidecar.h"

#include <algorithm>
#include <cmath>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/table_reader.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/nuclide.h"
#include "sojourn/units/units.h"

namespace sojourn::io {
namespace fs = std::filesystem;
namespace {

using core::Tree;
using records::HeaderFacts;
using records::ImageSeries;

bool is_missing(const Tree& value) {
  if (value.is_null()) return true;
  return value.kind() == Tree::Kind::string &&
         (value.text() == "n/a" || value.text() == "N/A" || value.text().empty());
}

/// The table reader with BIDS's "n/a".
class Sidecar {
 public:
  Sidecar(const Tree& table, std::string source) : in_(table, std::move(source)) {}

  bool has(const std::string& key) {
    const Tree* value = in_.raw(key);
    return value != nullptr && !is_missing(*value);
  }
  std::optional<double> number(const std::string& key) {
    if (!has(key)) return std::nullopt;
    const auto value = in_.number(key);
    if (value && std::abs(*value) > 1e18) in_.fail(key, "is no measured value; correct it");
    return value;
  }
  std::optional<std::string> text(const std::string& key) {
    return has(key) ? in_.text(key) : std::nullopt;
  }
  std::optional<bool> boolean(const std::string& key) {
    return has(key) ? in_.boolean(key) : std::nullopt;
  }
  std::vector<double> numbers(const std::string& key) {
    return has(key) ? in_.numbers(key) : std::vector<double>{};
  }
  [[noreturn]] void fail(const std::string& key, const std::string& message) const {
    in_.fail(key, message);
  }

 private:
  core::TableReader in_;
};

void read_unit(Sidecar& in, ImageSeries& series) {
  const auto text = in.text("Units");
  if (!text) return;
  series.facts.unit_text = *text;
  const UnitReading unit = read_pixel_unit(*text);
  series.facts.unit = unit.unit;
  if (unit.unit == records::PixelUnit::unknown) {
    series.warnings.push_back(
        "Units of the sidecar are none that is known; state them in the study file");
  }
  if (*text == "SUV")
    series.warnings.emplace_back("Units is \"SUV\" without its kind; body weight taken");
  if (unit.factor == 1) return;
  for (auto& frame : series.frames) {
    for (float& v : frame.values.values()) {
      v = static_cast<float>(v * unit.factor);
      if (!std::isfinite(v))
        in.fail("Units", "a value in Bq/mL is beyond 3.4e38; correct the unit or the image");
    }
  }
}

void read_tracer(Sidecar& in, ImageSeries& series) {
  HeaderFacts& facts = series.facts;
  if (const auto name = in.text("TracerName")) facts.tracer_text = *name;
  if (const auto name = in.text("TracerRadionuclide")) {
    facts.nuclide_text = *name;
    facts.nuclide = nuclide::canonical_name(*name).value_or("");
    if (facts.nuclide.empty()) series.warnings.emplace_back("TracerRadionuclide names no nuclide");
  }
  // Not in BIDS, but written by dcm2niix: what a nuclide outside our tables needs.
  const auto half_life = in.number("RadionuclideHalfLife");
  if (half_life && !(*half_life > 0))
    in.fail("RadionuclideHalfLife", "is not over 0 s; correct it");
  facts.half_life_s = half_life;
  const auto activity = in.number("InjectedRadioactivity");
  const auto unit = in.text("InjectedRadioactivityUnits");
  if (activity && *activity < 0) in.fail("InjectedRadioactivity", "is negative; correct it");
  if (activity && !unit) {
    series.warnings.emplace_back(
        "InjectedRadioactivity has no InjectedRadioactivityUnits and is not used");
  } else if (activity) {
    try {
      facts.injected_activity_bq = *activity * units::factor(*unit, units::Dimension::activity);
    } catch (const Error& e) {
      in.fail("InjectedRadioactivityUnits", e.what());
    }
  }
}

/// Frames that end after the next one starts, by more than the second to which sidecars are
/// rounded.
void check_frames(const Sidecar& in, const std::vector<double>& starts,
                  const std::vector<double>& durations) {
  constexpr double kRounding_s = 1.0;
  std::size_t overlaps = 0, ends = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (!(durations[i] > 0))
      in.fail("FrameDuration", fmt::format("frame {} lasts {} s; correct it", i + 1, durations[i]));
    if (i + 1 == starts.size()) break;
    if (!(starts[i + 1] > starts[i])) {
      in.fail(
          "FrameTimesStart",
          fmt::format("frame {} does not start after frame {}; correct the order", i + 2, i + 1));
    }
    overlaps += starts[i] + durations[i] > starts[i + 1] + kRounding_s;
    ends += std::abs(durations[i] - starts[i + 1]) <= kRounding_s;
  }
  if (overlaps == 0) return;
  if (ends + 1 >= starts.size()) {
    in.fail("FrameDuration",
            "holds the frames' end times, not their durations (each value is the start of the next "
            "frame); subtract "
            "FrameTimesStart");
  }
  in.fail(
      "FrameDuration",
      fmt::format("{} frames last beyond the start of the next (FrameTimesStart); correct one of "
                  "the two",
                  overlaps));
}

struct Zero {
  std::optional<double> local_s, of_day_s;
};

/// Where the sidecar's seconds count from.
Zero read_time_zero(Sidecar& in, ImageSeries& series) {
  Zero zero;
  if (const auto clock = in.text("TimeZero")) {
    zero.of_day_s = core::parse_dicom_time(*clock);
    if (!zero.of_day_s)
      in.fail("TimeZero", fmt::format("\"{}\" is no clock time; write as 13:04:42", *clock));
  }
  if (const auto text = in.text("SojournTimeZero")) {
    const auto moment = core::parse_iso(*text);
    if (!moment) {
      in.fail("SojournTimeZero",
              fmt::format("\"{}\" is no date and time; write it as 2026-03-02T10:15:00Z", *text));
    }
    zero.local_s = moment->local_s;
    series.facts.zone_min = moment->offset_min;
    const double of_day = moment->local_s - std::floor(moment->local_s / units::kSecondsPerDay) *
                                                units::kSecondsPerDay;
    if (zero.of_day_s && std::abs(*zero.of_day_s - of_day) > 1.0) {
      in.fail("SojournTimeZero",
              "does not read the same clock time as TimeZero; correct one of the two");
    }
  } else if (const auto date = in.text("ScanDate"); date && zero.of_day_s) {
    const auto midnight = core::parse_iso(*date + "T00:00:00");
    if (!midnight)
      in.fail("ScanDate", fmt::format("\"{}\" is no date; write as 2026-03-02", *date));
    zero.local_s = midnight->local_s + *zero.of_day_s;
  }
  return zero;
}

void read_frames(Sidecar& in, const Zero& zero, ImageSeries& series) {
  const auto starts = in.numbers("FrameTimesStart");
  const auto durations = in.numbers("FrameDuration");
  for (const auto& [key, list] :
       {std::pair{"FrameTimesStart", &starts}, std::pair{"FrameDuration", &durations}}) {
    if (!list->empty() && list->size() != series.frames.size()) {
      in.fail(key, fmt::format("{} values where the image has {} frames; correct the sidecar",
                               list->size(), series.frames.size()));
    }
  }
  if (!starts.empty() && !durations.empty()) check_frames(in, starts, durations);
  for (std::size_t i = 0; i < series.frames.size(); ++i) {
    records::SliceTiming timing;
    if (!starts.empty() && zero.local_s) timing.start_local_s = *zero.local_s + starts[i];
    if (!durations.empty()) {
      if (!(durations[i] > 0)) in.fail("FrameDuration", "a frame does not last; correct it");
      timing.duration_s = durations[i];
    }
    if (timing.start_local_s || timing.duration_s) series.frames[i].slices = {timing};
  }
  if (!zero.local_s) series.facts.frame_starts_relative_s = starts;
}

void read_times(Sidecar& in, ImageSeries& series) {
  HeaderFacts& facts = series.facts;
  const Zero zero = read_time_zero(in, series);
  read_frames(in, zero, series);
  const auto scan = in.number("ScanStart");
  const auto injection = in.number("InjectionStart");
  const auto reference = in.number("ImageDecayCorrectionTime");
  if (const auto corrected = in.boolean("ImageDecayCorrected")) {
    facts.decay_correction = !*corrected ? records::DecayCorrection::none
                             : reference ? records::DecayCorrection::stated_time
                                         : records::DecayCorrection::unknown;
    if (*corrected && !reference) {
      series.warnings.emplace_back(
          "ImageDecayCorrected is true, but ImageDecayCorrectionTime is missing");
    }
  }
  // dcm2niix copies DICOM's word in place of the two BIDS fields.
  if (const auto word = in.text("DecayCorrection");
      word && facts.decay_correction == records::DecayCorrection::unknown && !reference) {
    if (*word == "NONE") facts.decay_correction = records::DecayCorrection::none;
    if (*word == "START") facts.decay_correction = records::DecayCorrection::scan_start;
    if (*word == "ADMIN") facts.decay_correction = records::DecayCorrection::administration;
  }
  if (const auto end = in.number("InjectionEnd"); end && injection && *end < *injection) {
    in.fail("InjectionEnd", "lies before InjectionStart; correct one of the two");
  }
  const auto dated = [&](std::optional<double> relative) {
    return relative && zero.local_s ? std::optional(*zero.local_s + *relative) : std::nullopt;
  };
  const bool is_corrected = facts.decay_correction == records::DecayCorrection::stated_time;
  if (zero.local_s) {
    facts.series_local_s = dated(scan);
    facts.series_date_local_s =
        std::floor(*zero.local_s / units::kSecondsPerDay) * units::kSecondsPerDay;
    facts.injection_local_s = dated(injection);
    if (is_corrected) facts.decay_reference_local_s = dated(reference);
    return;
  }
  facts.time_zero_of_day_s = zero.of_day_s;
  facts.scan_start_relative_s = scan;
  facts.injection_relative_s = injection;
  if (is_corrected) facts.decay_reference_relative_s = reference;
  if (zero.of_day_s && injection) {
    const double at = *zero.of_day_s + *injection;
    facts.injection_time_only_s =
        at - std::floor(at / units::kSecondsPerDay) * units::kSecondsPerDay;
  }
}

void read_rest(Sidecar& in, ImageSeries& series) {
  HeaderFacts& facts = series.facts;
  facts.manufacturer = in.text("Manufacturer").value_or("");
  facts.model = in.text("ManufacturersModelName").value_or("");
  facts.calibration_factor = in.number("DoseCalibrationFactor");
  for (const char* key : {"BodyWeight", "PatientWeight"}) {
    const auto weight = in.number(key);
    if (weight && *weight > 0)
      facts.body_mass_g = 1000 * *weight;  // kilograms, as DICOM and dcm2niix have it
  }
  if (const auto text = in.text("AttenuationCorrection");
      text && *text != "none" && *text != "None") {
    facts.corrections.emplace_back("ATTN");
  }
  if (facts.decay_correction != records::DecayCorrection::none &&
      facts.decay_correction != records::DecayCorrection::unknown) {
    facts.corrections.emplace_back("DECY");
  }
}

/// The words of `texts` in lower case without blanks; M keeps its case so that MBq is not mBq.
std::string simplified(std::string_view text) {
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '[' || c == ']' || c == '(' || c == ')' || c == '^') continue;
    word += c == 'M' ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const auto replace = [&](std::string_view from, std::string_view to) {
    for (auto at = word.find(from); at != std::string::npos; at = word.find(from, at + to.size())) {
      word.replace(at, from.size(), to);
    }
  };
  replace("µ", "u");
  replace("Ml", "ml");
  for (const char* volume :
       {"/cc", "/ccm", "/cm3", "*ml-1", "ml-1", "/milliliter", "/millilitre"}) {
    if (word.ends_with(volume))
      word.replace(word.size() - std::string_view(volume).size(), std::string::npos, "/ml");
  }
  return word;
}

}  // namespace

UnitReading read_pixel_unit(std::string_view text) {
  using records::PixelUnit;
  if (text.size() > 64) return {};
  if (text == "BQML") return {PixelUnit::bq_per_ml, 1};
  if (text == "GML") return {PixelUnit::suv_bw, 1};
  if (text == "CNTS" || text == "COUNTS") return {PixelUnit::counts, 1};
  if (text == "CPS") return {PixelUnit::counts_per_second, 1};
  if (text == "PROPCNTS" || text == "PROPCPS" || text == "1CM") return {PixelUnit::proportional, 1};
  const std::string word = simplified(text);
  constexpr double kBqPerNci = 37.0;  // 1 Ci = 3.7e10 Bq, exact
  if (word == "bq/ml" || word == "becquerels/ml") return {PixelUnit::bq_per_ml, 1};
  if (word == "kbq/ml") return {PixelUnit::bq_per_ml, 1e3};
  if (word == "Mbq/ml") return {PixelUnit::bq_per_ml, 1e6};
  if (word == "nci/ml") return {PixelUnit::bq_per_ml, kBqPerNci};
  if (word == "uci/ml") return {PixelUnit::bq_per_ml, 1e3 * kBqPerNci};
  if (word == "g/ml" || word == "suv" || word == "suvbw") return {PixelUnit::suv_bw, 1};
  if (word == "counts" || word == "count" || word == "cnts") return {PixelUnit::counts, 1};
  if (word == "cps" || word == "counts/s" || word == "counts/sec")
    return {PixelUnit::counts_per_second, 1};
  if (word == "hu" || word == "hounsfield") return {PixelUnit::hounsfield, 1};
  return {};
}

std::optional<fs::path> sidecar_of(const fs::path& image) {
  fs::path stem = image;
  if (stem.extension() == ".gz") stem.replace_extension();
  stem.replace_extension(".json");
  std::error_code ignored;
  return fs::is_regular_file(stem, ignored) ? std::optional(stem) : std::nullopt;
}

void read_bids_sidecar(const fs::path& sidecar, ImageSeries& series) {
  constexpr std::uintmax_t kLimit = std::uintmax_t{16} << 20;
  const std::string name = sidecar.filename().string();
  const Tree document = core::parse_json(core::read_file(sidecar, kLimit), name);
  Sidecar in(document, name);
  read_unit(in, series);
  read_tracer(in, series);
  read_times(in, series);
  read_rest(in, series);
}

}  // namespace sojourn::io
