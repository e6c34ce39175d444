// Unified diffs, by example and by putting them to use.
#include "daemon/commands/unified_diff.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace telltale::commands {
namespace {

std::string Diff(std::string_view before, std::string_view after) {
  return UnifiedDiff(before, after, "a.yml", "b.yml");
}

TEST(UnifiedDiff, IsEmptyForEqualTexts) { EXPECT_EQ(Diff("a\n", "a\n"), ""); }

TEST(UnifiedDiff, ShowsThreeLinesAround) {
  EXPECT_EQ(Diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
            "--- a.yml\n+++ b.yml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(UnifiedDiff, JoinsChangesThatAreNearAndPartsThoseThatAreNot) {
  std::string before;
  for (int i = 1; i <= 20; ++i) absl::StrAppend(&before, i, "\n");
  const auto with = [&](std::vector<int> gone) {
    std::string text;
    for (int i = 1; i <= 20; ++i) {
      if (std::find(gone.begin(), gone.end(), i) == gone.end()) absl::StrAppend(&text, i, "\n");
    }
    return Diff(before, text);
  };
  const auto hunks = [](const std::string& diff) {
    return std::vector<std::string>(absl::StrSplit(diff, "@@ -")).size() - 1;
  };
  EXPECT_EQ(hunks(with({5, 12})), 1u);
  EXPECT_EQ(hunks(with({5, 13})), 2u);
}

TEST(UnifiedDiff, SaysWhereTheLastLineIsNotEnded) {
  EXPECT_EQ(Diff("a", "a\n"),
            "--- a.yml\n+++ b.yml\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  EXPECT_EQ(Diff("", "a\n"), "--- a.yml\n+++ b.yml\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(Diff("a\n", ""), "--- a.yml\n+++ b.yml\n@@ -1 +0,0 @@\n-a\n");
}

// What `patch` does, line by line: every line of the text that is named must be there.
std::string Apply(const std::string& before, const std::string& diff) {
  std::vector<std::string> lines = absl::StrSplit(before, '\n');
  lines.pop_back();
  std::vector<std::string> steps = absl::StrSplit(diff, '\n');
  steps.pop_back();
  std::string out;
  size_t at = 0;
  for (size_t i = 2; i < steps.size(); ++i) {
    const std::string& step = steps[i];
    if (step.starts_with("@@ -")) {
      const std::vector<std::string> range =
          absl::StrSplit(std::string(step.substr(4, step.find(' ', 4) - 4)), ',');
      size_t line = 0;
      EXPECT_TRUE(absl::SimpleAtoi(range[0], &line));
      const bool none = range.size() > 1 && range[1] == "0";
      while (at + (none ? 0 : 1) < line) absl::StrAppend(&out, lines.at(at++), "\n");
      continue;
    }
    if (step[0] != '+') {
      EXPECT_EQ(lines.at(at), step.substr(1));
      ++at;
    }
    if (step[0] != '-') absl::StrAppend(&out, step.substr(1), "\n");
  }
  while (at < lines.size()) absl::StrAppend(&out, lines[at++], "\n");
  return out;
}

TEST(UnifiedDiff, LeadsFromAnyTextToAnyOther) {
  std::mt19937 random(3);
  const auto any = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  for (int round = 0; round < 2000; ++round) {
    std::string texts[2];
    for (std::string& text : texts) {
      for (int lines = any(0, 30); lines > 0; --lines) absl::StrAppend(&text, any(0, 3), "\n");
    }
    const std::string diff = Diff(texts[0], texts[1]);
    if (texts[0] == texts[1]) continue;
    ASSERT_EQ(Apply(texts[0], diff), texts[1]) << texts[0] << "\n" << diff;
  }
}

TEST(UnifiedDiff, GivesUpOnVeryDifferentTexts) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5000; ++i) {
    absl::StrAppend(&before, "old ", i, "\n");
    absl::StrAppend(&after, "new ", i, "\n");
  }
  EXPECT_EQ(Apply(before, Diff(before, after)), after);
}

}  // namespace
}  // namespace telltale::commands
