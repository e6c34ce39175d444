#include "daemon/telemetry/waits.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace telltale::telemetry {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Two streams of two partitions each, a minute apart: s0/0 at 600 s, s0/1 at 660, s1/0 at 720, s1/1
// at 780.
Snapshot Sample() {
  Snapshot snapshot;
  for (uint32_t i = 0; i < 4; ++i) {
    snapshot.partitions.push_back({.stream = i / 2,
                                   .topic = absl::StrCat("s", i / 2),
                                   .partition = static_cast<int32_t>(i % 2),
                                   .watermark = (600 + 60 * int64_t{i}) * kSecond});
  }
  const auto rule = [&](const char* id, std::vector<uint32_t> streams) {
    engine::RuleStats stats;
    stats.id = id;
    stats.waits_for = std::move(streams);
    snapshot.engine.rules.push_back(stats);
  };
  rule("at_once", {});
  rule("both", {0, 1});
  rule("first", {0});
  rule("second", {1});
  return snapshot;
}

// "rules < topic/partition behind" a line.
std::string Waits(const Snapshot& snapshot) {
  std::string text;
  for (const Wait& wait : WaitsOf(snapshot)) {
    const PartitionFigures& partition = snapshot.partitions[wait.partition];
    absl::StrAppend(&text, absl::StrJoin(wait.rules, ","), " < ", partition.topic, "/",
                    partition.partition, " ", wait.behind ? absl::StrCat(*wait.behind) : "never",
                    "\n");
  }
  return text;
}

TEST(WaitsTest, EachRuleWaitsForTheLeastOfItsOwnStreams) {
  EXPECT_EQ(Waits(Sample()), "both < s0/0 180\nfirst < s0/0 60\nsecond < s1/0 60\n");
}

TEST(WaitsTest, RulesThatWaitAlikeAreToldTogether) {
  Snapshot snapshot = Sample();
  snapshot.partitions[2].watermark = snapshot.partitions[3].watermark = 660 * kSecond;
  EXPECT_EQ(Waits(snapshot), "both,first < s0/0 60\n");
}

TEST(WaitsTest, IdleOnesAreNotWaitedFor) {
  Snapshot snapshot = Sample();
  snapshot.partitions[0].idle = true;
  EXPECT_EQ(Waits(snapshot), "both < s0/1 120\nsecond < s1/0 60\n");
  for (PartitionFigures& partition : snapshot.partitions) partition.idle = true;
  EXPECT_EQ(Waits(snapshot), "");
}

TEST(WaitsTest, WithoutAWatermarkTheWaitHasNoEnd) {
  Snapshot snapshot = Sample();
  snapshot.partitions[3].watermark = engine::kMinTime;
  EXPECT_EQ(Waits(snapshot), "both,second < s1/1 never\nfirst < s0/0 60\n");
  for (PartitionFigures& partition : snapshot.partitions) partition.watermark = engine::kMinTime;
  EXPECT_EQ(Waits(snapshot), "");  // nobody is ahead
}

TEST(WaitsTest, OfCoPartitionedTopicsOneNumberWaitsForItself) {
  Snapshot snapshot = Sample();
  snapshot.co_partitioned = true;
  EXPECT_EQ(Waits(snapshot), "both < s0/0 120\n");
  snapshot.partitions[3].watermark = 1000 * kSecond;
  EXPECT_EQ(Waits(snapshot), "both < s0/1 340\n");
}

TEST(WaitsTest, BehindTheNewestOfAll) {
  const Snapshot snapshot = Sample();
  EXPECT_EQ(BehindNewest(snapshot, snapshot.partitions[0]), 180);
  EXPECT_EQ(BehindNewest(snapshot, snapshot.partitions[3]), 0);
  EXPECT_EQ(BehindNewest(snapshot, PartitionFigures()), std::nullopt);
}

}  // namespace
}  // namespace telltale::telemetry
