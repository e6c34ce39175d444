// `match: count` (P6): one result says how many matches an event completes, and shows the last of
// them; where partial matches share a representation none of the matches is put together for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/pattern/forest_count.h"
#include "engine/runtime/routing.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> kStreams = {"a", "b", "c"};
constexpr char kAnyRepeat[] =
    "{a: {on: a}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}, {c: {on: c}}";

// "abcb" is an event of each of these streams, a second apart.
std::vector<TestEvent> Events(const std::string& letters) {
  std::vector<TestEvent> events;
  for (const char letter : letters) {
    TestEvent event;
    event.stream = static_cast<uint32_t>(letter - 'a');
    event.time_ms = 1000 * static_cast<int64_t>(events.size());
    event.fields["k"] = std::string("u1");
    events.push_back(std::move(event));
  }
  return events;
}

std::string Rule(const std::string& sequence, const std::string& more = "within: 1h\n") {
  return "id: r\nby: k\nsequence: [" + sequence + "]\nmatch: count\n" + more;
}

std::vector<Alert> AlertsOf(const std::string& rule, const std::string& letters) {
  return RunRules(rule, kStreams, Events(letters));
}

std::vector<uint64_t> Counts(const std::string& rule, const std::string& letters) {
  std::vector<uint64_t> counts;
  for (const Alert& alert : AlertsOf(rule, letters)) {
    if (alert.kind == AlertKind::kMatch) counts.push_back(alert.match_count);
  }
  return counts;
}

bool IsShared(const std::string& rule) {
  const auto compiled = CompileText(rule, TestStreams(kStreams));
  return compiled != nullptr && compiled->routing->patterns.front().shared;
}

// --- Sums ---

TEST(RangeSums, SumsAnyStretch) {
  RangeSums sums;
  for (int round = 0; round < 2; ++round) {
    sums.Clear();
    for (uint64_t i = 0; i < 100; ++i) sums.Add(i * i);
    ASSERT_EQ(sums.size(), 100u);
    for (size_t begin = 0; begin <= 100; ++begin) {
      uint64_t expected = 0;
      for (size_t end = begin; end <= 100; ++end) {
        ASSERT_EQ(sums.Sum(begin, end), expected) << begin << " to " << end;
        expected += end * end;
      }
    }
  }
}

TEST(RangeSums, StopsAtTheMost) {
  RangeSums sums;
  sums.Add(1);
  for (int i = 0; i < 3; ++i) sums.Add(ForestCount::kMost - 1);
  sums.Add(5);
  EXPECT_EQ(sums.Sum(0, 2), ForestCount::kMost);
  EXPECT_EQ(sums.Sum(0, 5), ForestCount::kMost);
  EXPECT_EQ(sums.Sum(4, 5), 5u) << "what is beside it is as it was";
}

// --- How many ---

TEST(MatchCount, CountsEveryChoice) {
  const std::string rule = Rule(kAnyRepeat);
  EXPECT_TRUE(IsShared(rule));
  EXPECT_THAT(Counts(rule, "abc"), ElementsAre(1));
  EXPECT_THAT(Counts(rule, "abbbc"), ElementsAre(7));
  EXPECT_THAT(Counts(rule, "aabbc"), ElementsAre(6));
  EXPECT_THAT(Counts(rule, "a" + std::string(40, 'b') + "c"), ElementsAre((uint64_t{1} << 40) - 1));
  EXPECT_THAT(Counts(rule, "bca"), IsEmpty());
}

TEST(MatchCount, CountsUnderRelaxedToo) {
  const std::string rule = Rule("{a: {on: a}}, {b: {on: b, repeat: {min: 1}}}, {c: {on: c}}");
  EXPECT_TRUE(IsShared(rule)) << "however many they are, they are not held one by one";
  EXPECT_THAT(Counts(rule, "a" + std::string(500, 'b') + "c"), ElementsAre(500));
  EXPECT_THAT(Counts(rule, "abbcc"), ElementsAre(2)) << "the first c uses them up";
  EXPECT_THAT(Counts(Rule("{a: {on: a}}, {b: {on: b, contiguity: strict}}"), "aabcab"),
              ElementsAre(1, 1));
}

