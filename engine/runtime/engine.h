// The engine from the outside: events in, alerts out.
//
// One thread, the ingest thread, offers events, tells which partitions there are, and flushes;
// shards (threads of their own, or run inside Flush where `threads` is false) order, match and
// suppress, and hand alerts to the sink. The alerts depend on the on-time events and the rules
// alone, not on workers, batches or interleaving.
//
// Rules that read alerts (A5) get them by way of the ingest thread: what a shard has found in an
// epoch that all shards have processed is routed like an event with the next Flush. So an alert
// comes to its reader an epoch later, and to that one's readers another.
//
// Epochs: every Flush closes an epoch. When an epoch is *processed* by all shards, all alerts that
// its watermarks settled have been delivered to the sink; a source commits an offset once its epoch
// is processed and the sink's alerts of it are acknowledged (Settled).
//
// Owner: the daemon's pipeline, or replay. Thread: all methods from the ingest thread, except
// Stats, BufferedBytes and what says otherwise. Units: nanoseconds of event time, bytes.
#ifndef TELLTALE_ENGINE_RUNTIME_ENGINE_H_
#define TELLTALE_ENGINE_RUNTIME_ENGINE_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/alert/alert.h"
#include "engine/event/event.h"
#include "engine/pattern/rule_matcher.h"
#include "engine/runtime/compiled_rules.h"
#include "engine/runtime/key_watch.h"
#include "rules/model/key_parts.h"

namespace telltale::engine {

inline constexpr int64_t kMinTime = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kMaxTime = std::numeric_limits<int64_t>::max();

// Receives what shards settle, and what they tell before that (T5): called on shard threads, for
// one shard first what is not settled, as it was told, then what is, in T7's order; may block (that
// is backpressure).
class AlertSink {
 public:
  virtual ~AlertSink() = default;
  // REQUIRES of the callee: an alert counts as outstanding in `epoch` from before Deliver returns
  // until acknowledged.
  virtual void Deliver(uint32_t shard, uint64_t epoch, std::vector<Alert> alerts) = 0;
};

struct EngineOptions {
  uint32_t workers = 1;
  bool threads = true;          // false: shards run on the ingest thread, within Flush
  uint32_t batch_events = 256;  // a batch for a shard is sent when it holds so many
  uint32_t queue_batches = 64;  // how many batches may wait for a shard; then Offer and Flush block
  std::vector<int64_t> max_out_of_orderness{};  // by stream (T3)
  // What waits on a key is indexed where it is more than this. It shows in no result.
  uint32_t index_from = kIndexFrom;
  // So many of a shard's keys are kept as they are worked with, those that were met last; what is
  // kept of others is packed. It shows in no result.
  uint32_t warm_keys = kWarmKeys;
  // Co-partitioned inputs: the partitions of one number have their keys for themselves. They have a
  // watermark of their own, and take their keys' state along when they are revoked. Else all
  // partitions share all keys: one group.
  bool key_group_is_partition = false;
};

struct PartitionKey {
  uint32_t stream = 0;
  uint32_t partition = 0;
  auto operator<=>(const PartitionKey&) const = default;
};

// What is known of a partition that was read before (T9); the default is one that was not.
struct PartitionStart {
  int64_t floor = kMinTime;            // T4
  int64_t max_time_before = kMinTime;  // the greatest event time below the first offset read again
  int64_t applied_below =
      kMinTime;  // on-time events of an earlier time were applied before the restart: passed over
  int64_t alerted_below = 0;  // an offset: single events (K2) before it have alerted
};

struct Admission {
  bool late = false;
  int64_t delay = 0;         // how far behind the bound, where late
  bool below_floor = false;  // late for what had been settled when its partition joined, and not
                             // for its own disorder
  int64_t behind = 0;        // how far behind the greatest time of its partition, late or not
};

// After epoch `epoch`: an on-time event of a partition with a time below SettledOf has been applied
// by every rule, its alerts delivered.
struct Progress {
  uint64_t epoch = 0;
  uint32_t streams = 0;
  bool key_group_is_partition = false;
  std::vector<int64_t> settled;  // by key group and stream

