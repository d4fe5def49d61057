#include "report/synthetic_result.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "sojourn/core/random.h"

namespace sojourn::test {
namespace {

using records::StudyResult;

constexpr double kZr89HalfLifeH = 78.41;  // any half-life would do here

struct Organ {
  const char* name;
  double ml;
  std::array<double, 3> percent;  // of the injected activity at 4, 24, 96 h
};

constexpr std::array<Organ, 15> kOrgans = {{{"whole_body", 21.0, {99.0, 97.0, 91.0}},
                                            {"liver", 1.31, {38.0, 44.0, 41.0}},
                                            {"spleen", 0.09, {9.1, 12.4, 10.2}},
                                            {"lung", 0.48, {21.0, 4.1, 2.2}},
                                            {"heart_blood", 0.27, {3.2, 0.9, 0.4}},
                                            {"kidney_l", 0.17, {1.1, 1.4, 1.6}},
                                            {"kidney_r", 0.17, {1.2, 1.3, 1.5}},
                                            {"femur_l", 0.05, {0.4, 1.1, 1.9}},
                                            {"femur_r", 0.05, {0.4, 1.0, 2.0}},
                                            {"spine", 0.41, {2.3, 4.9, 7.7}},
                                            {"lymph_node_axillary", 0.004, {0.004, 0.03, 0.05}},
                                            {"lymph_node_inguinal", 0.004, {0.0, 0.02, 0.04}},
                                            {"tumour_flank", 0.22, {0.5, 1.4, 2.6}},
                                            {"gut", 2.4, {3.0, 3.5, 2.8}},
                                            {"bladder", 0.15, {0.8, 0.5, 0.2}}}};

void add_cells(StudyResult& r, const records::Measurement& m, double percent) {
  const double naive = percent / 100 * 6.1e6, growth = 1 + m.hours / 120;
  const bool bone = m.region.rfind("femur", 0) == 0 || m.region == "spine";
  records::CellEstimate c;
  c.scan = m.scan;
  c.hours = m.hours;
  c.region = m.region;
  c.live_label_fraction = (bone ? 0.55 : 0.9) * std::exp(-m.hours / 140);
  c.expansion = growth;
  c.cells = naive * c.live_label_fraction * growth;
  c.cells_lo95 = 0.62 * c.cells;
  c.cells_hi95 = 1.55 * c.cells;
  c.cells_naive = naive;
  c.detection_limit_cells = 900 * growth / std::exp(-m.hours / 140);
  c.probability_above_limit = c.cells > *c.detection_limit_cells ? 0.999 : 0.21;
  c.label_per_live_cell_bq = 0.0401 * std::exp2(-m.hours / kZr89HalfLifeH) / growth;
  r.cells.push_back(c);
}

records::ScanPicture picture(int scan, double hours, const std::string& tracer,
                             image::Projection front, image::Projection side) {
  return {scan,
          hours,
          tracer,
          fmt::format("scan {}, tracer {}", scan, tracer),
          std::move(front),
          std::move(side)};
}

void add_words(StudyResult& r) {
  r.facts = {{"Subject", r.study.subject.id},
             {"Species", r.study.subject.species},
             {"Body mass", "21.4 g"},
             {"Cells infused", "7.00 million, viability 93 %, i.v."},
             {"Label", "zr89-oxine, Zr-89"},
             {"Injected activity", "248 kBq (net of 12 kBq residual)"},
             {"Infused at", "2026-03-02T10:15:00Z"},
             {"Scanner", "Preclinical PET/CT"}};
  r.warnings = {
      "scan 1 (pet/d0): decay reference: series time and slices differ by 41 s; the series time is "
      "used",
      "scan 2 (pet/d1): decay reference: series time and slices differ by 41 s; the series time is "
      "used",
      "label: no cell_bound_fraction; 1 is assumed"};
  r.methods = {
      "PET values were brought to Bq/mL at the middle of each frame and decay-corrected to the "
      "infusion.",
      "Detection limits follow Currie [@currie1968]; partial volume was corrected by a geometric "
      "transfer matrix "
      "[@rousset1998].",
      "Living cells were inferred with a label-fate model of division, efflux, death and release "
      "of label to bone "
      "[@sato2015; @currie1968]."};
  r.citations = {
      {"rousset1998",
       "Rousset OG, Ma Y, Evans AC. Correction for partial volume effects in PET: principle and "
       "validation. J Nucl Med 1998;39:904-911.",
       ""},
      {"currie1968",
       "Currie LA. Limits for qualitative detection and quantitative determination. Anal Chem "
       "1968;40:586-593.",
       "10.1021/ac60259a007"},
      {"sato2015",
       "Sato N, et al. 89Zr-oxine complex PET cell imaging in monitoring cell-based therapies. "
       "Radiology 2015;275:490-500.",
       "10.1148/radiol.15142849"}};
  auto inputs = core::Tree::array();
  inputs.push(core::Tree::table().set("path", "pet/d0").set("sha256", "3b1f"));
  inputs.push(core::Tree::table().set("path", "pet/d1").set("sha256", "9a02"));
  r.provenance = core::Tree::table();
  r.provenance.set("schema", "sojourn/study/1").set("seed", 1).set("inputs", inputs);
}

}  // namespace

image::Projection phantom_projection(int width, int height, double pixel_mm, double scale) {
  image::Projection p{width, height, pixel_mm, pixel_mm, {}};
  core::Random random(7,
                      static_cast<std::uint64_t>(width) * 131 + static_cast<std::uint64_t>(scale));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = 2.0 * x / width - 1, v = 2.0 * y / height - 1;
      const auto spot = [&](double a, double b, double r) {
        return std::exp(-((u - a) * (u - a) + (v - b) * (v - b) * 6) / (r * r));
      };
      const double body = u * u / 0.6 + v * v / 0.85 < 1 ? 0.06 : 0.003;
      const double value = body + 0.9 * spot(-0.2, -0.1, 0.38) + 0.8 * spot(0.4, 0.0, 0.17) +
                           1.6 * spot(0.0, 0.55, 0.12) + 0.25 * spot(0.05, -0.75, 0.4);
      p.values.push_back(
          static_cast<float>(scale * std::max(0.0, value + 0.012 * random.normal())));
    }
  }
  return p;
}

