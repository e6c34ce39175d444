// Keys under watch: which events are kept of them, within which bounds, and how far they are
// applied.
#include "engine/runtime/key_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/reading/near_miss.h"
#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kMs = 1'000'000;
constexpr char kRules[] =
    "id: r\n"
    "by: k\n"
    "sequence:\n"
    "  - one: { on: a, where: 'v == 1' }\n"
    "  - two: { on: b, by: other, where: 'v == 2', within: 1s }\n"
    "---\n"
    "id: off\nby: k\non: a\nmode: 'off'\n"
    "---\n"
    "id: single\nby: [k, v]\non: a\n";

class KeyWatchTest : public ::testing::Test {
 protected:
  explicit KeyWatchTest(bool co_partitioned = false) {
    EngineOptions options{.threads = false};
    options.key_group_is_partition = co_partitioned;
    options.max_out_of_orderness = {100 * kMs, 100 * kMs};
    engine_ = MakeEngine(CompileText(kRules, streams_), options, sink_);
    for (uint32_t stream = 0; stream < 2; ++stream)
      engine_->AddPartition({.stream = stream, .partition = 0}, {});
  }

  Admission Offer(uint32_t stream, int64_t time_ms, const std::string& key, int64_t v,
                  uint32_t partition = 0) {
    EventBuilder builder;
    const TestEvent event{.stream = stream,
                          .time_ms = time_ms,
                          .fields = {{stream == 0 ? "k" : "other", key}, {"v", v}},
                          .partition = partition};
    return engine_->Offer(*Build(builder, engine_->RulesAt(time_ms * kMs), event, next_offset_++));
  }
  // The times of what is kept.
  std::vector<int64_t> Kept(size_t watch = 0) const {
    const WatchedKey key = engine_->Watched().at(watch);
    std::vector<int64_t> times;
    for (size_t i = 0; i < key.blocks.size(); ++i) times.push_back(key.event(i).time / kMs);
    return times;
  }
  std::string Story() {
    const WatchedKey key = engine_->Watched().at(0);
    const RuleReading reading =
        RuleReading::Make(key.its_rule(), key.rules->layouts, *key.rules->inputs).value();
    std::vector<const Event*> events;
    for (size_t i = 0; i < key.blocks.size(); ++i) {
      if (key.event(i).time < key.watermark) events.push_back(&key.event(i));
    }
    Scratch scratch;
    const Names names{.event = [](const Event& e) { return std::to_string(e.time / kMs); },
                      .time = [](int64_t time) { return std::to_string(time / kMs); }};
    return Describe(TellKey(reading, events, key.key, scratch, key.watermark), key.its_rule(),
                    events, names);
  }

  std::shared_ptr<const rules::StreamCatalog> streams_ = TestStreams({"a", "b"});
  CollectingSink sink_;
  std::unique_ptr<Engine> engine_;
  int64_t next_offset_ = 0;
};

TEST_F(KeyWatchTest, KeepsWhatReachesTheKeyAndNothingElse) {
  Offer(0, 1000, "u", 1);
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  EXPECT_THAT(Kept(), IsEmpty());
  Offer(0, 1050, "u", 1);
  Offer(0, 1020, "u", 7);  // fits nothing, and came near
  Offer(1, 1030, "u", 2);  // found under another name
  Offer(0, 1040, "w", 1);
  EXPECT_TRUE(Offer(0, 900, "u", 1).late);
  EXPECT_THAT(Kept(), ElementsAre(1020, 1030, 1050));
}

TEST_F(KeyWatchTest, EachKeyOfARuleHasItsOwn) {
  for (const char* key : {"u", "w", "x"}) ASSERT_TRUE(engine_->Watch("r", {key}, {}).ok());
  Offer(0, 1000, "u", 1);
  Offer(0, 1001, "w", 1);
  Offer(1, 1002, "u", 1);
  EXPECT_THAT(Kept(0), ElementsAre(1000, 1002));
  EXPECT_THAT(Kept(1), ElementsAre(1001));
  EXPECT_THAT(Kept(2), IsEmpty());
  EXPECT_TRUE(engine_->Unwatch("r", {"u"}));
  Offer(0, 1003, "u", 1);
  Offer(0, 1004, "x", 1);
  EXPECT_THAT(Kept(0), ElementsAre(1001));
  EXPECT_THAT(Kept(1), ElementsAre(1004));
}

