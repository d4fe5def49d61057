#pragma once
#include <string>

#include "sojourn/records/study_result.h"

namespace sojourn::report {

/// One self-contained HTML page: no script or style from elsewhere, figures as SVG, pictures as
/// embedded PNG. It computes nothing but its pictures; every number is the record's.
[[nodiscard]] std::string to_html(const records::StudyResult& result);

}  // namespace sojourn::report
