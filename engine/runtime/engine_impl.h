// The engine: where events, watermarks and rule sets meet on the ingest thread, and the shards with
// what leads to them.
//
// Its parts, by source: engine.cc, events and the epochs that they are settled in;
// engine_partitions.cc, which partitions there are; engine_chain.cc, alerts that come back, for
// rules that read them (A5) and for suppression over keys (A3); engine_rules.cc, changes of rules,
// keys under watch, state as bytes; engine_stats.cc. Owner, thread and units: as engine.h says.
#ifndef TELLTALE_ENGINE_RUNTIME_ENGINE_IMPL_H_
#define TELLTALE_ENGINE_RUNTIME_ENGINE_IMPL_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/runtime/active_rules.h"
#include "engine/runtime/batch.h"
#include "engine/runtime/engine.h"
#include "engine/runtime/fed_alerts.h"
#include "engine/runtime/joint_suppressions.h"
#include "engine/runtime/key_watch.h"
#include "engine/runtime/router.h"
#include "engine/runtime/shard.h"
#include "engine/runtime/spsc_queue.h"
#include "engine/time/partition_clock.h"

namespace telltale::engine {

struct PartitionState {
  bool assigned = false;
  bool idle = false;
  PartitionClock clock;
  int64_t applied_below = kMinTime;
  int64_t alerted_below = 0;
  int64_t reread_until = -1;  // offsets below are read again after a switch; -1: none
  PartitionClock reread;

  int64_t watermark() const { return reread_until >= 0 ? reread.watermark() : clock.watermark(); }
};

struct StreamState {
  std::vector<PartitionState> partitions;
  std::atomic<int64_t> watermark{kMinTime};  // for statistics
};

// The partitions that share their keys.
struct KeyGroup {
  uint32_t partitions = 0;    // assigned
  int64_t passed = kMinTime;  // T_s of the last switch whose old set it is done with
  // Rises whenever what its keys hold is dropped: alerts of theirs on the way are for nobody then.
  uint32_t incarnation = 0;

  bool live() const { return partitions > 0; }
};

// A rule set as statistics see it.
struct PublishedSet {
  uint64_t generation = 0;
  std::shared_ptr<const CompiledRules> rules;
  std::shared_ptr<const Router> router;
};

// How far the sets had come at the end of an epoch.
struct EpochTimes {
  struct OfSet {
    uint64_t generation = 0;
    std::vector<Applied> applied;
  };
  uint64_t epoch = 0;
  std::vector<uint32_t> incarnations;  // by key group
  std::vector<OfSet> sets;
};

using CountsById = std::map<std::string, Router::Counts, std::less<>>;

class EngineImpl final : public Engine {
 public:
  EngineImpl(std::shared_ptr<const CompiledRules> rules, EngineOptions options, AlertSink& sink);
  ~EngineImpl() override;

  void AddPartition(PartitionKey key, const PartitionStart& start) override;
  void RemovePartition(PartitionKey key) override;
  void SetIdle(PartitionKey key, bool idle) override;
  const CompiledRules& RulesAt(int64_t time) const override { return SetAt(time).compiled(); }
  uint64_t GenerationAt(int64_t time) const override { return SetAt(time).generation(); }
  Admission Offer(const Event& event) override;
  void AdvanceTo(int64_t watermark) override;
  uint64_t Flush() override;
  void Finish() override;
  void Wait() override;
  uint64_t Processed() const override;
  std::optional<Progress> Settled(uint64_t acknowledged) override;
  int64_t JoinFloor(PartitionKey key) const override;
  int64_t PartitionWatermark(PartitionKey key) const override;
  int64_t Switch(std::shared_ptr<const CompiledRules> rules) override;
  bool switching() const override { return sets_.size() > 1; }
  void RereadFrom(PartitionKey key, int64_t from, int64_t until, int64_t max_time_before) override;
  absl::Status Watch(const std::string& rule, const rules::KeyParts& key,
                     const WatchLimits& limits) override;
  bool Unwatch(const std::string& rule, const rules::KeyParts& key) override {
    return watches_.End(rule, key);
  }
  std::vector<WatchedKey> Watched() const override;
  absl::StatusOr<size_t> RecodeState() override;
  int64_t BufferedBytes() const override { return buffered_bytes_.load(std::memory_order_relaxed); }
  EngineStats Stats() const override;

