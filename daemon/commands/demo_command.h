// `telltale demo`: the main job on a broker inside the process, with a verdict.
//
// Owner: a static constant. Thread: the main thread. Errors: exit codes.
#ifndef TELLTALE_DAEMON_COMMANDS_DEMO_COMMAND_H_
#define TELLTALE_DAEMON_COMMANDS_DEMO_COMMAND_H_

#include "daemon/commands/command.h"

namespace telltale::commands {

extern const Command kDemo;

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_DEMO_COMMAND_H_
