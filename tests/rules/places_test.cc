// Sequences of every shape: the tree of places, the steps in it, and which steps each condition
// sees.
#include <gtest/gtest.h>

#include <string>

#include "rules/load/load.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

LoadResult LoadText(const std::string& text) {
  Stream declared{"orders", "orders", {}, kMillisecond};
  declared.fields[{"a"}] = Type::Of(TypeKind::kInt);
  return Load({std::make_shared<const SourceFile>("a.yml", text)},
              std::make_shared<const StreamCatalog>(
                  std::vector<Stream>{{"logins", "auth.logins", {}, kMillisecond},
                                      {"devices", "auth.devices", {}, kMillisecond},
                                      declared}));
}

// The only rule of a file that has no errors.
Rule One(const std::string& text) {
  LoadResult result = LoadText(text);
  EXPECT_NE(result.rules, nullptr) << Render(result.diagnostics);
  if (result.rules == nullptr || result.rules->rules.size() != 1) return {};
  return result.rules->rules[0];
}

Rule Sequence(const std::string& items, const std::string& more = "") {
  return One("id: r\nby: user\nwithin: 1h\n" + more + "sequence: [" + items + "]\n");
}

std::string Codes(const std::string& text) {
  std::string codes;
  const LoadResult result = LoadText(text);
  for (const Diagnostic& entry : result.diagnostics.list()) {
    if (entry.severity == Severity::kError)
      codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  }
  return codes;
}

std::string CodesOf(const std::string& items, const std::string& more = "") {
  return Codes("id: r\nby: user\nwithin: 1h\n" + more + "sequence: [" + items + "]\n");
}

const char* Word(Contiguity contiguity) {
  if (contiguity == Contiguity::kStrict) return "strict";
  return contiguity == Contiguity::kAny ? "any" : "relaxed";
}

std::string Quantities(const Place& place) {
  std::string text;
  if (place.contiguity != Contiguity::kRelaxed) text += std::string(" ") + Word(place.contiguity);
  if (place.within) text += " within " + FormatDuration(*place.within);
  if (place.optional) text += " optional";
  const Repeat& repeat = place.repeat;
  if (!repeat.repeats()) return text;
  text += " x" + std::to_string(repeat.min) + ".." +
          (repeat.max == kUnbounded ? "" : std::to_string(repeat.max));
  if (repeat.inside != Contiguity::kRelaxed) text += std::string(" inside ") + Word(repeat.inside);
  if (repeat.within) text += " each within " + FormatDuration(*repeat.within);
  if (repeat.greedy) text += " greedy";
  if (repeat.until) text += " until " + std::to_string(*repeat.until);
  return text;
}

// "a strict x2..5, (b | c) optional"
std::string Shown(const Rule& rule, const Place& place) {
  if (place.IsStep()) return rule.steps[place.index].name + Quantities(place);
  if (place.IsNot()) return "not" + std::to_string(place.index) + Quantities(place);
  const char* separator = place.kind == Place::Kind::kAnyOf   ? " | "
                          : place.kind == Place::Kind::kAllOf ? " & "
                                                              : ", ";
  std::string text;
  for (const Place& inner : place.places)
    text += (text.empty() ? "" : separator) + Shown(rule, inner);
  return "(" + text + ")" + Quantities(place);
}

std::string Shown(const Rule& rule) { return Shown(rule, rule.pattern); }

constexpr char kA[] = "a: { on: logins }";
constexpr char kB[] = "b: { on: devices }";
constexpr char kC[] = "c: { on: logins }";

