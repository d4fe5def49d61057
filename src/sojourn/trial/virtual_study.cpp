#include "sojourn/trial/virtual_study.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <system_error>

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/io/dicom_write.h"
#include "sojourn/io/nifti.h"
#include "sojourn/nuclide/decay.h"
#include "sojourn/simulate/image_file.h"
#include "sojourn/study/study_file.h"
#include "sojourn/trial/virtual_texts.h"

namespace sojourn::trial {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kStudyLimit_bytes = 1 << 20;

struct Job {
  core::Tree document;
  VirtualPlan plan;
  VirtualBody body;
  std::vector<VirtualView> views;
  VirtualTruth truth;
  VirtualStudyOptions options;
  io::DicomStudyFacts dicom;
};

/// Mean activity of each organ over the frame; the biology stands as it is at mid-frame.
std::vector<double> frame_bq(const Job& job, std::size_t s) {
  const auto& scan = job.plan.scans[s];
  const double half_life = job.plan.half_life_s;
  const double mean = nuclide::decay_factor(scan.start_s, half_life) /
                      nuclide::frame_start_over_mean(scan.duration_s, half_life);
  std::vector<double> bq;
  for (const auto& holding : organ_holdings(job.body.subject, job.truth.holdings[s]))
    bq.push_back(holding.label_bq() * mean);
  return bq;
}

void write_pet(const Job& job, const VirtualScan& scan, const VirtualImage& made,
               const fs::path& folder) {
  const auto& plan = job.plan;
  auto image = made.concentration_bq_per_ml;
  // DICOM's values speak of the frame's start.
  const auto to_start =
      static_cast<float>(nuclide::frame_start_over_mean(scan.duration_s, plan.half_life_s));
  for (float& value : image.values()) value *= to_start;
  io::PetSeriesFacts series;
  series.description = fmt::format("virtual scan {}", scan.number);
  series.series_number = 10 * scan.number + 1;
  series.start_utc_s = scan.start_utc_s;
  series.duration_s = scan.duration_s;
  series.nuclide = plan.nuclide;
  series.half_life_s = plan.half_life_s;
  series.positron_fraction = job.views.front().model.positron_fraction;
  series.tracer = plan.method;
  series.injected_activity_bq = plan.injected_bq;
  series.injected_at_utc_s = plan.origin_utc_s;
  series.total_counts = std::round(made.counts.prompts());
  series.manufacturer = "Sojourn";
  series.model = "virtual " + scan.scanner;
  io::write_dicom_pet(folder, image, job.dicom, series);
}

void write_spect(const Job& job, const VirtualScan& scan, const VirtualImage& made,
                 std::uint64_t seed, const fs::path& file) {
  simulate::ImageNote note;
  note.modality = "NM";
  note.unit = "Bq/mL";
  note.scanner = scan.scanner;
  note.method = job.plan.method;
  note.time_zero_utc_s = job.plan.origin_utc_s;
  note.start_s = scan.start_s;
  note.duration_s = scan.duration_s;
  note.seed = seed;
  note.nuclide = job.plan.nuclide;
  note.half_life_s = job.plan.half_life_s;
  note.injected_bq = job.plan.injected_bq;
  fs::create_directories(file.parent_path());
  simulate::write_image(file, made.concentration_bq_per_ml, note);
}

void write_scan(const Job& job, std::size_t s, const fs::path& folder) {
  const auto& scan = job.plan.scans[s];
  const auto& view = job.views[s];
  const auto seed = job.options.seed * 1000 + static_cast<std::uint64_t>(scan.number);
  const auto made =
      image_of(job.body, view, frame_bq(job, s), scan.duration_s, seed, job.options.noise_free);
  if (!(made.activity_bq > 0))
    refuse("scan[{}]: no activity is left in the field of view; correct times and activity",
           scan.number);
  const auto paths = paths_of(scan, view.model.pet);
  if (view.model.pet) {
    write_pet(job, scan, made, folder / paths.image);
  } else {
    write_spect(job, scan, made, seed, folder / paths.image);
  }
  fs::create_directories((folder / paths.regions).parent_path());
  io::write_nifti_labels(folder / paths.regions, label_image(job.body, view),
                         "Sojourn virtual regions");
  io::write_dicom_ct(folder / paths.anatomy, ct_image(job.body, view), job.dicom,
                     fmt::format("virtual CT {}", scan.number), 10 * scan.number + 2,
                     scan.start_utc_s - 300);
}

void write_all(const Job& job, const fs::path& folder, const core::Progress& progress) {
  const std::size_t n = job.plan.scans.size();
  for (std::size_t s = 0; s < n; ++s) {
    progress(fmt::format("scan {} of {}", s + 1, n),
             0.1 + 0.9 * static_cast<double>(s) / static_cast<double>(n));
    write_scan(job, s, folder);
  }
  fs::create_directories(folder / "assays");
  if (!job.truth.growth_tsv.empty())
    core::write_file(folder / "assays" / "growth.tsv", job.truth.growth_tsv);
  if (!job.truth.retention_tsv.empty())
    core::write_file(folder / "assays" / "retention.tsv", job.truth.retention_tsv);
  core::write_file(folder / "truth.tsv", truth_text(job.plan, job.body, job.views, job.truth));
  core::write_file(folder / "study.toml",
                   study_text(job.document, job.plan, job.body, job.views, job.truth));
  (void)study::read_study(folder / "study.toml");  // what is written must be readable
}

/// Nothing there, an empty folder, or an earlier virtual study and nothing else.
void check_target(const fs::path& folder) {
  static const std::array<std::string_view, 7> ours = {"study.toml", "truth.tsv", "pet",   "nm",
                                                       "ct",         "regions",   "assays"};
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder))
    refuse("{}: is a file (a virtual study is a folder); name a folder that is not there yet",
           folder.string());
  if (fs::is_empty(folder)) return;
  const bool earlier =
      fs::exists(folder / "study.toml") &&
      core::read_file(folder / "study.toml", kStudyLimit_bytes).starts_with(kVirtualHead);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!earlier || std::find(ours.begin(), ours.end(), name) == ours.end())
      refuse(
          "{}: holds {}, which is not from an earlier virtual study (nothing is overwritten); name "
          "an empty folder",
          folder.string(), name);
  }
}

