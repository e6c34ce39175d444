// The engine alone on one core: a million keyed events in memory, routed, ordered, settled and
// matched. A run whose count of alerts is not the known one is void.
#include <benchmark/benchmark.h>

#include "engine/runtime/engine.h"
#include "tests/bench/workload.h"

namespace telltale::bench {
namespace {

constexpr size_t kEvents = 1'000'000;
constexpr uint64_t kKeys = 10'000;
constexpr size_t kFlushEvery = 4'096;  // what one poll of Kafka may bring

class Counter : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    count_ += alerts.size();
  }
  size_t count() const { return count_; }

 private:
  size_t count_ = 0;
};

const std::vector<KeyedEvent>& Events() {
  static const std::vector<KeyedEvent> events = MakeKeyedEvents(kEvents, kKeys);
  return events;
}

void Run(benchmark::State& state, const std::string& rule, size_t alerts) {
  const auto rules = CompileFor(rule);
  const EventBlocks events(Events(), *rules);
  for (auto _ : state) {
    Counter sink;
    engine::EngineOptions options;
    options.threads = false;
    options.max_out_of_orderness = {0};
    const auto engine = engine::MakeEngine(rules, options, sink);
    engine->AddPartition({0, 0}, {});
    for (size_t i = 0; i < events.size(); ++i) {
      engine->Offer(events[i]);
      if (i % kFlushEvery == 0) engine->Flush();
    }
    engine->Finish();
    if (sink.count() != alerts) {
      state.SkipWithError(
          ("void: " + std::to_string(sink.count()) + " alerts, not " + std::to_string(alerts))
              .c_str());
      return;
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(kEvents));
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

void B1SequenceAll(benchmark::State& state) { Run(state, kSequence, 20'469); }
BENCHMARK(B1SequenceAll)->Unit(benchmark::kMillisecond);

void B1SequenceLatest(benchmark::State& state) { Run(state, kSequence + "match: latest\n", 9'667); }
BENCHMARK(B1SequenceLatest)->Unit(benchmark::kMillisecond);

void B7Absence(benchmark::State& state) {
  Run(state, R"(
id: absence
by: key
sequence:
  - a:   { on: events, where: type == 0 }
  - not: { on: events, where: type == 1, within: 30s }
)",
      43'016);
}
BENCHMARK(B7Absence)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::bench
