#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

#include "report/page_parser.h"
#include "report/synthetic_result.h"
#include "sojourn/report/report.h"

namespace sojourn::report {
namespace {

rc::Gen<std::string> hostile_text() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<std::string>(),
      rc::gen::element<std::string>("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                    "' onload='x", "</style></svg>", "]]>", "<!--", "&lt;&#60;&",
                                    "\xFF\xFE\xC0\xAF", "\xE2\x82", std::string("\0\x01\x1b", 3),
                                    "\xED\xA0\x80", "a\nb\tc", "{} {0} {:d}", "%s%n",
                                    "[@currie1968] [@a;<b>]", std::string(5000, '<'), "",
                                    "\xE2\x80\xAE"
                                    "abc"));
}

rc::Gen<double> hostile_number() {
  using limits = std::numeric_limits<double>;
  return rc::gen::oneOf(
      rc::gen::arbitrary<double>(),
      rc::gen::element(0.0, -0.0, -1.0, 1e-310, 1e300, limits::max(), limits::lowest(),
                       limits::infinity(), -limits::infinity(), limits::quiet_NaN()));
}

std::set<std::string> element_names(const test::Page& page) {
  std::set<std::string> names;
  for (const auto& token : page.tokens) names.insert(token.name);
  return names;
}

RC_GTEST_PROP(Hostile, NamesStayText, ()) {
  auto result = test::human_fdg();
  result.pictures.resize(1);
  result.pictures[0].front = result.pictures[0].side = test::phantom_projection(8, 9, 1, 5);
  const auto text = [] { return *hostile_text(); };
  result.study.subject.id = text();
  result.study.subject.species = text();
  result.pictures[0].label = text();
  result.pictures[0].tracer = text();
  for (auto& m : result.measurements) {
    m.region = text();
    m.tracer = text();
  }
  result.facts = {{text(), text()}};
  result.warnings = {text(), "scan 1: " + text()};
  result.methods = {text(), "[@" + text() + "]"};
  result.citations = {{text(), text(), text()}, {text(), text(), "10.1/" + text()}};
  result.provenance = core::Tree::table();
  result.provenance.set(text(), text())
      .set("k", core::Tree::array().push(core::Tree::table().set(text(), 1)));
  const auto page = test::parse_page(to_html(result));
  if (page.problem) RC_LOG() << *page.problem;
  RC_ASSERT(!page.problem);
  const std::set<std::string> known = {
      "",           "html",    "head",    "meta",    "title",  "style", "body",  "main",
      "header",     "h1",      "h2",      "h3",      "p",      "b",     "div",   "section",
      "dl",         "dt",      "dd",      "ul",      "ol",     "li",    "span",  "svg",
      "g",          "line",    "rect",    "path",    "circle", "text",  "image", "figure",
      "figcaption", "small",   "a",       "table",   "thead",  "tbody", "tr",    "th",
      "td",         "caption", "details", "summary", "footer", "script"};
  for (const auto& name : element_names(page)) RC_ASSERT(known.contains(name));
  for (const auto& token : page.tokens) {
    for (const auto& [name, value] : token.attributes) RC_ASSERT(name.rfind("on", 0) != 0);
  }
}

RC_GTEST_PROP(Hostile, NumbersNeverBreakThePage, ()) {
  auto result = test::mouse_with_cells();
  result.pictures.resize(1);
  result.pictures[0].front = result.pictures[0].side = test::phantom_projection(8, 9, 1, 5);
  result.measurements.resize(*rc::gen::inRange<std::size_t>(0, 12));
  result.cells.resize(*rc::gen::inRange<std::size_t>(0, 6));
  const auto number = [] { return *hostile_number(); };
  for (auto& m : result.measurements) {
    m.hours = number();
    m.volume_ml = number();
    m.activity_bq = number();
    m.activity_dc_bq = number();
    m.percent_id_per_ml = number();
    m.noise_bq = number();
    m.suv_mean = number();
  }
  for (auto& c : result.cells) {
    c.hours = number();
    c.cells = number();
    c.cells_lo95 = number();
    c.cells_hi95 = number();
    c.cells_naive = number();
    c.detection_limit_cells = number();
  }
  result.pictures[0].hours = number();
  for (auto& v : result.pictures[0].front.values) v = static_cast<float>(number());
  result.pictures[0].front.pixel_width_mm = number();
  const std::string html = to_html(result);
  const auto page = test::parse_page(html);
  RC_ASSERT(!page.problem);
  RC_ASSERT(test::non_finite_shape(page) == "");
}

}  // namespace
}  // namespace sojourn::report
