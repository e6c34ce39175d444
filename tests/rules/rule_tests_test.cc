// Tests of rules as they are read: every key once, what it becomes, and what the values are by
// default. What is refused is shown by tests/golden/diagnostics/R06xx and below.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "rules/load/load.h"
#include "rules/load/yaml/quantity.h"

namespace telltale::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;

std::shared_ptr<const StreamCatalog> Streams() {
  Stream logins{"logins", "auth.logins", {}, kMillisecond, {"ts"}};
  Stream nested{"sysmon", "win.sysmon", {}, kMillisecond, {"Event", "System", "time"}};
  return std::make_shared<const StreamCatalog>(
      std::vector<Stream>{logins, nested, {"kafka_timed", "raw", {}, kMillisecond}});
}

SourcePtr File(std::string name, std::string text) {
  return std::make_shared<const SourceFile>(std::move(name), std::move(text));
}

constexpr char kRule[] = R"(id: r
by: [user, country]
sequence:
  - login: { on: logins }
  - more: { on: sysmon, repeat: 2 }
within: 1h
alert: { fields: { ip: login.ip } }
tests:
)";

// `more`: further lines of the rule.
LoadResult LoadTests(const std::string& tests, const std::string& more = "\n") {
  return Load({File("a.yml", more + kRule + tests)}, Streams());
}

RuleTest One(const std::string& test, const std::string& more = "\n") {
  LoadResult result = LoadTests(test, more);
  EXPECT_EQ(Render(result.diagnostics), "");
  EXPECT_EQ(result.tests.size(), 1u);
  return result.tests.empty() ? RuleTest() : result.tests[0];
}

std::string Codes(const LoadResult& result) {
  std::string codes;
  for (const Diagnostic& entry : result.diagnostics.list())
    codes += (codes.empty() ? "" : " ") + std::string(entry.code.id);
  return codes;
}

std::string Text(const Json& value) {
  std::string text;
  AppendJson(value, text);
  return text;
}

TEST(RuleTests, DefaultsAreOnesThatNobodyHasToWrite) {
  const RuleTest test = One("  - { name: nothing, events: [], alerts: [] }\n");
  EXPECT_EQ(test.name, "nothing");
  EXPECT_THAT(test.rules, ElementsAre("r"));
  EXPECT_TRUE(test.in_rule);
  EXPECT_EQ(test.Path(), "r/nothing");
  EXPECT_EQ(test.base, kTestBase);
  EXPECT_EQ(test.warm_up, WarmUp::kAssumeEmpty);
  EXPECT_FALSE(test.drain);
  EXPECT_THAT(test.events, IsEmpty());
  EXPECT_THAT(test.alerts, IsEmpty());
}

TEST(RuleTests, EveryKeyOfATest) {
  const RuleTest test = One(R"(
  - name: all
    description: What it is about.
    base: 2026-03-01T10:00:00Z
    warm_up: quiet
    end: drain
    events:
      - { at: 0s, on: logins, user: u1 }
      - { at: -5m, on: logins, user: u1 }
      - { at: 5s, on: logins, record: text }
    late: [1]
    dead_letters: 2
    alerts: []
)");
  const int64_t base = 1'772'359'200 * kSecond;
  EXPECT_EQ(test.base, base);
  EXPECT_EQ(test.warm_up, WarmUp::kQuiet);
  EXPECT_TRUE(test.drain);
  ASSERT_EQ(test.events.size(), 3u);
  EXPECT_THAT(test.events[1].at, Optional(base - 300 * kSecond));
  EXPECT_EQ(Text(test.events[2].body), R"({"record":"text"})");  // a field of that name
  EXPECT_THAT(test.late, ElementsAre(1));
  EXPECT_THAT(test.dead_letters, ElementsAre(2));
}

TEST(RuleTests, EventsInShortAndLongForm) {
  const RuleTest test = One(R"(
  - name: events
    events:
      - { at: 1h, on: logins, partition: 3, kafka_time: 61m, user: u1, n: 1.50, big: 0x10, list: [1, null, true], nested: { a: "x\n" } }
      - { at: 2024-01-01T00:00:01.5+00:00, on: logins, record: { at: home, on: tuesday, partition: x } }
      - { on: sysmon, record: { Event: { System: { time: 1704067200000 } } } }
      - { on: logins, ts: 1704067200000 }
      - { at: 1s, on: kafka_timed, x: 1 }
      - { advance_to: 2h }
    alerts: []
)");
  ASSERT_EQ(test.events.size(), 6u);
  EXPECT_THAT(test.events[0].at, Optional(kTestBase + 3600 * kSecond));
  EXPECT_THAT(test.events[0].kafka_time, Optional(kTestBase + 3660 * kSecond));
  EXPECT_EQ(test.events[0].partition, 3u);
  EXPECT_EQ(Text(test.events[0].body),
            R"({"user":"u1","n":1.50,"big":16,"list":[1,null,true],"nested":{"a":"x\n"}})");
  EXPECT_THAT(test.events[1].at, Optional(kTestBase + 1500 * kMillisecond));
  EXPECT_EQ(Text(test.events[1].body), R"({"at":"home","on":"tuesday","partition":"x"})");
  EXPECT_EQ(test.events[2].at, std::nullopt);
  EXPECT_EQ(test.events[2].stream, 1u);
  EXPECT_EQ(test.events[3].at, std::nullopt);
  EXPECT_EQ(test.events[4].stream, 2u);
  EXPECT_THAT(test.events[5].advance_to, Optional(kTestBase + 7200 * kSecond));
}

