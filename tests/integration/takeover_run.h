// The main job as the integration tests see it: three topics, a rule over them, the real binary,
// and a plan of users that says which of them must be alerted of. The truth is the plan's own.
//
// Owner: the test. Thread: the test's main thread; Produce may be called from another. Errors:
// GoogleTest failures with the daemon's log.
#ifndef TELLTALE_TESTS_INTEGRATION_TAKEOVER_RUN_H_
#define TELLTALE_TESTS_INTEGRATION_TAKEOVER_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::integration {

// Asks until it is true; false at the deadline.
bool Eventually(const std::function<bool()>& condition, absl::Duration limit = absl::Seconds(60));

struct RunOptions {
  int partitions = 3;
  std::string config;            // further lines of telltale.yml
  std::string stream_time = "";  // further keys of each stream's time: ", idle_timeout: 1s"
  std::string start;             // of each stream: "latest"
};

// Topics, rules and config of one test; daemons are started from it.
class TakeoverRun {
 public:
  explicit TakeoverRun(support::KafkaBroker& broker, RunOptions options = {});

  struct Daemon {
    std::unique_ptr<support::Process> process;
    uint16_t http = 0;
    uint16_t grpc = 0;
    // Waits until /readyz answers 200, or 503 with `reason` in it.
    bool WaitReady(absl::Duration limit = absl::Seconds(60));
    bool WaitNotReady(const std::string& reason, absl::Duration limit = absl::Seconds(60));
    double Metric(const std::string& sample) const;  // -1: not there
    int Terminate();                                 // the exit code; -1 where it did not end
  };
  Daemon Start();

  void WriteRules(const std::string& text) { dir_.Write("rules.yml", text); }
  static std::string TakeoverRule();

  // Records of users [first, last): every third is taken over (and joins truth()), the others miss
  // it by one step. Events of a user are `step_ms` apart from `begin_ms` on; disorder stays within
  // 3 s of event time.
  std::vector<support::KafkaRecord> Users(int first, int last, int64_t begin_ms,
                                          int64_t spread_ms = 20000);
  // To every partition of every topic an event so late in event time that all before it settles.
  std::vector<support::KafkaRecord> Flushers(int64_t time_ms);
  void Produce(const std::vector<support::KafkaRecord>& records);

  const std::set<std::string>& truth() const { return truth_; }
  // Users of the alerts in the topic, each id once.
  std::multiset<std::string> Alerted();
  // Ids that stand in the alert topic more than once.
  std::set<std::string> RepeatedAlerts();
  // Waits until as many users as in truth() are alerted of, and compares.
  void ExpectTruth(absl::Duration limit = absl::Seconds(60));
  // What the running daemons say of themselves, for messages of failed tests.
  std::string Describe() const;

  support::KafkaRecord Record(int stream, const std::string& user, int64_t time_ms,
                              const std::string& json) const;
  const std::string& topic(int stream) const { return topics_[static_cast<size_t>(stream)]; }
  const std::string& alerts() const { return alerts_; }
  const std::string& group() const { return group_; }
  std::string dead_letters() const { return group_ + ".dead-letters"; }
  support::KafkaClient& kafka() { return broker_.client(); }
  int64_t Committed();  // the sum over all partitions

 private:
  support::KafkaBroker& broker_;
  const RunOptions options_;
  support::TempDir dir_;
  std::string group_;
  std::string alerts_;
  std::vector<std::string> topics_;
  std::set<std::string> truth_;
  std::vector<uint16_t> http_ports_;
  std::mt19937 random_{42};
};

}  // namespace telltale::integration

#endif  // TELLTALE_TESTS_INTEGRATION_TAKEOVER_RUN_H_
