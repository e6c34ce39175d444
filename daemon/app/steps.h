// Starts the daemon's parts in order and stops them in the reverse order, each by its name.
//
// Where a step does not start, those before it are stopped again. Stopping goes through to the end
// whatever a step says; the first error is returned.
//
// Owner: the command that runs the daemon. Thread: one. Errors: those of the steps, with their
// names.
#ifndef TELLTALE_DAEMON_APP_STEPS_H_
#define TELLTALE_DAEMON_APP_STEPS_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace telltale::app {

class Steps {
 public:
  using Action = std::function<absl::Status()>;

  Steps() = default;
  ~Steps();  // stops what runs
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;

  // Runs `start` now. `stop` may be empty.
  absl::Status Start(const std::string& name, const Action& start, Action stop);
  absl::Status StopAll();

 private:
  struct Step {
    std::string name;
    Action stop;
  };
  std::vector<Step> running_;
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_STEPS_H_