TEST(RuleTests, EveryKeyOfAnExpectedAlert) {
  const RuleTest test = One(R"(
  - name: alerts
    events:
      - { at: 0s, on: logins, user: u1 }
      - { at: 1s, on: logins, user: u1 }
    alerts:
      - key: [u1, DE]
        at: 1s
        evidence: [1, 0]
        title: A title
        risk_score: 70
        level: high
        fields: { ip: [1, 2.0] }
        rule: r
        kind: limit
        suppressed: 3
        truncated: true
      - { key: { country: 49.0, user: 17 }, evidence: { login: 0, more: [1] } }
      - {}
)");
  ASSERT_EQ(test.alerts.size(), 3u);
  const ExpectedAlert& all = test.alerts[0];
  EXPECT_THAT(all.key, Optional(ElementsAre("u1", "DE")));
  EXPECT_THAT(all.at, Optional(kTestBase + kSecond));
  EXPECT_THAT(all.evidence, Optional(ElementsAre(0, 1)));
  EXPECT_THAT(all.title, Optional(std::string("A title")));
  EXPECT_THAT(all.risk_score, Optional(70));
  EXPECT_THAT(all.level, Optional(Level::kHigh));
  ASSERT_EQ(all.fields.size(), 1u);
  EXPECT_EQ(Text(all.fields[0].second), "[1,2.0]");
  EXPECT_THAT(all.rule, Optional(std::string("r")));
  EXPECT_THAT(all.kind, Optional(std::string("limit")));
  EXPECT_THAT(all.suppressed, Optional(3));
  EXPECT_THAT(all.truncated, Optional(true));
  // By the names of `by`, in the rule's order; numbers as keys are (K1).
  EXPECT_THAT(test.alerts[1].key, Optional(ElementsAre("17", "49")));
  EXPECT_THAT(test.alerts[1].evidence_by_step,
              ElementsAre(Pair("login", ElementsAre(0)), Pair("more", ElementsAre(1))));
  EXPECT_EQ(test.alerts[2].key, std::nullopt);
}

TEST(RuleTests, APartThatIsMissingIsNull) {
  const RuleTest test = One(R"(
  - name: alerts
    events: []
    alerts: [ { key: [null, DE] }, { key: { user: u1, country: ~ } }, { key: ["null", ""] } ]
)",
                            "missing_key: group\n");
  ASSERT_EQ(test.alerts.size(), 3u);
  EXPECT_THAT(test.alerts[0].key, Optional(ElementsAre(std::nullopt, "DE")));
  EXPECT_THAT(test.alerts[1].key, Optional(ElementsAre("u1", std::nullopt)));
  EXPECT_THAT(test.alerts[2].key, Optional(ElementsAre("null", "")));
}

TEST(RuleTests, TestsAreOutsideOfTheFingerprint) {
  const LoadResult with = LoadTests("  - { name: a, events: [], alerts: [] }\n");
  const std::string rule = std::string(kRule).substr(0, std::string(kRule).find("tests:"));
  const LoadResult without = Load({File("a.yml", rule)}, Streams());
  ASSERT_NE(with.rules, nullptr);
  ASSERT_NE(without.rules, nullptr);
  EXPECT_EQ(with.rules->rules[0].fingerprint, without.rules->rules[0].fingerprint);
}

TEST(RuleTests, ListsAndTablesOfATest) {
  const LoadResult result = LoadTests(R"(
  - { name: a, events: [], alerts: [], lists: { friends: [a, 17] } }
  - { name: b, events: [], alerts: [], lists: { freinds: [a], friends: { file: x.txt } }, tables: { users: {} } }
  - { name: c, events: [], alerts: [], lists: [a], tables: 17 }
---
lists: { friends: [b] }
)");
  EXPECT_EQ(Codes(result).substr(0, 17), "R0709 R0703 R0709");
  EXPECT_THAT(Codes(result), HasSubstr("R0103 R0103"));
  EXPECT_THAT(Render(result.diagnostics), HasSubstr("did you mean 'friends'?"));
}

