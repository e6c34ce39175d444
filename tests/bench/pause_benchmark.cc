// The slowest event: what a shard's other keys wait for while one grows, ends, or is one too many.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/engine_alone.h"

namespace telltale::bench {
namespace {

// The argument is how many keys come, a hundred in a millisecond, each with one partial match. They
// grow from none; in the second half each event also ends one. Then an hour passes, and all that is
// left runs out at once while others come.
void ManyKeys(benchmark::State& state) {
  std::vector<KeyedEvent> events;
  const int64_t keys = state.range(0);
  for (int64_t key = 0; key < keys; ++key) events.push_back({0, key, 0, key / 100});
  const int64_t later = 3'600'000 + keys / 100;
  for (int64_t i = 0; i < keys / 4; ++i) events.push_back({0, keys + i, 0, later + i / 100});
  RunPauses(state,
            R"(
id: many_keys
by: key
sequence:
  - a: { on: events, where: type == 0 }
  - b: { on: events, where: type == 1 && value > 500 }
  - c: { on: events, where: type == 2 }
within: )" + std::to_string(keys / 200) +
                "ms\n",
            events);
}
BENCHMARK(ManyKeys)->Arg(1'000'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(ManyKeys)
    ->Name("ManyKeysLarge")
    ->Arg(10'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

// One key in two hundred events has as many partial matches as its limit lets it have, the others
// one each. All of the full key's begin with one event, and so end at one moment.
void FullKey(benchmark::State& state) {
  std::vector<KeyedEvent> events;
  for (int64_t i = 0; i < 200'000; ++i) {
    const bool full = i % 200 == 0;
    events.push_back({full ? (i % 20'000 == 0 ? 0 : 1) : 0, full ? -1 : i, 0, i});
  }
  RunPauses(state,
            R"(
id: full_key
by: key
sequence:
  - a: { on: events, where: type == 0 }
  - b: { on: events, where: type == 1 && key == a.key, repeat: { min: 1, inside: any } }
  - c: { on: events, where: type == 3 }
within: 20s
)",
            events);
}
BENCHMARK(FullKey)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::bench
