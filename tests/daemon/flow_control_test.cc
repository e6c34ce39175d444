// Who is held when memory is full: by cases, and in a small model of topics of different age.
#include "daemon/kafka/flow_control.h"

#include <algorithm>
#include <limits>

#include "gtest/gtest.h"

namespace telltale::kafka {
namespace {

constexpr int64_t kNone = std::numeric_limits<int64_t>::min();

using Indexes = std::vector<size_t>;

TEST(FlowControlTest, WellBelowTheLimitNobodyIsHeld) {
  FlowChange change = DecideFlow({{10}, {20}}, 90, 100);
  EXPECT_EQ(change.hold, Indexes{});
  EXPECT_EQ(change.release, Indexes{});
}

TEST(FlowControlTest, NearTheLimitHoldsTheOneFurthestAhead) {
  EXPECT_EQ(DecideFlow({{10}, {30}, {20}}, 91, 100).hold, Indexes{1});
  EXPECT_EQ(DecideFlow({{10}, {30, false, true}, {20}}, 91, 100).hold, Indexes{2});
}

TEST(FlowControlTest, BeyondTheLimitHoldsAllThatAreAhead) {
  EXPECT_EQ(DecideFlow({{10}, {30}, {20}}, 101, 100).hold, (Indexes{1, 2}));
}

TEST(FlowControlTest, NeverHoldsTheOneThatHoldsTheOthersBack) {
  EXPECT_EQ(DecideFlow({{10}}, 1000, 100).hold, Indexes{});
  EXPECT_EQ(DecideFlow({{10}, {10}}, 1000, 100).hold, Indexes{});
  EXPECT_EQ(DecideFlow({{10}, {30, false, true}}, 1000, 100).hold, Indexes{});
  EXPECT_EQ(DecideFlow({{kNone}, {kNone}}, 1000, 100).hold, Indexes{});
  EXPECT_EQ(DecideFlow({{kNone}, {5}}, 1000, 100).hold, Indexes{1});
}

TEST(FlowControlTest, IdleOnesHoldNobodyBack) {
  EXPECT_EQ(DecideFlow({{kNone, true}, {20}}, 1000, 100).hold, Indexes{});
  EXPECT_EQ(DecideFlow({{kNone, true}, {20}, {30}}, 1000, 100).hold, Indexes{2});
}

TEST(FlowControlTest, KeyGroupsDoNotWaitForEachOther) {
  // The second group is a month behind the first, and nobody in it waits.
  const std::vector<FlowPartition> partitions = {
      {1000, false, false, 0}, {1005, false, false, 0}, {10, false, false, 1}};
  EXPECT_EQ(DecideFlow(partitions, 1000, 100).hold, Indexes{1});
  EXPECT_EQ(DecideFlow({{1000, false, true, 0}, {10, false, false, 1}}, 1000, 100).release,
            Indexes{0});
}

TEST(FlowControlTest, ReleasesWhoeverIsWaitedForWhateverTheMemory) {
  FlowChange change = DecideFlow({{20}, {10, false, true}, {30, false, true}}, 1000, 100);
  EXPECT_EQ(change.release, Indexes{1});
}

TEST(FlowControlTest, ReleasesTheNearestFirstBelowFourFifths) {
  std::vector<FlowPartition> partitions = {{10}, {30, false, true}, {20, false, true}};
  EXPECT_TRUE(DecideFlow(partitions, 81, 100).release.empty());
  EXPECT_EQ(DecideFlow(partitions, 80, 100).release, Indexes{2});
}

FlowPartition Drift(int64_t watermark, int64_t max_drift, bool drifted = false) {
  return {.watermark = watermark, .max_drift = max_drift, .drifted = drifted};
}

TEST(FlowControlTest, BeyondItsDriftAPartitionIsHeldWhateverTheMemory) {
  EXPECT_EQ(DecideDrift({Drift(10, 100), Drift(110, 100), Drift(111, 100)}).hold, Indexes{2});
  EXPECT_EQ(DecideDrift({Drift(10, 1), Drift(500, INT64_MAX), Drift(12, 1)}).hold, Indexes{2});
  EXPECT_EQ(DecideFlow({Drift(10, 100), Drift(500, 100)}, 10, 100).hold, Indexes{});
}

TEST(FlowControlTest, OneThatDriftedIsLetGoWithinThreeQuarters) {
  EXPECT_EQ(DecideDrift({Drift(10, 100), Drift(86, 100, true)}).release, Indexes{});
  EXPECT_EQ(DecideDrift({Drift(10, 100), Drift(85, 100, true)}).release, Indexes{1});
  // Between the two nothing changes, held or not.
  const FlowChange change = DecideDrift({Drift(10, 100), Drift(95, 100), Drift(95, 100, true)});
  EXPECT_TRUE(change.hold.empty());
  EXPECT_TRUE(change.release.empty());
}

TEST(FlowControlTest, DriftNeverHoldsWhoIsWaitedFor) {
  EXPECT_EQ(DecideDrift({Drift(kNone, 1), Drift(kNone, 1)}).hold, Indexes{});
  EXPECT_EQ(DecideDrift({Drift(kNone, 1), Drift(5, 100)}).hold, Indexes{1});
  EXPECT_EQ(DecideDrift({Drift(kNone, 1), Drift(5, kNoMaxDrift)}).hold, Indexes{});
  EXPECT_EQ(DecideDrift({Drift(7, 1, true), Drift(20, 100)}).release, Indexes{0});
  FlowPartition idle = Drift(kNone, 1);
  idle.idle = true;
  EXPECT_EQ(DecideDrift({idle, Drift(5, 1)}).hold, Indexes{});
  EXPECT_EQ(DecideDrift({idle, Drift(5, 1, true)}).release, Indexes{1});
  FlowPartition other = Drift(1000, 1);
  other.key_group = 1;
  EXPECT_EQ(DecideDrift({Drift(5, 1), other}).hold, Indexes{});
}

// However far their ages are apart, nobody is ever further ahead than its drift and one event, and
// all come to their end.
TEST(FlowControlTest, WhoeverDriftsIsCaughtUp) {
  constexpr int64_t kDrift = 50;
  std::vector<FlowPartition> partitions = {Drift(0, kDrift), Drift(5000, kDrift),
                                           Drift(9000, kDrift)};
  while (std::min({partitions[0].watermark, partitions[1].watermark, partitions[2].watermark}) <
         10'000) {
    for (FlowPartition& one : partitions) {
      if (!one.drifted) ++one.watermark;
    }
    const FlowChange change = DecideDrift(partitions);
    for (size_t i : change.hold) partitions[i].drifted = true;
    for (size_t i : change.release) partitions[i].drifted = false;
    const int64_t least =
        std::min({partitions[0].watermark, partitions[1].watermark, partitions[2].watermark});
    ASSERT_FALSE(std::all_of(partitions.begin(), partitions.end(),
                             [](const FlowPartition& one) { return one.drifted; }));
    if (least >= 9000) {
      for (const FlowPartition& one : partitions) ASSERT_LE(one.watermark - least, kDrift + 1);
    }
  }
}

// Three topics: the first is a month behind. Each turn every one that is not held reads an event;
// an event stays buffered until the least watermark has passed it.
TEST(FlowControlTest, ABacklogOfVeryDifferentAgeStaysWithinTheLimit) {
  constexpr int64_t kLimit = 100;
  std::vector<FlowPartition> partitions = {{0}, {5000}, {9000}};
  std::vector<std::vector<int64_t>> buffered(3);
  int64_t most = 0;
  while (partitions[0].watermark < 10000) {
    for (size_t i = 0; i < 3; ++i) {
      if (!partitions[i].held) buffered[i].push_back(++partitions[i].watermark);
    }
    int64_t least =
        std::min({partitions[0].watermark, partitions[1].watermark, partitions[2].watermark});
    int64_t total = 0;
    for (auto& events : buffered) {
      std::erase_if(events, [&](int64_t time) { return time < least; });
      total += static_cast<int64_t>(events.size());
    }
    most = std::max(most, total);
    FlowChange change = DecideFlow(partitions, total, kLimit);
    for (size_t i : change.hold) partitions[i].held = true;
    for (size_t i : change.release) partitions[i].held = false;
  }
  EXPECT_LE(most, kLimit + 5);
  EXPECT_GE(partitions[2].watermark, 9000);
}

}  // namespace
}  // namespace telltale::kafka
