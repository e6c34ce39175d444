// Why the daemon is not ready, gathered from all its parts: the source of /livez and /readyz.
//
// Each part owns one or more names ("broker", "assignment", "alerts") and says under its name what
// is wrong, or that all is well. Nothing said: well. The process is ready while no name has a
// reason, and live until somebody says otherwise, once and for ever (a fatal error, after which it
// must be started again).
//
// Owner: the app; parts hold a reference and may not outlive it. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_APP_HEALTH_H_
#define TELLTALE_DAEMON_APP_HEALTH_H_

#include <map>
#include <mutex>
#include <string>

#include "daemon/telemetry/snapshot.h"

namespace telltale::app {

class HealthBoard {
 public:
  // `reason` is a sentence for an operator. Replaces what was said under this name.
  void NotReady(const std::string& name, const std::string& reason);
  void Ready(const std::string& name);
  // Not live and not ready any more; the first reason stays.
  void Dead(const std::string& reason);

  // Reasons in order of their names.
  telemetry::Health Get() const;
  bool live() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> reasons_;
  std::string dead_;
};

}  // namespace telltale::app

#endif  // TELLTALE_DAEMON_APP_HEALTH_H_
