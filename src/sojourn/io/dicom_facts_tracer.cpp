#include <cmath>

#include "sojourn/core/time.h"
#include "sojourn/io/dicom_codes.h"
#include "sojourn/io/dicom_facts.h"
#include "sojourn/io/dicom_values.h"
#include "sojourn/nuclide/nuclide.h"

namespace sojourn::io::dicom {
namespace {

constexpr double kBqPerMBq =
    1e6;  // Enhanced PET states the dose in MBq (PS3.3 C.8.22.4), legacy PET in Bq (C.8.9.2)
constexpr double kDay_s = 86400.0;

bool is_midnight(double local_s) { return std::fmod(local_s, kDay_s) == 0; }

/// A clock reading of a DT value on the scanner's clock; an offset in the text fills in an unknown
/// zone.
std::optional<double> reading(const std::string& written, records::HeaderFacts& facts) {
  const auto clock = core::parse_dicom_datetime(written);
  if (!clock) return std::nullopt;
  if (clock->offset_min && facts.zone_min) return clock->utc_s() + 60.0 * *facts.zone_min;
  if (clock->offset_min) facts.zone_min = clock->offset_min;
  return clock->local_s;
}

/// (0018,1078) date and time, else (0018,1072) time alone. Midnight to the second is what consoles
/// write for "not entered", and stands for a missing time.
void read_injection(const Dataset& item, records::HeaderFacts& facts,
                    std::vector<std::string>& warnings) {
  auto with_date = reading(text(item, 0x00181078), facts);
  auto time_only = core::parse_dicom_time(text(item, 0x00181072));
  if (with_date && is_midnight(*with_date) && !(time_only && *time_only == 0)) {
    warnings.emplace_back(
        "the injection's date and time (0018,1078) is midnight to the second, a placeholder: it is "
        "not used");
    with_date.reset();
  }
  if (time_only && *time_only == 0) {
    warnings.emplace_back(
        "the injection time (0018,1072) is midnight to the second, a placeholder: it is not used");
    time_only.reset();
    if (with_date && is_midnight(*with_date)) with_date.reset();
  }
  if (with_date && time_only) {
    const double apart = std::abs(std::remainder(*with_date - *time_only, kDay_s));
    if (apart > 1.0) {
      warnings.push_back(fmt::format(
          "the header's two injection times differ by {:.0f} s; the one with a date is used",
          apart));
    }
  }
  facts.injection_local_s = with_date;
  if (!with_date) facts.injection_time_only_s = time_only;
}

void read_nuclide(const Dataset& item, records::HeaderFacts& facts) {
  if (const auto code = first_item(item, 0x00540300)) {
    facts.nuclide_text = text(*code, 0x00080104);
    facts.nuclide = nuclide_of_code(text(*code, 0x00080100));
    if (facts.nuclide_text.empty()) facts.nuclide_text = facts.nuclide;
    if (facts.nuclide.empty())
      facts.nuclide = nuclide::canonical_name(facts.nuclide_text).value_or("");
  }
  if (!facts.nuclide.empty() || facts.tracer_text.empty()) return;
  facts.nuclide = nuclide::canonical_name(facts.tracer_text).value_or("");
  // "F-18 FDG", "FDG [18F]": the nuclide is one of the words.
  std::string word;
  for (const char c : facts.tracer_text + " ") {
    if (c != ' ' && c != '[' && c != ']' && c != '(' && c != ')' && c != '_' && c != ',') {
      word += c;
      continue;
    }
    if (facts.nuclide.empty() && !word.empty())
      facts.nuclide = nuclide::canonical_name(word).value_or("");
    word.clear();
  }
}

std::optional<double> positive(std::optional<double> value) {
  return value && *value > 0 ? value : std::nullopt;
}

}  // namespace

void read_tracer(const Dataset& data, Kind kind, records::HeaderFacts& facts,
                 std::vector<std::string>& warnings) {
  const auto all = sequence(data, 0x00540016);
  if (all.empty()) return;
  if (all.size() > 1) {
    warnings.push_back(fmt::format(
        "the header lists {} radiopharmaceuticals; the facts are those of the first", all.size()));
  }
  const Dataset& item = all.front();
  facts.tracer_text = text(item, 0x00180031);
  if (facts.tracer_text.empty()) {
    if (const auto code = first_item(item, 0x00540304)) facts.tracer_text = text(*code, 0x00080104);
  }
  read_nuclide(item, facts);
  read_injection(item, facts, warnings);
  facts.half_life_s = positive(number(item, field(0x00181075, "DS")));
  facts.positron_fraction = positive(number(item, field(0x00181076, "DS")));
  // 0 is "not entered"; any other value stays as written: what it is worth is not decided here.
  facts.injected_activity_bq = positive(number(item, field(0x00181074, "DS")));
  // NM states MBq (PS3.3 C.8.4.10), and so does enhanced PET.
  if (facts.injected_activity_bq && kind != Kind::pet) *facts.injected_activity_bq *= kBqPerMBq;
}

void read_clocks(const Dataset& data, records::HeaderFacts& facts) {
  // (0008,0201) is "+0100": read as the zone of some moment.
  const std::string zone = text(data, 0x00080201);
  if (const auto clock = core::parse_dicom_datetime("2000010100" + zone); clock && !zone.empty()) {
    facts.zone_min = clock->offset_min;
  }
  facts.series_local_s = clock_of(data, 0x00080021, 0x00080031);
  facts.series_date_local_s = core::parse_dicom_date(text(data, 0x00080021));
}

void read_private(const Dataset& data, records::HeaderFacts& facts) {
  struct Place {
    unsigned group;
    const char *creator, *name;
    unsigned low;
  };
  static constexpr Place kReferences[] = {
      {0x0009, "GEMS_PETD_01", "GE private (0009,100D)", 0x0D},
      {0x0071, "SIEMENS MED PT", "Siemens private (0071,1022)", 0x22}};
  for (const auto& place : kReferences) {
    const Element* element = private_element(data, place.group, place.creator, place.low);
    if (element == nullptr || facts.private_reference_local_s) continue;
    facts.private_reference_local_s = reading(element_text(*element), facts);
    if (facts.private_reference_local_s) facts.private_reference_name = place.name;
  }
  constexpr const char* kPhilips = "Philips PET Private Group";
  const auto factor = [&](unsigned low) -> std::optional<double> {
    const Element* element = private_element(data, 0x7053, kPhilips, low);
    return element == nullptr ? std::nullopt : positive(private_number(data, *element));
  };
  facts.philips_suv_factor = factor(0x00);
  facts.philips_activity_factor = factor(0x09);
}

}  // namespace sojourn::io::dicom
