#include "rules/model/diagnostic.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace telltale::rules {
namespace {

constexpr Code kFirst{"R0101", "first"};
constexpr Code kSecond{"R0102", "second"};

SourcePtr File(std::string text) {
  return std::make_shared<const SourceFile>("rules/ato.yml", std::move(text));
}

TEST(Render, LineCaretsSuggestionAndNote) {
  Diagnostics diagnostics;
  const SourcePtr file = File("id: a\nwhen: b\n");
  {
    Diagnostics::Scope rule(diagnostics, "rule 'ato'");
    Diagnostics::Scope step(diagnostics, "step 'login'");
    diagnostics.Error(kFirst, {file, 6, 10}, "unknown key 'when'").suggestion = "where";
  }
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:2:1: error[R0101]: unknown key 'when' (did you mean 'where'?)\n"
            "   2 | when: b\n"
            "     | ^^^^\n"
            "   = rule 'ato', step 'login'\n");
}

TEST(Render, LabelsShareTheGutter) {
  Diagnostics diagnostics;
  std::string text(11, '\n');
  text += "id: a";
  const SourcePtr file = File(text);
  diagnostics.Warning(kFirst, {file, 11, 13}, "again")
      .labels.push_back({{file, 0, 0}, "first here"});
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:12:1: warning[R0101]: again\n"
            "    1 | \n"
            "      | - first here\n"
            "    ...\n"
            "   12 | id: a\n"
            "      | ^^\n");
}

TEST(Render, LabelsOfOneLineAreUnderThatLine) {
  Diagnostics diagnostics;
  const SourcePtr file = File("a: x\nx == 1 && x == 2\nb: y\n");
  Diagnostic& error = diagnostics.Error(kFirst, {file, 15, 21}, "never");
  error.labels.push_back({{file, 5, 11}, "x is 1 here"});
  error.labels.push_back({{file, 22, 23}, "and this is next"});
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:2:11: error[R0101]: never\n"
            "   2 | x == 1 && x == 2\n"
            "     |           ^^^^^^\n"
            "     | ------ x is 1 here\n"
            "   3 | b: y\n"
            "     | - and this is next\n");
}

TEST(Render, LabelsInOtherFilesComeAfterwards) {
  Diagnostics diagnostics;
  const auto other = std::make_shared<const SourceFile>("lists.yml", "lists: [a]\n");
  const auto third = std::make_shared<const SourceFile>("c.yml", "x\ny\n");
  Diagnostic& error = diagnostics.Error(kFirst, {File("id: a\n"), 4, 5}, "taken");
  error.labels.push_back({{other, 8, 9}, "here"});
  error.labels.push_back({{third, 2, 3}, "and here"});
  error.labels.push_back({{other, 0, 5}, "in this"});
  error.labels.push_back({{}, "or nowhere"});
  error.notes.push_back("a note");
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:1:5: error[R0101]: taken\n"
            "   1 | id: a\n"
            "     |     ^\n"
            "  ::: lists.yml:1:1\n"
            "   1 | lists: [a]\n"
            "     | ----- in this\n"
            "     |         - here\n"
            "  ::: c.yml:2:1\n"
            "   2 | y\n"
            "     | - and here\n"
            "   = or nowhere\n"
            "   = a note\n");
}

TEST(Render, ALabelFarAwayInALongLineGetsItsOwnWindow) {
  Diagnostics diagnostics;
  const std::string text = std::string(300, 'a') + "X" + std::string(300, 'b') + "Y";
  const SourcePtr file = File(text);
  diagnostics.Error(kFirst, {file, 601, 602}, "here").labels.push_back({{file, 300, 301}, "there"});
  const std::string shown = Render(diagnostics);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 5);
  EXPECT_NE(shown.find("X"), std::string::npos);
  EXPECT_NE(shown.find("Y"), std::string::npos);
}

