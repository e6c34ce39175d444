// `telltale run`: the daemon in the foreground.
//
// Owner: a static constant. Thread: the main thread, which becomes the ingest thread. Errors: exit
// codes; 1 where what was read could not be written away before the end.
#ifndef TELLTALE_DAEMON_COMMANDS_RUN_H_
#define TELLTALE_DAEMON_COMMANDS_RUN_H_

#include "daemon/commands/command.h"

namespace telltale::commands {

extern const Command kRun;

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_RUN_H_
