// The running daemon: from Kafka topics to alerts, put together from its parts. What serves it to
// the outside (HTTP, gRPC, signals) is put around it by the command.
//
// Owner: the command, or the demo. Thread: Run from one, which becomes the engine's ingest thread;
// the rest from any. Errors: Create says what is wrong with the config's Kafka properties or our
// own rules; Run is not OK where what was read could not be written away before the end.
#ifndef TELLTALE_DAEMON_APP_DAEMON_H_
#define TELLTALE_DAEMON_APP_DAEMON_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/app/health.h"
#include "daemon/app/key_board.h"
#include "daemon/app/layout_decoder.h"
#include "daemon/app/reload.h"
#include "daemon/config/config.h"
#include "daemon/kafka/alert_sink.h"
#include "daemon/kafka/letters.h"
#include "daemon/kafka/source.h"
#include "daemon/telemetry/rule_metrics.h"
#include "daemon/telemetry/snapshot.h"
#include "engine/runtime/engine.h"

namespace telltale::app {

class Daemon {
 public:
  static absl::StatusOr<std::unique_ptr<Daemon>> Create(
      config::Config config, std::shared_ptr<const rules::RuleSet> rules);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Until Stop; then drains: what was read is written away and committed, what still waits in event
  // time is not settled.
  absl::Status Run(absl::Duration drain_limit = absl::Seconds(30));
  void Stop();

  ReloadCoordinator& reload() { return *reload_; }
  KeyBoard& keys() { return *keys_; }
  telemetry::Snapshot Snapshot() const;
  telemetry::Health Health() const { return health_.Get(); }
  const config::Config& config() const { return config_; }

 private:
  explicit Daemon(config::Config config);
  absl::Status Build(std::shared_ptr<const rules::RuleSet> rules);
  ReloadCoordinator::Hooks ReloadHooks();
  kafka::Reports Reports();

  // In the order in which they are made; each uses those above it.
  const config::Config config_;
  int64_t start_time_ = 0;
  HealthBoard health_;
  telemetry::RuleMetrics rule_metrics_;  // shards deliver to it until the engine is gone
  std::unique_ptr<kafka::KafkaAlertSink> alerts_;
  std::unique_ptr<kafka::Letters> letters_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<LayoutDecoder> decoder_;
  std::unique_ptr<kafka::Source> source_;
  std::unique_ptr<ReloadCoordinator> reload_;
  std::unique_ptr<KeyBoard> keys_;
};

// Reads and checks the config's rule files.
rules::LoadResult LoadRules(const config::Config& config);

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_DAEMON_H_
