// What is usual for a key: the panes that a window is compared with, what they come to, when they
// are forgotten.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/runtime/routing.h"
#include "engine/time/saturation.h"
#include "engine/window/baseline_plan.h"
#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

// All panes are of 10 ms.
std::string Compared(const std::string& window, const std::string& of, const std::string& fields,
                     const std::string& more = "") {
  return "aggregate:\n  on: a\n  window: { " + window + " }\n  baseline: { of: '" + of +
         "', every: 10ms, over: 50ms }\n" + more + "alert: { fields: { " + fields + " } }\n";
}
constexpr char kEach[] = "  having: count() > 0\n  evidence: 0\nemit: on_change\n";

// Of every look at a sliding window of 5 ms at which something has changed.
Lines Looks(const std::string& of, const std::string& fields,
            const std::vector<TestEvent>& events) {
  return Results(Compared("sliding: 5ms", of, "n: count(), " + fields, kEach), events);
}

TEST(Baseline, AKeysFirstEventsAreComparedWithEmptyPanes) {
  EXPECT_EQ(Looks("count()", "p: baseline.panes, a: baseline.avg, m: baseline.max",
                  {At(3, "x"), At(4, "x")}),
            (Lines{"3 x n=1 p=0 a=0.0 m=0.0 | 3", "4 x n=2 p=0 a=0.0 m=0.0 | 4",
                   "8 x n=1 p=0 a=0.0 m=0.0 |"}));
  EXPECT_EQ(Looks("min(v)", "p: baseline.panes, a: baseline.avg", {At(3, "x")}),
            (Lines{"3 x n=1 p=0 | 3"}))
      << "an error is no field";
}

TEST(Baseline, CountsEmptyPanesAsWhatThereIsOfNothing) {
  // Of five panes one has three events, one a single one.
  const std::vector<TestEvent> events = {At(101, "x"), At(102, "x"), At(103, "x"), At(125, "x"),
                                         At(155, "x")};
  EXPECT_EQ(Looks("count()",
                  "p: baseline.panes, a: baseline.avg, d: baseline.stddev, l: baseline.min, m: "
                  "baseline.max, s: baseline.sum",
                  events)
                .back(),
            "155 x n=1 p=2 a=0.8 d=1.1661903789690602 l=0.0 m=3.0 s=4.0 | 155");
  EXPECT_EQ(Looks("max(v)", "p: baseline.panes, a: baseline.avg, l: baseline.min, s: baseline.sum",
                  events)
                .back(),
            "155 x n=1 p=2 a=1.0 l=1.0 s=2.0 | 155")
      << "a pane without a greatest value is left out";
  EXPECT_EQ(
      Looks("count() + 2", "p: baseline.panes, a: baseline.avg, l: baseline.min", events).back(),
      "155 x n=1 p=2 a=2.8 l=2.0 | 155");
}

TEST(Baseline, PanesOfWhichItIsAnErrorHaveNoValue) {
  const std::vector<TestEvent> events = {At(101, "x", int64_t{4}), At(111, "x", nullptr),
                                         At(121, "x", int64_t{2}), At(155, "x")};
  EXPECT_EQ(Looks("avg(v)", "p: baseline.panes, a: baseline.avg, l: baseline.min", events).back(),
            "155 x n=1 p=3 a=3.0 l=2.0 | 155");
  EXPECT_EQ(Looks("10 / sum(v)", "p: baseline.panes, a: baseline.avg", events).back(),
            "155 x n=1 p=3 a=3.5 | 155")
      << "of nothing it is an error, too";
}

// The look at the event of that time.
std::string LookAt(int64_t time, const std::vector<int64_t>& times) {
  std::vector<TestEvent> events;
  for (const int64_t one : times) events.push_back(At(one, "x"));
  for (const std::string& line : Looks("count()", "s: baseline.sum", events)) {
    if (line.starts_with(absl::StrCat(time, " "))) return line;
  }
  return "";
}

TEST(Baseline, EndsWhereTheWindowBegins) {
  // A window from 20 on: the event at 20 is in it, and the pane [10, 20) is the last.
  EXPECT_EQ(LookAt(25, {19, 20, 25}), "25 x n=2 s=1.0 | 25");
  EXPECT_EQ(LookAt(24, {19, 24}), "24 x n=2 s=0.0 | 24")
      << "the pane of 19 reaches to 20, behind the begin at 19";
  EXPECT_EQ(LookAt(25, {19, 25}), "25 x n=1 s=1.0 | 25");
}