  int64_t SettledOf(PartitionKey key) const {
    const size_t at = (key_group_is_partition ? key.partition : 0) * size_t{streams} + key.stream;
    return at < settled.size() ? settled[at] : kMinTime;
  }
};

struct ExceptionStats {
  std::string name;
  uint64_t alerts = 0;  // that it kept back
};

struct RuleStats {
  std::string id;
  std::string level;
  std::vector<uint32_t> waits_for;  // the streams of its watermark, by way of rules that it
                                    // reads, too; none: it alerts at once (K2)
  uint64_t matches = 0;
  uint64_t alerts = 0;  // delivered
  uint64_t suppressed = 0;
  uint64_t excepted = 0;                   // kept back by one of its exceptions
  std::vector<ExceptionStats> exceptions;  // in the rule's order
  uint64_t duplicates = 0;                 // events that were left out (V8)
  uint64_t warm_up_quiet = 0;              // C5
  uint64_t condition_errors = 0;           // V1
  uint64_t missing_keys = 0;               // K1
  uint64_t limit_hits = 0;                 // P10
  uint64_t ties = 0;                       // T2
  uint64_t retracted = 0;                  // T5: told early, and taken back
  int64_t early = 0;                       // told early, and not at its end yet
  int64_t partial_matches = 0;             // alive now
  int64_t buffered_events = 0;  // in reorder buffers now, that fit one of its steps or absences
};

struct EngineStats {
  uint64_t generation = 0;       // rises by one with each rule set
  std::vector<RuleStats> rules;  // in order of their ids
  int64_t buffered_events = 0;   // in queues and reorder buffers
  int64_t buffered_bytes = 0;
  int64_t held_bytes = 0;  // of events that partial matches hold, and of keys at rest
  uint64_t watched_keys = 0;
  uint64_t alerts_read = 0;  // that went to other rules (A5)
  uint64_t alerts_late = 0;  // that came too late for one, all of their rule having been idle
  std::vector<int64_t> queue_depth;  // batches, by shard
  std::vector<int64_t> watermarks;   // by stream: the least over its partitions; kMinTime: none yet
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual void AddPartition(PartitionKey partition, const PartitionStart& start) = 0;
  // Its watermark no longer counts; events of it that wait in buffers are dropped, and where key
  // groups are partitions the state of its keys with them, once Flush has been called. With the
  // last one of a key group all goes that is known of the group, its watermark included.
  virtual void RemovePartition(PartitionKey partition) = 0;
  // T3: an idle partition does not hold watermarks back. It wakes with its next event, or by false.
  virtual void SetIdle(PartitionKey partition, bool idle) = 0;

  // The set whose layouts an event of this time must be decoded with (differs from the newest only
  // while a switch is under way).
  virtual const CompiledRules& RulesAt(int64_t time) const = 0;
  virtual uint64_t GenerationAt(int64_t time) const = 0;  // of that set
  // The stream behind those of the config is that of alerts, which has one partition here: none,
  // but where a test offers what rules would have raised. REQUIRES: AddPartition before; events of
  // one partition in order of their offsets; decoded with RulesAt(event.time). Copies what it needs
  // of the event.
  virtual Admission Offer(const Event& event) = 0;
  // A clock that is set by hand, as tests of rules have it: the watermark of every partition there
  // is goes to `watermark` where it is below, with the next Flush.
  virtual void AdvanceTo(int64_t watermark) = 0;
  // Sends all that waits to the shards, with the watermarks, and closes the epoch. Returns its
  // number (from 1 on). Without threads it goes on, epoch by epoch, until alerts have reached all
  // their readers.
  virtual uint64_t Flush() = 0;
  // The end of a finite input (T6): every watermark goes to infinity. Flushes, and waits until all
  // is processed.
  virtual void Finish() = 0;
  // Waits until every epoch closed so far is processed, and what it settles of alerts that rules
  // read; that may close further epochs (a drain: no more events are settled).
  virtual void Wait() = 0;

  // The newest epoch that every shard has processed; 0 before the first.
  virtual uint64_t Processed() const = 0;
  // The progress after the newest epoch that is processed and not above `acknowledged` (the
  // sink's); none before the first.
  virtual std::optional<Progress> Settled(uint64_t acknowledged) = 0;
  // The settled watermark where this partition joins now: its floor (T4).
  virtual int64_t JoinFloor(PartitionKey partition) const = 0;
  virtual int64_t PartitionWatermark(PartitionKey partition) const = 0;

  // C2. From the returned event time T_s on (exclusive) the new rules apply; rules of equal
  // fingerprint keep their state. Buffered events after T_s are dropped: the caller reads every
  // partition again from its least offset that is not yet applied (Settled), after telling
  // RereadFrom. REQUIRES: after an earlier switch every partition has been read
  // again up to its `until`: the rules that end now must have seen all of it. Switches may follow
  // one another before the watermarks have passed the first: each set acts from its T_s to the
  // next.
  virtual int64_t Switch(std::shared_ptr<const CompiledRules> rules) = 0;
  virtual bool switching() const = 0;
  // Offers below `until` are reread: they go to the new rules only, and move no watermark.
  // `max_time_before` is the greatest event time of the partition below `from`.
  virtual void RereadFrom(PartitionKey partition, int64_t from, int64_t until,
                          int64_t max_time_before) = 0;

  // Puts a key of a rule of the newest set under watch (key_watch.h). NotFound: there is no such
  // rule.
  virtual absl::Status Watch(const std::string& rule, const rules::KeyParts& key,
                             const WatchLimits& limits) = 0;
  // False: it was not watched.
  virtual bool Unwatch(const std::string& rule, const rules::KeyParts& key) = 0;
  // In the order in which they were put under watch.
  virtual std::vector<WatchedKey> Watched() const = 0;

  // For tests: all that is kept of keys is encoded, destroyed and decoded, as if this were a
  // restart between the events applied so far and those to come. Flushes and waits. Returns how
  // many bytes that took.
  virtual absl::StatusOr<size_t> RecodeState() = 0;

  virtual int64_t BufferedBytes() const = 0;  // any thread
  virtual EngineStats Stats() const = 0;      // any thread
};

// `rules` may name no rule at all. The sink outlives the engine.
std::unique_ptr<Engine> MakeEngine(std::shared_ptr<const CompiledRules> rules,
                                   EngineOptions options, AlertSink& sink);

}  // namespace telltale::engine

#endif  // TELLTALE_ENGINE_RUNTIME_ENGINE_H_
