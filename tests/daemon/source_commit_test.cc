// What the source commits: that which is settled and acknowledged and nothing else, with a note
// from which the next run goes on.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/source_harness.h"

namespace telltale::kafka {
namespace {

using engine::kMinTime;
using support::KafkaRecord;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Act = FakeEngine::Act;

constexpr int16_t kLeaveGroup = 13;  // Kafka's number of the request

class SourceCommitTest : public SourceHarness {};

TEST_F(SourceCommitTest, CommitsWhatIsSettledAndNothingAboveIt) {
  Start();
  EXPECT_TRUE(CommittedIs(kA0, 0));  // where it began
  Produce(kA0, {"20", "10", "30"});
  ASSERT_TRUE(Applied(kA0, 3));
  // The first event waits, and with it the second, though that one is applied.
  engine_.Settle(0, 11);
  Produce(kA0, {"40"});
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.applied_below == 11; }));
  EXPECT_EQ(Committed(kA0),
            std::pair(int64_t{0}, CommitNote{kMinTime, kMinTime, 11, /*read_position=*/4}));
  engine_.Settle(0, 30);
  engine_.Settle(1, 1000);  // another stream's
  Produce(kA0, {"50"});
  ASSERT_TRUE(CommittedIs(kA0, 2));
  EXPECT_EQ(Committed(kA0), std::pair(int64_t{2}, CommitNote{kMinTime, 20, 30, 5}));
}

TEST_F(SourceCommitTest, AnEpochWhoseAlertsAreNotAcknowledgedIsNotCommitted) {
  Start();
  outputs_.Down();
  engine_.Settle(0, 1000);
  AlertAtNextFlush();
  Produce(kA0, {"10"});
  // Notes go with every turn of commits: that the second record was read is known to the broker
  // long after the first could have been committed.
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.read_position == 1; }));
  Produce(kA0, {"20"});
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.read_position == 2; }));
  EXPECT_EQ(CommittedOffset(kA0), 0);
  EXPECT_EQ(Committed(kA0).second.applied_below, kMinTime);
  EXPECT_EQ(AlertedBelow(kA0), 0);
  outputs_.Up();
  ASSERT_TRUE(Eventually([&] { return alerts_->figures().outstanding == 0; }));
  EXPECT_TRUE(CommittedIs(kA0, 2));
}

TEST_F(SourceCommitTest, ALetterHoldsItsOffsetUntilItIsAcknowledged) {
  Start();
  engine_.Settle(0, 1000);
  engine_.LateBelow(5);
  Produce(kA0, {"10"});
  ASSERT_TRUE(CommittedIs(kA0, 1));
  outputs_.Down();
  Produce(kA0, {"11", "unreadable", "12"});
  Produce(kA1, {"10", "3", "11"});  // the second is late
  ASSERT_TRUE(Applied(kA0, 3));
  ASSERT_TRUE(Applied(kA1, 3));
  Produce(kB0, {"unreadable too", "late"});
  // One commit is for all partitions: when the events before the letters are committed, what is
  // behind them could have been.
  EXPECT_TRUE(CommittedIs(kA0, 2));
  EXPECT_TRUE(CommittedIs(kA1, 1));
  engine_.Settle(1, 1000);
  Produce(kB1, {"10"});
  ASSERT_TRUE(CommittedIs(kB1, 1));
  EXPECT_EQ(Committed(kA0), std::pair(int64_t{2}, CommitNote{kMinTime, 11, 1000, 2}));
  EXPECT_EQ(Committed(kA1), std::pair(int64_t{1}, CommitNote{kMinTime, 10, 1000, 1}));
  EXPECT_EQ(CommittedOffset(kB0), 0);

  outputs_.Up();
  EXPECT_TRUE(CommittedIs(kA0, 4));
  EXPECT_TRUE(CommittedIs(kA1, 3));
  EXPECT_TRUE(CommittedIs(kB0, 2));
  std::vector<std::string> dead;
  for (const KafkaRecord& letter : Output("dead", 3)) {
    dead.push_back(absl::StrCat(letter.Header("telltale.topic"), letter.Header("telltale.offset"),
                                " ", *letter.value, " ", letter.Header("telltale.reason")));
  }
  EXPECT_THAT(dead, UnorderedElementsAre("a2 unreadable not_a_number",
                                         "b0 unreadable too not_a_number", "b1 late not_a_number"));
  std::vector<KafkaRecord> late = Output("late", 1);
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].value, "3");
  EXPECT_EQ(late[0].Header("telltale.topic"), "a");
  EXPECT_EQ(late[0].Header("telltale.partition"), "1");
  EXPECT_EQ(late[0].Header("telltale.offset"), "1");
  EXPECT_EQ(late[0].Header("telltale.reason"), "late");
  EXPECT_EQ(late[0].Header("telltale.event_time"), "1970-01-01T00:00:00.000000003Z");
  EXPECT_EQ(late[0].Header("telltale.missed"), "watermark");
  EXPECT_EQ(late[0].Header("telltale.watermark"), "1970-01-01T00:00:00.000000005Z");
  EXPECT_EQ(late[0].Header("telltale.delay_ms"), "0");
  EXPECT_EQ(late[0].Header("telltale.delay_ns"), "2");
  EXPECT_EQ(Figures().streams[0].late, 1u);
  EXPECT_EQ(Figures().streams[0].dead_letters["not_a_number"], 1u);
  EXPECT_EQ(Figures().streams[0].records, 7u);
}

