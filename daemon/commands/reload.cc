// `telltale reload`: the daemon reads its rule files again.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

struct Options {
  ControlOptions control;
  bool dry_run = false;
};

Flags Declare(Options& options) {
  Flags flags;
  flags.Switch("dry-run", &options.dry_run,
               "say what would be added, changed and removed, and change nothing");
  options.control.AddTo(flags);
  return flags;
}

int Run(std::span<const std::string> args) {
  Options options;
  const Flags flags = Declare(options);
  return RunControl("reload", args, flags, options.control,
                    [&](control::Client& client) { return client.Reload(options.dry_run); });
}

}  // namespace

const Command kReload = {
    .name = "reload",
    .summary = "Make a running daemon read its rules again",
    .help =
        "Usage: telltale reload [--dry-run] [OPTIONS]\n"
        "\n"
        "The daemon reads its rule files again, checks them, and puts them in force: all of them "
        "or none.\n"
        "Rules whose meaning is unchanged keep their partial matches. SIGHUP does the same.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 in force, 2 the rules do not load and the old ones stay, 3 the daemon "
        "cannot be reached.",
    .run = Run,
};

}  // namespace telltale::commands
