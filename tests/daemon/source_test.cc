// What the source reads and when, with an engine that says what the test wants: who is paused, who
// is idle, what is read again, what a gap and a rebalance do.
#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/kafka/group_lookup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/daemon/source_harness.h"

namespace telltale::kafka {
namespace {

using engine::kMinTime;
using engine::PartitionKey;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Act = FakeEngine::Act;

constexpr int16_t kHeartbeat = 12;  // Kafka's number of the request
constexpr int64_t kMs = 1'000'000;

class SourceTest : public SourceHarness {};

// The partitions of a number wait for each other: a0 for b0, a1 for b1.
TEST_F(SourceTest, NearTheLimitTheFurthestAheadIsHeldAndNeverOneThatIsWaitedFor) {
  config_.buffer_bytes = 1000;
  constexpr int64_t kNear = 950;     // one after the other
  constexpr int64_t kBetween = 850;  // nothing changes
  Start();
  engine_.Buffer(kBetween);
  Produce(kA0, {"100"});
  Produce(kA1, {"300"});
  Produce(kB0, {"10"});
  Produce(kB1, {"200"});
  for (PartitionKey partition : {kA0, kA1, kB0, kB1}) ASSERT_TRUE(Applied(partition, 1));
  EXPECT_THAT(Paused(), IsEmpty());
  const std::vector<std::set<std::string>> steps = {{"a1"}, {"a0", "a1"}, {"a0", "a1"}};
  for (const std::set<std::string>& wanted : steps) {
    engine_.BufferOnce(kNear, kBetween);
    ASSERT_TRUE(Eventually([&] { return engine_.asked_once(); }));
    EXPECT_TRUE(PausedAre(wanted));
  }
  engine_.Buffer(5000);  // and were it for ever
  Produce(kA1, {"301", "302"});
  Produce(kB0, {"11"});
  ASSERT_TRUE(Applied(kB0, 2));
  EXPECT_EQ(Paused(), (std::set<std::string>{"a0", "a1"}));
  EXPECT_THAT(engine_.Offered(kA1), ElementsAre(0));

  engine_.Buffer(800);
  EXPECT_TRUE(PausedAre({}));
  ASSERT_TRUE(Applied(kA1, 3));
  EXPECT_THAT(engine_.Offered(kA1), ElementsAre(0, 1, 2));
  EXPECT_EQ(Figures().streams[0].offset_gaps, 0u);
}

TEST_F(SourceTest, AStreamThatDriftsIsHeldUntilTheOthersAreNear) {
  config_.streams[0].time.max_drift = 100;  // the memory is nearly empty
  Start();
  Produce(kB0, {"10"});
  ASSERT_TRUE(Applied(kB0, 1));
  Produce(kA0, {"200"});
  Produce(kB1, {"5000"});  // of other keys, and its stream has no bound
  EXPECT_TRUE(PausedAre({"a0"}));
  const auto a0 = [&] {
    const telemetry::Snapshot figures = Figures();
    return std::find_if(figures.partitions.begin(), figures.partitions.end(),
                        [](const auto& one) { return one.topic == "a" && one.partition == 0; })
        ->held_for;
  };
  EXPECT_THAT(a0(), ElementsAre("drift"));
  Produce(kA0, {"201"});
  Produce(kB0, {"120"});  // 80 behind: not near enough
  ASSERT_TRUE(Applied(kB0, 2));
  EXPECT_TRUE(PausedAre({"a0"}));
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0));
  Produce(kB0, {"125"});
  EXPECT_TRUE(PausedAre({}));
  EXPECT_TRUE(Applied(kA0, 2));
  EXPECT_EQ(Figures().streams[0].pauses["drift"], 1u);
  EXPECT_EQ(Figures().streams[1].pauses["drift"], 0u);
}