TEST(Baseline, GoesBackAsFarAsItSays) {
  // Over five panes: of [10, 20) nothing is left for a window that begins at 70.
  EXPECT_EQ(LookAt(74, {19, 74}), "74 x n=1 s=1.0 | 74");
  EXPECT_EQ(LookAt(75, {19, 75}), "75 x n=1 s=0.0 | 75");
  EXPECT_EQ(LookAt(75, {19, 20, 29, 75}), "75 x n=1 s=2.0 | 75");
}

TEST(Baseline, AKeyThatWasQuietForLongerBeginsAnew) {
  EXPECT_EQ(Looks("count()", "p: baseline.panes",
                  {At(5, "x"), At(15, "x"), At(31, "x"), At(500, "x"), At(515, "x")}),
            (Lines{"5 x n=1 p=0 | 5", "15 x n=1 p=1 | 15", "31 x n=1 p=2 | 31",
                   "500 x n=1 p=0 | 500", "515 x n=1 p=1 | 515"}));
}

TEST(Baseline, IsOfTheKeyAlone) {
  EXPECT_EQ(Looks("count()", "s: baseline.sum",
                  {At(1, "x"), At(2, "x"), At(3, "y"), At(16, "y"), At(17, "x")}),
            (Lines{"1 x n=1 s=0.0 | 1", "2 x n=2 s=0.0 | 2", "3 y n=1 s=0.0 | 3", "6 x n=1 s=0.0 |",
                   "16 y n=1 s=1.0 | 16", "17 x n=1 s=2.0 | 17"}));
}

TEST(Baseline, TumblingAndHoppingWindowsAreComparedWithWhatWasBeforeThem) {
  const std::vector<TestEvent> events = {At(1, "x"),  At(2, "x"),  At(12, "x"),
                                         At(21, "x"), At(22, "x"), At(23, "x")};
  EXPECT_EQ(Results(Compared("tumbling: 10ms", "count()", "n: count(), s: baseline.sum",
                             "emit: every_window\n"),
                    events),
            (Lines{"10 x n=2 s=0.0 |", "20 x n=1 s=2.0 |", "30 x n=3 s=3.0 |"}));
  EXPECT_EQ(Results(Compared("tumbling: 10ms, offset: 2ms", "count()",
                             "n: count(), s: baseline.sum", "emit: every_window\n"),
                    events),
            (Lines{"2 x n=1 s=0.0 |", "12 x n=1 s=1.0 |", "22 x n=2 s=2.0 |", "32 x n=2 s=4.0 |"}))
      << "panes begin where windows do";
  EXPECT_EQ(
      Results(Compared("hopping: 20ms, every: 10ms", "count()", "n: count(), s: baseline.sum",
                       "emit: every_window\n"),
              events),
      (Lines{"10 x n=2 s=0.0 |", "20 x n=3 s=0.0 |", "30 x n=4 s=2.0 |", "40 x n=3 s=3.0 |"}));
}

TEST(Baseline, AnEmptyWindowHasOneToo) {
  EXPECT_EQ(Results(Compared("tumbling: 10ms", "count()", "n: count(), p: baseline.panes",
                             "  on_empty: true\n  having: count() < baseline.max\n"),
                    {At(1, "x"), At(11, "x")}),
            (Lines{"30 x n=0 p=2 |"}));
}

// An empty window has closed the key's pane, so the next event closes none.
TEST(Baseline, OldPanesGoThoughNoneIsUnderWay) {
  EXPECT_EQ(Results(Compared("tumbling: 10ms", "count()", "n: count(), p: baseline.panes",
                             "  on_empty: true\n  having: count() > 0\n"),
                    {At(1, "x"), At(12, "x"), At(500, "x"), At(513, "x")}),
            (Lines{"10 x n=1 p=0 | 1", "510 x n=1 p=0 | 500"}));
}

