// The reference for windows and new terms against small tables by hand: what is believed here is
// what the engine is held to.
#include "tests/model/window_reference.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace telltale::model {
namespace {

using rules::AggregateCall;
using rules::AggregateFunction;
using rules::Emit;
using rules::Window;
using rules::WindowKind;
using Lines = std::vector<std::string>;

constexpr int64_t kHour = int64_t{3600} * 1'000'000'000;
constexpr int64_t kDay = 24 * kHour;

std::string Text(const Datum& datum) {
  std::ostringstream out;
  if (std::holds_alternative<Nothing>(datum)) return "error";
  if (const auto* b = std::get_if<bool>(&datum)) out << std::boolalpha << *b;
  if (const auto* i = std::get_if<int64_t>(&datum)) out << *i;
  if (const auto* u = std::get_if<uint64_t>(&datum)) out << *u << "u";
  if (const auto* d = std::get_if<double>(&datum)) out << *d << (*d == int64_t(*d) ? ".0" : "");
  if (const auto* s = std::get_if<std::string>(&datum)) out << *s;
  if (const auto* t = std::get_if<Instant>(&datum)) out << "@" << t->nanoseconds;
  return out.str();
}

// --- W1 and W5: values ---

std::string Value(AggregateFunction function, const std::vector<Datum>& said, double percentile = 0,
                  rules::TypeKind type = rules::TypeKind::kDyn) {
  AggregateCall call;
  call.function = function;
  call.percentile = percentile;
  call.type = rules::Type::Of(type);
  std::vector<WindowEvent> events;
  for (const Datum& value : said) events.push_back({.said = {{value}}});
  std::vector<const WindowEvent*> pointers;
  for (const WindowEvent& event : events) pointers.push_back(&event);
  return Text(ValueOf(call, 0, pointers, 5, 7));
}

Datum I(int64_t i) { return i; }
Datum U(uint64_t u) { return u; }
Datum D(double d) { return d; }
Datum S(const char* text) { return std::string(text); }

TEST(WindowValues, CountsSkipOnlyWhatTheyAskAbout) {
  const std::vector<Datum> said = {true, false, Nothing::kNull, Nothing::kError, true};
  EXPECT_EQ(Value(AggregateFunction::kCount, said), "5");
  EXPECT_EQ(Value(AggregateFunction::kCountIf, said), "2");
  EXPECT_EQ(Value(AggregateFunction::kCountDistinct, said), "2");
  EXPECT_EQ(Value(AggregateFunction::kCount, {}), "0");
  EXPECT_EQ(Value(AggregateFunction::kStart, {}), "@5");
  EXPECT_EQ(Value(AggregateFunction::kEnd, {}), "@7");
}

TEST(WindowValues, DifferentIsWhatCelTellsApart) {
  EXPECT_EQ(Value(AggregateFunction::kCountDistinct, {I(17), U(17), D(17), S("17"), D(17.5), true}),
            "4");
  // Greater than a double can tell apart.
  EXPECT_EQ(Value(AggregateFunction::kCountDistinct,
                  {I((int64_t{1} << 53) + 1), D(0x1p53), I(int64_t{1} << 53)}),
            "2");
}

TEST(WindowValues, SumsAreOfTheKindOfWhatIsAdded) {
  EXPECT_EQ(Value(AggregateFunction::kSum, {I(1), I(-3)}), "-2");
  EXPECT_EQ(Value(AggregateFunction::kSum, {U(1), U(3)}), "4u");
  EXPECT_EQ(Value(AggregateFunction::kSum, {U(1), I(3)}), "4");
  EXPECT_EQ(Value(AggregateFunction::kSum, {I(1), D(0.5), S("7"), Nothing::kNull}), "1.5");
  EXPECT_EQ(Value(AggregateFunction::kSum, {}), "0");
  EXPECT_EQ(Value(AggregateFunction::kSum, {}, 0, rules::TypeKind::kDouble), "0.0");
  EXPECT_EQ(Value(AggregateFunction::kSum, {I(INT64_MAX), I(1)}), "error");
  EXPECT_EQ(Value(AggregateFunction::kSum, {I(INT64_MAX), I(1), I(-1)}), "9223372036854775807");
}

TEST(WindowValues, WhatDerivesFromSums) {
  EXPECT_EQ(Value(AggregateFunction::kAvg, {I(1), I(2)}), "1.5");
  EXPECT_EQ(Value(AggregateFunction::kAvg, {}), "error");
  EXPECT_EQ(Value(AggregateFunction::kAvg, {S("x")}), "error");
  EXPECT_EQ(Value(AggregateFunction::kStddev, {I(2), I(4), I(4), I(4), I(5), I(5), I(7), I(9)}),
            "2.0");
  EXPECT_EQ(Value(AggregateFunction::kStddev, {D(2.5)}), "0.0");
  EXPECT_EQ(Value(AggregateFunction::kStddev, {}), "error");
}

TEST(WindowValues, RanksAndEnds) {
  const std::vector<Datum> said = {I(40), D(10), I(20), Nothing::kNull, I(30)};
  EXPECT_EQ(Value(AggregateFunction::kPercentile, said, 0), "10.0");
  EXPECT_EQ(Value(AggregateFunction::kPercentile, said, 50), "25.0");
  EXPECT_EQ(Value(AggregateFunction::kPercentile, said, 75), "32.5");
  EXPECT_EQ(Value(AggregateFunction::kPercentile, said, 100), "40.0");
  EXPECT_EQ(Value(AggregateFunction::kPercentile, {I(3)}, 99), "3.0");
  EXPECT_EQ(Value(AggregateFunction::kMin, said), "10.0");
  EXPECT_EQ(Value(AggregateFunction::kMax, said), "40");
  EXPECT_EQ(Value(AggregateFunction::kMin, {I(1), D(1)}), "1") << "the first of equals";
  EXPECT_EQ(Value(AggregateFunction::kMax, {}), "error");
  EXPECT_EQ(Value(AggregateFunction::kFirst, {Nothing::kNull, S("a"), S("b"), Nothing::kError}),
            "a");
  EXPECT_EQ(Value(AggregateFunction::kLast, {Nothing::kNull, S("a"), S("b"), Nothing::kError}),
            "b");
  EXPECT_EQ(Value(AggregateFunction::kLast, {Nothing::kNull}), "error");
}

TEST(WindowValues, TuplesWithAGapAreNone) {
  AggregateCall call;
  call.function = AggregateFunction::kCountDistinct;
  const std::vector<WindowEvent> events = {{.said = {{I(1), S("a")}}},
                                           {.said = {{D(1), S("a")}}},
                                           {.said = {{I(1), S("b")}}},
                                           {.said = {{I(2), Nothing::kNull}}}};
  EXPECT_EQ(ValueOf(call, 0, {&events[0], &events[1], &events[2], &events[3]}, 0, 0), I(2));
}

TEST(WindowValues, WhatCorrelationsAskOfSources) {
  const std::vector<WindowEvent> events = {{.sources = 0b10}, {.sources = 0b11}, {.sources = 0b01}};
  AggregateCall call;
  call.function = AggregateFunction::kSeen;
  call.sources = {0b01};
  EXPECT_EQ(ValueOf(call, 0, {&events[0], &events[1], &events[2]}, 0, 0), I(2));
  call.function = AggregateFunction::kOrdered;
  call.sources = {0b01, 0b10};
  EXPECT_EQ(ValueOf(call, 0, {&events[0], &events[1], &events[2]}, 0, 0), Datum(false))
      << "one event is not before itself";
  EXPECT_EQ(ValueOf(call, 0, {&events[1], &events[0]}, 0, 0), Datum(true));
}

// --- W2: when windows are looked at ---

// An aggregate whose one value is the sum of what events said, or with `count` how many they are.
struct Asked {
  Window window;
  Emit emit = Emit::kEdge;
  bool on_empty = false;
  int64_t at_least = INT64_MIN;  // having
  int64_t at_most = INT64_MAX;
  uint32_t evidence = 10;
  uint32_t most_events = 1000;
  int64_t watermark = INT64_MAX;
};

struct At {
  int64_t time;
  int64_t value = 1;
};

// "time [start, end] value | times of the evidence", with "!" where an event decided it and "~"
// where it is truncated.
Lines Results(const Asked& asked, const std::vector<At>& at) {
  rules::Aggregate aggregate;
  aggregate.window = asked.window;
  aggregate.emit = asked.emit;
  aggregate.on_empty = asked.on_empty;
  aggregate.evidence = asked.evidence;
  aggregate.calls.resize(1);
  aggregate.calls[0].function = AggregateFunction::kSum;
  aggregate.having.emplace();
  std::vector<WindowEvent> events;
  for (const At& one : at) events.push_back({.time = one.time, .said = {{one.value}}});
  const auto having = [&](const Tuple& values) {
    const int64_t value = std::get<int64_t>(values[0]);
    return value >= asked.at_least && value <= asked.at_most;
  };
  Lines lines;
  for (const WindowResult& result :
       FindWindows(aggregate, asked.most_events, events, having, asked.watermark).results) {
    std::ostringstream out;
    out << result.time << " [" << result.window.start << ", " << result.window.end << "] "
        << Text(result.values[0]) << " |";
    for (const size_t event : result.evidence) out << " " << events[event].time;
    out << (result.by ? "!" : "") << (result.truncated ? "~" : "");
    lines.push_back(out.str());
  }
  return lines;
}

Window Sliding(int64_t size) { return {.kind = WindowKind::kSliding, .size = size}; }
Window Tumbling(int64_t size, int64_t offset = 0, const std::string& zone = "") {
  return {
      .kind = WindowKind::kTumbling, .size = size, .every = size, .offset = offset, .zone = zone};
}
Window Hopping(int64_t size, int64_t every, int64_t offset = 0) {
  return {.kind = WindowKind::kHopping, .size = size, .every = every, .offset = offset};
}
Window Session(int64_t gap, std::optional<int64_t> longest = std::nullopt) {
  return {.kind = WindowKind::kSession, .size = gap, .longest = longest};
}

TEST(WindowReference, SlidingWindowsAreClosed) {
  EXPECT_EQ(Results({.window = Sliding(10), .at_least = 2}, {{0}, {10}, {21}, {30}}),
            (Lines{"10 [0, 10] 2 | 0 10!", "30 [20, 30] 2 | 21 30!"}));
}

TEST(WindowReference, SlidingWindowsFireAgainOnlyAfterTheyWereFalse) {
  EXPECT_EQ(Results({.window = Sliding(10), .at_least = 2}, {{0}, {1}, {2}, {13}, {14}}),
            (Lines{"1 [-9, 1] 2 | 0 1!", "14 [4, 14] 2 | 13 14!"}));
}

TEST(WindowReference, ExpiryIsALookOfItsOwn) {
  EXPECT_EQ(Results({.window = Sliding(10), .at_most = 1}, {{0}, {4}}),
            (Lines{"0 [-10, 0] 1 | 0!", "10 [0, 10] 1 | 4"}));
  EXPECT_EQ(Results({.window = Sliding(10), .at_most = 1}, {{0}, {4}, {4}}),
            (Lines{"0 [-10, 0] 1 | 0!"}))
      << "what has one time leaves at once";
  EXPECT_EQ(Results({.window = Sliding(10), .at_most = 1, .watermark = 10}, {{0}, {4}}),
            (Lines{"0 [-10, 0] 1 | 0!"}))
      << "it is known when the watermark is beyond it";
}

TEST(WindowReference, EmptyWindowsCountAsFalse) {
  EXPECT_EQ(Results({.window = Sliding(10)}, {{0}, {5}, {30}}),
            (Lines{"0 [-10, 0] 1 | 0!", "30 [20, 30] 1 | 30!"}));
  EXPECT_EQ(Results({.window = Sliding(10), .on_empty = true, .at_most = 0}, {{0}, {5}, {30}}),
            (Lines{"15 [5, 15] 0 |", "40 [30, 40] 0 |"}));
}

TEST(WindowReference, OnChangeGivesEachOtherValue) {
  EXPECT_EQ(
      Results({.window = Sliding(10), .emit = Emit::kOnChange, .evidence = 0},
              {{0, 1}, {1, 0}, {2, 3}, {30, 3}}),
      (Lines{"0 [-10, 0] 1 | 0!", "2 [-8, 2] 4 | 2!", "10 [0, 10] 3 |", "30 [20, 30] 3 | 30!"}))
      << "at 11 the sum is the same; at 12 the window is empty";
  EXPECT_EQ(Results({.window = Sliding(10),
                     .emit = Emit::kOnChange,
                     .on_empty = true,
                     .at_most = 2,
                     .evidence = 0},
                    {{0, 3}, {1, 0}}),
            (Lines{"10 [0, 10] 0 |"}))
      << "a value that `having` keeps back is one that was there";
}

TEST(WindowReference, EvidenceIsTheLastOfTheWindow) {
  EXPECT_EQ(Results({.window = Sliding(10), .at_least = 3, .evidence = 2}, {{0}, {1}, {2}}),
            (Lines{"2 [-8, 2] 3 | 1 2!"}));
  EXPECT_EQ(
      Results({.window = Tumbling(10), .emit = Emit::kEveryWindow, .evidence = 2}, {{0}, {1}, {2}}),
      (Lines{"10 [0, 10] 3 | 1 2"}));
}

TEST(WindowReference, WhatExceedsTheLimitIsKeptInPanes) {
  // Panes of 10: 640 / 64. The events at 3 and 8 leave when 9 does.
  const Asked asked{
      .window = Sliding(640), .emit = Emit::kOnChange, .evidence = 0, .most_events = 2};
  EXPECT_EQ(Results(asked, {{3}, {8}, {15}, {900}}),
            (Lines{"3 [-637, 3] 1 | 3!", "8 [-632, 8] 2 | 8!", "15 [-625, 15] 3 | 15!~",
                   "649 [9, 649] 1 |~", "900 [260, 900] 1 | 900!"}));
  // Panes of 10 / 64: each time is one of its own.
  EXPECT_EQ(Results({.window = Sliding(10), .at_least = 3, .most_events = 1}, {{-3}, {0}, {7}}),
            (Lines{"7 [-3, 7] 3 | -3 0 7!~"}));
  // Of 100 / 64: 0 and 1 share one, 2 is in the next.
  EXPECT_EQ(Results({.window = Sliding(100), .at_most = 1, .most_events = 1}, {{0}, {1}, {2}}),
            (Lines{"0 [-100, 0] 1 | 0!", "101 [1, 101] 1 | 2~"}));
}

TEST(WindowReference, TumblingWindowsAreLookedAtAtTheirEnd) {
  EXPECT_EQ(Results({.window = Tumbling(10, 3), .at_least = 2}, {{2}, {3}, {12}, {13}, {14}, {23}}),
            (Lines{"13 [3, 13] 2 | 3 12"}))
      << "it is still true in the second one";
  EXPECT_EQ(Results({.window = Tumbling(10), .at_least = 1}, {{-1}, {0}, {25}, {26}}),
            (Lines{"0 [-10, 0] 1 | -1", "30 [20, 30] 2 | 25 26"}));
  EXPECT_EQ(Results({.window = Tumbling(10), .at_least = 1, .watermark = 9}, {{0}}), Lines());
  EXPECT_EQ(Results({.window = Tumbling(10), .at_least = 1, .watermark = 10}, {{0}}),
            (Lines{"10 [0, 10] 1 | 0"}));
}

TEST(WindowReference, TheFirstEmptyWindowIsLookedAtWhereTheRuleSaysSo) {
  EXPECT_EQ(
      Results({.window = Tumbling(10), .emit = Emit::kEveryWindow, .on_empty = true, .evidence = 0},
              {{0}, {35}}),
      (Lines{"10 [0, 10] 1 |", "20 [10, 20] 0 |", "40 [30, 40] 1 |", "50 [40, 50] 0 |"}));
  EXPECT_EQ(Results({.window = Tumbling(10), .on_empty = true, .at_most = 1}, {{0}, {25}}),
            (Lines{"10 [0, 10] 1 | 0", "30 [20, 30] 1 | 25"}))
      << "a window after an empty one begins with false";
}

TEST(WindowReference, HoppingWindowsOverlap) {
  EXPECT_EQ(Results({.window = Hopping(10, 5), .emit = Emit::kEveryWindow}, {{0}, {7}}),
            (Lines{"5 [-5, 5] 1 | 0", "10 [0, 10] 2 | 0 7", "15 [5, 15] 1 | 7"}));
  EXPECT_EQ(Results({.window = Hopping(10, 5, 1), .at_least = 2}, {{0}, {7}, {8}, {11}}),
            (Lines{"11 [1, 11] 2 | 7 8"}));
  EXPECT_EQ(WindowsAt(Hopping(6, 2), -1), (std::vector<Range>{{-6, 0}, {-4, 2}, {-2, 4}}));
}

TEST(WindowReference, AsReachedBeginsEachWindowWithFalse) {
  EXPECT_EQ(Results({.window = Tumbling(10), .emit = Emit::kAsReached, .at_least = 2},
                    {{0}, {1}, {2}, {10}, {11}, {21}}),
            (Lines{"1 [0, 10] 2 | 0 1!", "11 [10, 20] 2 | 10 11!"}));
  EXPECT_EQ(Results({.window = Session(5), .emit = Emit::kAsReached, .at_least = 2},
                    {{0}, {5}, {6}, {12}, {13}}),
            (Lines{"5 [0, 5] 2 | 0 5!", "13 [12, 13] 2 | 12 13!"}));
}

TEST(WindowReference, SessionsLastUntilAGap) {
  EXPECT_EQ(Results({.window = Session(5), .emit = Emit::kEveryWindow}, {{0}, {5}, {11}}),
            (Lines{"10 [0, 5] 2 | 0 5", "16 [11, 11] 1 | 11"}));
  EXPECT_EQ(Results({.window = Session(5), .at_least = 1}, {{0}, {6}}),
            (Lines{"5 [0, 0] 1 | 0", "11 [6, 6] 1 | 6"}))
      << "each session begins with false";
  EXPECT_EQ(
      Results({.window = Session(5, 8), .emit = Emit::kEveryWindow}, {{0}, {4}, {8}, {9}, {12}}),
      (Lines{"9 [0, 8] 3 | 0 4 8", "17 [9, 12] 2 | 9 12"}));
}

TEST(WindowReference, DaysAreThoseOfTheZone) {
  // 2024-03-31 has 23 hours in Paris, 2024-10-27 has 25.
  const int64_t spring = 19'813 * kDay - kHour;  // 2024-03-30T23:00Z
  EXPECT_EQ(WindowsAt(Tumbling(kDay, 0, "Europe/Paris"), spring).front(),
            (Range{spring, spring + 23 * kHour}));
  EXPECT_EQ(WindowsAt(Tumbling(kDay, 0, "Europe/Paris"), spring - 1).front(),
            (Range{spring - 24 * kHour, spring}));
  const int64_t autumn = 20'023 * kDay - 2 * kHour;  // 2024-10-26T22:00Z
  EXPECT_EQ(WindowsAt(Tumbling(kDay, 0, "Europe/Paris"), autumn + 24 * kHour).front(),
            (Range{autumn, autumn + 25 * kHour}));
  EXPECT_EQ(WindowsAt(Tumbling(6 * kHour, 0, "Europe/Paris"), spring + 20 * kHour).front(),
            (Range{spring + 18 * kHour, spring + 23 * kHour}))
      << "the last part of the day ends with it";
  EXPECT_EQ(WindowsAt(Tumbling(6 * kHour, 0, "Europe/Paris"), autumn + 24 * kHour).front(),
            (Range{autumn + 24 * kHour, autumn + 25 * kHour}));
  EXPECT_EQ(WindowsAt(Tumbling(2 * kDay, 0, "Europe/Paris"), spring).front(),
            (Range{spring - 24 * kHour, spring + 23 * kHour}));
  EXPECT_EQ(WindowsAt(Tumbling(kDay, 6 * kHour, "Europe/Paris"), spring).front(),
            (Range{spring - 18 * kHour, spring + 6 * kHour}));
}

// --- W4 ---

TermsFound NewTerms(int64_t history, uint32_t most,
                    const std::vector<std::pair<int64_t, const char*>>& seen) {
  std::vector<Sighting> sightings;
  for (const auto& [time, term] : seen) sightings.push_back({time, {S(term)}});
  return FindNewTerms(history, most, sightings);
}

TEST(NewTermsReference, EverySightingCountsAnew) {
  const TermsFound found =
      NewTerms(10, 100, {{0, "a"}, {5, "b"}, {10, "a"}, {20, "a"}, {31, "a"}, {31, "a"}});
  EXPECT_EQ(found.results, (std::vector<size_t>{0, 1, 4}));
  EXPECT_TRUE(found.limited.empty());
}

TEST(NewTermsReference, AKeyThatForgetsIsQuietForAHistory) {
  const TermsFound found =
      NewTerms(10, 2, {{0, "a"}, {1, "b"}, {2, "c"}, {12, "c"}, {13, "d"}, {14, "e"}});
  EXPECT_EQ(found.results, (std::vector<size_t>{0, 1, 4}))
      << "c is not remembered at 2, is quiet at 12 and remembered; there is no room for e";
  EXPECT_EQ(found.limited, (std::vector<size_t>{2, 5}));
}

}  // namespace
}  // namespace telltale::model
