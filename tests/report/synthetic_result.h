#pragma once
#include <string>

#include "sojourn/records/study_result.h"

/// Made-up results for the page: shapes and numbers like those of real studies, none of them
/// measured.
namespace sojourn::test {

/// A mouse with labelled cells, 15 regions at three time points.
[[nodiscard]] records::StudyResult mouse_with_cells();
/// One FDG scan of a human: no cells, one time point, tall pictures.
[[nodiscard]] records::StudyResult human_fdg();
/// 40 frames, 20 regions, no cells.
[[nodiscard]] records::StudyResult dynamic_study();

/// A picture of width x height pixels with an ellipse and three spots.
[[nodiscard]] image::Projection phantom_projection(int width, int height, double pixel_mm,
                                                   double scale);

}  // namespace sojourn::test
