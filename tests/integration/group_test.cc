// Several instances in one consumer group: they join, leave, are thrown out and come back.
#include <signal.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/takeover_run.h"

namespace telltale::integration {
namespace {

using support::KafkaRecord;
using support::SharedBroker;

constexpr int64_t kBegin = 1'700'000'000'000;
int64_t Wave(int number) { return kBegin + number * 1'000'000LL; }

// A sample that a daemon has of a partition of the first topic while it is assigned.
std::string PausedOf(const TakeoverRun& run, int partition) {
  return absl::StrCat("telltale_partition_paused{stream=\"logins\",topic=\"", run.topic(0),
                      "\",partition=\"", partition, "\"}");
}

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

// The first is stopped for longer than its session, so that the second gets all; what it knew when
// it goes on is old. Each sequence is settled wholly before or read wholly after a move.
TEST(GroupTest, AMemberThatWasThrownOutCommitsNothingOfItsOldOffsetsAndComesBackByItself) {
  constexpr int kPartitions = 4;
  TakeoverRun run(SharedBroker(), {.partitions = kPartitions, .config = "co_partitioned: true"});
  TakeoverRun::Daemon first = run.Start();
  TakeoverRun::Daemon second = run.Start();
  const auto has = [&](const TakeoverRun::Daemon& daemon) {
    int count = 0;
    for (int i = 0; i < kPartitions; ++i) {
      count += daemon.Metric(PausedOf(run, i)) >= 0 ? 1 : 0;
    }
    return count;
  };
  ASSERT_TRUE(Eventually([&] { return has(first) == 2 && has(second) == 2; })) << run.Describe();
  run.Produce(run.Users(0, 300, Wave(0)));
  run.Produce(run.Flushers(Wave(1)));
  run.ExpectTruth();
  ASSERT_TRUE(Eventually([&] { return run.Committed() == 300 * 3; })) << run.Committed();

  first.process->Signal(SIGSTOP);
  ASSERT_TRUE(Eventually([&] { return has(second) == kPartitions; })) << second.process->Stderr();
  ASSERT_TRUE(second.WaitReady());
  run.Produce(run.Users(300, 600, Wave(2)));
  run.Produce(run.Flushers(Wave(3)));
  run.ExpectTruth();
  std::vector<KafkaRecord> users = run.Users(600, 900, Wave(4));
  const auto half = users.begin() + static_cast<std::ptrdiff_t>(users.size() / 2);
  run.Produce({users.begin(), half});
  const int64_t taken = 600 * 3 + 2 * 3 * kPartitions;  // with what flushed before
  ASSERT_TRUE(Eventually([&] { return run.Committed() == taken; })) << run.Committed();

  first.process->Signal(SIGCONT);
  // Nothing settles any more: who commits anything else commits what is not its own.
  ASSERT_TRUE(Eventually([&] {
    EXPECT_EQ(run.Committed(), taken);
    return has(first) == 2 && has(second) == 2;
  })) << first.process->Stderr();
  EXPECT_THAT(first.process->Stderr(), ::testing::HasSubstr("the assignment was lost"));
  ASSERT_TRUE(first.WaitReady());
  ASSERT_TRUE(second.WaitReady());
  run.Produce({half, users.end()});
  run.Produce(run.Flushers(Wave(6)));
  run.ExpectTruth();
  const int64_t shared = taken + 300 * 3;
  ASSERT_TRUE(Eventually([&] { return run.Committed() == shared; })) << run.Committed();

  // Again, and the second leaves before the first goes on: it gets back all that it had, and each
  // partition is further than it knows.
  first.process->Signal(SIGSTOP);
  ASSERT_TRUE(Eventually([&] { return has(second) == kPartitions; })) << second.process->Stderr();
  run.Produce(run.Users(900, 1200, Wave(8)));
  run.Produce(run.Flushers(Wave(9)));
  run.ExpectTruth();
  EXPECT_EQ(second.Terminate(), 0);
  const int64_t left = shared + 300 * 3 + 3 * kPartitions;
  EXPECT_EQ(run.Committed(), left);
  first.process->Signal(SIGCONT);
  ASSERT_TRUE(Eventually([&] {
    EXPECT_EQ(run.Committed(), left);
    return has(first) == kPartitions;
  })) << first.process->Stderr();
  ASSERT_TRUE(first.WaitReady());
  run.Produce(run.Users(1200, 1500, Wave(10)));
  run.Produce(run.Flushers(Wave(12)));
  run.ExpectTruth();
  EXPECT_THAT(run.RepeatedAlerts(), ::testing::IsEmpty());
  EXPECT_EQ(first.Terminate(), 0);
  EXPECT_EQ(run.Committed(), left + 300 * 3 + 3 * kPartitions);
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
