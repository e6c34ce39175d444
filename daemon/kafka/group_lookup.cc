#include "daemon/kafka/group_lookup.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace telltale::kafka {
namespace {

constexpr int kTimeoutMs = 5000;

absl::Status Unavailable(rd_kafka_resp_err_t error, const std::string& what) {
  return absl::UnavailableError(absl::StrCat(what, ": ", rd_kafka_err2str(error)));
}

}  // namespace

absl::StatusOr<int32_t> PartitionCount(rd_kafka_t* client, const std::string& topic) {
  std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_t, rd_kafka_topic_destroy>> handle(
      rd_kafka_topic_new(client, topic.c_str(), nullptr));
  if (handle == nullptr) return Unavailable(rd_kafka_last_error(), topic);
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_metadata(client, 0, handle.get(), &metadata, kTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(error, "cannot reach the broker");
  rd_kafka_resp_err_t topic_error = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  int32_t count = 0;
  if (metadata->topic_cnt == 1) {
    topic_error = metadata->topics[0].err;
    count = metadata->topics[0].partition_cnt;
  }
  rd_kafka_metadata_destroy(metadata);
  if (topic_error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    return absl::NotFoundError(absl::StrCat("topic '", topic, "' does not exist"));
  }
  if (topic_error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unavailable(topic_error, absl::StrCat("topic '", topic, "'"));
  }
  return count;
}

absl::StatusOr<int> MemberCount(rd_kafka_t* client, const std::string& group) {
  const rd_kafka_group_list* list = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_list_groups(client, group.c_str(), &list, kTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && list == nullptr) {
    return Unavailable(error, absl::StrCat("group '", group, "'"));
  }
  int members = 0;
  for (int i = 0; i < list->group_cnt; ++i) {
    if (group == list->groups[i].group) members = list->groups[i].member_cnt;
  }
  rd_kafka_group_list_destroy(list);
  return members;
}

absl::StatusOr<std::map<TopicPartition, CommittedOffset>> Committed(
    rd_kafka_t* client, const std::vector<TopicPartition>& partitions) {
  Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto& [topic, partition] : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  }
  rd_kafka_resp_err_t error = rd_kafka_committed(client, list.get(), kTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(error, "committed offsets");
  std::map<TopicPartition, CommittedOffset> found;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = list->elems[i];
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(one.err, one.topic);
    if (one.offset < 0) continue;
    found[{one.topic, one.partition}] = {
        one.offset, one.metadata == nullptr
                        ? std::string()
                        : std::string(static_cast<const char*>(one.metadata), one.metadata_size)};
  }
  return found;
}

absl::StatusOr<std::pair<int64_t, int64_t>> LogEnds(rd_kafka_t* client, const TopicPartition& of) {
  int64_t low = 0;
  int64_t high = 0;
  rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(client, of.first.c_str(), of.second,
                                                               &low, &high, kTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unavailable(error, absl::StrCat(of.first, "/", of.second));
  }
  return std::pair(low, high);
}

absl::StatusOr<int64_t> StartOffset(rd_kafka_t* client, const TopicPartition& of,
                                    const config::Start& start) {
  absl::StatusOr<std::pair<int64_t, int64_t>> ends = LogEnds(client, of);
  if (!ends.ok()) return ends.status();
  if (start.kind == config::StartKind::kEarliest) return ends->first;
  if (start.kind == config::StartKind::kLatest) return ends->second;
  Partitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), of.first.c_str(), of.second)->offset =
      (start.time + 999'999) / 1'000'000;  // Kafka counts in milliseconds: the first not before it
  rd_kafka_resp_err_t error = rd_kafka_offsets_for_times(client, list.get(), kTimeoutMs);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = list->elems[0].err;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(error, of.first);
  return list->elems[0].offset >= 0 ? list->elems[0].offset : ends->second;
}

absl::Status EnsureTopic(rd_kafka_t* client, const std::string& topic, const Properties& config) {
  absl::StatusOr<int32_t> count = PartitionCount(client, topic);
  if (count.ok()) return absl::OkStatus();
  if (!absl::IsNotFound(count.status())) return count.status();

  std::array<char, 256> text{};
  std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>>
      wanted(rd_kafka_NewTopic_new(topic.c_str(), 1, -1, text.data(), text.size()));
  if (wanted == nullptr) return absl::InvalidArgumentError(text.data());
  for (const auto& [name, value] : config) {
    rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
  }
  std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_t, rd_kafka_queue_destroy>> queue(
      rd_kafka_queue_new(client));
  rd_kafka_NewTopic_t* topics[] = {wanted.get()};
  rd_kafka_CreateTopics(client, topics, 1, nullptr, queue.get());
  std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_t, rd_kafka_event_destroy>> event(
      rd_kafka_queue_poll(queue.get(), kTimeoutMs));
  if (event == nullptr) return absl::UnavailableError("no answer");
  rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Unavailable(error, topic);
  const rd_kafka_CreateTopics_result_t* result = rd_kafka_event_CreateTopics_result(event.get());
  size_t results = 0;
  const rd_kafka_topic_result_t** each = rd_kafka_CreateTopics_result_topics(result, &results);
  if (results == 1) error = rd_kafka_topic_result_error(each[0]);
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS || error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::OkStatus();
  }
  return Unavailable(error, topic);
}

}  // namespace telltale::kafka
