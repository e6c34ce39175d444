// The keyed events that the benchmarks share: event i of N has a type below 20, a key below K and a
// value below 1,000, drawn in that order by xorshift64, and the time i in milliseconds. Counts of
// matches can so be checked against others.
//
// Owner: the benchmark. Thread: one. Units: nanoseconds of event time.
#ifndef TELLTALE_TESTS_BENCH_WORKLOAD_H_
#define TELLTALE_TESTS_BENCH_WORKLOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/event/event.h"
#include "engine/runtime/compiled_rules.h"

namespace telltale::bench {

class Xorshift {
 public:
  uint64_t Next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  uint64_t Below(uint64_t n) { return static_cast<uint64_t>(static_cast<Wide>(Next()) * n >> 64); }

 private:
  __extension__ using Wide = unsigned __int128;
  uint64_t state_ = 88172645463325252;
};

struct KeyedEvent {
  int64_t type = 0;
  int64_t key = 0;
  int64_t value = 0;
  int64_t time = 0;  // milliseconds
};
std::vector<KeyedEvent> MakeKeyedEvents(size_t count, uint64_t keys);
// The same with keys by Zipf's law with exponent 1, or of which key 0 has one event in two.
std::vector<KeyedEvent> MakeZipfEvents(size_t count, uint64_t keys);
std::vector<KeyedEvent> MakeHalfOfOneKey(size_t count, uint64_t keys);
// Orders of a stock exchange: 50 ms apart on average, `type` 0 or 1, `key` one of 100 names.
std::vector<KeyedEvent> MakeStockEvents(size_t count);
// For each of `keys` keys in turn: type 0, `repeats` times type 1, type 2, a millisecond apart.
std::vector<KeyedEvent> MakeKleeneEvents(size_t keys, size_t repeats);
// Events as they arrive, of which one in ten comes up to `disorder` milliseconds after its time,
// and one in a thousand later than that.
std::vector<KeyedEvent> ArriveLate(const std::vector<KeyedEvent>& events, uint64_t disorder);
// Those of them that are on time where so much disorder is allowed, in order of their times.
std::vector<KeyedEvent> InOrder(std::vector<KeyedEvent> arriving, int64_t disorder);

// Rules over one stream `events` with the integer fields type, key and value, which Sigma's rules
// know as the product `bench`. Dies where they do not load.
std::shared_ptr<const engine::CompiledRules> CompileFor(const std::string& yaml);

// Events as the decoder would leave them, one block behind the other.
class EventBlocks {
 public:
  EventBlocks(const std::vector<KeyedEvent>& events, const engine::CompiledRules& rules);
  size_t size() const { return places_.size(); }
  const engine::Event& operator[](size_t event) const {
    return *reinterpret_cast<const engine::Event*>(blocks_.data() + places_[event]);
  }

 private:
  std::vector<uint64_t> blocks_;
  std::vector<size_t> places_;  // in words
};

}  // namespace telltale::bench

#endif  // TELLTALE_TESTS_BENCH_WORKLOAD_H_
