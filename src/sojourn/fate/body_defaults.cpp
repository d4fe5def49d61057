#include "sojourn/fate/body_defaults.h"

#include <algorithm>
#include <array>

#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/fate/body_labels.h"
#include "sojourn/records/species.h"
#include "sojourn/units/units.h"

namespace sojourn::fate {
namespace {

constexpr std::array<const char*, 9> kSites{"blood",      "lung", "liver",  "spleen", "marrow",
                                            "lymph-node", "gut",  "kidney", "rest"};
constexpr double kHour_s = units::kSecondsPerHour;

/// Reads the tables and remembers what was cited.
class Reader {
 public:
  Reader(const BodyTables& tables, std::string cells_class, std::string species, Body& body)
      : tables_(tables),
        class_(std::move(cells_class)),
        species_(std::move(species)),
        body_(body) {}

  double operator()(const std::string& site, const char* quantity, double absent = 0) {
    const auto* found = tables_.find(class_, species_, site, quantity);
    if (found == nullptr) return absent;
    cite(*found);
    return found->value;
  }
  double rate(const std::string& site, const char* quantity) {
    const auto* found = tables_.find(class_, species_, site, quantity);
    if (found == nullptr || !(found->value > 0))
      refuse("data/fate/species_2026/trafficking.tsv has no {} of {} for {}", quantity, site,
             class_);
    cite(*found);
    return 1 / (found->value * kHour_s);
  }
  void cite(const TableValue& value) {
    if (!value.citation.empty()) body_.citations.push_back(value.citation);
  }

 private:
  const BodyTables& tables_;
  std::string class_, species_;
  Body& body_;
};

std::string kind_of(const std::string& site) {
  return site.rfind("tumour", 0) == 0 ? "tumour" : site;
}

std::vector<std::string> sites_of(const BodySetting& setting) {
  std::vector<std::string> sites(kSites.begin(), kSites.end());
  const int tumours = std::max(setting.tumours, setting.route == "intratumoral" ? 1 : 0);
  for (int i = 1; i <= tumours; ++i)
    sites.push_back(i == 1 ? "tumour" : fmt::format("tumour-{}", i));
  if (setting.route == "ip") sites.emplace_back("peritoneum");
  return sites;
}

/// Rates of traffic: homing = share of those that leave blood, over the stay in blood.
void add_sites(const catalogue::Cell& cell, const BodySetting& setting, Reader& read, Body& body) {
  const auto& p = cell.parameters;
  const double division = setting.division_per_s.value_or(p.division_per_s->of(cell.kin).value);
  const double death = setting.death_per_s.value_or(p.death_per_s->of(cell.kin).value);
  double shares = 0;
  for (const auto& id : sites_of(setting)) {
    BodySite site{id, 0, 0, division, death, read(kind_of(id), "debris_moves")};
    if (id != "blood") {
      site.homing_per_s = read(kind_of(id), "share");
      site.leaving_per_s = read.rate(kind_of(id), "residence_h");
      shares += site.homing_per_s;
    }
    body.model.sites.push_back(site);
  }
  const double leaving_blood = read.rate("blood", "residence_h");
  for (auto& site : body.model.sites) site.homing_per_s *= leaving_blood / shares;
}

/// Where blood carries debris: what phagocytes of liver and spleen take of cells infused dead is
/// the catalogue's, the remainder the tables'.
std::vector<double> debris_shares(const catalogue::Cell& cell, Reader& read,
                                  const BodyModel& model) {
  const auto& p = cell.parameters;
  const auto of = [&](const catalogue::Field& f) { return f ? f->of(cell.kin).value : 0.0; };
  double liver = of(p.infused_dead_liver_fraction), spleen = of(p.infused_dead_spleen_fraction);
  const double most = std::max(1.0, liver + spleen);
  liver /= most, spleen /= most;
  std::vector<double> shares(model.sites.size(), 0.0);
  shares[model.site("liver")] = liver;
  shares[model.site("spleen")] = spleen;
  const double marrow = read("marrow", "debris_remainder"), rest = read("rest", "debris_remainder");
  const double remainder = std::max(0.0, 1 - liver - spleen);
  shares[model.site("marrow")] += remainder * marrow / (marrow + rest);
  shares[model.site("rest")] += remainder * rest / (marrow + rest);
  return shares;
}

/// Where living cells start: lungs and wherever the tables say after a vein, else the site itself.
std::vector<double> entry_of(const BodySetting& setting, Reader& read, const BodyModel& model) {
  std::vector<double> entry(model.sites.size(), 0.0);
  const auto only = [&](const char* site) { entry[model.site(site)] = 1; };
  if (setting.route == "ip") only("peritoneum");
  if (setting.route == "intratumoral") only("tumour");
  if (setting.route == "intranodal") only("lymph-node");
  if (setting.route == "intracranial") only("rest");
  if (setting.route != "iv") return entry;
  double elsewhere = 0;
  for (std::size_t i = 1; i < entry.size(); ++i) {
    entry[i] = read(kind_of(model.sites[i].id), "start_fraction");
    elsewhere += entry[i];
  }
  for (auto& part : entry) part /= std::max(1.0, elsewhere);
  entry[0] = std::max(0.0, 1 - elsewhere);
  return entry;
}

void unique(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

}  // namespace

const std::vector<std::string>& body_routes() {
  static const std::vector<std::string> routes{"iv", "ip", "intratumoral", "intranodal",
                                               "intracranial"};
  return routes;
}

Body make_body(const catalogue::Method& method, const catalogue::Cell& cell,
               const BodySetting& setting, const BodyTables& tables) {
  method.must_be_usable();
  const auto& known = records::known_species();
  if (std::find(known.begin(), known.end(), setting.species) == known.end())
    refuse("\"{}\" is no species{}", setting.species, core::suggestion(setting.species, known));
  const auto& routes = body_routes();
  if (std::find(routes.begin(), routes.end(), setting.route) == routes.end())
    refuse("\"{}\" is no route{}", setting.route, core::suggestion(setting.route, routes));
  Body body;
  body.cells_class = tables.class_of(cell.kin);
  Reader read(tables, body.cells_class, setting.species, body);
  add_sites(cell, setting, read, body);
  body.model.debris_shares = debris_shares(cell, read, body.model);
  body.entry = entry_of(setting, read, body.model);
  body.dead_entry = setting.route == "iv" ? body.model.debris_shares : body.entry;
  body.carries_label = take_label(method, cell, setting.species, tables, body);
  body.model.check();
  unique(body.citations);
  return body;
}

BodyState start_of(const Body& body, const BodyDose& dose) {
  BodyState start = empty_state(body.model);
  const double bound = body.carries_label ? dose.label * dose.bound_fraction : 0;
  for (std::size_t i = 0; i < start.cells.size(); ++i) {
    start.cells[i] = dose.cells * dose.viability * body.entry[i];
    start.live[i] = bound * dose.viability * body.entry[i];
    start.debris[i] = bound * (1 - dose.viability) * body.dead_entry[i];
  }
  start.free = body.carries_label ? dose.label - bound : 0;
  return start;
}

}  // namespace sojourn::fate
