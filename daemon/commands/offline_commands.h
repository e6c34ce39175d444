// The commands that need neither Kafka nor a running daemon.
//
// Owner: static constants, one file each. Thread: the main thread. Errors: exit codes.
#ifndef TELLTALE_DAEMON_COMMANDS_OFFLINE_COMMANDS_H_
#define TELLTALE_DAEMON_COMMANDS_OFFLINE_COMMANDS_H_

#include "daemon/commands/command.h"

namespace telltale::commands {

extern const Command kCheck;
extern const Command kCompletion;
extern const Command kDiff;
extern const Command kExplain;
extern const Command kFmt;
extern const Command kMan;
extern const Command kReplay;
extern const Command kSchema;
extern const Command kTest;

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_OFFLINE_COMMANDS_H_
