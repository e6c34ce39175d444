// Patterns of text, against a matcher that tries everything.
#include "engine/condition/text_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/condition/calendar.h"
#include "engine/condition/field_test.h"
#include "engine/condition/scratch.h"

namespace telltale::engine {
namespace {

using rules::TextPattern;

bool Matches(std::string_view pattern, std::string_view text, bool cased = false) {
  return TextMatcher(TextPattern::Parse(pattern), cased).Matches(text);
}

bool Naive(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*')
    return Naive(pattern.substr(1), text) || (!text.empty() && Naive(pattern, text.substr(1)));
  if (text.empty()) return false;
  return (pattern[0] == '?' || pattern[0] == text[0]) && Naive(pattern.substr(1), text.substr(1));
}

std::vector<std::string> AllTexts(const std::string& alphabet, size_t longest) {
  std::vector<std::string> texts = {""};
  for (size_t begin = 0, length = 0; length < longest; ++length) {
    const size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char c : alphabet) texts.push_back(texts[begin] + c);
    }
  }
  return texts;
}

TEST(TextMatcher, EverySmallPatternOnEverySmallText) {
  const std::vector<std::string> texts = AllTexts("ab", 5);
  for (const std::string& pattern : AllTexts("ab*?", 4)) {
    const TextMatcher matcher(TextPattern::Parse(pattern), true);
    for (const std::string& text : texts)
      ASSERT_EQ(matcher.Matches(text), Naive(pattern, text)) << pattern << " on " << text;
  }
}

TEST(TextMatcher, CaseAndCharacters) {
  EXPECT_TRUE(Matches("*ABC*", "xxabCxx"));
  EXPECT_FALSE(Matches("*ABC*", "xxabCxx", true));
  EXPECT_TRUE(Matches("a?c", "a\u20acc"));
  EXPECT_TRUE(Matches("*?", "\u20ac"));
  EXPECT_FALSE(Matches("??", "\u20ac"));
  EXPECT_TRUE(Matches("\u00c4*", "\u00e4pfel"));
  EXPECT_FALSE(Matches("\u00c4*", "\u00e4pfel", true));
  EXPECT_TRUE(Matches(R"(*\-x)", "a \u2014x"));
  EXPECT_FALSE(Matches(R"(*\-x)", "a +x"));
  EXPECT_TRUE(Matches(R"(\*\?\\)", R"(*?\)"));
}

TEST(PartFinder, FindsWhatIsThere) {
  std::vector<std::string> parts;
  for (const std::string& text : AllTexts("abc", 4)) {
    if (text.size() == 4 && text < "b") parts.push_back(text);
  }
  const PartFinder finder(parts, true);
  for (const std::string& text : AllTexts("abc", 6)) {
    const bool there = std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return text.find(part) != std::string::npos;
    });
    ASSERT_EQ(finder.AnyIn(text), there) << text;
  }
}

TEST(TextSet, IsAnyOfItsPatterns) {
  std::vector<TextPattern> patterns;
  for (const char* text : {"whole", "*one*", "*two*", "*three*", "*four*", "*five*", "pre*", "*suf",
                           "g?ner*l", "*\u00e9t\u00e9*", "*x*", ""})
    patterns.push_back(TextPattern::Parse(text));
  const TextSet set(patterns, false);
  for (const char* fits :
       {"WHOLE", "a TWO b", "three", "prefix", "a suf", "xXx", "L'\u00c9T\u00c9", "general", ""})
    EXPECT_TRUE(set.Matches(fits)) << fits;
  for (const char* not_one : {"wholes", "tw", "fo ur", "suffi", "a pre"})
    EXPECT_FALSE(set.Matches(not_one)) << not_one;
}

rules::ExprPtr Constant(rules::Constant constant) {
  auto expr = std::make_unique<rules::Expr>();
  expr->constant = std::move(constant);
  return expr;
}

// A test as conditions call it; `field`: it compares two.
std::unique_ptr<const FieldTest> MakeTest(const char* name, std::vector<rules::Constant> constants,
                                          bool field = false) {
  rules::Expr call;
  call.kind = rules::ExprKind::kCall;
  call.name = name;
  for (int fields = field ? 2 : 1; fields > 0; --fields) {
    call.args.push_back(std::make_unique<rules::Expr>());
    call.args.back()->kind = rules::ExprKind::kField;
  }
  if (!field) {
    auto list = std::make_unique<rules::Expr>();
    list->kind = rules::ExprKind::kList;
    for (rules::Constant& constant : constants) list->args.push_back(Constant(std::move(constant)));
    call.args.push_back(std::move(list));
  }
  return FieldTest::Compile(call).value();
}