TEST(Render, ColoursForATerminal) {
  Diagnostics diagnostics;
  const SourcePtr file = File("ab\n");
  diagnostics.Warning(kFirst, {file, 0, 1}, "w").labels.push_back({{file, 1, 2}, "l"});
  EXPECT_EQ(Render(diagnostics, {.colour = true}),
            "\x1b[1mrules/ato.yml:1:1: \x1b[0m\x1b[1;33mwarning[R0101]\x1b[0m\x1b[1m: w\x1b[0m\n"
            "\x1b[1;34m   1 | \x1b[0mab\n"
            "\x1b[1;34m     | \x1b[0m\x1b[1;33m^\x1b[0m\n"
            "\x1b[1;34m     | \x1b[0m \x1b[1;34m- l\x1b[0m\n");
}

TEST(Render, TabsWideLettersAndControlCharacters) {
  Diagnostics diagnostics;
  const SourcePtr file = File("\ta\xE6\xBC\xA2 \x1B x");
  diagnostics.Error(kFirst, {file, 8, 9}, "bad \x1B[1m");
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:1:7: error[R0101]: bad ?[1m\n"
            "   1 |     a\xE6\xBC\xA2 ? x\n"
            "     |           ^\n");
}

TEST(Render, LongLinesAreCutAroundTheSpan) {
  Diagnostics diagnostics;
  const std::string text = std::string(500, 'a') + "XX" + std::string(500, 'b');
  diagnostics.Error(kFirst, {File(text), 500, 502}, "here");
  EXPECT_EQ(Render(diagnostics),
            "rules/ato.yml:1:501: error[R0101]: here\n"
            "   1 | ..." +
                std::string(40, 'a') + "XX" + std::string(68, 'b') +
                "...\n"
                "     | " +
                std::string(43, ' ') + "^^\n");
}

TEST(Render, SpanOverLinesEndsWithTheFirst) {
  Diagnostics diagnostics;
  diagnostics.Error(kFirst, {File("ab\ncd"), 1, 5}, "here");
  EXPECT_EQ(Render(diagnostics), "rules/ato.yml:1:2: error[R0101]: here\n   1 | ab\n     |  ^\n");
}

TEST(Render, WithoutAPlace) {
  Diagnostics diagnostics;
  diagnostics.Error(kFirst, {}, "no rules");
  EXPECT_EQ(Render(diagnostics), "error[R0101]: no rules\n");
}

TEST(Render, InvalidBytesDoNotReachTheTerminal) {
  Diagnostics diagnostics;
  diagnostics.Error(kFirst, {File("\xFF\xC3"), 0, 1}, "\xE2\x80\xAE");
  EXPECT_EQ(Render(diagnostics), "rules/ato.yml:1:1: error[R0101]: ?\n   1 | ??\n     | ^\n");
}

std::string FixText(const std::string& text, uint32_t begin, uint32_t end,
                    const std::string& message, const std::string& suggestion) {
  Diagnostics diagnostics;
  Diagnostic& error = diagnostics.Error(kFirst, {File(text), begin, end}, message);
  error.suggestion = suggestion;
  const std::optional<Fix> fix = FixOf(error);
  if (!fix) return "none";
  return text.substr(0, fix->span.begin) + fix->text + text.substr(fix->span.end);
}

TEST(Fix, ReplacesTheWordThatTheMessageIsAbout) {
  EXPECT_EQ(FixText("whre: x", 0, 4, "unknown key 'whre'", "where"), "where: x");
  EXPECT_EQ(FixText("on: 'logn'", 4, 10, "no stream 'logn'", "login"), "on: 'login'");
  EXPECT_EQ(FixText("on: \"logn\"", 4, 10, "no stream 'logn'", "login"), "on: \"login\"");
}

TEST(Fix, IsNoneWhereThePlaceIsMoreThanTheWord) {
  EXPECT_EQ(FixText("logn.session", 0, 12, "'logn' is no step", "login"), "none");
  EXPECT_EQ(FixText("whre: x", 0, 4, "unknown key 'whre'", ""), "none");
  EXPECT_EQ(FixText("a: b", 0, 1, "unknown key 'a'", "has: colon"), "none");
  EXPECT_EQ(FixText("a", 0, 0, "''", "b"), "none");
}

