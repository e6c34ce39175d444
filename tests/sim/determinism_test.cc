// The headline: the settled alerts are a function of the on-time events and the rules, and of
// nothing else. One input with 1, 2 and 8 shards, batches of 1, 7 and 1,000, threads on and off,
// and its partitions interleaved in five ways: the alerts are the same bytes, and what the
// reference finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/model/agreement.h"
#include "tests/model/engine_run.h"
#include "tests/model/reference_run.h"

namespace telltale::model {
namespace {

constexpr char kRules[] = R"(
id: in-turn
by: user
sequence:
  - first:  { on: logins, where: 't == "a"' }
  - second: { on: devices, by: account, where: 't == "b" && v > first.v', within: 20s }
  - third:  { on: payments, by: payer.id, repeat: { min: 2, max: 3 } }
within: 60s
match: latest
suppress: { by: [user], for: 30s }
alert: { title: 'User {{user}}: {{size(third)}}, {{third.map(e, e.v).sum()}}', fields: { v: first.v } }
---
id: absence
by: account
sequence:
  - device: { on: devices, where: 't != "c"' }
  - not:    { on: payments, by: payer.id, within: 9s }
---
id: quiet-before
by: user
sequence:
  - not:   { on: logins, where: 't == "c"', within: 15s }
  - login: { on: logins, where: 't == "a"' }
  - pay:   { on: payments, by: payer.id, optional: true }
within: 30s
after_match: skip_past_last
---
id: skipping
by: payer.id
sequence:
  - small: { on: payments, where: 'v < 3', repeat: { min: 2 } }
  - not:   { on: devices, by: account, where: 't == "a"' }
  - large: { on: payments, where: 'v > 3 && small.map(e, e.v).sum() > 2' }
within: 40s
match: first
after_match: { skip_to_last: small }
---
id: single
on: payments
where: 'v == 5 && t == "b"'
---
id: everyone
sequence:
  - first:  { on: devices, where: 't == "a" && v == 5' }
  - second: { on: devices, where: 't == "b" && v == first.v', repeat: 2 }
within: 90s
match: latest
---
id: capped
by: user
sequence:
  - one: { on: logins, repeat: { min: 1 } }
  - two: { on: logins, where: 't == "b" && v == 0' }
within: 50s
limits: { partial_matches: 20, matches: 5, on_limit: reject_new }
)";

// Events by partition, in order of their offsets.
using Partitions = std::vector<std::vector<ScenarioEvent>>;

Scenario Streams() {
  Scenario scenario;
  scenario.streams = {{.name = "logins", .partitions = 3, .max_out_of_orderness = 2 * kSecond},
                      {.name = "devices", .partitions = 2, .max_out_of_orderness = 5 * kSecond},
                      {.name = "payments", .partitions = 4, .max_out_of_orderness = 0}};
  scenario.rules = kRules;
  return scenario;
}

Partitions MakePartitions(const Scenario& scenario, uint64_t seed) {
  static constexpr const char* kKeys[] = {"user", "account", "payer.id"};
  std::mt19937_64 random(seed);
  Partitions partitions;
  for (uint32_t stream = 0; stream < scenario.streams.size(); ++stream) {
    for (uint32_t partition = 0; partition < scenario.streams[stream].partitions; ++partition) {
      auto& events = partitions.emplace_back();
      int64_t now = 0;
      for (int64_t offset = 0; offset < 500; ++offset) {
        now += static_cast<int64_t>(random() % 2000) * kSecond / 1000;
        // One in five is behind, some of them beyond the bound: late.
        const int64_t behind = random() % 5 == 0 ? static_cast<int64_t>(random() % 6) * kSecond : 0;
        ScenarioEvent event{.stream = stream,
                            .partition = partition,
                            .offset = offset,
                            .time = now - behind,
                            .fields = {}};
        const auto user = static_cast<int64_t>(random() % 30);
        event.fields[kKeys[stream]] =
            random() % 2 == 0 ? FieldValue(user) : FieldValue(std::to_string(user));
        event.fields["t"] = std::string(1, static_cast<char>('a' + random() % 3));
        event.fields["v"] = static_cast<int64_t>(random() % 6);
        events.push_back(std::move(event));
      }
    }
  }
  return partitions;
}

// 0: event time; 1: one partition after the other; else at random, in runs.
std::vector<ScenarioEvent> Interleave(const Partitions& partitions, uint64_t way) {
  std::mt19937_64 random(way);
  std::vector<size_t> next(partitions.size(), 0);
  std::vector<ScenarioEvent> events;
  const auto left = [&](size_t partition) {
    return next[partition] < partitions[partition].size();
  };
  const auto take = [&](size_t partition) {
    events.push_back(partitions[partition][next[partition]++]);
  };
  while (true) {
    std::vector<size_t> open;
    for (size_t partition = 0; partition < partitions.size(); ++partition) {
      if (left(partition)) open.push_back(partition);
    }
    if (open.empty()) return events;
    if (way == 0) {
      take(*std::min_element(open.begin(), open.end(), [&](size_t a, size_t b) {
        return partitions[a][next[a]].time < partitions[b][next[b]].time;
      }));
    } else if (way == 1) {
      take(open.back());
    } else {
      const size_t partition = open[random() % open.size()];
      for (uint64_t run = 1 + random() % (way * way * 5); run > 0 && left(partition); --run)
        take(partition);
    }
  }
}

class Determinism : public testing::TestWithParam<bool> {};

TEST_P(Determinism, TheAlertsAreTheSameBytes) {
  const uint64_t seed = Seed(20'260'301);
  Scenario scenario = Streams();
  std::string diagnostics;
  const auto rules = Compile(scenario, &diagnostics);
  ASSERT_NE(rules, nullptr) << diagnostics;
  const Partitions partitions = MakePartitions(scenario, seed);
  scenario.events = Interleave(partitions, 0);
  const EngineResult plain = RunEngine(
      scenario, rules, {.workers = 1, .threads = false, .batch_events = 256, .flush_every = 64});
  const std::vector<std::string> expected = plain.Bodies();
  EXPECT_EQ(plain.Outcomes(), RunReference(scenario, *rules).outcomes);
  EXPECT_GT(expected.size(), 300u) << "an input on which little happens proves little";
  for (uint64_t way = 0; way < 5; ++way) {
    scenario.events = Interleave(partitions, way);
    for (const uint32_t workers : {1u, 2u, 8u}) {
      for (const uint32_t batch : {1u, 7u, 1000u}) {
        const EngineSetting setting{.workers = workers,
                                    .threads = GetParam(),
                                    .batch_events = batch,
                                    .flush_every = 1 + batch * 3};
        const std::vector<std::string> bodies = RunEngine(scenario, rules, setting).Bodies();
        ASSERT_TRUE(bodies == expected)
            << "TELLTALE_SEED=" << seed << ": " << workers << " shards, batches of " << batch
            << ", interleaving " << way << ": " << bodies.size() << " alerts, not "
            << expected.size();
      }
    }
  }
}

// All state is encoded, destroyed and decoded at random moments, in some runs after every flush, as
// restarts would: it goes on as if nothing had happened.
TEST_P(Determinism, StateGoesThroughBytesUnseen) {
  const uint64_t seed = Seed(20'260'301);
  Scenario scenario = Streams();
  const auto rules = Compile(scenario);
  ASSERT_NE(rules, nullptr);
  scenario.events = Interleave(MakePartitions(scenario, seed), 2);
  EngineSetting setting{.workers = 2, .threads = GetParam(), .batch_events = 7, .flush_every = 5};
  const std::vector<std::string> expected = RunEngine(scenario, rules, setting).Bodies();
  ASSERT_GT(expected.size(), 300u);
  for (const uint32_t percent : {3u, 20u, 100u}) {
    setting.recode_percent = percent;
    setting.recode_seed = seed + percent;
    const EngineResult got = RunEngine(scenario, rules, setting);
    EXPECT_EQ(got.recode_error, "");
    EXPECT_GT(got.recoded_bytes, 10'000u);
    EXPECT_TRUE(got.Bodies() == expected)
        << "TELLTALE_SEED=" << seed << ": recoded after " << percent
        << " % of the flushes: " << got.Bodies().size() << " alerts, not " << expected.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, Determinism, testing::Bool(),
                         [](const auto& threads) { return threads.param ? "on" : "off"; });

}  // namespace
}  // namespace telltale::model