StudyResult mouse_with_cells() {
  StudyResult r;
  r.study.subject = {"m07", "mouse", 21.4, {}, {}};
  r.study.infusions.resize(1);
  constexpr std::array kHours = {4.2, 24.3, 96.1};
  constexpr double kInjected = 248e3;
  for (std::size_t i = 0; i < kHours.size(); ++i) {
    const double decay = std::exp2(-kHours[i] / kZr89HalfLifeH);
    for (const auto& organ : kOrgans) {
      records::Measurement m;
      m.scan = static_cast<int>(i) + 1;
      m.frame = 1;
      m.hours = kHours[i];
      m.frame_duration_s = 1200;
      m.tracer = "label";
      m.region = organ.name;
      m.volume_ml = organ.ml;
      m.activity_dc_bq = organ.percent[i] / 100 * kInjected;
      m.activity_bq = m.activity_dc_bq * decay;
      if (organ.ml < 1) {
        m.recovery = 0.5 + 0.4 * organ.ml;
        m.recovery_relative_sd = 0.06;
      }
      m.activity_uncorrected_bq = m.activity_bq * m.recovery.value_or(1);
      m.percent_id = organ.percent[i];
      m.percent_id_per_ml = organ.percent[i] / organ.ml;
      m.suv_mean = *m.percent_id_per_ml / 100 * 21.4;
      m.suv_max = 1.9 * *m.suv_mean;
      if (organ.ml > 1) m.suv_peak = 1.3 * *m.suv_mean;
      m.noise_bq = 6 + 0.01 * m.activity_bq;
      m.detection_limit_bq = 21 + 40 * organ.ml;
      m.calibration_relative_sd = 0.05;
      r.measurements.push_back(m);
      add_cells(r, m, organ.percent[i]);
    }
    const double scale = 160e3 * (1 - 0.1 * static_cast<double>(i));
    r.pictures.push_back(picture(static_cast<int>(i) + 1, kHours[i], "label",
                                 phantom_projection(80, 200, 0.5, scale),
                                 phantom_projection(72, 200, 0.5, scale)));
  }
  add_words(r);
  return r;
}

StudyResult human_fdg() {
  StudyResult r;
  r.study.subject = {"p01", "human", 71000, {}, {}};
  constexpr std::array<std::pair<const char*, double>, 6> kRegions = {{{"brain", 7.2},
                                                                       {"heart", 4.9},
                                                                       {"liver", 2.1},
                                                                       {"bladder", 22.4},
                                                                       {"tumour_hilar", 9.6},
                                                                       {"muscle", 0.71}}};
  for (const auto& [name, suv] : kRegions) {
    records::Measurement m;
    m.scan = m.frame = 1;
    m.hours = 1.04;
    m.frame_duration_s = 1180;
    m.tracer = "fdg";
    m.region = name;
    m.volume_ml = 100 + 13 * suv;
    m.activity_bq = suv * 3500 * m.volume_ml;
    m.activity_uncorrected_bq = m.activity_bq;
    m.activity_dc_bq = m.activity_bq * 1.48;
    m.suv_mean = suv;
    m.suv_max = 1.8 * suv;
    m.suv_peak = 1.5 * suv;
    m.noise_bq = 0.02 * m.activity_bq;
    m.calibration_relative_sd = 0.05;
    r.measurements.push_back(m);
  }
  r.pictures.push_back(picture(1, 1.04, "fdg", phantom_projection(168, 420, 4.1, 30e3),
                               phantom_projection(120, 420, 4.1, 30e3)));
  add_words(r);
  r.warnings.clear();
  return r;
}

StudyResult dynamic_study() {
  StudyResult r;
  r.study.subject = {"rat-3", "rat", 310, {}, {}};
  double start = 0;
  for (int frame = 1; frame <= 40; ++frame) {
    const double length = frame <= 12 ? 10 : frame <= 24 ? 60 : 300;
    for (int region = 0; region < 20; ++region) {
      records::Measurement m;
      m.scan = 1;
      m.frame = frame;
      m.frame_start_s = start;
      m.frame_duration_s = length;
      m.hours = (start + length / 2) / 3600;
      m.tracer = "f18-probe";
      m.region = fmt::format("region_{:02}", region + 1);
      m.volume_ml = 0.4 + region;
      const double rate = 2 + region, top = 4e5 / (1 + region);
      m.activity_dc_bq = top * (std::exp(-m.hours * rate) - std::exp(-m.hours * 240)) + 0.05 * top;
      m.activity_bq = m.activity_dc_bq * std::exp2(-m.hours / 1.8295);
      m.activity_uncorrected_bq = m.activity_bq;
      m.noise_bq = 4e4 / (1 + region) / std::sqrt(length);
      m.calibration_relative_sd = 0.05;
      r.measurements.push_back(m);
    }
    start += length;
  }
  r.pictures.push_back(picture(1, 0.01, "f18-probe", phantom_projection(90, 220, 1, 9e3),
                               phantom_projection(80, 220, 1, 9e3)));
  return r;
}

}  // namespace sojourn::test
