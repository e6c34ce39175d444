// Questions to the broker about topics and the consumer group, each one request that blocks up to a
// timeout.
//
// Owner: none; functions over a client. Thread: any (librdkafka's clients are thread safe). Errors:
// UNAVAILABLE with librdkafka's words; NOT_FOUND for a topic that does not exist.
#ifndef TELLTALE_DAEMON_KAFKA_GROUP_LOOKUP_H_
#define TELLTALE_DAEMON_KAFKA_GROUP_LOOKUP_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/config/config.h"
#include "daemon/kafka/client.h"

namespace telltale::kafka {

struct CommittedOffset {
  int64_t offset = 0;
  std::string note;
};

using TopicPartition = std::pair<std::string, int32_t>;

absl::StatusOr<int32_t> PartitionCount(rd_kafka_t* client, const std::string& topic);
absl::StatusOr<int> MemberCount(rd_kafka_t* client, const std::string& group);
// Those without a committed offset are left out.
absl::StatusOr<std::map<TopicPartition, CommittedOffset>> Committed(
    rd_kafka_t* client, const std::vector<TopicPartition>& partitions);
// The first offset there is, and the one after the last.
absl::StatusOr<std::pair<int64_t, int64_t>> LogEnds(rd_kafka_t* client, const TopicPartition& of);
// Where `start` begins in this partition.
absl::StatusOr<int64_t> StartOffset(rd_kafka_t* client, const TopicPartition& of,
                                    const config::Start& start);

// Makes a topic with one partition where there is none; OK where it is there already.
absl::Status EnsureTopic(rd_kafka_t* client, const std::string& topic, const Properties& config);

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_GROUP_LOOKUP_H_
