// `telltale watch`: which keys a running daemon keeps events of, to explain them.
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"

namespace telltale::commands {
namespace {

struct Options {
  ControlOptions control;
  bool stop = false;
};

Flags Declare(Options& options) {
  Flags flags;
  flags.Switch("stop", &options.stop, "the key is watched no longer");
  options.control.AddTo(flags);
  return flags;
}

int Run(std::span<const std::string> args) {
  Options options;
  const Flags flags = Declare(options);
  absl::StatusOr<std::vector<std::string>> words = flags.Parse(args);
  if (!words.ok()) return UsageError("watch", std::string(words.status().message()));
  if (words->empty() && options.stop) return UsageError("watch", "--stop needs a RULE and a KEY");
  return CallControl("watch", options.control, [&](control::Client& client) {
    if (words->empty()) return client.ListWatchedKeys();
    const std::vector<std::string> key(words->begin() + 1, words->end());
    return options.stop ? client.UnwatchKey(words->front(), key)
                        : client.WatchKey(words->front(), key);
  });
}

}  // namespace

const Command kWatch = {
    .name = "watch",
    .summary = "Have a running daemon keep what comes of a key, to explain it",
    .help =
        "Usage: telltale watch RULE [KEY ...] [OPTIONS]\n"
        "       telltale watch --stop RULE [KEY ...] [OPTIONS]\n"
        "       telltale watch [OPTIONS]\n"
        "\n"
        "Puts a KEY of RULE under watch: from now on the daemon keeps the events that reach it,\n"
        "for `telltale explain RULE KEY`; at most the newest 1,000, or 1 MiB of them, of at most\n"
        "100 keys. A key of several parts is as many words, in the order of the rule's `by`; a\n"
        "rule without `by` has none. A change of rules begins all watches anew. With --stop the\n"
        "watch ends; without RULE the keys under watch are listed.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 done, 3 a wrong command line or config, no such rule, too many keys, or the daemon\n"
        "cannot be reached.",
    .arguments = Arguments::kOther,
    .run = Run,
};

}  // namespace telltale::commands
