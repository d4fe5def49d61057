#include "sojourn/study/study_file.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "shared/study_text.h"
#include "shared/temporary_folder.h"
#include "sojourn/core/error.h"
#include "sojourn/core/files.h"
#include "sojourn/core/time.h"
#include "sojourn/study/region_roles.h"

namespace sojourn::study {
namespace {

const std::string kFull = test::kFullStudy;
const std::string kSmallest = R"(sojourn = 1
[subject]
id = "p1"
species = "human"
[[scan]]
image = "pet"
)";

records::Study parse(const std::string& text) { return parse_study(text, "/data/study.toml"); }

std::string refusal(const std::string& text) {
  try {
    (void)parse(text);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_status(), 2);
    return e.what();
  }
  return "nothing refused";
}

/// kFull with one text replaced by another.
std::string with(const std::string& from, const std::string& to, std::string text = kFull) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

double utc(const char* iso) { return core::parse_iso(iso).value().utc_s(); }

#define EXPECT_REFUSED(text, ...)                                               \
  do {                                                                          \
    const std::string said = refusal(text);                                     \
    for (const char* word : {__VA_ARGS__})                                      \
      EXPECT_NE(said.find(word), std::string::npos) << word << " in: " << said; \
  } while (false)

TEST(StudyFile, EveryBlockIsReadInNativeUnits) {
  const auto study = parse(kFull);
  EXPECT_EQ(study.zone_min, 60);
  EXPECT_EQ(study.subject.id, "m07");
  EXPECT_DOUBLE_EQ(*study.subject.body_mass_g, 21.4);
  ASSERT_EQ(study.infusions.size(), 1U);
  const auto& infusion = study.infusions[0];
  EXPECT_DOUBLE_EQ(infusion.infused_at_utc_s, utc("2026-03-02T10:15:00Z")) << "zone of the file";
  EXPECT_DOUBLE_EQ(infusion.count, 7e6);
  EXPECT_DOUBLE_EQ(infusion.duration_s, 60);
  ASSERT_EQ(study.administrations.size(), 2U);
  const auto& label = study.administrations[0];
  EXPECT_EQ(label.id, "label");
  EXPECT_DOUBLE_EQ(*label.activity_bq, 0.26e6);
  EXPECT_DOUBLE_EQ(label.residual_bq, 12e3);
  EXPECT_DOUBLE_EQ(label.extravasated_bq, 2e3);
  EXPECT_DOUBLE_EQ(*label.given_at_utc_s, infusion.infused_at_utc_s);
  EXPECT_DOUBLE_EQ(*label.cell_bound_fraction, 0.97);
  EXPECT_NEAR(*study.administrations[1].mass_g, 1.5e-6, 1e-18);
  EXPECT_DOUBLE_EQ(study.rates.division->value, 0.5 / 86400);
  EXPECT_DOUBLE_EQ(study.rates.division->relative_sd, 0.3);
  EXPECT_DOUBLE_EQ(study.rates.phagocytosed_fraction->value, 0.6);
  EXPECT_FALSE(study.rates.death);
  EXPECT_EQ(study.treatments.at(0).kind, "deferoxamine");
  EXPECT_EQ(study.overrides.at(0).reason, "console default of 1 Bq");
  EXPECT_EQ(study.assays.at("retention"), "/data/assays/retention.tsv");
  EXPECT_TRUE(study.warnings.empty()) << study.warnings.front();
}

TEST(StudyFile, ScanBlocks) {
  const auto study = parse(kFull);
  ASSERT_EQ(study.scans.size(), 2U);
  const auto& first = study.scans[0];
  EXPECT_EQ(first.image, "/data/pet/d0");
  EXPECT_EQ(first.image_as_written, "pet/d0");
  EXPECT_EQ(first.series, "4");
  EXPECT_TRUE(first.whole_body) << "a mouse lies in the field of view";
  EXPECT_DOUBLE_EQ(first.clock_offset_s, -30);
  EXPECT_DOUBLE_EQ((*first.psf_fwhm_mm)[2], 1.4);
  EXPECT_DOUBLE_EQ((*first.crop_mm)[0][1], -30);
  EXPECT_DOUBLE_EQ((*first.crop_mm)[1][1], 30);
  EXPECT_EQ(first.background, std::vector<std::string>{"muscle"});
  EXPECT_EQ(first.line, 33);
  const auto& second = study.scans[1];
  EXPECT_FALSE(second.whole_body);
  EXPECT_EQ(second.frame_duration_s, (std::vector<double>{10, 60}));
  EXPECT_EQ(*second.decay_corrected_to, "2026-03-03T10:15:00Z");
  EXPECT_DOUBLE_EQ((*second.psf_fwhm_mm)[2], 1.6);
}

