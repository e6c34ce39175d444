// Keys at rest: whether few or many of a shard's keys are warm shows in nothing that comes out.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/engine_harness.h"

namespace telltale::engine {
namespace {

// What a state may hold: conditions over earlier events, several partial matches with shared
// beginnings, pending matches, those that wait for a deadline, bars, anchors, timeouts, limits. The
// rules share their events.
constexpr const char* kRules = R"(
id: steps
title: T
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y" && n >= x.n', repeat: { min: 1, max: 3 } }
  - z: { on: b, where: 'n > y[0].n' }
within: 30s
---
id: few
title: T
by: k
sequence:
  - x: { on: a, where: 'n == 3' }
  - y: { on: a, where: 'n == 2 && note == x.note' }
within: 20s
---
id: absent
title: T
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - not: { on: b, where: 'n == x.n', within: 5s }
---
id: barred
title: T
by: k
sequence:
  - not: { on: b, where: 'n == 1', within: 8s }
  - x: { on: a, where: 't == "z"' }
  - y: { on: a, where: 't == "x"' }
within: 10s
---
id: greedy
title: T
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y"', repeat: { min: 1, max: 4, greedy: true }, within: 4s }
within: 25s
---
id: members
title: T
by: k
sequence:
  - x: { on: a, where: 't == "z"' }
  - all_of:
      - p: { on: a, where: 'n == 0', within: 9s }
      - q: { on: b, where: 'n == 0', within: 14s }
within: 20s
---
id: late
title: T
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: b, where: 'n == 4 && x.n == 4' }
within: 6s
on_timeout: { from: x }
---
id: skips
title: T
by: k
sequence:
  - x: { on: a }
  - y: { on: a, where: 't == x.t' }
within: 12s
after_match: skip_past_last
limits: { partial_matches: 3 }
)";

