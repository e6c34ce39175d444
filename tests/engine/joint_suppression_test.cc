// Suppression by another key than the rule's (A3): alerts of all keys are decided together in T7's
// order, whatever the shards, batches and bytes; what is not decided is not settled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kMs = 1'000'000;

TestEvent At(int64_t time_ms, const std::string& user, const std::string& ip) {
  return {.stream = 0, .time_ms = time_ms, .fields = {{"user", user}, {"ip", ip}}};
}

// Two of a user within 10 ms; each address is told once in 100 ms.
constexpr char kPairs[] = R"(
id: pairs
by: user
sequence: [ first: { on: a }, second: { on: a } ]
within: 10ms
after_match: skip_past_last
suppress: { by: [second.ip], for: 100ms }
)";

// "time user +suppressed" of each.
std::vector<std::string> Told(const std::vector<Alert>& alerts) {
  std::vector<std::string> lines;
  for (const Alert& alert : alerts) {
    std::string line = std::to_string(alert.time / kMs);
    for (const rules::KeyPart& part : alert.key) line += " " + part.value_or("-");
    if (alert.suppressed > 0) line += " +" + std::to_string(alert.suppressed);
    lines.push_back(line);
  }
  return lines;
}

TEST(JointSuppression, KeysMeetUnderTheKeyThatSuppresses) {
  const std::vector<TestEvent> events = {At(0, "u", "x"),   At(1, "v", "x"),  At(2, "v", "x"),
                                         At(3, "u", "x"),   At(4, "w", "y"),  At(5, "w", "y"),
                                         At(110, "q", "x"), At(111, "q", "x")};
  EXPECT_THAT(Told(RunRules(kPairs, {"a"}, events)), ElementsAre("2 v", "5 w", "111 q +1"));
}

TEST(JointSuppression, TheEpisodeIsInTheDedupKey) {
  const std::vector<Alert> alerts =
      RunRules(kPairs, {"a"},
               {At(0, "u", "x"), At(1, "u", "x"), At(2, "v", "y"), At(3, "v", "y"),
                At(200, "v", "x"), At(201, "v", "x")});
  ASSERT_EQ(alerts.size(), 3u);
  EXPECT_NE(alerts[0].dedup_key, alerts[1].dedup_key);
  EXPECT_NE(alerts[0].dedup_key, alerts[2].dedup_key) << "another episode";
}

std::vector<TestEvent> Many(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<TestEvent> events;
  int64_t time = 0;
  for (int i = 0; i < 400; ++i) {
    time += static_cast<int64_t>(random() % 4);
    events.push_back(
        At(time, "u" + std::to_string(random() % 9), "i" + std::to_string(random() % 3)));
  }
  return events;
}

// Shards, threads and batches do not show; nor does it when state goes through its bytes.
TEST(JointSuppression, NothingOfHowItRunsShows) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const std::vector<TestEvent> events = Many(seed);
    const std::vector<Alert> wanted = RunRules(kPairs, {"a"}, events);
    std::vector<std::string> bodies;
    for (const Alert& alert : wanted) bodies.push_back(AlertJson(alert));
    EXPECT_GT(wanted.size(), 3u);
    for (const uint32_t workers : {2u, 5u}) {
      for (const bool threads : {false, true}) {
        std::vector<std::string> found;
        for (const Alert& alert :
             RunRules(kPairs, {"a"}, events,
                      {.workers = workers, .threads = threads, .batch_events = 7}))
          found.push_back(AlertJson(alert));
        EXPECT_EQ(found, bodies) << seed << " with " << workers;
      }
    }
    const auto compiled = CompileText(kPairs, TestStreams({"a"}));
    CollectingSink sink;
    const auto engine = MakeEngine(compiled, {.workers = 3, .threads = false}, sink);
    engine->AddPartition({0, 0}, {});
    EventBuilder builder;
    for (size_t i = 0; i < events.size(); ++i) {
      engine->Offer(*Build(builder, *compiled, events[i], static_cast<int64_t>(i)));
      if (i % 11 == 0) {
        const absl::StatusOr<size_t> bytes = engine->RecodeState();
        ASSERT_TRUE(bytes.ok()) << bytes.status();
      }
    }
    engine->Finish();
    std::vector<std::string> recoded;
    for (const Alert& alert : sink.Take()) recoded.push_back(AlertJson(alert));
    EXPECT_EQ(recoded, bodies);
  }
}

class Running : public testing::Test {
 protected:
  void Begin(const std::string& rules, EngineOptions options = {.workers = 2, .threads = false}) {
    compiled_ = CompileText(rules, TestStreams({"a"}));
    ASSERT_NE(compiled_, nullptr);
    engine_ = MakeEngine(compiled_, options, sink_);
    engine_->AddPartition({0, 0}, {});
  }
  void Offer(const TestEvent& event) {
    engine_->Offer(*Build(builder_, engine_->RulesAt(event.time_ms * kMs), event, offset_++));
  }
  void Flush() {
    engine_->Flush();
    engine_->Wait();
  }
  std::vector<std::string> Delivered() { return Told(sink_.Delivered()); }
  // How far the stream's events are settled, in milliseconds; -1: not at all.
  int64_t Settled() {
    const auto progress = engine_->Settled(engine_->Processed());
    return progress && progress->settled[0] != kMinTime ? progress->settled[0] / kMs : -1;
  }

