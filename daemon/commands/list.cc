// `telltale list`: the rules in force in a running daemon.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

Flags Declare(ControlOptions& options) {
  Flags flags;
  options.AddTo(flags);
  return flags;
}

int Run(std::span<const std::string> args) {
  ControlOptions options;
  const Flags flags = Declare(options);
  return RunControl("list", args, flags, options,
                    [](control::Client& client) { return client.ListRules(); });
}

}  // namespace

const Command kList = {
    .name = "list",
    .summary = "List the rules of a running daemon and what they did",
    .help =
        "Usage: telltale list [OPTIONS]\n"
        "\n"
        "The rules in force in a running daemon, with what they have done since it started.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes = "0 fine, 3 the daemon cannot be reached.",
    .run = Run,
};

}  // namespace telltale::commands
