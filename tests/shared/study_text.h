#pragma once

namespace sojourn::test {

/// A study file with every block and many of the optional fields.
inline constexpr const char* kFullStudy = R"(sojourn = 1
timezone = "+01:00"
[subject]
id = "m07"
species = "mouse"
body_mass = "21.4 g"
[[infusion]]
cells = "cd8-t"
count = 7.0e6
viability = 0.93
viability_at = 2026-03-02T09:50:00Z
infused_at = 2026-03-02T11:15:00
duration = "1 min"
route = "iv"
extravasated = "2 kBq"
[label]
method = "zr89-oxine"
activity = "0.26 MBq"
measured_at = 2026-03-02T10:05:00Z
residual = "12 kBq"
residual_measured_at = 2026-03-02T10:20:00Z
cell_bound_fraction = 0.97
[[tracer]]
id = "t1"
method = "f18-fdg"
activity = "10 MBq"
measured_at = 2026-03-03T09:00:00Z
injected_at = 2026-03-03T10:15:00Z
mass = "1.5 ug"
[[treatment]]
kind = "deferoxamine"
start = 2026-03-02T10:15:00Z
[[scan]]
image = "pet/d0"
tracer = "label"
anatomy = "ct/d0"
regions = "regions/d0.nii.gz"
time = 2026-03-02T14:15:00Z
frame_duration = "20 min"
units = "kBq/mL"
decay_corrected_to = "scan-start"
calibration_uncertainty = 0.04
clock_offset = "-30 s"
psf_fwhm = "1.4 mm"
crop = { min = [-20, -30, 0], max = ["20 mm", "3 cm", "100 mm"] }
background = "muscle"
series = 4
[[scan]]
image = "pet/d1"
tracer = "t1"
coverage = "partial"
decay_corrected_to = 2026-03-03T10:15:00Z
frame_duration = ["10 s", "1 min"]
psf_fwhm = ["1.4 mm", "1.4 mm", "1.6 mm"]
[regions]
1 = "liver"
10 = "kidney_left"
"GTV-1" = "tumour"
[regions.2]
name = "femur_l"
role = "bone+marrow"
fraction = 0.07
[segment.zone]
method = "box"
min = ["-5 mm", "-5 mm", "0 mm"]
max = ["5 mm", "5 mm", "1 cm"]
role = "rest"
[segment.hot]
method = "threshold"
above_suv = 2.5
within = "zone"
largest = true
role = "tumour"
role_fraction = 0.5
[assays]
retention = "assays/retention.tsv"
[rates]
division = "0.5 1/d"
division_sd = 0.3
phagocytosed_fraction = 0.6
[[override]]
field = "injected_activity"
reason = "console default of 1 Bq"
)";

}  // namespace sojourn::test
