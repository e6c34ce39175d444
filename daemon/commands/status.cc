// `telltale status`: what a running daemon does now.
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
        "them the others wait for, its memory, its alerts.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes = "0 fine, ready or not; 3 the daemon cannot be reached.",
    .run = Run,
};

}  // namespace telltale::commands
