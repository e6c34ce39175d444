// T3 and T4 for one partition: the watermark, lateness, the floor, and times at the ends of what
// int64 holds.
#include "engine/time/partition_clock.h"

#include <gtest/gtest.h>

#include <limits>

namespace telltale::engine {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

TEST(PartitionClock, WatermarkIsTheGreatestOnTimeEventLessTheBound) {
  PartitionClock clock(5, kLeast, kLeast);
  EXPECT_EQ(clock.watermark(), kLeast);
  EXPECT_EQ(clock.Observe(100), 0);
  EXPECT_EQ(clock.watermark(), 95);
  EXPECT_EQ(clock.Observe(97), 0);
  EXPECT_EQ(clock.watermark(), 95);
}

TEST(PartitionClock, AnEventAtTheWatermarkIsOnTimeAndOneBelowIsLate) {
  PartitionClock clock(5, kLeast, kLeast);
  EXPECT_EQ(clock.Observe(100), 0);
  EXPECT_EQ(clock.Observe(95), 0);
  EXPECT_EQ(clock.Observe(94), 1);
  EXPECT_EQ(clock.Observe(90), 5);
}

TEST(PartitionClock, TellsHowFarBehindTheGreatestTimeAnEventIs) {
  PartitionClock clock(5, kLeast, kLeast);
  EXPECT_EQ(clock.Behind(kLeast + 1), 0);  // the first
  clock.Observe(100);
  EXPECT_EQ(clock.Behind(101), 0);
  EXPECT_EQ(clock.Behind(100), 0);
  EXPECT_EQ(clock.Behind(97), 3);
  EXPECT_EQ(clock.Behind(10), 90);  // late or not
  clock.Observe(10);
  EXPECT_EQ(clock.Behind(97), 3);  // a late one moves nothing
  EXPECT_EQ(clock.Behind(kLeast), kGreatest);
}

TEST(PartitionClock, ALateEventMovesNothing) {
  PartitionClock clock(0, 50, kLeast);
  EXPECT_EQ(clock.Observe(49), 1);
  EXPECT_EQ(clock.watermark(), kLeast);
  EXPECT_EQ(clock.Observe(50), 0);
}

TEST(PartitionClock, TheFloorNeverFalls) {
  PartitionClock clock(0, 50, kLeast);
  clock.RaiseFloor(40);
  EXPECT_EQ(clock.floor(), 50);
  clock.RaiseFloor(60);
  EXPECT_EQ(clock.Observe(59), 1);
}

TEST(PartitionClock, AdvancesByHandAndNeverBack) {
  PartitionClock clock(10, kLeast, kLeast);
  clock.AdvanceTo(100);
  EXPECT_EQ(clock.watermark(), 100);
  EXPECT_EQ(clock.Observe(99), 1);
  EXPECT_EQ(clock.Observe(100), 0);
  clock.AdvanceTo(50);
  EXPECT_EQ(clock.watermark(), 100);
  clock.AdvanceTo(kGreatest);
  EXPECT_EQ(clock.watermark(), kGreatest - 10);
}

TEST(PartitionClock, TimesAtTheEndsOfTheRangeDoNotWrap) {
  PartitionClock clock(10, kLeast, kLeast);
  EXPECT_EQ(clock.Observe(kLeast + 1), 0);
  EXPECT_EQ(clock.watermark(), kLeast);
  EXPECT_EQ(clock.Observe(kGreatest), 0);
  EXPECT_EQ(clock.watermark(), kGreatest - 10);
  EXPECT_EQ(clock.Observe(kLeast), kGreatest);
}

}  // namespace
}  // namespace telltale::engine
