// How rule files are laid out, case by case.
#include "rules/load/format/format.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace telltale::rules {
namespace {

namespace fs = std::filesystem;

FormatResult FormatText(const std::string& text) {
  return Format(std::make_shared<const SourceFile>("test.yml", text));
}

// What comes out; it must not change when it is formatted again.
std::string Formatted(const std::string& text) {
  const FormatResult result = FormatText(text);
  EXPECT_TRUE(result.text.has_value()) << result.refusal << Render(result.diagnostics) << text;
  if (!result.text) return "";
  const FormatResult again = FormatText(*result.text);
  EXPECT_EQ(again.text.value_or(again.refusal), *result.text);
  return *result.text;
}

void ExpectKept(const std::string& text) { EXPECT_EQ(Formatted(text), text); }

TEST(Format, KeepsWhatIsWellLaidOut) {
  ExpectKept("");
  ExpectKept("# only a comment\n");
  ExpectKept(
      "# Above the rule.\n"
      "title: New device\n"
      "id: new-device  # at the end\n"
      "tags: [a, b]\n"
      "sequence:\n"
      "  # above a step\n"
      "  - login:  { on: logins, where: 'result == \"success\"' }\n"
      "  - device: { on: devices, within: 5m }  # behind a step\n"
      "  - not:\n"
      "      on: logins\n"
      "      where: >-\n"
      "        has(mfa)\n"
      "        && mfa == \"passed\"\n"
      "\n"
      "within: 15m\n"
      "tests:\n"
      "  - name: one\n"
      "    events: []\n"
      "    # the tests' foot\n"
      "# the end\n");
}

TEST(Format, IndentsByTwoAndListsInTheirMaps) {
  EXPECT_EQ(Formatted("a:\n- x\n-   y:  1\n    z: 2\nb:\n      c:\n            d: 1\n"),
            "a:\n  - x\n  - y: 1\n    z: 2\nb:\n  c:\n    d: 1\n");
  EXPECT_EQ(Formatted("-\n    - a\n    -   - b\n"), "- - a\n  - - b\n");
}

TEST(Format, PutsWhatIsShortOnOneLine) {
  EXPECT_EQ(Formatted("a: {b:   1,c: [ 1,2 , {} ],\n  d: }\n"),
            "a: { b: 1, c: [1, 2, {}], d: null }\n");
  EXPECT_EQ(Formatted("a: [ x: 1, y: { z: 2 } ]"), "a: [x: 1, y: { z: 2 }]\n");
  EXPECT_EQ(Formatted("{ id: a,\n  on: b }"), "{ id: a, on: b }\n");
  EXPECT_EQ(Formatted("a:\n  b\n"), "a: b\n");
  EXPECT_EQ(Formatted("a: one\n  two\n  three\n"), "a: one two three\n");
}

TEST(Format, OpensWhatIsLongerThanALine) {
  const std::string word(40, 'x');
  EXPECT_EQ(Formatted("a: { b: " + word + ", c: " + word + ", d: [" + word + "] }"),
            "a:\n  b: " + word + "\n  c: " + word + "\n  d: [" + word + "]\n");
  EXPECT_EQ(Formatted("- s: { b: " + word + ", c: " + word + ", d: e }"),
            "- s:\n    b: " + word + "\n    c: " + word + "\n    d: e\n");
  // To the column: 100 fit.
  const std::string fits =
      "a: { b: " + std::string(45, 'x') + ", c: " + std::string(40, 'y') + " }\n";
  ASSERT_EQ(fits.size(), 101u);
  ExpectKept(fits);
  EXPECT_EQ(Formatted("z" + fits),
            "za:\n  b: " + std::string(45, 'x') + "\n  c: " + std::string(40, 'y') + "\n");
}

TEST(Format, AlignsTheStepsOfASequence) {
  EXPECT_EQ(Formatted("s:\n  - a: { on: x }\n  - long: { on: y }\n  - b: { on: z }\n"),
            "s:\n  - a:    { on: x }\n  - long: { on: y }\n  - b:    { on: z }\n");
  // A line apart, another shape or one alone is not aligned.
  ExpectKept(
      "s:\n  - a: { on: x }\n\n  - long: { on: y }\n  - other:\n      on: z\n  - b: { on: z }\n");
  // Nor are those of which one would be too long.
  const std::string word(84, 'x');
  ExpectKept("s:\n  - a: { on: " + word + " }\n  - long_name: { on: y }\n");
}

TEST(Format, LaysOutSequencesWithinSequences) {
  ExpectKept(
      "sequence:\n"
      "  - login: { on: logins }\n"
      "  - group: [a: { on: x }, not: { on: y, contiguity: strict }, b: { on: z }]\n"
      "  - any_of:\n"
      "      - reset:  { on: logins, where: x == 1 }\n"
      "      - change: { on: devices }\n"
      "      - group:\n"
      "          repeat: { min: 2, inside: strict, until: { on: logins } }\n"
      "          steps:\n"
      "            - c:      { on: x }\n"
      "            - longer: { on: y, contiguity: any }\n"
      "until: { on: logins }\n"
      "on_timeout: { from: login }\n");
  EXPECT_EQ(Formatted("s:\n- any_of: [ a : {on: x},b: {on: y} ]\n- all_of:\n  - a: {on: x}\n  - "
                      "long: {on: y}\n"),
            "s:\n"
            "  - any_of: [a: { on: x }, b: { on: y }]\n"
            "  - all_of:\n"
            "      - a:    { on: x }\n"
            "      - long: { on: y }\n");
  // What is opened for its length is aligned at once.
  const std::string word(70, 'x');
  EXPECT_EQ(Formatted("s:\n  - group: [a: { on: " + word + " }, longer: { on: y }]\n"),
            "s:\n  - group:\n      - a:      { on: " + word + " }\n      - longer: { on: y }\n");
}

TEST(Format, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(Formatted("a: \"word\"\nb: 'under-scored.word/path'\n\"c\": 'x y'\n"),
            "a: word\nb: under-scored.word/path\nc: 'x y'\n");
  // What another reader of YAML would take for a truth value or a number keeps its quotes.
  ExpectKept(
      "a: 'yes'\nb: 'on'\nc: 'true'\nd: '17'\ne: '1.5'\nf: ''\ng: 'null'\nh: '2027-01-01'\n");
  EXPECT_EQ(Formatted("a: \"x y\"\n"), "a: 'x y'\n");
  EXPECT_EQ(Formatted("a: \"it's\"\nb: 'it''s'\n"), "a: \"it's\"\nb: \"it's\"\n");
  EXPECT_EQ(Formatted("a: \"say \\\"it's\\\"\"\n"), "a: 'say \"it''s\"'\n");
  ExpectKept("a: \"tab\\tnew\\nline\"\nb: \"\\u00e9\\x01\"\n");
  EXPECT_EQ(Formatted("a: !!str 17\nb: !!str word\n"), "a: '17'\nb: word\n");
  EXPECT_EQ(Formatted("a: 'one\n\n  two'\n"), "a: \"one\\ntwo\"\n");
  // Conditions stay as they are, quoted or plain.
  ExpectKept("a: amount > 10.0\nb: 'x == \"y\"'\n");
}

TEST(Format, FoldsLongConditionsAtTheirOutermostOperators) {
  EXPECT_EQ(
      Formatted(
          "where: 'aaaaaaaaaaaaaaaaaaaaaaaaa == 1 && (bbbbbbbbbbbbbbbbbbbbbbb == \"x && y\" || "
          "ccccccccccccccccccccccc == 2) && dddddddddddd'\n"),
      "where: >-\n  aaaaaaaaaaaaaaaaaaaaaaaaa == 1\n  && (bbbbbbbbbbbbbbbbbbbbbbb == \"x && y\" || "
      "ccccccccccccccccccccccc == 2)\n  && dddddddddddd\n");
  const std::string a = std::string(60, 'a');
  EXPECT_EQ(
      Formatted("- s:\n    where: " + a + " && b || " + a + " && (c || " + a + ")\n"),
      "- s:\n    where: >-\n      " + a + " && b\n      || " + a + "\n      && (c || " + a + ")\n");
  // Long text that is no condition stays on its line, unless it was broken already.
  const std::string prose = "The words of " + a + " and of " + a + " in a row";
  ExpectKept("text: " + prose + "\n");
  EXPECT_EQ(Formatted("text: The words of " + a + "\n  and of " + a + " in a row\n"),
            "text: >-\n  The words of " + a + " and of\n  " + a + " in a row\n");
}

TEST(Format, KeepsBlockScalarsLineByLine) {
  EXPECT_EQ(Formatted("a: |\n      one\n        two\n\n      three\n\n\nb: 1\n"),
            "a: |\n  one\n    two\n\n  three\n\nb: 1\n");
  EXPECT_EQ(Formatted("a: >-   # why\n   one\n   two\n"), "a: >-  # why\n  one\n  two\n");
  EXPECT_EQ(Formatted("a: |+\n one\n\n\n# end\n"), "a: |+\n  one\n\n\n# end\n");
  EXPECT_EQ(Formatted("a: |4\n      one\n    two\n"), "a: |2\n    one\n  two\n");
  EXPECT_EQ(Formatted("a: |-\n  trailing  \n  x\n"), "a: |-\n  trailing  \n  x\n");
  EXPECT_EQ(Formatted("- |\n one\n-  >\n two\n three\n"), "- |\n  one\n- >\n  two\n  three\n");
  EXPECT_EQ(Formatted("a: |\n\nb: 1\n"), "a: ''\n\nb: 1\n");
  EXPECT_EQ(Formatted("a: |+\n\nb: 1\n"), "a: \"\\n\"\nb: 1\n");
}

TEST(Format, KeepsCommentsInEveryPlace) {
  EXPECT_EQ(
      Formatted("#a\n  # b\nk:   #c\n    # d\n    l: 1   # e\n    # f\n  # g\n# h\nm: 2 #i\n\n# j"),
      "#a\n# b\nk:  #c\n  # d\n  l: 1  # e\n  # f\n# g\n# h\nm: 2  #i\n\n# j\n");
  EXPECT_EQ(Formatted("a: # x\n  word # y\n"), "# x\na: word  # y\n");
  EXPECT_EQ(Formatted("a: # x\n  word\n"), "a: word  # x\n");
  EXPECT_EQ(Formatted("a:\n  # x\n  word\n"), "# x\na: word\n");
  EXPECT_EQ(Formatted("- # x\n  a: 1\n-\n  # y\n  b: 2\n"), "# x\n- a: 1\n# y\n- b: 2\n");
  EXPECT_EQ(Formatted("- a: 1\n  # x\n- b: 2\n# y\n"), "- a: 1\n  # x\n- b: 2\n# y\n");
}

TEST(Format, OpensBracketsThatHoldComments) {
  EXPECT_EQ(Formatted("a: { # one\n  b: 1, # two\n  # three\n  c: 2 # four\n  # five\n} # six\n"),
            "# one\na:  # six\n  b: 1  # two\n  # three\n  c: 2  # four\n  # five\n");
  EXPECT_EQ(Formatted("a: [ x, # one\n  y ] # two\n"), "a:  # two\n  - x  # one\n  - y\n");
  EXPECT_EQ(Formatted("- { b: 1, # one\n c: 2 }\n"), "- b: 1  # one\n  c: 2\n");
  EXPECT_EQ(Formatted("a: [ # one\n]\n"), "a: []  # one\n");
  EXPECT_EQ(Formatted("a: [\n  # one\n]\n"), "a: []\n# one\n");
}

TEST(Format, AlignsCommentsOfLinesThatFollowEachOther) {
  EXPECT_EQ(Formatted("a: 1 # x\nlonger: 2     # y\nb: 3\nc: 4  # z\n"),
            "a: 1       # x\nlonger: 2  # y\nb: 3\nc: 4  # z\n");
}

TEST(Format, KeepsOneBlankLineOfMany) {
  EXPECT_EQ(Formatted("\n\na: 1\n\n\n\nb:\n\n  - x\n\n\n  - y\n   \n\n"),
            "a: 1\n\nb:\n  - x\n\n  - y\n");
}

TEST(Format, KeepsDocuments) {
  EXPECT_EQ(Formatted("---\n\na: 1\n...\n---   # two\nb: 2\n\n---\n# none\n"),
            "---\na: 1\n---  # two\nb: 2\n\n---\n# none\n");
  EXPECT_EQ(Formatted("a: 1\n...\nb: 2\n"), "a: 1\n---\nb: 2\n");
  EXPECT_EQ(Formatted("a: 1\n...\n\nb: 2\n"), "a: 1\n---\nb: 2\n");
  EXPECT_EQ(Formatted("--- { a: 1 }\n--- |\n x\n"), "---\n{ a: 1 }\n---\n|\n  x\n");
  ExpectKept("%YAML 1.2\n---\na: 1\n");
}

TEST(Format, EndsLinesAlike) {
  EXPECT_EQ(Formatted("a: 1  \r\nb: |\r\n  x\r\n  y\r\nc: 'z'   "), "a: 1\nb: |\n  x\n  y\nc: z\n");
  EXPECT_EQ(Formatted("\xEF\xBB\xBF# x\na: 1"), "# x\na: 1\n");
}

TEST(Format, KeepsKeysThatNobodyKnows) {
  ExpectKept(
      "title: Sigma\nlogsource: { product: windows, category: process_creation }\ndetection:\n"
      "  selection:\n    Image|endswith:\n      - \\\\a.exe\n      - '*\\b*'\n"
      "    CommandLine|re: '^a{2}'\n  condition: selection and not 1 of filter_*\nx_unknown: [1, "
      "2]\n");
}

TEST(Format, WritesExplicitKeysPlainly) { EXPECT_EQ(Formatted("? a\n: 1\n? b\n"), "a: 1\nb:\n"); }

TEST(Format, LeavesFilesWithErrorsAlone) {
  for (const char* text : {"a: [1", "a: 1\na: 2\n", "a: &x 1\nb: *x\n", "a: \"\n", "a:\n\t- b\n"}) {
    const FormatResult result = FormatText(text);
    EXPECT_FALSE(result.text.has_value()) << text;
    EXPECT_TRUE(result.diagnostics.has_errors()) << text;
  }
  // Whether rules mean something is not asked.
  ExpectKept("id: 'no id'\nunknown: 1\n");
}

TEST(Format, RefusesWhatReadersOfYamlDisagreeOn) {
  EXPECT_EQ(FormatText("a: 1 # x\ry\n").refusal,
            "a carriage return stands in the middle of a line");
}

// Every YAML file of the project that can be read.
TEST(Format, TakesTheProjectsOwnFiles) {
  size_t files = 0;
  for (const char* folder : {"deploy", "rules", "tests/golden", "tests/fuzz"}) {
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(TELLTALE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".yml") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      const FormatResult result = FormatText(text.str());
      EXPECT_EQ(result.refusal, "") << entry.path();
      if (!result.text) continue;
      Formatted(text.str());
      ++files;
    }
  }
  EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace telltale::rules
