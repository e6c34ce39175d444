#include "daemon/demo/feeder.h"

#include <chrono>

#include "absl/strings/str_cat.h"

namespace telltale::demo {

absl::StatusOr<std::unique_ptr<Feeder>> Feeder::Start(const std::string& bootstrap,
                                                      const std::vector<GeneratedEvent>& events,
                                                      std::function<Positions()> positions) {
  std::unique_ptr<Feeder> feeder(new Feeder(events, std::move(positions)));
  auto producer = kafka::MakeClient(RD_KAFKA_PRODUCER,
                                    {{"bootstrap.servers", bootstrap},
                                     {"client.id", "demo-feeder"},
                                     {"enable.idempotence", "true"},
                                     {"linger.ms", "5"},
                                     {"queue.buffering.max.messages", "500000"}},
                                    {.context = feeder.get(), .delivered = Delivered});
  if (!producer.ok()) return producer.status();
  feeder->producer_ = *std::move(producer);
  feeder->thread_ = std::thread(&Feeder::Run, feeder.get());
  return feeder;
}

Feeder::Feeder(const std::vector<GeneratedEvent>& events, std::function<Positions()> positions)
    : events_(events), positions_(std::move(positions)) {}

Feeder::~Feeder() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

absl::Status Feeder::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

void Feeder::Fail(const std::string& what) {
  std::lock_guard lock(mutex_);
  if (failure_.ok()) failure_ = absl::InternalError(what);
}

void Feeder::Delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  auto* feeder = static_cast<Feeder*>(self);
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    ++feeder->written_;
  } else {
    feeder->Fail(absl::StrCat("the broker refused an event: ", rd_kafka_err2str(message->err)));
  }
}

void Feeder::Run() {
  for (const GeneratedEvent& event : events_) {
    std::pair<uint32_t, uint32_t> key(event.stream, event.partition);
    FeedWindow& window = windows_[key];
    WaitForRoom(window, key);
    if (stopping_.load() || !failure().ok() || !Produce(event)) break;
    window.Write(static_cast<int32_t>(event.json.size() + event.key.size()));
    if (window.records() % 256 == 0) rd_kafka_poll(producer_.get(), 0);
  }
  while (!stopping_.load() && rd_kafka_outq_len(producer_.get()) > 0) {
    rd_kafka_poll(producer_.get(), 10);
  }
  rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  done_ = true;
}

void Feeder::WaitForRoom(FeedWindow& window, const std::pair<uint32_t, uint32_t>& key) {
  while (window.full() && !stopping_.load() && failure().ok()) {
    Positions positions = positions_();
    window.ReadUpTo(positions[key]);
    rd_kafka_poll(producer_.get(), 0);
    if (window.full()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

bool Feeder::Produce(const GeneratedEvent& event) {
  while (true) {
    rd_kafka_resp_err_t error =
        rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC(kDemoTopics[event.stream]),
                          RD_KAFKA_V_PARTITION(static_cast<int32_t>(event.partition)),
                          RD_KAFKA_V_KEY(event.key.data(), event.key.size()),
                          RD_KAFKA_V_VALUE(const_cast<char*>(event.json.data()), event.json.size()),
                          RD_KAFKA_V_TIMESTAMP(event.time_ms),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      Fail(absl::StrCat("cannot write an event: ", rd_kafka_err2str(error)));
      return false;
    }
    rd_kafka_poll(producer_.get(), 10);
    if (stopping_.load()) return false;
  }
}

}  // namespace telltale::demo
