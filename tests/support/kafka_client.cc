#include "tests/support/kafka_client.h"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace telltale::support {
namespace {

constexpr int kRequestMs = 30000;

template <typename T, void (*Destroy)(T*)>
struct Deleter {
  void operator()(T* pointer) const { Destroy(pointer); }
};
template <typename T, void (*Destroy)(T*)>
using Owned = std::unique_ptr<T, Deleter<T, Destroy>>;

using Partitions = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using Queue = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Event = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using AdminOptions = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using Message = Owned<rd_kafka_message_t, rd_kafka_message_destroy>;
using ErrorText = std::array<char, 512>;

absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& what) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  std::string text = absl::StrCat(what, ": ", rd_kafka_err2str(error));
  // Negative codes are librdkafka's own: transport, timeouts.
  return error < 0 ? absl::UnavailableError(text) : absl::InvalidArgumentError(text);
}

absl::StatusOr<KafkaHandle> MakeHandle(rd_kafka_type_t type, const KafkaConfig& config) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  ErrorText text{};
  for (const auto& [name, value] : config) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      return absl::InvalidArgumentError(text.data());
    }
  }
  // A test that stops its broker knows; librdkafka's lines about it would hide the rest.
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  rd_kafka_t* handle = rd_kafka_new(type, conf, text.data(), text.size());
  if (handle == nullptr) {
    rd_kafka_conf_destroy(conf);
    return absl::UnavailableError(text.data());
  }
  return KafkaHandle(handle);
}

KafkaConfig ClientConfig(const std::string& bootstrap) {
  return {{"bootstrap.servers", bootstrap},
          {"reconnect.backoff.ms", "50"},
          {"reconnect.backoff.max.ms", "500"},
          {"socket.nagle.disable", "true"}};
}

absl::StatusOr<int> CountPartitions(rd_kafka_t* handle, const std::string& topic, int timeout_ms) {
  rd_kafka_topic_t* named = rd_kafka_topic_new(handle, topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_resp_err_t error = rd_kafka_metadata(handle, 0, named, &metadata, timeout_ms);
  rd_kafka_topic_destroy(named);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, topic);
  int count = 0;
  if (metadata->topic_cnt == 1) {
    error = metadata->topics[0].err;
    count = metadata->topics[0].partition_cnt;
  }
  rd_kafka_metadata_destroy(metadata);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, topic);
  return count;
}

Queue NewQueue(rd_kafka_t* handle) { return Queue(rd_kafka_queue_new(handle)); }

AdminOptions NewOptions(rd_kafka_t* handle) {
  AdminOptions options(rd_kafka_AdminOptions_new(handle, RD_KAFKA_ADMIN_OP_ANY));
  ErrorText text{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kRequestMs, text.data(), text.size());
  return options;
}

absl::StatusOr<Event> AwaitEvent(const Queue& queue, const std::string& what) {
  Event event(rd_kafka_queue_poll(queue.get(), kRequestMs + 1000));
  if (event == nullptr) return absl::UnavailableError(absl::StrCat(what, ": no answer"));
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return absl::UnavailableError(
        absl::StrCat(what, ": ", rd_kafka_event_error_string(event.get())));
  }
  return event;
}

absl::Status TopicResults(const rd_kafka_topic_result_t** results, size_t count,
                          const std::string& what) {
  for (size_t i = 0; i < count; ++i) {
    rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, what);
  }
  return absl::OkStatus();
}

std::optional<std::string> Bytes(const void* data, size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(data), size);
}

KafkaRecord ToRecord(const rd_kafka_message_t& message) {
  KafkaRecord record;
  record.topic = rd_kafka_topic_name(message.rkt);
  record.partition = message.partition;
  record.offset = message.offset;
  record.key = Bytes(message.key, message.key_len);
  record.value = Bytes(message.payload, message.len);
  rd_kafka_timestamp_type_t type;
  record.timestamp_ms = rd_kafka_message_timestamp(&message, &type);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    size_t size = 0;
    for (size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
      record.headers.emplace_back(name, Bytes(value, size).value_or(""));
    }
  }
  return record;
}

struct Delivery {
  size_t acknowledged = 0;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};

void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto* delivery = static_cast<Delivery*>(opaque);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++delivery->acknowledged;
  } else {
    delivery->error = message->err;
  }
}