TEST(StudyFile, RegionsAndSegments) {
  const auto study = parse(kFull);
  ASSERT_EQ(study.regions.size(), 4U);
  EXPECT_EQ(study.regions[0].name, "liver");
  EXPECT_EQ(study.regions[1].roles, (std::vector<std::string>{"bone", "marrow"}));
  EXPECT_DOUBLE_EQ(study.regions[1].fraction, 0.07);
  EXPECT_EQ(*study.regions[2].value, 10);
  EXPECT_EQ(study.regions[2].roles, std::vector<std::string>{"kidney"});
  EXPECT_FALSE(study.regions[3].value);
  EXPECT_EQ(study.regions[3].name, "GTV-1");
  ASSERT_EQ(study.segments.size(), 2U);
  EXPECT_EQ(study.segments[0].name, "zone") << "the order of the file";
  EXPECT_DOUBLE_EQ((*study.segments[0].box_max_mm)[2], 10);
  EXPECT_DOUBLE_EQ(*study.segments[1].above_suv, 2.5);
  EXPECT_DOUBLE_EQ(study.segments[1].fraction, 0.5);
  EXPECT_TRUE(study.segments[1].largest);
}

TEST(StudyFile, TheSmallestStudy) {
  const auto study = parse(kSmallest);
  EXPECT_TRUE(study.administrations.empty());
  EXPECT_FALSE(study.scans[0].whole_body) << "a human scan covers a part unless the study says so";
}

TEST(StudyFile, DefaultsThatMatterAreWarnings) {
  const auto study =
      parse(with("viability = 0.93\n", "", with("cell_bound_fraction = 0.97\n", "")));
  ASSERT_EQ(study.warnings.size(), 2U);
  EXPECT_NE(study.warnings[1].find("cell_bound_fraction"), std::string::npos);
  const auto unknown = parse(with("\"liver\"", "\"pancreas\""));
  ASSERT_EQ(unknown.warnings.size(), 1U);
  EXPECT_NE(unknown.warnings[0].find("activity alone"), std::string::npos);
}

TEST(StudyFileErrors, NameFileLineFieldAndTheNearest) {
  EXPECT_REFUSED(with("species = \"mouse\"", "species = \"mose\""), "study.toml:5: subject.species",
                 "did you mean \"mouse\"?");
  EXPECT_REFUSED(with("cells = \"cd8-t\"", "cells = \"cd8t\""), "study.toml:8: infusion[1].cells",
                 "did you mean \"cd8-t\"?");
  EXPECT_REFUSED(with("\"zr89-oxine\"", "\"zr89-oxin\""), "label.method",
                 "did you mean \"zr89-oxine\"?");
  EXPECT_REFUSED(with("route = \"iv\"", "route = \"oral\""), "infusion[1].route", "intranodal");
  EXPECT_REFUSED(with("psf_fwhm = \"1.4", "psf_fwmh = \"1.4"), "study.toml:44: scan[1].psf_fwmh",
                 "did you mean \"psf_fwhm\"?");
  EXPECT_REFUSED(with("[assays]", "[asays]"), "asays", "did you mean \"assays\"?");
  EXPECT_REFUSED(with("tracer = \"t1\"", "tracer = \"t2\""), "scan[2].tracer",
                 "did you mean \"t1\"?");
  EXPECT_REFUSED(with("role = \"bone+marrow\"", "role = \"bone+marow\""), "regions.2.role",
                 "did you mean \"marrow\"?");
  EXPECT_REFUSED(with("field = \"injected_activity\"", "field = \"injected_activty\""),
                 "override[1].field", "injected_activity");
  EXPECT_REFUSED(with("method = \"box\"", "method = \"cube\""), "segment.zone.method", "sphere");
  EXPECT_REFUSED(with("kind = \"deferoxamine\"", "kind = \"deferoxamin\""), "treatment[1].kind",
                 "deferoxamine");
}

