// `telltale check`: all that is wrong with a config and its rules.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "daemon/commands/check_daemon.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"

namespace telltale::commands {
namespace {

struct Counted {
  size_t number;
  const char* noun;
};

// "1 rule", "2 rules".
std::string Text(const Counted& counted) {
  return absl::StrCat(counted.number, " ", counted.noun, counted.number == 1 ? "" : "s");
}

std::string Verdict(const Loaded& loaded) {
  const size_t errors = loaded.diagnostics.errors();
  const std::string found = absl::StrCat(Text({errors, "error"}), ", ",
                                         Text({loaded.diagnostics.added() - errors, "warning"}));
  if (!loaded.config) return absl::StrCat("the config does not load: ", found, "\n");
  if (loaded.rules == nullptr) return absl::StrCat("the rules do not load: ", found, "\n");
  return absl::StrCat(Text({loaded.rules->rules.size(), "rule"}), " in ",
                      Text({loaded.rule_files, "file"}), ": ", found, "\n");
}

struct CheckOptions {
  ControlOptions control;
  bool strict = false;
  bool daemon = false;
};

Flags Declare(CheckOptions& options) {
  Flags flags;
  options.control.AddTo(flags);
  flags.Switch("strict", &options.strict, "warnings fail too")
      .Switch("daemon", &options.daemon,
              "let a running daemon check the FILEs, or its own files, by its config");
  return flags;
}

int Run(std::span<const std::string> args) {
  CheckOptions check;
  const absl::StatusOr<std::vector<std::string>> files = Declare(check).Parse(args);
  if (!files.ok()) {
    return UsageError("check", std::string(files.status().message()));
  }
  const ControlOptions& options = check.control;
  if (check.daemon) return CheckOnDaemon(options, *files);
  if (options.format != "text") {
    return UsageError("check", absl::StrCat("there is no format '", options.format,
                                            "', only text, or json with --daemon"));
  }
  const std::string config = options.config.empty() ? "telltale.yml" : options.config;

  // Rules alone can be checked with a config that names only streams.
  const Loaded loaded =
      Load(config, files->empty() ? config::Use::kRun : config::Use::kReplay, *files);
  const std::string report = rules::Render(loaded.diagnostics);
  std::fwrite(report.data(), 1, report.size(), stderr);
  const std::string verdict = Verdict(loaded);
  std::fwrite(verdict.data(), 1, verdict.size(), loaded.exit_code() == kExitOk ? stdout : stderr);
  if (loaded.exit_code() != kExitOk) return loaded.exit_code();
  return check.strict && !loaded.diagnostics.empty() ? kExitFailure : kExitOk;
}

}  // namespace

const Command kCheck = {
    .name = "check",
    .summary = "Say all that is wrong with a config and its rules",
    .help =
        "Usage: telltale check [-c telltale.yml] [--strict] [FILE ...]\n"
        "       telltale check --daemon [--address HOST:PORT] [FILE ...]\n"
        "\n"
        "Reads the config and its rules as `telltale run` would, and tells every mistake at once.\n"
        "With FILEs (files, folders, globs) those rules are checked instead of the config's own,\n"
        "and of the config only the streams have to be there.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 no errors, 1 only warnings and --strict, 2 the rules do not load,\n"
        "3 a wrong command line or config.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
