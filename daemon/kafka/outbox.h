// Records that must get there: an idempotent producer that keeps each record until the broker has
// acknowledged it, and tries again, for ever, what the broker refused.
//
// A broker that is away only makes records wait; a topic that refuses (too large, not authorised,
// unknown) is asked again every half second, and `trouble` says why meanwhile. After a fatal error
// of librdkafka the producer is made anew and all that was not acknowledged is sent again: a record
// may arrive twice then, it is never lost.
//
// Owner: the alert sink or the letter box. Thread: any; `acknowledged` is called on the outbox's
// own thread. Send never blocks: callers bound what is outstanding (WaitBelow). Errors: only Create
// has some.
#ifndef TELLTALE_DAEMON_KAFKA_OUTBOX_H_
#define TELLTALE_DAEMON_KAFKA_OUTBOX_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/kafka/client.h"
#include "daemon/kafka/record_headers.h"
#include "daemon/kafka/reports.h"

namespace telltale::kafka {

struct Outgoing {
  std::string topic;
  std::optional<std::string> key;
  std::optional<std::string> value;  // none: a tombstone
  RecordHeaders headers;
  uint64_t tag = 0;      // the sender's own
  int64_t offset = 0;    // the sender's own
  bool refused = false;  // the outbox's own: it was, and is not acknowledged since
};

class Outbox {
 public:
  struct Options {
    std::string name;       // in reasons and log lines: "alerts"
    Properties properties;  // of the user, for librdkafka
    Reports reports;
    std::function<void(const Outgoing&)> acknowledged;
    // Asked for at once, so that the first record need not wait until it is known; a broker that
    // makes topics when they are asked for makes it. Empty: none is.
    std::string known_topic;
  };

  static absl::StatusOr<std::unique_ptr<Outbox>> Create(Options options);
  // What is outstanding is dropped.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void Send(std::unique_ptr<Outgoing> record);

  size_t outstanding() const { return outstanding_.load(std::memory_order_relaxed); }
  uint64_t refusals() const { return refusals_.load(std::memory_order_relaxed); }
  // Whether records wait to be tried again.
  bool troubled() const { return troubled_.load(std::memory_order_relaxed); }
  // Waits until fewer than `count` are outstanding, or Abandon; false at the timeout.
  bool WaitBelow(size_t count, absl::Duration timeout);
  // Nobody waits any more, now and later.
  void Abandon();

 private:
  explicit Outbox(Options options) : options_(std::move(options)) {}
  absl::Status Connect();
  // False: it has to wait; `record` is kept by the caller.
  bool TryProduce(Outgoing* record, std::string& error);
  void Run();
  void RetryWaiting();
  void Recreate();
  void Delivered(const rd_kafka_message_t& report);
  static void OnDelivered(rd_kafka_t*, const rd_kafka_message_t* report, void* context);
  void Refused(Outgoing& record, const std::string& reason);
  void Trouble(const std::string& reason);

  const Options options_;
  Client producer_;
  Topic known_topic_;     // while it is held, the producer keeps knowing it
  std::mutex producing_;  // guards producer_ against Recreate, and waiting_
  std::deque<std::unique_ptr<Outgoing>> waiting_;

  // Of the outbox's thread alone.
  std::vector<std::unique_ptr<Outgoing>> returned_;  // refused by the broker, to be tried again
  int64_t retry_at_ = 0;
  size_t refused_ = 0;  // outstanding records that were refused
  std::string trouble_;

  std::atomic<size_t> outstanding_{0};
  std::atomic<uint64_t> refusals_{0};
  std::atomic<bool> troubled_{false};

  std::mutex mutex_;
  std::condition_variable fewer_;
  bool abandoned_ = false;  // by mutex_
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_OUTBOX_H_
