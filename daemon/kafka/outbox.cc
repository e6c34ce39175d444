#include "daemon/kafka/outbox.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "daemon/kafka/steady_clock.h"

namespace telltale::kafka {
namespace {

constexpr absl::Duration kRetryAfter = absl::Milliseconds(500);
constexpr int kPollMs = 20;

// Ours are defaults; only what the guarantees hang on is owned.
const Properties& Defaults() {
  static const Properties properties = {
      {"linger.ms", "1"},
      {"socket.nagle.disable", "true"},
      {"reconnect.backoff.max.ms", "1000"},
      {"queue.buffering.max.messages", "1000000"},
      {"message.max.bytes", "200000000"},  // the broker decides what is too large
      {"topic.metadata.propagation.max.ms", "5000"},
  };
  return properties;
}

const Properties& Owned() {
  static const Properties properties = {
      {"enable.idempotence", "true"},    {"acks", "all"},
      {"message.timeout.ms", "0"},  // a record waits as long as it must
      {"partitioner", "murmur2_random"}, {"delivery.report.only.error", "false"},
  };
  return properties;
}

rd_kafka_vu_t Variable(rd_kafka_vtype_t type) {
  rd_kafka_vu_t variable;
  variable.vtype = type;
  return variable;
}

rd_kafka_vu_t Bytes(rd_kafka_vtype_t type, const std::string& bytes) {
  rd_kafka_vu_t variable = Variable(type);
  variable.u.mem.ptr = const_cast<char*>(bytes.data());
  variable.u.mem.size = bytes.size();
  return variable;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Outbox>> Outbox::Create(Options options) {
  std::unique_ptr<Outbox> outbox(new Outbox(std::move(options)));
  if (absl::Status status = outbox->Connect(); !status.ok()) return status;
  outbox->thread_ = std::thread([raw = outbox.get()] { raw->Run(); });
  return outbox;
}

Outbox::~Outbox() {
  Abandon();
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (producer_ == nullptr) return;
  rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  // Hands the records back.
  for (int i = 0; i < 100 && rd_kafka_outq_len(producer_.get()) > 0; ++i) {
    rd_kafka_poll(producer_.get(), 20);
  }
}

absl::Status Outbox::Connect() {
  ClientCallbacks callbacks;
  callbacks.context = this;
  callbacks.delivered = &Outbox::OnDelivered;
  absl::StatusOr<Client> producer =
      MakeClient(RD_KAFKA_PRODUCER, Merge(Defaults(), options_.properties, Owned()), callbacks);
  if (!producer.ok()) return producer.status();
  known_topic_ = nullptr;
  producer_ = *std::move(producer);
  if (!options_.known_topic.empty()) {
    known_topic_.reset(rd_kafka_topic_new(producer_.get(), options_.known_topic.c_str(), nullptr));
  }
  return absl::OkStatus();
}

void Outbox::Send(std::unique_ptr<Outgoing> record) {
  outstanding_.fetch_add(1);
  std::lock_guard lock(producing_);
  std::string error;
  if (waiting_.empty() && TryProduce(record.get(), error)) {
    (void)record.release();  // comes back with its report
    return;
  }
  waiting_.push_back(std::move(record));
}

bool Outbox::TryProduce(Outgoing* record, std::string& error) {
  std::array<rd_kafka_vu_t, 5> all;
  size_t count = 0;
  all[count] = Variable(RD_KAFKA_VTYPE_TOPIC);
  all[count++].u.cstr = record->topic.c_str();
  if (record->key.has_value()) all[count++] = Bytes(RD_KAFKA_VTYPE_KEY, *record->key);
  // Not copied: the record outlives its report.
  if (record->value.has_value()) all[count++] = Bytes(RD_KAFKA_VTYPE_VALUE, *record->value);
  all[count] = Variable(RD_KAFKA_VTYPE_OPAQUE);
  all[count++].u.ptr = record;
  // A list of our own: librdkafka 2.0.2 frees single headers twice where it refuses the record.
  rd_kafka_headers_t* headers = record->headers.Release();
  all[count] = Variable(RD_KAFKA_VTYPE_HEADERS);
  all[count++].u.headers = headers;
  KafkaError failed(rd_kafka_produceva(producer_.get(), all.data(), count));
  if (failed == nullptr) return true;  // and the record may be acknowledged and gone by now
  record->headers.Take(headers);
  if (rd_kafka_error_code(failed.get()) != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    error = rd_kafka_error_string(failed.get());
  }
  return false;
}

void Outbox::Run() {
  while (!stopping_.load(std::memory_order_relaxed)) {
    rd_kafka_poll(producer_.get(), kPollMs);
    char text[512];
    if (rd_kafka_fatal_error(producer_.get(), text, sizeof text) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      Trouble(text);
      Recreate();
    }
    RetryWaiting();
  }
}

void Outbox::RetryWaiting() {
  std::lock_guard lock(producing_);
  for (std::unique_ptr<Outgoing>& record : returned_) waiting_.push_back(std::move(record));
  returned_.clear();
  if (SteadyNow() < retry_at_) return;
  // Each gets one try: a record must not wait behind one that this producer will never take.
  for (size_t left = waiting_.size(); left > 0; --left) {
    std::unique_ptr<Outgoing> record = std::move(waiting_.front());
    waiting_.pop_front();
    std::string error;
    if (TryProduce(record.get(), error)) {
      (void)record.release();
    } else if (error.empty()) {
      waiting_.push_front(std::move(record));
      return;
    } else {
      Refused(*record, error);
      waiting_.push_back(std::move(record));
    }
  }
}

void Outbox::Recreate() {
  std::lock_guard lock(producing_);
  rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  for (int i = 0; i < 100 && rd_kafka_outq_len(producer_.get()) > 0; ++i) {
    rd_kafka_poll(producer_.get(), 100);
  }
  absl::Status connected = Connect();
  if (!connected.ok()) options_.reports.log(Severity::kError, std::string(connected.message()));
}

void Outbox::OnDelivered(rd_kafka_t*, const rd_kafka_message_t* report, void* context) {
  static_cast<Outbox*>(context)->Delivered(*report);
}

void Outbox::Delivered(const rd_kafka_message_t& report) {
  std::unique_ptr<Outgoing> record(static_cast<Outgoing*>(report._private));
  if (report.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    record->headers.Take(report);
    Refused(*record, rd_kafka_err2str(report.err));
    returned_.push_back(std::move(record));
    return;
  }
  options_.acknowledged(*record);
  if (record->refused && --refused_ == 0) Trouble("");
  std::lock_guard lock(mutex_);
  outstanding_.fetch_sub(1);
  fewer_.notify_all();
}

void Outbox::Refused(Outgoing& record, const std::string& reason) {
  refusals_.fetch_add(1);
  if (!record.refused) ++refused_;
  record.refused = true;
  retry_at_ = DeadlineIn(kRetryAfter);
  Trouble(absl::StrCat("cannot write to topic '", record.topic, "': ", reason));
}

void Outbox::Trouble(const std::string& reason) {
  if (reason == trouble_) return;
  trouble_ = reason;
  troubled_ = !reason.empty();
  if (!reason.empty()) {
    options_.reports.log(Severity::kError, absl::StrCat(options_.name, ": ", reason));
  }
  options_.reports.health(options_.name,
                          reason.empty() ? "" : absl::StrCat(options_.name, ": ", reason));
}

bool Outbox::WaitBelow(size_t count, absl::Duration timeout) {
  std::unique_lock lock(mutex_);
  const auto few = [&] { return abandoned_ || outstanding() < count; };
  if (timeout == absl::InfiniteDuration()) {  // as a time to wait until it would overflow
    fewer_.wait(lock, few);
    return true;
  }
  return fewer_.wait_for(lock, absl::ToChronoNanoseconds(timeout), few);
}

void Outbox::Abandon() {
  std::lock_guard lock(mutex_);
  abandoned_ = true;
  fewer_.notify_all();
}

}  // namespace telltale::kafka
