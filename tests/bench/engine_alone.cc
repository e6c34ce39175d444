#include "tests/bench/engine_alone.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>

#include "engine/runtime/engine.h"

namespace telltale::bench {
namespace {

constexpr int64_t kLongest = 3'600'000'000'000;  // of the windows
constexpr int64_t kLate = kLongest / 16;         // where nobody is told that an event leaves
constexpr size_t kFlushEvery = 4'096;            // what one poll of Kafka may bring
constexpr int64_t kMostSteps = 1'000'000;        // until all that is held has ended

class Counter : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    count_ += static_cast<size_t>(
        std::count_if(alerts.begin(), alerts.end(), [](const engine::Alert& alert) {
          return alert.kind != engine::AlertKind::kLimit &&
                 alert.status == engine::AlertStatus::kFinal;
        }));
  }
  size_t count() const { return count_; }

 private:
  size_t count_ = 0;
};

size_t ResidentBytes() {
  size_t pages = 0;
  size_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

engine::EngineOptions Alone() {
  engine::EngineOptions options;
  options.threads = false;
  options.max_out_of_orderness = {0};
  return options;
}

}  // namespace

void RunExpiry(benchmark::State& state, const std::string& rule,
               const std::vector<KeyedEvent>& events) {
  const auto rules = CompileFor(rule);
  const EventBlocks blocks(events, *rules);
  const auto count = static_cast<double>(blocks.size());
  for (auto _ : state) {
    Counter sink;
    const auto engine = engine::MakeEngine(rules, Alone(), sink);
    engine->AddPartition({0, 0}, {});
    const size_t before = ResidentBytes();
    const double began = CpuSeconds();
    for (size_t i = 0; i < blocks.size(); ++i) {
      engine->Offer(blocks[i]);
      if (i % kFlushEvery == 0) engine->Flush();
    }
    engine->Flush();
    const double inserted = CpuSeconds();
    state.counters["bytes_each"] = static_cast<double>(ResidentBytes() - before) / count;
    // Nobody is told, so a watermark ends a part of them only.
    const int64_t all_over = events.back().time * 1'000'000 + kLongest + kLate;
    for (int64_t end = all_over; engine->Stats().rules[0].partial_matches != 0; ++end) {
      if (end - all_over == kMostSteps) return state.SkipWithError("what is held never ends");
      engine->AdvanceTo(end);
      engine->Flush();
    }
    state.counters["inserted_per_s"] = count / (inserted - began);
    state.counters["expired_per_s"] = count / (CpuSeconds() - inserted);
  }
}

void RunEngineAlone(benchmark::State& state, const std::string& text,
                    const std::vector<KeyedEvent>& events, std::optional<size_t> alerts,
                    uint32_t index_from, int64_t max_out_of_orderness) {
  const auto rules = CompileFor(text);
  const EventBlocks blocks(events, *rules);
  size_t count = 0;
  for (auto _ : state) {
    Counter sink;
    engine::EngineOptions options;
    options.threads = false;
    options.max_out_of_orderness = {max_out_of_orderness};
    options.index_from = index_from;
    const auto engine = engine::MakeEngine(rules, options, sink);
    engine->AddPartition({0, 0}, {});
    for (size_t i = 0; i < blocks.size(); ++i) {
      engine->Offer(blocks[i]);
      if (i % kFlushEvery == 0) engine->Flush();
    }
    engine->Finish();
    count = sink.count();
    if (alerts && count != *alerts) {
      state.SkipWithError(
          ("void: " + std::to_string(count) + " alerts, not " + std::to_string(*alerts)).c_str());
      return;
    }
  }
  state.counters["alerts"] = static_cast<double>(count);
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * blocks.size()));
}

void RunPauses(benchmark::State& state, const std::string& rule,
               const std::vector<KeyedEvent>& events) {
  constexpr int kRounds = 3;
  using Clock = std::chrono::steady_clock;
  const auto rules = CompileFor(rule);
  const EventBlocks blocks(events, *rules);
  std::vector<uint32_t> shortest(blocks.size(), UINT32_MAX);  // nanoseconds
  uint32_t slowest_once = 0;
  for (auto _ : state) {
    for (int round = 0; round < kRounds; ++round) {
      Counter sink;
      engine::EngineOptions options = Alone();
      options.batch_events = 1;
      const auto engine = engine::MakeEngine(rules, options, sink);
      engine->AddPartition({0, 0}, {});
      Clock::time_point before = Clock::now();
      for (size_t i = 0; i < blocks.size(); ++i) {
        engine->Offer(blocks[i]);
        const Clock::time_point now = Clock::now();
        const auto took = static_cast<uint32_t>((now - before).count());
        before = now;
        shortest[i] = std::min(shortest[i], took);
        slowest_once = std::max(slowest_once, took);
      }
    }
  }
  std::sort(shortest.begin(), shortest.end());
  const auto at = [&](double part) {
    const auto place = static_cast<size_t>(part * static_cast<double>(shortest.size() - 1));
    return static_cast<double>(shortest[place]) / 1000;
  };
  state.counters["p50"] = at(0.5);
  state.counters["p99"] = at(0.99);
  state.counters["p99.99"] = at(0.9999);
  state.counters["slowest"] = at(1);
  state.counters["slowest_once"] = static_cast<double>(slowest_once) / 1000;
}

}  // namespace telltale::bench
