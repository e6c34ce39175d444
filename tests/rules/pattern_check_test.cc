// What is told of a sequence as a whole: mistakes in how its places stand together, and what is
// legal and surely not meant.
#include <gtest/gtest.h>

#include <string>

#include "rules/load/checks/neighbours.h"
#include "rules/load/load.h"

namespace telltale::rules {
namespace {

// The streams' places in the config are their ranks: minutes has the coarsest times and is last.
LoadResult LoadRule(const std::string& items, const std::string& more) {
  const std::string text = "id: r\nby: user\n" + more + "sequence: [" + items + "]\n";
  return Load({std::make_shared<const SourceFile>("a.yml", text)},
              std::make_shared<const StreamCatalog>(
                  std::vector<Stream>{{"logins", "l", {}, 1'000'000},
                                      {"devices", "d", {}, 1'000'000},
                                      {"seconds", "s", {}, 1'000'000'000}}));
}

// The codes of what is told, in the order of the file.
std::string Told(const std::string& items, const std::string& more = "within: 1h\n") {
  const LoadResult result = LoadRule(items, more);
  std::string codes;
  for (const Diagnostic& entry : result.diagnostics.list())
    codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  return codes;
}

std::string Text(const std::string& items, const std::string& more = "within: 1h\n") {
  return Render(LoadRule(items, more).diagnostics);
}

TEST(PatternCheck, WhereANotMayStand) {
  EXPECT_EQ(Told("not: { on: devices, within: 1d }, a: { on: logins }, not: { on: devices }, b: { "
                 "on: logins }, not: { on: devices }"),
            "");
  EXPECT_EQ(Told("a: { on: logins }, group: [b: { on: devices }, not: { on: logins }, c: { on: "
                 "devices, contiguity: any }], d: { on: logins }"),
            "");
  EXPECT_EQ(
      Told("a: { on: logins }, any_of: [b: { on: devices }, group: [c: { on: logins }, not: { "
           "on: devices }, d: { on: logins }]]"),
      "");
  EXPECT_EQ(Told("not: { on: devices }, a: { on: logins }"), "R0205");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices }", "within: 1h\n"), "");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices }", ""), "R0206");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices, within: 5m }, b: { on: logins }"),
            "R0214");
  EXPECT_EQ(Told("a: { on: logins }, group: [not: { on: devices }, b: { on: logins }]"), "R0220");
  EXPECT_EQ(Told("group: [a: { on: logins }, not: { on: devices, within: 5m }]"), "R0220");
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: logins }, not: { on: devices }]"), "R0220");
  EXPECT_EQ(Told("all_of: [a: { on: logins }, not: { on: devices }, b: { on: logins }]"), "R0220");
}

TEST(PatternCheck, AStrictNotStandsBetweenTwoPlaces) {
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices, contiguity: strict }, b: { on: logins }"),
            "");
  EXPECT_EQ(Told("not: { on: devices, within: 1d, contiguity: strict }, b: { on: logins }"),
            "R0218");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices, contiguity: strict }"), "R0218");
  EXPECT_EQ(
      Told("all_of: [group: [a: { on: logins }, not: { on: devices, contiguity: strict }, b: { "
           "on: logins }], c: { on: devices }]"),
      "");
}

TEST(PatternCheck, GreedyAtTheEndNeedsAnEnd) {
  const std::string a = "a: { on: logins, within: 1h }, ";
  const auto greedy = [&](const std::string& more) {
    const std::string told = Told(
        "z: { on: devices }, a: { on: logins, within: 5m }, b: { on: "
        "devices, within: 5m, repeat: { greedy: true" +
            more + " } }",
        "");
    return told;
  };
  EXPECT_EQ(greedy(""), "R0223");
  EXPECT_EQ(greedy(", within: 1m"), "");
  EXPECT_EQ(greedy(", max: 5, within: 1m"), "");
  EXPECT_EQ(greedy(", until: x == 1, within: 1m"), "");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { greedy: true } }"), "");
}

