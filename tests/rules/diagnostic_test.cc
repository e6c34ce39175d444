#include "rules/model/diagnostic.h"

#include <gtest/gtest.h>

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
            "   12 | id: a\n"
            "      | ^^\n"
            "    = rules/ato.yml:1:1: first here\n"
            "    1 | \n"
            "      | ^\n");
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

}  // namespace
}  // namespace telltale::rules
