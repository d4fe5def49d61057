#include "sojourn/simulate/image_file.h"

#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/io/nifti.h"

namespace sojourn::simulate {
namespace {

using core::Tree;

Tree list_of(double value) {
  Tree list = Tree::array();
  list.push(value);
  return list;
}

void add_nuclear(Tree& json, const ImageNote& note) {
  json.set("TracerName", note.method).set("TracerRadionuclide", note.nuclide);
  json.set("InjectionStart", 0);
  if (note.half_life_s) json.set("RadionuclideHalfLife", *note.half_life_s);
  if (note.injected_bq) {
    json.set("InjectedRadioactivity", *note.injected_bq);
    json.set("InjectedRadioactivityUnits", "Bq");
  }
  json.set("ImageDecayCorrected", false).set("AttenuationCorrection", "simulated");
}

}  // namespace

void write_image(const std::filesystem::path& file, const image::Volume<float>& volume,
                 const ImageNote& note) {
  const std::string name = file.filename().string(), end = ".nii.gz";
  if (name.size() <= end.size() || name.substr(name.size() - end.size()) != end)
    refuse("{}: name the image .nii.gz", file.string());
  const std::string zero = core::format_iso(note.time_zero_utc_s);
  Tree json = Tree::table();
  json.set("Modality", note.modality).set("Units", note.unit);
  json.set("Manufacturer", "Sojourn").set("ManufacturersModelName", note.scanner);
  json.set("TimeZero", zero.substr(11, 8)).set("SojournTimeZero", zero);
  json.set("ScanStart", note.start_s);
  json.set("FrameTimesStart", list_of(note.start_s)).set("FrameDuration", list_of(note.duration_s));
  if (!note.nuclide.empty()) add_nuclear(json, note);
  Tree model = note.parameters;
  model.set("method", note.method).set("seed", static_cast<std::int64_t>(note.seed));
  json.set("SojournModel", std::move(model));
  const auto sidecar = file.parent_path() / (name.substr(0, name.size() - end.size()) + ".json");
  io::write_nifti(file, {&volume}, "Sojourn " + note.modality);
  core::write_file(sidecar, core::to_json(json));
}

}  // namespace sojourn::simulate