// The second stream is never idle and has no watermark: the first can be held for its sake.
TEST_F(SourceTest, APartitionIsIdleOnceItWasReadToItsEndAndIsSilent) {
  constexpr int64_t kTimeout = 1000 * kMs;
  config_.streams[0].time.idle_timeout = kTimeout;
  config_.streams[1].time.idle_timeout = 3'600'000 * kMs;
  config_.buffer_bytes = 1000;
  Start();
  // Held when it has been read to its end and before it is idle; a busy machine may miss that.
  int64_t read = 0;
  do {
    engine_.Buffer(0);
    Produce(kA0, {absl::StrCat(10 + read)});
    ++read;
    ASSERT_TRUE(Eventually([&] { return PositionOf("a0") == read; }));
    size_t idle = engine_.Calls(Act::kIdle, kA0).size();
    engine_.Buffer(5000);
    ASSERT_TRUE(Eventually(
        [&] { return Paused().contains("a0") || engine_.Calls(Act::kIdle, kA0).size() > idle; }));
  } while (!Paused().contains("a0"));
  engine_.Buffer(900);  // above four fifths of the limit: nothing changes
  const size_t idle = engine_.Calls(Act::kIdle, kA0).size();
  Produce(kA0, {"100", "101"});
  // However long it is held, it is not silent; another that is read becomes idle meanwhile.
  Produce(kA1, {"5"});
  ASSERT_TRUE(Applied(kA1, 1));
  const int64_t offered = engine_.Calls(Act::kOffer, kA1)[0].at;
  ASSERT_TRUE(Eventually([&] {
    std::vector<FakeEngine::Call> calls = engine_.Calls(Act::kIdle, kA1);
    return !calls.empty() && calls.back().at > offered;
  }));
  EXPECT_EQ(engine_.Calls(Act::kIdle, kA0).size(), idle);
  EXPECT_EQ(engine_.Offered(kA0).size(), static_cast<size_t>(read));

  engine_.Buffer(800);
  ASSERT_TRUE(Eventually([&] { return engine_.Calls(Act::kIdle, kA0).size() == idle + 1; }));
  std::vector<FakeEngine::Call> offers = engine_.Calls(Act::kOffer, kA0);
  ASSERT_EQ(offers.size(), static_cast<size_t>(read) + 2);
  EXPECT_GE(engine_.Calls(Act::kIdle, kA0).back().at - offers.back().at, kTimeout);
  EXPECT_THAT(engine_.Calls(Act::kIdle, kB0), IsEmpty());

  // It wakes with its next event, and what was settled meanwhile is its floor.
  engine_.SetJoinFloor(77);
  Produce(kA0, {"102"});
  ASSERT_TRUE(Eventually([&] { return Committed(kA0).second.floor == 77; }));
  EXPECT_EQ(Committed(kB0).second.floor, kMinTime);
  ASSERT_TRUE(Eventually([&] { return engine_.Calls(Act::kIdle, kA0).size() == idle + 2; }));
  std::vector<Act> acts;
  for (const FakeEngine::Call& call : engine_.Calls()) {
    if (call.act != Act::kFlush && call.partition == kA0) acts.push_back(call.act);
  }
  acts.erase(acts.begin(), acts.end() - 6);
  EXPECT_THAT(
      acts, ElementsAre(Act::kOffer, Act::kOffer, Act::kIdle, Act::kWake, Act::kOffer, Act::kIdle));
}

TEST_F(SourceTest, WhoVisitsTheEngineRunsOnItsThread) {
  Start();
  std::thread::id ran_on;
  const engine::Engine* visited = nullptr;
  for (int i = 0; i < 2; ++i) {
    std::thread::id thread;
    ASSERT_TRUE(source_
                    ->OnEngine(
                        [&](engine::Engine& engine) {
                          thread = std::this_thread::get_id();
                          visited = &engine;
                        },
                        absl::Seconds(60))
                    .ok());
    EXPECT_NE(thread, std::this_thread::get_id());
    EXPECT_TRUE(i == 0 || thread == ran_on);
    ran_on = thread;
  }
  EXPECT_EQ(visited, &engine_);
  // One that waits behind another that takes long goes away without having run.
  std::atomic<bool> go{false};
  std::atomic<bool> begun{false};
  std::thread slow([&] {
    EXPECT_TRUE(source_
                    ->OnEngine(
                        [&](engine::Engine&) {
                          begun = true;
                          while (!go) std::this_thread::yield();
                        },
                        absl::Seconds(60))
                    .ok());
  });
  while (!begun) std::this_thread::yield();
  bool late = false;
  EXPECT_EQ(source_->OnEngine([&](engine::Engine&) { late = true; }, absl::Milliseconds(1)).code(),
            absl::StatusCode::kDeadlineExceeded);
  go = true;
  slow.join();
  source_->Stop();
  EXPECT_EQ(source_->OnEngine([&](engine::Engine&) { late = true; }, absl::Seconds(60)).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_FALSE(late);
}

TEST_F(SourceTest, ASwitchReadsAgainFromTheLeastUnappliedOffset) {
  Start();
  Produce(kA0, {"10", "40", "20", "unreadable", "50"});
  Produce(kA1, {"10"});
  ASSERT_TRUE(Applied(kA0, 4));
  ASSERT_TRUE(Applied(kA1, 1));
  engine_.Settle(0, 30);
  Produce(kA0, {"60"});
  ASSERT_TRUE(CommittedIs(kA0, 1));
  ASSERT_TRUE(CommittedIs(kA1, 1));
  auto switched = source_->Switch(NoRules(), absl::Seconds(60));
  ASSERT_TRUE(switched.ok()) << switched.status();
  EXPECT_EQ(switched->time, FakeEngine::kSwitchTime);
  EXPECT_EQ(switched->generation, 2u);
  EXPECT_EQ(decoder_.changes(), 1);
  std::vector<FakeEngine::Call> from = engine_.Calls(Act::kReread, kA0);
  ASSERT_EQ(from.size(), 1u);
  EXPECT_EQ(from[0].offset, 1);
  EXPECT_EQ(from[0].until, 6);
  EXPECT_EQ(from[0].time, 10);
  from = engine_.Calls(Act::kReread, kA1);
  ASSERT_EQ(from.size(), 1u);
  EXPECT_EQ(from[0].offset, 1);  // nothing of it waits
  EXPECT_EQ(from[0].until, 1);

  Produce(kA0, {"70"});
  ASSERT_TRUE(Applied(kA0, 10));
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0, 1, 2, 4, 5, 1, 2, 4, 5, 6));
  EXPECT_THAT(engine_.Offered(kA1), ElementsAre(0));
  EXPECT_EQ(Output("dead", 1).size(), 1u);
  EXPECT_EQ(Figures().streams[0].records, 8u);
  EXPECT_EQ(Figures().streams[0].dead_letters["not_a_number"], 1u);
  EXPECT_EQ(Figures().streams[0].offset_gaps, 0u);
}

