#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "sojourn/cli/progress_line.h"
#include "sojourn/cli/simulate_parts.h"
#include "sojourn/core/error.h"
#include "sojourn/core/nearest.h"
#include "sojourn/core/tree.h"
#include "sojourn/io/castor.h"
#include "sojourn/simulate/nema.h"
#include "sojourn/simulate/pet_phantom.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

using core::Tree;

struct Options {
  std::string scanner, test, low, high;
  simulate::NemaOptions nema;
  std::vector<std::string> activities{"10 MBq", "50 MBq", "100 MBq", "150 MBq", "200 MBq"};
  std::filesystem::path out, castor;
  std::string time = "20 min", activity = "3.7 MBq";  // NU 4-2008, section 7
  bool json = false, quiet = false;
};

const std::vector<std::string> kTests{"sensitivity", "scatter-fraction", "count-rate",
                                      "image-quality"};

Tree head(const Options& o) {
  const auto s = simulate::nema_scanner(o.scanner, o.nema);
  Tree t = Tree::table();
  t.set("schema", "sojourn/nema/1").set("scanner", o.scanner).set("test", o.test);
  t.set("energy_low_kev", s.energy_low_kev).set("energy_high_kev", s.energy_high_kev);
  t.set("most_ring_difference", s.most_ring_difference);
  t.set("coincidence_window_ns", s.window_ns);
  return t;
}

void run_sensitivity(const Options& o) {
  const auto s = simulate::nema_sensitivity(o.scanner, o.nema, progress_line(o.quiet));
  end_progress();
  if (!o.json) {
    fmt::print("{}  {}\n  {:.4g} cps/kBq +- {:.2g} ({:.4g} % of the decays)\n", o.scanner, s.method,
               1000 * s.cps_per_bq, 1000 * s.sd, 100 * s.cps_per_bq);
    return;
  }
  Tree t = head(o);
  t.set("method", s.method).set("sensitivity_cps_per_kbq", 1000 * s.cps_per_bq);
  t.set("sensitivity_sd_cps_per_kbq", 1000 * s.sd).set("sensitivity_fraction", s.cps_per_bq);
  fmt::print("{}", core::to_json(t));
}

void run_scatter_fraction(const Options& o) {
  const auto s = simulate::nema_scatter_fraction(o.scanner, o.nema, progress_line(o.quiet));
  end_progress();
  if (!o.json) {
    fmt::print("{}  {} phantom\n  scatter fraction {:.4g} +- {:.2g} (NEMA), {:.4g} (truth)\n",
               o.scanner, s.phantom, s.nema, s.nema_sd, s.truth);
    return;
  }
  Tree t = head(o);
  t.set("phantom", s.phantom).set("scatter_fraction", s.nema);
  t.set("scatter_fraction_sd", s.nema_sd).set("true_scatter_fraction", s.truth);
  t.set("true_scatter_fraction_sd", s.truth_sd);
  fmt::print("{}", core::to_json(t));
}

void run_count_rate(const Options& o) {
  std::vector<double> activities;
  for (const auto& text : o.activities)
    activities.push_back(units::parse(text, units::Dimension::activity));
  const auto rates =
      simulate::nema_count_rate(o.scanner, o.nema, activities, progress_line(o.quiet));
  end_progress();
  Tree list = Tree::array();
  if (!o.json) fmt::print("MBq\ttrues/s\tscattered/s\trandoms/s\tNECR/s\tdead\n");
  for (const auto& r : rates) {
    if (!o.json)
      fmt::print("{:g}\t{:.4g}\t{:.4g}\t{:.4g}\t{:.4g}\t{:.3f}\n", r.activity_bq / 1e6,
                 r.trues_per_s, r.scattered_per_s, r.randoms_per_s, r.noise_equivalent_per_s,
                 r.dead_fraction);
    Tree row = Tree::table();
    row.set("activity_bq", r.activity_bq).set("trues_per_s", r.trues_per_s);
    row.set("scattered_per_s", r.scattered_per_s).set("randoms_per_s", r.randoms_per_s);
    row.set("noise_equivalent_per_s", r.noise_equivalent_per_s);
    row.set("dead_fraction", r.dead_fraction);
    list.push(std::move(row));
  }
  if (!o.json) return;
  Tree t = head(o);
  t.set("rates", std::move(list));
  fmt::print("{}", core::to_json(t));
}

