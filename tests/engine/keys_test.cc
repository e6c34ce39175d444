// Keys from end to end (K1, K2): which events meet, what alerts show of it, what is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Texts = std::vector<std::string>;

constexpr const char* kPair =
    "sequence: [ x: { on: a }, y: { on: b, by: user } ]\n"
    "within: 10s\n";

// "time: key key" of each alert.
std::vector<std::string> KeysAt(const std::vector<Alert>& alerts) {
  std::vector<std::string> lines;
  for (const Alert& alert : alerts)
    lines.push_back(absl::StrCat(alert.time / 1'000'000, ": ", rules::ToText(alert.key)));
  return lines;
}

std::vector<Alert> AlertsOf(const std::string& rule, const std::vector<TestEvent>& events) {
  return RunRules("id: r\ntitle: T\n" + rule, {"a", "b"}, events);
}

TestEvent A(int64_t time, decltype(TestEvent::fields) fields) {
  return {.stream = 0, .time_ms = time, .fields = std::move(fields), .partition = 0};
}
TestEvent B(int64_t time, decltype(TestEvent::fields) fields) {
  return {.stream = 1, .time_ms = time, .fields = std::move(fields), .partition = 0};
}

TEST(Keys, AnEventMeetsOthersUnderEachOfItsKeys) {
  const std::vector<TestEvent> events = {
      A(1, {{"emails", Texts{"ann", "bob", "ann"}}}), B(2, {{"user", std::string("bob")}}),
      B(3, {{"user", std::string("eve")}}), B(4, {{"user", std::string("ann")}})};
  const auto alerts = AlertsOf(std::string("by: each(emails)\n") + kPair, events);
  EXPECT_THAT(KeysAt(alerts), ElementsAre("2: bob", "4: ann"));
  EXPECT_THAT(AlertJson(alerts[0]), HasSubstr(R"("key":{"emails":"bob"})"));
  EXPECT_NE(alerts[0].id, alerts[1].id);
  EXPECT_NE(alerts[0].dedup_key, alerts[1].dedup_key);
}

TEST(Keys, AStepMayHaveEachWhereTheRuleHasNot) {
  const std::string rule =
      "by: user\n"
      "sequence:\n"
      "  - x: { on: a }\n"
      "  - not: { on: b, by: each(emails), where: 'bad == true' }\n"
      "  - y: { on: b, by: each(emails) }\n"
      "within: 10s\n";
  EXPECT_THAT(KeysAt(AlertsOf(
                  rule, {A(1, {{"user", std::string("ann")}}), A(2, {{"user", std::string("bob")}}),
                         B(3, {{"emails", Texts{"bob"}}, {"bad", true}}),
                         B(4, {{"emails", Texts{"eve", "bob", "ann"}}})})),
              ElementsAre("3: bob", "4: ann"))
      << "what a step can take is taken, though a not speaks of it, too";
  EXPECT_THAT(KeysAt(AlertsOf(rule, {A(1, {{"user", std::string("ann")}}),
                                     B(2, {{"emails", Texts{"ann"}}, {"bad", false}}),
                                     B(3, {{"emails", Texts{"ann"}}, {"bad", false}})})),
              ElementsAre("2: ann"));
}

TEST(Keys, SingleEventsAlertOnceForEachKey) {
  const auto alerts =
      AlertsOf("by: each(emails)\non: a\nwhere: 'n > 1'\nalert: { title: 'of {{emails}}' }\n",
               {A(1, {{"emails", Texts{"ann", "bob"}}, {"n", int64_t{2}}}),
                A(2, {{"emails", Texts{"ann"}}, {"n", int64_t{1}}})});
  ASSERT_THAT(KeysAt(alerts), ElementsAre("1: ann", "1: bob"));
  EXPECT_EQ(alerts[0].title, "of ann");
  EXPECT_EQ(alerts[1].title, "of bob");
}

TEST(Keys, EventsWithoutAKeyAreDropped) {
  EXPECT_THAT(AlertsOf(std::string("by: user\n") + kPair, {A(1, {}), B(2, {})}), IsEmpty());
  EXPECT_THAT(AlertsOf(std::string("by: user\nmissing_key: drop\n") + kPair, {A(1, {}), B(2, {})}),
              IsEmpty());
}