 private:
  // A shard with what leads to it.
  struct Worker {
    explicit Worker(size_t queue_batches) : queue(queue_batches), returned(2 * queue_batches + 2) {}
    SpscQueue<std::unique_ptr<Batch>> queue;
    SpscQueue<std::unique_ptr<Batch>> returned;
    FedAlertQueue fed;
    std::unique_ptr<Batch> pending;
    uint64_t last_offer = 0;  // of which the pending batch has the event
    uint32_t last_position = 0;
    std::atomic<uint64_t> processed{0};
    std::unique_ptr<Shard> shard;
    std::thread thread;
  };

  const ActiveRules& SetAt(int64_t time) const;
  uint32_t GroupOf(uint32_t partition) const {
    return options_.key_group_is_partition ? partition : 0;
  }
  PartitionState& StateOf(PartitionKey key);
  Worker& WorkerFor(uint64_t chosen) {
    // A division takes as long as much else that is done for an event.
    return *workers_[workers_.size() == 1 ? 0 : chosen % workers_.size()];
  }
  // Alerts that are offered from outside, as tests of rules do, have coordinates of their own.
  bool IsAlert(const Event& event) const { return event.stream + 1 == streams_.size(); }
  PartitionKey KeyOf(const Event& event) const {
    return {.stream = event.stream, .partition = IsAlert(event) ? 0 : event.partition};
  }
  PartitionState& PartitionOf(const Event& event) {
    return streams_[event.stream].partitions[KeyOf(event).partition];
  }
  void Begin(uint32_t group);
  void End(uint32_t group);
  void Tell(const Command& command);
  Admission OfferAgain(PartitionState& partition, const Event& event);
  void Deliver(const Event& event, uint32_t group);
  void DeliverTo(ActiveRules& rules, uint32_t group, const Event& event);
  void HandTo(const ActiveRules& rules, uint32_t group, const Event& event,
              const std::vector<Destination>& destinations);
  // Whether alerts come back from shards: some set that runs has rules on rules (A5), or alerts are
  // suppressed over keys (A3).
  bool Chained() const;
  uint64_t CloseEpoch();
  // Takes what shards have given back, and what the epochs that all have processed have settled.
  // True: there was something new in it.
  bool TakeFed();
  void DeliverFed(const FedAlerts& fed);
  // Suppression over keys (A3).
  void TakeUndecided(FedAlerts& fed);
  void DecideJointly();
  // Until alerts have reached all their readers.
  void SettleReaders();
  void WaitForShards();
  // Of the lanes that name the stream; none: of all.
  void TellEarlierEvent(const ActiveRules& rules, uint32_t group, std::optional<uint32_t> stream);
  // How far a rule of the newest set has settled the keys of a group.
  int64_t WatermarkOf(uint32_t rule, uint32_t group) const;
  void UpdateWatermarks();
  StreamTime* TimesOf(uint32_t group) { return times_.data() + group * streams_.size(); }
  void Send(Worker& worker, bool closes_epoch);
  void EndSets();
  void Work(Worker& worker);
  void Process(Worker& worker, std::unique_ptr<Batch> batch);
  std::unique_ptr<Batch> NewBatch(Worker& worker);
  void Publish();

  const EngineOptions options_;
  AlertSink& sink_;
  std::vector<StreamState> streams_;
  std::vector<KeyGroup> groups_;
  std::vector<StreamTime> times_;       // by key group and stream
  std::deque<ActiveRules> sets_;        // oldest first; more than one while switches are under way
  int64_t switch_at_ = kMinTime;        // T_s of the last switch
  int64_t alerted_at_once_ = kMinTime;  // the greatest time of an event that has (K2)
  bool finished_ = false;
  uint64_t epoch_ = 0;  // the last one closed
  uint64_t offers_ = 0;
  KeyWatches watches_;
  JointSuppressions joint_;
  std::deque<EpochTimes> epochs_;  // that shards may be working on; none where nothing is chained
  std::deque<Progress> progress_;
  std::optional<Progress> settled_;

  std::atomic<int64_t> buffered_bytes_{0};
  std::atomic<int64_t> buffered_events_{0};
  std::atomic<uint64_t> alerts_read_{0};
  std::atomic<uint64_t> alerts_late_{0};
  std::atomic<uint64_t> generation_{1};
  mutable std::mutex published_mutex_;   // at a switch and for statistics
  std::vector<PublishedSet> published_;  // those that run, oldest first
  CountsById ended_counts_;              // of sets that ran, for the rules of the newest

  std::vector<std::unique_ptr<Worker>> workers_;  // last: shards give batches back while they end
};

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ENGINE_IMPL_H_
