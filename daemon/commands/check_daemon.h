// `telltale check --daemon`: what a running daemon says of rules, with its own config and version.
//
// Owner: none. Thread: the main thread. Errors: exit codes, after words on standard error.
#ifndef TELLTALE_DAEMON_COMMANDS_CHECK_DAEMON_H_
#define TELLTALE_DAEMON_COMMANDS_CHECK_DAEMON_H_

#include <string>
#include <vector>

#include "daemon/commands/control_connection.h"

namespace telltale::commands {

// `files` (files, folders, globs) are sent as texts; none: the daemon checks its own files.
int CheckOnDaemon(const ControlOptions& options, const std::vector<std::string>& files);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_CHECK_DAEMON_H_
