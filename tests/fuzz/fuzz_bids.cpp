// What stands beside a BIDS image, of any bytes: facts and a body mass, or Error(bad_input).
#include <cstdlib>
#include <filesystem>

#include "fuzz/fuzz_input.h"
#include "sojourn/core/error.h"
#include "sojourn/io/bids_sidecar.h"

namespace {

template <typename Read>
void attempt(const Read& read) {
  try {
    read();
  } catch (const sojourn::Error& problem) {
    if (problem.code() != sojourn::ErrorCode::bad_input) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  std::filesystem::create_directories(sojourn::fuzz::scratch() / "sub-01" / "pet");
  sojourn::fuzz::seed("sidecar", R"({"Manufacturer": "Siemens", "ManufacturersModelName": "HR+",
    "Units": "Bq/mL", "BodyPart": "brain", "TracerName": "CIMBI-36", "TracerRadionuclide": "C11",
    "InjectedRadioactivity": 573.4, "InjectedRadioactivityUnits": "MBq", "TimeZero": "10:15:14",
    "ScanDate": "2026:03:02", "ScanStart": 0, "InjectionStart": 0, "InjectionEnd": 20.5,
    "FrameTimesStart": [0, 10], "FrameDuration": [10, 10], "ImageDecayCorrected": true,
    "ImageDecayCorrectionTime": 0, "DecayCorrectionFactor": [1.0, 1.1], "BodyWeight": 58.2,
    "InjectedMass": "n/a", "AttenuationCorrection": "10-min transmission scan"})");
  sojourn::fuzz::seed("participants", "participant_id\tweight\tsex\nsub-01\t58.2\tF\n");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  attempt([&] {
    sojourn::records::ImageSeries series;
    series.frames.resize(2);
    const auto sidecar = sojourn::fuzz::put("input.json", data, size);
    sojourn::io::read_bids_sidecar(sidecar, series);
  });
  attempt([&] {
    sojourn::fuzz::put("participants.tsv", data, size);
    (void)sojourn::io::bids_body_mass_g(sojourn::fuzz::scratch() / "sub-01" / "pet" / "x.nii");
  });
  return 0;
}
