// Rules on rules (A5) through the engine: what reaches whom, by which key, in which order, and that
// neither shards nor batches nor switches show in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kMs = 1'000'000;

const std::vector<std::string> kStreams = {"logins", "devices"};

TestEvent Login(int64_t time_ms, const std::string& user, const std::string& result = "failure") {
  return {.stream = 0, .time_ms = time_ms, .fields = {{"user", user}, {"result", result}}};
}
TestEvent Device(int64_t time_ms, const std::string& user, const std::string& id = "d") {
  return {.stream = 1, .time_ms = time_ms, .fields = {{"user", user}, {"id", id}}};
}

// "rule key time_ms" of each.
std::vector<std::string> Told(const std::vector<Alert>& alerts) {
  std::vector<std::string> lines;
  for (const Alert& alert : alerts) {
    std::string line = alert.rule->id;
    for (const rules::KeyPart& part : alert.key) line += " " + part.value_or("-");
    lines.push_back(line + " " + std::to_string(alert.time / kMs));
  }
  return lines;
}

std::vector<std::string> Tell(const std::string& rules, const std::vector<TestEvent>& events) {
  return Told(RunRules(rules, kStreams, events));
}

constexpr char kRiskyDay[] = R"(
- { id: failure, by: user, on: logins, where: 'result == "failure"', alert: { risk_score: 40 } }
- { id: device, by: user, on: devices, alert: { risk_score: 30 } }
- id: risky-day
  by: user
  aggregate: { on: alerts, window: { sliding: 24h }, having: sum(risk_score) >= 100 }
  warm_up: assume_empty
)";

TEST(AlertChain, AddsUpRiskOverRules) {
  EXPECT_THAT(Tell(kRiskyDay, {Login(1000, "u"), Device(2000, "u"), Login(2500, "v"),
                               Login(3000, "u"), Login(4000, "u")}),
              ElementsAre("failure u 1000", "device u 2000", "failure v 2500", "failure u 3000",
                          "risky-day u 3000", "failure u 4000"));
}

TEST(AlertChain, ShowsTheAlertsThatItHasRead) {
  const std::vector<Alert> alerts =
      RunRules(kRiskyDay, kStreams, {Login(1000, "u"), Device(2000, "u"), Login(3000, "u")});
  ASSERT_EQ(alerts.size(), 4u);
  const Alert& failure = alerts[0];
  const Alert& risky = alerts[3];
  ASSERT_EQ(risky.rule->id, "risky-day");
  ASSERT_EQ(risky.evidence.size(), 3u);
  EXPECT_EQ(risky.evidence[0].alert_rule, "failure");
  EXPECT_EQ(risky.evidence[0].alert_id, ToHex(failure.id));
  EXPECT_THAT(
      AlertJson(risky),
      HasSubstr("{\"step\":\"alerts\",\"stream\":\"alerts\",\"alert\":\"" + ToHex(failure.id) +
                "\",\"rule\":\"failure\",\"time\":\"1970-01-01T00:00:01.000Z\","
                "\"event\":{\"risk_score\":40,\"user\":\"u\"}}"));
}

TEST(AlertChain, ABuildingBlockFeedsAndSendsNothing) {
  constexpr char kRules[] = R"(
- id: spree
  mode: building_block
  by: user
  sequence:
    - a: { on: logins }
    - b: { on: logins, contiguity: strict }
  within: 10s
  match: first
- id: after-spree
  by: user
  sequence:
    - spree: { on: alerts, where: 'rule.id == "spree"' }
    - device: { on: devices, within: 5s }
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Login(2000, "u"), Device(3000, "u"),
                            Device(4000, "v"), Login(5000, "v")}),
              ElementsAre("after-spree u 3000"));
}

TEST(AlertChain, AnIdleBuildingBlockDoesNotRun) {
  constexpr char kRules[] = R"(
- { id: lonely, mode: building_block, by: user, on: logins }
- { id: heard, by: user, on: devices }
)";
  const auto compiled = CompileText(kRules, TestStreams(kStreams));
  ASSERT_NE(compiled, nullptr);
  EXPECT_TRUE(compiled->layouts[0].fields().empty());
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Device(2000, "u")}), ElementsAre("heard u 2000"));
}

