// The grammar of conditions, as trees and as refusals.
#include "rules/load/sigma/condition.h"

#include <gtest/gtest.h>

#include <memory>

namespace telltale::rules::sigma {
namespace {

std::string Text(const Condition& condition) {
  std::string text;
  switch (condition.kind) {
    case Condition::Kind::kName:
      return condition.name;
    case Condition::Kind::kQuantity:
      return (condition.least == kAllOfThem ? "all" : std::to_string(condition.least)) + "<" +
             (condition.name.empty() ? "them" : condition.name) + ">";
    case Condition::Kind::kNot:
      return "!" + Text(condition.parts.front());
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      for (const Condition& part : condition.parts) {
        if (!text.empty()) text += condition.kind == Condition::Kind::kAnd ? " & " : " | ";
        text += Text(part);
      }
      return "(" + text + ")";
  }
  return text;
}

std::string Parsed(const std::string& text, ConditionOf what = ConditionOf::kDetection) {
  Diagnostics diagnostics;
  const LocatedText located(text, std::make_shared<const SourceFile>("c.yml", text));
  const auto condition = ParseCondition(located, what, diagnostics);
  if (condition) {
    EXPECT_FALSE(diagnostics.has_errors());
    return Text(*condition);
  }
  EXPECT_EQ(diagnostics.list().size(), 1u);
  if (diagnostics.list().empty()) return "nothing was told";
  const Diagnostic& error = diagnostics.list().front();
  const LineColumn place = error.span.file->Locate(error.span.begin);
  return std::to_string(place.column) + ": " + error.message;
}

TEST(SigmaCondition, BindsNotThenAndThenOr) {
  EXPECT_EQ(Parsed("selection"), "selection");
  EXPECT_EQ(Parsed("a or b and not c"), "(a | (b & !c))");
  EXPECT_EQ(Parsed("(a or b) and c"), "((a | b) & c)");
  EXPECT_EQ(Parsed("a and b and c or d or e"), "((a & b & c) | d | e)");
  EXPECT_EQ(Parsed("not not a"), "!!a");
  EXPECT_EQ(Parsed(" a\n  AND  NOT ( b Or c )"), "(a & !(b | c))");
  EXPECT_EQ(Parsed("selection-1 and sel.2 and 3rd"), "(selection-1 & sel.2 & 3rd)");
}

TEST(SigmaCondition, Quantities) {
  EXPECT_EQ(Parsed("1 of them"), "1<them>");
  EXPECT_EQ(Parsed("any of sel*"), "1<sel*>");
  EXPECT_EQ(Parsed("ALL OF THEM"), "all<them>");
  EXPECT_EQ(Parsed("3 of *_x and not 1 of filter_?"), "(3<*_x> & !1<filter_?>)");
  // A search identifier may be called like a quantity.
  EXPECT_EQ(Parsed("all and 1"), "(all & 1)");
}

TEST(SigmaCondition, SaysWhatIsWrongWhere) {
  EXPECT_EQ(Parsed(""), "1: the condition is empty");
  EXPECT_EQ(Parsed("a and"), "6: the condition ends where a name should follow");
  EXPECT_EQ(Parsed("a or and b"), "6: a name should stand here, not 'and'");
  EXPECT_EQ(Parsed("a b"), "3: 'and' or 'or' is missing before 'b'");
  EXPECT_EQ(Parsed("(a or b"), "1: this '(' is not closed");
  EXPECT_EQ(Parsed("a)"), "2: this ')' closes nothing");
  EXPECT_EQ(Parsed("sel*"), "1: 'sel*' is a pattern: write '1 of sel*' or 'all of sel*'");
  EXPECT_EQ(Parsed("0 of them"), "1: 'of' follows a number from 1 on, 'any' or 'all', not '0'");
  EXPECT_EQ(Parsed("some of them"),
            "1: 'of' follows a number from 1 on, 'any' or 'all', not 'some'");
  EXPECT_EQ(Parsed("1 of"), "5: 'them' or a pattern such as selection* should follow 'of'");
  EXPECT_EQ(Parsed("a && b"), "3: 'and' or 'or' is missing before '&'");
  EXPECT_EQ(Parsed("a and é"), "7: a name should stand here, not 'é'");
  EXPECT_EQ(Parsed("a | count() by b > 5"),
            "3: aggregations in a condition are Sigma 1's, and are no more");
}

TEST(SigmaCondition, OfACorrelationHasNamesOnly) {
  EXPECT_EQ(Parsed("a and not b", ConditionOf::kCorrelation), "(a & !b)");
  EXPECT_EQ(Parsed("1 of them", ConditionOf::kCorrelation),
            "3: 'and' or 'or' is missing before 'of'");
}

TEST(SigmaCondition, DepthIsBounded) {
  EXPECT_EQ(Parsed(std::string(100'000, '(')), "251: the condition is nested too deeply");
  std::string nots;
  for (int i = 0; i < 100'000; ++i) nots += "not ";
  EXPECT_EQ(Parsed(nots), "1001: the condition is nested too deeply");
}

TEST(FitsPattern, Globs) {
  EXPECT_TRUE(FitsPattern("sel*", "selection"));
  EXPECT_TRUE(FitsPattern("*", ""));
  EXPECT_TRUE(FitsPattern("*a*b", "xxaxxbab"));
  EXPECT_TRUE(FitsPattern("s?l", "sel"));
  EXPECT_FALSE(FitsPattern("sel*", "a_sel"));
  EXPECT_FALSE(FitsPattern("s?l", "sl"));
  EXPECT_FALSE(FitsPattern("", "a"));
}

}  // namespace
}  // namespace telltale::rules::sigma
