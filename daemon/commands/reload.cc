// `telltale reload`: the daemon reads its rule files again.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

int Run(std::span<const std::string> args) {
  ControlOptions options;
  bool dry_run = false;
  Flags flags;
  options.AddTo(flags);
  flags.Switch("dry-run", &dry_run);
  return RunControl("reload", args, flags, options,
                    [&](control::Client& client) { return client.Reload(dry_run); });
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
        "Rules whose meaning is unchanged keep their partial matches. SIGHUP does the same.\n"
        "\n"
        "  --dry-run            say what would be added, changed and removed, and change nothing\n",
    .options = kControlOptionsHelp,
    .exit_codes =
        "0 in force, 2 the rules do not load and the old ones stay, 3 the daemon "
        "cannot be reached.",
    .run = Run,
};

}  // namespace telltale::commands
