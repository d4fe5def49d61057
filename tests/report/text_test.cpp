#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "report/page_parser.h"
#include "sojourn/report/html.h"
#include "sojourn/report/number_text.h"

namespace sojourn::report {
namespace {

TEST(Html, EscapesWhatMarkupIsMadeOf) {
  EXPECT_EQ(html_escape(R"(<script>alert("1" & '2')</script>)"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
}

TEST(Html, ReplacesBytesThatAreNoUtf8) {
  const std::string r = "\xEF\xBF\xBD";
  EXPECT_EQ(clean_utf8("a\xFFz"), "a" + r + "z");
  EXPECT_EQ(clean_utf8("\xC0\xAF"), r + r);                  // overlong "/"
  EXPECT_EQ(clean_utf8("\xED\xA0\x80"), r + r + r);          // half of a surrogate pair
  EXPECT_EQ(clean_utf8("\xF4\x90\x80\x80"), r + r + r + r);  // above U+10FFFF
  EXPECT_EQ(clean_utf8("\xE2\x82"), r + r);                  // cut short
  EXPECT_EQ(clean_utf8(std::string_view("\0\x1b\x7f", 3)), r + r + r);
  EXPECT_EQ(clean_utf8("\xE2\x80\xAE"), r);  // right-to-left override
  EXPECT_EQ(clean_utf8("a\tb\r\n"), "a b  ");
  EXPECT_EQ(clean_utf8("Ü µ € 𝛼"), "Ü µ € 𝛼");
}

RC_GTEST_PROP(Html, CleaningIsDoneOnce, (const std::string& text)) {
  const std::string clean = clean_utf8(text);
  RC_ASSERT(clean_utf8(clean) == clean);
  RC_ASSERT(html_escape(text).find_first_of("<>\"'") == std::string::npos);
}

RC_GTEST_PROP(Html, ShortenedKeepsWholeCharacters, (const std::string& text)) {
  const std::string cut = shortened(text, 7);
  RC_ASSERT(clean_utf8(cut) == cut);
  std::size_t characters = 0;
  for (const char c : cut) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  RC_ASSERT(characters <= 7U);
}

TEST(Html, ShortenedTellsThatItCut) {
  EXPECT_EQ(shortened("lymph_node", 20), "lymph_node");
  EXPECT_EQ(shortened("lymph_node", 6), "lymph…");
  EXPECT_EQ(shortened("µµµµ", 4), "µµµµ");
}

TEST(Html, LinksKeepOnlyWhatAPathMayHold) {
  EXPECT_EQ(url_path("10.1021/ac60259a007"), "10.1021/ac60259a007");
  EXPECT_EQ(url_path("10.1/a\"b c<d>"), "10.1/a%22b%20c%3Cd%3E");
}

TEST(NumberText, ShowsSignificantFigures) {
  const std::string s = "\xE2\x80\xAF";
  EXPECT_EQ(figures(0.3), "0.300");
  EXPECT_EQ(figures(12.44), "12.4");
  EXPECT_EQ(figures(999.6), "1000");
  EXPECT_EQ(figures(1243999), "1" + s + "240" + s + "000");
  EXPECT_EQ(figures(-5.0),
            "\xE2\x88\x92"
            "5.00");
  EXPECT_EQ(figures(0), "0");
  EXPECT_EQ(figures(NAN), "n/a");
  EXPECT_EQ(figures(std::nullopt), "n/a");
  EXPECT_EQ(figures(6.02214e23), "6.02" + s + "×" + s + "10²³");
  EXPECT_EQ(figures(4.56e-7), "4.56" + s + "×" + s + "10⁻⁷");
}

RC_GTEST_PROP(NumberText, ReadsBackToItsFigures, ()) {
  const double sign = *rc::gen::arbitrary<bool>() ? 1 : -1;
  const double value = sign * std::pow(10.0, *rc::gen::inRange(-1500, 2000) / 100.0);
  const int digits = *rc::gen::inRange(2, 7);
  const double shown = test::shown_number(figures(value, digits)).value();
  // Half a unit of the last of `digits` figures, with slack for the binary fraction.
  RC_ASSERT(std::fabs(shown / value - 1) <= 0.5001 * std::pow(10.0, 1 - digits));
}

TEST(NumberText, HoursLoseTrailingZeros) {
  EXPECT_EQ(hours_text(4.2), "4.2");
  EXPECT_EQ(hours_text(24.0), "24");
  EXPECT_EQ(hours_text(96.14), "96.1");
  EXPECT_EQ(hours_text(100.0), "100");
  EXPECT_EQ(hours_text(-2.5),
            "\xE2\x88\x92"
            "2.5");
}

TEST(NumberText, ActivityUnitsKeepNumbersShort) {
  EXPECT_EQ(activity_unit(248e3).name, "kBq");
  EXPECT_EQ(activity_unit(900).name, "Bq");
  EXPECT_EQ(activity_unit(370e6).name, "MBq");
  EXPECT_EQ(activity_unit(7.4e9).name, "GBq");
}

}  // namespace
}  // namespace sojourn::report
