#include "sojourn/dose/tia_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "shared/message_of.h"

namespace {

using namespace sojourn::dose;
using sojourn::test::message_of;

TEST(TiaTable, ReadsIntegralsAndNamesTheBadLine) {
  const auto all = read_integrals("source\thours\tsd\nliver\t30\t2\nrest\t40\tn/a\n", "tia.tsv");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].source, "liver");
  EXPECT_EQ(all[0].sd, 2);
  EXPECT_EQ(all[1].sd, 0);
  const auto message = [](const char* text) {
    return message_of([&] { (void)read_integrals(text, "tia.tsv"); });
  };
  EXPECT_EQ(message("source\thours\nliver\t30\n"), "");
  EXPECT_NE(message("source\thours\nliver\t30\nliver\t3\n").find("tia.tsv:3"), std::string::npos);
  EXPECT_NE(message("source\thours\nliver\t-1\n").find("negative"), std::string::npos);
  EXPECT_NE(message("source\thours\nliver\tn/a\n").find("tia.tsv:2"), std::string::npos);
  EXPECT_NE(message("source\thours\nliver\tx\n"), "");
  EXPECT_NE(message("source\thours\n"), "");
  EXPECT_NE(message("organ\thours\nliver\t3\n"), "");
}

TEST(TiaTable, CollectsTheRowsOfACurve) {
  const auto curves = read_curves(
      "source\thours\tfraction\tsd\nliver\t1\t0.2\t0.01\nspleen\t1\t0.1\tn/"
      "a\nliver\t24\t0.1\t0.01\n",
      "curves.tsv");
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_EQ(curves[0].points.size(), 2U);
  EXPECT_EQ(curves[0].points[1].hours, 24);
  EXPECT_FALSE(curves[1].points[0].sd);
  EXPECT_NE(message_of([] { (void)read_curves("source\thours\nliver\t1\n", "curves.tsv"); }), "");
}

TEST(TiaTable, ScalingKeepsDecayAndTheBiologyOfTheOtherClock) {
  // biology: 0.2 e^(-0.05 t); decay of 10 h
  const double k = std::log(2) / 10;
  SourceCurve animal{"liver", {}};
  for (const double h : {1.0, 4.0, 20.0})
    animal.points.push_back({h, 0.2 * std::exp(-(0.05 + k) * h), 0.001});
  const auto man = scaled(animal, {0.5, 7, 36000});
  for (std::size_t i = 0; i < 3; ++i) {
    const double h = 7 * animal.points[i].hours;
    EXPECT_DOUBLE_EQ(man.points[i].hours, h);
    EXPECT_NEAR(man.points[i].value / (0.5 * 0.2 * std::exp(-(0.05 / 7 + k) * h)), 1, 1e-12);
    EXPECT_NEAR(*man.points[i].sd / man.points[i].value,
                *animal.points[i].sd / animal.points[i].value, 1e-12);
  }
  // without a change nothing changes
  EXPECT_EQ(scaled(animal, {1, 1, 36000}).points[2].value, animal.points[2].value);
}

}  // namespace