rd_kafka_resp_err_t ProduceOne(rd_kafka_t* producer, const KafkaRecord& record) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers, name.c_str(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  // librdkafka copies the value; its C interface only lacks the const.
  void* value = record.value ? const_cast<char*>(record.value->data()) : nullptr;
  const void* key = record.key ? record.key->data() : nullptr;
  size_t value_size = record.value ? record.value->size() : 0;
  size_t key_size = record.key ? record.key->size() : 0;
  rd_kafka_resp_err_t error = rd_kafka_producev(
      producer, RD_KAFKA_V_TOPIC(record.topic.c_str()), RD_KAFKA_V_PARTITION(record.partition),
      RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE(value, value_size),
      RD_KAFKA_V_TIMESTAMP(record.timestamp_ms), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

}  // namespace

void KafkaHandleDeleter::operator()(rd_kafka_s* handle) const {
  if (rd_kafka_type(handle) == RD_KAFKA_CONSUMER) rd_kafka_consumer_close(handle);
  rd_kafka_destroy(handle);
}

std::string KafkaRecord::Header(const std::string& name) const {
  for (const auto& [key_name, header] : headers) {
    if (key_name == name) return header;
  }
  return "";
}

absl::StatusOr<TopicReader> TopicReader::Open(const std::string& bootstrap,
                                              const std::string& topic, const KafkaConfig& config) {
  KafkaConfig all = ClientConfig(bootstrap);
  all["group.id"] = "unused";
  all["enable.auto.commit"] = "false";
  all["fetch.wait.max.ms"] = "50";
  for (const auto& [name, value] : config) all[name] = value;
  absl::StatusOr<KafkaHandle> consumer = MakeHandle(RD_KAFKA_CONSUMER, all);
  if (!consumer.ok()) return consumer.status();
  rd_kafka_poll_set_consumer(consumer->get());
  absl::StatusOr<int> count = CountPartitions(consumer->get(), topic, kRequestMs);
  if (!count.ok()) return count.status();
  Partitions partitions(rd_kafka_topic_partition_list_new(*count));
  for (int32_t i = 0; i < *count; ++i) {
    rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), i)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  absl::Status status = ToStatus(rd_kafka_assign(consumer->get(), partitions.get()), topic);
  if (!status.ok()) return status;
  return TopicReader(*std::move(consumer));
}

std::vector<KafkaRecord> TopicReader::Read(size_t count, absl::Duration timeout) {
  std::vector<KafkaRecord> records;
  absl::Time deadline = absl::Now() + timeout;
  while (records.size() < count) {
    absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
    int wait_ms = static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(left), 200));
    Message message(rd_kafka_consumer_poll(consumer_.get(), wait_ms));
    if (message != nullptr && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      records.push_back(ToRecord(*message));
    } else if (left == absl::ZeroDuration()) {
      break;
    }
  }
  return records;
}

std::vector<KafkaRecord> TopicReader::ReadUntilQuiet(absl::Duration quiet) {
  std::vector<KafkaRecord> all;
  while (true) {
    std::vector<KafkaRecord> next = Read(1, quiet);
    if (next.empty()) return all;
    all.push_back(std::move(next[0]));
  }
}

KafkaClient::KafkaClient(std::string bootstrap) : bootstrap_(std::move(bootstrap)) {
  absl::StatusOr<KafkaHandle> admin = MakeHandle(RD_KAFKA_PRODUCER, ClientConfig(bootstrap_));
  if (!admin.ok()) {
    std::fprintf(stderr, "%s\n", admin.status().ToString().c_str());
    std::abort();
  }
  admin_ = *std::move(admin);
}

absl::Status KafkaClient::WaitReady(absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  while (true) {
    const rd_kafka_metadata_t* metadata = nullptr;
    rd_kafka_resp_err_t error = rd_kafka_metadata(admin_.get(), 0, nullptr, &metadata, 1000);
    int brokers = 0;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      brokers = metadata->broker_cnt;
      rd_kafka_metadata_destroy(metadata);
    }
    if (brokers > 0) return absl::OkStatus();
    if (absl::Now() >= deadline) {
      return absl::UnavailableError(absl::StrCat("no broker at ", bootstrap_));
    }
    absl::SleepFor(absl::Milliseconds(50));
  }
}

absl::Status KafkaClient::CreateTopic(const std::string& topic, int partitions,
                                      const KafkaConfig& config) {
  ErrorText text{};
  rd_kafka_NewTopic_t* request =
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, text.data(), text.size());
  if (request == nullptr) return absl::InvalidArgumentError(text.data());
  for (const auto& [name, value] : config) {
    rd_kafka_NewTopic_set_config(request, name.c_str(), value.c_str());
  }
  Queue queue = NewQueue(admin_.get());
  AdminOptions options = NewOptions(admin_.get());
  rd_kafka_CreateTopics(admin_.get(), &request, 1, options.get(), queue.get());
  rd_kafka_NewTopic_destroy(request);
  absl::StatusOr<Event> event = AwaitEvent(queue, topic);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  if (absl::Status status = TopicResults(results, count, topic); !status.ok()) return status;
  // The controller has answered; the broker's own metadata follows a moment later.
  for (int i = 0; i < 100; ++i) {
    absl::StatusOr<int> have = PartitionCount(topic);
    if (have.ok() && *have == partitions) return absl::OkStatus();
    absl::SleepFor(absl::Milliseconds(50));
  }
  return absl::UnavailableError(absl::StrCat(topic, ": created, but not to be seen"));
}

