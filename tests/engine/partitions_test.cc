// Partitions that are silent, join, wake and go: T3, T4 and T9 at the engine's border.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kMs = 1'000'000;
constexpr PartitionKey kFirst{.stream = 0, .partition = 0};
constexpr PartitionKey kSecond{.stream = 0, .partition = 1};

class PartitionsTest : public ::testing::Test {
 protected:
  void Start(EngineOptions options, const std::string& rule =
                                        "sequence: [ {x: {on: a, where: 'v == 1'}}, {y: {on: a, "
                                        "where: 'v == 2'}} ]\nwithin: 1h\n") {
    options.threads = false;
    rules_ = CompileText("id: r\nby: k\n" + rule, TestStreams({"a"}));
    engine_ = MakeEngine(rules_, options, sink_);
  }
  Admission Offer(PartitionKey partition, int64_t time_ms, int64_t v,
                  const std::string& key = "u") {
    TestEvent event;
    event.partition = partition.partition;
    event.time_ms = time_ms;
    event.fields["k"] = key;
    event.fields["v"] = v;
    return engine_->Offer(*Build(builder_, *rules_, event, offset_++));
  }
  std::vector<std::string> Flushed() {
    engine_->Flush();
    return Summaries(sink_.Take());
  }

  std::shared_ptr<const CompiledRules> rules_;
  CollectingSink sink_;
  EventBuilder builder_;
  std::unique_ptr<Engine> engine_;
  int64_t offset_ = 0;
};

TEST_F(PartitionsTest, ASilentPartitionHoldsBackUntilItIsIdle) {
  Start({});
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 1000, 1);
  Offer(kFirst, 2000, 2);
  Offer(kFirst, 3000, 0);
  EXPECT_THAT(Flushed(), IsEmpty());
  engine_->SetIdle(kSecond, true);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1000 a@2000"));
}

TEST_F(PartitionsTest, APartitionThatWakesIsLateBelowWhatWasSettled) {
  Start({});
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  engine_->SetIdle(kSecond, true);
  Offer(kFirst, 5000, 0);
  engine_->Flush();
  EXPECT_EQ(engine_->JoinFloor(kSecond), 5000 * kMs);
  const Admission late = Offer(kSecond, 4000, 1);
  EXPECT_TRUE(late.late);
  EXPECT_EQ(late.delay, 1000 * kMs);
  EXPECT_FALSE(Offer(kSecond, 5000, 1).late);
}

TEST_F(PartitionsTest, ALateEventTellsWhatItMissed) {
  Start({.max_out_of_orderness = {1000 * kMs}});
  engine_->AddPartition(kFirst, {.floor = 500 * kMs});
  const Admission below_floor = Offer(kFirst, 400, 1);
  EXPECT_TRUE(below_floor.late && below_floor.below_floor);
  EXPECT_EQ(below_floor.delay, 100 * kMs);
  EXPECT_EQ(below_floor.behind, 0);  // it is the first
  Offer(kFirst, 5000, 1);
  const Admission late = Offer(kFirst, 3999, 1);
  EXPECT_TRUE(late.late && !late.below_floor);
  EXPECT_EQ(late.delay, 1 * kMs);
  EXPECT_EQ(late.behind, 1001 * kMs);
  const Admission on_time = Offer(kFirst, 4000, 1);
  EXPECT_FALSE(on_time.late);
  EXPECT_EQ(on_time.behind, 1000 * kMs);
}

// All day it held nobody back; what it brings of the day is too late, and what comes now is not.
TEST_F(PartitionsTest, APartitionThatWakesAfterADay) {
  constexpr int64_t kDay = 86'400'000;
  Start({.max_out_of_orderness = {1000 * kMs}});
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 0, 0);
  Offer(kSecond, 0, 0);
  engine_->SetIdle(kSecond, true);
  Offer(kFirst, kDay - 3000, 1);
  Offer(kFirst, kDay, 0);
  EXPECT_THAT(Flushed(), IsEmpty());
  const Admission old = Offer(kSecond, kDay / 2, 2);
  EXPECT_TRUE(old.late && old.below_floor);
  EXPECT_FALSE(Offer(kSecond, kDay - 500, 2).late);
  Offer(kFirst, kDay + 5000, 0);
  EXPECT_THAT(Flushed(), IsEmpty());  // it is waited for again
  Offer(kSecond, kDay + 5000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("86399500: a@86397000 a@86399500"));
}

