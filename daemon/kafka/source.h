// From Kafka topics into the engine: one thread polls the consumer, decodes, and offers each event;
// it commits an offset once everything below it is applied or written away, and acknowledged
// (OffsetLedger).
//
// The thread that calls Run is the engine's ingest thread: everything that touches the engine
// happens there, the consumer's callbacks and switches of rules included. Batches are closed every
// 2 ms at the latest, so that alerts are quick.
//
// Rebalances are eager: all partitions are taken away, and given anew. Those that come back keep
// their place and their state; those that do not, or that somebody else moved on meanwhile, lose
// it. So it is with an assignment that was lost, but that nothing of it is committed any more.
//
// Owner: the app. Thread: Run from one; Stop, Switch, OnEngine, Fill from any. Units: nanoseconds,
// bytes. Errors: what can pass is waited for and told as health ("assignment", "offsets"); Run
// returns only after Stop.
#ifndef TELLTALE_DAEMON_KAFKA_SOURCE_H_
#define TELLTALE_DAEMON_KAFKA_SOURCE_H_

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/config/config.h"
#include "daemon/kafka/alert_sink.h"
#include "daemon/kafka/broker_watch.h"
#include "daemon/kafka/client.h"
#include "daemon/kafka/group_lookup.h"
#include "daemon/kafka/input_partition.h"
#include "daemon/kafka/letters.h"
#include "daemon/kafka/record_decoder.h"
#include "daemon/telemetry/lateness.h"
#include "daemon/telemetry/snapshot.h"
#include "engine/runtime/engine.h"

namespace telltale::kafka {

class Source {
 public:
  // What it works with; all outlive it.
  struct Parts {
    const config::Config& config;
    engine::Engine& engine;
    KafkaAlertSink& alerts;
    Letters& letters;
    RecordDecoder& decoder;
    Reports reports;
  };
  struct Switched {
    int64_t time = engine::kMinTime;  // T_s
    uint64_t generation = 0;
  };

  static absl::StatusOr<std::unique_ptr<Source>> Create(Parts parts);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // Reads until Stop; then waits for what was read (alerts and letters acknowledged, for
  // `drain_limit` at most), commits and leaves the group. What the engine still holds back in event
  // time is not settled. OK where all was committed.
  absl::Status Run(absl::Duration drain_limit);
  void Stop();

  // C2, on the ingest thread; waits for a switch that is under way.
  absl::StatusOr<Switched> Switch(std::shared_ptr<const engine::CompiledRules> rules,
                                  absl::Duration timeout);

  // Runs the action on the ingest thread within a few milliseconds, and waits until it has run. Not
  // OK: it has not run, and will not.
  absl::Status OnEngine(std::function<void(engine::Engine&)> action, absl::Duration timeout);

  // Streams and partitions.
  void Fill(telemetry::Snapshot& snapshot) const;

 private:
  struct SwitchRequest {
    std::shared_ptr<const engine::CompiledRules> rules;
    Switched result;
    bool done = false;
  };
  struct Visit {
    std::function<void(engine::Engine&)> action;
    bool begun = false;
    bool done = false;
  };
  struct StreamCounters {
    std::atomic<uint64_t> records{0};
    std::atomic<uint64_t> bytes{0};
    std::atomic<uint64_t> late{0};
    std::atomic<uint64_t> gaps{0};
    std::array<std::atomic<uint64_t>, kHoldWords.size()> pauses{};  // by bit of Hold
    telemetry::Lateness lateness;
  };
  // What an assignment needs to know of the group.
  struct GroupState {
    std::map<TopicPartition, CommittedOffset> committed;  // of all partitions of the topics
    std::string refusal;                                  // why nobody may process; empty: go on
  };
  using Key = std::pair<std::string, int32_t>;

  explicit Source(Parts parts);
  absl::Status Connect();
  absl::Status Subscribe();

