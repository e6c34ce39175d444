// Duplicates by the producer (V8), by hand; tests/model has them at random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Streams a and b; those of a are known by `id`, for ten seconds.
std::shared_ptr<const rules::StreamCatalog> Streams() {
  std::vector<rules::Stream> streams = TestStreams({"a", "b"})->streams();
  streams[0].dedup = rules::Dedup{{"id"}, 10'000'000'000};
  return std::make_shared<const rules::StreamCatalog>(std::move(streams));
}

class DedupTest : public testing::Test {
 protected:
  void Begin(const std::string& rules, uint32_t workers = 1) {
    rules_ = CompileText(rules, Streams());
    engine_ = MakeEngine(rules_,
                         {.workers = workers,
                          .threads = false,
                          .max_out_of_orderness = {30'000'000'000, 30'000'000'000}},
                         sink_);
    for (uint32_t stream = 0; stream < 2; ++stream)
      for (uint32_t partition = 0; partition < 2; ++partition)
        engine_->AddPartition({stream, partition}, {});
  }
  void Offer(TestEvent event) {
    event.fields.try_emplace("k", "one");
    const CompiledRules& rules = engine_->RulesAt(event.time_ms * 1'000'000);
    engine_->Offer(*Build(builder_, rules, event, offset_++));
  }
  void Login(int64_t time_ms, const char* id, uint32_t partition = 0) {
    Offer({.stream = 0, .time_ms = time_ms, .fields = {{"id", id}}, .partition = partition});
  }
  std::vector<std::string> End() {
    engine_->Finish();
    return Summaries(sink_.Take());
  }
  RuleStats Stats() { return engine_->Stats().rules.front(); }

  CollectingSink sink_;
  std::shared_ptr<const CompiledRules> rules_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  int64_t offset_ = 0;
};

constexpr const char* kTwo = R"(
id: two
title: T
by: k
sequence:
  - x: { on: a }
  - y: { on: a, contiguity: strict }
)";

TEST_F(DedupTest, TheFirstInTotalOrderCountsWhereverItComes) {
  Begin(kTwo);
  Login(3000, "i1", 1);  // the first to come, and the duplicate
  Login(1000, "i1");
  Login(4000, "i2");
  EXPECT_THAT(End(), ElementsAre("4000: a@1000 a@4000"));
  EXPECT_EQ(Stats().duplicates, 1u);
}

