// Keys that people look at: of each the on-time events of its rule that reach it, since the watch
// began, so that it can be told how far the key is and why not further (engine/reading).
//
// The ingest thread keeps them, before events are routed: what came near and fits nothing never
// reaches a shard. Nothing is evaluated where nothing is watched; else an event costs the finding
// of its keys for each rule of which some key is watched. With other rules a watch begins anew, for
// their events hold other fields; it ends with its rule.
//
// Owner: the engine. Thread: the ingest thread; a WatchedKey goes anywhere. Units: nanoseconds of
// event time, bytes. Errors: Begin says what is wrong with the rule or the key.
#ifndef TELLTALE_ENGINE_RUNTIME_KEY_WATCH_H_
#define TELLTALE_ENGINE_RUNTIME_KEY_WATCH_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "engine/condition/scratch.h"
#include "engine/event/event.h"
#include "engine/reading/rule_reading.h"
#include "engine/runtime/compiled_rules.h"
#include "rules/model/key_parts.h"

namespace telltale::engine {

// What one watch keeps at most; beyond it the oldest events go, and are counted.
struct WatchLimits {
  size_t events = 1000;
  size_t bytes = 1 << 20;
};

using EventBlock = std::shared_ptr<const std::vector<uint64_t>>;

// What is known of a key now.
struct WatchedKey {
  std::shared_ptr<const CompiledRules> rules;
  uint32_t rule = 0;  // its index in them
  rules::KeyParts key;
  std::vector<EventBlock> blocks;  // in total order
  uint64_t forgotten = 0;          // events that were kept and went
  int64_t since = 0;               // the rule's watermark when the watch began
  int64_t watermark = 0;           // and now: what is below it has been applied

  const rules::Rule& its_rule() const { return rules->rules->rules[rule]; }
  const Event& event(size_t index) const {
    return *reinterpret_cast<const Event*>(blocks[index]->data());
  }
};

// InvalidArgument: the rule does not run, or has another number of key parts.
absl::Status CheckWatch(const rules::Rule& rule, const rules::KeyParts& key);

class KeyWatches {
 public:
  bool empty() const { return watches_.empty(); }
  // May be called by any thread.
  uint64_t size() const { return size_.load(std::memory_order_relaxed); }

  // Errors as CheckWatch. Of a key that is watched already nothing changes. `since`: the rule's
  // watermark.
  absl::Status Begin(const std::shared_ptr<const CompiledRules>& rules, uint32_t rule,
                     const rules::KeyParts& key, const WatchLimits& limits, int64_t since);
  // False: it was not watched.
  bool End(const std::string& rule, const rules::KeyParts& key);

  // An event that is handed to the rules which the watches are of.
  void Note(const Event& event);
  // All rules begin anew at `since`.
  void Restart(const std::shared_ptr<const CompiledRules>& rules, int64_t since);
  // What is held of the keys of these partitions is given up.
  void ForgetPartition(uint32_t partition);

  // Without their watermarks.
  std::vector<WatchedKey> Watched() const;

 private:
  struct Watch {
    WatchedKey known;  // but for its blocks
    std::deque<EventBlock> blocks;
    WatchLimits limits;
    size_t bytes = 0;
    uint64_t noted = 0;  // the number of the event that it took last
  };
  // An event's keys are found once for each of these, however many keys are watched.
  struct WatchedRule {
    RuleReading reading;
    std::map<rules::KeyParts, Watch*> keys;
  };
  Watch* Find(const std::string& rule, const rules::KeyParts& key) const;
  static void Keep(Watch& watch, const EventBlock& block);

  std::vector<std::unique_ptr<Watch>> watches_;  // in the order in which they began
  std::map<uint32_t, WatchedRule> rules_;        // by index
  std::atomic<uint64_t> size_{0};                // of watches_
  uint64_t noted_ = 0;                           // events
  Scratch scratch_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_KEY_WATCH_H_