TEST(PatternCheck, AMemberOfARepeatedAllOfMayBeLeftOutWhereItCannotWaitForTwoTimes) {
  EXPECT_EQ(Told("all_of: { steps: [a: { on: logins }, b: { on: devices, optional: true }], "
                 "repeat: 2 }"),
            "");
  const std::string members =
      "all_of: { steps: [a: { on: logins }, group: { optional: true, steps: [all_of: [b: { on: "
      "devices }, d: { on: devices }]] }]";
  EXPECT_EQ(Told(members + " }"), "");
  EXPECT_EQ(Told(members + ", repeat: 2 }"), "R0222");
  // What has to come between two times tells them apart.
  EXPECT_EQ(Told("group: { steps: [" + members + " }, c: { on: logins }], repeat: { max: 3 } }"),
            "");
  EXPECT_EQ(Told("group: { steps: [" + members +
                 " }, c: { on: logins, optional: true }], repeat: { max: 3 } }"),
            "R0222");
}

TEST(PatternCheck, WhatMakesAPatternTooLargeIsShown) {
  EXPECT_EQ(Told("a: { on: logins, repeat: 9000 }, b: { on: devices }"), "");
  const std::string large = Text(
      "group: { steps: [a: { on: logins, repeat: { max: 500 } }, b: { on: devices }], repeat: { "
      "max: 100 } }");
  EXPECT_NE(large.find("R0224"), std::string::npos) << large;
  EXPECT_NE(large.find("500 times are counted"), std::string::npos) << large;
  EXPECT_NE(large.find("100 times are counted"), std::string::npos) << large;
  std::string members;
  for (int i = 0; i < 30; ++i)
    members += (i == 0 ? "s" : ", s") + std::to_string(i) + ": { on: logins }";
  const std::string any_order = Text("all_of: [" + members + "]");
  EXPECT_NE(any_order.find("R0224"), std::string::npos) << any_order;
  EXPECT_NE(any_order.find("30 members in any order"), std::string::npos) << any_order;
}

TEST(PatternCheck, ATimeoutMustBeAbleToCome) {
  const std::string steps = "a: { on: logins }, b: { on: devices }, c: { on: logins }";
  EXPECT_EQ(Told(steps, "within: 1h\non_timeout: { from: a }\n"), "");
  EXPECT_EQ(Told(steps, "within: 1h\non_timeout: { from: b }\n"), "");
  EXPECT_EQ(Told(steps, "within: 1h\non_timeout: { from: c }\n"), "R0226") << "it is complete";
  const std::string windows =
      "a: { on: logins }, b: { on: devices, within: 5m }, c: { on: logins }, d: { on: devices, "
      "within: 5m }";
  EXPECT_EQ(Told(windows, "allow: R0902\non_timeout: { from: a }\n"), "");
  EXPECT_EQ(Told(windows, "allow: R0902\non_timeout: { from: c }\n"), "");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, within: 5m }, c: { on: logins }",
                 "on_timeout: { from: b }\n"),
            "R0226");
  // One of two ways stays open for ever.
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices, within: 5m }, c: { on: logins }]",
                 "on_timeout: { from: a }\n"),
            "R0226");
  EXPECT_EQ(Told("a: { on: logins, repeat: { min: 2, within: 5m } }", "on_timeout: { from: a }\n"),
            "");
}

TEST(PatternCheck, TheRulesUntilNeedsSomethingThatWaits) {
  EXPECT_EQ(Told("a: { on: logins }, b: { on: logins }", "within: 1h\nuntil: { on: devices }\n"),
            "");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: logins }", "within: 1h\nuntil: { on: devices }\n"),
            "R0215");
}

TEST(PatternCheck, StateForEverIsOfAnyStepThatWaits) {
  const auto told = [](const std::string& items) { return Told(items, ""); };
  EXPECT_EQ(told("a: { on: logins }, group: { steps: [b: { on: devices }, c: { on: logins, within: "
                 "5m }], within: 5m }"),
            "");
  EXPECT_EQ(told("a: { on: logins }, group: { steps: [b: { on: devices }, c: { on: logins, within: "
                 "5m }], within: 5m, repeat: 2 }"),
            "R0902");
  EXPECT_EQ(told("a: { on: logins }, group: { steps: [b: { on: devices }, c: { on: logins, within: "
                 "5m }], within: 5m, repeat: { max: 2, within: 5m } }"),
            "");
  EXPECT_EQ(told("a: { on: logins, within: 1m, repeat: 3 }"), "R0902 R0906");
  EXPECT_NE(Text("a: { on: logins }, b: { on: devices, within: 1m, repeat: 3 }", "")
                .find("waits for another 'b': give the rule or the 'repeat' a 'within'"),
            std::string::npos);
  EXPECT_EQ(told("a: { on: logins }, any_of: [b: { on: devices, within: 1m }, c: { on: logins }]"),
            "R0902");
}

