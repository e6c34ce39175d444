#include <cstdio>
#include <string>
#include <vector>

#include "daemon/demo/demo.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace telltale::demo {
namespace {

using testing::HasSubstr;
using testing::Not;

GeneratedEvent Event(uint32_t stream, uint32_t partition, int64_t offset, int64_t time_ms) {
  GeneratedEvent event;
  event.stream = stream;
  event.partition = partition;
  event.offset = offset;
  event.time_ms = time_ms;
  return event;
}

TEST(CommitGoalsTest, TheSlowestPartitionDecides) {
  // Watermarks with a disorder of 5: 95 and 55. What is at 55 or later does not settle.
  std::vector<GeneratedEvent> events = {Event(0, 0, 0, 50), Event(0, 0, 1, 54),
                                        Event(0, 1, 0, 54), Event(0, 0, 2, 100),
                                        Event(0, 1, 1, 60), Event(0, 1, 2, 55)};
  EXPECT_EQ(CommitGoals(events, 5), (Positions{{{0, 0}, 2}, {{0, 1}, 1}}));
}

TEST(CommitGoalsTest, TheFirstThatStaysCountsWhateverComesBehindIt) {
  std::vector<GeneratedEvent> events = {Event(1, 0, 0, 98), Event(1, 0, 1, 90),
                                        Event(1, 0, 2, 100)};
  EXPECT_EQ(CommitGoals(events, 5), (Positions{{{1, 0}, 0}}));
  EXPECT_TRUE(CommitGoals({}, 5).empty());
}

DemoResult Result() {
  DemoResult result;
  result.events = 200'000;
  result.near_misses = 12;
  result.seconds = 2;
  result.verdict.planted = 40;
  result.verdict.alerts = 40;
  return result;
}

TEST(DemoResultTest, Json) {
  EXPECT_EQ(ResultJson(Result()),
            "{\"events\":200000,\"planted\":40,\"alerts\":40,\"missing\":0,\"spurious\":0,"
            "\"events_per_second\":100000}");
  EXPECT_THAT(ResultJson(DemoResult()), HasSubstr("\"events_per_second\":0}"));
}

TEST(DemoResultTest, Exact) {
  EXPECT_TRUE(Result().good());
  EXPECT_EQ(ResultText(Result()),
            "exact: 40 attacks planted, 40 alerts, 0 missing, 0 spurious\n"
            "12 near misses stayed quiet\n"
            "200,000 events in 2.0 s, 100,000 a second, from topic to acknowledged alert\n");
}

TEST(DemoResultTest, DifferencesAreNamed) {
  DemoResult result = Result();
  for (int i = 0; i < 7; ++i) {
    result.verdict.missing.push_back({"ato", "u-" + std::to_string(i), 0, {}});
  }
  result.verdict.spurious.push_back({"split", "u-9", 0, {{0, 1, 2}}});
  EXPECT_FALSE(result.good());
  std::string text = ResultText(result);
  EXPECT_THAT(text, HasSubstr("NOT EXACT: 40 attacks planted, 40 alerts, 7 missing, 1 spurious\n"));
  EXPECT_THAT(text, HasSubstr("  missing: ato of u-4 at 1970"));
  EXPECT_THAT(text, HasSubstr("  and 2 more missing\n"));
  EXPECT_THAT(text, HasSubstr("  spurious: split of u-9 at "));
  EXPECT_THAT(text, Not(HasSubstr("stayed quiet")));
}

TEST(DemoResultTest, AnEarlyEndIsNotGood) {
  DemoResult result = Result();
  result.trouble = "interrupted";
  EXPECT_FALSE(result.good());
  EXPECT_THAT(ResultText(result), HasSubstr("ended early: interrupted\nNOT EXACT"));
}

TEST(DemoTest, AnInterruptedDemoEndsAtOnce) {
  std::FILE* nowhere = std::fopen("/dev/null", "w");
  Screen screen(nowhere, nowhere, false, false);
  GeneratorOptions options;
  options.events = 20'000;
  auto demo = Demo::Start(options, screen);
  ASSERT_TRUE(demo.ok()) << demo.status();
  DemoResult result = (*demo)->Play(absl::Seconds(30), true);
  EXPECT_EQ(result.trouble, "interrupted");
  EXPECT_FALSE(result.good());
  demo->reset();
  std::fclose(nowhere);
}

}  // namespace
}  // namespace telltale::demo