TEST(MatchCount, OneResultForEachEventThatCompletes) {
  const std::string tail =
      "{a: {on: a}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}";
  EXPECT_THAT(Counts(Rule(tail), "abbbb"), ElementsAre(1, 2, 4, 8));
}

TEST(MatchCount, ShowsTheOneThatBeginsLast) {
  EXPECT_THAT(Summaries(AlertsOf(Rule(kAnyRepeat), "aababbc")),
              ElementsAre("6000: a@3000 b@5000 c@6000"));
}

TEST(MatchCount, LeavesOutWhatBeganTooEarly) {
  EXPECT_THAT(Counts(Rule(kAnyRepeat, "within: 4s\n"), "aabbbc"), ElementsAre(7))
      << "of the second a alone";
  EXPECT_THAT(Counts(Rule(kAnyRepeat, "within: 3s\n"), "aabbbc"), IsEmpty());
  const std::string near =
      "{a: {on: a}}, {b: {on: b, contiguity: any, within: 2s}}, {c: {on: c, contiguity: any}}";
  EXPECT_THAT(Counts(Rule(near), "abbbcc"), ElementsAre(2, 2)) << "the third b is too far off";
}

TEST(MatchCount, ClosedWaysAreNotGoneOn) {
  const std::string barred =
      "{a: {on: a}}, {not: {on: c}}, {b: {on: b, contiguity: any, repeat: {min: 1, inside: any}}}";
  EXPECT_THAT(Counts(Rule(barred), "abcabb"), ElementsAre(1, 2, 4))
      << "with the first a only what had taken a b goes on";
  EXPECT_THAT(Counts(Rule(kAnyRepeat, "until: {on: a}\n"), "abbabc"), ElementsAre(1));
}

// P6: the same events under other step names are one match.
TEST(MatchCount, TheSameEventsCountOnce) {
  const std::string either = "{any_of: [{x: {on: b}}, {y: {on: b}}]}";
  EXPECT_THAT(Counts(Rule("{a: {on: a}}, " + either + ", {c: {on: c}}"), "abc"), ElementsAre(1));
  const std::string optional =
      "{a: {on: a}}, {x: {on: b, contiguity: any, optional: true}},"
      "{y: {on: b, contiguity: any, optional: true}}, {c: {on: c, contiguity: any}}";
  EXPECT_TRUE(IsShared(Rule(optional)));
  EXPECT_THAT(Counts(Rule(optional), "abbbc"), ElementsAre(1 + 3 + 3));
  EXPECT_THAT(Counts(Rule(optional, "limits: {partial_matches: 20}\nwithin: 1h\n"),
                     "a" + std::string(9, 'b') + "c"),
              ElementsAre(1 + 9 + 36));
}

TEST(MatchCount, WhatIsToldApartIsCountedOneByOne) {
  const std::string rule = Rule(
      "{a: {on: a}}, {b: {on: b, contiguity: any, where: k == a.k,"
      " repeat: {min: 1, inside: any}}}, {c: {on: c}}");
  EXPECT_FALSE(IsShared(rule));
  EXPECT_THAT(Counts(rule, "abbbc"), ElementsAre(7));
  EXPECT_THAT(Summaries(AlertsOf(rule, "aababbc")), ElementsAre("6000: a@3000 b@5000 c@6000"));
  EXPECT_THAT(Counts(Rule("{all_of: [{a: {on: a, repeat: {min: 1}}}, {b: {on: b}}]}, {c: {on: c}}"),
                     "aabc"),
              ElementsAre(3));
}

// --- What bounds it ---