TEST(RuleTests, FilesOfTestsSpeakOfRulesOfAnyFile) {
  const LoadResult result = Load(
      {File("b.yml", "{ id: single, on: logins }"), File("a.yml", "{ id: other, on: sysmon }")},
      {.streams = Streams(), .test_files = {File("x.test.yml", R"(
rule: single
tests:
  - { name: one, events: [], alerts: [] }
---
- rules: [single, other]
  tests:
    - { name: both, events: [], alerts: [ { rule: other } ] }
---
# nothing
)")}});
  EXPECT_EQ(Render(result.diagnostics), "");
  ASSERT_EQ(result.tests.size(), 2u);
  EXPECT_FALSE(result.tests[0].in_rule);
  EXPECT_EQ(result.tests[0].Path(), "single/one");
  EXPECT_THAT(result.tests[1].rules, ElementsAre("single", "other"));
}

TEST(RuleTests, AMistakeInATestKeepsTheSetFromLoadingAndAllAreTold) {
  const LoadResult result = LoadTests(R"(
  - { name: a, event: [], alerts: [] }
  - { events: {}, alerts: none }
  - { name: c, events: [ { at: 1s, on: login, u: 1 }, x ], alerts: [ { at: 1s, kid: match } ], end: never }
)");
  EXPECT_EQ(result.rules, nullptr);
  EXPECT_THAT(result.tests, IsEmpty());
  // Events missing, and a key that tests do not have; name missing, events and alerts of the wrong
  // kind; an unknown stream, no map, a key that alerts do not have, a word that ends do not have.
  EXPECT_EQ(Codes(result), "R0102 R0101 R0102 R0103 R0103 R0201 R0103 R0101 R0104");
  EXPECT_THAT(Render(result.diagnostics), HasSubstr("did you mean 'logins'?"));
}

TEST(RuleTests, TestsOfARuleWithMistakesAreCheckedAsFarAsTheyCanBe) {
  const LoadResult result = Load({File("a.yml", R"(
id: r
by: user
sequence: [ { login: { on: nowhere } } ]
tests:
  - { name: a, events: [ { at: soon, on: logins } ], alerts: [ { evidence: { anything: 0 }, fields: { any: 1 } } ] }
)")},
                                 Streams());
  EXPECT_EQ(Codes(result), "R0201 R0601");
}

TEST(RuleTests, ALongFormTakesNoFieldsBesideItsRecord) {
  const LoadResult result = LoadTests(R"(
  - { name: a, events: [ { at: 1s, on: logins, user: u1, record: { action: x } } ], alerts: [] }
  - { name: b, events: [ { advance_to: 1s, on: logins } ], alerts: [] }
)");
  EXPECT_EQ(Codes(result), "R0101 R0215 R0215");
  EXPECT_THAT(Render(result.diagnostics), HasSubstr("record: { record: ... }"));
}

TEST(RuleTests, AStreamTimedByKafkaTakesItsTimeOnce) {
  const LoadResult result = LoadTests(R"(
  - { name: a, events: [ { on: kafka_timed }, { at: 1s, kafka_time: 1s, on: kafka_timed } ], alerts: [] }
  - { name: b, events: [ { kafka_time: 1s, on: kafka_timed } ], alerts: [] }
)");
  EXPECT_EQ(Codes(result), "R0602 R0602");
}

TEST(JsonValues, NumbersAreEqualByAmountAndObjectsByMembers) {
  const auto number = [](const char* text) { return Json::Number(text); };
  EXPECT_TRUE(SameValue(number("2700"), number("2700.0")));
  EXPECT_TRUE(SameValue(number("1e3"), number("1000")));
  EXPECT_FALSE(SameValue(number("9007199254740993"), number("9007199254740992")));
  EXPECT_FALSE(SameValue(number("1"), Json::String("1")));
  Json a, b;
  a.kind = b.kind = JsonKind::kObject;
  a.members = {{"x", number("1")}, {"y", Json::String("z")}};
  b.members = {{"y", Json::String("z")}, {"x", number("1.0")}};
  EXPECT_TRUE(SameValue(a, b));
  b.members[1].name = "w";
  EXPECT_FALSE(SameValue(a, b));
}

TEST(JsonValues, NumbersByJsonsGrammar) {
  for (const char* good : {"0", "-0", "17", "1.50", "-1e9", "1E+9", "0.5e-3"})
    EXPECT_TRUE(IsJsonNumber(good)) << good;
  for (const char* bad : {"", "-", "01", "+1", ".5", "5.", "1e", "0x10", "1 ", "nan"})
    EXPECT_FALSE(IsJsonNumber(bad)) << bad;
}

TEST(JsonValues, TextIsEscaped) {
  EXPECT_EQ(Text(Json::String("a\"b\\c\n\t\x01ü")), "\"a\\\"b\\\\c\\n\\t\\u0001ü\"");
}

}  // namespace
}  // namespace telltale::rules