TEST(Keys, EventsWithoutAKeyAreAGroupWhereTheRuleSaysSo) {
  const auto alerts =
      AlertsOf(std::string("by: [ user, place ]\nmissing_key: group\n") +
                   "sequence: [ x: { on: a }, y: { on: b } ]\nwithin: 10s\n"
                   "alert: { title: '{{user}} in {{place == null ? \"no place\" : place}}' }\n",
               {A(1, {{"user", std::string("ann")}}), A(2, {}), A(3, {{"place", std::string("")}}),
                B(4, {{"user", std::string("ann")}, {"place", std::string("")}}),
                B(5, {{"user", std::string("ann")}, {"place", nullptr}}), B(6, {{"place", true}})});
  ASSERT_THAT(KeysAt(alerts), ElementsAre("5: ann, null", "6: null, null"));
  EXPECT_THAT(AlertJson(alerts[0]), HasSubstr(R"("key":{"user":"ann","place":null})"));
  EXPECT_EQ(alerts[0].title, "ann in no place");
  EXPECT_THAT(AlertJson(alerts[1]), HasSubstr(R"("key":{"user":null,"place":null})"));
  EXPECT_NE(alerts[0].dedup_key, alerts[1].dedup_key);
}

TEST(Keys, SuppressionTellsAMissingPartFromTexts) {
  const std::string rule =
      "by: user\nmissing_key: group\nsequence: [ x: { on: a } ]\nsuppress: { by: [ user ], for: 1h "
      "}\n";
  EXPECT_THAT(KeysAt(AlertsOf(rule, {A(1, {}), A(2, {{"user", std::string("null")}}),
                                     A(3, {{"user", std::string("")}}), A(4, {}),
                                     A(5, {{"user", std::string("null")}})})),
              ElementsAre("1: null", "2: null", "3: "));
}

TEST(Keys, ExceptionsSeeMissingParts) {
  const std::string rule = std::string("by: user\nmissing_key: group\n") + kPair +
                           "exceptions: [ { name: nobody, where: 'user == null' } ]\n";
  EXPECT_THAT(KeysAt(AlertsOf(rule, {A(1, {}), A(2, {{"user", std::string("null")}}), B(3, {}),
                                     B(4, {{"user", std::string("null")}})})),
              ElementsAre("4: null"));
}

TEST(Keys, LimitAlertsNameTheKeyThatTheCapActedOn) {
  const auto alerts = AlertsOf(
      "by: each(emails)\n"
      "sequence: [ x: { on: a }, y: { on: b, by: user } ]\nwithin: 10s\n"
      "limits: { partial_matches: 1 }\n",
      {A(1, {{"emails", Texts{"ann", "bob"}}}), A(2, {{"emails", Texts{"bob", "eve"}}})});
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].kind, AlertKind::kLimit);
  EXPECT_EQ(rules::ToText(alerts[0].key), "bob");
}

// The event ends two greedy repeats, of which the cap leaves one, and no step takes it; the step
// that took an event last has its key under another name.
TEST(Keys, LimitAlertsNameTheKeyOfAnEventThatNoStepTakes) {
  const auto word = [](const char* text) { return std::string(text); };
  const auto alerts = AlertsOf(
      "by: user\n"
      "sequence:\n"
      "  - y: { on: a, by: owner, where: 'kind == \"y\"', optional: true }\n"
      "  - x: { on: a, where: 'kind == \"x\"', repeat: { min: 1, greedy: true, inside: strict } }\n"
      "within: 10s\nlimits: { matches: 1 }\n",
      {A(1, {{"user", word("ann")}, {"kind", word("x")}}),
       A(2, {{"user", word("ann")}, {"kind", word("x")}}),
       A(3, {{"owner", word("bob")}, {"kind", word("y")}}),
       A(4, {{"user", word("ann")}, {"owner", word("eve")}, {"kind", word("z")}})});
  std::vector<std::string> limits;
  for (const Alert& alert : alerts) {
    if (alert.kind == AlertKind::kLimit) limits.push_back(rules::ToText(alert.key));
  }
  EXPECT_THAT(limits, ElementsAre("ann"));
}

// All keys in one event, over several shards.
TEST(Keys, SeveralShardsSeeTheKeysOfAnEvent) {
  Texts many;
  for (int i = 0; i < 200; ++i) many.push_back(absl::StrCat("k", 100 + i));
  std::vector<TestEvent> events = {A(1, {{"emails", many}})};
  std::vector<std::string> expected;
  for (int i = 0; i < 200; i += 7) {
    events.push_back(B(2 + i, {{"user", many[static_cast<size_t>(i)]}}));
    expected.push_back(absl::StrCat(2 + i, ": k", 100 + i));
  }
  EngineOptions options{.threads = false};
  options.workers = 3;
  EXPECT_EQ(KeysAt(RunRules(std::string("id: r\ntitle: T\nby: each(emails)\n") + kPair, {"a", "b"},
                            events, options)),
            expected);
}

}  // namespace
}  // namespace telltale::engine
