#include "sojourn/io/dicom_facts.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "sojourn/core/time.h"
#include "sojourn/io/dicom_values.h"

namespace sojourn::io::dicom {
namespace {

using records::DecayCorrection;
using records::PixelUnit;

std::string folded(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// SUV Type (0054,1006); body weight where it is empty (PS3.3 C.8.9.1).
PixelUnit suv_unit(const std::string& type) {
  if (type.empty() || type == "BW") return PixelUnit::suv_bw;
  if (type == "LBM" || type == "LBMJAMES128") return PixelUnit::suv_lbm_james128;
  if (type == "LBMJANMA") return PixelUnit::suv_lbm_janma;
  if (type == "IBW") return PixelUnit::suv_ibw;
  if (type == "BSA") return PixelUnit::suv_bsa;
  return PixelUnit::unknown;
}

/// Units (0054,1001), and the UCUM codes of real-world maps.
PixelUnit pixel_unit(const std::string& written, const std::string& suv_type) {
  const std::string unit = folded(written);
  if (unit == "BQML" || unit == "BQ/ML") return PixelUnit::bq_per_ml;
  if (unit == "GML") return suv_unit(suv_type);
  if (unit == "{SUVBW}G/ML") return PixelUnit::suv_bw;
  if (unit == "{SUVLBM}G/ML" || unit == "{SUVLBM(JAMES128)}G/ML")
    return PixelUnit::suv_lbm_james128;
  if (unit == "{SUVLBM(JANMA)}G/ML") return PixelUnit::suv_lbm_janma;
  if (unit == "{SUVIBW}G/ML") return PixelUnit::suv_ibw;
  if (unit == "CM2ML" || unit == "{SUVBSA}CM2/ML") return PixelUnit::suv_bsa;
  if (unit == "CNTS" || unit == "{COUNTS}") return PixelUnit::counts;
  if (unit == "CPS" || unit == "{COUNTS}/S") return PixelUnit::counts_per_second;
  static constexpr std::string_view kNoActivity[] = {
      "PROPCNTS",  "PROPCPS", "1CM", "NONE",   "CM2",     "PCNT", "MGMINML",
      "UMOLMINML", "MLMING",  "MLG", "UMOLML", "MLMINML", "MLML", "STDDEV"};
  const bool known =
      std::find(std::begin(kNoActivity), std::end(kNoActivity), unit) != std::end(kNoActivity);
  return known ? PixelUnit::proportional : PixelUnit::unknown;
}

/// "LBM" alone names no formula; James' was the only one when it was written, with 120 or 128 for
/// men.
void read_unit(const Dataset& data, const ImageFile& file, records::HeaderFacts& facts,
               std::vector<std::string>& warnings) {
  facts.unit_text = file.unit_text;
  if (file.kind == Kind::ct || file.kind == Kind::enhanced_ct) {
    facts.unit = PixelUnit::hounsfield;
    return;
  }
  if (!is_emission(file.kind)) return;
  const std::string type = folded(text(data, 0x00541006));
  facts.unit = pixel_unit(file.unit_text, type);
  if (facts.unit == PixelUnit::unknown && file.kind == Kind::nm && file.unit_text.empty()) {
    facts.unit =
        PixelUnit::counts;  // PS3.3 C.8.4.8: NM pixels are counts unless a map says otherwise
  }
  if (folded(file.unit_text) == "GML" && facts.unit == PixelUnit::unknown) {
    facts.unit_text += " with SUV Type " + type;
  }
  if (folded(file.unit_text) == "GML" && type == "LBM") {
    warnings.push_back(
        "SUV Type is LBM without its formula: James' with 128 is taken (with 120 men would have 2 "
        "to 5 % less)");
  }
}

void read_decay_correction(const Dataset& data, const ImageFile& file,
                           records::HeaderFacts& facts) {
  const std::string how = folded(text(data, 0x00541102));
  if (how == "NONE") facts.decay_correction = DecayCorrection::none;
  if (how == "START") facts.decay_correction = DecayCorrection::scan_start;
  if (how == "ADMIN") facts.decay_correction = DecayCorrection::administration;
  facts.decay_reference_local_s = datetime_of(data, 0x00189701);
  if (file.kind != Kind::enhanced_pet || !how.empty()) return;
  const std::string corrected = folded(text(data, 0x00189758));
  if (corrected == "NO") facts.decay_correction = DecayCorrection::none;
  if (corrected == "YES") {
    facts.decay_correction =
        facts.decay_reference_local_s ? DecayCorrection::stated_time : DecayCorrection::unknown;
  }
}

/// The flags of enhanced PET (PS3.3 C.8.22.1) as the words of Corrected Image.
std::vector<std::string> corrections_of(const Dataset& data, const ImageFile& file) {
  if (file.kind != Kind::enhanced_pet || !file.corrections.empty()) return file.corrections;
  static constexpr std::pair<Tag, const char*> kFlags[] = {
      {0x00189758, "DECY"}, {0x00189759, "ATTN"}, {0x00189760, "SCAT"}, {0x00189761, "DTIM"},
      {0x00189763, "MOTN"}, {0x00189764, "CLN"},  {0x00189765, "RAN"},  {0x00189766, "RADL"},
      {0x00189767, "DCAL"}, {0x00189768, "NORM"}};
  std::vector<std::string> words;
  for (const auto& [tag, word] : kFlags) {
    if (folded(text(data, tag)) == "YES") words.emplace_back(word);
  }
  return words;
}

const char* format_name(const ImageFile& file) {
  switch (file.kind) {
    case Kind::pet:
      return "DICOM PET";
    case Kind::enhanced_pet:
      return "DICOM enhanced PET";
    case Kind::nm:
      return "DICOM NM";
    case Kind::ct:
      return "DICOM CT";
    case Kind::enhanced_ct:
      return "DICOM enhanced CT";
    case Kind::mr:
      return "DICOM MR";
    case Kind::enhanced_mr:
      return "DICOM enhanced MR";
    case Kind::other:
      break;
  }
  return "DICOM";
}

const char* modality_name(Kind kind) {
  if (kind == Kind::nm) return "NM";
  if (is_emission(kind)) return "PT";
  return kind == Kind::ct || kind == Kind::enhanced_ct ? "CT" : "MR";
}

}  // namespace

void read_subject(const Dataset& data, records::HeaderFacts& facts) {
  const auto mass_kg = number(data, field(0x00101030, "DS"));
  if (mass_kg && *mass_kg > 0) facts.body_mass_g = *mass_kg * 1000.0;
  const auto height_m = number(data, field(0x00101020, "DS"));
  if (height_m && *height_m > 0) facts.height_m = height_m;
  const std::string sex = folded(text(data, 0x00100040));
  if (sex == "M" || sex == "F" || sex == "O") facts.sex = sex;
}

records::HeaderFacts read_facts(const Dataset& data, const ImageFile& file,
                                std::vector<std::string>& warnings) {
  records::HeaderFacts facts;
  facts.format = format_name(file);
  facts.modality = modality_name(file.kind);
  facts.image_type = file.image_type;
  facts.corrections = corrections_of(data, file);
  facts.manufacturer = text(data, 0x00080070);
  facts.model = text(data, 0x00081090);
  facts.frame_of_reference = file.frame_of_reference;
  read_unit(data, file, facts, warnings);
  read_clocks(data, facts);
  read_subject(data, facts);
  if (!is_emission(file.kind)) return facts;
  read_decay_correction(data, file, facts);
  read_tracer(data, file.kind, facts, warnings);
  read_private(data, facts);
  const auto calibration = number(data, field(0x00541322, "DS"));
  if (calibration && *calibration > 0) facts.calibration_factor = calibration;
  return facts;
}

}  // namespace sojourn::io::dicom
