#include "sojourn/simulate/example_study.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/parallel.h"
#include "sojourn/core/random.h"
#include "sojourn/image/filter.h"
#include "sojourn/io/dicom_write.h"
#include "sojourn/io/nifti.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/simulate/acquire.h"
#include "sojourn/simulate/example_parts.h"
#include "sojourn/units/units.h"

namespace sojourn::simulate {
namespace {

namespace fs = std::filesystem;

// Label maps and activity before the blur stand on the lattice itself: at a boundary of 200 to 1
// (skull and brain), coarser labels alone cost several percent of the colder side.
constexpr double kStepMm = 1.0 / 6;
constexpr int kImageBlock = 3;  // 0.5 mm: CT and PET
constexpr double kCtFwhmMm = 0.5, kCtNoiseHu = 25;

struct Example {
  subject::Lattice lattice{subject::mouse(), subject::mouse_box_mm(), kStepMm};
  subject::PerOrgan volume_ml = lattice.volumes_ml();
  ExampleFacts facts = example_facts();
  TruthRates rates = example_rates();
  FastScanner scanner = inveon();
  ExampleOptions options;
  io::DicomStudyFacts dicom;
};

/// Concentration at the start of the scan; the biology stands as it is at mid-frame.
subject::PerOrgan concentrations(const Example& e, const ExampleScan& scan) {
  const auto holdings =
      organ_holdings(example_state(e.facts, e.rates, scan.mid_hours()), e.volume_ml);
  const double decay =
      nuclide::decay_factor(scan.start_hours * units::kSecondsPerHour, e.facts.half_life_s);
  subject::PerOrgan result{};
  for (std::size_t i = 0; i < subject::kOrgans; ++i) {
    if (e.volume_ml[i] > 0) result[i] = holdings[i].label_bq() * decay / e.volume_ml[i];
  }
  return result;
}

void write_pet(const Example& e, const ExampleScan& scan, int number, const fs::path& folder) {
  const Frame frame{scan.duration_s, e.facts.half_life_s, e.facts.positron_fraction};
  const auto seed = e.options.seed * 1000 + static_cast<std::uint64_t>(number);
  const Acquired pet = acquire(e.lattice.average(concentrations(e, scan), 1), e.scanner, frame,
                               kImageBlock, seed, e.options.noise_free);
  io::PetSeriesFacts series;
  series.description = "PET " + scan.day;
  series.series_number = 10 * number + 1;
  series.start_utc_s = e.facts.infused_utc_s + scan.start_hours * units::kSecondsPerHour;
  series.duration_s = scan.duration_s;
  series.nuclide = "Zr-89";
  series.half_life_s = e.facts.half_life_s;
  series.positron_fraction = e.facts.positron_fraction;
  series.tracer = "[89Zr]Zr-oxine CD8 T cells";
  series.injected_activity_bq = e.facts.injected_bq;
  series.injected_at_utc_s = e.facts.infused_utc_s;
  series.total_counts = pet.total_counts;
  series.manufacturer = "Sojourn";
  series.model = "virtual";
  io::write_dicom_pet(folder / "pet" / scan.day, pet.concentration_bq_per_ml, e.dicom, series);
}

void write_ct(const Example& e, const ExampleScan& scan, int number, const fs::path& folder) {
  subject::PerOrgan hu{};
  for (std::size_t i = 0; i < subject::kOrgans; ++i) {
    hu[i] = subject::facts(static_cast<subject::Organ>(i)).ct_number_hu;
  }
  // Air is the zero outside the grid while blurring.
  const double air = hu[0];
  for (double& value : hu) value -= air;
  auto ct = e.lattice.average(hu, kImageBlock);
  image::gaussian_blur(ct, {kCtFwhmMm, kCtFwhmMm, kCtFwhmMm});
  const auto seed = e.options.seed * 1000 + 500 + static_cast<std::uint64_t>(number);
  auto& values = ct.values();
  core::parallel_blocks(values.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const double noise = e.options.noise_free ? 0 : kCtNoiseHu * core::Random(seed, i).normal();
      values[i] = static_cast<float>(std::max(values[i] + air + noise, -1024.0));
    }
  });
  io::write_dicom_ct(folder / "ct" / scan.day, ct, e.dicom, "CT " + scan.day, 10 * number + 2,
                     e.facts.infused_utc_s + scan.start_hours * units::kSecondsPerHour - 300);
}