TEST(PatternCheck, WindowsOfAllLevelsAgainstTheRules) {
  EXPECT_EQ(Told("a: { on: logins }, group: { steps: [b: { on: devices }, c: { on: logins }], "
                 "within: 2h }"),
            "R0906");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { min: 2, within: 2h } }"), "R0906");
  EXPECT_EQ(Told("a: { on: seconds, repeat: { min: 2, within: 10ms } }"), "R0913");
}

TEST(PatternCheck, NotsThatBarNothing) {
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices }, b: { on: devices }"), "R0914");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: logins }, b: { on: devices, contiguity: strict }"),
            "R0914");
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices }, b: { on: devices, contiguity: any }"),
            "")
      << "what is passed over is barred";
  EXPECT_EQ(
      Told("a: { on: logins }, not: { on: devices }, b: { on: devices, optional: true }, c: { "
           "on: logins }"),
      "")
      << "without b it acts";
  EXPECT_EQ(Told("a: { on: logins }, not: { on: devices }, any_of: [b: { on: devices }, c: { on: "
                 "logins }]"),
            "");
  EXPECT_EQ(Told("a: { on: logins, optional: true }, not: { on: devices }, b: { on: logins }"),
            "R0919");
  EXPECT_EQ(
      Told("a: { on: logins }, not: { on: devices }, group: { steps: [b: { on: logins }, c: { "
           "on: devices }], optional: true }"),
      "R0919");
}

TEST(PatternCheck, StepsThatNothingReaches) {
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices, where: x == 1 }, c: { on: devices, "
                 "where: 'x==1' }]"),
            "R0917");
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices }, c: { on: devices, where: x == 1 "
                 "}]"),
            "")
      << "b may have taken an event before that c does not fit";
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices, within: 1m }, c: { on: devices }]"),
            "")
      << "c takes what is too late for b";
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices, by: owner }, c: { on: devices }]"),
            "");
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices }, c: { on: devices }], d: { on: "
                 "logins, where: has(c.x) }"),
            "")
      << "d asks which of them it was";
  const std::string greedy = "a: { on: logins, repeat: { min: 2, greedy: true";
  EXPECT_EQ(Told(greedy + " } }, b: { on: logins, where: x == 1 }"), "R0907");
  EXPECT_EQ(Told(greedy + " } }, b: { on: logins, optional: true }, c: { on: devices }"), "R0917");
  EXPECT_EQ(Told(greedy + ", max: 9 } }, b: { on: logins, where: x == 1 }"), "");
  EXPECT_EQ(Told(greedy + ", until: x == 2 } }, b: { on: logins, where: x == 2 }"), "");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { until: { on: devices } } }"),
            "R0907");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, where: x == 1 }",
                 "within: 1h\nuntil: { on: devices }\n"),
            "R0907");
  EXPECT_EQ(Told("a: { on: devices }, b: { on: logins }", "within: 1h\nuntil: { on: devices }\n"),
            "")
      << "it may begin again";
}

TEST(PatternCheck, ConditionsThatNothingFits) {
  EXPECT_EQ(Told("a: { on: logins, where: 'false' }, b: { on: devices }"), "R0907");
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: devices, where: 'false' }, c: { on: logins "
                 "}]"),
            "R0909");
  EXPECT_EQ(Told("a: { on: logins }, group: { steps: [b: { on: devices, where: 'false' }, c: { on: "
                 "logins }], optional: true }"),
            "R0909");
  EXPECT_EQ(Told("a: { on: logins }, all_of: [b: { on: devices, where: 'false' }, c: { on: logins "
                 "}]"),
            "R0907");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { until: 'false' } }"), "R0909");
}