std::vector<TestEvent> Events(uint64_t seed, uint64_t keys) {
  std::mt19937_64 random(seed);
  std::vector<TestEvent> events;
  for (int64_t i = 0; i < 6'000; ++i) {
    TestEvent event;
    event.stream = random() % 3 == 0 ? 1 : 0;
    event.time_ms = i * 20;
    event.fields["k"] = "key " + std::to_string(random() % keys);
    event.fields["t"] = std::string(1, static_cast<char>('x' + random() % 3));
    event.fields["n"] = static_cast<int64_t>(random() % 5);
    // Some so long that their events are too large to be packed.
    event.fields["note"] = std::string(random() % 30 == 0 ? 2'000 : random() % 3, 'x');
    events.push_back(std::move(event));
  }
  return events;
}

struct Told {
  std::vector<std::string> bodies;
  std::vector<int64_t> partial_matches;  // of all rules, now and then
  uint64_t errors = 0;
  int64_t least_bytes = 0;  // held at the end of the events
};

Told TellOf(std::shared_ptr<const CompiledRules> rules, const std::vector<TestEvent>& events,
            uint32_t warm_keys, bool recoded) {
  CollectingSink sink;
  EngineOptions options;
  options.threads = false;
  options.warm_keys = warm_keys;
  const auto engine = MakeEngine(rules, options, sink);
  engine->AddPartition({0, 0}, {});
  engine->AddPartition({1, 0}, {});
  EventBuilder builder;
  Told told;
  int64_t offset = 0;
  for (const TestEvent& event : events) {
    engine->Offer(*Build(builder, *rules, event, offset++));
    if (offset % 100 != 0) continue;
    engine->Flush();
    for (const RuleStats& rule : engine->Stats().rules)
      told.partial_matches.push_back(rule.partial_matches);
    if (recoded && offset % 1'000 == 0) {
      EXPECT_TRUE(engine->RecodeState().ok());
    }
  }
  told.least_bytes = engine->Stats().held_bytes;
  engine->Finish();
  for (const RuleStats& rule : engine->Stats().rules) told.errors += rule.condition_errors;
  for (const Alert& alert : sink.Take()) told.bodies.push_back(AlertJson(alert));
  return told;
}

TEST(Rest, ShowsInNothing) {
  const auto rules = CompileText(kRules, TestStreams({"a", "b"}));
  ASSERT_NE(rules, nullptr);
  for (const uint64_t keys : {1, 7, 300}) {
    const std::vector<TestEvent> events = Events(keys, keys);
    const Told warm = TellOf(rules, events, 1'000'000, false);
    EXPECT_GT(warm.bodies.size(), 1'000u);
    for (const uint32_t warm_keys : {1, 2, 50}) {
      const Told rested = TellOf(rules, events, warm_keys, false);
      EXPECT_TRUE(rested.bodies == warm.bodies)
          << rested.bodies.size() << " alerts, not " << warm.bodies.size() << "; " << keys
          << " keys, " << warm_keys << " of them warm";
      EXPECT_EQ(rested.partial_matches, warm.partial_matches);
      EXPECT_EQ(rested.errors, warm.errors);
      const Told recoded = TellOf(rules, events, warm_keys, true);
      EXPECT_TRUE(recoded.bodies == warm.bodies)
          << recoded.bodies.size() << " alerts, not " << warm.bodies.size() << "; " << keys
          << " keys, " << warm_keys << " of them warm, with state recoded";
    }
  }
}

TEST(Rest, TakesLessAndGivesAllBack) {
  const auto rules = CompileText(R"(
id: pair
title: T
by: k
sequence:
  - x: { on: a, where: 'n < 5' }
  - y: { on: a, where: 'n == 7 && x.t == t' }
within: 1h
)",
                                 TestStreams({"a", "b"}));
  ASSERT_NE(rules, nullptr);
  std::vector<TestEvent> events;
  for (int64_t i = 0; i < 2'000; ++i) {
    events.push_back(
        {.time_ms = i, .fields = {{"k", "key " + std::to_string(i)}, {"n", i % 5}, {"t", "x"}}});
  }
  const int64_t warm = TellOf(rules, events, 1'000'000, false).least_bytes;
  const int64_t rested = TellOf(rules, events, 1, false).least_bytes;
  EXPECT_GT(rested, 0);
  EXPECT_LT(rested * 5, warm * 3);  // and of `warm` the events alone are counted
}

// Nobody is told of them, so that no event waits for all of them; but none of them takes an event.
TEST(Rest, WhatRunsOutAtOneMomentEndsAFewAtATimeAndTakesNothing) {
  const std::string steps = R"(
by: k
sequence:
  - x: { on: a, where: 't == "x"' }
  - y: { on: a, where: 't == "y"', repeat: { min: 1, inside: any } }
  - z: { on: a, where: 't == "z"' }
within: 10s
limits: { partial_matches: 2 }
)";
  // The first keeps its partial matches one by one, the second shares them.
  for (const std::string step_condition : {" && n >= x.n", ""}) {
    std::string rule = "id: r\ntitle: T\n" + steps;
    rule.insert(rule.find("'t == \"y\"") + 9, step_condition);
    const auto rules = CompileText(rule, TestStreams({"a", "b"}));
    ASSERT_NE(rules, nullptr) << rule;
    CollectingSink sink;
    EngineOptions options;
    options.threads = false;
    options.warm_keys = 100;
    const auto engine = MakeEngine(rules, options, sink);
    engine->AddPartition({0, 0}, {});
    EventBuilder builder;
    int64_t offset = 0;
    const auto offer = [&](int64_t time_ms, int64_t key, const char* type) {
      const TestEvent event{
          .time_ms = time_ms,
          .fields = {{"k", "key " + std::to_string(key)}, {"n", int64_t{1}}, {"t", type}}};
      engine->Offer(*Build(builder, *rules, event, offset++));
    };
    constexpr int64_t kKeys = 5'000;
    for (int64_t key = 0; key < kKeys; ++key) offer(0, key, "x");
    for (int i = 0; i < 3; ++i) offer(1, 4'000, "y");  // its limit acts
    // All are over, but their timers are not.
    offer(20'000, 4'000, "x");
    for (const char* type : {"y", "z"}) {
      for (int64_t key = 4'000; key < 4'010; ++key) offer(20'001, key, type);
    }
    offer(20'002, kKeys, "x");
    engine->Flush();
    EXPECT_GT(engine->Stats().rules[0].partial_matches, 1'000);
    int flushes = 0;
    for (; engine->Stats().rules[0].partial_matches > 3; ++flushes) {
      ASSERT_LT(flushes, 100);
      engine->AdvanceTo(21'000'000'000 + flushes);
      engine->Flush();
    }
    EXPECT_GT(flushes, 3);
    engine->Finish();
    std::vector<std::string> told;
    for (const Alert& alert : sink.Take()) {
      if (alert.kind != AlertKind::kLimit)
        told.push_back(*alert.key[0] + (alert.truncated ? " truncated" : ""));
    }
    EXPECT_EQ(told, std::vector<std::string>{"key 4000"}) << rule;
  }
}

}  // namespace
}  // namespace telltale::engine