TEST_F(PartitionsTest, WhatWaitsOfAPartitionThatGoesIsDroppedNotSettled) {
  Start({});
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 9000, 0);
  Offer(kSecond, 1000, 1);
  Offer(kSecond, 2000, 2);
  Offer(kSecond, 2000, 0);
  engine_->RemovePartition(kSecond);  // it alone held the watermark at 2 s
  EXPECT_THAT(Flushed(), IsEmpty());
}

TEST_F(PartitionsTest, AKeyGroupGoesWithItsPartition) {
  EngineOptions options;
  options.key_group_is_partition = true;
  Start(options);
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 1000, 1, "stays");
  Offer(kSecond, 1000, 1, "goes");
  Offer(kFirst, 1500, 0);
  Offer(kSecond, 1500, 0);
  engine_->Flush();
  EXPECT_EQ(engine_->Stats().rules.at(0).partial_matches, 2);
  engine_->RemovePartition(kSecond);
  engine_->Flush();
  EXPECT_EQ(engine_->Stats().rules.at(0).partial_matches, 1);
  Offer(kFirst, 2000, 2, "stays");
  Offer(kFirst, 2000, 2, "goes");
  Offer(kFirst, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1000 a@2000"));
}

// Where key groups are partitions.
class KeyGroupsTest : public PartitionsTest {
 protected:
  void Start(const std::string& rule =
                 "sequence: [ {x: {on: a, where: 'v == 1'}}, {y: {on: a, "
                 "where: 'v == 2'}} ]\nwithin: 1h\n") {
    EngineOptions options;
    options.key_group_is_partition = true;
    PartitionsTest::Start(options, rule);
  }
};

TEST_F(KeyGroupsTest, WaitForNoOtherGroup) {
  Start();
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 1000, 1);
  Offer(kFirst, 2000, 2);
  Offer(kFirst, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1000 a@2000"));  // the second has said nothing
  const Progress progress = *engine_->Settled(1);
  EXPECT_EQ(progress.SettledOf(kFirst), 3000 * kMs);
  EXPECT_EQ(progress.SettledOf(kSecond), kMinTime);
}

