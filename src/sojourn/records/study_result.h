#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/core/tree.h"
#include "sojourn/image/filter.h"
#include "sojourn/records/results.h"
#include "sojourn/records/study.h"

/// Everything that a tracked study says: what the report shows and study.json holds.
namespace sojourn::records {

/// One time point to show.
struct ScanPicture {
  int scan = 0;
  double hours = 0;
  std::string tracer;
  std::string label;              ///< "scan 2, 24.0 h, label"
  image::Projection front, side;  ///< Bq/mL, decay-corrected to the administration
};

/// A line of the methods paragraph, with citation keys as [@key].
using Sentence = std::string;

struct Citation {
  std::string key, text, doi;
};

struct StudyResult {
  Study study;
  std::vector<ScanPicture> pictures;
  std::vector<Measurement> measurements;
  std::vector<CellEstimate> cells;  ///< empty for a study without cells
  std::optional<PosteriorSummary> posterior;
  std::vector<std::pair<std::string, std::string>>
      facts;  ///< "Injected activity" -> "248 kBq (net)"
  std::vector<std::string> warnings;
  std::vector<Sentence> methods;
  std::vector<Citation> citations;
  core::Tree provenance;  ///< what study.json says
};

}  // namespace sojourn::records
