// Patterns, the engine alone: keyed sequences, absence, a long sequence under `any`, and repeats.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/engine_alone.h"

namespace telltale::bench {
namespace {

constexpr size_t kEvents = 1'000'000;
constexpr uint64_t kKeys = 10'000;
constexpr size_t kOnTimeAlerts = 20'406;  // of B8's events

const std::vector<KeyedEvent>& Events() {
  static const std::vector<KeyedEvent> events = MakeKeyedEvents(kEvents, kKeys);
  return events;
}

const std::string kSequence = R"(
id: sequence
by: key
sequence:
  - a: { on: events, where: type == 0 }
  - b: { on: events, where: type == 1 && value > 500 }
  - c: { on: events, where: type == 2 }
within: 600s
)";

void B1SequenceAll(benchmark::State& state) { RunEngineAlone(state, kSequence, Events(), 20'469); }
BENCHMARK(B1SequenceAll)->Unit(benchmark::kMillisecond);

// The same with `emit: early`: told when its last event comes, and confirmed.
void B1EarlyAll(benchmark::State& state) {
  RunEngineAlone(state, kSequence + "emit: early\n", Events(), 20'469);
}
BENCHMARK(B1EarlyAll)->Unit(benchmark::kMillisecond);

void B1SequenceLatest(benchmark::State& state) {
  RunEngineAlone(state, kSequence + "match: latest\n", Events(), 9'667);
}
BENCHMARK(B1SequenceLatest)->Unit(benchmark::kMillisecond);

void B1MillionKeys(benchmark::State& state) {
  static const std::vector<KeyedEvent> events = MakeKeyedEvents(kEvents, 1'000'000);
  RunEngineAlone(state, kSequence, events, std::nullopt);
}
BENCHMARK(B1MillionKeys)->Unit(benchmark::kMillisecond);

// Of the same events in their order, and with one in ten late; settled, and told early as well.
constexpr int64_t kDisorder = 5'000;
const std::vector<KeyedEvent>& LateEvents() {
  static const std::vector<KeyedEvent> events = ArriveLate(Events(), kDisorder);
  return events;
}
void RunLate(benchmark::State& state, const std::string& rule,
             const std::vector<KeyedEvent>& events) {
  RunEngineAlone(state, rule, events, kOnTimeAlerts, engine::kIndexFrom, kDisorder * 1'000'000);
}
void B8InOrder(benchmark::State& state) {
  RunLate(state, kSequence, InOrder(LateEvents(), kDisorder));
}
BENCHMARK(B8InOrder)->Unit(benchmark::kMillisecond);
void B8TenPercentLate(benchmark::State& state) { RunLate(state, kSequence, LateEvents()); }
BENCHMARK(B8TenPercentLate)->Unit(benchmark::kMillisecond);
void B8InOrderEarly(benchmark::State& state) {
  RunLate(state, kSequence + "emit: early\n", InOrder(LateEvents(), kDisorder));
}
BENCHMARK(B8InOrderEarly)->Unit(benchmark::kMillisecond);
void B8TenPercentLateEarly(benchmark::State& state) {
  RunLate(state, kSequence + "emit: early\n", LateEvents());
}
BENCHMARK(B8TenPercentLateEarly)->Unit(benchmark::kMillisecond);

void B9Zipf(benchmark::State& state) {
  static const std::vector<KeyedEvent> events = MakeZipfEvents(kEvents, kKeys);
  RunEngineAlone(state, kSequence, events, std::nullopt);
}
BENCHMARK(B9Zipf)->Unit(benchmark::kMillisecond);

void B9HalfOfOneKey(benchmark::State& state) {
  static const std::vector<KeyedEvent> events = MakeHalfOfOneKey(kEvents, kKeys);
  RunEngineAlone(state, kSequence, events, std::nullopt);
}
BENCHMARK(B9HalfOfOneKey)->Unit(benchmark::kMillisecond);

void B7Absence(benchmark::State& state) {
  RunEngineAlone(state, R"(
id: absence
by: key
sequence:
  - a:   { on: events, where: type == 0 }
  - not: { on: events, where: type == 1, within: 30s }
)",
                 Events(), 43'016);
}
BENCHMARK(B7Absence)->Unit(benchmark::kMillisecond);

// One partial match for each of so many keys, all of which then run out of time: what inserting and
// expiring cost, and how much memory one takes, its key, event and timer included.
void ManyKeys(benchmark::State& state, int64_t keys) {
  std::vector<KeyedEvent> events;
  for (int64_t key = 0; key < keys; ++key) events.push_back({0, key, 0, key / 100});
  RunExpiry(state, kSequence, events);
}
void B5ManyKeys(benchmark::State& state) { ManyKeys(state, 1'000'000); }
BENCHMARK(B5ManyKeys)->Iterations(1)->Unit(benchmark::kMillisecond);
void B5ManyKeysLarge(benchmark::State& state) { ManyKeys(state, 10'000'000); }
BENCHMARK(B5ManyKeysLarge)->Iterations(1)->Unit(benchmark::kMillisecond);

// 24 steps, step j takes name j; the argument is the window in seconds. In 100 s there are some
// 22,000 partial matches at a time.
void B2LongSequence(benchmark::State& state) {
  static const std::vector<KeyedEvent> events = MakeStockEvents(500'000);
  std::string rule = "id: stock\nsequence:\n";
  for (int j = 0; j < 24; ++j) {
    rule += "  - s" + std::to_string(j) + ": { on: events, where: key == " + std::to_string(j) +
            " && type == " + std::to_string(j % 2) + (j == 0 ? "" : ", contiguity: any") + " }\n";
  }
  rule += "within: " + std::to_string(state.range(0)) + "s\nlimits: { partial_matches: 100000 }\n";
  RunEngineAlone(state, rule, events, std::nullopt);
}
BENCHMARK(B2LongSequence)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

// A B+ C for each of 1,000 keys; the argument is how many B come.
void Kleene(benchmark::State& state, const std::string& repeat, const std::string& more) {
  const std::vector<KeyedEvent> events =
      MakeKleeneEvents(1'000, static_cast<size_t>(state.range(0)));
  RunEngineAlone(state,
                 R"(
id: kleene
by: key
sequence:
  - a: { on: events, where: type == 0 }
  - b: { on: events, where: type == 1, repeat: )" +
                     repeat + R"( }
  - c: { on: events, where: type == 2 }
within: 1h
limits: { partial_matches: 100000, events: 100000 }
)" + more,
                 events, std::nullopt);
}
// All combinations up to a limit of 1,000; the first; the number of all.
void B6KleeneAny(benchmark::State& state) { Kleene(state, "{ min: 1, inside: any }", ""); }
BENCHMARK(B6KleeneAny)->Arg(10)->Arg(30)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
void B6KleeneFirst(benchmark::State& state) { Kleene(state, "{ min: 1 }", "match: first\n"); }
BENCHMARK(B6KleeneFirst)->Arg(10)->Arg(30)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
void B6KleeneCount(benchmark::State& state) {
  Kleene(state, "{ min: 1, inside: any }", "match: count\n");
}
BENCHMARK(B6KleeneCount)->Arg(10)->Arg(30)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);
void B6KleeneRelaxed(benchmark::State& state) { Kleene(state, "{ min: 1 }", ""); }
BENCHMARK(B6KleeneRelaxed)->Arg(10)->Arg(30)->Arg(100)->Unit(benchmark::kMillisecond);

// What any contiguity makes of an endless repeat on one key, told apart by a condition: the limit
// acts all the time.
void WorstKey(benchmark::State& state) {
  const std::vector<KeyedEvent> events = MakeKleeneEvents(1, static_cast<size_t>(state.range(0)));
  RunEngineAlone(state, R"(
id: worst
by: key
sequence:
  - a: { on: events, where: type == 0 }
  - b: { on: events, where: type == 1 && key == a.key, repeat: { min: 1, inside: any } }
  - c: { on: events, where: type == 3 }
within: 1h
)",
                 events, 0);
}
BENCHMARK(WorstKey)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::bench