TEST(AlertChain, ReadsWhatItsConditionSaysOfTheRule) {
  constexpr char kRules[] = R"(
- { id: low, by: user, on: logins, level: low, tags: [auth] }
- { id: high, title: High, by: user, on: devices, level: high, tags: [auth, device] }
- { id: tried, by: user, on: devices, level: high, mode: shadow }
- { id: by-level, by: user, on: alerts, where: 'level == "high"' }
- { id: by-tag, by: user, on: alerts, where: '"auth" in tags' }
- { id: by-title, by: user, on: alerts, where: 'rule.title == "High" && kind == "match"' }
- { id: by-kind, by: user, on: alerts, where: 'kind == "window"' }
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Device(2000, "v")}),
              ElementsAre("low u 1000", "by-tag u 1000", "high v 2000", "tried v 2000",
                          "by-level v 2000", "by-tag v 2000", "by-title v 2000"));
}

TEST(AlertChain, RulesOnRulesAreReadWhereTheyAreNamed) {
  constexpr char kRules[] = R"(
- { id: a, by: user, on: logins }
- { id: b, by: user, on: alerts, where: 'rule.id == "a"' }
- { id: c, by: user, on: alerts, where: 'rule.id in ["a", "b"]' }
- { id: d, by: user, on: alerts }
- { id: e, by: user, on: alerts, where: 'rule.on_alerts && (rule.id == "c" || rule.id == "b")' }
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u")}),
              testing::UnorderedElementsAre("a u 1000", "b u 1000", "c u 1000", "c u 1000",
                                            "d u 1000", "e u 1000", "e u 1000", "e u 1000"));
}

TEST(AlertChain, TheKeyMayBeAnother) {
  constexpr char kRules[] = R"(
- id: failure
  by: user
  on: logins
  alert:
    fields: { where: [result, 'site'], size: 3 }
    entities: [ { type: user, id: user }, { type: host, id: '"h-" + user' } ]
- id: by-field
  by: fields.where
  on: alerts
  where: fields.size == 3
- id: by-entity
  by: each(entities.map(e, e.id))
  aggregate: { on: alerts, window: { sliding: 1h }, having: count() >= 2 }
  warm_up: assume_empty
)";
  const std::string rules = [&] {
    std::string text = kRules;
    const std::string list = "[result, 'site']";
    text.replace(text.find(list), list.size(), "'\"at \" + user'");
    return text;
  }();
  EXPECT_THAT(
      Tell(rules, {Login(1000, "u"), Login(2000, "v"), Login(3000, "u")}),
      testing::UnorderedElementsAre("failure u 1000", "by-field at u 1000", "failure v 2000",
                                    "by-field at v 2000", "failure u 3000", "by-field at u 3000",
                                    "by-entity u 3000", "by-entity h-u 3000"));
}

// K1: an alert without that part of the key is for nobody there.
TEST(AlertChain, AnAlertWithoutTheKeyIsDropped) {
  constexpr char kRules[] = R"(
- { id: by-user, by: user, on: logins }
- { id: by-id, by: id, on: devices }
- { id: unkeyed, on: devices }
- { id: reader, by: id, on: alerts }
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Device(2000, "v", "d1")}),
              testing::UnorderedElementsAre("by-user u 1000", "by-id d1 2000", "unkeyed 2000",
                                            "reader d1 2000"));
}

