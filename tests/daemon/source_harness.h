// A source between two mocks of a broker (librdkafka's own), one for what it reads and one for what
// it writes, and an engine that says what the test wants.
//
// The mock gives a group its partitions three seconds after the first member came: a test starts
// one source, two at most.
//
// Owner: the test. Thread: the test's; the source runs on one of its own. Errors: GoogleTest
// failures.
#ifndef TELLTALE_TESTS_DAEMON_SOURCE_HARNESS_H_
#define TELLTALE_TESTS_DAEMON_SOURCE_HARNESS_H_

#include <librdkafka/rdkafka.h>
// rdkafka.h must come before it.
#include <librdkafka/rdkafka_mock.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "daemon/config/config.h"
#include "daemon/kafka/alert_sink.h"
#include "daemon/kafka/client.h"
#include "daemon/kafka/commit_note.h"
#include "daemon/kafka/letters.h"
#include "daemon/kafka/record_decoder.h"
#include "daemon/kafka/source.h"
#include "daemon/telemetry/snapshot.h"
#include "gtest/gtest.h"
#include "tests/daemon/fake_engine.h"
#include "tests/support/kafka_client.h"

namespace telltale::kafka {

// Two streams, `a` and `b`, of two partitions each.
inline constexpr engine::PartitionKey kA0{0, 0};
inline constexpr engine::PartitionKey kA1{0, 1};
inline constexpr engine::PartitionKey kB0{1, 0};
inline constexpr engine::PartitionKey kB1{1, 1};

// For the messages of GoogleTest.
inline void PrintTo(const CommitNote& note, std::ostream* out) { *out << ToText(note); }

// Asks until it is true; false at the deadline, which only a failure meets.
bool Eventually(const std::function<bool()>& condition);

class MockBroker {
 public:
  explicit MockBroker(const std::vector<std::pair<std::string, int>>& topics);
  ~MockBroker() { rd_kafka_mock_cluster_destroy(cluster_); }
  MockBroker(const MockBroker&) = delete;
  MockBroker& operator=(const MockBroker&) = delete;

  std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
  Properties properties() const { return {{"bootstrap.servers", bootstrap()}}; }
  void Down() { rd_kafka_mock_broker_set_down(cluster_, 1); }
  void Up() { rd_kafka_mock_broker_set_up(cluster_, 1); }
  // The answer to the next request of this kind; with no error it only tells, by Answered, that
  // there was one.
  void AnswerNext(int16_t request, rd_kafka_resp_err_t error);
  bool Answered(int16_t request);

 private:
  Client host_;  // the cluster runs on its threads
  rd_kafka_mock_cluster_t* cluster_;
};

// A record is its event's time in nanoseconds, perhaps with more behind a space; anything else
// becomes a dead letter.
class NumberDecoder final : public RecordDecoder {
 public:
  DecodedRecord Decode(const Record& record) override;
  void RulesChanged() override { ++changes_; }
  int changes() const { return changes_; }

 private:
  engine::Event event_;
  std::atomic<int> changes_{0};
};

class SourceHarness : public ::testing::Test {
 protected:
  SourceHarness();
  ~SourceHarness() override;

  // Runs a source until Stop, and waits until it has its partitions.
  void Start(absl::Duration drain_limit = absl::Seconds(60));
  absl::Status Stop();

  void Produce(engine::PartitionKey to, const std::vector<std::string>& values);
  // Waits until so many records of one partition were offered, and an epoch closed behind them.
  bool Applied(engine::PartitionKey partition, size_t count);

  // What the broker has of a partition: offset -1 where there is nothing. Without what the note
  // says of single events, which moves by marks of its own.
  std::pair<int64_t, CommitNote> Committed(engine::PartitionKey partition);
  int64_t AlertedBelow(engine::PartitionKey partition) {
    return Stored(partition).second.alerted_below;
  }
  int64_t CommittedOffset(engine::PartitionKey partition) { return Committed(partition).first; }
  bool CommittedIs(engine::PartitionKey partition, int64_t offset);
  // As an earlier run would have left it; before any member has joined.
  void CommitBefore(engine::PartitionKey partition, int64_t offset);

  telemetry::Snapshot Figures() const;
  // "a0" and the like; as of a tenth of a second ago.
  std::set<std::string> Paused() const;
  int64_t PositionOf(const std::string& partition) const;
  bool PausedAre(const std::set<std::string>& wanted) const;  // waits for it

  // All that stands in a topic once there are so many.
  std::vector<support::KafkaRecord> Output(const std::string& topic, size_t count);
  // The next epoch has an alert.
  void AlertAtNextFlush();

  int Assignments();  // how often partitions were taken
  std::string Log();

  MockBroker inputs_{{{"a", 2}, {"b", 2}}};
  MockBroker outputs_{{{"alerts", 1}, {"dead", 1}, {"late", 1}}};
  support::KafkaClient to_inputs_{inputs_.bootstrap()};
  support::KafkaClient to_outputs_{outputs_.bootstrap()};
  Client asker_;  // of the same group, and no member
  config::Config config_;
  FakeEngine engine_{2};
  NumberDecoder decoder_;
  std::unique_ptr<KafkaAlertSink> alerts_;
  std::unique_ptr<Letters> letters_;
  std::unique_ptr<Source> source_;

 private:
  std::pair<int64_t, CommitNote> Stored(engine::PartitionKey partition);

  std::mutex mutex_;
  std::string log_;
  int assignments_ = 0;
  Reports reports_;
  std::shared_ptr<rules::RuleSet> rule_set_;
  std::thread running_;
  absl::Status ended_;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_TESTS_DAEMON_SOURCE_HARNESS_H_