/// The phantom's list mode; recovery is read from the image that `sojourn reconstruct` makes of it.
void run_image_quality(const Options& o) {
  if (o.out.empty())
    refuse("image-quality needs -o FILE: list mode of the phantom, to be reconstructed");
  if (simulate::nema_subject(o.scanner) != "mouse")
    refuse("scanner {}: the image quality phantom at hand is NU 4's, for scanners of small animals",
           o.scanner);
  const auto phantom = simulate::nu4_image_quality();
  simulate::PetOptions scan_options;
  scan_options.seed = o.nema.seed;
  scan_options.duration_s = units::parse(o.time, units::Dimension::time);
  const simulate::PetAcquisition scan(
      simulate::nema_scanner(o.scanner, o.nema),
      phantom.with("F-18", units::parse(o.activity, units::Dimension::activity)), scan_options);
  const auto c = simulate::acquire_to_file(scan, o.out, true, progress_line(o.quiet));
  end_progress();
  if (!o.castor.empty()) {
    io::ListModeReader in(o.out);
    (void)io::write_castor(in, o.castor);
  }
  Tree t = head(o);
  t.set("list_mode", o.out.string()).set("decays", std::size_t{c.decays});
  t.set("prompts", std::size_t{c.prompts}).set("trues", std::size_t{c.trues});
  t.set("scattered", std::size_t{c.scattered}).set("randoms", std::size_t{c.randoms});
  if (o.json)
    fmt::print("{}", core::to_json(t));
  else
    fmt::print("{}  {} prompts, {} of them true\n", o.out.string(), c.prompts, c.trues);
}

int run(Options& o) {
  const auto kev = [](const std::string& text) {
    return units::parse(text, units::Dimension::energy);
  };
  if (!o.low.empty()) o.nema.energy_low_kev = kev(o.low);
  if (!o.high.empty()) o.nema.energy_high_kev = kev(o.high);
  if (!(o.nema.decays >= 1 && o.nema.decays <= 1e12))
    refuse("--decays must lie between 1 and 1e12");
  if (o.test == "sensitivity")
    run_sensitivity(o);
  else if (o.test == "scatter-fraction")
    run_scatter_fraction(o);
  else if (o.test == "count-rate")
    run_count_rate(o);
  else if (o.test == "image-quality")
    run_image_quality(o);
  else
    refuse("\"{}\" is no NEMA test{}", o.test, core::suggestion(o.test, kTests));
  return 0;
}

}  // namespace

std::shared_ptr<std::function<int()>> declare_simulate_nema(CLI::App& simulate) {
  auto chosen = std::make_shared<std::function<int()>>();
  auto o = std::make_shared<Options>();
  CLI::App* app = simulate.add_subcommand("nema", "NEMA's tests on a simulated PET scanner");
  app->footer("Example:\n  sojourn simulate nema --scanner inveon --test sensitivity --json");
  app->add_option("--scanner", o->scanner, "catalogue id")->required();
  app->add_option("--test", o->test, "sensitivity, scatter-fraction, count-rate, image-quality")
      ->required();
  app->add_option("--decays", o->nema.decays, "of each measurement")->capture_default_str();
  app->add_option("--seed", o->nema.seed, "of the simulation")->capture_default_str();
  app->add_option("--energy-low", o->low, "of the window; default: the scanner's");
  app->add_option("--energy-high", o->high, "of the window; default: the scanner's");
  app->add_option("--most-ring-difference", o->nema.most_ring_difference, "default: all rings");
  app->add_option("--phantom", o->nema.phantom, "mouse, rat, human; default: the scanner's kind");
  app->add_option("--activity", o->activities, "count-rate: activities in the phantom");
  app->add_option("-o,--output", o->out, "image-quality: list mode file to write");
  app->add_option("--castor", o->castor, "image-quality: also as CASToR files of this name");
  app->add_option("--fill", o->activity, "image-quality: 18F in the phantom")
      ->capture_default_str();
  app->add_option("--time", o->time, "image-quality: of the scan")->capture_default_str();
  app->add_flag("--json", o->json, "JSON on standard output");
  app->add_flag("-q,--quiet", o->quiet, "no progress on standard error");
  app->callback([chosen, o] { *chosen = [o] { return run(*o); }; });
  return chosen;
}

}  // namespace sojourn::cli