TEST(AlertChain, WhatIsSuppressedIsReadWhereItIsAskedFor) {
  constexpr char kRules[] = R"(
- { id: failure, by: user, on: logins, suppress: { for: 1m } }
- id: heard
  by: user
  aggregate: { on: alerts, window: { sliding: 1h }, having: count() >= 2 }
  warm_up: assume_empty
- id: all
  by: user
  aggregate: { on: alerts, include: suppressed, window: { sliding: 1h }, having: count() >= 3 }
  warm_up: assume_empty
- { id: silent, by: user, on: alerts, include: suppressed, where: alert.suppressed }
)";
  EXPECT_THAT(
      Tell(kRules, {Login(1000, "u"), Login(2000, "u"), Login(3000, "u"), Login(70'000, "u")}),
      testing::UnorderedElementsAre("failure u 1000", "silent u 2000", "silent u 3000",
                                    "all u 3000", "failure u 70000", "heard u 70000"));
}

TEST(AlertChain, LimitAlertsAndOutputsAreNotRead) {
  constexpr char kRules[] = R"(
- id: many
  by: user
  sequence:
    - a: { on: logins }
    - b: { on: devices, contiguity: any }
    - c: { on: logins, where: 'result == "never"' }
  within: 1h
  limits: { partial_matches: 1 }
- { id: views, by: user, on: logins, output: { topic: views, fields: { user: user } } }
- { id: reader, by: user, on: alerts }
)";
  const std::vector<Alert> alerts = RunRules(
      kRules, kStreams, {Login(1000, "u"), Login(2000, "u"), Device(3000, "u"), Login(4000, "u")});
  EXPECT_TRUE(std::any_of(alerts.begin(), alerts.end(),
                          [](const Alert& alert) { return alert.kind == AlertKind::kLimit; }));
  EXPECT_TRUE(std::none_of(alerts.begin(), alerts.end(),
                           [](const Alert& alert) { return alert.rule->id == "reader"; }));
}

// T2: an alert comes behind all events of its time.
TEST(AlertChain, StandsBehindAllEventsOfItsTime) {
  constexpr char kRules[] = R"(
- { id: failure, by: user, on: logins }
- id: device-first
  by: user
  sequence:
    - device: { on: devices }
    - failure: { on: alerts, contiguity: strict }
  within: 1h
- id: failure-first
  by: user
  sequence:
    - failure: { on: alerts }
    - device: { on: devices }
  within: 1h
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Device(1000, "u")}),
              ElementsAre("failure u 1000", "device-first u 1000"));
}

TEST(AlertChain, AbsenceOfAnAlertIsKnownOnceItCanComeNoMore) {
  constexpr char kRules[] = R"(
- { id: approval, mode: building_block, by: user, on: devices, where: 'id == "ok"' }
- id: unapproved
  by: user
  sequence:
    - login: { on: logins }
    - not: { on: alerts, where: 'rule.id == "approval"', within: 5s }
)";
  EXPECT_THAT(Tell(kRules, {Login(1000, "u"), Device(6000, "u", "ok"), Login(1000, "v"),
                            Device(6001, "v", "ok")}),
              ElementsAre("unapproved v 6000"));
}

// A match waits for an older partial match while `within` lasts (P7): so long after an `A` that
// meets no `B`.
constexpr char kWaiting[] = R"(
- id: pair
  by: user
  sequence:
    - a: { on: logins, where: 'result in ["a", "A"]' }
    - b: { on: logins, where: 'result == (a.result == "a" ? "b" : "B")' }
  within: 10s
  after_match: skip_past_last
- { id: device, by: user, on: devices }
- id: order
  by: user
  sequence:
    - pair: { on: alerts, where: 'rule.id == "pair"' }
    - device: { on: alerts, where: 'rule.id == "device"', contiguity: strict }
  within: 1h
)";