absl::Status KafkaClient::AddPartitions(const std::string& topic, int new_total) {
  ErrorText text{};
  rd_kafka_NewPartitions_t* request = rd_kafka_NewPartitions_new(
      topic.c_str(), static_cast<size_t>(new_total), text.data(), text.size());
  if (request == nullptr) return absl::InvalidArgumentError(text.data());
  Queue queue = NewQueue(admin_.get());
  AdminOptions options = NewOptions(admin_.get());
  rd_kafka_CreatePartitions(admin_.get(), &request, 1, options.get(), queue.get());
  rd_kafka_NewPartitions_destroy(request);
  absl::StatusOr<Event> event = AwaitEvent(queue, topic);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_topic_result_t** results = rd_kafka_CreatePartitions_result_topics(
      rd_kafka_event_CreatePartitions_result(event->get()), &count);
  if (absl::Status added = TopicResults(results, count, topic); !added.ok()) return added;
  // A broker that is busy acknowledges them before its metadata tells of them.
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (PartitionCount(topic).value_or(0) < new_total) {
    if (absl::Now() > deadline)
      return absl::DeadlineExceededError("the new partitions do not show in the metadata");
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::OkStatus();
}

absl::Status KafkaClient::SetTopicConfig(const std::string& topic, const KafkaConfig& config) {
  rd_kafka_ConfigResource_t* request =
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  for (const auto& [name, value] : config) {
    rd_kafka_ConfigResource_set_config(request, name.c_str(), value.c_str());
  }
  Queue queue = NewQueue(admin_.get());
  AdminOptions options = NewOptions(admin_.get());
  rd_kafka_AlterConfigs(admin_.get(), &request, 1, options.get(), queue.get());
  rd_kafka_ConfigResource_destroy(request);
  absl::StatusOr<Event> event = AwaitEvent(queue, topic);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_ConfigResource_t** results = rd_kafka_AlterConfigs_result_resources(
      rd_kafka_event_AlterConfigs_result(event->get()), &count);
  for (size_t i = 0; i < count; ++i) {
    absl::Status status = ToStatus(rd_kafka_ConfigResource_error(results[i]), topic);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status KafkaClient::DeleteTopic(const std::string& topic) {
  rd_kafka_DeleteTopic_t* request = rd_kafka_DeleteTopic_new(topic.c_str());
  Queue queue = NewQueue(admin_.get());
  AdminOptions options = NewOptions(admin_.get());
  rd_kafka_DeleteTopics(admin_.get(), &request, 1, options.get(), queue.get());
  rd_kafka_DeleteTopic_destroy(request);
  absl::StatusOr<Event> event = AwaitEvent(queue, topic);
  if (!event.ok()) return event.status();
  size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event->get()), &count);
  return TopicResults(results, count, topic);
}

absl::Status KafkaClient::DeleteRecordsBefore(const std::string& topic, int32_t partition,
                                              int64_t offset) {
  Partitions before(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(before.get(), topic.c_str(), partition)->offset = offset;
  rd_kafka_DeleteRecords_t* request = rd_kafka_DeleteRecords_new(before.get());
  Queue queue = NewQueue(admin_.get());
  AdminOptions options = NewOptions(admin_.get());
  rd_kafka_DeleteRecords(admin_.get(), &request, 1, options.get(), queue.get());
  rd_kafka_DeleteRecords_destroy(request);
  absl::StatusOr<Event> event = AwaitEvent(queue, topic);
  if (!event.ok()) return event.status();
  const rd_kafka_topic_partition_list_t* done =
      rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event->get()));
  return ToStatus(done->elems[0].err, topic);
}

