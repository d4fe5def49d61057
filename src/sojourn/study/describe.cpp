#include "sojourn/study/describe.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/units/units.h"

namespace sojourn::study {
namespace {

std::string hours(double seconds) {
  return fmt::format("{:.3g} h", seconds / units::kSecondsPerHour);
}

/// "7 000 000": whole cells, in groups of three.
std::string grouped(double count) {
  std::string digits = fmt::format("{:.0f}", count);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), " ");
  }
  return digits;
}

void add_infusions(const records::Study& study,
                   std::vector<std::pair<std::string, std::string>>& facts) {
  for (const auto& infusion : study.infusions) {
    facts.emplace_back("Cells infused",
                       fmt::format("{} {} ({:.0f} % viable), {}", grouped(infusion.count),
                                   catalogue::cell(infusion.cells).name, 100 * infusion.viability,
                                   infusion.route));
    facts.emplace_back("Infused at", core::format_iso(infusion.infused_at_utc_s));
  }
}

void add_activities(const std::vector<ScanProduct>& scans,
                    std::vector<std::pair<std::string, std::string>>& facts) {
  std::set<std::string> said;
  for (const auto& scan : scans) {
    if (!said.insert(scan.tracer).second) continue;
    const std::string what =
        scan.method.empty() ? scan.tracer : catalogue::method(scan.method).name;
    facts.emplace_back(scan.tracer == "label" ? "Label" : "Tracer", what);
    facts.emplace_back("Nuclide",
                       fmt::format("{}, half-life {}", scan.nuclide, hours(scan.half_life_s)));
    facts.emplace_back("Injected activity",
                       scan.injected_bq ? with_prefix(*scan.injected_bq) + " net, at administration"
                                        : "not known: no %ID and no SUV");
    facts.emplace_back("Administered at", core::format_iso(scan.administered_utc_s));
  }
}

}  // namespace

std::string with_prefix(double bq) {
  const double size = std::abs(bq);
  if (size >= 1e9) return fmt::format("{:.4g} GBq", bq / 1e9);
  if (size >= 1e6) return fmt::format("{:.4g} MBq", bq / 1e6);
  if (size >= 1e3) return fmt::format("{:.4g} kBq", bq / 1e3);
  return fmt::format("{:.4g} Bq", bq);
}

std::vector<std::pair<std::string, std::string>> study_facts(
    const records::Study& study, const std::vector<ScanProduct>& scans) {
  std::vector<std::pair<std::string, std::string>> facts;
  facts.emplace_back("Subject", study.subject.id + ", " + study.subject.species);
  for (const auto& scan : scans) {
    if (!scan.body_mass_g) continue;
    const double mass = *scan.body_mass_g;
    facts.emplace_back("Body mass", mass >= 1000 ? fmt::format("{:.4g} kg", mass / 1000)
                                                 : fmt::format("{:.4g} g", mass));
    break;
  }
  add_infusions(study, facts);
  add_activities(scans, facts);
  for (const auto& scan : scans) {
    std::string text = fmt::format(
        "{}, {:.3g} h after administration", scan.format,
        (scan.frame_mid_utc_s.front() - scan.administered_utc_s) / units::kSecondsPerHour);
    if (scan.frame_mid_utc_s.size() > 1)
      text += fmt::format(", {} frames", scan.frame_mid_utc_s.size());
    if (!scan.scanner_text.empty()) text += ", " + scan.scanner_text;
    facts.emplace_back(fmt::format("Scan {}", scan.number), text);
  }
  return facts;
}

std::vector<records::Sentence> methods_text(const records::Study& study,
                                            const std::vector<ScanProduct>& scans,
                                            const fate::CountResult* cells) {
  std::vector<records::Sentence> text;
  std::set<std::string> nuclides, rules;
  bool corrected = false;
  for (const auto& scan : scans) {
    nuclides.insert(fmt::format("{} (half-life {})", scan.nuclide, hours(scan.half_life_s)));
    rules.insert(scan.reference.rule);
    for (const auto& row : scan.measurements) corrected = corrected || row.recovery.has_value();
  }
  text.push_back(fmt::format(
      "Images were quantified with Sojourn {} in Bq/mL; decay of {} was corrected with the mean "
      "activity of each frame, and the decay reference of the stored values was taken from: {}.",
      core::version(), fmt::join(nuclides, ", "), fmt::join(rules, "; ")));
  text.push_back(
      "Region totals are sums of voxel concentration times the volume of the voxel that the region "
      "covers; "
      "SUVpeak is the highest mean in a 1 mL sphere [@wahl-2009].");
  if (corrected) {
    text.push_back(
        "Partial-volume effects between regions and their surroundings were corrected with the "
        "geometric "
        "transfer matrix [@rousset-1998] for the stated point-spread function or with measured "
        "recovery "
        "coefficients; uncorrected values stand beside them.");
  }
  text.push_back(
      "Detection limits follow Currie's decision and detection limits at 5 % error of both kinds "
      "[@currie-1968], with the spread of background regions of the same volume.");
  std::set<std::string> methods;
  for (const auto& scan : scans) {
    if (!scan.method.empty() && methods.insert(scan.method).second) {
      std::string keys;
      for (const auto& key : catalogue::method(scan.method).citations) keys += " [@" + key + "]";
      text.push_back(
          fmt::format("The signal is that of {}{}.", catalogue::method(scan.method).name, keys));
    }
  }
  if (cells != nullptr) {
    std::string keys;
    for (const auto& key : cells->citations) keys += " [@" + key + "]";
    const bool sampled = cells->posterior && cells->posterior->converged;
    text.push_back(fmt::format(
        "Living cells were estimated from decay-corrected activity with {}: division dilutes an ex "
        "vivo label, living cells lose it, dead cells release it to phagocytes and as free label "
        "to "
        "bone and excretion, while tracers show living cells above the background of their "
        "organ{}; {}",
        cells->model, keys,
        sampled ? "counts are posterior medians with 95 % intervals, given all regions, scans and "
                  "assays together, with counting noise, calibration, recovery and departures of "
                  "organs from the model."
                : "intervals propagate counting noise, calibration, recovery and the uncertainty "
                  "of the rates."));
  }
  for (const auto& o : study.overrides) {
    text.push_back(fmt::format("The study file overrides the header's {}: {}.", o.field, o.reason));
  }
  return text;
}

std::vector<records::Citation> citations_of(const std::vector<records::Sentence>& sentences) {
  std::vector<records::Citation> all;
  std::set<std::string> said;
  for (const auto& sentence : sentences) {
    for (std::size_t at = 0; (at = sentence.find("[@", at)) != std::string::npos; ++at) {
      const auto end = sentence.find(']', at);
      if (end == std::string::npos) break;
      const std::string key = sentence.substr(at + 2, end - at - 2);
      const auto known = catalogue::reference_keys();
      if (std::find(known.begin(), known.end(), key) == known.end() || !said.insert(key).second)
        continue;
      const auto& reference = catalogue::reference(key);
      all.push_back({key, reference.text, reference.doi});
    }
  }
  return all;
}

}  // namespace sojourn::study