TEST(Baseline, ASessionKeepsTheOneOfItsFirstEvent) {
  std::vector<TestEvent> events = {At(1, "x"), At(2, "x")};
  for (int64_t time = 31; time < 400; time += 9) events.push_back(At(time, "x"));
  EXPECT_EQ(Results(Compared("session: 10ms", "count()", "n: count(), s: baseline.sum",
                             "emit: every_window\n"),
                    events),
            (Lines{"12 x n=2 s=0.0 |", "401 x n=41 s=2.0 |"}))
      << "though by its end nothing of it is left";
  events.push_back(At(415, "x"));
  EXPECT_EQ(Results(Compared("session: 10ms", "count()", "n: count(), s: baseline.sum",
                             "emit: every_window\n"),
                    events)
                .back(),
            "425 x n=1 s=4.0 |")
      << "the next one has that of its own, [360, 410)";
}

TEST(Baseline, IsReadByConditions) {
  const std::string rule =
      Compared("sliding: 5ms", "count()", "n: count()",
               "  evidence: 0\n  having: 'baseline.panes >= 2 && count() > 3.0 * baseline.max'\n");
  const std::vector<TestEvent> usual = {At(101, "x"), At(111, "x")};
  for (const size_t burst : {3u, 4u}) {
    std::vector<TestEvent> events = usual;
    for (size_t i = 0; i < burst; ++i) events.push_back(At(125 + static_cast<int64_t>(i), "x"));
    EXPECT_EQ(Results(rule, events).size(), burst == 4 ? 1u : 0u);
  }
  EXPECT_EQ(Results(rule, {At(101, "x"), At(125, "x"), At(126, "x"), At(127, "x"), At(128, "x")}),
            Lines())
      << "there is too little to compare with";
}

TEST(Baseline, WhatLooksBackBeyondTheStartIsQuietAndCounted) {
  const auto compiled =
      CompileText("id: r\nby: k\n" + Compared("sliding: 5ms", "count()", "s: baseline.sum",
                                              "  having: count() > 0\n  evidence: 0\n"),
                  TestStreams({"a"}));
  ASSERT_NE(compiled, nullptr);
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  engine->AddPartition({0, 0}, {});
  EventBuilder builder;
  int64_t offset = 0;
  // The first event read is at 7. A window from 59 on is compared with [0, 50), one from 70 on with
  // [20, 70).
  for (const int64_t time : {7, 20, 40, 64, 75})
    engine->Offer(*Build(builder, *compiled, At(time, "x"), offset++));
  engine->Finish();
  EXPECT_EQ(Told(sink.Take()), (Lines{"75 x s=3.0 | 75"}));
  EXPECT_EQ(engine->Stats().rules[0].warm_up_quiet, 4u);
}

TEST(Baseline, ErrorsOfWhatAnEventSaysAreCountedThoseOfAPaneAreNot) {
  const auto errors = [](const std::string& of) {
    const auto compiled =
        CompileText("id: r\nby: k\nwarm_up: assume_empty\n" +
                        Compared("sliding: 5ms", of, "s: baseline.sum", "  having: count() > 0\n"),
                    TestStreams({"a"}));
    if (compiled == nullptr) return uint64_t{999};
    CollectingSink sink;
    const auto engine = MakeEngine(compiled, {.threads = false}, sink);
    engine->AddPartition({0, 0}, {});
    EventBuilder builder;
    int64_t offset = 0;
    for (const int64_t time : {1, 21, 41})
      engine->Offer(*Build(builder, *compiled, At(time, "x", "no number"), offset++));
    engine->Finish();
    return engine->Stats().rules[0].condition_errors;
  };
  EXPECT_EQ(errors("sum(v)"), 3u);
  EXPECT_EQ(errors("1 / (count() - count())"), 0u);
}

