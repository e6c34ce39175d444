// The `telltale` binary. Its subcommands are in daemon/commands.
#include <string>
#include <vector>

#include "daemon/commands/command.h"

int main(int argc, char** argv) {
  return telltale::commands::RunCommandLine(
      std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
