// Tumbling and hopping windows: where they end, what comes out of each, and edges from one to the
// next.
#include <gtest/gtest.h>

#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

std::string Rule(const std::string& window, const std::string& having, const std::string& more = "",
                 const std::string& fields = "n: count()") {
  return "aggregate:\n  on: a\n  window: { " + window + " }\n" +
         (having.empty() ? "" : "  having: '" + having + "'\n") + more + "alert: { fields: { " +
         fields + " } }\n";
}

TEST(TumblingWindow, EachWindowAtItsEnd) {
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "", "emit: every_window\n",
                         "n: count(), s: sum(v), to: window.end"),
                    {At(0, "x", int64_t{1}), At(3, "y", int64_t{2}), At(9, "x", int64_t{3}),
                     At(10, "x", int64_t{4}), At(35, "y", int64_t{5})}),
            (Lines{"10 x n=2 s=4 to=\"1970-01-01T00:00:00.01Z\" |",
                   "10 y n=1 s=2 to=\"1970-01-01T00:00:00.01Z\" |",
                   "20 x n=1 s=4 to=\"1970-01-01T00:00:00.02Z\" |",
                   "40 y n=1 s=5 to=\"1970-01-01T00:00:00.04Z\" |"}));
}

TEST(TumblingWindow, BeforeTheEpochAndWithAnOffset) {
  const std::vector<TestEvent> events = {At(-11, "x"), At(-10, "x"), At(-1, "x"), At(3, "x")};
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "", "emit: every_window\n"), events),
            (Lines{"-10 x n=1 |", "0 x n=2 |", "10 x n=1 |"}));
  EXPECT_EQ(Results(Rule("tumbling: 10ms, offset: 3ms", "", "emit: every_window\n"), events),
            (Lines{"-7 x n=2 |", "3 x n=1 |", "13 x n=1 |"}));
}

TEST(TumblingWindow, FiresAgainOnlyAfterAWindowInWhichItIsFalse) {
  // Windows of two, two, one, two, none, two events.
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "count() >= 2"),
                    {At(0, "x"), At(1, "x"), At(10, "x"), At(11, "x"), At(20, "x"), At(30, "x"),
                     At(31, "x"), At(50, "x"), At(51, "x")}),
            (Lines{"10 x n=2 | 0 1", "40 x n=2 | 30 31", "60 x n=2 | 50 51"}));
}

TEST(TumblingWindow, TheFirstEmptyOneIsLookedAtWhereTheRuleSaysSo) {
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "count() < 2", "  on_empty: true\n"),
                    {At(0, "x"), At(1, "x"), At(40, "x"), At(50, "x"), At(51, "x")}),
            (Lines{"20 x n=0 |", "50 x n=1 | 40", "70 x n=0 |"}))
      << "the windows at 20 and 30 count as false";
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "", "  on_empty: true\nemit: every_window\n"),
                    {At(0, "x"), At(35, "x")}),
            (Lines{"10 x n=1 |", "20 x n=0 |", "40 x n=1 |", "50 x n=0 |"}));
}

TEST(TumblingWindow, AWindowAfterAnEmptyOneBeginsWithFalse) {
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "count() < 2", "  on_empty: true\n"),
                    {At(0, "x"), At(20, "x"), At(30, "x")}),
            (Lines{"10 x n=1 | 0", "30 x n=1 | 20"}))
      << "the empty one is true, and no news";
}

TEST(TumblingWindow, AsReachedTellsAtTheDecidingEvent) {
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "count() >= 2", "emit: as_reached\n"),
                    {At(0, "x"), At(1, "x"), At(2, "x"), At(10, "x"), At(11, "x"), At(20, "x")}),
            (Lines{"1 x n=2 | 0 1", "11 x n=2 | 10 11"}))
      << "each window begins with false";
}

TEST(TumblingWindow, OnChangeComparesWithTheWindowBefore) {
  EXPECT_EQ(Results(Rule("tumbling: 10ms", "", "emit: on_change\n"),
                    {At(0, "x"), At(10, "x"), At(20, "x"), At(21, "x"), At(40, "x"), At(41, "x")}),
            (Lines{"10 x n=1 |", "30 x n=2 |", "50 x n=2 |"}))
      << "after an empty window any value is another";
}

TEST(TumblingWindow, OfAMillisecondAndOfTenYears) {
  const std::vector<TestEvent> events = {At(-5, "x"), At(0, "x"), At(1, "x")};
  EXPECT_EQ(Results(Rule("tumbling: 1ms", "", "emit: every_window\n"), events),
            (Lines{"-4 x n=1 |", "1 x n=1 |", "2 x n=1 |"}));
  EXPECT_EQ(Results(Rule("tumbling: 3650d", "", "emit: every_window\n"), events),
            (Lines{"0 x n=1 |", "315360000000 x n=2 |"}));
}