TEST_F(SourceTest, AGapAtTheBeginningIsCountedAndReadingGoesOn) {
  // The mock keeps 5 MB of a partition.
  std::vector<std::string> values;
  for (int i = 0; i < 16; ++i)
    values.push_back(absl::StrCat(100 + i, " ", std::string(500000, 'x')));
  Produce(kA0, values);
  auto ends = LogEnds(asker_.get(), {"a", 0});
  ASSERT_TRUE(ends.ok()) << ends.status();
  ASSERT_GT(ends->first, 2);
  CommitBefore(kA0, 2);
  Start();
  ASSERT_TRUE(Eventually([&] {
    return !engine_.Offered(kA0).empty() && engine_.Offered(kA0).back() == 15;
  })) << Log();
  EXPECT_EQ(engine_.Offered(kA0).front(), ends->first);
  EXPECT_EQ(Figures().streams[0].offset_gaps, static_cast<uint64_t>(ends->first - 2));
  EXPECT_THAT(Log(), HasSubstr(absl::StrCat("gap in offsets: a/0 has no 2 to ", ends->first - 1)));
  engine_.Settle(0, 1000);
  Produce(kA0, {"900"});
  EXPECT_TRUE(CommittedIs(kA0, 17));
}

TEST_F(SourceTest, ATopicThatEndsBeforeTheCommittedOffsetIsReadFromItsStart) {
  Produce(kA0, {"10", "20"});
  CommitBefore(kA0, 100);
  Start();
  ASSERT_TRUE(Applied(kA0, 2)) << Log();
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0, 1));
  EXPECT_EQ(Figures().streams[0].offset_gaps, 1u);
  EXPECT_THAT(Log(), HasSubstr("topic made anew or cut: a/0 ends at 2, before 100"));
  // For the engine it is another partition.
  EXPECT_EQ(engine_.Calls(Act::kRemove, kA0).size(), 1u);
  EXPECT_EQ(engine_.Calls(Act::kAdd, kA0).size(), 2u);
  engine_.Settle(0, 1000);
  Produce(kA0, {"30"});
  EXPECT_TRUE(CommittedIs(kA0, 3));
}

TEST_F(SourceTest, ALostAssignmentThatNobodyTookIsTakenAnewAndGoesOn) {
  Start();
  Produce(kA0, {"10", "20"});
  ASSERT_TRUE(Applied(kA0, 2));
  engine_.Settle(0, 15);
  Produce(kA0, {"30"});
  ASSERT_TRUE(CommittedIs(kA0, 1));
  int before = Assignments();
  inputs_.AnswerNext(kHeartbeat, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
  ASSERT_TRUE(Eventually([&] { return Assignments() > before; })) << Log();
  EXPECT_THAT(Log(), HasSubstr("the assignment was lost"));
  engine_.Settle(0, 25);
  Produce(kA0, {"40"});
  ASSERT_TRUE(CommittedIs(kA0, 2));
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(engine_.Calls(Act::kRemove), IsEmpty());
  EXPECT_EQ(engine_.Calls(Act::kAdd).size(), 4u);
}

TEST_F(SourceTest, ARebalanceThatGivesTheSameBackKeepsWhatIsHeld) {
  Start();
  Produce(kA0, {"10", "20"});
  ASSERT_TRUE(Applied(kA0, 2));
  int before = Assignments();
  inputs_.AnswerNext(kHeartbeat, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS);
  ASSERT_TRUE(Eventually([&] { return Assignments() > before; })) << Log();
  Produce(kA0, {"30"});
  ASSERT_TRUE(Applied(kA0, 3));
  EXPECT_THAT(engine_.Offered(kA0), ElementsAre(0, 1, 2));
  EXPECT_THAT(engine_.Calls(Act::kRemove), IsEmpty());
  EXPECT_EQ(engine_.Calls(Act::kAdd).size(), 4u);
}

}  // namespace
}  // namespace telltale::kafka
