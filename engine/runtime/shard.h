// One shard: the lanes of the rule set that runs, one for each key group; while switches are under
// way those of the ones that end; and the memory that they share. Handles one batch after another;
// knows nothing of threads.
//
// Owner: the engine. Thread: one at a time (its worker, or the ingest thread where there are none);
// Counters any.
#ifndef TELLTALE_ENGINE_RUNTIME_SHARD_H_
#define TELLTALE_ENGINE_RUNTIME_SHARD_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/condition/scratch.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/batch.h"
#include "engine/runtime/counters.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/fed_alerts.h"
#include "engine/runtime/shard_lane.h"

namespace telltale::engine {

class Shard {
 public:
  // `recycle` takes back a batch of which nothing waits any more, `give` the alerts of one that
  // other rules read.
  Shard(uint32_t number, std::shared_ptr<const CompiledRules> rules,
        std::vector<int64_t> max_out_of_orderness, uint32_t index_from, uint32_t warm_keys,
        AlertSink& sink, std::function<void(std::unique_ptr<Batch>)> recycle,
        std::function<void(std::unique_ptr<FedAlerts>)> give);

  void Handle(std::unique_ptr<Batch> batch);

  // What is counted, with the rules that it is counted for.
  struct Counts {
    std::shared_ptr<const CompiledRules> rules;
    std::shared_ptr<const RuleCountersTable> table;
  };
  Counts counts() const;                                                              // any thread
  int64_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }  // any thread

 private:
  struct RuleSetState {
    uint64_t generation = 1;
    int64_t from = kMinTime;   // exclusive: the T_s that began it
    int64_t until = kMaxTime;  // the last event time that it acts at: T_s of the next
    std::shared_ptr<const CompiledRules> rules;
    std::shared_ptr<RuleCountersTable> counters;
    // By key group and lane. Null: the group is not here, or the lane has passed `until` and handed
    // its state over.
    std::vector<std::unique_ptr<ShardLane>> lanes;

    size_t lane_count() const { return rules->routing->lanes.size(); }
    std::unique_ptr<ShardLane>& lane(uint32_t group, size_t lane) {
      return lanes[group * lane_count() + lane];
    }
  };

  RuleSetState MakeState(std::shared_ptr<const CompiledRules> rules, uint64_t generation) const;
  // `begin`: T_s of the set where the group was here before (C5).
  void MakeLanes(size_t set, uint32_t group, std::optional<int64_t> begin);
  // What they make to be told early goes to `alerts`.
  void Obey(const SwitchRules& change, std::vector<Alert>& alerts);
  void Obey(const DropPartition& drop, std::vector<Alert>& alerts);
  void Obey(const BeginGroup& begin, std::vector<Alert>& alerts);
  void Obey(const EndGroup& end, std::vector<Alert>& alerts);
  void Obey(const RecodeState& recode, std::vector<Alert>& alerts);
  // Null: it is done and gone.
  RuleSetState* Find(uint64_t generation);
  void SettleOld(size_t set, const std::vector<LaneTime>& times, std::vector<Alert>& alerts);
  // A5: the alert as an event for the set that acts at its time.
  void Feed(uint32_t group, const CompiledRules& rules, uint32_t rule, const Match& match,
            const Alert& alert, bool suppressed);
  // A3: the alert for those who decide it.
  void Hold(uint32_t group, uint64_t generation, Alert alert, const Hash128& key);
  void HandOver(size_t set, uint32_t group, uint32_t lane, std::vector<Alert>& alerts);
  void NoteEarlierEvents(const Batch& batch, size_t& next, size_t delivery);
  void Recycle(Batch* batch);

  uint32_t number_;
  std::vector<int64_t> max_out_of_orderness_;
  AlertSink& sink_;
  std::function<void(std::unique_ptr<Batch>)> recycle_;
  std::function<void(std::unique_ptr<FedAlerts>)> give_;
  ShardMemory memory_;
  ShardMemory speculation_memory_;
  Scratch scratch_;
  std::deque<RuleSetState> sets_;  // oldest first; more than one while switches are under way
  std::vector<bool> groups_;       // which key groups are here
  // How many times what the keys of a group held was dropped; the ingest thread counts alike.
  std::vector<uint32_t> incarnations_;
  std::unique_ptr<FedAlerts> fed_;  // of the batch under way; null: none yet
  EventBuilder builder_;            // of the same
  size_t last_alerts_ = 0;          // of the last batch: they come in bursts, and are large to move
  std::atomic<int64_t> held_bytes_{0};

  mutable std::mutex counts_mutex_;  // taken at a switch and by readers, never for an event
  Counts counts_;
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_SHARD_H_