TEST(Baseline, KeysAreForgottenOnceNoPaneCanBeAskedFor) {
  const auto compiled = CompileText(
      "id: r\nby: k\nwarm_up: assume_empty\n" +
          Compared("sliding: 5ms", "sum(v)", "s: baseline.sum", "  having: count() > 9\n"),
      TestStreams({"a"}));
  ASSERT_NE(compiled, nullptr);
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  engine->AddPartition({0, 0}, {});
  EventBuilder builder;
  int64_t offset = 0;
  const auto kept = [&] {
    engine->Flush();
    return engine->Stats().rules[0].partial_matches;
  };
  // Each key has two panes, [0, 10) and [10, 20).
  for (const int64_t time : {3, 13}) {
    for (int key = 0; key < 500; ++key)
      engine->Offer(*Build(builder, *compiled, At(time, absl::StrCat("k", key)), offset++));
  }
  engine->AdvanceTo(70'000'000);
  EXPECT_EQ(kept(), 500);
  for (int64_t more = 0; more < 20; ++more) {
    engine->AdvanceTo(75'000'001 + more);
    engine->Flush();
  }
  EXPECT_EQ(kept(), 0) << "a window that begins at 70 looks back to 20";
  // As many again, of which none comes twice: what is kept does not grow with them.
  int64_t most = 0;
  for (int64_t time = 100; time < 3'000; ++time) {
    engine->Offer(*Build(builder, *compiled, At(time, absl::StrCat("one", time)), offset++));
    engine->AdvanceTo(time * 1'000'000);
    if (time % 10 == 0) most = std::max(most, kept());
  }
  EXPECT_LE(most, 80);
  engine->Finish();
}

TEST(Baseline, PanesAreDaysOfTheWindowsZone) {
  constexpr int64_t kHour = 3'600'000;
  // Clocks go forward on 29 March 2020 in Paris: the day begins at 23:00Z and ends at 22:00Z.
  constexpr int64_t kSaturday = 1'585'350'000'000;  // 2020-03-27T23:00:00Z
  const std::vector<TestEvent> events = {
      At(kSaturday, "x"), At(kSaturday + 24 * kHour - 1, "x"), At(kSaturday + 24 * kHour, "x"),
      At(kSaturday + 47 * kHour - 1, "x"), At(kSaturday + 47 * kHour, "x")};
  const std::string rule =
      "aggregate:\n  on: a\n  window: { tumbling: 1d, zone: Europe/Paris }\n"
      "  baseline: { of: count(), every: 1d, over: 2d }\nemit: every_window\n"
      "alert: { fields: { n: count(), s: baseline.sum, p: baseline.panes } }\n";
  EXPECT_EQ(Results(rule, events),
            (Lines{absl::StrCat(kSaturday + 24 * kHour, " x n=2 s=0.0 p=0 |"),
                   absl::StrCat(kSaturday + 47 * kHour, " x n=2 s=2.0 p=1 |"),
                   absl::StrCat(kSaturday + 71 * kHour, " x n=1 s=4.0 p=2 |")}));
}

TEST(Baseline, PanesAtTheEndsOfTimeAreNoMistake) {
  const auto grid = WindowGrid::Make(
      {.kind = rules::WindowKind::kTumbling, .size = 10, .every = 10, .offset = 3});
  ASSERT_TRUE(grid.ok());
  BaselinePlan plan;
  plan.grid = *grid;
  plan.count = 5;
  EXPECT_EQ(plan.grid.NumberAt(3), 0);
  EXPECT_EQ(plan.grid.NumberAt(2), -1);
  EXPECT_EQ(plan.grid.NumberAt(12), 0);
  EXPECT_EQ(plan.grid.BeginOf(-1), -7);
  EXPECT_EQ(plan.BeginBefore(14), -37);
  EXPECT_EQ(plan.BeginBefore(kNever), kNever);
  EXPECT_LE(plan.grid.BeginOf(plan.grid.NumberAt(kForever)), kForever);
  EXPECT_EQ(plan.grid.BeginOf(plan.grid.NumberAt(kForever) + 1), kForever);
}

TEST(Baseline, ThePlanSaysWhatItKeeps) {
  const auto compiled =
      CompileText("id: r\nby: k\n" + Compared("sliding: 5ms", "sum(v) / count()", "a: baseline.avg",
                                              "  having: count() > 3\n"),
                  TestStreams({"a"}));
  ASSERT_NE(compiled, nullptr);
  EXPECT_EQ(compiled->routing->windows[0]->ToString(),
            "call 0: count\ncall 1: baseline.avg\nhaving reads 0, which has to be 4\n"
            "keeps 10 events\nbaseline of 5 panes of 10000000 ns, for calls 1, each of\n"
            "accumulator 0: numbers, tag 0, word 0\ncall 0: sum of 0\ncall 1: count\n"
            "keeps 0 events\n");
}

}  // namespace
}  // namespace telltale::engine
