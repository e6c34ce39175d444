// Patterns of text, against a matcher that tries everything.
#include "engine/condition/text_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/condition/calendar.h"
#include "engine/condition/field_test.h"

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