// P7: a match that waits for an older one has the time of its last event all the same, and is read
// at that place.
TEST(AlertChain, AlertsThatHadToWaitAreReadInTheirPlace) {
  EXPECT_THAT(Tell(kWaiting, {Login(500, "u", "A"), Login(1000, "u", "a"), Login(2000, "u", "b"),
                              Device(3000, "u"), Login(60'000, "u", "x")}),
              testing::Contains("order u 3000"));
}

// --- Shards, batches, epochs ---

constexpr char kLevels[] = R"(
- { id: failure, by: user, on: logins, where: 'result == "failure"', alert: { risk_score: 7 } }
- { id: device, mode: building_block, by: id, on: devices }
- id: burst
  by: user
  aggregate: { on: alerts, where: 'rule.id == "failure"', window: { sliding: 3s }, having: count() >= 2 }
  warm_up: assume_empty
  suppress: { for: 2s }
- id: spread
  aggregate: { on: alerts, where: 'rule.id == "device"', window: { tumbling: 5s }, having: count() >= 2 }
  warm_up: assume_empty
- id: both
  sequence:
    - burst: { on: alerts, where: 'rule.id == "burst"', include: suppressed }
    - spread: { on: alerts, where: 'rule.id == "spread"' }
  within: 10s
- id: quiet
  by: user
  sequence:
    - burst: { on: alerts, where: 'rule.id == "burst"' }
    - not: { on: devices, within: 3s }
)";

std::vector<TestEvent> RandomEvents(uint32_t seed, size_t count) {
  std::mt19937 random(seed);
  const auto pick = [&](uint32_t n) { return static_cast<int64_t>(random() % n); };
  std::vector<TestEvent> events;
  int64_t time = 0;
  for (size_t i = 0; i < count; ++i) {
    time += pick(700);
    const std::string user = "u" + std::to_string(pick(4));
    events.push_back(pick(3) == 0 ? Device(time, user, "d" + std::to_string(pick(3)))
                                  : Login(time, user, pick(4) == 0 ? "success" : "failure"));
  }
  return events;
}

std::vector<std::string> Ids(std::vector<Alert> alerts) {
  std::vector<std::string> ids;
  for (const Alert& alert : alerts) ids.push_back(AlertJson(alert));
  return ids;
}

TEST(AlertChain, ShardsAndBatchesDoNotShow) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    const std::vector<TestEvent> events = RandomEvents(seed, 300);
    const std::vector<std::string> expected = Ids(RunRules(kLevels, kStreams, events));
    EXPECT_THAT(expected, testing::Contains(HasSubstr("\"id\":\"both\"")));
    EXPECT_THAT(expected, testing::Contains(HasSubstr("\"id\":\"quiet\"")));
    for (const uint32_t workers : {1u, 2u, 3u, 4u}) {
      for (const bool threads : {false, true}) {
        EXPECT_EQ(Ids(RunRules(kLevels, kStreams, events,
                               {.workers = workers,
                                .threads = threads,
                                .batch_events = 1 + seed * workers,
                                .queue_batches = 2})),
                  expected)
            << "seed " << seed << ", " << workers << " workers, threads " << threads;
      }
    }
  }
}

class Chained : public testing::Test {
 protected:
  void Start(const std::string& rules, EngineOptions options = {.threads = false}) {
    streams_ = TestStreams(kStreams);
    compiled_ = CompileText(rules, streams_);
    ASSERT_NE(compiled_, nullptr);
    engine_ = MakeEngine(compiled_, std::move(options), sink_);
    for (uint32_t stream = 0; stream < kStreams.size(); ++stream)
      engine_->AddPartition({.stream = stream, .partition = 0}, {});
  }
  Admission Offer(const TestEvent& event) {
    const PartitionKey key{.stream = event.stream, .partition = event.partition};
    return engine_->Offer(
        *Build(builder_, engine_->RulesAt(event.time_ms * kMs), event, offsets_[key]++));
  }
  void Both(int64_t time_ms) {
    Offer(Login(time_ms, "nobody", "success"));
    Offer(Device(time_ms, "nobody"));
  }
  std::vector<std::string> Taken() { return Told(sink_.Take()); }

  std::shared_ptr<const rules::StreamCatalog> streams_;
  std::shared_ptr<const CompiledRules> compiled_;
  CollectingSink sink_;
  std::unique_ptr<Engine> engine_;
  EventBuilder builder_;
  std::map<PartitionKey, int64_t> offsets_;
};

constexpr char kTwoLevels[] = R"(
- { id: failure, by: user, on: logins, where: 'result == "failure"' }
- id: twice
  by: user
  aggregate: { on: alerts, window: { sliding: 1h }, having: count() >= 2 }
  warm_up: assume_empty
)";

// An offset may be committed once what came of its event has been applied by all who read it.
TEST_F(Chained, AnEventIsSettledWithItsReaders) {
  Start(kTwoLevels, {.threads = true});
  Offer(Login(1000, "u"));
  Offer(Login(5000, "u"));
  const uint64_t first = engine_->Flush();
  while (engine_->Processed() < first) {
  }
  EXPECT_EQ(engine_->Settled(first)->SettledOf({.stream = 0, .partition = 0}), kMinTime);
  engine_->Wait();
  EXPECT_EQ(engine_->Settled(UINT64_MAX)->SettledOf({.stream = 0, .partition = 0}), 5000 * kMs);
}

