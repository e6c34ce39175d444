#include "engine/runtime/recent_values.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/support/heap_meter.h"

namespace telltale::engine {
namespace {

Hash128 Value(uint64_t number) { return HashBytes(std::to_string(number)); }

TEST(RecentValuesTest, TheTimeIsClosed) {
  RecentValues values({10});
  EXPECT_EQ(values.See(0, Value(1), 100), kNever);
  EXPECT_EQ(values.See(0, Value(1), 110), 100);
  EXPECT_EQ(values.See(0, Value(1), 121), kNever);
  EXPECT_EQ(values.See(0, Value(1), 121), 121);
}

// One that comes again and again, each time within it, counts once.
TEST(RecentValuesTest, EverySightingRefreshes) {
  RecentValues values({10});
  EXPECT_EQ(values.See(0, Value(1), 0), kNever);
  for (int64_t time = 10; time < 200; time += 10)
    EXPECT_EQ(values.See(0, Value(1), time), time - 10);
}

TEST(RecentValuesTest, StreamsHaveTimesOfTheirOwn) {
  RecentValues values({10, 1000});
  values.See(0, Value(1), 0);
  values.See(1, Value(2), 0);
  for (int64_t time = 1; time <= 20; ++time) values.See(0, Value(3), time);
  EXPECT_EQ(values.size(), 2u);  // the first has been swept away
  EXPECT_EQ(values.See(1, Value(2), 1000), 0);
}

TEST(RecentValuesTest, TimesAtTheEndsOfTheRange) {
  RecentValues values({INT64_MAX});
  EXPECT_EQ(values.See(0, Value(1), INT64_MIN + 1), kNever);
  EXPECT_EQ(values.See(0, Value(1), -1), INT64_MIN + 1);
  EXPECT_EQ(values.See(0, Value(1), INT64_MAX), -1 < Minus(INT64_MAX, INT64_MAX) ? kNever : -1);
}

TEST(RecentValuesTest, AgreesWithAMap) {
  std::mt19937 random(3);
  RecentValues values({50, 7});
  std::map<std::pair<uint32_t, uint64_t>, int64_t> last;
  int64_t time = 0;
  for (int i = 0; i < 200'000; ++i) {
    time += random() % 3;
    const uint32_t stream = random() % 2;
    const uint64_t number = random() % 60;
    const int64_t within = stream == 0 ? 50 : 7;
    const auto [it, added] = last.try_emplace({stream, number}, kNever);
    const int64_t want = !added && it->second >= time - within ? it->second : kNever;
    ASSERT_EQ(values.See(stream, Value(1000 * stream + number), time), want) << i;
    it->second = time;
    ASSERT_LE(values.size(), 120u);
  }
  EXPECT_EQ(values.forgotten(), 0u);
}

TEST(RecentValuesTest, MemoryIsThatOfTwiceTheTimeAndGrowsNoMore) {
  RecentValues values({1000});
  int64_t time = 0;
  const auto run = [&](int64_t events) {
    for (int64_t end = time + events; time < end; ++time) values.See(0, Value(time), time);
  };
  run(10'000);
  EXPECT_LE(values.size(), 2100u);
  const tests::HeapMeter meter;
  run(100'000);
  EXPECT_EQ(meter.peak(), 0u);
  EXPECT_LE(values.size(), 2100u);
}

TEST(RecentValuesTest, BeyondTheMostSomeAreForgottenAndCounted) {
  RecentValues values({1000}, 8);
  for (int64_t time = 0; time < 100; ++time) EXPECT_EQ(values.See(0, Value(time), time), kNever);
  EXPECT_EQ(values.size(), 8u);
  EXPECT_EQ(values.forgotten(), 92u);
}

TEST(RecentValuesTest, WhatIsRestoredGoesOn) {
  RecentValues values({10});
  for (int64_t time = 0; time < 30; ++time) values.See(0, Value(time % 12), time);
  RecentValues copy({10});
  values.ForEach([&](uint32_t stream, const Hash128& value, int64_t time) {
    copy.Restore(stream, value, time);
  });
  for (int64_t time = 30; time < 60; ++time)
    EXPECT_EQ(copy.See(0, Value(time % 12), time), values.See(0, Value(time % 12), time)) << time;
  values.Clear();
  EXPECT_EQ(values.See(0, Value(11), 60), kNever);
}

}  // namespace
}  // namespace telltale::engine
