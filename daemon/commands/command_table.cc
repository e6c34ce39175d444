#include <vector>

#include "daemon/commands/command.h"

namespace telltale::commands {

std::span<const Command> Commands() {
  static const std::vector<Command> commands = {};
  return commands;
}

}  // namespace telltale::commands
