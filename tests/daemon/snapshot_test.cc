#include "daemon/telemetry/snapshot.h"

#include "daemon/telemetry/process_figures.h"
#include "gtest/gtest.h"
#include "tests/daemon/sample_snapshot.h"
#include "tests/support/temp_dir.h"

namespace telltale::telemetry {
namespace {

TEST(SnapshotTest, ConsumerLagNeedsBothEnds) {
  EXPECT_EQ(ConsumerLag({.position = 60, .end = 100}), 40);
  EXPECT_EQ(ConsumerLag({.position = 101, .end = 100}), 0);  // the end is news of a moment ago
  EXPECT_EQ(ConsumerLag({.position = -1, .end = 100}), std::nullopt);
  EXPECT_EQ(ConsumerLag({.position = 60, .end = -1}), std::nullopt);
}

TEST(SnapshotTest, WatermarkLagOfNoWatermarkAndOfTheEnd) {
  Snapshot snapshot;
  snapshot.time = 10'000'000'000;
  EXPECT_EQ(WatermarkLag(snapshot, 4'000'000'000), 6.0);
  EXPECT_EQ(WatermarkLag(snapshot, 14'000'000'000), 0.0);
  EXPECT_EQ(WatermarkLag(snapshot, engine::kMinTime), std::nullopt);
  EXPECT_EQ(WatermarkLag(snapshot, engine::kMaxTime), std::nullopt);
}

TEST(SnapshotTest, WhoHoldsTheOthersBack) {
  Snapshot snapshot = tests::SampleSnapshot();
  EXPECT_EQ(HoldingBack(snapshot), 2u);  // no watermark yet
  snapshot.partitions[2].watermark = snapshot.time;
  EXPECT_EQ(HoldingBack(snapshot), 0u);  // behind it; the idle one does not count
  snapshot.partitions[1].idle = false;
  EXPECT_EQ(HoldingBack(snapshot), 1u);
  snapshot.partitions.resize(1);
  EXPECT_EQ(HoldingBack(snapshot), std::nullopt);  // there are no others
  snapshot.partitions.clear();
  EXPECT_EQ(HoldingBack(snapshot), std::nullopt);
}

TEST(ProcessFiguresTest, OfThisProcess) {
  ProcessFigures figures = ReadProcessFigures();
  EXPECT_GT(figures.resident_bytes, 100'000u);
  EXPECT_GE(figures.virtual_bytes, figures.resident_bytes);
  EXPECT_GE(figures.open_files, 3u);
  EXPECT_GE(figures.max_open_files, figures.open_files);
}

TEST(ProcessFiguresTest, ANameMayHoldBracketsAndSpaces) {
  support::TempDir proc;
  proc.Write("stat", "7 (a) b (c) S 1 1 1 0 -1 4194560 9 0 0 0 150 50 0 0 20 0 1 0 1 1 1\n");
  proc.Write("statm", "10 5 1 1 0 1 0\n");
  ProcessFigures figures = ReadProcessFigures(proc.path());
  EXPECT_GT(figures.resident_bytes, 0u);
  EXPECT_EQ(figures.virtual_bytes, 2 * figures.resident_bytes);
  EXPECT_EQ(figures.open_files, 0u);
}

TEST(ProcessFiguresTest, NothingToReadIsZero) {
  ProcessFigures figures = ReadProcessFigures("/nonexistent");
  EXPECT_EQ(figures.resident_bytes, 0u);
  EXPECT_EQ(figures.cpu_seconds, 0);
}

}  // namespace
}  // namespace telltale::telemetry
