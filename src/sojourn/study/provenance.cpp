#include "sojourn/study/provenance.h"

#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/study/study_tree.h"
#include "sojourn/units/units.h"

namespace sojourn::study {
namespace {

using core::Tree;

Tree moment(const std::optional<double>& utc_s) {
  return utc_s ? Tree(core::format_iso(*utc_s)) : Tree();
}

Tree texts(const std::vector<std::string>& words) {
  Tree all = Tree::array();
  for (const auto& word : words) all.push(word);
  return all;
}

Tree reference_tree(const records::ReferenceTime& reference) {
  Tree t = Tree::table();
  t.set("chosen", moment(reference.utc_s)).set("rule", reference.rule);
  t.set("by_series", moment(reference.by_series_utc_s));
  t.set("by_slices", moment(reference.by_slices_utc_s));
  return t;
}

Tree scan_tree(const ScanProduct& scan) {
  Tree t = Tree::table();
  t.set("number", scan.number).set("image", scan.image_as_written).set("format", scan.format);
  t.set("scanner", scan.scanner_text).set("pixel_sha256", scan.pixel_sha256);
  t.set("regions_format", scan.regions_format).set("regions_sha256", scan.regions_sha256);
  t.set("tracer", scan.tracer).set("method", scan.method).set("nuclide", scan.nuclide);
  t.set("half_life_s", scan.half_life_s).set("administered_at", moment(scan.administered_utc_s));
  t.set("injected_bq", scan.injected_bq).set("body_mass_g", scan.body_mass_g);
  t.set("whole_body", scan.whole_body).set("decay_reference", reference_tree(scan.reference));
  Tree mids = Tree::array();
  for (const double mid : scan.frame_mid_utc_s) {
    mids.push((mid - scan.origin_utc_s) / units::kSecondsPerHour);
  }
  t.set("hours", mids).set("warnings", texts(scan.warnings));
  return t;
}

Tree posterior_tree(const records::PosteriorSummary& p) {
  Tree parameters = Tree::array();
  for (const auto& one : p.parameters) {
    Tree t = Tree::table();
    t.set("name", one.name).set("prior_median", one.prior_median);
    t.set("prior_lo95", one.prior_lo95).set("prior_hi95", one.prior_hi95);
    t.set("median", one.median).set("lo95", one.lo95).set("hi95", one.hi95);
    parameters.push(t.set("as_prior", one.as_prior));
  }
  Tree t = Tree::table();
  t.set("converged", p.converged).set("message", p.message);
  t.set("highest_r_hat", p.highest_r_hat).set("lowest_effective", p.lowest_effective);
  t.set("predictive_p", p.predictive_p);
  return t.set("parameters", parameters);
}

Tree model_tree(const fate::CountResult* cells) {
  if (cells == nullptr) return {};
  Tree parameters = Tree::table();
  for (const auto& [name, value] : cells->parameters) parameters.set(name, value);
  Tree t = Tree::table();
  t.set("name", cells->model)
      .set("parameters", parameters)
      .set("citations", texts(cells->citations));
  if (cells->posterior) t.set("posterior", posterior_tree(*cells->posterior));
  return t;
}

}  // namespace

core::Tree provenance(const records::StudyResult& result, const std::vector<ScanProduct>& scans,
                      const fate::CountResult* cells, std::uint64_t seed,
                      const std::vector<std::pair<std::string, std::string>>& outputs) {
  Tree program = Tree::table();
  program.set("name", "sojourn").set("version", core::version());
  Tree scan_list = Tree::array();
  for (const auto& scan : scans) scan_list.push(scan_tree(scan));
  Tree citations = Tree::array();
  for (const auto& citation : result.citations) {
    Tree t = Tree::table();
    citations.push(t.set("key", citation.key).set("text", citation.text).set("doi", citation.doi));
  }
  Tree written = Tree::array();
  for (const auto& [file, digest] : outputs) {
    Tree t = Tree::table();
    written.push(t.set("file", file).set("sha256", digest));
  }
  Tree tree = Tree::table();
  tree.set("schema", "sojourn/study/1").set("program", program);
  tree.set("study_file", result.study.file.filename().string());
  tree.set("study", to_tree(result.study)).set("scans", scan_list);
  tree.set("cell_model", model_tree(cells)).set("seed", static_cast<std::int64_t>(seed));
  tree.set("warnings", texts(result.warnings)).set("methods", texts(result.methods));
  tree.set("citations", citations).set("outputs", written);
  return tree;
}

}  // namespace sojourn::study
