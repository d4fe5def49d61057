#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sojourn/nuclide/elements.h"
#include "sojourn/nuclide/nuclide.h"

namespace {

using sojourn::nuclide::canonical_name;
using sojourn::nuclide::find_element;

TEST(CanonicalName, ReadsTheSpellingsOfFilesAndPeople) {
  struct Row {
    const char *text, *name;
  };
  for (const auto& row : {Row{"Zr-89", "Zr-89"},
                          Row{"89Zr", "Zr-89"},
                          Row{"zr89", "Zr-89"},
                          Row{"ZR89", "Zr-89"},
                          Row{"89-zr", "Zr-89"},
                          Row{"^89^Zirconium", "Zr-89"},
                          Row{"Zirconium-89", "Zr-89"},
                          Row{" [89]Zr ", "Zr-89"},
                          Row{"^18^Fluorine", "F-18"},
                          Row{"Fluorine F^18^", "F-18"},
                          Row{"F-18", "F-18"},
                          Row{"18F", "F-18"},
                          Row{"Tc-99m", "Tc-99m"},
                          Row{"99mTc", "Tc-99m"},
                          Row{"^99m^Technetium", "Tc-99m"},
                          Row{"Tc99m", "Tc-99m"},
                          Row{"99m-Tc", "Tc-99m"},
                          Row{"TC-99M", "Tc-99m"},
                          Row{"In-114m1", "In-114m1"},
                          Row{"52mMn", "Mn-52m"},
                          Row{"52Mn", "Mn-52"},
                          Row{"99Mo", "Mo-99"},
                          Row{"cesium 137", "Cs-137"},
                          Row{"Caesium-137", "Cs-137"},
                          Row{"^68^Gallium", "Ga-68"},
                          Row{"I124", "I-124"},
                          Row{"H-3", "H-3"},
                          Row{"^15^Oxygen", "O-15"}})
    EXPECT_EQ(canonical_name(row.text), row.name) << row.text;
}

TEST(CanonicalName, RefusesWhatIsNoNuclide) {
  for (const char* text :
       {"", "Zr", "89", "FDG", "18", "F-18 F-19", "89Zr Fluorine", "C-111A1", "Xy-12", "Zr-1089",
        "Zr-20", "F-99", "m99", "18F-FDG", "Unknown", "Zr-89 oxine", "Tc-99mm", "^^", "99m"})
    EXPECT_FALSE(canonical_name(text)) << text;
  EXPECT_FALSE(canonical_name(std::string(1 << 20, '9')));
}

RC_GTEST_PROP(CanonicalName, IsStableForEveryElement, ()) {
  const auto number = *rc::gen::inRange(1, 119);
  std::string symbol;
  for (char a = 'a'; a <= 'z' && symbol.empty(); ++a)
    for (int b = -1; b < 26 && symbol.empty(); ++b) {
      std::string text(1, a);
      if (b >= 0) text += static_cast<char>('a' + b);
      const auto element = find_element(text);
      if (element && element->number == number) symbol = element->symbol;
    }
  RC_ASSERT(!symbol.empty());
  const auto mass =
      std::to_string(*rc::gen::inRange(number == 1 ? 1 : (13 * number + 9) / 10, 3 * number + 5));
  const std::string expected = symbol + "-" + mass;
  RC_ASSERT(canonical_name(expected) == expected);
  RC_ASSERT(canonical_name(mass + symbol) == expected);
  RC_ASSERT(canonical_name(expected + "m") == expected + "m");
  RC_ASSERT(canonical_name(mass + "m" + symbol) == expected + "m");
}

RC_GTEST_PROP(CanonicalName, TakesAnyBytes, (const std::string& bytes)) {
  const auto name = canonical_name(bytes);
  if (name) RC_ASSERT(canonical_name(*name) == name);
}

}  // namespace
