// Dead letters and late events to their topics: the original bytes and key, the original headers,
// and headers that say where the record was and what is wrong with it.
//
// Owner: the app. Thread: Send and TakeAcknowledged from the ingest thread, the rest from any.
// Never blocks: the source holds a partition whose letters are not acknowledged. Errors: as the
// outbox does.
#ifndef TELLTALE_DAEMON_KAFKA_LETTERS_H_
#define TELLTALE_DAEMON_KAFKA_LETTERS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/kafka/outbox.h"

namespace telltale::kafka {

// An event that came too late (T4).
struct LateEvent {
  int64_t time = 0;
  int64_t delay = 0;         // how far below what it missed
  bool below_floor = false;  // that is its partition's floor, else its own watermark
};

class Letters {
 public:
  struct Options {
    std::string dead_letter_topic;
    std::string late_topic;  // empty: late events are only counted
    Properties properties;
    Reports reports;
  };
  struct Acknowledged {
    uint64_t tag = 0;
    int64_t offset = 0;
  };

  static absl::StatusOr<std::unique_ptr<Letters>> Create(Options options);

  bool writes_late() const { return !options_.late_topic.empty(); }
  // `tag` and the record's offset come back once it is acknowledged.
  void SendDead(const rd_kafka_message_t& record, std::string_view reason, uint64_t tag);
  void SendLate(const rd_kafka_message_t& record, const LateEvent& event, uint64_t tag);

  std::vector<Acknowledged> TakeAcknowledged();
  // Something was refused and waits to be tried again.
  bool troubled() const { return outbox_->troubled(); }
  bool WaitAcknowledged(absl::Duration timeout) { return outbox_->WaitBelow(1, timeout); }

 private:
  explicit Letters(Options options) : options_(std::move(options)) {}
  void Send(const rd_kafka_message_t& record, const std::string& topic, std::string_view reason,
            const LateEvent* late, uint64_t tag);

  const Options options_;
  std::mutex mutex_;
  std::vector<Acknowledged> acknowledged_;
  std::unique_ptr<Outbox> outbox_;  // last: its thread calls us
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_LETTERS_H_