TEST_F(SourceCommitTest, ADrainCommitsAndLeavesAndTheNextRunGoesOnFromThere) {
  Start();
  engine_.Settle(0, 25);
  engine_.SetJoinFloor(5);
  Produce(kA0, {"10", "30", "20", "unreadable"});
  AlertAtNextFlush();
  ASSERT_TRUE(Eventually([&] { return engine_.Offered(kA0).size() == 3; }));
  inputs_.AnswerNext(kLeaveGroup, RD_KAFKA_RESP_ERR_NO_ERROR);
  EXPECT_TRUE(Stop().ok());
  EXPECT_TRUE(Eventually([&] { return inputs_.Answered(kLeaveGroup); }));
  EXPECT_EQ(Committed(kA0), std::pair(int64_t{1}, CommitNote{kMinTime, 10, 25, 4}));
  EXPECT_EQ(AlertedBelow(kA0), 4);
  EXPECT_EQ(alerts_->figures().outstanding, 0u);
  EXPECT_EQ(Output("dead", 1).size(), 1u);

  Start();
  engine::PartitionStart start = engine_.Calls(Act::kAdd, kA0).back().start;
  EXPECT_EQ(start.floor, 5);
  EXPECT_EQ(start.max_time_before, 10);
  EXPECT_EQ(start.applied_below, 25);
  EXPECT_EQ(start.alerted_below, 4);
  Produce(kA0, {"40"});
  ASSERT_TRUE(Applied(kA0, 6));
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0, 1, 2, 1, 2, 4));
  EXPECT_EQ(Output("dead", 1).size(), 1u);
}

TEST_F(SourceCommitTest, ADrainThatCannotEndSaysSoAndCommitsNothingOfIt) {
  Start(absl::Milliseconds(200));
  engine_.Settle(0, 15);
  Produce(kA0, {"10"});
  ASSERT_TRUE(CommittedIs(kA0, 1));
  outputs_.Down();
  engine_.Settle(0, 25);
  AlertAtNextFlush();
  Produce(kA0, {"20"});
  ASSERT_TRUE(Applied(kA0, 2));
  EXPECT_EQ(Stop().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(CommittedOffset(kA0), 1);
}

TEST_F(SourceCommitTest, ADrainWithoutABrokerToCommitToSaysSo) {
  config_.kafka.emplace_back("session.timeout.ms", "60000");  // what it has stays its own
  Start();
  engine_.Settle(0, 15);
  inputs_.Down();
  ASSERT_TRUE(Eventually([&] { return absl::StrContains(Log(), "lost the Kafka broker"); }));
  EXPECT_EQ(Stop().code(), absl::StatusCode::kUnavailable);
}

// Else, after a restart, what is below the settled watermark and new would be on time, and passed
// over as applied.
TEST_F(SourceCommitTest, AnIdlePartitionHasWhatIsSettledForItsFloor) {
  config_.streams[0].time.idle_timeout = 100'000'000;
  Start();
  engine_.Settle(0, 50);
  engine_.Settle(1, 40);
  Produce(kB0, {"60"});
  ASSERT_TRUE(Eventually([&] { return Committed(kB0).second.applied_below == 40; }));
  EXPECT_TRUE(Eventually([&] { return Committed(kA0).second.floor == 50; }));
  EXPECT_EQ(Committed(kB0).second.floor, kMinTime);
  EXPECT_TRUE(Stop().ok());
  Start();
  EXPECT_EQ(engine_.Calls(Act::kAdd, kA0).back().start.floor, 50);
  EXPECT_EQ(engine_.Calls(Act::kAdd, kB0).back().start.floor, kMinTime);
}

// What a start is told must not be forgotten by the commits before anything has settled anew: a
// crash then would apply twice what the note says is applied.
TEST_F(SourceCommitTest, TheFirstCommitOfARunKeepsWhatWasAppliedBefore) {
  Start();
  engine_.Settle(0, 25);
  Produce(kA0, {"30", "20"});
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.applied_below == 25; }));
  EXPECT_TRUE(Stop().ok());
  Start();
  Produce(kA0, {"40"});
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.read_position == 3; }));
  EXPECT_EQ(Committed(kA0), std::pair(int64_t{0}, CommitNote{kMinTime, kMinTime, 25, 3}));
}

}  // namespace
}  // namespace telltale::kafka
