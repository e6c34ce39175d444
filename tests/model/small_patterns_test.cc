// That the enumeration of small patterns leaves nothing out and makes nothing twice.
#include "tests/model/small_patterns.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace telltale::model {
namespace {

std::string Yaml(const std::vector<PlaceSpec>& places) {
  RuleSpec rule;
  rule.places = places;
  return rule.ToYaml();
}

// The letters a and b for each other.
std::string Renamed(std::string yaml) {
  for (char& c : yaml) {
    if (&c == yaml.data() || *(&c - 1) != '"') continue;
    c = c == 'a' ? 'b' : c == 'b' ? 'a' : c;
  }
  return yaml;
}

TEST(SmallPatterns, EachIsThereUnderOneName) {
  std::set<std::string> there;
  std::map<size_t, size_t> named;
  StepLists(2, Quantifiers::kAll).ForEach([&](const StepLists::List& list) {
    const std::string yaml = Yaml(list.Make());
    EXPECT_TRUE(there.insert(yaml).second) << "twice:\n" << yaml;
    if (list.letters() > 0) {
      EXPECT_FALSE(there.contains(Renamed(yaml))) << "the same as another:\n" << yaml;
    }
    ++named[list.letters()];
    return true;
  });
  // First steps: 20 that take an a, 14 any letter; second ones: 60 each a or b, 28 any letter.
  EXPECT_EQ(named[0], 14u * 28);
  EXPECT_EQ(named[1], 20u * (60 + 28) + 14u * 60);
  EXPECT_EQ(named[2], 20u * 60);
}

TEST(SmallPatterns, NotsStandEverywhere) {
  size_t lists = 0;
  StepLists(2, Quantifiers::kBasic).ForEach([&](const StepLists::List& list) {
    std::set<std::string> there;
    const size_t nots = CountNots(list);
    for (size_t i = 0; i < nots; ++i) there.insert(Yaml(WithNot(list, i)));
    // Before, between in two contiguities, and behind.
    EXPECT_EQ(there.size(), 4 * (list.letters() + 1));
    ++lists;
    return lists < 50;
  });
  EXPECT_EQ(lists, 50u);
}

TEST(SmallPatterns, InputsHaveALetterThatIsNotNamed) {
  RuleSpec rule;
  EXPECT_EQ(LettersFor(rule), 1u);
  rule.places.push_back({.where = "t == \"a\""});
  EXPECT_EQ(LettersFor(rule), 2u);
  rule.until = "{ on: s, where: 't == \"b\"' }";
  EXPECT_EQ(LettersFor(rule), 3u);
  rule.until = "{ on: s, where: 't == \"c\"' }";
  EXPECT_EQ(LettersFor(rule), 3u) << "as many as there are";
}

TEST(SmallPatterns, ModesAreAllDifferent) {
  StepLists(1, Quantifiers::kBasic).ForEach([&](const StepLists::List& list) {
    std::set<std::string> there;
    for (RuleSpec mode : Modes(list)) {
      mode.places = list.Make();
      EXPECT_TRUE(there.insert(mode.ToYaml()).second) << mode.ToYaml();
    }
    EXPECT_EQ(there.size(), 63u);
    return false;
  });
}

}  // namespace
}  // namespace telltale::model
