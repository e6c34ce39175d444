// Windows, the engine alone: sliding, tumbling and hopping ones, sessions, first sightings, and
// what an open window takes.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/engine_alone.h"

namespace telltale::bench {
namespace {

const std::vector<KeyedEvent>& Events() {
  static const std::vector<KeyedEvent> events = MakeKeyedEvents(1'000'000, 10'000);
  return events;
}

std::string Rule(const std::string& by, const std::string& aggregate,
                 const std::string& more = "") {
  return "id: window\nby: " + by + "\nwarm_up: assume_empty\naggregate: { on: events, " +
         aggregate + " }\n" + more;
}

// B11 (a).
void SlidingCount(benchmark::State& state) {
  RunEngineAlone(state,
                 Rule("key", "where: type == 0, window: { sliding: 60s }, having: count() >= 5"),
                 Events(), std::nullopt);
}
BENCHMARK(SlidingCount)->Unit(benchmark::kMillisecond);

// Of all events, none of which is filtered out.
void SlidingCountOfAll(benchmark::State& state) {
  RunEngineAlone(state, Rule("key", "window: { sliding: 60s }, having: count() >= 25"), Events(),
                 std::nullopt);
}
BENCHMARK(SlidingCountOfAll)->Unit(benchmark::kMillisecond);

// Compared with the last ten minutes of the key, one by one; and what the look at the window costs
// without that.
void SlidingCountWithBaseline(benchmark::State& state) {
  RunEngineAlone(state,
                 Rule("key",
                      "window: { sliding: 60s }, baseline: { of: count(), every: 1m, over: 10m }, "
                      "having: count() > 20.0 + 2.0 * baseline.avg"),
                 Events(), std::nullopt);
}
void SlidingCountWithoutBaseline(benchmark::State& state) {
  RunEngineAlone(state, Rule("key", "window: { sliding: 60s }, having: count() > 20.0 + 2.0 * 5.0"),
                 Events(), std::nullopt);
}
BENCHMARK(SlidingCountWithBaseline)->Unit(benchmark::kMillisecond);
BENCHMARK(SlidingCountWithoutBaseline)->Unit(benchmark::kMillisecond);

// B11 (b).
void SlidingDistinct(benchmark::State& state) {
  RunEngineAlone(state,
                 Rule("key", "window: { sliding: 10m }, having: count_distinct(value) >= 90"),
                 Events(), std::nullopt);
}
BENCHMARK(SlidingDistinct)->Unit(benchmark::kMillisecond);

void SlidingSum(benchmark::State& state) {
  RunEngineAlone(state, Rule("key", "window: { sliding: 10m }, having: sum(value) >= 50000"),
                 Events(), std::nullopt);
}
BENCHMARK(SlidingSum)->Unit(benchmark::kMillisecond);

// B11 (c).
void TumblingCounts(benchmark::State& state) {
  RunEngineAlone(state, Rule("type", "window: { tumbling: 1m }", "emit: every_window\n"), Events(),
                 17 * 20);
}
BENCHMARK(TumblingCounts)->Unit(benchmark::kMillisecond);

// B11 (d).
void HoppingPercentile(benchmark::State& state) {
  RunEngineAlone(
      state,
      Rule("key",
           "window: { hopping: 10m, every: 1m }, having: 'sum(value) > 1 && avg(value) > "
           "990.0 && percentile(value, 99) > 998.0'"),
      Events(), std::nullopt);
}
BENCHMARK(HoppingPercentile)->Unit(benchmark::kMillisecond);

// The same where every window has to be asked for all three.
void HoppingPercentileOfEach(benchmark::State& state) {
  RunEngineAlone(
      state,
      Rule("key",
           "window: { hopping: 10m, every: 1m }, having: 'double(sum(value)) + avg(value) + "
           "percentile(value, 99) > 46000.0'"),
      Events(), std::nullopt);
}
BENCHMARK(HoppingPercentileOfEach)->Unit(benchmark::kMillisecond);

void Sessions(benchmark::State& state) {
  RunEngineAlone(state, Rule("key", "window: { session: 20s }, having: count() >= 30"), Events(),
                 std::nullopt);
}
BENCHMARK(Sessions)->Unit(benchmark::kMillisecond);

void NewTerms(benchmark::State& state) {
  RunEngineAlone(state,
                 "id: terms\nby: type\nwarm_up: assume_empty\n"
                 "new_terms: { on: events, field: value, history: 60s }\n",
                 Events(), std::nullopt);
}
BENCHMARK(NewTerms)->Unit(benchmark::kMillisecond);

// W3: a sequence of two steps whose second one reads a count and a sum over the key's last minute,
// into which every event comes; beside it the same sequence without a window.
std::string Sequence(const std::string& windows, const std::string& read) {
  return "id: sequence\nby: key\nwarm_up: assume_empty\n" + windows +
         "sequence:\n  - first: { on: events, where: type == 1 }\n"
         "  - second: { on: events, where: 'type == 2" +
         read + "' }\nwithin: 10s\nmatch: latest\n";
}
void Sequences(benchmark::State& state) {
  RunEngineAlone(state, Sequence("", " && value > 950.0"), Events(), std::nullopt);
}
BENCHMARK(Sequences)->Unit(benchmark::kMillisecond);

void SequencesThatReadWindows(benchmark::State& state) {
  const std::string windows =
      "windows:\n  - name: recent\n    on: events\n    window: { sliding: 60s }\n"
      "    values: { n: count(), total: sum(value) }\n";
  RunEngineAlone(state, Sequence(windows, " && recent.n >= 20 && recent.total > 15000.0"), Events(),
                 std::nullopt);
}
BENCHMARK(SequencesThatReadWindows)->Unit(benchmark::kMillisecond);

// 1,000 correlations of Sigma, each over a detection that one event in a hundred meets: ten windows
// an event.
void SigmaEventCounts(benchmark::State& state) {
  std::string rules;
  for (int rule = 0; rule < 1'000; ++rule) {
    const std::string name = "d" + std::to_string(rule);
    rules += (rule == 0 ? "" : "---\n") + ("title: " + name) + "\nname: " + name +
             "\nlogsource: { product: bench }\ndetection:\n  sel:\n    value: [";
    for (int i = 0; i < 10; ++i)
      rules += (i == 0 ? "" : ", ") + std::to_string((rule + i * 97) % 1000);
    rules += "]\n  condition: sel\n---\ntitle: c" + std::to_string(rule) +
             "\ncorrelation:\n  type: event_count\n  rules: [" + name +
             "]\n  group-by: [type]\n  timespan: 10s\n  condition: { gte: 100 }\n";
  }
  RunEngineAlone(state, rules, Events(), std::nullopt);
}
BENCHMARK(SigmaEventCounts)->Unit(benchmark::kMillisecond);

// One window for each of so many keys, of which nothing becomes a result: bytes of one, its key and
// the key's texts included.
void ManyWindows(benchmark::State& state, const std::string& window) {
  std::vector<KeyedEvent> events;
  for (int64_t key = 0; key < state.range(0); ++key) events.push_back({0, key, 0, key / 100});
  RunExpiry(state, Rule("key", "evidence: 0, having: count() >= 2, window: " + window), events);
}
void OpenTumbling(benchmark::State& state) { ManyWindows(state, "{ tumbling: 1h }"); }
void OpenSliding(benchmark::State& state) { ManyWindows(state, "{ sliding: 1h }"); }
void OpenSessions(benchmark::State& state) { ManyWindows(state, "{ session: 1h }"); }
// Beside the window a baseline, of which one pane is under way.
void OpenBaselines(benchmark::State& state) {
  ManyWindows(state, "{ tumbling: 10m }, baseline: { of: count(), every: 10m, over: 20m }");
}
BENCHMARK(OpenBaselines)->Arg(100'000)->Iterations(1);
BENCHMARK(OpenBaselines)->Name("OpenBaselinesLarge")->Arg(10'000'000)->Iterations(1);
BENCHMARK(OpenTumbling)->Arg(100'000)->Iterations(1);
BENCHMARK(OpenSliding)->Arg(100'000)->Iterations(1);
BENCHMARK(OpenSessions)->Arg(100'000)->Iterations(1);
BENCHMARK(OpenTumbling)->Name("OpenTumblingLarge")->Arg(10'000'000)->Iterations(1);
BENCHMARK(OpenSliding)->Name("OpenSlidingLarge")->Arg(10'000'000)->Iterations(1);
BENCHMARK(OpenSessions)->Name("OpenSessionsLarge")->Arg(10'000'000)->Iterations(1);

}  // namespace
}  // namespace telltale::bench
