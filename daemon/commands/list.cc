// `telltale list`: the rules in force in a running daemon.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

int Run(std::span<const std::string> args) {
  ControlOptions options;
  Flags flags;
  options.AddTo(flags);
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
        "The rules in force in a running daemon, with what they have done since it started.\n"
        "\n"
        "  --address HOST:PORT  the daemon's control address (127.0.0.1:9465)\n"
        "  -c, --config FILE    take the address from the daemon's config\n"
        "  --format text|json   of the answer (text)\n"
        "  --timeout SECONDS    how long to wait for it (30)\n"
        "\n"
        "Exit codes: 0 fine, 3 the daemon cannot be reached.\n",
    .run = Run,
};

}  // namespace telltale::commands
