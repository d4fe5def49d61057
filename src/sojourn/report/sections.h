#pragma once
#include <string>

#include "sojourn/records/study_result.h"

/// The page's parts, each as HTML; empty where the study has nothing for it.
namespace sojourn::report {

/// Title, the answer in one line, the most telling regions at the last time point.
[[nodiscard]] std::string head_section(const records::StudyResult& result);
[[nodiscard]] std::string facts_section(const records::StudyResult& result);
/// Every warning once, with the scans that share it and how often it was said.
[[nodiscard]] std::string warnings_section(const records::StudyResult& result);
/// activity.tsv and cells.tsv as tables; long ones one fold per scan.
[[nodiscard]] std::string activity_tables(const records::StudyResult& result);
[[nodiscard]] std::string cell_tables(const records::StudyResult& result);
/// How well the posterior was sampled, what was learnt of each parameter, bone against marrow.
[[nodiscard]] std::string posterior_section(const records::StudyResult& result);
/// The methods paragraph with numbered citations, and the references.
[[nodiscard]] std::string methods_section(const records::StudyResult& result);
/// What study.json says, folded.
[[nodiscard]] std::string provenance_section(const records::StudyResult& result);

/// True for a region that holds the whole subject ("body", "whole_body", "total").
[[nodiscard]] bool is_whole_subject(const std::string& region);

/// A titled part of a page; empty where the content is.
[[nodiscard]] inline std::string section(const std::string& title, const std::string& content) {
  if (content.empty()) return {};
  return "<section><h2>" + title + "</h2>" + content + "</section>";
}

/// Folds are printed whole; without scripts they print as they stand.
inline constexpr const char* kUnfoldForPrint =
    "<script>addEventListener('beforeprint',function(){document.querySelectorAll('details.print')"
    ".forEach(function(d){d.open=true})})</script>";

/// The page's style sheet.
[[nodiscard]] std::string style_sheet();

}  // namespace sojourn::report
