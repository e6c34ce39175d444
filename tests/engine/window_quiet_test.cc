// Sliding windows of which nobody is told when events leave: they do so late, and no result shows
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/runtime/routing.h"
#include "tests/engine/window_cases.h"

namespace telltale::engine {
namespace {

constexpr int64_t kSize = 100;  // of the windows, ms

std::string Counting(const std::string& having, const std::string& more = "") {
  return absl::StrCat("aggregate:\n  on: a\n  window: { sliding: ", kSize, "ms }\n  having: '",
                      having, "'\n", more, "alert: { fields: { n: count() } }\n");
}

const WindowPlan& PlanOf(const CompiledRules& rules) { return *rules.routing->windows[0]; }

TEST(QuietWindow, IsOneWhoseHavingIsACountThatIsLargeEnough) {
  const std::map<std::string, int64_t> floors = {
      {"count() >= 5", 5}, {"count() > 5", 6},          {"5 <= count()", 5},
      {"5 < count()", 6},  {"count_if(v > 2) >= 3", 3}, {"count_distinct(v) >= 7", 7}};
  for (const auto& [having, least] : floors) {
    SCOPED_TRACE(having);
    const auto rules = CompileText("id: r\nby: k\n" + Counting(having), TestStreams({"a"}));
    ASSERT_NE(rules, nullptr);
    ASSERT_TRUE(PlanOf(*rules).floor);
    EXPECT_EQ(PlanOf(*rules).floor->least, least);
    EXPECT_TRUE(PlanOf(*rules).LeavesQuietly());
  }
  for (const std::string having :
       {"count() <= 5", "5 >= count()", "count() == 5", "count() >= 5 || count() == 1",
        "sum(v) >= 5", "count() >= count_if(v > 2)", "count() > 9223372036854775807",
        "count() >= 5 && k != \"x\""}) {
    SCOPED_TRACE(having);
    const auto rules = CompileText("id: r\nby: k\n" + Counting(having), TestStreams({"a"}));
    ASSERT_NE(rules, nullptr);
    EXPECT_FALSE(PlanOf(*rules).LeavesQuietly());
  }
}

TEST(QuietWindow, IsNoneWhereALookAtTheEndOrAtNothingIsAskedFor) {
  for (const std::string& rule : {Counting("count() >= 5", "  on_empty: true\n"),
                                  Counting("count() >= 5", "emit: on_change\n")}) {
    const auto rules = CompileText("id: r\nby: k\n" + rule, TestStreams({"a"}));
    ASSERT_NE(rules, nullptr);
    EXPECT_FALSE(PlanOf(*rules).LeavesQuietly()) << rule;
  }
}

// What W1 and W2 say, said plainly: each event's key and window, and whether it was true before.
Lines Wanted(const std::vector<TestEvent>& events, size_t least, size_t shown) {
  Lines wanted;
  std::map<std::string, std::deque<int64_t>> windows;
  std::map<std::string, bool> before;
  for (const TestEvent& event : events) {
    const std::string key = std::get<std::string>(event.fields.at("k"));
    std::deque<int64_t>& window = windows[key];
    while (!window.empty() && window.front() + kSize < event.time_ms) window.pop_front();
    bool& was_true = before[key];
    was_true = was_true && window.size() >= least;
    window.push_back(event.time_ms);
    const bool is_true = window.size() >= least;
    if (is_true && !was_true) {
      std::string line = absl::StrCat(event.time_ms, " ", key, " n=", window.size(), " |");
      for (size_t i = window.size() - std::min(window.size(), shown); i < window.size(); ++i)
        absl::StrAppend(&line, " ", window[i]);
      wanted.push_back(line);
    }
    was_true = is_true;
  }
  return wanted;
}

TEST(QuietWindow, CountsWhatIsInTheWindowHoweverManyLeaveAtOnce) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 60; ++run) {
    const uint64_t keys = 1 + random() % 40;
    std::vector<TestEvent> events;
    int64_t time = -500;
    for (int i = 0; i < 400; ++i) {
      // Many together, then a gap that some or all of them leave in.
      time += random() % 20 == 0 ? static_cast<int64_t>(random() % (2 * kSize))
                                 : static_cast<int64_t>(random() % 3);
      events.push_back(At(time, absl::StrCat("k", random() % keys)));
    }
    const size_t least = 1 + random() % 6;
    const size_t shown = random() % 4;
    EXPECT_EQ(Results(Counting(absl::StrCat("count() >= ", least),
                               absl::StrCat("  evidence: ", shown, "\n")),
                      events),
              Wanted(events, least, shown == 0 ? 1 : shown))
        << "run " << run;
  }
}

