// Alerts to Kafka: the engine's sink over an outbox.
//
// The record key is the alert's id (A2), the value AlertJson, and the headers are CloudEvents' in
// binary mode with the wall times of detection and emission beside them. Alerts of rules in shadow
// mode go to the shadow topic (C4), results of rules with an `output` to the topic that it names,
// under the key that it names, those of a rule with a metric to whoever keeps its series; these
// hold no offset back, for nothing is sent.
//
// Owner: the app; outlives the engine. Thread: Deliver from shard threads, the rest from any.
// Deliver blocks while more than a bound of alerts wait for their acknowledgement; the source stops
// reading long before (BackedUp). Errors: what the broker refuses is tried for ever, and told as
// the outbox does.
#ifndef TELLTALE_DAEMON_KAFKA_ALERT_SINK_H_
#define TELLTALE_DAEMON_KAFKA_ALERT_SINK_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "daemon/kafka/outbox.h"
#include "daemon/telemetry/histogram.h"
#include "daemon/telemetry/snapshot.h"
#include "engine/alert/alert.h"
#include "engine/runtime/engine.h"

namespace telltale::kafka {

class KafkaAlertSink : public engine::AlertSink {
 public:
  struct Options {
    std::string topic;
    std::string shadow_topic;
    std::string source;  // ce_source: "telltale/<group>"
    Properties properties;
    Reports reports;
    // Takes the results of rules with a metric.
    std::function<void(const engine::Alert&)> metric = {};
  };

  static absl::StatusOr<std::unique_ptr<KafkaAlertSink>> Create(Options options);

  void Deliver(uint32_t shard, uint64_t epoch, std::vector<engine::Alert> alerts) override;

  // All alerts that were delivered so far in epochs up to this one are acknowledged; the greatest
  // number where none is outstanding. The alerts of an epoch still in work may come later: ask the
  // engine before and after.
  uint64_t AcknowledgedEpoch() const;

  // For the latency from consume to acknowledge: when the oldest record of an epoch was polled. An
  // alert of an epoch that is not noted (a drain closes some of its own) counts from the newest.
  void NoteEpoch(uint64_t epoch, int64_t polled_ns);

  // So many alerts wait that nothing more should be read.
  bool BackedUp() const;
  bool WaitAcknowledged(absl::Duration timeout) { return outbox_->WaitBelow(1, timeout); }
  // Deliver blocks no more, and drops: the end of a drain that could not be finished.
  void Abandon();

  telemetry::AlertFigures figures() const;
  telemetry::HistogramValues latency() const { return latency_.Values(); }

 private:
  explicit KafkaAlertSink(Options options);
  std::unique_ptr<Outgoing> Envelope(const engine::Alert& alert, uint64_t epoch,
                                     const std::string& detected) const;
  void Acknowledged(const Outgoing& record);

  const Options options_;
  telemetry::Histogram latency_{telemetry::LatencyBounds()};
  struct Polled {
    std::atomic<uint64_t> epoch{0};
    std::atomic<int64_t> at{0};
  };
  std::array<Polled, 4096> polled_{};  // by epoch, modulo
  std::atomic<int64_t> newest_polled_{0};
  std::atomic<uint64_t> acknowledged_{0};
  std::atomic<bool> abandoned_{false};
  mutable std::mutex mutex_;
  std::map<uint64_t, uint64_t> outstanding_;  // by epoch
  std::unique_ptr<Outbox> outbox_;            // last: its thread calls us
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_ALERT_SINK_H_
