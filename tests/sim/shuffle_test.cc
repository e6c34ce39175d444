// Disorder does not show (T2, T4): events that arrive in any order within the bounds give the same
// bytes as in order. Beyond them exactly those are left out that are told to be late: what comes
// out is what the others give, in order. Rules, windows, duplicates and events are at random;
// TELLTALE_SEED=N tries one seed alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "tests/model/agreement.h"
#include "tests/model/engine_run.h"
#include "tests/model/random_rule.h"
#include "tests/model/random_window.h"

namespace telltale::model {
namespace {

constexpr int64_t kBound = 3 * kSecond;
constexpr uint64_t kSeeds = 1'000;

Scenario MakeScenario(uint64_t seed) {
  Choices choices(seed);
  Scenario scenario =
      seed % 2 == 0 ? RandomCase(choices).scenario : RandomWindowCase(choices).scenario;
  for (ScenarioStream& stream : scenario.streams) stream.max_out_of_orderness = kBound;
  return scenario;
}

// By event time, in total order.
void PutInOrder(std::vector<ScenarioEvent>& events) {
  std::sort(events.begin(), events.end(), [](const ScenarioEvent& a, const ScenarioEvent& b) {
    return std::tie(a.time, a.stream, a.partition, a.offset) <
           std::tie(b.time, b.stream, b.partition, b.offset);
  });
}

// Each event is under way for up to `most`, so that within its partition it is behind another by
// less than that. Partitions are besides up to a minute apart.
void Shuffle(std::vector<ScenarioEvent>& events, int64_t most, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::pair<uint32_t, uint32_t>, int64_t> lag;
  std::vector<std::pair<int64_t, ScenarioEvent>> arrivals;
  for (ScenarioEvent& event : events) {
    const auto [of_partition, is_new] = lag.try_emplace({event.stream, event.partition}, 0);
    if (is_new) of_partition->second = static_cast<int64_t>(random() % 60) * kSecond;
    const auto under_way = static_cast<int64_t>(random() % static_cast<uint64_t>(most + 1));
    arrivals.emplace_back(event.time + of_partition->second + under_way, std::move(event));
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (size_t i = 0; i < events.size(); ++i) events[i] = std::move(arrivals[i].second);
}

EngineSetting SettingOf(uint64_t seed) {
  return {.workers = static_cast<uint32_t>(1 + seed % 3),
          .threads = false,
          .batch_events = static_cast<uint32_t>(1 + seed % 7),
          .flush_every = static_cast<uint32_t>(1 + seed % 5)};
}

template <typename Check>
void ForEachSeed(const Check& check) {
  constexpr uint64_t kNoSeed = 0;
  const uint64_t only = Seed(kNoSeed);
  uint64_t loaded = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    if (only != kNoSeed && seed != only) continue;
    Scenario scenario = MakeScenario(seed);
    const auto rules = Compile(scenario);
    if (rules == nullptr) continue;
    ++loaded;
    SCOPED_TRACE("TELLTALE_SEED=" + std::to_string(seed));
    check(std::move(scenario), rules, seed);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_TRUE(only != kNoSeed || loaded * 2 > kSeeds) << loaded;
}

TEST(Shuffle, WithinTheBoundsTheBytesAreTheSame) {
  size_t alerts = 0;
  ForEachSeed([&](Scenario scenario, const auto& rules, uint64_t seed) {
    PutInOrder(scenario.events);
    const EngineResult in_order = RunEngine(scenario, rules, {});
    for (uint64_t turn = 0; turn < 3; ++turn) {
      Shuffle(scenario.events, kBound, 10 * seed + turn);
      const EngineResult shuffled = RunEngine(scenario, rules, SettingOf(seed + turn));
      EXPECT_EQ(std::count(shuffled.late.begin(), shuffled.late.end(), true), 0);
      EXPECT_EQ(shuffled.Bodies(), in_order.Bodies()) << Print(scenario);
    }
    alerts += in_order.alerts.size();
  });
  EXPECT_GT(alerts, kSeeds);
}

TEST(Shuffle, BeyondThemExactlyTheLateOnesAreLeftOut) {
  int64_t late = 0;
  ForEachSeed([&](Scenario scenario, const auto& rules, uint64_t seed) {
    Shuffle(scenario.events, 4 * kBound, seed);
    const EngineResult shuffled = RunEngine(scenario, rules, SettingOf(seed));
    std::vector<ScenarioEvent> on_time;
    for (size_t i = 0; i < scenario.events.size(); ++i) {
      if (!shuffled.late[i]) on_time.push_back(scenario.events[i]);
    }
    late += static_cast<int64_t>(scenario.events.size() - on_time.size());
    scenario.events = std::move(on_time);
    PutInOrder(scenario.events);
    const EngineResult in_order = RunEngine(scenario, rules, {});
    EXPECT_EQ(std::count(in_order.late.begin(), in_order.late.end(), true), 0);
    EXPECT_EQ(shuffled.Bodies(), in_order.Bodies()) << Print(scenario);
  });
  EXPECT_GT(late, 1'000);
}

}  // namespace
}  // namespace telltale::model
