// Windows and time: days of a zone, times before the epoch and far from it, equal times, very short
// and very long windows, keys with one event, what comes late but on time, and a partition that
// wakes after a day.
#include <gtest/gtest.h>

#include <memory>

#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

constexpr int64_t kHour = 3'600'000;  // milliseconds
constexpr int64_t kDay = 24 * kHour;

std::string Window(const std::string& window, const std::string& more,
                   const std::string& fields = "n: count()") {
  return "aggregate:\n  on: a\n  window: { " + window + " }\n" + more + "alert: { fields: { " +
         fields + " } }\n";
}

std::string AtEnd(const std::string& window, const std::string& fields = "n: count()") {
  return Window(window, "emit: every_window\n", fields);
}

// One each hour.
std::vector<TestEvent> Hourly(int64_t from_ms, int64_t hours) {
  std::vector<TestEvent> events;
  for (int64_t hour = 0; hour < hours; ++hour) events.push_back(At(from_ms + hour * kHour, "x"));
  return events;
}

TEST(WindowTime, ADayOfAZoneHas23Or25HoursWhereTheClockChanges) {
  const std::string rule = AtEnd("tumbling: 1d, zone: Europe/Paris",
                                 "n: count(), h: "
                                 "(window.end - window.start).getHours()");
  // From 2024-03-30 00:00 in Paris, an hour ahead of UTC, on; two hours from the 31st on.
  const int64_t march = 19'812 * kDay - kHour;
  EXPECT_EQ(Results(rule, Hourly(march, 24 + 23 + 24)),
            (Lines{absl::StrCat(march + 24 * kHour, " x n=24 h=24 |"),
                   absl::StrCat(march + 47 * kHour, " x n=23 h=23 |"),
                   absl::StrCat(march + 71 * kHour, " x n=24 h=24 |")}));
  // From 2024-10-26 00:00 on.
  const int64_t october = 20'022 * kDay - 2 * kHour;
  EXPECT_EQ(Results(rule, Hourly(october, 24 + 25 + 24)),
            (Lines{absl::StrCat(october + 24 * kHour, " x n=24 h=24 |"),
                   absl::StrCat(october + 49 * kHour, " x n=25 h=25 |"),
                   absl::StrCat(october + 73 * kHour, " x n=24 h=24 |")}));
}

TEST(WindowTime, PartsOfADayCountFromItsMidnightAndEndWithIt) {
  const int64_t spring = 19'813 * kDay - kHour;  // 2024-03-31 00:00 in Paris: 23 hours
  EXPECT_EQ(Results(AtEnd("tumbling: 6h, zone: Europe/Paris"), Hourly(spring, 24)),
            (Lines{absl::StrCat(spring + 6 * kHour, " x n=6 |"),
                   absl::StrCat(spring + 12 * kHour, " x n=6 |"),
                   absl::StrCat(spring + 18 * kHour, " x n=6 |"),
                   absl::StrCat(spring + 23 * kHour, " x n=5 |"),
                   absl::StrCat(spring + 29 * kHour, " x n=1 |")}));
}

TEST(WindowTime, BeforeTheEpoch) {
  EXPECT_EQ(Results(AtEnd("tumbling: 10ms"), {At(-11, "x"), At(-10, "x"), At(-1, "x"), At(0, "x")}),
            (Lines{absl::StrCat(-10, " x n=1 |"), absl::StrCat(0, " x n=2 |"),
                   absl::StrCat(10, " x n=1 |")}));
  EXPECT_EQ(Results(AtEnd("hopping: 10ms, every: 5ms"), {At(-6, "x")}),
            (Lines{absl::StrCat(-5, " x n=1 |"), absl::StrCat(0, " x n=1 |")}));
  EXPECT_EQ(Results(Window("sliding: 10ms", "  having: count() >= 2\n"), {At(-5, "x"), At(5, "x")}),
            (Lines{"5 x n=2 | -5 5"}));
  EXPECT_EQ(Results(AtEnd("session: 10ms"), {At(-15, "x"), At(-5, "x"), At(5, "x")}),
            (Lines{"15 x n=3 |"}));
}

TEST(WindowTime, FarInTheFuture) {
  const int64_t far = 7'600'000'000'000;   // the year 2210
  const int64_t last = 9'223'372'036'000;  // 2262: less than a second before the end of int64
  EXPECT_EQ(Results(AtEnd("tumbling: 10ms"), {At(0, "x"), At(far, "x")}),
            (Lines{absl::StrCat(10, " x n=1 |"), absl::StrCat(far + 10, " x n=1 |")}));
  EXPECT_EQ(Results(Window("sliding: 10s", "  having: count() >= 2\n"),
                    {At(last - 1, "x"), At(last, "x")}),
            (Lines{absl::StrCat(last, " x n=2 | ", last - 1, " ", last)}))
      << "what would leave after the last moment stays";
}

TEST(WindowTime, EqualTimesGoByTheStreamsPlace) {
  const std::string rule =
      "aggregate:\n  any_of: [ { on: a }, { on: b } ]\n  window: { tumbling: 10ms }\n"
      "emit: every_window\nalert: { fields: { f: first(v), l: last(v), n: count() } }\n";
  EXPECT_EQ(Results(rule, {At(5, "x", int64_t{1}, 1), At(5, "x", int64_t{2}, 0),
                           At(5, "x", int64_t{3}, 1)}),
            (Lines{absl::StrCat(10, " x f=2 l=3 n=3 |")}));
}