TEST(StudyFileErrors, VersionIdentityAndMissingFields) {
  EXPECT_REFUSED(with("sojourn = 1\n", ""), "sojourn: missing");
  EXPECT_REFUSED(with("sojourn = 1", "sojourn = 2"), "study.toml:1: sojourn", "version 2");
  EXPECT_REFUSED(with("id = \"m07\"\n", ""), "subject.id: missing");
  for (const char* id : {"", "a/b", "../x", ".hidden", "m 07", "m\u00e407", "-x"}) {
    EXPECT_REFUSED(with("id = \"m07\"", std::string("id = \"") + id + "\""), "subject.id",
                   "letters, digits");
  }
  EXPECT_REFUSED(with("id = \"m07\"", "id = \"" + std::string(65, 'a') + "\""), "up to 64");
  EXPECT_REFUSED("sojourn = 1\n[subject]\nid = \"p\"\nspecies = \"human\"\n", "scan: missing");
  EXPECT_REFUSED(with("tracer = \"label\"\n", ""), "scan[1].tracer", "several activities");
  EXPECT_REFUSED(with("measured_at = 2026-03-02T10:05:00Z\n", ""), "label.measured_at", "missing");
}

TEST(StudyFileErrors, QuantitiesAndRanges) {
  EXPECT_REFUSED(with("\"21.4 g\"", "\"21.4 kg\""), "subject.body_mass", "21.4 kg for a mouse",
                 "did you mean \"21.4 g\"?");
  EXPECT_REFUSED(with("\"21.4 g\"", "21.4"), "subject.body_mass", "with its unit");
  EXPECT_REFUSED(with("\"0.26 MBq\"", "\"5 Hz\""), "label.activity", "Hz");
  EXPECT_REFUSED(with("\"0.26 MBq\"", "\"0 Bq\""), "label.activity", "over zero");
  EXPECT_REFUSED(with("viability = 0.93", "viability = 93"), "infusion[1].viability",
                 "0.93 for 93 %");
  EXPECT_REFUSED(with("viability = 0.93", "viability = 0"), "(0, 1]");
  EXPECT_REFUSED(with("count = 7.0e6", "count = -1"), "infusion[1].count");
  EXPECT_REFUSED(with("cell_bound_fraction = 0.97", "cell_bound_fraction = 1.2"),
                 "label.cell_bound_fraction");
  EXPECT_REFUSED(with("\"20 min\"", "\"0 s\""), "scan[1].frame_duration");
  EXPECT_REFUSED(with("calibration_uncertainty = 0.04", "calibration_uncertainty = 5"),
                 "0.05 for 5 %");
  EXPECT_REFUSED(with("[-20, -30, 0]", "[30, -30, 0]"), "scan[1].crop", "along x");
  EXPECT_REFUSED(with("[-20, -30, 0]", "[30, -30]"), "crop.min", "write three");
  EXPECT_REFUSED(with("\"0.5 1/d\"", "\"0.5 d\""), "rates.division");
  EXPECT_REFUSED(with("above_suv = 2.5", "above_suv = 2.5\nabove = \"5 kBq/mL\""), "one of above");
  EXPECT_REFUSED(with("timezone = \"+01:00\"", "timezone = \"CET\""), "study.toml:2: timezone",
                 "+01:00");
  EXPECT_REFUSED(with("\"scan-start\"", "\"scanstart\""), "decay_corrected_to",
                 "did you mean \"scan-start\"?");
  EXPECT_REFUSED(with("reason = \"console default of 1 Bq\"", "reason = \" \""),
                 "override[1].reason");
}

TEST(StudyFileErrors, TimesThatCannotBe) {
  EXPECT_REFUSED(with("infused_at = 2026-03-02T11:15:00", "infused_at = 11:15:00"), "study.toml:12",
                 "date");
  EXPECT_REFUSED(with("infused_at = 2026-03-02T11:15:00", "infused_at = \"11:15\""),
                 "infusion[1].infused_at", "no date");
  EXPECT_REFUSED(with("measured_at = 2026-03-02T10:05:00Z", "measured_at = 2026-02-02T10:05:00Z"),
                 "28.0 days apart");
  EXPECT_REFUSED(with("residual_measured_at = 2026-03-02T10:20:00Z",
                      "residual_measured_at = 2026-03-02T09:20:00Z"),
                 "residual");
  EXPECT_REFUSED(with("time = 2026-03-02T14:15:00Z", "time = 2026-03-01T14:15:00Z"),
                 "study.toml:33: scan[1].time", "before \"label\"");
  EXPECT_REFUSED(
      with("kind = \"deferoxamine\"", "kind = \"deferoxamine\"\nstop = 2026-03-01T10:15:00Z"),
      "treatment[1].stop");
}

