// What activities per cell were borne and what did harm (data/dose/labelling_windows_2026), against
// the window that dose to the nucleus and the published radiosensitivities give. The model is not
// fitted to them; where it fails it is named here and in docs/theory/cell_dose.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sojourn/core/files.h"
#include "sojourn/core/tsv.h"
#include "sojourn/dose/cell_course.h"
#include "sojourn/dose/cell_effect.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using namespace sojourn::dose;

struct Verdict {
  double gy_per_bq = 0;
  LabellingWindow window;
  bool borne_fits = true;   ///< what was borne is not called harmful
  bool harmed_fits = true;  ///< what did harm is not called harmless
};

std::map<std::string, Verdict> verdicts() {
  const auto path = sojourn::core::data_dir() / "dose" / "labelling_windows_2026" / "windows.tsv";
  const auto table = sojourn::core::Tsv::parse(sojourn::core::read_file(path), "windows.tsv");
  std::map<std::string, Verdict> all;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.at(i, "cells") == "n/a") continue;
    const auto& n = sojourn::nuclide::find(table.at(i, "nuclide"));
    LabelledCell cell{1, n.half_life_s, CellPart::cytoplasm};
    Verdict v;
    v.gy_per_bq =
        nucleus_dose(electron_lines(n),
                     {*table.number(i, "cell_radius_um"), *table.number(i, "nucleus_radius_um")},
                     cell, {}, {3600 * *table.number(i, "observed_h")})[0]
            .own;
    v.window =
        labelling_window(v.gy_per_bq, sensitivity_of(table.at(i, "cells"), table.at(i, "state")));
    const auto borne = table.number(i, "borne_kbq"), harmed = table.number(i, "harmed_kbq");
    v.borne_fits = !borne || *borne <= v.window.harmful_above_kbq;
    v.harmed_fits = !harmed || *harmed >= v.window.harmless_below_kbq;
    all[table.at(i, "id")] = v;
  }
  return all;
}

TEST(LabellingWindows, AgreeWithWhatWasSeen) {
  for (const auto& [id, v] : verdicts()) {
    EXPECT_TRUE(v.borne_fits) << id;
    EXPECT_TRUE(v.harmed_fits) << id;
  }
}

// The wide range above says little. The human rows for stimulated T cells alone (D0 2.4 and 2.9 Gy)
// would call an activity harmful between 20 and 24 kBq per million.
TEST(LabellingWindows, HumanStimulatedTCellsFitAllButCarTCells) {
  double low = 1e9, high = 0;
  for (const char* cells : {"cd8-t", "cd4-t"})
    for (const auto& row : sensitivity_of(cells, "stimulated").rows)
      if (row.cells == cells && row.species == "human" && row.state == "stimulated") {
        low = std::min(low, row.d37_low_gy);
        high = std::max(high, row.d37_high_gy);
      }
  EXPECT_DOUBLE_EQ(low, 2.4);
  EXPECT_DOUBLE_EQ(high, 2.9);
  const double gy_per_bq = verdicts().at("zr89-cd8").gy_per_bq;
  const double harmful_kbq = high / gy_per_bq * 1e3, harmless_kbq = low / gy_per_bq * 1e3;
  EXPECT_LE(harmful_kbq, 37);   // CD8 cells: stay under 37
  EXPECT_GE(harmless_kbq, 19);  // gamma-delta cells: 20 borne (19.5 here), 50 not
  EXPECT_LE(harmful_kbq, 50);
  EXPECT_LE(harmful_kbq, 100);  // regulatory T cells
  // and the failure: CAR-T cells bore 70, at which this dose would leave 5 %
  EXPECT_LT(survival(70e-3 * gy_per_bq, 1 / high), 0.06);
}

TEST(LabellingWindows, In111ThatStopsRecirculationIsAsMuchAsOneToFiveGy) {
  // 14.8 kBq per million to the end of the decay, beside 1 to 4 Gy from outside with the same
  // effect
  const auto& n = sojourn::nuclide::find("In-111");
  const LabelledCell cell{14.8e-3, n.half_life_s, CellPart::cytoplasm};
  const double gy =
      nucleus_dose(electron_lines(n), {3.5, 3}, cell, {}, {100 * n.half_life_s})[0].own;
  EXPECT_GT(gy, 1);
  EXPECT_LT(gy, 5);
}

}  // namespace
