// State is written as bytes, destroyed, and read again at random moments: patterns of every
// construct, on keys that see thousands of events under disorder, with every representation of
// partial matches, give the same alerts, bodies and ids included.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/model/agreement.h"
#include "tests/model/engine_run.h"

namespace telltale::model {
namespace {

constexpr char kRules[] = R"(
id: any-repeat
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y"', contiguity: any, repeat: { min: 1, max: 4, inside: any } }
  - z: { on: b, where: 'v > 3', contiguity: any, within: 4s }
within: 9s
limits: { matches: 200 }
---
id: any-count
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y"', repeat: { min: 1, inside: any } }
  - z: { on: b, where: 'v > 3', contiguity: any, optional: true }
  - w: { on: b, where: 'v > 4' }
within: 15s
match: count
limits: { partial_matches: 40 }
---
id: any-limited
by: k
sequence:
  - x: { on: a }
  - not: { on: b, where: 'v == 0' }
  - y: { on: a, where: 't != "z"', contiguity: any, repeat: { min: 1 } }
  - z: { on: b, where: 'v == 5' }
within: 20s
limits: { partial_matches: 30, matches: 20, on_limit: reject_new }
---
id: join
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: b, where: 'v == x.v' }
  - z: { on: a, where: 'v == y.v && t == "z"', contiguity: any }
within: 15s
---
id: strict
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, contiguity: strict }
  - not: { on: b, where: 'v == 1', contiguity: strict }
  - z: { on: b, where: 'v > 1' }
within: 12s
---
id: members
by: k
sequence:
  - all_of:
      - x: { on: a, where: 't == "x"' }
      - group: [ y: { on: b, where: 'v == 2' }, z: { on: b, where: 'v == 3', within: 3s } ]
      - w: { on: a, where: 't == "y"', repeat: 2 }
  - last: { on: b, where: 'v == 4' }
within: 15s
---
id: choices
by: k
match: latest
sequence:
  - group:
      steps:
        - any_of: [ x: { on: a, where: 't == "x"' }, y: { on: b, where: 'v == 0' } ]
        - z: { on: a, where: 't == "z"', optional: true }
      repeat: { min: 2, max: 4 }
  - last: { on: b, where: 'v == 5' }
within: 20s
---
id: greedy
by: k
match: first
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: b, repeat: { min: 1, max: 5, greedy: true, until: { on: a, where: 't == "z"' } } }
within: 6s
---
id: timeouts
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y"' }
  - z: { on: b, where: 'v == 9', within: 5s }
within: 8s
on_timeout: { from: y }
until: { on: b, where: 'v == 0' }
---
id: absences
by: k
sequence:
  - not: { on: b, where: 'v == 3', within: 2s }
  - x: { on: a, where: 't == "x"' }
  - not: { on: a, where: 't == "z"', within: 3s }
suppress: { by: [k], for: 7s }
---
id: skips
by: k
match: latest
sequence:
  - x: { on: a, repeat: { min: 2 } }
  - y: { on: b, where: 'v > 2 && x.map(e, e.v).sum() > 4' }
within: 10s
after_match: skip_past_last
---
id: capped
by: k
match: all
sequence:
  - x: { on: a, repeat: { min: 1 } }
  - y: { on: b, where: 'v == x[0].v' }
within: 30s
limits: { partial_matches: 12, matches: 3 }
)";

Scenario Many(uint64_t seed, int keys, int count) {
  Scenario scenario;
  scenario.streams = {{.name = "a", .partitions = 2, .max_out_of_orderness = kSecond},
                      {.name = "b", .partitions = 1, .max_out_of_orderness = 2 * kSecond}};
  scenario.rules = kRules;
  std::mt19937_64 random(seed);
  std::map<std::pair<uint32_t, uint32_t>, int64_t> offsets;
  int64_t now = 0;
  for (int i = 0; i < count; ++i) {
    now += static_cast<int64_t>(random() % 500) * kSecond / 1000;
    ScenarioEvent event;
    event.stream = random() % 3 == 0 ? 1 : 0;
    event.partition = event.stream == 0 ? static_cast<uint32_t>(random() % 2) : 0;
    event.offset = offsets[{event.stream, event.partition}]++;
    event.time = now - static_cast<int64_t>(random() % 3) * kSecond / 4;
    event.fields["k"] = "key " + std::to_string(random() % static_cast<uint64_t>(keys));
    event.fields["t"] = std::string(1, static_cast<char>('x' + random() % 3));
    event.fields["v"] = static_cast<int64_t>(random() % 6);
    scenario.events.push_back(std::move(event));
  }
  return scenario;
}

TEST(Recode, EveryConstructGoesOnAsIfNothingHadHappened) {
  uint64_t recoded_bytes = 0;
  std::map<std::string, size_t> alerts;
  const uint64_t first = Seed(1);
  for (uint64_t seed = first; seed < first + 12; ++seed) {
    const Scenario scenario = Many(seed, static_cast<int>(1 + seed % 4), 600);
    std::string diagnostics;
    const auto rules = Compile(scenario, &diagnostics);
    ASSERT_NE(rules, nullptr) << diagnostics;
    EngineSetting setting{.workers = static_cast<uint32_t>(1 + seed % 3),
                          .batch_events = 16,
                          .flush_every = static_cast<uint32_t>(1 + seed % 3)};
    const EngineResult plain = RunEngine(scenario, rules, setting);
    for (const engine::Alert& alert : plain.alerts) ++alerts[alert.rule->id];
    setting.index_from = seed % 4 == 0 ? 0 : 16;
    setting.warm_keys = seed % 2 == 0 ? 1 : engine::kWarmKeys;
    setting.recode_percent = seed % 3 == 0 ? 100 : 30;
    setting.recode_seed = seed;
    const EngineResult recoded = RunEngine(scenario, rules, setting);
    ASSERT_EQ(recoded.recode_error, "") << "TELLTALE_SEED=" << seed;
    ASSERT_EQ(recoded.Bodies(), plain.Bodies()) << "TELLTALE_SEED=" << seed;
    recoded_bytes += recoded.recoded_bytes;
  }
  EXPECT_GT(recoded_bytes, 1'000'000u);
  const auto rules = Compile(Many(1, 1, 1));
  for (const rules::Rule& rule : rules->rules->rules)
    EXPECT_GT(alerts[rule.id], 5u) << rule.id << " hardly alerts, which proves little";
}

}  // namespace
}  // namespace telltale::model
