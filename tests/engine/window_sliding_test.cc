// Sliding windows: events that come and leave, edges, equal times, empty windows, limits.
#include <gtest/gtest.h>

#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

std::string Sliding(const std::string& having, const std::string& more = "",
                    const std::string& fields = "n: count()") {
  return "aggregate:\n  on: a\n  window: { sliding: 10ms }\n" +
         (having.empty() ? "" : "  having: '" + having + "'\n") + more + "alert: { fields: { " +
         fields + " } }\n";
}

TEST(SlidingWindow, FiresWhenItBecomesTrueAndAgainOnlyAfterItWasFalse) {
  EXPECT_EQ(Results(Sliding("count() >= 3"), {At(0, "x"), At(5, "x"), At(10, "x"), At(11, "x"),
                                              At(25, "x"), At(26, "x"), At(27, "x"), At(28, "x")}),
            (Lines{"10 x n=3 | 0 5 10", "11 x n=3 | 5 10 11", "27 x n=3 | 25 26 27"}))
      << "both ends count; just after 10 the first has left, so 11 is news, and 28 is none";
}

TEST(SlidingWindow, KeysAreApart) {
  EXPECT_EQ(Results(Sliding("count() >= 2"), {At(0, "x"), At(1, "y"), At(2, "x"), At(3, "y")}),
            (Lines{"2 x n=2 | 0 2", "3 y n=2 | 1 3"}));
}

TEST(SlidingWindow, WhatLeavesCanMakeItTrue) {
  // Two, then one from 10 ms on, then none.
  EXPECT_EQ(Results(Sliding("count() == 1", "", "n: count(), from: window.start, to: window.end"),
                    {At(0, "x"), At(4, "x")}),
            (Lines{"0 x n=1 from=\"1969-12-31T23:59:59.99Z\" to=\"1970-01-01T00:00:00Z\" | 0",
                   "10 x n=1 from=\"1970-01-01T00:00:00Z\" to=\"1970-01-01T00:00:00.01Z\" | 4"}));
}

TEST(SlidingWindow, EventsOfOneTimeComeOneByOneAndLeaveTogether) {
  EXPECT_EQ(Results(Sliding("count() == 2 || count() == 1"),
                    {At(0, "x"), At(1, "x"), At(1, "x"), At(1, "x")}),
            (Lines{"0 x n=1 | 0"}))
      << "1, 2, 3 (false), 4, then at 10 three, at 11 none: 2 is never seen on the way out";
  EXPECT_EQ(Results(Sliding("count() == 3"), {At(0, "x"), At(1, "x"), At(1, "x"), At(1, "x")}),
            (Lines{"1 x n=3 | 0 1 1", "10 x n=3 | 1 1 1"}));
}

TEST(SlidingWindow, TiesOverStreamsGoByTheirRank) {
  const std::string rule =
      "aggregate:\n  any_of: [ { on: a }, { on: b } ]\n  window: { sliding: 10ms }\n"
      "  having: 'count() == 2'\nalert: { fields: { last: last(v) } }\n";
  EXPECT_EQ(Results(rule, {At(5, "x", int64_t{7}, 1), At(5, "x", int64_t{8}, 0)}),
            (Lines{"5 x last=7 | 5 5"}));
}

TEST(SlidingWindow, AnEventThatFitsSeveralSourcesCountsOnce) {
  const std::string rule =
      "aggregate:\n  any_of: [ { on: a, where: 'v > 1' }, { on: a, name: all } ]\n"
      "  window: { sliding: 10ms }\nemit: on_change\nalert: { fields: { n: count() } }\n";
  EXPECT_EQ(Results(rule, {At(0, "x", int64_t{5}), At(1, "x", int64_t{1})}),
            (Lines{"0 x n=1 | 0", "1 x n=2 | 1", "10 x n=1 |"}));
}

TEST(SlidingWindow, AnEmptyOneIsLookedAtWhereTheRuleSaysSo) {
  const std::vector<TestEvent> events = {At(0, "x"), At(3, "x"), At(40, "x")};
  EXPECT_EQ(Results(Sliding("count() == 0"), events), Lines());
  EXPECT_EQ(Results(Sliding("count() == 0", "  on_empty: true\n", "n: count(), s: sum(v)"), events),
            (Lines{"13 x n=0 s=0 |", "50 x n=0 s=0 |"}));
}

