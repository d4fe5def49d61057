#include "sojourn/core/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>

namespace sojourn::core {
namespace {

constexpr double kDay_s = 86400;

TEST(Time, KnownMomentsAgainstUnixTime) {
  // `date -u -d ... +%s` gives these.
  EXPECT_EQ(parse_iso("1970-01-01T00:00:00Z")->utc_s(), 0);
  EXPECT_EQ(parse_iso("2000-02-29T00:00:00Z")->utc_s(), 951782400);
  EXPECT_EQ(parse_iso("2026-03-02T10:15:00Z")->utc_s(), 1772446500);
  EXPECT_EQ(parse_iso("1969-12-31T23:59:59Z")->utc_s(), -1);
}

TEST(Time, ZonesMoveTheMomentNotTheClock) {
  const auto east = parse_iso("2026-03-02 10:15+05:30");
  ASSERT_TRUE(east && east->offset_min);
  EXPECT_EQ(*east->offset_min, 330);
  EXPECT_EQ(east->utc_s(), 1772446500 - 330 * 60);
  const auto west = parse_iso("2026-03-02T10:15:00.5-0800");
  ASSERT_TRUE(west);
  EXPECT_EQ(west->utc_s(), 1772446500.5 + 8 * 3600);
  const auto silent = parse_iso("2026-03-02T10:15");
  ASSERT_TRUE(silent);
  EXPECT_FALSE(silent->offset_min);
  EXPECT_EQ(silent->utc_s(60), 1772446500 - 3600);
}

TEST(Time, LeapDaysExistInLeapYearsOnly) {
  EXPECT_TRUE(parse_dicom_date("20240229"));
  EXPECT_TRUE(parse_dicom_date("20000229"));
  EXPECT_FALSE(parse_dicom_date("19000229"));
  EXPECT_FALSE(parse_dicom_date("20260229"));
  EXPECT_EQ(*parse_dicom_date("20240301") - *parse_dicom_date("20240228"), 2 * kDay_s);
}

TEST(Time, RefusesWhatIsNoDateOrTime) {
  for (const char* text :
       {"", "2026", "2026-03-02", "2026-13-01T00:00", "2026-00-01T00:00", "2026-04-31T00:00",
        "2026-03-02T24:00", "2026-03-02T10:60", "2026-03-02T10:15:00X", "2026-03-02T10:15:00+25:00",
        "2026-03-02T10:15:00Z junk", "-026-03-02T10:15"}) {
    EXPECT_FALSE(parse_iso(text)) << text;
  }
  for (const char* text : {"", "2", "2500", "1260", "12:60:00", "120000.5x"})
    EXPECT_FALSE(parse_dicom_time(text)) << text;
  for (const char* text : {"", "2026030", "20261301", "2026-03-02"})
    EXPECT_FALSE(parse_dicom_date(text)) << text;
}

TEST(Time, DicomTimesOfAllLengths) {
  EXPECT_EQ(parse_dicom_time("10"), 36000);
  EXPECT_EQ(parse_dicom_time("1015"), 36900);
  EXPECT_EQ(parse_dicom_time("101501"), 36901);
  EXPECT_DOUBLE_EQ(*parse_dicom_time("101501.250000"), 36901.25);
  EXPECT_EQ(parse_dicom_time("10:15:01"), 36901);
  EXPECT_EQ(parse_dicom_time("101501 "), 36901);
  EXPECT_EQ(parse_dicom_date("2026.03.02"), parse_dicom_date("20260302"));
}

TEST(Time, DicomDatetimeWithZone) {
  const auto moment = parse_dicom_datetime("20260302101500.25+0100");
  ASSERT_TRUE(moment);
  EXPECT_DOUBLE_EQ(moment->utc_s(), 1772446500.25 - 3600);
  EXPECT_FALSE(parse_dicom_datetime("20260302"));
}

TEST(Time, FormatsRoundAcrossMidnight) {
  EXPECT_EQ(format_iso(1772446500), "2026-03-02T10:15:00Z");
  EXPECT_EQ(format_iso(1772446500.25), "2026-03-02T10:15:00.250Z");
  EXPECT_EQ(format_iso(kDay_s - 0.0001), "1970-01-02T00:00:00Z");
  EXPECT_EQ(format_iso(-1), "1969-12-31T23:59:59Z");
}

TEST(Time, DicomDateAndTimeSpeakOfTheSameMomentAtMidnight) {
  const double almost =
      std::nextafter(1772409600.0, 0.0);  // a quarter of a microsecond before 2026-03-02T00:00
  const auto back =
      *parse_dicom_date(format_dicom_date(almost)) + *parse_dicom_time(format_dicom_time(almost));
  EXPECT_NEAR(back, almost, 2e-6);  // the microseconds that DICOM TM has
}

RC_GTEST_PROP(TimeProperty, DicomTextsRoundTrip, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(-2000000000000LL, 4000000000000LL);
  const double local = static_cast<double>(ms) / 1000.0;
  const double back =
      *parse_dicom_date(format_dicom_date(local)) + *parse_dicom_time(format_dicom_time(local));
  RC_ASSERT(std::abs(back - local) < 2e-6);
}

RC_GTEST_PROP(TimeProperty, IsoRoundTripsToTheMillisecond, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(-2000000000000LL, 4000000000000LL);
  const double utc = static_cast<double>(ms) / 1000.0;
  RC_ASSERT(std::abs(parse_iso(format_iso(utc))->utc_s() - utc) < 1e-6);
}

RC_GTEST_PROP(TimeProperty, AnyTextIsReadOrRefused, (const std::string& text)) {
  (void)parse_iso(text);
  (void)parse_dicom_date(text);
  (void)parse_dicom_time(text);
  (void)parse_dicom_datetime(text);
}

}  // namespace
}  // namespace sojourn::core
