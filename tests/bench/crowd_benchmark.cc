// Many partial matches wait on one key: what an event costs that concerns none of them, or one,
// what a `not` costs, and what it costs that one ends. The argument is how many wait; all figures
// are flat in it where they are found by the index, and grow with it where it is off.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/engine_alone.h"

namespace telltale::bench {
namespace {

constexpr int64_t kRounds = 100'000;
constexpr uint32_t kNoIndex = 1'000'000;
constexpr char kLimits[] = "limits: { partial_matches: 100000, events: 1000000 }\n";

// `waiting` events of type 0 first, with values of their own. Then rounds: an event of type 1 whose
// value nobody waits for, but in each tenth that of the one which has waited longest, and then
// another of type 0 in its place.
std::vector<KeyedEvent> MakeRounds(int64_t waiting, int64_t rounds) {
  std::vector<KeyedEvent> events;
  const auto add = [&](int64_t type, int64_t value) {
    events.push_back(
        {.type = type, .key = 0, .value = value, .time = static_cast<int64_t>(events.size())});
  };
  for (int64_t i = 0; i < waiting; ++i) add(0, i);
  for (int64_t i = 0; i < rounds; ++i) {
    if (i % 10 != 0) {
      add(1, -1 - i);
      continue;
    }
    add(1, i / 10);
    add(0, waiting + i / 10);
  }
  return events;
}

void Join(benchmark::State& state, uint32_t index_from, int64_t rounds) {
  RunEngineAlone(state, std::string(R"(
id: join
sequence:
  - device: { on: events, where: type == 0 }
  - use:    { on: events, where: type == 1 && value == device.value }
within: 1h
)") + kLimits,
                 MakeRounds(state.range(0), rounds), static_cast<size_t>(rounds / 10), index_from);
}
void JoinByIndex(benchmark::State& state) { Join(state, 16, kRounds); }
void JoinOneByOne(benchmark::State& state) { Join(state, kNoIndex, kRounds / 50); }
BENCHMARK(JoinByIndex)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(JoinOneByOne)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);

// The one that meets is ended by a `not`; nothing alerts but what is left at the end of its window.
void Not(benchmark::State& state, uint32_t index_from, int64_t rounds) {
  RunEngineAlone(state, std::string(R"(
id: forbidden
sequence:
  - device: { on: events, where: type == 0 }
  - not:    { on: events, where: type == 1 && value == device.value, within: 1h }
)") + kLimits,
                 MakeRounds(state.range(0), rounds), static_cast<size_t>(state.range(0)),
                 index_from);
}
void NotByIndex(benchmark::State& state) { Not(state, 16, kRounds); }
void NotOneByOne(benchmark::State& state) { Not(state, kNoIndex, kRounds / 50); }
BENCHMARK(NotByIndex)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(NotOneByOne)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);

// One begins with each event, and one ends, out of time.
void Expiry(benchmark::State& state, uint32_t index_from, int64_t rounds) {
  std::vector<KeyedEvent> events;
  for (int64_t i = 0; i < state.range(0) + rounds; ++i)
    events.push_back({.type = 0, .key = 0, .value = i, .time = i});
  RunEngineAlone(state,
                 std::string(R"(
id: expiry
sequence:
  - device: { on: events, where: type == 0 }
  - use:    { on: events, where: type == 1 && value == device.value }
)") + "within: " + std::to_string(state.range(0)) +
                     "ms\n" + kLimits,
                 events, 0, index_from);
}
void ExpiryByIndex(benchmark::State& state) { Expiry(state, 16, kRounds); }
void ExpiryOneByOne(benchmark::State& state) { Expiry(state, kNoIndex, kRounds / 50); }
BENCHMARK(ExpiryByIndex)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ExpiryOneByOne)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::bench