TEST_F(Chained, ADrainReachesTheReaders) {
  Start(kTwoLevels, {.threads = true});
  Offer(Login(1000, "u"));
  Offer(Login(2000, "u"));
  Offer(Login(5000, "v"));
  engine_->Flush();
  engine_->Wait();
  EXPECT_THAT(Taken(),
              ElementsAre("failure u 1000", "failure u 2000", "twice u 2000", "failure v 5000"));
  EXPECT_EQ(engine_->Stats().alerts_read, 3u);
}

TEST_F(Chained, AnIdleProducerHoldsNobodyBack) {
  Start(R"(
- id: pair
  by: user
  sequence: [ { a: { on: devices } }, { b: { on: devices } } ]
  within: 1h
- id: failure
  by: user
  sequence: [ { a: { on: logins } }, { b: { on: logins } } ]
  within: 1h
- { id: reader, by: user, on: alerts }
)");
  Offer(Device(500, "u"));
  engine_->SetIdle({.stream = 1, .partition = 0}, true);
  Offer(Login(1000, "u"));
  Offer(Login(2000, "u"));
  Offer(Login(9000, "v"));
  engine_->Flush();
  EXPECT_THAT(Taken(), ElementsAre("failure u 2000", "reader u 2000"));
  // It wakes with what is on time for its own rule, and too late for the reader.
  Offer(Device(600, "u"));
  Offer(Device(20'000, "v"));
  engine_->Flush();
  EXPECT_THAT(Taken(), ElementsAre("pair u 600"));
  EXPECT_EQ(engine_->Stats().alerts_late, 1u);
}

TEST_F(Chained, StateOnTheWaySurvivesItsBytes) {
  Start(kTwoLevels);
  Offer(Login(1000, "u"));
  Both(1500);
  ASSERT_TRUE(engine_->RecodeState().ok());
  Offer(Login(2000, "u"));
  ASSERT_TRUE(engine_->RecodeState().ok());
  engine_->Finish();
  const std::vector<Alert> alerts = sink_.Take();
  EXPECT_THAT(Told(alerts), ElementsAre("failure u 1000", "failure u 2000", "twice u 2000"));
  ASSERT_EQ(alerts[2].evidence.size(), 2u);
  EXPECT_EQ(alerts[2].evidence[0].alert_id, ToHex(alerts[0].id));
}

// C2: an alert up to T_s is for the old readers, which hand over behind it.
TEST_F(Chained, ASwitchKeepsWhatReadersHold) {
  Start(kTwoLevels);
  Offer(Login(1000, "u"));
  Both(3000);
  engine_->Flush();
  const std::string other = std::string(kTwoLevels) +
                            "- { id: another, by: user, on: devices, where: id == 'x' }\n"
                            "- { id: aaa, by: user, on: alerts, where: rule.id == 'twice' }\n";
  const auto next = CompileText(other, streams_);
  ASSERT_NE(next, nullptr);
  engine_->Switch(next);
  Offer(Login(4000, "u"));
  Both(9000);
  engine_->Flush();
  EXPECT_FALSE(engine_->switching());
  EXPECT_THAT(Taken(), testing::UnorderedElementsAre("failure u 1000", "failure u 4000",
                                                     "twice u 4000", "aaa u 4000"));
}

// A5: whose alerts a rule reads is what the set says that acts at their time, though the rule goes
// on; between two switches at the same T_s no time is left at all.
TEST_F(Chained, TheSetOfAnAlertsTimeSaysWhoReadsIt) {
  constexpr char kReader[] = "- { id: reader, by: user, on: alerts }\n";
  constexpr char kDevice[] = "- { id: device, by: user, on: devices, where: 'id == \"d\"' }\n";
  const auto device = [](int64_t time_ms) { return Device(time_ms, "u"); };
  const auto both = [this](int64_t time_ms) {
    Offer(Login(time_ms, "nobody", "success"));
    Offer(Device(time_ms, "nobody", "x"));
  };
  Start(std::string(kReader) + kDevice +
        "- { id: login, by: user, on: logins, where: 'result == \"failure\"' }\n");
  Offer(Login(1000, "u"));
  Offer(device(1500));
  both(3000);
  engine_->Flush();
  EXPECT_THAT(Taken(), testing::UnorderedElementsAre("login u 1000", "reader u 1000",
                                                     "device u 1500", "reader u 1500"));
  const auto between = CompileText(kDevice, streams_);
  // Its matches have no bound to how long they wait, so nobody reads the rule that has the name
  // now.
  const auto last = CompileText(std::string(kReader) + kDevice + R"(
- id: login
  by: user
  sequence:
    - a: { on: logins, where: 'result == "failure"', repeat: { min: 1, max: 2, greedy: true } }
)",
                                streams_);
  ASSERT_NE(between, nullptr);
  ASSERT_NE(last, nullptr);
  const int64_t from = engine_->Switch(between);
  EXPECT_EQ(engine_->Switch(last), from);
  Offer(Login(4000, "u"));
  Offer(Login(5000, "u"));
  Offer(device(6000));
  both(9000);
  engine_->Flush();
  EXPECT_FALSE(engine_->switching());
  EXPECT_THAT(Taken(),
              testing::UnorderedElementsAre("login u 5000", "device u 6000", "reader u 6000"));
}

// The pair at 2000 waits until 10500. Two switches have come since, and its state has gone through
// both; its reader is of the first set.
TEST_F(Chained, AMatchThatWaitsThroughTwoSwitchesIsReadInItsPlace) {
  Start(kWaiting);
  Offer(Login(500, "u", "A"));
  Offer(Login(1000, "u", "a"));
  Offer(Login(2000, "u", "b"));
  Offer(Device(3000, "u"));
  for (const int64_t time_ms : {4000, 5000}) {
    Both(time_ms);
    engine_->Flush();
    const std::string other = "- { id: one-more, by: user, on: logins, where: 'result == \"" +
                              std::to_string(time_ms) + "\"' }\n";
    const auto next = CompileText(kWaiting + other, streams_);
    ASSERT_NE(next, nullptr);
    EXPECT_EQ(engine_->Switch(next), time_ms * kMs);
  }
  Both(9000);
  engine_->Flush();
  EXPECT_TRUE(engine_->switching());
  EXPECT_THAT(Taken(), testing::Not(testing::Contains(HasSubstr("pair"))));
  Both(60'000);
  engine_->Flush();
  EXPECT_FALSE(engine_->switching());
  EXPECT_THAT(Taken(), testing::IsSupersetOf({"pair u 2000", "order u 3000"}));
  EXPECT_EQ(engine_->Stats().alerts_late, 0u);
}

// Before the switch `asks` reads `heard`, which reads `waits`; behind it `asks` and `waits` read
// the same, and share a lane. So `heard` would wait for what it is itself waited for.
TEST_F(Chained, ASwitchThatWouldWaitForItselfGoesOn) {
  constexpr char kRules[] = R"(
- { id: failure, by: user, on: logins, where: 'result == "failure"' }
- id: waits
  by: user
  sequence:
    - a: { on: alerts, where: 'rule.id == "failure"' }
    - b: { on: alerts, where: 'rule.id == "failure" && level == "high"', optional: true }
    - c: { on: alerts, where: 'rule.id == "failure"' }
  within: 10s
  after_match: skip_past_last
- { id: asks, by: user, on: alerts, where: 'rule.id in ["failure", "heard"]' }
)";
  Start(std::string(kRules) +
        "- { id: heard, by: user, on: alerts, where: 'rule.id == \"waits\"' }\n");
  Offer(Login(1000, "u"));
  Both(3000);
  engine_->Flush();
  const auto next = CompileText(kRules, streams_);
  ASSERT_NE(next, nullptr);
  engine_->Switch(next);
  Offer(Login(4000, "u"));
  Both(60'000);
  engine_->Flush();
  EXPECT_FALSE(engine_->switching());
  EXPECT_THAT(Taken(),
              testing::UnorderedElementsAre("failure u 1000", "asks u 1000", "failure u 4000",
                                            "asks u 4000", "waits u 4000"));
}

}  // namespace
}  // namespace telltale::engine
