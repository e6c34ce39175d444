// How the Kafka parts tell the rest of the daemon what happens: log lines, and reasons not to be
// ready.
//
// Owner: the app, which outlives the parts. Thread: both functions are called from any, several at
// once. Errors: none.
#ifndef TELLTALE_DAEMON_KAFKA_REPORTS_H_
#define TELLTALE_DAEMON_KAFKA_REPORTS_H_

#include <functional>
#include <string>

namespace telltale::kafka {

enum class Severity { kDebug, kInfo, kWarning, kError };

struct Reports {
  // What varies in a message stands behind its first ": ", so that repeats are known as such.
  std::function<void(Severity, const std::string& message)> log;
  // Under `name`, the reason why the daemon is not ready; an empty one: well again.
  std::function<void(const std::string& name, const std::string& reason)> health;
};

}  // namespace telltale::kafka

#endif  // TELLTALE_DAEMON_KAFKA_REPORTS_H_
