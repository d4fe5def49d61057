#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <optional>

#include "sojourn/cli/command.h"
#include "sojourn/cli/progress_line.h"
#include "sojourn/core/error.h"
#include "sojourn/core/tree.h"
#include "sojourn/recon/run.h"
#include "sojourn/units/units.h"

namespace sojourn::cli {
namespace {

struct Options {
  std::string events, output, config, psf;
  std::optional<int> iterations, subsets;
  bool json = false, quiet = false;
};

recon::Settings settings_of(const Options& o) {
  recon::Settings s = o.config.empty() ? recon::Settings{} : recon::read_settings(o.config);
  if (o.iterations) s.options.iterations = *o.iterations;
  if (o.subsets) s.options.subsets = *o.subsets;
  if (s.options.iterations < 1 || s.options.iterations > 10000)
    refuse("--iterations: {} is not between 1 and 10000", s.options.iterations);
  if (s.options.subsets < 1 || s.options.subsets > 1000)
    refuse("--subsets: {} is not between 1 and 1000", s.options.subsets);
  if (!o.psf.empty()) {
    const double fwhm = units::parse(o.psf, units::Dimension::length);
    if (fwhm < 0) refuse("--psf: {} mm is negative", fwhm);
    s.options.psf_fwhm_mm = {fwhm, fwhm, fwhm};
  }
  return s;
}

int run(const Options& o) {
  const auto settings = settings_of(o);
  const auto result =
      recon::run(recon::read_acquisition(o.events, settings), settings, progress_line(o.quiet));
  recon::write_reconstruction(o.output, result, settings);
  end_progress();
  for (const auto& warning : result.warnings) fmt::print(stderr, "sojourn: warning: {}\n", warning);
  if (o.json) {
    fmt::print("{}", core::to_json(recon::report_of(result, settings)));
    return 0;
  }
  const auto& g = result.outcome.image.geometry();
  fmt::print("{}\n", o.output);
  fmt::print("  {} from {}, {:.6g} prompts, {:.4g} of them random\n", result.unit, result.format,
             result.prompts, result.randoms);
  fmt::print("  {} x {} x {} voxels of {:.3g} x {:.3g} x {:.3g} mm, {} iterations of {} subsets\n",
             g.size[0], g.size[1], g.size[2], g.spacing_mm[0], g.spacing_mm[1], g.spacing_mm[2],
             settings.options.iterations, settings.options.subsets);
  return 0;
}

}  // namespace

Command reconstruct_command() {
  return {"reconstruct", "Counts of a scanner (list mode or sinogram) into a calibrated image",
          "sojourn reconstruct scan.cdh -o recon --iterations 3 --subsets 20 --psf \"1.4 mm\"",
          [](CLI::App& app) {
            auto o = std::make_shared<Options>();
            app.add_option("events", o->events,
                           "Interfile header of a sinogram or PETLINK list, or CASToR .cdh")
                ->required();
            app.add_option("-o,--output", o->output, "folder to make")->required();
            app.add_option("--config", o->config, "settings, docs/user/reconstruct.md");
            app.add_option("--iterations", o->iterations,
                           "over all subsets; else of the settings, or 4");
            app.add_option("--subsets", o->subsets, "1: MLEM; else of the settings, or 1");
            app.add_option("--psf", o->psf, "resolution model, FWHM as \"1.4 mm\"");
            app.add_flag("--json", o->json, "the report as JSON on standard output");
            app.add_flag("--quiet", o->quiet, "no progress");
            return [o] { return run(*o); };
          }};
}

}  // namespace sojourn::cli
