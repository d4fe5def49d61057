#include "sojourn/core/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace sojourn::core {
namespace {

const std::vector<std::string> kKnown = {"mouse", "rat", "macaque", "human"};

TEST(Nearest, ASlipOfThePenIsCorrected) {
  EXPECT_EQ(nearest_name("mose", kKnown), "mouse");
  EXPECT_EQ(nearest_name("MOUSE", kKnown), "mouse");
  EXPECT_EQ(nearest_name("humna", kKnown), "human");
}

TEST(Nearest, AnotherWordIsNot) {
  EXPECT_FALSE(nearest_name("elephant", kKnown));
  EXPECT_FALSE(nearest_name(std::string(100000, 'x'), kKnown));
  EXPECT_FALSE(nearest_name("x", std::vector<std::string>{}));
}

TEST(Nearest, TheSuggestionListsWhatIsKnown) {
  EXPECT_EQ(suggestion("mose", kKnown),
            "; did you mean \"mouse\"? (known: mouse, rat, macaque, human)");
  EXPECT_EQ(suggestion("elephant", kKnown), " (known: mouse, rat, macaque, human)");
}

TEST(Nearest, NamesThatDifferInCaseAreAllOffered) {
  const std::vector<std::string> units = {"mBq", "kBq", "MBq"};
  EXPECT_EQ(suggestion("mbq", units), "; did you mean \"mBq\" or \"MBq\"? (known: mBq, kBq, MBq)");
}

}  // namespace
}  // namespace sojourn::core
