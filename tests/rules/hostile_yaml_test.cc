// Files that were made to hurt whoever reads YAML: the loader answers with a diagnostic, soon and
// with little memory.
#include <gtest/gtest.h>

#include "rules/load/yaml/reader.h"
#include "tests/rules/hostile_load.h"

namespace telltale::rules {
namespace {

TEST(HostileYaml, AliasBombs) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 1000; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 8; ++j) text += ", " + before;
    text += "]\n";
  }
  const Outcome outcome = LoadHostile(text);
  EXPECT_EQ(outcome.First(), "R0005");
  EXPECT_LE(outcome.peak, 16 * kMegabyte);
}

TEST(HostileYaml, AnchorsThatHoldThemselves) {
  for (const char* text :
       {"&a [*a]", "&a {b: *a}", "a: &a\n  b: *a\n", "- &a\n  - *a\n", "&a {*a : 1}",
        "? &a [*a]\n: 1\n", "&a &a [*a]", "*a", "a: *", "&", "<<: &a\n  <<: *a\n"}) {
    const Outcome outcome = LoadHostile(text);
    EXPECT_EQ(outcome.result.rules, nullptr) << text;
    EXPECT_LE(outcome.peak, kMegabyte) << text;
  }
}

TEST(HostileYaml, NestingOfEveryKind) {
  const std::vector<std::string> nested = {
      Times(1000, "[") + "x" + Times(1000, "]"),
      Times(1000, "{a: ") + "x" + Times(1000, "}"),
      Times(1000, "[{a: ") + "x" + Times(1000, "}]"),
      Times(1000, "- ") + "x",
      Times(1000, "? ") + "x",
      Times(1'000'000, "["),
      "[" + Times(1'500'000, "x,") + "]",
      Times(1'000'000, "{"),
      Times(1'000'000, "- "),
      Times(500'000, "? "),
      Times(500'000, "[{"),
      Times(500'000, "]"),
      Times(500'000, "!"),
      Times(500'000, "&a "),
  };
  for (const std::string& text : nested) {
    const Outcome outcome = LoadHostile(text);
    EXPECT_EQ(outcome.result.rules, nullptr) << text.substr(0, 20);
    EXPECT_LE(outcome.peak, 400 * kMegabyte) << text.substr(0, 20);
    EXPECT_LE(outcome.report.size(), kMegabyte) << text.substr(0, 20);
  }
  std::string stairs;
  for (int i = 0; i < 1000; ++i) stairs += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(LoadHostile(stairs).First(), "R0002");
}

TEST(HostileYaml, FilesOf100MegabytesAreNotEvenParsed) {
  for (const char* line : {"- x\n", "a: b\n", "# comment\n", "\xFF", "[", "--- \n"}) {
    const Outcome outcome =
        LoadHostile(Times(100 * kMegabyte / std::string_view(line).size(), line));
    EXPECT_EQ(outcome.First(), "R0002") << line;
    EXPECT_LE(outcome.peak, kMegabyte) << line;
  }
}

TEST(HostileYaml, FilesAsLargeAsTheLimitAllows) {
  const size_t size = YamlLimits{}.file_bytes;
  for (const char* line : {"- x\n", "a: b\n", "x", "\"", "[x,", ":", "- &a b\n"}) {
    const Outcome outcome = LoadHostile(Times(size / std::string_view(line).size(), line));
    // A node is some 200 bytes, and there are at most two million.
    EXPECT_LE(outcome.peak, 900 * kMegabyte) << line;
    EXPECT_LE(outcome.report.size(), 2 * kMegabyte) << line;
  }
}

TEST(HostileYaml, AMillionDocuments) {
  const Outcome empty = LoadHostile(Times(900'000, "---\n"));
  EXPECT_EQ(empty.First(), "fine") << empty.report.substr(0, 400);
  const Outcome full = LoadHostile(Times(2'000'001, "---\nx\n"));
  EXPECT_NE(full.First(), "fine");
  EXPECT_LE(full.report.size(), kMegabyte);
}

TEST(HostileYaml, BytesThatAreNotText) {
  EXPECT_EQ(LoadHostile(std::string(kMegabyte, '\0')).First(), "R0004");
  EXPECT_EQ(LoadHostile(std::string(kMegabyte, '\xFF')).First(), "R0003");
  EXPECT_EQ(LoadHostile(std::string("id: a\0b", 7)).First(), "R0004");
  EXPECT_NE(LoadHostile("\"a\\0b\": x").report.find("R0004"), std::string::npos);
  EXPECT_EQ(LoadHostile("id: \"a\\U00110000\"").First(), "R0001");
  EXPECT_EQ(LoadHostile("id: \xED\xA0\x80").First(), "R0003");
  EXPECT_EQ(LoadHostile(Times(100'000, "\xEF\xBB\xBF")).First(), "R0004");
  std::string every;
  for (int round = 0; round < 64; ++round) {
    for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte * 167 + round);
  }
  EXPECT_NE(LoadHostile(every).First(), "fine");
}

TEST(HostileYaml, DuplicateKeys) {
  const Outcome same = LoadHostile(Times(200'000, "a: b\n"));
  EXPECT_EQ(same.First(), "R0007");
  EXPECT_LE(same.peak, 256 * kMegabyte);
  std::string pairs;
  for (int i = 0; i < 100'000; ++i) pairs += "k" + std::to_string(i) + ": b\n";
  const Outcome twice = LoadHostile(pairs + pairs);
  EXPECT_LE(twice.peak, 256 * kMegabyte);
  EXPECT_LE(twice.report.size(), kMegabyte);
}

TEST(HostileYaml, LongWords) {
  const std::string word(900'000, 'k');
  for (const std::string& text :
       {word + ": x\n", "id: " + word + "\n", "? " + word + "\n: x\n", "'" + word + "': x\n",
        "[" + word + "]", "{" + word + ": " + word + "}", "!" + word + " x", "&" + word + " x",
        "*" + word, "# " + word, "%" + word + "\n---\nx", "id: |\n  " + word,
        "id: >\n" + Times(100'000, "  word word\n\n")}) {
    const Outcome outcome = LoadHostile(text);
    EXPECT_LE(outcome.peak, 64 * kMegabyte) << text.substr(0, 20);
    EXPECT_LE(outcome.report.size(), kMegabyte) << text.substr(0, 20);
  }
  const Outcome scalar = LoadHostile("title: |\n" + Times(2 * kMegabyte, "  x\n"));
  EXPECT_EQ(scalar.First(), "R0002");
}

// Each mistake is shown with its column, and that is counted from the line's beginning.
TEST(HostileYaml, ManyMistakesInOneLine) {
  const Outcome outcome = LoadHostile("[" + Times(100'000, "{x: 1, on: 2}, ") + "]");
  EXPECT_EQ(outcome.result.diagnostics.list().size(), Diagnostics::kMostKept);
  EXPECT_LE(outcome.report.size(), 2 * kMegabyte);
}

}  // namespace
}  // namespace telltale::rules
