// Patterns end to end through loader, compiler and engine: each case small enough to be worked out
// by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One stream per letter, one key: "a1 b2 c5" are events of streams a, b, c at 1, 2 and 5 s.
std::vector<TestEvent> Events(const std::string& text) {
  std::vector<TestEvent> events;
  for (size_t i = 0; i < text.size();) {
    TestEvent event;
    event.stream = static_cast<uint32_t>(text[i++] - 'a');
    size_t used = 0;
    event.time_ms = std::stoll(text.substr(i), &used) * 1000;
    i += used;
    event.fields["k"] = std::string("u1");
    while (i < text.size() && text[i] == ' ') ++i;
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<std::string> Matches(const std::string& body, const std::string& events) {
  return Summaries(
      RunRules("id: r\ntitle: T\nby: k\n" + body, {"a", "b", "c", "d"}, Events(events)));
}

TEST(Sequence, TakesTheFirstThatFits) {
  EXPECT_THAT(Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m", "a1 b2 b3"),
              ElementsAre("2000: a@1000 b@2000"));
}

TEST(Sequence, EveryStartCounts) {
  EXPECT_THAT(Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m", "a1 a2 b3"),
              ElementsAre("3000: a@1000 b@3000", "3000: a@2000 b@3000"));
}

TEST(Sequence, LatestKeepsTheNewestStart) {
  EXPECT_THAT(
      Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m\nmatch: latest", "a1 a2 b3"),
      ElementsAre("3000: a@2000 b@3000"));
}

TEST(Sequence, FirstKeepsTheOldestStart) {
  EXPECT_THAT(
      Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m\nmatch: first", "a1 a2 b3"),
      ElementsAre("3000: a@1000 b@3000"));
}

TEST(Sequence, WindowIsClosed) {
  EXPECT_THAT(Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 2s", "a1 b3"),
              ElementsAre("3000: a@1000 b@3000"));
  EXPECT_THAT(Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 2s", "a1 b4"), IsEmpty());
}

TEST(Sequence, ReluctantRepeatGivesEveryCount) {
  EXPECT_THAT(
      Matches(
          "sequence: [ {x: {on: a}}, {y: {on: b, repeat: {min: 1}}}, {z: {on: c}} ]\nwithin: 1m",
          "a1 b2 b3 c4"),
      ElementsAre("4000: a@1000 b@2000 b@3000 c@4000", "4000: a@1000 b@2000 c@4000"));
}

TEST(Sequence, OptionalStepMayBeSkipped) {
  EXPECT_THAT(
      Matches("sequence: [ {x: {on: a}}, {y: {on: b, optional: true}}, {z: {on: c}} ]\nwithin: 1m",
              "a1 b2 c3"),
      ElementsAre("3000: a@1000 b@2000 c@3000", "3000: a@1000 c@3000"));
}

// What stands before an all_of concerns its first event, and not the members that go on waiting.
TEST(Sequence, AnAllOfIsEnteredByOneMember) {
  EXPECT_THAT(Matches("sequence: [ {x: {on: a}}, {not: {on: b}}, {all_of: [ {y: {on: b}}, "
                      "{z: {on: b}} ]} ]\nwithin: 1m",
                      "a1 b2 b3"),
              ElementsAre("3000: a@1000 b@2000 b@3000"));
  EXPECT_THAT(Matches("sequence: [ {all_of: {steps: [ {y: {on: b}}, {z: {on: c}} ], repeat: {min: "
                      "2, max: 2, inside: strict}}} ]\nwithin: 1m",
                      "b1 c2 b3 a4 c5"),
              ElementsAre("5000: b@1000 c@2000 b@3000 c@5000"));
  // Of the second time, which b enters, the strict c has missed its next event: b itself.
  EXPECT_THAT(Matches("sequence: [ {all_of: {steps: [ {y: {on: b}}, {z: {on: c, contiguity: "
                      "strict}} ], repeat: {min: 2, max: 2}}} ]\nwithin: 1m",
                      "b1 c2 b3 c4"),
              IsEmpty());
}

// P4: behind what a member took last, the optional place after it left out, a `not` acts up to what
// follows the all_of.
TEST(Sequence, ANotAtTheEndOfAMemberActsOnWhatFollows) {
  const std::string rule =
      "sequence: [ {all_of: [ {group: [ {x: {on: a}}, {not: {on: b}}, {y: {on: a, optional: true}}"
      " ]}, {w: {on: b}} ]}, {z: {on: c}} ]\nwithin: 1m";
  EXPECT_THAT(Matches(rule, "b1 a2 c3"), ElementsAre("3000: b@1000 a@2000 c@3000"));
  EXPECT_THAT(Matches(rule, "a1 b2 c3"), ElementsAre("3000: a@1000 b@2000 c@3000"));
  EXPECT_THAT(Matches(rule, "b1 a2 b3 c4"), ElementsAre("4000: a@2000 b@3000 c@4000"))
      << "not the b of the first second, which another follows";
}

// What a trailing `not` breaks is no timeout: its steps were done.
TEST(Sequence, WhatIsBrokenDoesNotTimeOut) {
  const std::string rule =
      "sequence: [ {x: {on: a}}, {y: {on: b, repeat: {min: 1, greedy: true}}}, {not: {on: c}} ]\n"
      "within: 3s\non_timeout: { from: x }";
  EXPECT_THAT(Matches(rule, "a1 b2 c3"), IsEmpty());
  EXPECT_THAT(Matches(rule, "a1"), ElementsAre("4000: a@1000"));
}

// Who leaves a group out leaves out the greedy repeat in it, which comes first.
TEST(Sequence, AGreedyRepeatInAnOptionalGroupComesFirst) {
  const std::string rule =
      "sequence: [ {x: {on: a}}, {group: [ {y: {on: b, optional: true, repeat: {min: 1, greedy: "
      "true}}} ]} ]\nwithin: 5s";
  EXPECT_THAT(Matches(rule, "a1 b2 b3"), ElementsAre("3000: a@1000 b@2000 b@3000"));
  EXPECT_THAT(Matches(rule, "a1 c2"), ElementsAre("1000: a@1000"));
}

// A finished match waits for older partial matches only while their window lasts, and for nothing
// where there is no window.
TEST(Sequence, AFinishedMatchIsNotHeldForEver) {
  const std::string sequence =
      "sequence: [ {x: {on: a}}, {y: {on: b, where: 'n > x.n'}}, {z: {on: c}} ]\n";
  const auto run = [&](const std::string& more) {
    std::vector<TestEvent> events = Events("a1 a2 b3 c4 d9");
    const int64_t numbers[] = {5, 1, 3, 0, 0};  // b follows on the second a only
    for (size_t i = 0; i < events.size(); ++i) events[i].fields["n"] = numbers[i];
    return Summaries(RunRules("id: r\nby: k\n" + sequence + more, {"a", "b", "c", "d"}, events));
  };
  EXPECT_THAT(run("after_match: skip_past_last\n"), ElementsAre("4000: a@2000 b@3000 c@4000"));
  EXPECT_THAT(run("after_match: skip_past_last\nwithin: 5s\n"),
              ElementsAre("4000: a@2000 b@3000 c@4000"));
}

TEST(Sequence, NotBetweenForbids) {
  const std::string rule = "sequence: [ {x: {on: a}}, {not: {on: b}}, {z: {on: c}} ]\nwithin: 1m";
  EXPECT_THAT(Matches(rule, "a1 b2 c3"), IsEmpty());
  EXPECT_THAT(Matches(rule, "a1 c3 b4"), ElementsAre("3000: a@1000 c@3000"));
}

TEST(Sequence, TrailingNotAlertsAtItsDeadline) {
  const std::string rule = "sequence: [ {x: {on: a}}, {not: {on: b, within: 5s}} ]";
  EXPECT_THAT(Matches(rule, "a1"), ElementsAre("6000: a@1000"));
  EXPECT_THAT(Matches(rule, "a1 b6"), IsEmpty());
  EXPECT_THAT(Matches(rule, "a1 b7"), ElementsAre("6000: a@1000"));
}

TEST(Sequence, LeadingNotBarsAStart) {
  const std::string rule =
      "sequence: [ {not: {on: b, within: 5s}}, {x: {on: a}} ]\nwarm_up: assume_empty";
  EXPECT_THAT(Matches(rule, "b1 a6 a7"), ElementsAre("7000: a@7000"));
}

TEST(Sequence, WarmUpIsQuiet) {
  EXPECT_THAT(Matches("sequence: [ {not: {on: b, within: 5s}}, {x: {on: a}} ]", "a1 a6 a7"),
              ElementsAre("6000: a@6000", "7000: a@7000"));
}

TEST(Sequence, SkipPastLastDropsOverlaps) {
  EXPECT_THAT(
      Matches("sequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m\nafter_match: skip_past_last",
              "a1 a2 b3 a4 b5"),
      ElementsAre("3000: a@1000 b@3000", "5000: a@4000 b@5000"));
}

TEST(Sequence, SuppressionIsClosedAndCounts) {
  const std::vector<Alert> alerts =
      RunRules("id: r\ntitle: T\nby: k\nsequence: [ {x: {on: a}} ]\nsuppress: {by: [k], for: 5s}\n",
               {"a"}, Events("a1 a2 a6 a7"));
  ASSERT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts[0].time, 1'000'000'000);
  EXPECT_EQ(alerts[1].time, 7'000'000'000);
  EXPECT_EQ(alerts[1].suppressed, 2u);
  EXPECT_NE(alerts[0].dedup_key, alerts[1].dedup_key);
}

TEST(Sequence, DisorderWithinTheBoundDoesNotShow) {
  const std::string rule =
      "id: r\ntitle: T\nby: k\nsequence: [ {x: {on: a}}, {y: {on: b}} ]\nwithin: 1m\n";
  EngineOptions options{.threads = false};
  options.max_out_of_orderness = {10'000'000'000, 10'000'000'000};
  EXPECT_THAT(Summaries(RunRules(rule, {"a", "b"}, Events("b2 a1 b9 a3"), options)),
              ElementsAre("2000: a@1000 b@2000", "9000: a@3000 b@9000"));
}

}  // namespace
}  // namespace telltale::engine