absl::Status KafkaClient::Produce(const std::vector<KafkaRecord>& records, absl::Duration timeout) {
  absl::Time deadline = absl::Now() + timeout;
  Delivery delivery;
  KafkaConfig config = ClientConfig(bootstrap_);
  config["linger.ms"] = "5";
  config["enable.idempotence"] = "true";
  config["message.timeout.ms"] = absl::StrCat(absl::ToInt64Milliseconds(timeout));
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  ErrorText text{};
  for (const auto& [name, value] : config) {
    rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size());
  }
  rd_kafka_conf_set_opaque(conf, &delivery);
  rd_kafka_conf_set_dr_msg_cb(conf, OnDelivery);
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  KafkaHandle producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size()));
  if (producer == nullptr) return absl::UnavailableError(text.data());

  for (const KafkaRecord& record : records) {
    rd_kafka_resp_err_t error = ProduceOne(producer.get(), record);
    while (error == RD_KAFKA_RESP_ERR__QUEUE_FULL && absl::Now() < deadline) {
      rd_kafka_poll(producer.get(), 100);
      error = ProduceOne(producer.get(), record);
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_purge(producer.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
      rd_kafka_flush(producer.get(), 1000);
      return ToStatus(error, record.topic);
    }
  }
  absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
  rd_kafka_flush(producer.get(), static_cast<int>(absl::ToInt64Milliseconds(left)) + 1000);
  if (delivery.acknowledged == records.size()) return absl::OkStatus();
  std::string what = absl::StrCat(delivery.acknowledged, " of ", records.size(), " acknowledged");
  if (delivery.error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(delivery.error, what);
  return absl::UnavailableError(what);
}

absl::StatusOr<std::vector<KafkaRecord>> KafkaClient::Consume(const std::string& topic,
                                                              size_t count,
                                                              absl::Duration timeout) {
  absl::StatusOr<TopicReader> reader = TopicReader::Open(bootstrap_, topic);
  if (!reader.ok()) return reader.status();
  return reader->Read(count, timeout);
}

absl::StatusOr<std::vector<KafkaRecord>> KafkaClient::ConsumeAll(const std::string& topic,
                                                                 absl::Duration timeout) {
  absl::StatusOr<int> partitions = PartitionCount(topic);
  if (!partitions.ok()) return partitions.status();
  std::map<int32_t, int64_t> ends;
  for (int32_t i = 0; i < *partitions; ++i) {
    auto offsets = Offsets(topic, i);
    if (!offsets.ok()) return offsets.status();
    if (offsets->first < offsets->second) ends[i] = offsets->second;
  }
  absl::StatusOr<TopicReader> reader = TopicReader::Open(bootstrap_, topic);
  if (!reader.ok()) return reader.status();
  std::vector<KafkaRecord> all;
  absl::Time deadline = absl::Now() + timeout;
  while (!ends.empty() && absl::Now() < deadline) {
    for (KafkaRecord& record : reader->Read(1, absl::Milliseconds(500))) {
      auto end = ends.find(record.partition);
      if (end != ends.end() && record.offset + 1 >= end->second) ends.erase(end);
      all.push_back(std::move(record));
    }
  }
  if (!ends.empty()) return absl::UnavailableError(absl::StrCat(topic, ": end not reached"));
  return all;
}

absl::StatusOr<int> KafkaClient::PartitionCount(const std::string& topic) {
  return CountPartitions(admin_.get(), topic, kRequestMs);
}

absl::StatusOr<std::pair<int64_t, int64_t>> KafkaClient::Offsets(const std::string& topic,
                                                                 int32_t partition) {
  int64_t low = 0;
  int64_t high = 0;
  rd_kafka_resp_err_t error = rd_kafka_query_watermark_offsets(admin_.get(), topic.c_str(),
                                                               partition, &low, &high, kRequestMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, topic);
  return std::pair(low, high);
}

absl::StatusOr<std::map<int32_t, int64_t>> KafkaClient::CommittedOffsets(const std::string& group,
                                                                         const std::string& topic) {
  absl::StatusOr<int> count = PartitionCount(topic);
  if (!count.ok()) return count.status();
  KafkaConfig config = ClientConfig(bootstrap_);
  config["group.id"] = group;
  absl::StatusOr<KafkaHandle> consumer = MakeHandle(RD_KAFKA_CONSUMER, config);
  if (!consumer.ok()) return consumer.status();
  Partitions partitions(rd_kafka_topic_partition_list_new(*count));
  for (int32_t i = 0; i < *count; ++i) {
    rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), i);
  }
  rd_kafka_resp_err_t error = rd_kafka_committed(consumer->get(), partitions.get(), kRequestMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, group);
  std::map<int32_t, int64_t> committed;
  for (int i = 0; i < partitions->cnt; ++i) {
    const rd_kafka_topic_partition_t& one = partitions->elems[i];
    if (one.offset >= 0) committed[one.partition] = one.offset;
  }
  return committed;
}

}  // namespace telltale::support