TEST(FieldTest, OfTwoFieldsIsSearchedInLinearTime) {
  const std::string a(400'000, 'a');
  const std::string text = a + a;
  const std::string part = a + "B";
  for (const char* name : {"@sigma.contains_field", "@sigma.contains_field_cased"}) {
    const auto test = MakeTest(name, {}, true);
    Scratch scratch;
    scratch.Begin(1);
    EXPECT_FALSE(test->Holds(Value::String(text), Value::String(part), scratch)) << name;
    EXPECT_FALSE(scratch.spent()) << name;
    EXPECT_TRUE(test->Holds(Value::String(text + "B!"), Value::String(part), scratch)) << name;
    EXPECT_FALSE(test->Holds(Value::String("a"), Value::String(part), scratch)) << name;
  }
  const auto folding = MakeTest("@sigma.contains_field", {}, true);
  const auto cased = MakeTest("@sigma.contains_field_cased", {}, true);
  Scratch scratch;
  scratch.Begin(1);
  EXPECT_TRUE(folding->Holds(Value::String("xABx"), Value::String("ab"), scratch));
  EXPECT_FALSE(cased->Holds(Value::String("xABx"), Value::String("ab"), scratch));
  EXPECT_TRUE(cased->Holds(Value::String("xABx"), Value::String(""), scratch));
}

TEST(FieldTest, WhatItLooksAtIsCharged) {
  std::vector<StoredValue> elements(2'000);
  for (StoredValue& element : elements) element.Store(Value::String("a"));
  const Value list = Value::List(elements.data(), static_cast<uint32_t>(elements.size()));
  std::vector<StoredValue> others(2'000);
  for (StoredValue& element : others) element.Store(Value::String("b"));
  const Value other = Value::List(others.data(), static_cast<uint32_t>(others.size()));
  Scratch scratch;
  scratch.Begin(1);
  EXPECT_FALSE(MakeTest("@sigma.is", {std::string("b")})->Holds(list, list, scratch));
  EXPECT_FALSE(scratch.spent());
  MakeTest("@sigma.equals_field", {}, true)->Holds(list, other, scratch);
  EXPECT_TRUE(scratch.spent());

  const std::string text(1'000'000, 'a');
  std::vector<rules::Constant> regexes(100, std::string("b$"));
  scratch.Begin(1);
  MakeTest("@sigma.regex", regexes)->Holds(Value::String(text), list, scratch);
  EXPECT_TRUE(scratch.spent());
}

TEST(FieldTest, ATimeInSecondsMayHaveAFraction) {
  rules::Expr call;
  call.kind = rules::ExprKind::kCall;
  call.name = "@sigma.minute";
  call.args.push_back(std::make_unique<rules::Expr>());
  call.args.back()->kind = rules::ExprKind::kField;
  call.args.push_back(Constant(std::string("==")));
  call.args.push_back(Constant(int64_t{1'000'000'000}));
  auto list = std::make_unique<rules::Expr>();
  list->kind = rules::ExprKind::kList;
  list->args.push_back(Constant(int64_t{59}));
  call.args.push_back(std::move(list));
  const auto test = FieldTest::Compile(call).value();
  Scratch scratch;
  scratch.Begin(1);
  for (const double time : {-0.5, -1.0, 3'599.999, 1'767'229'199.25})
    EXPECT_TRUE(test->Holds(Value::Double(time), {}, scratch)) << time;
  for (const double time : {0.0, 0.5, -60.5, 1e300, -1e300})
    EXPECT_FALSE(test->Holds(Value::Double(time), {}, scratch)) << time;
}

TEST(NumberOf, TakesWhatJsonWrites) {
  for (const char* text : {"0", "-0", "17", "1.5", "-2e3", "1E+2", "9223372036854775808"})
    EXPECT_TRUE(NumberOf(text).has_value()) << text;
  for (const char* text : {"", "-", "01", "1.", ".5", "+1", "0x10", "1e", "1 ", "NaN", "1_000"})
    EXPECT_FALSE(NumberOf(text).has_value()) << text;
  EXPECT_EQ(NumberOf("17")->as_int(), 17);
}

TEST(Calendar, DaysOfFourHundredYearsInARow) {
  int64_t day = -25'567;  // 1900-01-01
  int week = 0;
  for (; day < 120'000; ++day) {
    const DateParts date = DateOfSeconds(day * 86'400 + 3'661);
    ASSERT_EQ(date.hour, 1);
    ASSERT_EQ(date.minute, 1);
    char text[11];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
    const auto parsed = DateOfText(text);
    ASSERT_TRUE(parsed.has_value()) << text;
    ASSERT_EQ(parsed->day, date.day);
    // A week changes on Mondays only; 1970-01-01 was a Thursday.
    const bool monday = (day % 7 + 7) % 7 == 4;
    if (week != 0 && !monday) {
      ASSERT_EQ(WeekOf(date), week) << text;
    }
    if (week != 0 && monday) {
      ASSERT_NE(WeekOf(date), week) << text;
    }
    week = WeekOf(date);
    ASSERT_GE(week, 1);
    ASSERT_LE(week, 53);
  }
  EXPECT_EQ(DateOfSeconds(-1).year, 1969);
  EXPECT_EQ(DateOfSeconds(-1).minute, 59);
}

TEST(Calendar, WhatIsNoDate) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-29", "2026-1-1", "2026-01-01x",
                           "2026-01-01T25:00", "2026-01-01T10", "01/02/2026"})
    EXPECT_FALSE(DateOfText(text).has_value()) << text;
  EXPECT_TRUE(DateOfText("2024-02-29").has_value());
  EXPECT_EQ(DateOfText("2026/03/01 10:20:30.5Z")->hour, 10);
}

}  // namespace
}  // namespace telltale::engine