TEST(WindowTime, OfAMillisecondAndOfTenYears) {
  const std::string twice = "  having: count() >= 2\n";
  EXPECT_EQ(Results(Window("sliding: 1ms", twice), {At(0, "x"), At(1, "x"), At(3, "x")}),
            (Lines{"1 x n=2 | 0 1"}));
  EXPECT_EQ(Results(AtEnd("tumbling: 1ms"), {At(0, "x"), At(1, "x"), At(1, "x")}),
            (Lines{absl::StrCat(1, " x n=1 |"), absl::StrCat(2, " x n=2 |")}));
  const int64_t years = 3650 * kDay;
  EXPECT_EQ(Results(Window("sliding: 3650d", twice), {At(0, "x"), At(years, "x")}),
            (Lines{absl::StrCat(years, " x n=2 | 0 ", years)}));
  EXPECT_EQ(Results(Window("sliding: 3650d", twice), {At(0, "x"), At(years + 1, "x")}), Lines());
  EXPECT_EQ(Results(AtEnd("tumbling: 3650d"), {At(1, "x"), At(years - 1, "x"), At(years, "x")}),
            (Lines{absl::StrCat(years, " x n=2 |"), absl::StrCat(2 * years, " x n=1 |")}));
  EXPECT_EQ(Results(AtEnd("session: 3650d"), {At(0, "x"), At(years, "x"), At(2 * years, "x")}),
            (Lines{absl::StrCat(3 * years, " x n=3 |")}));
}

TEST(WindowTime, AKeysOnlyEvent) {
  const std::string once = "  having: count() == 1\n";
  EXPECT_EQ(Results(Window("sliding: 10ms", once), {At(7, "x")}), (Lines{"7 x n=1 | 7"}));
  EXPECT_EQ(Results(Window("tumbling: 10ms", once), {At(7, "x")}),
            (Lines{absl::StrCat(10, " x n=1 | 7")}));
  EXPECT_EQ(Results(Window("hopping: 10ms, every: 5ms", once), {At(7, "x")}),
            (Lines{absl::StrCat(10, " x n=1 | 7")}))
      << "it is still true in the second window";
  EXPECT_EQ(Results(Window("session: 10ms", once), {At(7, "x")}), (Lines{"17 x n=1 | 7"}));
}

TEST(WindowTime, EmptyWindowsAreNoneUnlessTheRuleSaysSo) {
  EXPECT_EQ(Results(AtEnd("tumbling: 10ms"), {At(0, "x"), At(55, "x")}),
            (Lines{absl::StrCat(10, " x n=1 |"), absl::StrCat(60, " x n=1 |")}));
  EXPECT_EQ(Results(Window("tumbling: 10ms", "  on_empty: true\n  having: count() == 0\n"),
                    {At(0, "x"), At(55, "x"), At(55, "y")}),
            (Lines{absl::StrCat(20, " x n=0 |"), absl::StrCat(70, " x n=0 |"),
                   absl::StrCat(70, " y n=0 |")}));
}

TEST(WindowTime, TwoLateEventsJoinASession) {
  const std::string rule = "id: r\nby: k\nwarm_up: assume_empty\n" + AtEnd("session: 10ms");
  EngineOptions options;
  options.threads = false;
  options.max_out_of_orderness = {20'000'000};
  const std::vector<TestEvent> events = {At(0, "x"), At(24, "x"), At(8, "x"), At(16, "x"),
                                         At(80, "x")};
  EXPECT_EQ(Told(RunRules(rule, {"a"}, events, options)), (Lines{"34 x n=4 |", "90 x n=1 |"}))
      << "what is late but on time makes one session of two";
}

TEST(WindowTime, APartitionThatWakesAfterADay) {
  const auto rules = CompileText("id: r\nby: k\nwarm_up: assume_empty\n" + AtEnd("tumbling: 1h"),
                                 TestStreams({"a"}));
  ASSERT_NE(rules, nullptr);
  CollectingSink sink;
  const std::unique_ptr<Engine> engine = MakeEngine(rules, {.threads = false}, sink);
  EventBuilder builder;
  int64_t offset = 0;
  const auto offer = [&](uint32_t partition, int64_t time_ms) {
    TestEvent event = At(time_ms, "x");
    event.partition = partition;
    return engine->Offer(*Build(builder, *rules, event, offset++)).late;
  };
  engine->AddPartition({.stream = 0, .partition = 0}, {});
  engine->AddPartition({.stream = 0, .partition = 1}, {});
  EXPECT_FALSE(offer(0, 0));
  EXPECT_FALSE(offer(1, 1));
  EXPECT_FALSE(offer(0, 2 * kHour));
  engine->Flush();
  EXPECT_EQ(Told(sink.Take()), Lines()) << "the second partition holds the window open";
  engine->SetIdle({.stream = 0, .partition = 1}, true);
  engine->Flush();
  EXPECT_EQ(Told(sink.Take()), (Lines{absl::StrCat(kHour, " x n=2 |")}));
  EXPECT_FALSE(offer(0, kDay));
  engine->Flush();
  EXPECT_EQ(Told(sink.Take()), (Lines{absl::StrCat(3 * kHour, " x n=1 |")}));
  EXPECT_TRUE(offer(1, kDay - 1)) << "below what was settled while it slept";
  EXPECT_FALSE(offer(1, kDay));
  EXPECT_FALSE(offer(0, kDay + 2 * kHour));
  engine->Flush();
  EXPECT_EQ(Told(sink.Take()), Lines()) << "awake, it holds the window open again";
  engine->Finish();
  EXPECT_EQ(Told(sink.Take()), (Lines{absl::StrCat(kDay + kHour, " x n=2 |"),
                                      absl::StrCat(kDay + 3 * kHour, " x n=1 |")}));
}

}  // namespace
}  // namespace telltale::engine
