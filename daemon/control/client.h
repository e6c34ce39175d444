// Calls the control API of a running daemon for the commands reload, list, status, watch,
// explain and check.
//
// Owner: the command. Thread: one call at a time. Errors are in the Answer: what to print and the
// exit code of the program (0 fine, 2 rules do not load, 3 the daemon cannot be reached or will
// not).
#ifndef TELLTALE_DAEMON_CONTROL_CLIENT_H_
#define TELLTALE_DAEMON_CONTROL_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "rules/model/source.h"

namespace telltale::control {

enum class Format { kText, kJson };

struct Answer {
  int exit_code = 0;
  std::string out;  // for standard output; ends with a newline where it is not empty
  std::string err;  // for standard error, likewise
};

class Client {
 public:
  // `address` is host:port. Connects with the first call.
  Client(const std::string& address, Format format, absl::Duration timeout = absl::Seconds(30));
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Answer Reload(bool dry_run);
  Answer ListRules();
  // `lateness`: as text, only how many events would be late under which bound.
  Answer GetStatus(bool lateness = false);
  // A key by its parts.
  Answer WatchKey(const std::string& rule, const std::vector<std::string>& key);
  Answer UnwatchKey(const std::string& rule, const std::vector<std::string>& key);
  Answer ListWatchedKeys();
  // `watch`: puts it under watch where it is not.
  Answer ExplainKey(const std::string& rule, const std::vector<std::string>& key, bool watch);
  // No files: the daemon's own.
  Answer Validate(const std::vector<rules::SourcePtr>& files);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace telltale::control

#endif  // TELLTALE_DAEMON_CONTROL_CLIENT_H_