TEST(SlidingWindow, OnChangeTellsEachOtherValue) {
  EXPECT_EQ(Results(Sliding("count() > 1", "emit: on_change\n", "s: sum(v)"),
                    {At(0, "x", int64_t{1}), At(1, "x", int64_t{0}), At(2, "x", int64_t{4})}),
            (Lines{"1 x s=1 | 1", "2 x s=5 | 2", "10 x s=4 |"}))
      << "count() is a value that the rule names, too; the last is alone from 11 on";
}

TEST(SlidingWindow, EvidenceIsTheLastEventsInIt) {
  EXPECT_EQ(Results(Sliding("count() >= 4", "  evidence: 2\n"),
                    {At(0, "x"), At(1, "x"), At(2, "x"), At(3, "x")}),
            (Lines{"3 x n=4 | 2 3"}));
  EXPECT_EQ(Results(Sliding("count() >= 2", "  evidence: 0\n"), {At(0, "x"), At(1, "x")}),
            (Lines{"1 x n=2 | 1"}))
      << "what an event decided shows that event";
}

TEST(SlidingWindow, AnErrorIsFalseAndAFieldThatIsMissingIsLeftOut) {
  std::vector<TestEvent> events = {At(0, "x", int64_t{5}), At(1, "x", nullptr),
                                   At(2, "x", std::string("text")), At(3, "x", 2.5)};
  events.push_back({.stream = 0, .time_ms = 4, .fields = {{"k", std::string("x")}}});
  EXPECT_EQ(
      Results(Sliding("count() == 5", "", "n: count(), s: sum(v), a: avg(v), m: max(v)"), events),
      (Lines{"4 x n=5 s=7.5 a=3.75 m=5 | 0 1 2 3 4"}));
  EXPECT_EQ(Results(Sliding("min(v) > 0"), {At(0, "x", nullptr), At(1, "x", int64_t{1})}),
            (Lines{"1 x n=2 | 0 1"}));
}

TEST(SlidingWindow, ExtremesEndsAndTuplesFollowTheWindow) {
  const std::string fields =
      "lo: min(v), hi: max(v), f: first(v), l: last(v), d: count_distinct(v), "
      "t: 'count_distinct(v, k)', big: count_if(v > 4)";
  EXPECT_EQ(
      Results(Sliding("", "emit: on_change\n", fields),
              {At(0, "x", int64_t{5}), At(3, "x", int64_t{2}), At(6, "x", 5.0),
               At(12, "x", int64_t{3})}),
      (Lines{
          "0 x lo=5 hi=5 f=5 l=5 d=1 t=1 big=1 | 0", "3 x lo=2 hi=5 f=5 l=2 d=2 t=2 big=1 | 3",
          "6 x lo=2 hi=5 f=5 l=5.0 d=2 t=2 big=2 | 6", "10 x lo=2 hi=5.0 f=2 l=5.0 d=2 t=2 big=1 |",
          "12 x lo=2 hi=5.0 f=2 l=3 d=3 t=3 big=1 | 12",
          "13 x lo=3 hi=5.0 f=5.0 l=3 d=2 t=2 big=1 |", "16 x lo=3 hi=3 f=3 l=3 d=1 t=1 big=0 |"}));
}

TEST(SlidingWindow, BeyondItsLimitItIsKeptInPanes) {
  const std::string rule =
      "aggregate:\n  on: a\n  window: { sliding: 64ms }\n  having: 'count() == 5 || count() == 3'\n"
      "limits: { events: 4 }\nalert: { fields: { n: count(), d: count_distinct(v), hi: max(v) } "
      "}\n";
  std::vector<TestEvent> events;
  for (int64_t t = 0; t < 5; ++t) events.push_back(At(t, "x", 10 - t));
  events.push_back(At(200, "x", int64_t{1}));
  // Panes are of 1 ms: the one of 0 leaves when its last moment has, which is just before 65 ms.
  EXPECT_EQ(Results(rule, events),
            (Lines{"2 x n=3 d=3 hi=10 | 0 1 2", "4 x n=5 d=5 hi=10 ~ | 0 1 2 3 4", "4 x limit ~ |",
                   "65999999ns x n=3 d=3 hi=8 ~ | 2 3 4"}))
      << "at 200 it is empty, and no more truncated";
}

