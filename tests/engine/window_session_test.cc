// Sessions, and terms that are seen for the first time.
#include <gtest/gtest.h>

#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

std::string Session(const std::string& window, const std::string& having,
                    const std::string& more = "") {
  return "aggregate:\n  on: a\n  window: { " + window + " }\n" +
         (having.empty() ? "" : "  having: '" + having + "'\n") + more +
         "alert: { fields: { n: count(), from: window.start, to: window.end, d: 'window.end - "
         "window.start' } }\n";
}

Lines Short(const Lines& lines) {
  Lines shorter;
  for (const std::string& line : lines)
    shorter.push_back(line.substr(0, line.find(" from")) + line.substr(line.find(" |")));
  return shorter;
}

TEST(SessionWindow, EndsWhenTheGapHasPassed) {
  EXPECT_EQ(Results(Session("session: 10ms", "", "emit: every_window\n"),
                    {At(0, "x"), At(10, "x"), At(20, "x"), At(31, "x")}),
            (Lines{"30 x n=3 from=\"1970-01-01T00:00:00Z\" to=\"1970-01-01T00:00:00.02Z\" "
                   "d=\"0.02s\" |",
                   "41 x n=1 from=\"1970-01-01T00:00:00.031Z\" to=\"1970-01-01T00:00:00.031Z\" "
                   "d=\"0s\" |"}))
      << "an event at the gap still belongs to it";
}

TEST(SessionWindow, KeysEndInTheOrderOfTheirLastEvents) {
  EXPECT_EQ(Short(Results(Session("session: 10ms", "count() >= 2"),
                          {At(0, "x"), At(1, "y"), At(2, "z"), At(5, "y"), At(6, "x")})),
            (Lines{"15 y n=2 | 1 5", "16 x n=2 | 0 6"}));
}

TEST(SessionWindow, EachBeginsWithFalse) {
  EXPECT_EQ(Short(Results(Session("session: 10ms", "count() >= 2"),
                          {At(0, "x"), At(1, "x"), At(20, "x"), At(21, "x")})),
            (Lines{"11 x n=2 | 0 1", "31 x n=2 | 20 21"}));
  EXPECT_EQ(Short(Results(Session("session: 10ms", "count() >= 2", "emit: as_reached\n"),
                          {At(0, "x"), At(1, "x"), At(2, "x"), At(20, "x"), At(21, "x")})),
            (Lines{"1 x n=2 | 0 1", "21 x n=2 | 20 21"}));
}

TEST(SessionWindow, TheLongestEndsBeforeTheEventThatWouldMakeItLonger) {
  EXPECT_EQ(Short(Results(Session("session: 10ms, longest: 15ms", "", "emit: every_window\n"),
                          {At(0, "x"), At(8, "x"), At(15, "x"), At(16, "x"), At(20, "x")})),
            (Lines{"16 x n=3 |", "30 x n=2 |"}));
}

TEST(SessionWindow, IsQuietWhereItMayHaveBegunEarlier) {
  const std::string rule = "id: r\nby: k\n" + Session("session: 10ms", "", "emit: every_window\n");
  EXPECT_EQ(Short(Told(RunRules(rule, {"a", "b"}, {At(0, "x"), At(9, "y"), At(10, "z")}))),
            (Lines{"20 z n=1 |"}));
}

// --- New terms ---

std::string Terms(const std::string& more = "") {
  return "new_terms:\n  on: a\n  field: v\n  history: 10ms\n" + more;
}

TEST(NewTerms, WhatWasNotSeenWithinTheHistory) {
  EXPECT_EQ(Results(Terms(), {At(0, "x", std::string("a")), At(5, "x", std::string("a")),
                              At(6, "y", std::string("a")), At(15, "x", std::string("a")),
                              At(26, "x", std::string("a")), At(27, "x", std::string("b"))}),
            (Lines{"0 x | 0", "6 y | 6", "26 x | 26", "27 x | 27"}))
      << "each sighting counts anew, and the history is closed";
}

TEST(NewTerms, ValuesAreEqualAsInCel) {
  EXPECT_EQ(
      Results(Terms(), {At(0, "x", int64_t{17}), At(1, "x", 17.0), At(2, "x", std::string("17")),
                        At(3, "x", true), At(4, "x", int64_t{1})}),
      (Lines{"0 x | 0", "2 x | 2", "3 x | 3", "4 x | 4"}));
}

TEST(NewTerms, WhatIsNullOrAbsentIsNone) {
  EXPECT_EQ(
      Results(Terms(), {At(0, "x", nullptr), At(1, "x", nullptr),
                        TestEvent{.stream = 0, .time_ms = 2, .fields = {{"k", std::string("x")}}},
                        At(3, "x", int64_t{1})}),
      (Lines{"3 x | 3"}));
}

TEST(NewTerms, TuplesOfSeveralFields) {
  const std::string rule = "new_terms:\n  on: a\n  field: [ v, w ]\n  history: 10ms\n";
  std::vector<TestEvent> events = {At(0, "x"), At(1, "x"), At(2, "x"), At(3, "x")};
  events[0].fields["w"] = int64_t{1};
  events[1].fields["w"] = int64_t{2};
  events[2].fields["w"] = int64_t{1};
  EXPECT_EQ(Results(rule, events), (Lines{"0 x | 0", "1 x | 1"}));
}

TEST(NewTerms, BeyondItsLimitAKeyIsQuiet) {
  std::vector<TestEvent> events;
  for (int64_t t = 0; t < 3; ++t) events.push_back(At(t, "x", t));
  for (const int64_t t : {5, 12, 13, 30}) events.push_back(At(t, "x", 100 + t));
  EXPECT_EQ(Results(Terms("limits: { events: 2 }\n"), events),
            (Lines{"0 x | 0", "1 x | 1", "2 x limit ~ |", "30 x | 30"}))
      << "at 2 one more than it remembers, at 5 another: quiet up to 15";
}

TEST(NewTerms, AreQuietUntilTheHistoryIsFull) {
  EXPECT_EQ(Told(RunRules("id: r\nby: k\n" + Terms(), {"a", "b"},
                          {At(0, "x", int64_t{1}), At(9, "x", int64_t{2}), At(10, "x", int64_t{3}),
                           At(11, "x", int64_t{2})})),
            (Lines{"10 x | 10"}));
}

}  // namespace
}  // namespace telltale::engine
