#include "daemon/report/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace telltale::report {
namespace {

TEST(Explain, FindsCodesOfRulesAndConfig) {
  ASSERT_NE(FindCode("R0101"), nullptr);
  ASSERT_NE(FindCode("c0101"), nullptr);
  EXPECT_EQ(FindCode("c0101")->title, "a key that the config does not have");
  EXPECT_EQ(FindCode("R9999"), nullptr);
  EXPECT_EQ(FindCode(""), nullptr);
}

TEST(Explain, BeginsWithCodeAndTitle) {
  EXPECT_TRUE(Explain(*FindCode("R0202"))
                  .starts_with("error R0202: a step name that is taken\n\nTwo steps"));
  EXPECT_TRUE(Explain(*FindCode("R0902"))
                  .starts_with("warning R0902: a pattern that can hold state for ever\n\n"));
}

TEST(Explain, ListsEveryCodeOnALine) {
  const std::string list = ListCodes();
  EXPECT_NE(list.find("R0101  a key that the language does not have\n"), std::string::npos);
  EXPECT_NE(list.find("\nC0901  warning: a pattern that no rule file matches\n"),
            std::string::npos);
  EXPECT_GT(std::count(list.begin(), list.end(), '\n'), 100);
}

TEST(Explain, NamesTheNearestCode) {
  EXPECT_EQ(NearestCode("R0203"), "R0201");
  EXPECT_EQ(NearestCode("r0101x"), "R0101");
  EXPECT_EQ(NearestCode("banana"), "");
}

}  // namespace
}  // namespace telltale::report