// Which events are held hangs on how far away a result is; what one shows does not.
TEST(QuietWindow, ShowsTheLastEventsHoweverTheCountGoesUpAndDown) {
  std::mt19937_64 random(11);
  for (int run = 0; run < 60; ++run) {
    const size_t least = 5 + random() % 20;
    std::vector<TestEvent> events;
    int64_t time = 0;
    // Between nothing and half as many again as are wanted, around what is wanted mostly.
    for (int i = 0; i < 600; ++i) {
      const uint64_t each = kSize / least;
      time += static_cast<int64_t>(random() % 50 == 0 ? kSize : each / 2 + random() % (each + 1));
      events.push_back(At(time, "x"));
    }
    const size_t shown = 1 + random() % 12;
    const Lines wanted = Wanted(events, least, shown);
    EXPECT_FALSE(wanted.empty()) << "run " << run;
    EXPECT_EQ(Results(Counting(absl::StrCat("count() >= ", least),
                               absl::StrCat("  evidence: ", shown, "\n")),
                      events),
              wanted)
        << "run " << run;
  }
}

TEST(QuietWindow, HoldsNoEventThatNoResultCanShow) {
  const auto held = [](const std::string& having, int events) {
    const auto compiled =
        CompileText("id: r\nby: k\nwarm_up: assume_empty\n" + Counting(having, "  evidence: 3\n"),
                    TestStreams({"a"}));
    CollectingSink sink;
    const auto engine = MakeEngine(compiled, {.threads = false}, sink);
    engine->AddPartition({0, 0}, {});
    EventBuilder builder;
    for (int64_t i = 0; i < events; ++i)
      engine->Offer(*Build(builder, *compiled, At(i, "x", i % 4), i));
    engine->AdvanceTo((kSize - 1) * 1'000'000);
    engine->Flush();
    return engine->Stats().held_bytes;
  };
  const std::string few = "count() >= 20";
  const int64_t none = held(few, 16);
  EXPECT_EQ(held(few, 17), none) << "three are wanting, which are those that are shown";
  const int64_t one = held(few, 18) - none;
  EXPECT_GT(one, 0);
  EXPECT_EQ(held(few, 19) - none, 2 * one);
  EXPECT_EQ(held(few, 20) - none, 3 * one);
  EXPECT_EQ(held(few, 50) - none, 3 * one);
  EXPECT_EQ(held("count_if(v > 0) >= 20", 20), none) << "15 of them count";
  EXPECT_EQ(held("count() >= 20 && count() < 100", 16) - none, 3 * one)
      << "it may be looked at when events leave";
}

TEST(QuietWindow, DifferentValuesAreThoseOfTheWindow) {
  std::vector<TestEvent> events;
  for (int64_t i = 0; i < 6; ++i) events.push_back(At(i * 40, "x", i));
  // Three at a time: of 0, 40 and 80, then of 40, 80 and 120.
  EXPECT_EQ(Results(Counting("count_distinct(v) >= 4"), events), Lines());
  EXPECT_EQ(Results(Counting("count_distinct(v) >= 3"), events),
            (Lines{"80 x n=3 | 0 40 80", "120 x n=3 | 40 80 120", "160 x n=3 | 80 120 160",
                   "200 x n=3 | 120 160 200"}))
      << "just after 100 there are two, and three again at 120";
}

TEST(QuietWindow, AKeyBeyondItsLimitIsLookedAtByItsPanes) {
  std::vector<TestEvent> events;
  for (int64_t i = 0; i < 8; ++i) events.push_back(At(i, "x"));
  for (int64_t i = 0; i < 3; ++i) events.push_back(At(300 + i, "x"));
  EXPECT_EQ(Results(Counting("count() >= 3", "limits: { events: 4 }\n"), events),
            (Lines{"2 x n=3 | 0 1 2", "4 x limit ~ |", "302 x n=3 | 300 301 302"}));
}

TEST(QuietWindow, KeysThatNobodyAsksForAreGoneAWhileLater) {
  const auto compiled = CompileText(
      "id: r\nby: k\nwarm_up: assume_empty\n" + Counting("count() >= 9", "  evidence: 2\n"),
      TestStreams({"a"}));
  ASSERT_NE(compiled, nullptr);
  CollectingSink sink;
  const auto engine = MakeEngine(compiled, {.threads = false}, sink);
  engine->AddPartition({0, 0}, {});
  EventBuilder builder;
  for (int64_t i = 0; i < 1'000; ++i)
    engine->Offer(*Build(builder, *compiled, At(i / 100, absl::StrCat("k", i)), i));
  engine->AdvanceTo(10'000'000);
  engine->Flush();
  EXPECT_EQ(engine->Stats().rules[0].partial_matches, 1'000);
  // A sixteenth of a window late at most, and some with each time that is told.
  for (int64_t more = 0; more < 20; ++more) {
    engine->AdvanceTo((10 + kSize + kSize / 16 + 2) * 1'000'000 + more);
    engine->Flush();
  }
  EXPECT_EQ(engine->Stats().rules[0].partial_matches, 0);
  engine->Finish();
}

}  // namespace
}  // namespace telltale::engine
