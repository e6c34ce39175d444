// The speed of JSON: the keyed events of B1 as text of 258 bytes and 11 fields, of which 4 are
// read.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"
#include "daemon/decode/json_decoder.h"

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

}  // namespace
}  // namespace telltale::decode
