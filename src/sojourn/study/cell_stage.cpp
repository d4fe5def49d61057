#include "sojourn/study/cell_stage.h"

#include <algorithm>
#include <set>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/files.h"
#include "sojourn/core/hash.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/study/cell_product.h"
#include "sojourn/study/fingerprint.h"

namespace sojourn::study {
namespace {

/// The label, where cells were infused with one and a scan shows it.
void take_label(const records::Study& study, const std::vector<ScanProduct>& scans,
                fate::CountRequest& request) {
  const auto scan =
      std::find_if(scans.begin(), scans.end(), [](const auto& s) { return s.tracer == "label"; });
  if (study.infusions.empty() || scan == scans.end() || !scan->injected_bq) return;
  request.half_life_s = scan->half_life_s;
  request.injected_bq = *scan->injected_bq;
  request.syringe_bq = *scan->injected_bq;
  for (const auto& given : study.administrations) {
    if (given.id != "label" || !given.activity_bq) continue;
    request.syringe_bq = *given.activity_bq;
    if (given.measured_at_utc_s) {
      request.syringe_bq *= nuclide::decay_factor(
          scan->administered_utc_s - *given.measured_at_utc_s, scan->half_life_s);
    }
  }
}

/// Tracers that show cells. A probe shows whoever bears its target, infused or not; a reporter gene
/// the infused cells alone.
void take_tracers(const records::Study& study, const std::vector<ScanProduct>& scans,
                  fate::CountRequest& request) {
  std::set<std::string> seen;
  for (const auto& scan : scans) {
    if (scan.tracer == "label" || scan.method.empty() || !scan.injected_bq || !scan.body_mass_g)
      continue;
    const auto& method = catalogue::method(scan.method);
    if (!fate::shows_cells(method) || !seen.insert(scan.tracer).second) continue;
    if (study.infusions.empty() && fate::bearer_of(method).empty()) continue;
    request.tracers.push_back({scan.tracer, scan.method, *scan.injected_bq, scan.half_life_s,
                               scan.administered_utc_s - scan.origin_utc_s});
    request.body_mass_g = *scan.body_mass_g;
  }
}

/// All that the counts depend on: the study, its assays, what each scan measured, the data.
std::string key_of(const records::StudyResult& result, const std::vector<ScanProduct>& scans,
                   std::uint64_t seed) {
  core::Sha256 digest;
  digest.add(fmt::format("cells 1, seed {}, {}", seed, core::version()));
  constexpr std::size_t kMost = 1 << 24;
  digest.add(core::read_file(result.study.file, kMost));
  for (const auto& [kind, file] : result.study.assays)
    digest.add(kind).add(core::read_file(file, kMost));
  for (const auto& scan : scans) digest.add(core::to_json(to_tree(scan)));
  for (const char* topic : {"catalogue", "fate", "nuclide"})
    digest.add(fingerprint({core::data_dir() / topic}));
  return digest.hex();
}

}  // namespace

std::optional<fate::CountResult> run_cells(const records::StudyResult& result,
                                           const std::vector<ScanProduct>& scans,
                                           const OutputFolder& out, bool fresh,
                                           std::uint64_t seed) {
  fate::CountRequest request;
  request.study = &result.study;
  request.measurements = &result.measurements;
  take_label(result.study, scans, request);
  take_tracers(result.study, scans, request);
  if (request.half_life_s == 0 && request.tracers.empty()) return std::nullopt;
  request.seed = seed;
  constexpr const char* kStage = "cells";
  const std::string key = key_of(result, scans, seed);
  if (fresh) out.forget(kStage);
  if (const auto kept = out.finished(kStage, key))
    if (auto counted = count_from(*kept)) return counted;
  auto counted = fate::posterior_counter()->count(request);
  out.store(kStage, key, to_tree(counted));
  return counted;
}

}  // namespace sojourn::study
