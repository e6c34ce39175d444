// Reads the alert topic as any consumer would, on a thread of its own.
//
// Owner: the demo. Thread: a thread of its own calls `on_alert`; the rest from any. Errors: what is
// no alert of the documented form is counted as malformed.
#ifndef TELLTALE_DAEMON_DEMO_ALERT_READER_H_
#define TELLTALE_DAEMON_DEMO_ALERT_READER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "daemon/demo/verdict.h"
#include "daemon/kafka/client.h"

namespace telltale::demo {

struct SeenAlert {
  AlertIdentity identity;
  std::string level;
  std::string title;
};

// An alert's body; none where it is not one. Streams are found in `streams` by their names.
std::optional<SeenAlert> ParseAlert(std::string_view json, const std::vector<std::string>& streams);

class AlertReader {
 public:
  static absl::StatusOr<std::unique_ptr<AlertReader>> Start(
      const std::string& bootstrap, const std::string& topic, std::vector<std::string> streams,
      std::function<void(SeenAlert)> on_alert);
  ~AlertReader();
  AlertReader(const AlertReader&) = delete;
  AlertReader& operator=(const AlertReader&) = delete;

  uint64_t read() const { return read_.load(); }  // malformed ones too
  uint64_t malformed() const { return malformed_.load(); }

 private:
  AlertReader() = default;
  void Run();

  kafka::Client consumer_;
  std::vector<std::string> streams_;
  std::function<void(SeenAlert)> on_alert_;
  std::atomic<uint64_t> read_{0};
  std::atomic<uint64_t> malformed_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace telltale::demo

#endif  // TELLTALE_DAEMON_DEMO_ALERT_READER_H_
