// Counters of one rule on one shard: written by the shard alone, read by whoever asks for
// statistics.
//
// Owner: the shard (through a shared pointer that readers hold too). Thread: one writer, any
// readers; relaxed, because a figure that is a moment old is as good.
#ifndef TELLTALE_ENGINE_RUNTIME_COUNTERS_H_
#define TELLTALE_ENGINE_RUNTIME_COUNTERS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace telltale::engine {

class Counter {
 public:
  void Add(uint64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void Subtract(uint64_t n = 1) { Add(~n + 1); }
  void Set(uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  uint64_t Get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

struct RuleCounters {
  Counter matches;
  Counter alerts;
  Counter suppressed;
  Counter excepted;                  // by any exception
  std::vector<Counter> excepted_by;  // by the rule's exceptions, in their order
  Counter duplicates;                // events left out (V8)
  Counter warm_up_quiet;
  Counter condition_errors;
  Counter limit_hits;
  Counter ties;
  Counter partial_matches;
  Counter buffered_events;
  Counter early;      // told before they are settled, and neither settled nor taken back yet (T5)
  Counter retracted;  // told so, and taken back
};

// By index in the rule set.
using RuleCountersTable = std::vector<RuleCounters>;

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_COUNTERS_H_