TEST(PatternCheck, MembersThatNeedAnother) {
  EXPECT_EQ(Told("all_of: [a: { on: logins }, b: { on: devices, where: x == a.x }]"), "R0920");
  EXPECT_EQ(Told("all_of: [a: { on: logins }, b: { on: devices, where: '!has(a.x) || x == 1' }]"),
            "");
  EXPECT_EQ(Told("all_of: [a: { on: logins }, b: { on: devices, where: 'a.?x.orValue(1) == x' }]"),
            "");
  EXPECT_EQ(Told("all_of: [a: { on: logins, repeat: 2 }, b: { on: devices, where: size(a) < 2 }]"),
            "");
  EXPECT_EQ(
      Told("a: { on: logins }, all_of: [b: { on: devices, where: x == a.x }, group: [c: { on: "
           "devices }, d: { on: devices, where: x == c.x }]]"),
      "");
}

TEST(PatternCheck, MatchesWithoutNumber) {
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { inside: any } }"), "R0918");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { inside: any, max: 5 } }"), "");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: devices, repeat: { inside: any } }",
                 "within: 1h\nmatch: latest\n"),
            "");
  EXPECT_EQ(Told("a: { on: logins }, group: { optional: true, steps: [b: { on: devices, optional: "
                 "true }, c: { on: devices, optional: true }, d: { on: devices, optional: true }] "
                 "}"),
            "R0905");
  EXPECT_EQ(Told("group: { steps: [a: { on: logins, repeat: 10 }, b: { on: devices }], repeat: 4 }",
                 "within: 1h\nlimits: { events: 43 }\n"),
            "R0907");
  EXPECT_EQ(Told("any_of: [a: { on: logins, repeat: 10 }, b: { on: devices, repeat: 2 }]",
                 "within: 1h\nlimits: { events: 2 }\n"),
            "");
}

// Ties are between what may follow each other directly.
TEST(PatternCheck, TiesOfNeighbours) {
  EXPECT_EQ(Told("a: { on: seconds }, b: { on: logins }"), "R0903");
  EXPECT_EQ(Told("a: { on: logins }, b: { on: seconds }"), "");
  EXPECT_EQ(Told("all_of: [a: { on: seconds }, b: { on: logins }]"), "") << "either may come first";
  EXPECT_EQ(Told("a: { on: logins }, any_of: [b: { on: seconds }, c: { on: devices }], d: { on: "
                 "devices }"),
            "R0903");
  EXPECT_EQ(Told("group: { steps: [a: { on: logins }, b: { on: seconds }], repeat: 2 }"), "R0903")
      << "b, then a again";
  EXPECT_EQ(Told("not: { on: logins, within: 1h }, a: { on: seconds }, b: { on: seconds }"), "");
  EXPECT_EQ(Told("not: { on: seconds, within: 1h }, a: { on: logins }, b: { on: logins }"),
            "R0903");
  EXPECT_EQ(Told("a: { on: seconds }, not: { on: logins }, b: { on: seconds }"), "R0903");
}

std::string Pairs(const std::string& items) {
  const LoadResult result = LoadRule(items, "within: 1h\n");
  if (result.rules == nullptr) return Render(result.diagnostics);
  const Rule& rule = result.rules->rules[0];
  std::string text;
  for (const Neighbours& pair : FindNeighbours(rule.pattern)) {
    text += (text.empty() ? "" : " ") + rule.steps[pair.before].name +
            std::string(pair.nots.size(), '!') + rule.steps[pair.after].name;
  }
  return text;
}

TEST(Neighbours, FollowTheShape) {
  EXPECT_EQ(Pairs("a: { on: logins }, b: { on: logins }, c: { on: logins }"), "ab bc");
  EXPECT_EQ(Pairs("a: { on: logins }, b: { on: logins, optional: true }, c: { on: logins }"),
            "ab ac bc");
  EXPECT_EQ(
      Pairs("a: { on: logins }, not: { on: devices }, b: { on: logins, optional: true }, not: "
            "{ on: devices }, c: { on: logins }"),
      "a!b a!!c b!c");
  EXPECT_EQ(Pairs("a: { on: logins, repeat: 2 }, any_of: [b: { on: devices }, group: [c: { on: "
                  "logins }, d: { on: logins }]], e: { on: logins }"),
            "aa cd ab ac be de");
  EXPECT_EQ(Pairs("a: { on: logins }, all_of: [b: { on: devices }, c: { on: logins }], d: { on: "
                  "logins }"),
            "ab ac bd cd");
  EXPECT_EQ(Pairs("group: { steps: [a: { on: logins }, b: { on: devices }], repeat: 2 }"), "ab ba");
}

}  // namespace
}  // namespace telltale::rules
