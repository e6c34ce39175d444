// Small Kafka operations for tests: make topics, write records, read records back.
//
// Owner: the test. Every call blocks until it is done or until its timeout; a KafkaClient may be
// used from several threads, a TopicReader from one at a time. Errors are librdkafka's, as
// UNAVAILABLE (broker, timeout) or INVALID_ARGUMENT (the broker refused), with its words.
#ifndef TELLTALE_TESTS_SUPPORT_KAFKA_CLIENT_H_
#define TELLTALE_TESTS_SUPPORT_KAFKA_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct rd_kafka_s;  // librdkafka's rd_kafka_t

namespace telltale::support {

struct KafkaRecord {
  std::string topic;
  int32_t partition = -1;  // -1: chosen by the hash of the key
  int64_t offset = -1;     // read back only
  std::optional<std::string> key;
  std::optional<std::string> value;  // nothing: a tombstone
  std::vector<std::pair<std::string, std::string>> headers;
  int64_t timestamp_ms = 0;  // 0: now

  // The value of a header; empty where there is none.
  std::string Header(const std::string& name) const;
};

using KafkaConfig = std::map<std::string, std::string>;

struct KafkaHandleDeleter {
  void operator()(rd_kafka_s* handle) const;
};
using KafkaHandle = std::unique_ptr<rd_kafka_s, KafkaHandleDeleter>;

// Reads topics to their end, from the beginning, without a consumer group.
class TopicReader {
 public:
  // `config` is librdkafka's: {"isolation.level", "read_uncommitted"} for instance.
  static absl::StatusOr<TopicReader> Open(const std::string& bootstrap, const std::string& topic,
                                          const KafkaConfig& config = {});

  // The next records, up to `count` of them; fewer at the timeout. Order holds within a partition.
  std::vector<KafkaRecord> Read(size_t count, absl::Duration timeout);

  // What comes until nothing has come for `quiet`.
  std::vector<KafkaRecord> ReadUntilQuiet(absl::Duration quiet);

 private:
  explicit TopicReader(KafkaHandle consumer) : consumer_(std::move(consumer)) {}
  KafkaHandle consumer_;
};

class KafkaClient {
 public:
  explicit KafkaClient(std::string bootstrap);

  const std::string& bootstrap() const { return bootstrap_; }

  // Waits until the broker answers.
  absl::Status WaitReady(absl::Duration timeout);

  // `config` is the topic's: {"max.message.bytes", "100"} for instance. Returns when the topic can
  // be written.
  absl::Status CreateTopic(const std::string& topic, int partitions,
                           const KafkaConfig& config = {});
  // Returns when the metadata tells of them.
  absl::Status AddPartitions(const std::string& topic, int new_total);
  absl::Status SetTopicConfig(const std::string& topic, const KafkaConfig& config);
  absl::Status DeleteTopic(const std::string& topic);
  // Makes a gap: the records before `offset` are gone.
  absl::Status DeleteRecordsBefore(const std::string& topic, int32_t partition, int64_t offset);

  // Writes all records, in order for each partition, and waits until all are acknowledged.
  absl::Status Produce(const std::vector<KafkaRecord>& records,
                       absl::Duration timeout = absl::Seconds(60));

  // A topic from its beginning: `count` records, fewer at the timeout.
  absl::StatusOr<std::vector<KafkaRecord>> Consume(const std::string& topic, size_t count,
                                                   absl::Duration timeout = absl::Seconds(30));

  // All that a topic holds now, as far as its current ends.
  absl::StatusOr<std::vector<KafkaRecord>> ConsumeAll(const std::string& topic,
                                                      absl::Duration timeout = absl::Seconds(30));

  absl::StatusOr<int> PartitionCount(const std::string& topic);
  // The first offset, and the one after the last.
  absl::StatusOr<std::pair<int64_t, int64_t>> Offsets(const std::string& topic, int32_t partition);
  // By partition; partitions without a committed offset are left out.
  absl::StatusOr<std::map<int32_t, int64_t>> CommittedOffsets(const std::string& group,
                                                              const std::string& topic);

 private:
  std::string bootstrap_;
  KafkaHandle admin_;  // a producer handle; used for admin requests only
};

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_KAFKA_CLIENT_H_