void write_regions(const Example& e, const fs::path& folder) {
  std::array<int, subject::kOrgans> label{};
  std::vector<io::SegmentFacts> segments;
  for (const auto& region : example_regions()) {
    for (const auto organ : region.organs) label[subject::index_of(organ)] = region.value;
    segments.push_back({region.name, region.code, "SCT", region.meaning});
  }
  const auto labels = e.lattice.labels(label, 1);
  int number = 0;
  for (const auto& scan : example_scans()) {
    ++number;
    const fs::path at = folder / "regions";
    if (scan.day == "d1") {
      io::write_dicom_seg(at / (scan.day + ".dcm"), labels, segments, e.dicom,
                          "Regions " + scan.day, 10 * number + 3,
                          e.facts.infused_utc_s + scan.start_hours * units::kSecondsPerHour);
    } else {
      io::write_nifti_labels(at / (scan.day + ".nii.gz"), labels, "Sojourn example regions");
    }
  }
}

void write_texts(const Example& e, const fs::path& folder) {
  const bool noise = !e.options.noise_free;
  const auto seed = e.options.seed;
  core::write_file(folder / "assays" / "retention.tsv", retention_text(e.rates, seed, noise));
  core::write_file(folder / "assays" / "growth.tsv", growth_text(e.rates, seed, noise));
  core::write_file(folder / "assays" / "biodistribution.tsv",
                   biodistribution_text(e.facts, e.rates, e.volume_ml, seed, noise));
  core::write_file(folder / "truth.tsv", truth_text(e.facts, e.rates, e.volume_ml));
  core::write_file(folder / "study.toml", example_study_text(e.volume_ml, e.scanner.fwhm_mm));
}

void write_all(const fs::path& folder, const ExampleOptions& options,
               const core::Progress& progress) {
  const auto say = [&](const std::string& what, double fraction) {
    if (progress) progress(what, fraction);
  };
  say("mouse", 0);
  Example e;
  e.options = options;
  e.dicom.subject_id = "m07";
  e.dicom.body_mass_kg = e.facts.body_mass_g / 1000;
  e.dicom.study_utc_s = e.facts.infused_utc_s;
  e.dicom.study_description = "Sojourn example";
  e.dicom.frame_of_reference_name = "mouse";
  e.dicom.seed = options.seed;
  fs::create_directories(folder / "regions");
  int number = 0;
  for (const auto& scan : example_scans()) {
    ++number;
    say(fmt::format("scan {} of 3", number), 0.05 + 0.25 * (number - 1));
    write_pet(e, scan, number, folder);
    write_ct(e, scan, number, folder);
  }
  say("regions", 0.8);
  write_regions(e, folder);
  write_texts(e, folder);
  say("done", 1);
}

/// Nothing there, an empty folder, or an earlier example and nothing else.
void check_target(const fs::path& folder) {
  static const std::array<std::string_view, 6> ours = {"study.toml", "truth.tsv", "pet",
                                                       "ct",         "regions",   "assays"};
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder)) {
    refuse("{}: is a file (the example is a folder); name a folder that is not there yet",
           folder.string());
  }
  if (fs::is_empty(folder)) return;
  const bool example =
      fs::exists(folder / "study.toml") &&
      core::read_file(folder / "study.toml", 1 << 20).starts_with("# Sojourn example study");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!example || std::find(ours.begin(), ours.end(), name) == ours.end()) {
      refuse(
          "{}: holds {}, which is not from an earlier example (nothing is overwritten); name an "
          "empty folder",
          folder.string(), name);
    }
  }
}

}  // namespace

fs::path write_example(const fs::path& folder, const ExampleOptions& options,
                       const core::Progress& progress) {
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  try {
    check_target(target);
    const auto beside = [&](const char* what) {
      return target.parent_path() /
             fmt::format(".{}.{}-{}", target.filename().string(), what, ::getpid());
    };
    const fs::path fresh = beside("new"), old = beside("old");
    fs::remove_all(fresh);
    try {
      write_all(fresh, options, progress);
      if (fs::exists(target)) fs::rename(target, old);
      fs::rename(fresh, target);
      fs::remove_all(old);
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(fresh, ignored);
      throw;
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::io_failed, fmt::format("{}: {}; check space and permissions",
                                                  target.string(), error.code().message()));
  }
  return target / "study.toml";
}

}  // namespace sojourn::simulate