Job job_of(const fs::path& study_file, const VirtualStudyOptions& options,
           const core::Progress& progress) {
  if (fs::is_directory(study_file))
    refuse("{} is a folder; name the study file in it, as {}/study.toml", study_file.string(),
           study_file.string());
  const auto text = core::read_file(study_file, kStudyLimit_bytes);
  Job job;
  job.document = core::parse_toml(text, study_file.filename().string());
  job.options = options;
  progress("study", 0);
  job.plan = plan_of(study::parse_study(text, study_file));
  progress("subject", 0.05);
  job.body = virtual_body(job.plan.study);
  for (const auto& scan : job.plan.scans) {
    const bool same =
        !job.views.empty() && job.plan.scans[job.views.size() - 1].scanner == scan.scanner;
    job.views.push_back(same ? VirtualView(job.views.back())
                             : view_of(job.body, scan.scanner, job.plan.nuclide));
  }
  job.truth = draw_truth(job.plan, job.body.tumours, options.seed, options.noise_free);
  if (options.empty_tumours)
    for (auto& scan : job.truth.holdings)
      for (auto& [id, holding] : scan)
        if (id.starts_with("tumour")) holding = {};
  const auto& subject = job.plan.study.subject;
  job.dicom.subject_id = subject.id;
  job.dicom.body_mass_kg = subject.body_mass_g.value_or(job.body.subject.body_mass_g) / 1000;
  job.dicom.sex = subject.sex.value_or("O");
  job.dicom.study_utc_s = job.plan.origin_utc_s;
  job.dicom.study_description = "Sojourn virtual study";
  job.dicom.frame_of_reference_name = "virtual " + subject.id;
  job.dicom.seed = options.seed;
  return job;
}

}  // namespace

VirtualStudyResult write_virtual_study(const fs::path& study_file, const fs::path& folder,
                                       const VirtualStudyOptions& options,
                                       const core::Progress& progress) {
  fs::path target = fs::absolute(folder).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  try {
    check_target(target);
    const Job job = job_of(study_file, options, progress);
    const auto beside = [&](const char* what) {
      return target.parent_path() /
             fmt::format(".{}.{}-{}", target.filename().string(), what, ::getpid());
    };
    const fs::path fresh = beside("new"), old = beside("old");
    fs::remove_all(fresh);
    try {
      fs::create_directories(fresh);
      write_all(job, fresh, progress);
      if (fs::exists(target)) fs::rename(target, old);
      fs::rename(fresh, target);
      fs::remove_all(old);
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(fresh, ignored);
      throw;
    }
    return {target / "study.toml", job.plan.warnings};
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::io_failed, fmt::format("{}: {}; check space and permissions",
                                                  target.string(), error.code().message()));
  }
}

}  // namespace sojourn::trial