std::string List(std::initializer_list<std::string> items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

TEST(Places, QuantitiesOfAStep) {
  EXPECT_EQ(Shown(Sequence(List({kA, kB}))), "(a, b)");
  EXPECT_EQ(Shown(Sequence(List({kA,
                                 "b: { on: devices, contiguity: strict, within: 5m, optional: "
                                 "true, repeat: { min: 2, max: 5, inside: any, within: 10s, "
                                 "greedy: true, until: 'done == true' } }",
                                 kC}))),
            "(a, b strict within 5m optional x2..5 inside any each within 10s greedy until 0, c)");
  EXPECT_EQ(Shown(Sequence(List({kA, "b: { on: devices, contiguity: relaxed, repeat: 3 }"}))),
            "(a, b x3..3)");
  EXPECT_EQ(Shown(Sequence(List({kA, "b: { on: devices, contiguity: any, repeat: {} }"}))),
            "(a, b any x1..)");
}

TEST(Places, GroupsInBothForms) {
  const std::string inner = std::string("[") + kB + ", " + kC + "]";
  EXPECT_EQ(Shown(Sequence(List({kA, "group: " + inner}))), "(a, (b, c))");
  EXPECT_EQ(Shown(Sequence(List({kA, "any_of: " + inner}))), "(a, (b | c))");
  EXPECT_EQ(Shown(Sequence(List({kA, "all_of: " + inner}))), "(a, (b & c))");
  EXPECT_EQ(Shown(Sequence(List(
                {kA, "group: { steps: " + inner +
                         ", contiguity: any, within: 1m, optional: true, repeat: { max: 4, inside: "
                         "strict, within: 2s, until: { on: orders, where: event.a == 1 } } }"}))),
            "(a, (b, c) any within 1m optional x1..4 inside strict each within 2s until 0)");
  EXPECT_EQ(Shown(Sequence(List({kA, "any_of: { steps: " + inner + ", repeat: 2 }"}))),
            "(a, (b | c) x2..2)");
  EXPECT_EQ(Shown(Sequence(List({kA, "all_of: { steps: " + inner + ", optional: true }"}))),
            "(a, (b & c) optional)");
  EXPECT_EQ(Shown(Sequence(List({kA, "any_of: [ all_of: " + inner +
                                         ", group: [d: { on: logins }, not: { on: orders, "
                                         "contiguity: strict }, e: { on: orders }] ]"}))),
            "(a, ((b & c) | (d, not0 strict, e)))");
}

TEST(Places, StepsAreListsWhereTheyOrAGroupAroundThemRepeats) {
  const Rule rule = Sequence(
      "a: { on: logins }, group: { steps: [b: { on: devices }, any_of: [c: { on: logins }, d: { "
      "on: orders }]], repeat: 2 }, e: { on: logins, repeat: { max: 3 } }, group: [f: { on: orders "
      "}, g: { on: orders }]");
  std::string lists;
  for (const Step& step : rule.steps) lists += step.name + (step.list ? "[] " : " ");
  EXPECT_EQ(lists, "a b[] c[] d[] e[] f g ");
}

TEST(Places, UntilDefaultsToTheStepsStreamAndKey) {
  const Rule rule = One(R"(
id: r
by: user
within: 1h
until: { on: logins, where: 'kind == "logout"' }
sequence:
  - a: { on: logins }
  - b: { on: devices, by: owner, repeat: { until: 'x == size(b)' } }
  - c: { on: devices, by: owner, repeat: { until: { where: y == a.x } } }
  - d: { on: devices, by: owner, repeat: { until: { on: orders } } }
  - e: { on: devices, repeat: { until: { on: orders, by: buyer, detection: { z: 1 } } } }
)");
  ASSERT_EQ(rule.untils.size(), 5u);
  EXPECT_EQ(rule.until, 4u);
  const auto shown = [&](uint32_t index) {
    const Selector& selector = rule.untils[index].selector;
    return std::to_string(selector.stream) + " " + ToString(*selector.by.at(0).root) +
           (selector.where ? " " + ToString(*selector.where->root) : "");
  };
  const auto key = [&](uint32_t step) {
    return ToString(*rule.steps[step].selector.by.at(0).root);
  };
  EXPECT_EQ(shown(0).substr(0, 2 + key(1).size()), "1 " + key(1));
  EXPECT_EQ(shown(1).substr(0, 2 + key(1).size()), "1 " + key(1));
  EXPECT_NE(shown(2).find("user"), std::string::npos) << "another stream has the rule's key";
  EXPECT_NE(shown(3).find("buyer"), std::string::npos);
  EXPECT_EQ(shown(4).substr(0, 2), "0 ");
  EXPECT_EQ(rule.pattern.places[1].repeat.until, 0u);
  EXPECT_FALSE(rule.pattern.places[0].repeat.until.has_value());
}

TEST(Places, ConditionsSeeTheStepsBeforeThem) {
  // Members, and what is behind groups, see what stands before in the text.
  EXPECT_EQ(CodesOf("a: { on: logins }, all_of: [b: { on: devices, where: x == a.x }, c: { on: "
                    "logins, where: x == b.x }], d: { on: orders, where: x == c.x }"),
            "");
  EXPECT_EQ(CodesOf("group: [a: { on: logins }, b: { on: devices }], c: { on: logins, where: x == "
                    "a.x }"),
            "");
  EXPECT_EQ(CodesOf("a: { on: logins, where: x == b.x }, b: { on: devices }"), "R0409");
  // In a group that repeats even its own name, and what stands before in it, as lists.
  EXPECT_EQ(CodesOf("group: { steps: [a: { on: logins, where: size(a) < 3 }, b: { on: devices, "
                    "where: 'x == a[size(a) - 1].x' }], repeat: 2 }"),
            "");
  EXPECT_EQ(CodesOf("group: [a: { on: logins, where: size(a) < 3 }, b: { on: devices }]"), "R0409");
}

TEST(Places, AlternativesDoNotSeeEachOther) {
  EXPECT_EQ(CodesOf("any_of: [a: { on: logins }, b: { on: devices, where: x == a.x }]"), "R0409");
  EXPECT_EQ(CodesOf("any_of: [group: [a: { on: logins }, b: { on: devices, where: x == a.x }], c: "
                    "{ on: logins }]"),
            "");
  EXPECT_EQ(CodesOf("any_of: [a: { on: logins }, b: { on: devices }], c: { on: logins, where: "
                    "'has(a.x) ? x == a.x : x == b.x' }"),
            "");
  EXPECT_EQ(CodesOf("any_of: [any_of: [a: { on: logins }, b: { on: devices }], c: { on: logins, "
                    "where: x == b.x }], d: { on: logins, where: has(b.x) }"),
            "R0409");
  // A declared field of that name is meant.
  EXPECT_EQ(CodesOf("any_of: [a: { on: logins }, b: { on: orders, where: a == 1 }]"), "");
}

TEST(Places, UntilSeesWhatItsStepSees) {
  EXPECT_EQ(CodesOf("a: { on: logins }, b: { on: devices, repeat: { until: 'x == a.x' } }, c: { "
                    "on: logins }"),
            "");
  EXPECT_EQ(CodesOf("a: { on: logins }, b: { on: devices, repeat: { until: 'x == c.x' } }, c: { "
                    "on: logins }"),
            "R0409");
  EXPECT_EQ(
      CodesOf("a: { on: logins }, group: { steps: [b: { on: devices }, c: { on: logins }], "
              "repeat: { max: 9, until: { on: orders, where: 'event.a == 1 && size(c) > 1' } } }"),
      "");
  EXPECT_EQ(
      CodesOf("a: { on: logins }, b: { on: devices }", "until: { on: orders, where: x == b.x }\n"),
      "R0409");
}

TEST(Places, WhatAGroupsUntilNeeds) {
  EXPECT_EQ(CodesOf("group: { steps: [a: { on: logins }, b: { on: devices }], repeat: { until: "
                    "{ where: x == 1 } } }"),
            "R0102");
  EXPECT_EQ(CodesOf("group: { steps: [a: { on: logins }, b: { on: devices }], repeat: { until: "
                    "'x == 1' } }"),
            "R0103");
  EXPECT_EQ(CodesOf("a: { on: logins }, b: { on: logns, repeat: { until: { where: x == 1 } } }"),
            "R0201")
      << "its own stream is told once";
}

TEST(Places, WordsThatStandElsewhereAreNamed) {
  EXPECT_EQ(CodesOf("a: { on: logins, inside: strict }"), "R0215");
  EXPECT_EQ(CodesOf("a: { on: logins, greedy: true }"), "R0215");
  EXPECT_EQ(CodesOf("a: { on: logins, until: x == 1 }"), "R0215");
  EXPECT_EQ(CodesOf("a: { on: logins, repeat: { contiguity: strict } }"), "R0215");
  EXPECT_EQ(CodesOf("a: { on: logins, group: [] }"), "R0215");
  EXPECT_EQ(CodesOf("a: { on: logins }", "contiguity: strict\n"), "R0215");
  EXPECT_EQ(
      CodesOf("a: { on: logins }, all_of: { steps: [b: { on: devices }, c: { on: logins }], "
              "contiguity: strict, within: 5m, repeat: { max: 2, inside: any, within: 5s } }"),
      "R0215 R0215");
}

TEST(Places, ShapesThatAreNone) {
  EXPECT_EQ(CodesOf("a: { on: logins }, group: []"), "R0111");
  EXPECT_EQ(CodesOf("a: { on: logins }, group: { steps: [] }"), "R0111");
  EXPECT_EQ(CodesOf("a: { on: logins }, group: { optional: true }"), "R0212");
  EXPECT_EQ(CodesOf("a: { on: logins }, group: { b: { on: logins }, c: { on: devices } }"),
            "R0212");
  EXPECT_EQ(CodesOf("a: { on: logins }, any_of: x"), "R0212");
  EXPECT_EQ(CodesOf("a: { on: logins }, b: [c: { on: logins }]"), "R0212");
  EXPECT_EQ(CodesOf("a: { on: logins }, not: [c: { on: logins }]"), "R0212");
  for (const char* word : {"until", "steps", "sequence"})
    EXPECT_EQ(CodesOf("a: { on: logins }, " + std::string(word) + ": { on: logins }"), "R0204");
}

TEST(Places, StepsOfAllLevelsAreCounted) {
  std::string inner;
  for (int i = 0; i < 16; ++i)
    inner += (i == 0 ? "" : ", ") + ("s" + std::to_string(i)) + ": { on: logins }";
  EXPECT_EQ(CodesOf("group: [" + inner + "]"), "");
  std::string other = inner;
  for (size_t at = 0; (at = other.find('s', at)) != std::string::npos; ++at) {
    if (other[at + 1] >= '0' && other[at + 1] <= '9') other[at] = 't';
  }
  EXPECT_EQ(CodesOf("group: [" + inner + "], any_of: { steps: [" + other + "] }"), "R0105");
}

TEST(Places, TimeoutsAndSkipsNameStepsOfAnyLevel) {
  const std::string items =
      "a: { on: logins }, any_of: [b: { on: devices }, group: [c: { on: logins }, d: { on: orders "
      "}]], group: { steps: [e: { on: logins }, f: { on: logins }], optional: true }, g: { on: "
      "logins }";
  EXPECT_EQ(Sequence(items, "on_timeout: { from: c }\n").timeout_from, 2u);
  EXPECT_EQ(Sequence(items, "after_match: { skip_to_last: d }\n").after_match.step, 3u);
  EXPECT_EQ(Sequence(items, "after_match: { skip_to_last: e }\n").after_match.step, 4u);
  EXPECT_EQ(CodesOf(items, "on_timeout: { from: x }\n"), "R0226");
  EXPECT_EQ(CodesOf(items, "on_timeout: {}\n"), "R0102");
  EXPECT_EQ(Codes("id: r\non: logins\nuntil: { on: devices }\non_timeout: { from: logins }\n"),
            "R0215 R0226");
  EXPECT_EQ(CodesOf("a: { on: logins }", "until: { on: devices }\non_timeout: { from: a }\n"),
            "R0215 R0226");
}

TEST(Places, RulesOverSingleEventsHoldNoState) {
  EXPECT_FALSE(One("id: r\non: logins\n").HoldsState());
  EXPECT_FALSE(Sequence(kA).HoldsState());
  EXPECT_FALSE(Sequence("any_of: [a: { on: logins }, group: [b: { on: devices }]]").HoldsState());
  EXPECT_TRUE(Sequence("a: { on: logins, repeat: 2 }").HoldsState());
  EXPECT_TRUE(Sequence("any_of: { steps: [a: { on: logins }, b: { on: devices }], repeat: 2 }")
                  .HoldsState());
  EXPECT_TRUE(Sequence("any_of: [a: { on: logins }, group: [b: { on: devices }, c: { on: logins "
                       "}]]")
                  .HoldsState());
  EXPECT_TRUE(Sequence("all_of: [a: { on: logins }, b: { on: devices }]").HoldsState());
}

}  // namespace
}  // namespace telltale::rules
