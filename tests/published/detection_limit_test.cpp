#include <gtest/gtest.h>

#include <map>

#include "sojourn/catalogue/catalogue.h"
#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/plan/limit.h"

/// Published detection limits (data/plan/published_limits_2026) against the model. The phantom's
/// cubes set the noise constant; everything else is a prediction. docs/published_limits.md lists
/// every ratio.
namespace {

using namespace sojourn;

core::Tsv table(const char* name) {
  const auto path = core::data_dir() / "plan" / "published_limits_2026" / name;
  return core::Tsv::parse(core::read_file(path), name);
}

std::size_t row_of(const core::Tsv& t, const std::string& id) {
  for (std::size_t row = 0; row < t.rows(); ++row)
    if (t.at(row, "id") == id) return row;
  ADD_FAILURE() << "no row " << id;
  return 0;
}

/// The model under the row's conditions, in the row's quantity, over the published value.
struct Held {
  double model = 0, published = 0;
  [[nodiscard]] double ratio() const { return model / published; }
};

Held hold(const std::string& id) {
  static const auto limits = table("limits.tsv"), assumed = table("assumed.tsv");
  const auto row = row_of(limits, id), given = row_of(assumed, id);
  const auto either = [&](const char* column) {
    const auto stated = limits.number(row, column);
    return stated || !assumed.find(column) ? stated : assumed.number(given, column);
  };
  plan::LimitQuestion q;
  q.method = limits.at(row, "method");
  q.cells = limits.at(row, "cells") == "n/a" ? "dc-mature" : limits.at(row, "cells");
  q.scanner =
      limits.at(row, "scanner") == "n/a" ? assumed.at(given, "scanner") : limits.at(row, "scanner");
  if (assumed.at(given, "species") != "phantom") q.species = assumed.at(given, "species");
  if (assumed.at(given, "region") != "none") q.region = assumed.at(given, "region");
  q.task.volume_ml = either("volume_ml").value();
  if (const auto minutes = either("scan_minutes")) q.task.time_s = *minutes * 60;
  if (const auto kbq = limits.number(row, "activity_per_million_kbq"))
    q.label_per_million_bq = *kbq * 1e3;
  if (const auto mbq = either("injected_activity_mbq")) q.injected_bq = *mbq * 1e6;
  const std::map<std::string, double> trunk_mm{{"mouse", 25}, {"macaque", 160}, {"human", 300}};
  if (!q.species.empty()) q.task.object_diameter_mm = trunk_mm.at(q.species);
  const auto answer = plan::limit(q);
  const bool per_ml = limits.at(row, "quantity") == "cells_per_ml";
  return {per_ml ? answer.detection.cells_per_ml : answer.detection.cells,
          limits.number(row, "value").value()};
}

TEST(DetectionLimitPublished, ZirconiumPhantomWithinAFactorOfTwo) {
  EXPECT_NEAR(hold("zr89-jurkat-cube").ratio(), 1, 0.5);
  // the same for any clinical scanner of that sensitivity, at the 20 min that a plan would ask for
  for (const char* scanner : {"biograph-mct", "discovery-mi", "biograph-mmr"}) {
    plan::LimitQuestion q;
    q.method = "zr89-oxine";
    q.cells = "jurkat";
    q.scanner = scanner;
    q.label_per_million_bq = 15.4e3;
    q.task.time_s = 1200;
    const double ratio = plan::limit(q).detection.cells_per_ml / 3.3e4;
    EXPECT_GT(ratio, 0.5) << scanner;
    EXPECT_LT(ratio, 2.0) << scanner;
  }
}

TEST(DetectionLimitPublished, ReporterGenesWithinAFactorOfFive) {
  for (const char* id : {"sstr2-jurkat-density", "dckdm-feau-t", "hsvtk-feau-t", "nis-124i-t"}) {
    const double ratio = hold(id).ratio();
    EXPECT_GT(ratio, 0.2) << id;
    EXPECT_LT(ratio, 5.0) << id;
  }
}

/// At the highest uptake per cell that the sources give.
double best_case(const std::string& id, const std::string& method) {
  const auto& uptake = *catalogue::method(method).reporter().cell_suv;
  return hold(id).model * uptake.value / *uptake.high;
}

TEST(DetectionLimitPublished, NoradrenalineTransporterReachesUnderAHundredThousand) {
  // Moroz 2015: fewer than 1e5 T cells were seen. With the middle of the cited uptakes the model
  // asks for 2.7 times as many; the published side lies inside their span.
  EXPECT_LT(best_case("net-mfbg-t", "net-18f-mfbg"), 1e5);
  EXPECT_LT(hold("net-mfbg-t").ratio(), 5.0);
}

TEST(DetectionLimitPublished, IodideSymporterBySpectIsOutOfTheModelsReach) {
  // The review's 1.5e4 cells by pertechnetate SPECT: the model asks for 24 times as many with the
  // middle of the cited uptakes and 3.3 times with the highest. A known miss, kept in sight.
  const auto held = hold("nis-tco4-cart");
  EXPECT_LT(best_case("nis-tco4-cart", "nis-99mtc-pertechnetate") / held.published, 5.0);
  EXPECT_GT(held.ratio(), 5.0);
}

TEST(DetectionLimitPublished, MacaqueOrgansAreSeen) {
  // 55 kBq/kg of 89Zr-oxine NK cells, 1.8e7 in all: lung, liver and spleen were visible; marrow,
  // the faintest, held 3.4 % of the cells (sato-2020)
  for (const char* id : {"macaque-nk-lung", "macaque-nk-liver", "macaque-nk-spleen"})
    EXPECT_LT(hold(id).model, 0.034 * 1.8e7) << id;
}

TEST(DetectionLimitPublished, FluorineSeesTenMillionCellsAndMissesOne) {
  EXPECT_LT(hold("dc-19f-seen").model, 1e7);
  EXPECT_GT(hold("dc-19f-unseen").model, 1e6);
  EXPECT_LT(hold("cpc-19f-9t").ratio(), 5.0);
}

}  // namespace