TEST_F(DedupTest, TheTimeIsClosedAndEverySightingRefreshes) {
  Begin(kTwo);
  for (const int64_t time : {0, 10'000, 20'000, 30'001}) Login(time, "i1");
  EXPECT_THAT(End(), ElementsAre("30001: a@0 a@30001"));
  EXPECT_EQ(Stats().duplicates, 2u);
}

TEST_F(DedupTest, WithoutAValueAnEventCounts) {
  Begin(kTwo);
  Offer({.stream = 0, .time_ms = 0, .fields = {}});
  Offer({.stream = 0, .time_ms = 1, .fields = {{"id", nullptr}}});
  Offer({.stream = 0, .time_ms = 2, .fields = {{"id", 0.5}}});
  Offer({.stream = 0, .time_ms = 3, .fields = {{"id", 0.5}}});
  EXPECT_EQ(End().size(), 3u);
}

TEST_F(DedupTest, ValuesAreComparedAsKeysAre) {
  Begin(kTwo);
  Offer({.stream = 0, .time_ms = 0, .fields = {{"id", int64_t{17}}}});
  Offer({.stream = 0, .time_ms = 1, .fields = {{"id", "17"}}});
  Offer({.stream = 0, .time_ms = 2, .fields = {{"id", 17.0}}});
  EXPECT_THAT(End(), IsEmpty());
}

TEST_F(DedupTest, KeysAndStreamsAreForThemselves) {
  Begin(R"(
id: r
title: T
by: k
sequence:
  - x: { on: a }
  - y: { on: b }
)");
  Login(0, "i1");
  Offer({.stream = 1, .time_ms = 1, .fields = {{"id", "i1"}}});
  Offer({.stream = 1, .time_ms = 2, .fields = {{"id", "i1"}}});  // b has no dedup
  Offer({.stream = 0, .time_ms = 3, .fields = {{"id", "i1"}, {"k", "other"}}});
  Offer({.stream = 1, .time_ms = 4, .fields = {{"k", "other"}}});
  EXPECT_THAT(End(), ElementsAre("1: a@0 b@1", "4: a@3 b@4"));
}

// What fits no rule was there all the same: whether an event counts hangs on no other rule, and on
// no condition.
TEST_F(DedupTest, AnEventThatFitsNothingIsTheFirstAllTheSame) {
  const std::string rule = R"(
id: r
title: T
by: k
sequence:
  - x: { on: a, where: 'n == 2' }
  - y: { on: b }
)";
  Begin(rule);
  Offer({.stream = 0, .time_ms = 0, .fields = {{"id", "i1"}, {"n", int64_t{1}}}});
  Offer({.stream = 0, .time_ms = 1, .fields = {{"id", "i1"}, {"n", int64_t{2}}}});
  Offer({.stream = 1, .time_ms = 2, .fields = {}});
  EXPECT_THAT(End(), IsEmpty());
  EXPECT_EQ(Stats().partial_matches, 0);
}

// It waits for the watermark, for the first may still come.
TEST_F(DedupTest, ASingleEventAlertsOnce) {
  Begin("id: r\ntitle: T\non: a\nwhere: n == 1\n", 3);
  Offer({.stream = 0, .time_ms = 9, .fields = {{"id", "i1"}, {"n", int64_t{1}}}});
  engine_->Flush();
  EXPECT_THAT(sink_.Take(), IsEmpty());
  Offer({.stream = 0, .time_ms = 5, .fields = {{"id", "i1"}, {"n", int64_t{1}}}, .partition = 1});
  Offer({.stream = 0, .time_ms = 7, .fields = {{"id", "i2"}, {"n", int64_t{1}}}});
  EXPECT_THAT(End(), ElementsAre("5: a@5", "7: a@7"));
}

TEST_F(DedupTest, ALateEventIsNotBefore) {
  Begin(kTwo);
  Login(100'000, "i0");
  Login(60'000, "i1");  // too late
  Login(70'000, "i1");
  EXPECT_THAT(End(), ElementsAre("100000: a@70000 a@100000"));
}

TEST_F(DedupTest, StateIsBytesToo) {
  Begin(kTwo);
  Login(0, "i1");
  Login(40'000, "i2");
  Login(40'000, "i3", 1);
  for (uint32_t partition = 0; partition < 2; ++partition) engine_->SetIdle({1, partition}, true);
  engine_->Flush();
  ASSERT_TRUE(engine_->RecodeState().ok());
  Login(10'000, "i1");  // settled are those before
  EXPECT_THAT(End(), ElementsAre("40000: a@0 a@40000", "40000: a@40000 a@40000"));
  EXPECT_EQ(Stats().duplicates, 1u);
}

TEST_F(DedupTest, ItIsPartOfTheFingerprint) {
  Begin(kTwo);
  const rules::Fingerprint with = rules_->rules->rules[0].fingerprint;
  EXPECT_NE(CompileText(kTwo, TestStreams({"a", "b"}))->rules->rules[0].fingerprint, with);
  const std::string other = "id: r\ntitle: T\nby: k\nsequence:\n  - x: { on: b }\n";
  EXPECT_EQ(CompileText(other, TestStreams({"a", "b"}))->rules->rules[0].fingerprint,
            CompileText(other, Streams())->rules->rules[0].fingerprint);
}

constexpr const char* kEarlyTwo = R"(
id: two
by: k
within: 20s
emit: early
sequence:
  - x: { on: a }
  - y: { on: a }
)";

class EarlyDedupTest : public DedupTest {
 protected:
  EarlyDedupTest() { Begin(kEarlyTwo); }
  // What the login makes to be told: "early 1 of 1000 2000".
  std::vector<std::string> Tell(int64_t time_ms, const char* id, uint32_t partition = 0) {
    Login(time_ms, id, partition);
    engine_->Flush();
    return Told();
  }
  std::vector<std::string> Told() {
    std::vector<std::string> lines;
    for (const Alert& alert : sink_.Delivered()) {
      std::string line = alert.status == AlertStatus::kFinal   ? "final "
                         : alert.status == AlertStatus::kEarly ? "early "
                                                               : "retracted ";
      line += std::to_string(alert.revision) + " of";
      for (const Evidence& evidence : alert.evidence)
        line += " " + std::to_string(evidence.time / 1'000'000);
      lines.push_back(std::move(line));
    }
    return lines;
  }
};

TEST_F(EarlyDedupTest, WhatHasArrivedBeforeIsADuplicateAtOnce) {
  EXPECT_THAT(Tell(1000, "i1"), IsEmpty());
  EXPECT_THAT(Tell(2000, "i1"), IsEmpty());
  EXPECT_THAT(Tell(3000, "i2"), ElementsAre("early 1 of 1000 3000"));
  EXPECT_THAT(Tell(4000, "i2"), IsEmpty());
  engine_->Finish();
  EXPECT_THAT(Told(), ElementsAre("final 2 of 1000 3000"));
  EXPECT_EQ(Stats().duplicates, 2u);
}

TEST_F(EarlyDedupTest, WhatComesBeforeItLaterTakesItBack) {
  EXPECT_THAT(Tell(2000, "i1"), IsEmpty());
  EXPECT_THAT(Tell(3000, "i2"), ElementsAre("early 1 of 2000 3000"));
  EXPECT_THAT(Tell(1500, "i1", 1), ElementsAre("retracted 2 of 2000 3000", "early 1 of 1500 3000"));
  engine_->Finish();
  EXPECT_THAT(Told(), ElementsAre("final 2 of 1500 3000"));
}

// The duplicate of an event that is dropped with its partition counts.
TEST_F(EarlyDedupTest, ADroppedPartitionTakesItsSightingsAway) {
  EXPECT_THAT(Tell(1000, "i1", 1), IsEmpty());
  EXPECT_THAT(Tell(2000, "i1"), IsEmpty());
  EXPECT_THAT(Tell(3000, "i2"), ElementsAre("early 1 of 1000 3000"));
  engine_->RemovePartition({0, 1});
  engine_->Flush();
  EXPECT_THAT(Told(), ElementsAre("retracted 2 of 1000 3000", "early 1 of 2000 3000"));
  engine_->Finish();
  EXPECT_THAT(Told(), ElementsAre("final 2 of 2000 3000"));
}

}  // namespace
}  // namespace telltale::engine
