#include "sojourn/trial/virtual_texts.h"

#include "sojourn/core/toml_text.h"
#include "sojourn/core/tsv.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/units/units.h"

namespace sojourn::trial {
namespace {

using core::format_number;
using core::Tree;

Tree scan_table(const VirtualPlan& plan, const VirtualScan& scan, const VirtualView& view) {
  const auto paths = paths_of(scan, view.model.pet);
  Tree table = Tree::table(), psf = Tree::array(), background = Tree::array();
  for (const double mm : view.model.fwhm_mm) psf.push(fmt::format("{:g} mm", mm));
  table.set("image", paths.image).set("anatomy", paths.anatomy).set("regions", paths.regions);
  if (plan.study.administrations.size() > 1) table.set("tracer", "label");
  table.set("scanner", scan.scanner).set("psf_fwhm", std::move(psf));
  const bool whole = view.whole_ml == view.volume_ml;
  table.set("coverage", whole ? "whole-body" : "partial");
  return table.set("background", std::move(background.push("body_rest")));
}

/// Names, compartments and parts. All scans share them: a study whose scans see different parts of
/// a region states the first scan's.
Tree regions_table(const VirtualBody& body, const VirtualView& view) {
  Tree regions = Tree::table();
  for (std::size_t r = 0; r < body.regions.size(); ++r) {
    const auto& region = body.regions[r];
    if (!view.shows(region)) continue;
    Tree one = Tree::table();
    std::string roles;
    for (const auto& role : region.roles) roles += (roles.empty() ? "" : "+") + role;
    one.set("name", region.name).set("role", roles);
    const double fraction = region.fraction * view.part_inside(region);
    if (fraction < 0.9999) one.set("fraction", fraction);
    regions.set(std::to_string(r + 1), std::move(one));
  }
  return regions;
}

}  // namespace

VirtualPaths paths_of(const VirtualScan& scan, bool pet) {
  const auto name = fmt::format("scan-{:02}", scan.number);
  return {pet ? "pet/" + name : "nm/" + name + ".nii.gz", "ct/" + name,
          "regions/" + name + ".nii.gz"};
}

std::string study_text(const Tree& document, const VirtualPlan& plan, const VirtualBody& body,
                       const std::vector<VirtualView>& views, const VirtualTruth& truth) {
  Tree out = Tree::table(), scans = Tree::array(), assays = Tree::table();
  for (const auto& [key, value] : document.members())
    if (key != "scan" && key != "regions" && key != "segment" && key != "assays" &&
        key != "override")
      out.set(key, value);
  if (!truth.growth_tsv.empty()) assays.set("growth", "assays/growth.tsv");
  if (!truth.retention_tsv.empty()) assays.set("retention", "assays/retention.tsv");
  if (!assays.members().empty()) out.set("assays", std::move(assays));
  out.set("regions", regions_table(body, views.front()));
  for (std::size_t s = 0; s < plan.scans.size(); ++s)
    scans.push(scan_table(plan, plan.scans[s], views[s]));
  return fmt::format("{} of {}; the truth stands in truth.tsv\n", kVirtualHead,
                     plan.study.subject.id) +
         core::to_toml(out.set("scan", std::move(scans)));
}

std::string truth_text(const VirtualPlan& plan, const VirtualBody& body,
                       const std::vector<VirtualView>& views, const VirtualTruth& truth) {
  core::Tsv table({"scan", "hours", "region", "volume_ml", "activity_bq", "activity_dc_bq",
                   "live_cells", "live_label_bq", "dead_label_bq", "free_label_bq"});
  for (std::size_t s = 0; s < plan.scans.size(); ++s) {
    const auto& scan = plan.scans[s];
    const auto& view = views[s];
    const double hours = scan.mid_s() / units::kSecondsPerHour;
    const double decay = nuclide::decay_factor(scan.mid_s(), plan.half_life_s);
    const auto organs = organ_holdings(body.subject, truth.holdings[s]);
    const auto row = [&](const std::string& name, double volume, const VirtualHolding& in) {
      table.add({std::to_string(scan.number), format_number(hours), name, format_number(volume),
                 format_number(in.label_bq() * decay), format_number(in.label_bq()),
                 format_number(in.cells), format_number(in.live_bq * decay),
                 format_number(in.debris_bq * decay), format_number(in.free_bq * decay)});
    };
    VirtualHolding whole;
    double whole_ml = 0;
    for (const auto& region : body.regions) {
      VirtualHolding in;
      for (const auto organ : region.organs) in.add(organs[organ], view.inside[organ]);
      row(region.name, view.region_ml(region), in);
      whole.add(in);
      whole_ml += view.region_ml(region);
    }
    row("whole_body", whole_ml, whole);
  }
  return table.to_text();
}

}  // namespace sojourn::trial
