// The main job on an embedded broker: a mock cluster, the sample's config and rules, the daemon as
// `telltale run` has it, generated events in, a consumer of the alert topic at the other end, and a
// verdict against the generator's plan.
//
// Owner: the command. Thread: one; the daemon and the clients have their own. Errors: Start says
// what did not start; what did not come in time shows in the verdict and in `trouble`.
#ifndef TELLTALE_DAEMON_DEMO_DEMO_H_
#define TELLTALE_DAEMON_DEMO_DEMO_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/app/daemon.h"
#include "daemon/demo/alert_reader.h"
#include "daemon/demo/feeder.h"
#include "daemon/demo/generator.h"
#include "daemon/demo/mock_cluster.h"
#include "daemon/demo/screen.h"
#include "daemon/demo/verdict.h"

namespace telltale::demo {

struct DemoResult {
  Verdict verdict;
  uint64_t events = 0;
  uint64_t near_misses = 0;
  double seconds = 0;   // from the first event written to the last one committed
  std::string trouble;  // why it ended early; empty: it did not
  bool good() const { return trouble.empty() && verdict.exact(); }
};

// {"events":…,"planted":…,"alerts":…,"missing":0,"spurious":0,"events_per_second":…}
std::string ResultJson(const DemoResult& result);
// Several lines for people; the first differences where it is not exact.
std::string ResultText(const DemoResult& result);

class Demo {
 public:
  // Returns when the daemon is ready. The screen outlives the demo.
  static absl::StatusOr<std::unique_ptr<Demo>> Start(const GeneratorOptions& options,
                                                     Screen& screen);
  ~Demo();
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  // Writes all events, and waits until all that must settle is settled and all alerts are read; at
  // most for `limit`, or until `interrupted`.
  DemoResult Play(absl::Duration limit, const std::atomic<bool>& interrupted);

  // Time goes on without anything of note happening: writes one quiet event to each partition, a
  // second of event time after the last. For --serve, where watermarks shall move. REQUIRES: Play.
  void Beat();

  app::Daemon& daemon() { return *daemon_; }
  std::string bootstrap() const { return cluster_->bootstrap(); }
  // Config and rules as files; gone with the demo.
  const std::string& folder() const { return folder_; }

 private:
  Demo(const GeneratorOptions& options, Screen& screen);
  absl::Status Build();
  absl::StatusOr<config::Config> WriteSample();
  absl::Status WaitReady();
  Positions ReadPositions() const;
  bool Settled(const telemetry::Snapshot& snapshot) const;
  void ShowFigures(const telemetry::Snapshot& snapshot, double seconds);

  const GeneratorOptions options_;
  Screen& screen_;
  const Generator generator_;
  Positions goals_;  // the offsets that are committed once all is settled
  std::string folder_;
  std::unique_ptr<MockCluster> cluster_;
  std::unique_ptr<app::Daemon> daemon_;
  std::thread running_;
  absl::Status ended_;
  std::mutex mutex_;
  std::vector<AlertIdentity> seen_;
  std::unique_ptr<AlertReader> reader_;
  std::unique_ptr<Feeder> feeder_;
  int64_t beats_ = 0;
};

// For each partition the offset of its first event that cannot settle: an event settles when its
// time is below the greatest times of all partitions less the disorder.
Positions CommitGoals(const std::vector<GeneratedEvent>& events, int64_t max_out_of_orderness_ms);

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_DEMO_H_
