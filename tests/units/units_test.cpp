#include "sojourn/units/units.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "sojourn/core/error.h"

namespace sojourn::units {
namespace {

std::string message_of(const std::string& text, Dimension dimension) {
  try {
    (void)parse(text, dimension);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

constexpr Dimension kAll[] = {Dimension::activity,
                              Dimension::mass,
                              Dimension::time,
                              Dimension::length,
                              Dimension::volume,
                              Dimension::concentration,
                              Dimension::rate,
                              Dimension::energy,
                              Dimension::dose,
                              Dimension::inverse_length,
                              Dimension::molar_mass,
                              Dimension::molar_concentration,
                              Dimension::molar_activity,
                              Dimension::effective_dose_per_activity,
                              Dimension::absorbed_dose_per_activity,
                              Dimension::sensitivity,
                              Dimension::magnetic_field};

TEST(Units, TheNativeUnitIsOne) {
  for (const auto d : kAll) EXPECT_DOUBLE_EQ(factor(native_unit(d), d), 1.0) << native_unit(d);
}

TEST(Units, EveryAcceptedNameConvertsToAPositiveFactor) {
  for (const auto d : kAll) {
    for (const auto& name : accepted_units(d)) {
      const double f = factor(name, d);
      EXPECT_TRUE(std::isfinite(f) && f > 0) << name;
    }
  }
}

TEST(Units, FactorsByDefinition) {
  const struct {
    const char* unit;
    Dimension dimension;
    double expected;
  } rows[] = {
      {"kDa", Dimension::molar_mass, 1e3},
      {"Da", Dimension::molar_mass, 1},
      {"pM", Dimension::molar_concentration, 1e-3},
      {"uM", Dimension::molar_concentration, 1e3},
      {"MBq/nmol", Dimension::molar_activity, 1e15},
      {"GBq/umol", Dimension::molar_activity, 1e15},
      {"cps/kBq", Dimension::sensitivity, 1e-3},
      {"kcps/MBq", Dimension::sensitivity, 1e-3},
      {"uSv/MBq", Dimension::effective_dose_per_activity, 1e-3},
      {"1/cm", Dimension::inverse_length, 0.1},
      {"nm", Dimension::length, 1e-6},
      {"pg", Dimension::mass, 1e-12},
      {"fL", Dimension::volume, 1e-12},
      {"ps", Dimension::time, 1e-12},
      {"kBq", Dimension::activity, 1e3},
      {"MBq", Dimension::activity, 1e6},
      {"GBq", Dimension::activity, 1e9},
      {"mBq", Dimension::activity, 1e-3},
      {"Ci", Dimension::activity, 3.7e10},
      {"mCi", Dimension::activity, 3.7e7},
      {"uCi", Dimension::activity, 3.7e4},
      {"nCi", Dimension::activity, 37},
      {"kg", Dimension::mass, 1e3},
      {"mg", Dimension::mass, 1e-3},
      {"ng", Dimension::mass, 1e-9},
      {"min", Dimension::time, 60},
      {"h", Dimension::time, 3600},
      {"d", Dimension::time, 86400},
      {"ms", Dimension::time, 1e-3},
      {"cm", Dimension::length, 10},
      {"m", Dimension::length, 1e3},
      {"um", Dimension::length, 1e-3},
      {"L", Dimension::volume, 1e3},
      {"uL", Dimension::volume, 1e-3},
      {"mm3", Dimension::volume, 1e-3},
      {"cm3", Dimension::volume, 1},
      {"kBq/mL", Dimension::concentration, 1e3},
      {"nCi/cm3", Dimension::concentration, 37},
      {"/h", Dimension::rate, 1.0 / 3600},
      {"1/d", Dimension::rate, 1.0 / 86400},
      {"MeV", Dimension::energy, 1e3},
      {"eV", Dimension::energy, 1e-3},
      {"mGy", Dimension::dose, 1e-3},
      {"cGy", Dimension::dose, 1e-2},
  };
  // 1e-12: rounding of a few operations in double.
  for (const auto& r : rows)
    EXPECT_NEAR(factor(r.unit, r.dimension) / r.expected, 1, 1e-12) << r.unit;
}

TEST(Units, MicroIsReadInBothSpellings) {
  EXPECT_DOUBLE_EQ(parse("2 µCi", Dimension::activity), parse("2 uCi", Dimension::activity));
  EXPECT_DOUBLE_EQ(parse("5 µL", Dimension::volume), parse("5 uL", Dimension::volume));
  EXPECT_DOUBLE_EQ(parse("5 \u03bcL", Dimension::volume),
                   parse("5 uL", Dimension::volume));  // Greek mu
}

TEST(Units, NumbersOfAllForms) {
  EXPECT_DOUBLE_EQ(parse("0.26 MBq", Dimension::activity), 2.6e5);
  EXPECT_DOUBLE_EQ(parse("1.5e-3 GBq", Dimension::activity), 1.5e6);
  EXPECT_DOUBLE_EQ(parse("  20g ", Dimension::mass), 20);
  EXPECT_DOUBLE_EQ(parse("-2 h", Dimension::time), -7200);
  EXPECT_DOUBLE_EQ(parse("511eV", Dimension::energy),
                   0.511);  // the "e" of the unit is not an exponent
}

TEST(Units, SameDimensionInTheSiIsNotEnough) {
  EXPECT_NE(message_of("5 Hz", Dimension::activity), "");
  EXPECT_NE(message_of("3 Sv", Dimension::dose), "");
  EXPECT_NE(message_of("3 J/kg", Dimension::dose), "");
  EXPECT_NE(message_of("5 1/s", Dimension::activity), "");
  EXPECT_NE(message_of("5 Bq", Dimension::rate), "");
}

TEST(Units, RefusalsSayWhatToWrite) {
  EXPECT_NE(message_of("0.26", Dimension::activity).find("has no unit"), std::string::npos);
  EXPECT_NE(message_of("0,26 MBq", Dimension::activity).find("decimal comma"), std::string::npos);
  EXPECT_NE(message_of("MBq", Dimension::activity).find("does not start with a number"),
            std::string::npos);
  EXPECT_NE(message_of("5 MBQ", Dimension::activity).find("did you mean \"MBq\""),
            std::string::npos);
  EXPECT_NE(message_of("5 g", Dimension::activity), "");
  for (const char* text : {"", "1,5 g", "nan g", "inf g", "1e999 g", "1.5.2 g", "+-1 g"}) {
    EXPECT_NE(message_of(text, Dimension::mass), "") << text;
  }
  EXPECT_NE(message_of("1e308 kg", Dimension::mass), "");  // finite as written, not in grams
}

TEST(Units, FieldsNameFileAndLine) {
  const auto tree =
      core::parse_toml("a = 5\nb = \"5 Hz\"\nc = [\"1 mm\", \"1 cm\"]\nd = \"2 mm\"\n", "s.toml");
  core::TableReader in(tree, "s.toml");
  try {
    (void)quantity(in, "a", Dimension::activity);
    FAIL() << "a bare number was taken";
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).substr(0, 11), "s.toml:1: a") << e.what();
  }
  try {
    (void)quantity(in, "b", Dimension::activity);
    FAIL() << "Hz was taken";
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).substr(0, 11), "s.toml:2: b") << e.what();
  }
  EXPECT_EQ(quantities(in, "c", Dimension::length), (std::vector{1.0, 10.0}));
  EXPECT_EQ(quantities(in, "d", Dimension::length), (std::vector{2.0}));
  EXPECT_FALSE(quantity(in, "e", Dimension::length));
}

TEST(Units, ManyThreadsReadTheSame) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        if (parse("2 mCi", Dimension::activity) != 2 * factor("mCi", Dimension::activity)) ++wrong;
        if (factor("kg", Dimension::mass) != 1000) ++wrong;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Units, ConstantsByDefinition) {
  EXPECT_DOUBLE_EQ(kFwhmPerSigma, 2 * std::sqrt(2 * std::log(2.0)));
  EXPECT_DOUBLE_EQ(kSecondsPerDay, 24 * kSecondsPerHour);
  EXPECT_DOUBLE_EQ(kMm3PerMl, std::pow(factor("cm", Dimension::length), 3));
}

}  // namespace
}  // namespace sojourn::units