  // source.cc: records.
  void Handle(const rd_kafka_message_t& message);
  void HandleError(const rd_kafka_message_t& message);
  void Take(InputPartition& partition, const rd_kafka_message_t& message);
  void NoticeGap(InputPartition& partition, int64_t found);
  void DeadLetter(InputPartition& partition, const rd_kafka_message_t& message,
                  std::string_view reason);
  void TakeLate(InputPartition& partition, const rd_kafka_message_t& message,
                const LateEvent& event);
  InputPartition* Find(const rd_kafka_message_t& message);
  void NoteFirstPending(int64_t now);
  void Flush();

  // source_upkeep.cc: what has to be done every few milliseconds.
  void Upkeep(int64_t now);
  void Progress();
  void HoldAndRelease();
  void SetHold(InputPartition& partition, uint8_t reason, bool on);
  void Pause(InputPartition& partition, bool on);
  void JudgeIdle(int64_t now);
  // False: it waited, and the broker is away or refused.
  bool Commit(bool wait);
  void Committed(rd_kafka_resp_err_t error, const rd_kafka_topic_partition_list_t* list);
  // After a switch: some partition is still below where it had been read to.
  bool Rereading() const;
  void ServeSwitch();
  void ServeVisits();
  void Publish();
  // Until the shards have handled all that was flushed; false at the deadline.
  bool WaitProcessed(int64_t deadline);
  // Until all that was read is handled and its alerts are acknowledged; false at the deadline.
  bool WaitSafe(int64_t deadline);
  absl::Status Drain(absl::Duration limit);

  // source_rebalance.cc
  void OnRebalance(rd_kafka_resp_err_t event, rd_kafka_topic_partition_list_t* list);
  void OnAssign(const rd_kafka_topic_partition_list_t& list);
  void OnRevoke();
  absl::StatusOr<GroupState> AskGroup(const rd_kafka_topic_partition_list_t& list) const;
  absl::Status Join(const Key& key, const GroupState& group);
  void Forget(const Key& key);
  void StandBy(const std::string& reason, bool try_again);
  void AssignAll();
  void RereadAll();
  void JumpTo(InputPartition& partition);
  std::optional<uint32_t> StreamOf(const std::string& topic) const;

  Parts parts_;
  Client consumer_;
  std::unique_ptr<BrokerWatch> watch_;
  std::atomic<bool> stopping_{false};

  // Of the ingest thread.
  std::map<Key, InputPartition> partitions_;
  const rd_kafka_topic_t* last_topic_ = nullptr;  // the partition found last
  int32_t last_number_ = -1;
  InputPartition* last_ = nullptr;
  uint64_t next_tag_ = 1;
  uint64_t epoch_ = 0;  // closed last
  uint64_t settled_epoch_ = 0;
  uint64_t marked_epoch_ = 0;  // the one at whose end `marked` was noted; 0: none is waited for
  size_t pending_ = 0;         // offered and not flushed
  bool flush_wanted_ = false;
  int64_t first_pending_ = 0;  // steady
  int64_t next_upkeep_ = 0;    // steady
  int64_t next_commit_ = 0;
  int64_t next_idle_check_ = 0;
  int64_t next_publish_ = 0;
  int64_t rejoin_at_ = 0;  // 0: no need
  bool commit_in_flight_ = false;
  bool draining_ = false;

  mutable std::mutex mutex_;
  std::condition_variable switched_;
  std::shared_ptr<SwitchRequest> request_;
  std::condition_variable visited_;
  std::deque<std::shared_ptr<Visit>> visits_;
  std::vector<telemetry::PartitionFigures> figures_;
  std::vector<std::map<std::string, uint64_t>> dead_letters_;  // by stream
  std::unique_ptr<StreamCounters[]> counters_;
};

// All that the consumer is made with: our defaults, the config's properties over them, and over
// both what the guarantees hang on.
Properties ConsumerProperties(const config::Config& config);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_SOURCE_H_
