// `telltale status`: what a running daemon does now.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

int Run(std::span<const std::string> args) {
  ControlOptions options;
  Flags flags;
  options.AddTo(flags);
  return RunControl("status", args, flags, options,
                    [](control::Client& client) { return client.GetStatus(); });
}

}  // namespace

const Command kStatus = {
    .name = "status",
    .summary = "Show what a running daemon does: partitions, watermarks, memory",
    .help =
        "Usage: telltale status [OPTIONS]\n"
        "\n"
        "Whether the daemon is ready and why not, its partitions with their watermarks and lag, "
        "which of\n"
        "them the others wait for, its memory, its alerts.\n"
        "\n"
        "  --address HOST:PORT  the daemon's control address (127.0.0.1:9465)\n"
        "  -c, --config FILE    take the address from the daemon's config\n"
        "  --format text|json   of the answer (text)\n"
        "  --timeout SECONDS    how long to wait for it (30)\n"
        "\n"
        "Exit codes: 0 fine, ready or not; 3 the daemon cannot be reached.\n",
    .run = Run,
};

}  // namespace telltale::commands