TEST(StudyFileErrors, BlocksThatContradictEachOther) {
  EXPECT_REFUSED(with("id = \"t1\"", "id = \"label\""), "tracer[1].id", "taken");
  EXPECT_REFUSED(with("name = \"femur_l\"", "name = \"liver\""), "a second region");
  EXPECT_REFUSED(with("[segment.zone]", "[segment.liver]"), "another name");
  EXPECT_REFUSED(with("role = \"rest\"", "role = \"rest\"\nwithin = \"hot\""), "bounded by itself");
  EXPECT_REFUSED(with("psf_fwhm = \"1.4 mm\"", "psf_fwhm = \"1.4 mm\"\nrecovery = \"r.tsv\""),
                 "keep one");
  EXPECT_REFUSED(kSmallest + "[label]\nmethod = \"zr89-oxine\"\n", "add [[infusion]]");
  EXPECT_REFUSED(with("1 = \"liver\"", "0 = \"liver\""), "over zero");
}

TEST(StudyFilePaths, MustBeThereAndAreProposed) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "study.toml";
  core::write_file(file, with("image = \"pet\"", "image = \"pet/d0\"", kSmallest));
  std::filesystem::create_directories(folder.path() / "pet" / "d00");
  try {
    (void)read_study(file);
    FAIL() << "a missing image passed";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(),
                 "study.toml:6: scan[1].image: \"pet/d0\" is not there (paths are relative to the "
                 "study file); did you "
                 "mean \"pet/d00\"?");
    EXPECT_EQ(e.exit_status(), 2);
  }
  std::filesystem::create_directories(folder.path() / "pet" / "d0");
  const auto study = read_study(file);
  EXPECT_EQ(study.scans[0].image, folder.path() / "pet/d0");
  EXPECT_THROW((void)read_study(folder.path()), Error);
  EXPECT_THROW((void)read_study(folder.path() / "no.toml"), Error);
}

TEST(StudyFilePaths, AbsolutePathsAreShownRelative) {
  const auto study = parse(with("image = \"pet\"", "image = \"/data/x/pet\"", kSmallest));
  EXPECT_EQ(study.scans[0].image, "/data/x/pet");
  EXPECT_EQ(study.scans[0].image_as_written, "x/pet");
}

TEST(RegionRoles, NamesImplyCompartments) {
  using Roles = std::vector<std::string>;
  EXPECT_EQ(implied_roles("Kidney left"), Roles{"kidney"});
  EXPECT_EQ(implied_roles("lungs"), Roles{"lung"});
  EXPECT_EQ(implied_roles("heart_blood"), Roles{"blood"});
  EXPECT_EQ(implied_roles("Stomach"), Roles{"gut"});
  EXPECT_EQ(implied_roles("tumor_2"), Roles{"tumour"});
  EXPECT_EQ(implied_roles("lymph_node_inguinal_l"), Roles{"lymph-node"});
  EXPECT_EQ(implied_roles("femur_r"), Roles{"bone"});
  EXPECT_EQ(implied_roles("bone-marrow"), Roles{"marrow"});
  EXPECT_EQ(implied_roles("skeleton"), (Roles{"bone", "marrow"}));
  EXPECT_EQ(implied_roles("body_rest"), Roles{"rest"});
  EXPECT_EQ(implied_roles("brain"), Roles{}) << "known, and no compartment";
  EXPECT_FALSE(implied_roles("liverpool"));
  for (const auto& role : known_roles()) EXPECT_TRUE(implied_roles(role)) << role;
}

RC_GTEST_PROP(StudyFileProperty, BrokenTextIsRefusedOrReadNeverWorse, ()) {
  auto text = kFull;
  const auto n = *rc::gen::inRange(1, 6);
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
    text[at] = static_cast<char>(*rc::gen::inRange(0, 256));
  }
  try {
    (void)parse(text);
  } catch (const Error& e) {
    RC_ASSERT(e.exit_status() == 2);
  }
}

}  // namespace
}  // namespace sojourn::study