TEST(MatchCount, StopsWhereNumbersEnd) {
  const std::string rule = Rule(kAnyRepeat);
  const std::vector<Alert> exact = AlertsOf(rule, "a" + std::string(62, 'b') + "c");
  ASSERT_EQ(exact.size(), 1u);
  EXPECT_EQ(exact[0].match_count, (uint64_t{1} << 62) - 1);
  EXPECT_FALSE(exact[0].truncated);
  const std::vector<Alert> beyond = AlertsOf(rule, "a" + std::string(200, 'b') + "c");
  ASSERT_EQ(beyond.size(), 1u);
  EXPECT_EQ(beyond[0].match_count, ForestCount::kMost);
  EXPECT_TRUE(beyond[0].truncated);
}

TEST(MatchCount, ForgottenEventsCountNoMore) {
  const std::string few = "within: 1h\nlimits: {partial_matches: 4, on_limit: ";
  // The a and the first three b stay.
  EXPECT_THAT(Counts(Rule(kAnyRepeat, few + "reject_new}\n"), "abbbbbc"), ElementsAre(7));
  // The first a goes, and with it all that began with it.
  EXPECT_THAT(Counts(Rule(kAnyRepeat, few + "evict_oldest}\n"), "aabbbc"), ElementsAre(7));
  EXPECT_THAT(Counts(Rule(kAnyRepeat, few + "evict_oldest}\n"), "abbbbbc"), IsEmpty());
}

// Events that fit any of many optional steps: each combination of these is another set of states.
TEST(MatchCount, BeyondTheSetsItIsABound) {
  constexpr int kSteps = 14;
  std::string sequence = "{s: {on: a, where: f == \"s\"}}";
  for (int i = 0; i < kSteps; ++i) {
    const std::string letter(1, static_cast<char>('a' + i));
    sequence += ", {x" + letter +
                ": {on: a, contiguity: any, optional: true, where: f.contains(\"" + letter +
                "\")}}";
  }
  sequence += ", {e: {on: a, contiguity: any, where: f == \"e\"}}";
  std::mt19937 random(5);
  std::vector<TestEvent> events;
  const auto add = [&](const std::string& text) {
    events.push_back(Events("a").front());
    events.back().time_ms = static_cast<int64_t>(events.size());
    events.back().fields["f"] = text;
  };
  add("s");
  for (int i = 0; i < 400; ++i) {
    std::string text = "-";
    for (int step = 0; step < kSteps; ++step) {
      if (random() % 2 == 0) text += static_cast<char>('a' + step);
    }
    add(text);
  }
  add("e");
  const std::vector<Alert> alerts =
      RunRules(Rule(sequence, "within: 1h\nlimits: {partial_matches: 10000, events: 10000}\n"),
               kStreams, events);
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_TRUE(alerts[0].truncated);
  EXPECT_GT(alerts[0].match_count, 1'000'000u);
}

// --- What is told ---

TEST(MatchCount, StandsInTheBodyAndInExpressions) {
  const std::vector<Alert> alerts =
      AlertsOf(Rule(kAnyRepeat,
                    "within: 1h\nalert: {title: '{{match_count()}} of {{k}}', risk_score: 10,"
                    " fields: {many: match_count() > 5}}\n"),
               "abbbc");
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].title, "7 of u1");
  EXPECT_THAT(AlertJson(alerts[0]), HasSubstr(R"("match_count":7,)"));
  EXPECT_THAT(AlertJson(alerts[0]), HasSubstr(R"("fields":{"many":true})"));
  const std::vector<Alert> all =
      RunRules("id: r\nby: k\nsequence: [{a: {on: a}}, {b: {on: b}}]\n", kStreams, Events("ab"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(AlertJson(all[0]), Not(HasSubstr("match_count")));
}

TEST(MatchCount, ExceptionsKeepBackWhatIsFew) {
  EXPECT_THAT(
      Counts(Rule(kAnyRepeat, "within: 1h\nexceptions: [{name: few, where: match_count() < 4}]\n"),
             "abbcabbbc"),
      ElementsAre(28 + 7))
      << "those with a new b";
}

}  // namespace
}  // namespace telltale::engine
