// The commands that talk to a running daemon: reload, list, status, watch.
//
// Owner: static constants, one file each. Thread: the main thread. Errors: exit codes.
#ifndef TELLTALE_DAEMON_COMMANDS_CONTROL_COMMANDS_H_
#define TELLTALE_DAEMON_COMMANDS_CONTROL_COMMANDS_H_

#include "daemon/commands/command.h"

namespace telltale::commands {

extern const Command kReload;
extern const Command kList;
extern const Command kStatus;
extern const Command kWatch;

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_CONTROL_COMMANDS_H_