TEST(SlidingWindow, OfAMillisecondAndOfTenYears) {
  const auto rule = [](const std::string& size) {
    return "aggregate:\n  on: a\n  window: { sliding: " + size +
           " }\n  having: 'count() == 2'\nalert: { fields: { n: count() } }\n";
  };
  EXPECT_EQ(Results(rule("1ms"), {At(0, "x"), At(1, "x"), At(3, "x")}), (Lines{"1 x n=2 | 0 1"}));
  const int64_t years = int64_t{3650} * 86'400'000;
  EXPECT_EQ(Results(rule("3650d"), {At(-years, "x"), At(0, "x"), At(1, "x")}),
            (Lines{"0 x n=2 | -315360000000 0", "1 x n=2 | 0 1"}))
      << "the first has left when the third comes";
}

TEST(SlidingWindow, HavingMaySeeTheKey) {
  EXPECT_EQ(
      Results(Sliding("count() >= (k == \"x\" ? 2 : 1)"), {At(0, "x"), At(1, "y"), At(2, "x")}),
      (Lines{"1 y n=1 | 1", "2 x n=2 | 0 2"}));
}

TEST(SlidingWindow, IsQuietWhereItReachesBeforeTheFirstEvent) {
  const std::string rule = "id: r\nby: k\n" + Sliding("count() >= 1");
  EXPECT_EQ(Told(RunRules(rule, {"a", "b"}, {At(0, "x"), At(9, "y"), At(10, "z"), At(40, "x")})),
            (Lines{"10 z n=1 | 10", "40 x n=1 | 40"}));
}

// A half-life of 10 ms in windows of 40 ms.
std::string Decayed(const std::string& having, const std::string& more = "") {
  return "aggregate:\n  on: a\n  window: { sliding: 40ms }\n  having: '" + having + "'\n" + more +
         "alert: { fields: { d: 'decayed_sum(v, \"10ms\")' } }\n";
}

TEST(DecayedSum, CountsHalfAfterEachHalfLifeAndNothingOnceItHasLeft) {
  EXPECT_EQ(Results(Decayed("count() > 0", "emit: on_change\n"),
                    {At(0, "x", int64_t{80}), At(0, "x", 0.5), At(10, "x", int64_t{1}),
                     At(20, "x", int64_t{0}), At(60, "x", int64_t{3})}),
            (Lines{"0 x d=80.0 | 0", "0 x d=80.5 | 0", "10 x d=41.25 | 10", "20 x d=20.625 | 20",
                   "40 x d=0.125 |", "50 x d=0.0 |", "60 x d=3.0 | 60", "60 x d=3.0 |"}))
      << "what leaves at 60 changes the count alone";
}

TEST(DecayedSum, FiresAgainOnceItHasFallenWhileNothingCame) {
  const std::vector<TestEvent> events = {At(0, "x", int64_t{60}), At(0, "x", int64_t{60}),
                                         At(1, "x", int64_t{60}), At(20, "x", int64_t{70}),
                                         At(21, "x", int64_t{1})};
  EXPECT_EQ(Results(Decayed("decayed_sum(v, \"10ms\") >= 100.0"), events).size(), 2u)
      << "at 20 it was 46 before the event, so 116 is news";
  EXPECT_EQ(Results(Decayed("sum(v) >= 100"), events).size(), 1u) << "a sum does not fall so";
}

TEST(DecayedSum, WhatItSaysInPanesIsWhatIsInThem) {
  EXPECT_EQ(Results(Decayed("count() > 0", "emit: on_change\nlimits: { events: 2 }\n"),
                    {At(0, "x", int64_t{32}), At(10, "x", int64_t{32}), At(20, "x", int64_t{32}),
                     At(40, "x", int64_t{32})})
                .size(),
            8u)
      << "the last of three limit alerts is one, and each pane that leaves changes the sum";
}

TEST(DecayedSum, LeavesOutWhatIsNoNumber) {
  EXPECT_EQ(Results(Decayed("count() == 3"),
                    {At(0, "x", "text"), At(0, "x", 1e300), At(0, "x", int64_t{7})}),
            (Lines{"0 x d=7.0 | 0 0 0"}));
}

}  // namespace
}  // namespace telltale::engine