TEST(Diagnostics, SortsByFilePlaceAndCodeAndDropsRepeats) {
  Diagnostics diagnostics;
  const SourcePtr first = File("aaaa");
  const SourcePtr second = File("bbbb");
  diagnostics.Error(kFirst, {first, 2, 3}, "late");
  diagnostics.Error(kFirst, {second, 0, 1}, "other file");
  diagnostics.Error(kSecond, {first, 0, 1}, "b");
  diagnostics.Warning(kFirst, {first, 0, 1}, "a");
  diagnostics.Error(kFirst, {first, 2, 3}, "late");
  diagnostics.Sort();
  ASSERT_EQ(diagnostics.list().size(), 4u);
  EXPECT_EQ(diagnostics.list()[0].message, "a");
  EXPECT_EQ(diagnostics.list()[1].message, "b");
  EXPECT_EQ(diagnostics.list()[2].message, "late");
  EXPECT_EQ(diagnostics.list()[3].message, "other file");
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, WarningsAreNotErrors) {
  Diagnostics diagnostics;
  diagnostics.Warning(kFirst, {}, "w");
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_FALSE(diagnostics.empty());
}

TEST(Diagnostics, KeepsSoManyAndCountsTheRest) {
  Diagnostics diagnostics;
  const SourcePtr file = File("a");
  for (size_t i = 0; i < Diagnostics::kMostKept; ++i) {
    diagnostics.Warning(kFirst, {file, 0, 1}, std::to_string(i));
  }
  diagnostics.Error(kFirst, {file, 0, 1}, "dropped").notes.push_back("as well");
  EXPECT_EQ(diagnostics.list().size(), Diagnostics::kMostKept);
  EXPECT_EQ(diagnostics.added(), Diagnostics::kMostKept + 1);
  EXPECT_TRUE(diagnostics.has_errors());
  diagnostics.Sort();
  EXPECT_TRUE(Render(diagnostics).ends_with("... and 1 more\n"));
  Diagnostics all;
  all.Append(diagnostics);
  EXPECT_TRUE(all.has_errors());
  EXPECT_EQ(all.errors(), 1u);
}

TEST(Diagnostics, LongWordsOfTheUserAreCut) {
  Diagnostics diagnostics;
  std::string word;
  while (word.size() < 1'000'000) word += "\xF0\x9F\x98\x80";
  {
    const Diagnostics::Scope rule(diagnostics, "rule '" + word + "'");
    diagnostics.Error(kFirst, {}, "x" + word);
  }
  const Diagnostic& entry = diagnostics.list()[0];
  EXPECT_LE(entry.message.size(), 1003u);
  EXPECT_TRUE(entry.message.ends_with("\xF0\x9F\x98\x80..."));
  EXPECT_LE(entry.notes.at(0).size(), 1003u);
}

TEST(Nearest, FindsSlipsOfThePenOnly) {
  const std::vector<std::string> words = {"within", "where", "match", "contains", "id", "by"};
  EXPECT_EQ(Nearest("withn", words), "within");
  EXPECT_EQ(Nearest("wihtin", words), "within");
  EXPECT_EQ(Nearest("WHERE", words), "where");
  EXPECT_EQ(Nearest("contain", words), "contains");
  EXPECT_EQ(Nearest("idd", words), "id");
  EXPECT_EQ(Nearest("banana", words), "");
  EXPECT_EQ(Nearest("x", words), "");
  EXPECT_EQ(Nearest("", words), "");
}

TEST(Nearest, TakesTheFirstOfTheNearest) {
  EXPECT_EQ(Nearest("login", {"logins_old", "logina", "loginb", "logins"}), "logina");
  EXPECT_EQ(Nearest("abcdefghi", {"abXdeYghi", "abcdXfghi", "bacdefghi"}), "abcdXfghi");
  EXPECT_EQ(Nearest("aab_rule", {"xxb_rule", "aba_rule"}), "aba_rule");
  EXPECT_EQ(Nearest("country", {"county", "Country"}), "Country");
}

// A rule set in which thousands of names are wrong is told of at once, too.
TEST(Nearest, HoldsThousandsOfWordsAgainstThousands) {
  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back("rule-number-" + std::to_string(i));
  for (int i = 0; i < 1000; ++i)
    EXPECT_NE(Nearest("rule-numbex-" + std::to_string(i) + "-of", words), "");
}

}  // namespace
}  // namespace telltale::rules
