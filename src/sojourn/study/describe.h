#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sojourn/fate/cell_counter.h"
#include "sojourn/records/study_result.h"
#include "sojourn/study/scan_product.h"

namespace sojourn::study {

/// "248 kBq", "1.31 MBq", "0.26 Bq": three or four significant figures with a prefix.
[[nodiscard]] std::string with_prefix(double bq);

/// The facts that head the report, in reading order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> study_facts(
    const records::Study& study, const std::vector<ScanProduct>& scans);

/// The methods paragraph, sentence by sentence, with citation keys as [@key].
[[nodiscard]] std::vector<records::Sentence> methods_text(const records::Study& study,
                                                          const std::vector<ScanProduct>& scans,
                                                          const fate::CountResult* cells);

/// The references that the sentences name, in the order of their first mention.
[[nodiscard]] std::vector<records::Citation> citations_of(
    const std::vector<records::Sentence>& sentences);

}  // namespace sojourn::study
