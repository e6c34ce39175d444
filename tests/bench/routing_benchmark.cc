// What it costs to route an event through many rules: by rules that differ in a constant alone, and
// where the field that finds them is there, and where it is not and all of them end in an error;
// and by 3,000 detections of Sigma.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "engine/event/event.h"
#include "engine/runtime/router.h"
#include "rules/load/load.h"
#include "tests/bench/sigma_rules.h"
#include "tests/bench/workload.h"

namespace telltale::bench {
namespace {

constexpr size_t kEvents = 256;  // a ring that fits the cache

// `where`: with $ for the rule's number.
std::string ManyRules(int64_t rules, const std::string& where) {
  std::string yaml;
  for (int64_t i = 0; i < rules; ++i) {
    std::string condition = where;
    const std::string number = std::to_string(i);
    for (size_t at = condition.find('$'); at != std::string::npos; at = condition.find('$'))
      condition.replace(at, 1, number);
    yaml += "---\nid: r" + number + "\nby: key\nsequence: [ { a: { on: events, where: '" +
            condition + "' } } ]\n";
  }
  return yaml;
}

enum class User { kOfARule, kOfNone, kAbsent };

// Events of type 0 or 1 with a value below 1,000.
void Run(benchmark::State& state, const std::string& where, User user) {
  const int64_t rules = state.range(0);
  const auto compiled = CompileFor(ManyRules(rules, where));
  const engine::EventLayout& layout = compiled->layouts[0];
  engine::EventBuilder builder;
  std::vector<std::vector<uint64_t>> events;
  Xorshift random;
  for (size_t i = 0; i < kEvents; ++i) {
    builder.Begin(0, layout.slot_count());
    const auto set = [&](const char* name, int64_t value) {
      if (const auto slot = layout.Find({name})) builder.SetInt(builder.slot(*slot), value);
    };
    set("key", static_cast<int64_t>(i));
    set("type", static_cast<int64_t>(random.Below(2)));
    set("value", static_cast<int64_t>(random.Below(1000)));
    if (user != User::kAbsent) {
      const uint64_t number = random.Below(static_cast<uint64_t>(rules));
      builder.SetString(builder.slot(*layout.Find({"user"})),
                        (user == User::kOfARule ? "user-" : "other-") + std::to_string(number));
    }
    const engine::Event& event = *builder.Finish(static_cast<int64_t>(i), 0, 0);
    events.emplace_back(event.byte_size / sizeof(uint64_t));
    std::memcpy(events.back().data(), &event, event.byte_size);
  }
  engine::Router router(*compiled->routing);
  size_t i = 0;
  for (auto _ : state) {
    const auto* event = reinterpret_cast<const engine::Event*>(events[i++ % kEvents].data());
    benchmark::DoNotOptimize(router.Route(*event).size());
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

constexpr char kConstants[] = R"(user == "user-$" && type == 1 && value > 500)";
void FieldOfARule(benchmark::State& state) { Run(state, kConstants, User::kOfARule); }
BENCHMARK(FieldOfARule)->Arg(10)->Arg(1'000)->Arg(10'000);
void FieldOfNoRule(benchmark::State& state) { Run(state, kConstants, User::kOfNone); }
BENCHMARK(FieldOfNoRule)->Arg(10)->Arg(1'000)->Arg(10'000);
void FieldAbsent(benchmark::State& state) { Run(state, kConstants, User::kAbsent); }
BENCHMARK(FieldAbsent)->Arg(10)->Arg(1'000)->Arg(10'000);

// One condition beside the constant differs, too, but another that all share is false.
void FieldAbsentAsked(benchmark::State& state) {
  Run(state, R"(has(user) && user == "user-$" && value > $)", User::kAbsent);
}
BENCHMARK(FieldAbsentAsked)->Arg(10)->Arg(1'000)->Arg(10'000);

// Every rule asks something else: as many evaluations as rules.
void FieldAbsentAllDiffer(benchmark::State& state) {
  Run(state, R"(user == "user-$" && value > $)", User::kAbsent);
}
BENCHMARK(FieldAbsentAllDiffer)->Arg(10)->Arg(1'000)->Arg(10'000);

// 3,000 rules over three streams, and events of which few meet any.
void Sigma(benchmark::State& state) {
  const rules::LoadResult loaded = rules::Load(SigmaRules(), SigmaStreams());
  if (loaded.rules == nullptr) return state.SkipWithError("the rules do not load");
  const auto compiled = engine::CompileRules(loaded.rules);
  if (!compiled.ok()) return state.SkipWithError("the rules do not compile");
  engine::EventBuilder builder;
  std::vector<std::vector<uint64_t>> events;
  for (const SigmaEvent& made : SigmaEvents(kEvents)) {
    const engine::EventLayout& layout = (*compiled)->layouts[made.stream];
    builder.Begin(made.stream, layout.slot_count());
    for (const auto& [name, value] : made.fields) {
      const auto slot = layout.Find({name});
      if (!slot) continue;
      if (const auto* number = std::get_if<int64_t>(&value)) {
        builder.SetInt(builder.slot(*slot), *number);
      } else {
        builder.SetString(builder.slot(*slot), std::get<std::string>(value));
      }
    }
    const engine::Event& event = *builder.Finish(0, 0, 0);
    events.emplace_back(event.byte_size / sizeof(uint64_t));
    std::memcpy(events.back().data(), &event, event.byte_size);
  }
  engine::Router router(*(*compiled)->routing);
  size_t i = 0;
  uint64_t fitting = 0;
  for (auto _ : state) {
    const auto* event = reinterpret_cast<const engine::Event*>(events[i++ % kEvents].data());
    fitting += router.Route(*event).size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.counters["destinations"] =
      benchmark::Counter(static_cast<double>(fitting) / static_cast<double>(state.iterations()));
}
BENCHMARK(Sigma);

}  // namespace
}  // namespace telltale::bench