TEST_F(KeyWatchTest, SaysWhatIsWrong) {
  EXPECT_EQ(engine_->Watch("none", {"u"}, {}).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(engine_->Watch("off", {"u"}, {}).message(), "rule 'off' is off");
  EXPECT_EQ(engine_->Watch("r", {"u", "v"}, {}).message(),
            "the key of rule 'r' has 1 part, and here are 2");
  EXPECT_THAT(engine_->Watched(), IsEmpty());
  EXPECT_FALSE(engine_->Unwatch("r", {"u"}));
}

TEST_F(KeyWatchTest, EndsWhereItShall) {
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  ASSERT_TRUE(engine_->Watch("single", {"u", "1"}, {}).ok());
  ASSERT_THAT(engine_->Watched(), SizeIs(2));
  EXPECT_EQ(engine_->Stats().watched_keys, 2u);
  EXPECT_TRUE(engine_->Unwatch("r", {"u"}));
  ASSERT_THAT(engine_->Watched(), SizeIs(1));
  EXPECT_EQ(engine_->Stats().watched_keys, 1u);
  Offer(0, 1000, "u", 1);
  EXPECT_THAT(Kept(), ElementsAre(1000));
  EXPECT_EQ(engine_->Watched()[0].watermark, kMaxTime);  // single events wait for nothing
}

TEST_F(KeyWatchTest, GivesUpTheOldestBeyondItsBounds) {
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {.events = 3, .bytes = 1 << 20}).ok());
  ASSERT_TRUE(engine_->Watch("r", {"w"}, {.events = 100, .bytes = 200}).ok());
  for (int64_t i = 0; i < 10; ++i) {
    Offer(0, 1000 + i, "u", 1);
    Offer(0, 1000 + i, "w", 1);
  }
  EXPECT_THAT(Kept(0), ElementsAre(1007, 1008, 1009));
  EXPECT_EQ(engine_->Watched()[0].forgotten, 7u);
  const WatchedKey small = engine_->Watched()[1];
  size_t bytes = 0;
  for (const EventBlock& block : small.blocks) bytes += block->size() * sizeof(uint64_t);
  EXPECT_LE(bytes, 200u);
  EXPECT_EQ(small.forgotten + small.blocks.size(), 10u);
}

TEST_F(KeyWatchTest, IsToldAsFarAsTheWatermarkIs) {
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  Offer(0, 1000, "u", 1);
  Offer(1, 1000, "w", 2);
  engine_->Flush();
  EXPECT_EQ(engine_->Watched()[0].watermark, 900 * kMs);
  EXPECT_EQ(Story().substr(0, 17), "no event began it");
  Offer(0, 1500, "w", 1);
  Offer(1, 1500, "w", 2);
  engine_->Flush();
  EXPECT_EQ(Story(), "'one' took 1000\nwaits for step 'two' until 2000  test.yml:5:5\n");
  Offer(1, 1600, "u", 2);
  Offer(0, 1800, "w", 1);
  Offer(1, 1800, "w", 2);
  engine_->Flush();
  EXPECT_EQ(Story(), "all steps were done 1 time: 'one' took 1000, 'two' took 1600\n");
}

TEST_F(KeyWatchTest, BeginsAnewWithOtherRules) {
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  ASSERT_TRUE(engine_->Watch("single", {"u", "1"}, {}).ok());
  Offer(0, 1000, "u", 1);
  Offer(1, 1000, "u", 1);
  engine_->Flush();
  const int64_t since = engine_->Switch(CompileText(
      "id: r\nby: k\nsequence: [ one: { on: a, where: 'w == 1' }, two: { on: b } ]\n", streams_));
  ASSERT_THAT(engine_->Watched(), SizeIs(1));  // the other rule is gone
  EXPECT_EQ(engine_->Watched()[0].since, since);
  EXPECT_EQ(engine_->Watched()[0].rules->rules->rules.size(), 1u);
  EXPECT_THAT(Kept(), IsEmpty());
  Offer(0, 1100, "u", 1);
  EXPECT_THAT(Kept(), ElementsAre(1100));
}

class KeyWatchByPartition : public KeyWatchTest {
 protected:
  KeyWatchByPartition() : KeyWatchTest(true) {}
};

TEST_F(KeyWatchByPartition, ForgetsWhatGoesWithAPartition) {
  engine_->AddPartition({.stream = 0, .partition = 1}, {});
  ASSERT_TRUE(engine_->Watch("r", {"u"}, {}).ok());
  Offer(0, 1000, "u", 1);
  Offer(0, 1100, "u", 1, 1);
  engine_->RemovePartition({.stream = 0, .partition = 1});
  EXPECT_THAT(Kept(), ElementsAre(1000));
  EXPECT_EQ(engine_->Watched()[0].forgotten, 1u);
}

}  // namespace
}  // namespace telltale::engine