  std::shared_ptr<const CompiledRules> compiled_;
  CollectingSink sink_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  int64_t offset_ = 0;
};

TEST_F(Running, AnAlertGoesOutOnceNothingCanComeBeforeIt) {
  Begin(kPairs);
  Offer(At(0, "u", "x"));
  Offer(At(5, "u", "x"));
  Flush();
  EXPECT_THAT(Delivered(), IsEmpty()) << "at 5 more may come";
  Offer(At(14, "v", "x"));
  Flush();
  EXPECT_THAT(Delivered(), IsEmpty()) << "a match that waits for another may be 10 ms late (P7)";
  Offer(At(30, "v", "x"));
  Flush();
  EXPECT_THAT(Delivered(), ElementsAre("5 u"));
}

TEST_F(Running, WhatIsNotDecidedIsNotSettled) {
  Begin(kPairs);
  Offer(At(0, "u", "x"));
  Offer(At(5, "u", "x"));
  Offer(At(14, "v", "x"));
  Flush();
  Flush();
  EXPECT_LE(Settled(), 5) << "the event at 5 must be read again after a crash";
  Offer(At(40, "v", "x"));
  Flush();
  Flush();
  EXPECT_THAT(Delivered(), ElementsAre("5 u"));
  EXPECT_EQ(Settled(), 30);
}

TEST_F(Running, EpisodesGoOnThroughAChangeOfOtherRules) {
  Begin(kPairs);
  for (const int64_t time : {0, 1, 40}) Offer(At(time, "u", "x"));
  Flush();
  EXPECT_THAT(Delivered(), ElementsAre("1 u"));
  const std::string more =
      std::string(kPairs) + "---\nid: zebra\nby: user\non: a\nwhere: ip == \"z\"\n";
  engine_->Switch(CompileText(more, TestStreams({"a"})));
  for (const int64_t time : {60, 61}) Offer(At(time, "v", "x"));
  for (const int64_t time : {120, 121}) Offer(At(time, "w", "x"));
  engine_->Finish();
  EXPECT_THAT(Delivered(), ElementsAre("121 w +1"));
}

TEST_F(Running, AnotherSuppressionBeginsAnewAndARemovedOneEnds) {
  Begin(kPairs);
  for (const int64_t time : {0, 1, 40}) Offer(At(time, "u", "x"));
  Flush();
  EXPECT_THAT(Delivered(), ElementsAre("1 u"));
  std::string other = kPairs;
  other.replace(other.find("100ms"), 5, "300ms");
  engine_->Switch(CompileText(other, TestStreams({"a"})));
  for (const int64_t time : {60, 61, 62, 63, 120}) Offer(At(time, "v", "x"));
  Flush();
  EXPECT_THAT(Delivered(), ElementsAre("61 v"));
  engine_->Switch(
      CompileText("id: zebra\nby: user\non: a\nwhere: ip == \"z\"\n", TestStreams({"a"})));
  for (const int64_t time : {130, 131, 300}) Offer(At(time, "v", "x"));
  Flush();
  Flush();
  EXPECT_THAT(Delivered(), IsEmpty());
  EXPECT_GE(Settled(), 200) << "nothing waits any more";
}

TEST_F(Running, CountsAreTheRules) {
  Begin(kPairs);
  for (const int64_t time : {0, 1}) Offer(At(time, "u", "x"));
  for (const int64_t time : {2, 3}) Offer(At(time, "v", "x"));
  engine_->Finish();
  const EngineStats stats = engine_->Stats();
  ASSERT_EQ(stats.rules.size(), 1u);
  EXPECT_EQ(stats.rules[0].matches, 2u);
  EXPECT_EQ(stats.rules[0].alerts, 1u);
  EXPECT_EQ(stats.rules[0].suppressed, 1u);
}

TEST_F(Running, APartitionThatGoesTakesWhatWaitsWithIt) {
  Begin(kPairs);
  for (const int64_t time : {0, 1, 5}) Offer(At(time, "u", "x"));
  Flush();
  engine_->RemovePartition({0, 0});
  engine_->AddPartition({0, 0}, {});
  for (const int64_t time : {50, 51}) Offer(At(time, "v", "x"));
  engine_->Finish();
  EXPECT_THAT(Delivered(), ElementsAre("51 v")) << "nothing is known of 1";
}

TEST(JointSuppression, WindowsAndNewTermsMeetAsWell) {
  EXPECT_THAT(
      Told(RunRules("id: r\nby: user\nwarm_up: assume_empty\naggregate: { on: a, window: "
                    "{ tumbling: 10ms } }\nemit: every_window\n"
                    "suppress: { by: ['\"all\"'], for: 15ms }\n",
                    {"a"}, {At(1, "u", "x"), At(2, "v", "x"), At(12, "v", "x"), At(25, "u", "x")})),
      ElementsAre("10 u", "30 u +2"));
  EXPECT_THAT(
      Told(RunRules("id: r\nby: user\nwarm_up: assume_empty\nnew_terms: { on: a, field: "
                    "ip, history: 1s }\nsuppress: { by: [a.ip], for: 15ms }\n",
                    {"a"}, {At(1, "u", "x"), At(2, "v", "x"), At(3, "v", "y"), At(40, "w", "x")})),
      ElementsAre("1 u", "3 v", "40 w +1"));
}

}  // namespace
}  // namespace telltale::engine
