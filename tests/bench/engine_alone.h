// The engine alone on one core: events in memory, routed, ordered, settled and matched.
// A run whose count of alerts is not the known one is void.
//
// Owner: the benchmark. Thread: one.
#ifndef TELLTALE_TESTS_BENCH_ENGINE_ALONE_H_
#define TELLTALE_TESTS_BENCH_ENGINE_ALONE_H_

#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/pattern/rule_matcher.h"
#include "tests/bench/workload.h"

namespace telltale::bench {

// Counts final matches and timeouts, no limit alerts. `alerts`: none: any number will do, which is
// shown. `index_from`, and `max_out_of_orderness` in nanoseconds: as EngineOptions has them.
void RunEngineAlone(benchmark::State& state, const std::string& rules,
                    const std::vector<KeyedEvent>& events, std::optional<size_t> alerts,
                    uint32_t index_from = engine::kIndexFrom, int64_t max_out_of_orderness = 0);

// Of events each of which begins a partial match that lasts: how many are inserted and how many
// expired a second of CPU, and the bytes that one of them takes.
void RunExpiry(benchmark::State& state, const std::string& rule,
               const std::vector<KeyedEvent>& events);

// How long an event takes from offering to all that it makes the engine do: percentiles and the
// slowest, in microseconds. The same events run several times, each time in a new engine, and of
// each event the shortest time counts: what is slow every time is the engine's doing, what is slow
// once the machine's. `slowest_once` is the slowest time of any.
void RunPauses(benchmark::State& state, const std::string& rule,
               const std::vector<KeyedEvent>& events);

}  // namespace telltale::bench

#endif  // TELLTALE_TESTS_BENCH_ENGINE_ALONE_H_
