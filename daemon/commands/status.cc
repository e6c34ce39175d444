// `telltale status`: what a running daemon does now.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

struct Options {
  ControlOptions control;
  bool lateness = false;
};

Flags Declare(Options& options) {
  Flags flags;
  options.control.AddTo(flags);
  flags.Switch("lateness", &options.lateness,
               "how many events would be late under which max_out_of_orderness");
  return flags;
}

int Run(std::span<const std::string> args) {
  Options options;
  const Flags flags = Declare(options);
  return RunControl("status", args, flags, options.control,
                    [&](control::Client& client) { return client.GetStatus(options.lateness); });
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
        "them the others wait for, which rules wait for whom, its memory, its alerts. With "
        "--lateness,\n"
        "from how far events have been behind: how many would be late under which bound. JSON has "
        "both.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes = "0 fine, ready or not; 3 the daemon cannot be reached.",
    .run = Run,
};

}  // namespace telltale::commands