TEST_F(KeyGroupsTest, OneThatJoinsBehindTheOthersIsNotLate) {
  Start();
  engine_->AddPartition(kFirst, {});
  Offer(kFirst, 9'000'000, 0);
  engine_->Flush();
  EXPECT_EQ(engine_->JoinFloor(kSecond), kMinTime);
  engine_->AddPartition(kSecond, {});
  EXPECT_FALSE(Offer(kSecond, 1000, 1).late);
  EXPECT_FALSE(Offer(kSecond, 2000, 2).late);
  Offer(kSecond, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1000 a@2000"));
}

TEST_F(KeyGroupsTest, OneThatComesBackBeginsAnew) {
  Start();
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kSecond, 8000, 1);
  Offer(kSecond, 9000, 0);
  const uint64_t before = engine_->Flush();
  engine_->RemovePartition(kSecond);
  // It was elsewhere, and comes back from further behind: what an old epoch says is not of it.
  engine_->AddPartition(kSecond, {.floor = kMinTime, .max_time_before = 1000 * kMs});
  EXPECT_EQ(engine_->Settled(before)->SettledOf(kSecond), kMinTime);
  EXPECT_FALSE(Offer(kSecond, 1500, 1).late);
  Offer(kSecond, 2000, 2);
  Offer(kSecond, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1500 a@2000"));
  EXPECT_EQ(engine_->Stats().rules.at(0).partial_matches, 0);
}

TEST_F(KeyGroupsTest, HandTheirStateOverEachAtItsOwnTime) {
  Start();
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 1000, 1, "ahead");
  Offer(kFirst, 5000, 0, "ahead");
  Offer(kSecond, 100, 1, "behind");
  Offer(kSecond, 200, 0, "behind");
  engine_->Flush();
  EXPECT_EQ(engine_->Switch(rules_), 5000 * kMs);
  // Whose watermark is past T_s has its matches at once, though another is still behind.
  Offer(kFirst, 6000, 2, "ahead");
  Offer(kFirst, 7000, 0, "ahead");
  EXPECT_THAT(Flushed(), ElementsAre("6000: a@1000 a@6000"));
  EXPECT_TRUE(engine_->switching());
  Offer(kSecond, 300, 2, "behind");
  Offer(kSecond, 400, 1, "behind");
  Offer(kSecond, 5001, 0, "behind");
  EXPECT_THAT(Flushed(), ElementsAre("300: a@100 a@300"));
  EXPECT_FALSE(engine_->switching());
  Offer(kSecond, 6000, 2, "behind");
  Offer(kSecond, 7000, 0, "behind");
  EXPECT_THAT(Flushed(), ElementsAre("6000: a@400 a@6000"));
}

