#include "sojourn/io/dicom_choose.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "sojourn/core/error.h"
#include "sojourn/core/tsv.h"

namespace sojourn::io::dicom {
namespace {

/// Why a series is worse than another; the sum orders them.
constexpr int kDerived = 1, kUncorrected = 2, kProportional = 4, kNoVolume = 100;

std::string folded(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

bool has_word(const std::vector<std::string>& words, std::string_view wanted) {
  return std::any_of(words.begin(), words.end(),
                     [&](const auto& word) { return folded(word) == wanted; });
}

bool is_projection(const ImageFile& file) {
  static constexpr std::string_view kWords[] = {"LOCALIZER",        "MIP",          "MPR_MIP",
                                                "PROJECTION IMAGE", "REPROJECTION", "SCOUT",
                                                "MAX_IP",           "VOLREND"};
  for (const auto word : kWords) {
    if (has_word(file.image_type, word)) return true;
  }
  for (const auto& word : file.image_type) {
    if (folded(word).find("MAXIMUM INTENSITY") != std::string::npos) return true;
  }
  return file.series_type.size() > 1 && folded(file.series_type[1]) == "REPROJECTION";
}

bool is_not_attenuation_corrected(const ImageFile& file) {
  return file.kind == Kind::pet && !file.corrections.empty() && !has_word(file.corrections, "ATTN");
}

/// A series is no volume only where all its images say so: scouts share the UID of their CT now and
/// then.
int penalty(const Series& series) {
  const ImageFile& file = series.files.front();
  int sum = std::all_of(series.files.begin(), series.files.end(), is_projection) ? kNoVolume : 0;
  if (has_word(file.image_type, "DERIVED")) sum += kDerived;
  if (is_not_attenuation_corrected(file)) sum += kUncorrected;
  if (folded(file.unit_text).starts_with("PROP")) sum += kProportional;
  return sum;
}

std::string modality_of(const Series& series) {
  switch (series.files.front().kind) {
    case Kind::pet:
    case Kind::enhanced_pet:
      return "PT";
    case Kind::nm:
      return "NM";
    case Kind::ct:
    case Kind::enhanced_ct:
      return "CT";
    case Kind::mr:
    case Kind::enhanced_mr:
      return "MR";
    case Kind::other:
      break;
  }
  return "";
}

bool has_modality(const Series& series, const std::string& wanted) {
  const std::string is = modality_of(series);
  return wanted.empty() ? is == "PT" || is == "NM" : is == wanted;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Number, modality, size, units and corrections: nothing that could name a person.
std::string describe(const Series& series) {
  const ImageFile& file = series.files.front();
  std::size_t images = 0;
  for (const auto& one : series.files)
    images += static_cast<std::size_t>(std::max(one.format.frames, 1));
  std::string line =
      fmt::format("\n  series {}: {}, {} images of {} x {}",
                  file.series_number ? std::to_string(*file.series_number) : "without number",
                  modality_of(series), images, file.format.columns, file.format.rows);
  if (!file.unit_text.empty()) line += ", " + file.unit_text;
  if (!file.corrections.empty()) line += ", corrected for " + join(file.corrections);
  if (is_not_attenuation_corrected(file)) line += " (not for attenuation)";
  if (is_projection(file)) line += ", scout or projection";
  if (has_word(file.image_type, "DERIVED")) line += ", derived";
  return line;
}

std::string list(const std::vector<Series>& all) {
  std::string text;
  for (const auto& one : all) text += describe(one);
  return text;
}

void keep(std::vector<Series>& all, const auto& wanted) {
  all.erase(std::remove_if(all.begin(), all.end(), [&](const Series& one) { return !wanted(one); }),
            all.end());
}

bool matches(const Series& series, const std::string& wanted) {
  const ImageFile& file = series.files.front();
  const auto number = core::parse_number(wanted);
  return file.series_uid == wanted || folded(file.description) == folded(wanted) ||
         (number && file.series_number && *number == *file.series_number);
}

void keep_named(std::vector<Series>& all, const std::string& wanted, const std::string& where) {
  const auto known = all;
  keep(all, [&](const Series& one) { return matches(one, wanted); });
  if (all.empty()) {
    refuse(
        "{}: no series matches series = \"{}\" (the folder holds:{}); write a series number, "
        "description "
        "or UID that is there",
        where, wanted, list(known));
  }
}

void keep_best(std::vector<Series>& all, const std::string& where) {
  int best = kNoVolume * 2;
  for (const auto& one : all) best = std::min(best, penalty(one));
  if (best >= kNoVolume) {
    refuse(
        "{}: only scouts or projections are there, which hold no volume:{}\n  point to the folder "
        "of the "
        "reconstructed slices",
        where, list(all));
  }
  keep(all, [&](const Series& one) { return penalty(one) == best; });
}

}  // namespace

Choice choose_series(Folder folder, const ImportRequest& request, const std::string& where) {
  std::vector<Series> all = std::move(folder.series);
  const std::string wanted = request.modality.empty() ? "PET or NM" : request.modality;
  const auto everything = list(all);
  keep(all, [&](const Series& one) { return has_modality(one, request.modality); });
  if (all.empty()) {
    refuse("{}: no {} image series (the folder holds:{}{}); point to the folder that holds it",
           where, wanted, everything.empty() ? " no image series" : everything,
           folder.n_other > 0 ? fmt::format("\n  {} other DICOM objects", folder.n_other) : "");
  }
  Choice choice;
  if (!request.series.empty()) {
    keep_named(all, request.series, where);
  } else {
    const auto shares = [&](const Series& one) {
      return one.files.front().frame_of_reference == request.frame_of_reference &&
             penalty(one) < kNoVolume;
    };
    if (!request.frame_of_reference.empty() && std::any_of(all.begin(), all.end(), shares))
      keep(all, shares);
    keep_best(all, where);
  }
  if (all.size() > 1) {
    refuse(
        "{}: {} series fit:{}\n  say which one with series = \"NUMBER\" (or its description or "
        "UID) in the scan block, or name its folder",
        where, all.size(), list(all));
  }
  if (is_not_attenuation_corrected(all.front().files.front())) {
    choice.warnings.push_back(
        "the series is not corrected for attenuation (Corrected Image lacks ATTN)");
  }
  choice.series = std::move(all.front());
  return choice;
}

}  // namespace sojourn::io::dicom
