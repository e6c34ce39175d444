#include "daemon/kafka/letters.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/alert/alert.h"
#include "engine/time/saturation.h"

namespace telltale::kafka {
namespace {

std::string Bytes(const void* data, size_t size) {
  return std::string(static_cast<const char*>(data), size);
}

void CopyHeaders(const rd_kafka_message_t& record, Outgoing& letter) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&record, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    std::optional<std::string_view> bytes;
    if (value != nullptr) bytes.emplace(static_cast<const char*>(value), size);
    letter.headers.Add(name, bytes);
  }
}

void AddLateness(const LateEvent& late, Outgoing& letter) {
  letter.headers.Add("telltale.event_time", engine::FormatTime(late.time));
  letter.headers.Add("telltale.missed", late.below_floor ? "floor" : "watermark");
  letter.headers.Add("telltale.watermark", engine::FormatTime(engine::Plus(late.time, late.delay)));
  letter.headers.Add("telltale.delay_ms", absl::StrCat(late.delay / 1'000'000));
  letter.headers.Add("telltale.delay_ns", absl::StrCat(late.delay));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Letters>> Letters::Create(Options options) {
  std::unique_ptr<Letters> letters(new Letters(std::move(options)));
  Outbox::Options outbox;
  outbox.name = "letters";
  outbox.properties = letters->options_.properties;
  outbox.reports = letters->options_.reports;
  outbox.acknowledged = [raw = letters.get()](const Outgoing& record) {
    std::lock_guard lock(raw->mutex_);
    raw->acknowledged_.push_back({record.tag, record.offset});
  };
  absl::StatusOr<std::unique_ptr<Outbox>> created = Outbox::Create(std::move(outbox));
  if (!created.ok()) return created.status();
  letters->outbox_ = *std::move(created);
  return letters;
}

void Letters::SendDead(const rd_kafka_message_t& record, std::string_view reason, uint64_t tag) {
  Send(record, options_.dead_letter_topic, reason, nullptr, tag);
}

void Letters::SendLate(const rd_kafka_message_t& record, const LateEvent& event, uint64_t tag) {
  Send(record, options_.late_topic, "late", &event, tag);
}

void Letters::Send(const rd_kafka_message_t& record, const std::string& topic,
                   std::string_view reason, const LateEvent* late, uint64_t tag) {
  auto letter = std::make_unique<Outgoing>();
  letter->topic = topic;
  if (record.key != nullptr) letter->key = Bytes(record.key, record.key_len);
  if (record.payload != nullptr) letter->value = Bytes(record.payload, record.len);
  CopyHeaders(record, *letter);
  rd_kafka_timestamp_type_t type;
  int64_t timestamp = rd_kafka_message_timestamp(&record, &type);
  letter->headers.Add("telltale.topic", rd_kafka_topic_name(record.rkt));
  letter->headers.Add("telltale.partition", absl::StrCat(record.partition));
  letter->headers.Add("telltale.offset", absl::StrCat(record.offset));
  letter->headers.Add("telltale.timestamp", absl::StrCat(timestamp));
  letter->headers.Add("telltale.reason", reason);
  if (late != nullptr) AddLateness(*late, *letter);
  letter->tag = tag;
  letter->offset = record.offset;
  outbox_->Send(std::move(letter));
}

std::vector<Letters::Acknowledged> Letters::TakeAcknowledged() {
  std::lock_guard lock(mutex_);
  return std::exchange(acknowledged_, {});
}

}  // namespace telltale::kafka