TEST(TumblingWindow, DaysOfAZoneHaveTwentyThreeHoursOrTwentyFive) {
  // 2026-03-28T23:00Z is midnight in Paris, and so is 2026-03-29T22:00Z.
  const int64_t midnight = 1'774'738'800'000;
  const int64_t hour = 3'600'000;
  EXPECT_EQ(Results(Rule("tumbling: 1d, zone: Europe/Paris", "", "emit: every_window\n",
                         "n: count(), from: window.start, to: window.end"),
                    {At(midnight - 1, "x"), At(midnight, "x"), At(midnight + 23 * hour - 1, "x"),
                     At(midnight + 23 * hour, "x")}),
            (Lines{"1774738800000 x n=1 from=\"2026-03-27T23:00:00Z\" "
                   "to=\"2026-03-28T23:00:00Z\" |",
                   "1774821600000 x n=2 from=\"2026-03-28T23:00:00Z\" "
                   "to=\"2026-03-29T22:00:00Z\" |",
                   "1774908000000 x n=1 from=\"2026-03-29T22:00:00Z\" "
                   "to=\"2026-03-30T22:00:00Z\" |"}));
}

TEST(TumblingWindow, ResultsOfOneKeyAndMomentHaveIdsOfTheirOwn) {
  const std::string rule =
      "id: r\nby: k\nwarm_up: assume_empty\n" + Rule("tumbling: 10ms", "", "emit: every_window\n");
  const auto alerts = RunRules(rule, {"a", "b"}, {At(0, "x"), At(0, "y"), At(10, "x")});
  ASSERT_EQ(alerts.size(), 3u);
  EXPECT_NE(alerts[0].id, alerts[1].id);
  EXPECT_NE(alerts[0].id, alerts[2].id);
  EXPECT_EQ(alerts[0].kind, AlertKind::kWindow);
}

TEST(HoppingWindow, OverlapsAndLeavesPaneByPane) {
  EXPECT_EQ(Results(Rule("hopping: 30ms, every: 10ms", "", "emit: every_window\n",
                         "n: count(), s: sum(v), hi: max(v), d: count_distinct(v), m: median(v)"),
                    {At(0, "x", int64_t{5}), At(12, "x", int64_t{1}), At(15, "x", int64_t{5}),
                     At(41, "x", int64_t{2})}),
            (Lines{"10 x n=1 s=5 hi=5 d=1 m=5.0 |", "20 x n=3 s=11 hi=5 d=2 m=5.0 |",
                   "30 x n=3 s=11 hi=5 d=2 m=5.0 |", "40 x n=2 s=6 hi=5 d=2 m=3.0 |",
                   "50 x n=1 s=2 hi=2 d=1 m=2.0 |", "60 x n=1 s=2 hi=2 d=1 m=2.0 |",
                   "70 x n=1 s=2 hi=2 d=1 m=2.0 |"}));
}

TEST(HoppingWindow, FirstAndLastAndEdgesFollowIt) {
  EXPECT_EQ(Results(Rule("hopping: 20ms, every: 10ms", "count() >= 2", "",
                         "f: first(v), l: last(v), from: window.start"),
                    {At(1, "x", int64_t{1}), At(11, "x", int64_t{2}), At(12, "x", int64_t{3}),
                     At(31, "x", int64_t{4}), At(41, "x", int64_t{5})}),
            (Lines{"20 x f=1 l=3 from=\"1970-01-01T00:00:00Z\" | 1 11 12",
                   "50 x f=4 l=5 from=\"1970-01-01T00:00:00.03Z\" | 31 41"}))
      << "at 30 it is still true, at 40 it is not";
}

TEST(HoppingWindow, OfManyPanes) {
  std::vector<TestEvent> events;
  for (int64_t t = 0; t < 200; ++t) events.push_back(At(t, "x", t % 7));
  Lines wanted;
  for (int64_t end = 1; end <= 299; ++end) {
    int64_t n = 0;
    int64_t s = 0;
    for (int64_t t = std::max<int64_t>(end - 100, 0); t < std::min<int64_t>(end, 200); ++t) {
      ++n;
      s += t % 7;
    }
    wanted.push_back(absl::StrCat(end, " x n=", n, " s=", s, " |"));
  }
  EXPECT_EQ(Results(Rule("hopping: 100ms, every: 1ms", "", "emit: every_window\n",
                         "n: count(), s: sum(v)"),
                    events),
            wanted);
}

TEST(GridWindow, IsQuietWhereItBeginsBeforeTheFirstEvent) {
  const auto run = [](const std::string& window) {
    return Told(RunRules("id: r\nby: k\n" + Rule(window, "", "emit: every_window\n"), {"a", "b"},
                         {At(5, "x"), At(10, "x"), At(25, "x")}));
  };
  EXPECT_EQ(run("tumbling: 10ms"), (Lines{"20 x n=1 |", "30 x n=1 |"}));
  EXPECT_EQ(run("hopping: 20ms, every: 10ms"), (Lines{"30 x n=2 |", "40 x n=1 |"}));
}

}  // namespace
}  // namespace telltale::engine