TEST_F(KeyGroupsTest, OneThatJoinsAfterASwitchIsForTheRulesThatAreThere) {
  Start();
  engine_->AddPartition(kFirst, {});
  Offer(kFirst, 5000, 0);
  engine_->Flush();
  EXPECT_EQ(engine_->Switch(rules_), 5000 * kMs);
  Offer(kFirst, 6000, 0);
  engine_->Flush();
  ASSERT_FALSE(engine_->switching());
  engine_->AddPartition(kSecond, {});
  Offer(kSecond, 1000, 1);
  Offer(kSecond, 2000, 2);
  Offer(kSecond, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@1000 a@2000"));
}

TEST_F(KeyGroupsTest, OneThatGoesHoldsNoSwitchUp) {
  Start();
  engine_->AddPartition(kFirst, {});
  engine_->AddPartition(kSecond, {});
  Offer(kFirst, 5000, 0);
  engine_->Flush();
  engine_->Switch(rules_);
  Offer(kFirst, 6000, 0);
  engine_->Flush();
  EXPECT_TRUE(engine_->switching());
  engine_->RemovePartition(kSecond);
  engine_->Flush();
  EXPECT_FALSE(engine_->switching());
}

// Rules over single events (K2).
class SingleEventsTest : public PartitionsTest {
 protected:
  void Start(const std::string& more = "", EngineOptions options = {}) {
    PartitionsTest::Start(options, "on: a\nwhere: 'v == 1'\n" + more);
    engine_->AddPartition(kFirst, {});
  }
};

TEST_F(SingleEventsTest, AlertWithoutWaitingForAWatermark) {
  EngineOptions options;
  options.max_out_of_orderness = {3'600'000 * kMs};
  Start("", options);
  Offer(kFirst, 2000, 1);
  Offer(kFirst, 1000, 1);
  Offer(kFirst, 3000, 2);
  EXPECT_THAT(Flushed(), ElementsAre("1000: a@1000", "2000: a@2000"));
  EXPECT_EQ(engine_->Stats().rules.at(0).alerts, 2u);
  engine_->Finish();
  EXPECT_THAT(Summaries(sink_.Take()), IsEmpty());
}

TEST_F(SingleEventsTest, ThatAreSuppressedAlertInOrder) {
  Start("suppress: { for: 1m }\n");
  Offer(kFirst, 1000, 1);
  EXPECT_THAT(Flushed(), IsEmpty());
  Offer(kFirst, 1001, 2);
  EXPECT_THAT(Flushed(), ElementsAre("1000: a@1000"));
}

TEST_F(SingleEventsTest, WithoutAKeyAreDealtOutToAllShards) {
  class ByShard : public AlertSink {
   public:
    void Deliver(uint32_t shard, uint64_t, std::vector<Alert> alerts) override {
      counts.at(shard) += alerts.size();
    }
    std::vector<size_t> counts = {0, 0, 0};
  } sink;
  rules_ = CompileText("id: r\non: a\nwhere: 'v == 1'\n", TestStreams({"a"}));
  engine_ = MakeEngine(rules_, {.workers = 3, .threads = false}, sink);
  engine_->AddPartition(kFirst, {});
  for (int64_t i = 0; i < 30; ++i) Offer(kFirst, 1000 + i, 1);
  engine_->Flush();
  EXPECT_THAT(sink.counts, ElementsAre(10, 10, 10));
}

TEST_F(SingleEventsTest, WhoseKeyIsMissingAreDroppedAndCounted) {
  Start();
  TestEvent event;
  event.time_ms = 1000;
  event.fields["v"] = int64_t{1};
  engine_->Offer(*Build(builder_, *rules_, event, 0));
  EXPECT_THAT(Flushed(), IsEmpty());
  EXPECT_EQ(engine_->Stats().rules.at(0).missing_keys, 1u);
}

TEST_F(SingleEventsTest, AlertOnceOverARestart) {
  PartitionsTest::Start({}, "on: a\nwhere: 'v == 1'\n");
  engine_->AddPartition(kFirst, {.alerted_below = 2});
  Offer(kFirst, 1000, 1);
  Offer(kFirst, 1001, 1);
  Offer(kFirst, 1002, 1);  // the offset is 2
  EXPECT_THAT(Flushed(), ElementsAre("1002: a@1002"));
}

TEST_F(SingleEventsTest, AlertOnceOverASwitch) {
  EngineOptions options;
  options.max_out_of_orderness = {1000 * kMs};
  Start("", options);
  Offer(kFirst, 2000, 1);
  Offer(kFirst, 5000, 1);
  Offer(kFirst, 5100, 2);
  EXPECT_THAT(Flushed(), ElementsAre("2000: a@2000", "5000: a@5000"));
  // The watermark is at 4.1 s, but the event of 5 s has alerted.
  EXPECT_EQ(engine_->Switch(rules_), 5000 * kMs);
  engine_->RereadFrom(kFirst, 1, 3, 2000 * kMs);
  offset_ = 1;
  Offer(kFirst, 5000, 1);
  Offer(kFirst, 5100, 2);
  Offer(kFirst, 4500, 1);  // for the old set
  Offer(kFirst, 5001, 1);  // for the new one
  EXPECT_THAT(Flushed(), ElementsAre("4500: a@4500", "5001: a@5001"));
}

TEST_F(PartitionsTest, EventsThatWaitAreCountedByRule) {
  Start({});
  engine_->AddPartition(kFirst, {});
  Offer(kFirst, 1000, 1);
  Offer(kFirst, 1000, 2);
  Offer(kFirst, 1000, 3);  // fits nothing
  engine_->Flush();
  EXPECT_EQ(engine_->Stats().rules.at(0).buffered_events, 2);
  Offer(kFirst, 1001, 3);
  engine_->Flush();
  EXPECT_EQ(engine_->Stats().rules.at(0).buffered_events, 0);
  Offer(kFirst, 2000, 1);
  engine_->Flush();
  engine_->RemovePartition(kFirst);
  engine_->Flush();
  EXPECT_EQ(engine_->Stats().rules.at(0).buffered_events, 0);
}

// What was found of keys while their events were fetched ahead is not what stands there after their
// state was written and read: of more keys than are kept, the first have gone.
TEST_F(PartitionsTest, KeysMoveWhileTheirEventsAreFetchedAhead) {
  constexpr int64_t kKeys = 9'000;
  constexpr int64_t kAgain = 64;
  for (const std::string rule :
       {"sequence: [ {x: {on: a, where: 'v == 1'}}, {y: {on: a, where: 'v == 2'}} ]\nwithin: 10s\n",
        "aggregate: { on: a, window: { sliding: 10s }, having: sum(v) == 3 }\n",
        "aggregate: { on: a, window: { session: 5s }, having: sum(v) == 3 }\nemit: as_reached\n",
        "aggregate: { on: a, window: { tumbling: 9s }, having: sum(v) == 3 }\nemit: "
        "as_reached\n"}) {
    Start({.max_out_of_orderness = {100 * kMs}}, rule);
    engine_->AddPartition(kFirst, {});
    for (int64_t key = 0; key < kKeys; ++key)
      Offer(kFirst, key < kKeys / 2 ? 1'000 : 10'000, 1, std::to_string(key));
    Offer(kFirst, 11'500, 1, "u");
    EXPECT_THAT(Flushed(), IsEmpty());
    for (int64_t again = 0; again < kAgain; ++again)
      Offer(kFirst, 11'501 + again, 2, std::to_string(kKeys - 1 - again));
    Offer(kFirst, 11'501 + kAgain / 2 + 100, 0, "u");
    EXPECT_EQ(Flushed().size(), kAgain / 2) << rule;
    ASSERT_TRUE(engine_->RecodeState().ok());
    Offer(kFirst, 12'000, 0, "u");
    EXPECT_EQ(Flushed().size(), kAgain / 2) << rule;
  }
}

TEST_F(PartitionsTest, WhatWasAppliedBeforeARestartIsPassedOver) {
  Start({});
  engine_->AddPartition(
      kFirst, {.floor = kMinTime, .max_time_before = 900 * kMs, .applied_below = 2000 * kMs});
  EXPECT_TRUE(Offer(kFirst, 899, 1).late);
  EXPECT_FALSE(Offer(kFirst, 1000, 1).late);  // on time, and applied then
  Offer(kFirst, 2000, 2);
  Offer(kFirst, 2001, 1);
  Offer(kFirst, 2002, 2);
  Offer(kFirst, 3000, 0);
  EXPECT_THAT(Flushed(), ElementsAre("2002: a@2001 a@2002"));
}

TEST_F(PartitionsTest, ProgressWaitsForTheAcknowledgement) {
  Start({});
  engine_->AddPartition(kFirst, {});
  Offer(kFirst, 1000, 0);
  const uint64_t first = engine_->Flush();
  Offer(kFirst, 2000, 0);
  const uint64_t second = engine_->Flush();
  EXPECT_EQ(engine_->Settled(first - 1), std::nullopt);
  EXPECT_EQ(engine_->Settled(first)->SettledOf({.stream = 0, .partition = 0}), 1000 * kMs);
  EXPECT_EQ(engine_->Settled(second)->SettledOf({.stream = 0, .partition = 0}), 2000 * kMs);
}

TEST_F(PartitionsTest, LimitsActAndSayItOnceAnHour) {
  Start({},
        "sequence: [ {x: {on: a, where: 'v == 1'}}, {y: {on: a, where: 'v == 2'}} ]\nwithin: 3h\n"
        "limits: { partial_matches: 2 }\n");
  engine_->AddPartition(kFirst, {});
  for (int64_t i = 0; i < 6; ++i) Offer(kFirst, 1000 + i, 1);
  Offer(kFirst, 2000, 2);
  engine_->Finish();
  const std::vector<Alert> alerts = sink_.Take();
  EXPECT_THAT(Summaries(alerts),
              ElementsAre("1002:", "2000: a@1004 a@2000", "2000: a@1005 a@2000"));
  EXPECT_EQ(alerts[0].kind, AlertKind::kLimit);
  EXPECT_TRUE(alerts[1].truncated);
  EXPECT_EQ(engine_->Stats().rules.at(0).limit_hits, 4u);
}

}  // namespace
}  // namespace telltale::engine
