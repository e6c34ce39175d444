// Writes the generated events to their topics, no faster than they are read.
//
// A partition whose FeedWindow is full waits for the daemon's position, and the events behind it
// wait, too: they are written in their order.
//
// Owner: the demo. Thread: one of its own; the getters from any. Errors: failure() says what the
// broker refused; the feeder has stopped then.
#ifndef TELLTALE_DAEMON_DEMO_FEEDER_H_
#define TELLTALE_DAEMON_DEMO_FEEDER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/demo/feed_window.h"
#include "daemon/demo/generator.h"
#include "daemon/kafka/client.h"

namespace telltale::demo {

// The next offset that the daemon reads, by stream and partition; one that is absent reads at 0.
using Positions = std::map<std::pair<uint32_t, uint32_t>, int64_t>;

class Feeder {
 public:
  // `events` outlive the feeder.
  static absl::StatusOr<std::unique_ptr<Feeder>> Start(const std::string& bootstrap,
                                                       const std::vector<GeneratedEvent>& events,
                                                       std::function<Positions()> positions);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  // One event more, whatever the window. REQUIRES: done().
  bool Write(const GeneratedEvent& event) { return Produce(event); }

  uint64_t written() const { return written_.load(); }  // acknowledged by the broker
  bool done() const { return done_.load(); }            // with all of `events`, or it failed
  absl::Status failure() const;

 private:
  Feeder(const std::vector<GeneratedEvent>& events, std::function<Positions()> positions);
  void Run();
  void WaitForRoom(FeedWindow& window, const std::pair<uint32_t, uint32_t>& key);
  bool Produce(const GeneratedEvent& event);
  void Fail(const std::string& what);
  static void Delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* self);

  const std::vector<GeneratedEvent>& events_;
  const std::function<Positions()> positions_;
  kafka::Client producer_;
  std::map<std::pair<uint32_t, uint32_t>, FeedWindow> windows_;
  std::atomic<uint64_t> written_{0};
  std::atomic<bool> done_{false};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  absl::Status failure_;
  std::thread thread_;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_FEEDER_H_
