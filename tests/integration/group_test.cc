// Several instances in one consumer group: they join, and leave.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;

constexpr int64_t kBegin = 1'700'000'000'000;
int64_t Wave(int number) { return kBegin + number * 1'000'000LL; }

TEST(GroupTest, CoPartitionedInstancesJoinAndLeaveInMidStream) {
  TakeoverRun run(SharedBroker(), {.partitions = 4, .config = "co_partitioned: true"});
  TakeoverRun::Daemon first = run.Start();
  ASSERT_TRUE(first.WaitReady());
  run.Produce(run.Users(0, 300, Wave(0)));

  TakeoverRun::Daemon second = run.Start();
  std::vector<KafkaRecord> users = run.Users(300, 600, Wave(1));
  auto half = users.begin() + static_cast<std::ptrdiff_t>(users.size() / 2);
  run.Produce({users.begin(), half});
  ASSERT_TRUE(second.WaitReady());
  ASSERT_TRUE(first.WaitReady());
  run.Produce({half, users.end()});

  users = run.Users(600, 900, Wave(2));
  half = users.begin() + static_cast<std::ptrdiff_t>(users.size() / 2);
  run.Produce({users.begin(), half});
  // What was settled in the second is not to be cut through by its going: its memory goes with it.
  ASSERT_TRUE(Eventually([&] { return run.Alerted().size() >= 200; })) << run.Describe();
  EXPECT_EQ(second.Terminate(), 0);
  run.Produce({half, users.end()});
  // The first goes on at once with what it has, far beyond what it is about to get.
  run.Produce(run.Flushers(Wave(4)));
  run.ExpectTruth();
}

TEST(GroupTest, WithoutCoPartitioningASecondMemberStopsBothUntilItLeaves) {
  TakeoverRun run(SharedBroker());
  TakeoverRun::Daemon first = run.Start();
  ASSERT_TRUE(first.WaitReady());
  TakeoverRun::Daemon second = run.Start();
  ASSERT_TRUE(first.WaitNotReady("co_partitioned"));
  ASSERT_TRUE(second.WaitNotReady("co_partitioned"));
  run.Produce(run.Users(0, 60, Wave(0)));
  run.Produce(run.Flushers(Wave(2)));
  EXPECT_EQ(second.Terminate(), 0);
  ASSERT_TRUE(first.WaitReady());
  run.ExpectTruth();
}

TEST(GroupTest, UnequalTopicsAreNotCoPartitioned) {
  TakeoverRun run(SharedBroker(), {.config = "co_partitioned: true"});
  ASSERT_TRUE(run.kafka().AddPartitions(run.topic(1), 5).ok());
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitNotReady("numbers of partitions differ"));
}

TEST(GroupTest, IdlePartitionsHoldNobodyBack) {
  TakeoverRun run(SharedBroker(), {.stream_time = ", idle_timeout: 1s"});
  TakeoverRun::Daemon daemon = run.Start();
  ASSERT_TRUE(daemon.WaitReady());
  run.Produce(run.Users(0, 90, Wave(0)));
  // One partition of each topic goes on; the others fall silent.
  for (int stream = 0; stream < 3; ++stream) {
    KafkaRecord flusher = run.Flushers(Wave(2)).at(static_cast<size_t>(stream) * 3);
    run.Produce({flusher});
  }
  run.ExpectTruth();
}

}  // namespace
}  // namespace telltale::integration
