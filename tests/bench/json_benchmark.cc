// The speed of JSON: the keyed events of B1 as text of 258 bytes and 11 fields, of which 4 are
// read.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"
#include "daemon/decode/json_decoder.h"
#include "engine/alert/alert.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/engine.h"
#include "rules/load/load.h"

namespace telltale::decode {
namespace {

// The generator of all workloads: xorshift64.
class Generator {
 public:
  uint64_t Below(uint64_t n) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return absl::Uint128High64(absl::uint128(state_) * n);
  }

 private:
  uint64_t state_ = 88172645463325252u;
};

struct Texts {
  std::string bytes;
  std::vector<size_t> ends;
  std::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

Texts MakeTexts(int64_t count) {
  Generator generator;
  Texts texts;
  for (int64_t i = 0; i < count; ++i) {
    const uint64_t type = generator.Below(20);
    const uint64_t key = generator.Below(10'000);
    const uint64_t value = generator.Below(1000);
    texts.bytes += absl::StrFormat(
        "{\"event_id\":\"%032x\",\"ts\":%d,\"type\":\"login_failed_%02d\",\"user_id\":\"user-%"
        "07d\","
        "\"src_ip\":\"10.1.2.3\",\"amount\":%d.25,\"status\":%d,\"geo\":{\"country\":\"DE\","
        "\"city\":"
        "\"Berlin\"},\"device\":\"android-14-pixel\",\"session\":\"%016x\",\"ok\":true}",
        i, i, type, key, value, value, i * 7919);
    texts.ends.push_back(texts.bytes.size());
  }
  return texts;
}

const Texts& Messages() {
  static const Texts texts = MakeTexts(100'000);
  return texts;
}

config::StreamTime MillisecondsIn(std::string field) {
  config::StreamTime time;
  time.source = config::TimeSource::kField;
  time.field = {std::move(field)};
  time.unit = config::TimeUnit::kMilliseconds;
  return time;
}

void Run(benchmark::State& state, std::vector<engine::Field> fields) {
  const Texts& texts = Messages();
  JsonDecoder decoder(0, engine::EventLayout(std::move(fields)), MillisecondsIn("ts"));
  size_t i = 0;
  int64_t events = 0;
  for (auto _ : state) {
    RawRecord record;
    record.value = texts[i];
    const Decoded decoded = decoder.Decode(record);
    if (decoded.event == nullptr) {
      state.SkipWithError("a message could not be decoded");
      break;
    }
    events += decoded.event->slot_count;
    if (++i == texts.ends.size()) i = 0;
  }
  benchmark::DoNotOptimize(events);
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(texts[0].size()));
  state.counters["bytes"] = static_cast<double>(texts[0].size());
}

// The four that B1's rule reads: time, type, key and value.
void DecodeFourFields(benchmark::State& state) {
  Run(state, {{.path = {"type"}, .type = {}},
              {.path = {"user_id"}, .type = {}},
              {.path = {"amount"}, .type = {}}});
}
BENCHMARK(DecodeFourFields);

void DecodeNestedFields(benchmark::State& state) {
  Run(state, {{.path = {"type"}, .type = {}},
              {.path = {"geo", "country"}, .type = {}},
              {.path = {"geo"}, .type = {}}});
}
BENCHMARK(DecodeNestedFields);

void DecodeWholeEvent(benchmark::State& state) { Run(state, {{.path = {}, .type = {}}}); }
BENCHMARK(DecodeWholeEvent);

void DecodeTimeOnly(benchmark::State& state) { Run(state, {}); }
BENCHMARK(DecodeTimeOnly);

// A time alone, written in four ways.
void DecodeWrittenTime(benchmark::State& state, const char* text, const char* format,
                       const char* zone) {
  config::StreamTime time = MillisecondsIn("ts");
  time.unit = config::TimeUnit::kRfc3339;
  std::vector<config::TimeFormat::Mistake> mistakes;
  if (*format != 0) {
    time.format = std::make_shared<const config::TimeFormat>(
        *config::TimeFormat::Compile(format, zone, mistakes));
  }
  const std::string json = absl::StrFormat("{\"ts\":\"%s\"}", text);
  JsonDecoder decoder(0, {}, time);
  RawRecord record;
  record.value = json;
  for (auto _ : state) {
    if (decoder.Decode(record).event == nullptr) state.SkipWithError("not decoded");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(DecodeWrittenTime, rfc3339, "2026-10-10T13:55:36.125-07:00", "", "");
BENCHMARK_CAPTURE(DecodeWrittenTime, apache, "10/Oct/2026:13:55:36 -0700", "%d/%b/%Y:%H:%M:%S %z",
                  "");
BENCHMARK_CAPTURE(DecodeWrittenTime, same, "2026-10-10T13:55:36.125-07:00", "%Y-%m-%dT%H:%M:%E*S%z",
                  "");
BENCHMARK_CAPTURE(DecodeWrittenTime, zoned, "2026-10-10 13:55:36.125", "%Y-%m-%d %H:%M:%E*S",
                  "Europe/Berlin");

void FirstStageOnly(benchmark::State& state) {
  const Texts& texts = Messages();
  JsonIndex index;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(index.Read(texts[i]));
    if (++i == texts.ends.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(FirstStageOnly);

class CountingSink : public engine::AlertSink {
 public:
  void Deliver(uint32_t, uint64_t, std::vector<engine::Alert> alerts) override {
    for (const engine::Alert& alert : alerts) bytes_ += engine::AlertJson(alert).size();
    alerts_ += alerts.size();
  }
  uint64_t alerts() const { return alerts_; }

 private:
  uint64_t alerts_ = 0;
  uint64_t bytes_ = 0;
};

std::shared_ptr<const engine::CompiledRules> B1Rules() {
  const auto catalog = std::make_shared<const rules::StreamCatalog>(
      std::vector<rules::Stream>{{.name = "events", .topic = "events", .fields = {}}});
  const auto file = std::make_shared<const rules::SourceFile>("b1.yml", R"(id: b1
by: user_id
sequence:
  - first: { on: events, where: 'type == "login_failed_00"' }
  - second: { on: events, where: 'type == "login_failed_01" && status > 500' }
  - third: { on: events, where: 'type == "login_failed_02"' }
within: 600s
)");
  const rules::LoadResult loaded = rules::Load({file}, catalog);
  if (loaded.rules == nullptr) return nullptr;
  auto compiled = engine::CompileRules(loaded.rules);
  return compiled.ok() ? *compiled : nullptr;
}

// Bytes in, bodies of alerts out, all on one thread: B1 has 20,469 alerts in its million events.
void JsonToAlert(benchmark::State& state) {
  constexpr uint64_t kAlerts = 20'469;
  const Texts texts = MakeTexts(1'000'000);
  const auto rules = B1Rules();
  if (rules == nullptr) return state.SkipWithError("the rule does not load");
  for (auto _ : state) {
    CountingSink sink;
    engine::EngineOptions options;
    options.threads = false;
    options.max_out_of_orderness = {0};
    const auto engine = engine::MakeEngine(rules, options, sink);
    engine->AddPartition({.stream = 0, .partition = 0}, {});
    JsonDecoder decoder(0, rules->layouts[0], MillisecondsIn("ts"));
    for (size_t i = 0; i < texts.ends.size(); ++i) {
      RawRecord record;
      record.value = texts[i];
      record.offset = static_cast<int64_t>(i);
      engine->Offer(*decoder.Decode(record).event);
      if (i % 4096 == 4095) engine->Flush();
    }
    engine->Finish();
    if (sink.alerts() != kAlerts)
      return state.SkipWithError("another number of alerts than 20,469");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(texts.ends.size()));
}
BENCHMARK(JsonToAlert)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace telltale::decode
