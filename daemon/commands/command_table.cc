#include <vector>

#include "daemon/commands/command.h"
#include "daemon/commands/control_commands.h"
#include "daemon/commands/demo_command.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/commands/run.h"

namespace telltale::commands {

std::span<const Command> Commands() {
  static const std::vector<Command> commands = {
      kRun,  kReplay, kCheck, kTest, kExplain, kDiff,       kFmt, kReload,
      kList, kStatus, kWatch, kDemo, kSchema,  kCompletion, kMan,
  };
  return commands;
}

}  // namespace telltale::commands
