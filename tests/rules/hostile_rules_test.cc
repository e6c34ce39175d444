// Rules that were made to hurt the loader: conditions, templates, numbers and shapes beyond all
// measure end in a diagnostic, soon and with little memory; what is only large loads.
#include <gtest/gtest.h>

#include "tests/rules/hostile_load.h"

namespace telltale::rules {
namespace {

std::string Where(const std::string& condition) { return RuleWith("where: '" + condition + "'"); }

struct Case {
  const char* name;
  std::string text;
  const char* code;  // of the first diagnostic
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Outcome outcome = LoadHostile(one.text);
    EXPECT_EQ(outcome.First(), one.code) << one.name << "\n" << outcome.report.substr(0, 600);
    EXPECT_LE(outcome.peak, 64 * kMegabyte) << one.name;
    EXPECT_LE(outcome.report.size(), kMegabyte) << one.name;
  }
}

TEST(HostileRules, Conditions) {
  Expect({
      {"parentheses", Where(Times(100'000, "(") + "a" + Times(100'000, ")")), "R0311"},
      {"parentheses below the size", Where(Times(30'000, "(") + "a" + Times(30'000, ")")), "R0310"},
      {"open parentheses", Where(Times(60'000, "(")), "R0310"},
      {"closing parentheses", Where(Times(60'000, ")")), "R0301"},
      {"brackets", Where(Times(30'000, "[") + Times(30'000, "]")), "R0310"},
      {"braces", Where(Times(15'000, "{a:") + "1" + Times(15'000, "}")), "R0310"},
      {"calls", Where(Times(10'000, "size(") + "a" + Times(10'000, ")")), "R0310"},
      {"not", Where(Times(60'000, "!") + "a"), "R0310"},
      {"minus", Where(Times(60'000, "-") + "a"), "R0310"},
      {"ternaries to the right", Where(Times(15'000, "a?b:") + "c"), "R0310"},
      {"ternaries in the middle", Where(Times(15'000, "a?") + "b" + Times(15'000, ":c")), "R0301"},
      {"index", Where("a" + Times(15'000, "[a") + Times(15'000, "]")), "R0310"},
      {"operands of and", Where("a" + Times(100'000, " && a")), "R0311"},
      {"operands of and below the size", Where("a" + Times(15'000, "&&a")), "R0311"},
      {"additions", Where("1" + Times(32'000, "+1") + "==1"), "R0310"},
      {"string", Where("a==\"" + std::string(900'000, 'x') + "\""), "R0311"},
      {"open string", Where("a==\"" + std::string(60'000, 'x')), "R0304"},
      {"integer of a million digits", Where("a==" + std::string(1'000'000, '9')), "R0311"},
      {"integer", Where("a==" + std::string(60'000, '9')), "R0306"},
      {"fraction", Where("a==0." + std::string(60'000, '9')), "fine"},
      {"exponent", Where("a==1e" + std::string(60'000, '9')), "R0306"},
      {"hexadecimal", Where("a==0x" + std::string(60'000, 'f')), "R0306"},
      {"macros in macros", Where(Times(300, "[1].all(x,") + "true" + Times(300, ")")), "R0310"},
      {"reserved words", Where(Times(12'000, "for ")), "R0308"},
      {"unknown characters", Where(Times(60'000, "$")), "R0302"},
      {"escapes", Where("a==\"" + Times(10'000, "\\q") + "\""), "R0305"},
      {"commas", Where(Times(60'000, ",")), "R0301"},
  });
}

TEST(HostileRules, LongChainsAreFine) {
  // As many as the bounds of an expression allow, without a level of the stack for each.
  const std::string operands = "a==1" + Times(4'000, " && a==1");
  const std::string chain = "a" + Times(200, ".b") + " == 1";
  std::string list = "a in [0";
  for (int i = 1; i < 9'000; ++i) list += "," + std::to_string(i);
  for (const std::string& condition : {operands, chain, list + "]"}) {
    const Outcome outcome = LoadHostile(Where(condition));
    EXPECT_EQ(outcome.First(), "fine") << outcome.report.substr(0, 600);
    EXPECT_LE(outcome.peak, 64 * kMegabyte);
  }
}

TEST(HostileRules, RegularExpressions) {
  const auto matches = [](const std::string& regex) {
    return Where("name.matches(\"" + regex + "\")");
  };
  Expect({
      {"a megabyte", matches(std::string(1'000'000, 'a')), "R0311"},
      {"as long as can be", matches(std::string(60'000, 'a')), "fine"},
      {"a huge repeat", matches("a{100000}"), "R0407"},
      {"repeats in repeats", matches("((((a{100}){100}){100}){100}){100}"), "R0407"},
      {"the largest repeat", matches("(.{1000}){10}"), "R0407"},
      {"nested groups", matches(Times(25'000, "(") + Times(25'000, ")")), "R0910"},
      {"alternatives", matches(Times(25'000, "a|")), "R0910"},
      {"classes", matches(Times(6'000, "[^a-z]")), "fine"},
      {"classes of characters", matches(Times(2'000, "\\\\pL")), "R0407"},
  });
}

TEST(HostileRules, NumbersAndQuantities) {
  const std::string digits(1'000'000, '9');
  const auto sequence = [](const std::string& repeat, const std::string& within) {
    return "id: hostile\nby: user\nsequence:\n  - a: { on: logins, repeat: " + repeat +
           " }\nwithin: " + within + "\n";
  };
  Expect({
      {"risk", RuleWith("alert: { risk_score: " + digits + " }"), "R0105"},
      {"negative", RuleWith("alert: { risk_score: -" + digits + " }"), "R0105"},
      {"exponent", RuleWith("alert: { risk_score: 1e999999999 }"), "R0103"},
      {"repeat", sequence(digits, "1m"), "R0105"},
      {"repeat min", sequence("{ min: " + digits + " }", "1m"), "R0105"},
      {"repeat beyond 32 bits", sequence("4294967297", "1m"), "R0105"},
      {"within", sequence("2", digits + "h"), "R0106"},
      {"within of many parts", sequence("2", Times(100'000, "1h1m")), "R0106"},
      {"within just too long", sequence("2", "9223372036854775807ns"), "R0106"},
      {"within overflows in the sum", sequence("2", "36500d24h"), "R0106"},
      {"limit", RuleWith("limits: { events: " + digits + " }"), "R0105"},
      {"suppress", RuleWith("suppress: { for: " + digits + "w }"), "R0106"},
  });
}

TEST(HostileRules, Shapes) {
  std::string steps = "id: hostile\nsequence:\n";
  for (int i = 0; i < 10'000; ++i) steps += "  - s" + std::to_string(i) + ": { on: logins }\n";
  std::string parts = "id: hostile\non: logins\nby:\n";
  std::string fields;
  for (int i = 0; i < 100'000; ++i) parts += "  - k" + std::to_string(i) + "\n";
  for (int i = 0; i < 20'000; ++i)
    fields += "    f" + std::to_string(i) + ": logins.f" + std::to_string(i) + "\n";
  Expect({
      {"steps", steps, "R0105"},
      {"key parts", parts, "R0105"},
      {"suppress parts",
       "id: hostile\non: logins\nsuppress:\n  for: 1h\n  by:\n" + Times(100'000, "  - user\n"),
       "R0105"},
      {"tags", RuleWith("tags:\n" + Times(100'000, "  - t\n")), "fine"},
      {"holes", RuleWith("alert: { title: \"" + Times(100'000, "{{1}}") + "\" }"), "R0105"},
      {"open holes", RuleWith("alert: { title: \"" + Times(100'000, "{{") + "\" }"), "R0109"},
      {"alert fields", RuleWith("alert:\n  fields:\n" + fields), "R0105"},
      {"unknown keys", "id: hostile\n" + fields, "R0001"},
  });
}

std::string SequenceOf(const std::string& items) {
  return "id: r\nby: u\nwithin: 1h\nsequence: [" + items + "]\n";
}

// `count` steps with names of their own and what is in `more`.
std::string Steps(size_t count, const std::string& prefix, const std::string& more = "") {
  std::string steps;
  for (size_t i = 0; i < count; ++i) {
    steps += (i == 0 ? "" : ", ") + prefix + std::to_string(i) + ": { on: logins" + more + " }";
  }
  return steps;
}

TEST(HostileRules, Patterns) {
  Expect({
      {"as deep as YAML goes",
       SequenceOf(Times(40, "{ group: [") + Steps(1, "a") + Times(40, "] }")), "R0002"},
      {"deep", SequenceOf(Times(20, "{ group: [") + "{ " + Steps(1, "a") + " }" + Times(20, "] }")),
       "R0906"},
      {"deep repeats",
       SequenceOf(Times(9, "{ group: { repeat: { max: 9 }, steps: [") + "{ " + Steps(1, "a") +
                  " }" + Times(9, "] } }")),
       "R0224"},
      {"empty groups", SequenceOf(Steps(1, "a") + Times(50'000, ", group: []")), "R0111"},
      {"steps in groups", SequenceOf(Times(50'000, "group: [a: { on: logins }], ") + Steps(1, "b")),
       "R0105"},
      {"nots in groups",
       SequenceOf(Times(50'000, "group: [not: { on: logins }], ") + Steps(1, "b")), "R0105"},
      {"members", SequenceOf("all_of: [" + Steps(30, "a") + "]"), "R0224"},
      {"members that repeat", SequenceOf("all_of: [" + Steps(9, "a", ", repeat: 4") + "]"),
       "R0224"},
      {"all_ofs in a row",
       SequenceOf("all_of: [" + Steps(6, "a") + "], all_of: [" + Steps(6, "b") + "], all_of: [" +
                  Steps(6, "c") + "]"),
       "fine"},
      {"long all_ofs in a row",
       SequenceOf("all_of: [" + Steps(10, "a") + "], all_of: [" + Steps(10, "b") + "], all_of: [" +
                  Steps(10, "c") + "]"),
       "R0225"},
      {"alternatives that repeat",
       SequenceOf("any_of: { steps: [" + Steps(30, "a", ", where: x == 1") +
                  "], repeat: { max: 660 } }"),
       "R0224"},
      {"times", SequenceOf(Steps(2, "a", ", repeat: 1000000")), "R0224"},
      {"optional steps", SequenceOf(Steps(30, "a", ", optional: true")), "R0905"},
      {"untils", SequenceOf(Steps(30, "a", ", repeat: { until: x == 1 }")), "fine"},
      {"maps without an end", SequenceOf(Times(30'000, "group: { steps: ")), "R0001"},
  });
}

TEST(HostileRules, LongIdsAndNames) {
  const std::string word(900'000, 'n');
  const std::string bad = Times(2'000, "  - " + std::string(400, 'n') + "-: { on: nowhere }\n");
  for (const std::string& text :
       {"id: " + word + "\n" + "nothing: 1\n",
        "id: a\nsequence:\n  - " + word + ": { on: logins }\n",
        "id: " + word + "\nsequence:\n" + bad,
        "id: a\nsequence:\n  - ? " + word + "\n    : { on: " + word + ", wherever: 1 }\n",
        Times(2, "---\nid: " + word + "\non: logins\n")}) {
    const Outcome outcome = LoadHostile(text);
    EXPECT_EQ(outcome.result.rules, nullptr);
    EXPECT_LE(outcome.peak, 64 * kMegabyte) << text.substr(0, 40);
    EXPECT_LE(outcome.report.size(), 4 * kMegabyte) << text.substr(0, 40);
  }
}

TEST(HostileRules, TenThousandRulesAreFine) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += "---\nid: r" + std::to_string(i) +
            "\nby: user\nsequence:\n"
            "  - a: { on: logins, where: \"country == 'c" +
            std::to_string(i) +
            "'\" }\n"
            "  - b: { on: payments, where: amount > a.limit, repeat: { min: 2 } }\nwithin: 1h\n";
  }
  const Outcome outcome = LoadHostile(text);
  ASSERT_NE(outcome.result.rules, nullptr) << outcome.report.substr(0, 400);
  EXPECT_EQ(outcome.result.rules->rules.size(), 10'000u);
  EXPECT_LE(outcome.peak, 400 * kMegabyte);
}

}  // namespace
}  // namespace telltale::rules
