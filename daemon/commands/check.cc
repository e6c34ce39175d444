// `telltale check`: all that is wrong with a config and its rules.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "daemon/commands/check_daemon.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/report/explain.h"
#include "daemon/report/report.h"

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

void Print(std::FILE* file, std::string_view text) {
  if (!text.empty()) std::fwrite(text.data(), 1, text.size(), file);
}

int ExplainCodes(const std::vector<std::string>& codes) {
  if (codes.empty()) Print(stdout, report::ListCodes());
  for (size_t i = 0; i < codes.size(); ++i) {
    const rules::ExplainedCode* code = report::FindCode(codes[i]);
    if (code == nullptr) {
      const std::string nearest = report::NearestCode(codes[i]);
      return UsageError("check", absl::StrCat("there is no code '", codes[i], "'",
                                              nearest.empty() ? "" : " (did you mean '", nearest,
                                              nearest.empty() ? "" : "'?)"));
    }
    if (i > 0) Print(stdout, "\n");
    Print(stdout, report::Explain(*code));
  }
  return kExitOk;
}

// Colours are for people at a terminal who have not said no (https://no-color.org).
bool WantsColour() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return (no_color == nullptr || *no_color == 0) && ::isatty(STDERR_FILENO) == 1 &&
         (term == nullptr || std::string_view(term) != "dumb");
}

struct CheckOptions {
  ControlOptions control;
  bool strict = false;
  bool daemon = false;
  bool explain = false;
};

Flags Declare(CheckOptions& options) {
  Flags flags;
  options.control.AddTo(flags, "text|json|github|sarif", "the config (telltale.yml)");
  flags.Switch("strict", &options.strict, "warnings fail too")
      .Switch("daemon", &options.daemon,
              "let a running daemon check the FILEs, or its own files, by its config")
      .Switch("explain", &options.explain,
              "say what diagnostic CODEs mean, with examples; without any, list them all");
  return flags;
}

int CheckFiles(const CheckOptions& options, report::Format format,
               const std::vector<std::string>& files) {
  const std::string config =
      options.control.config.empty() ? "telltale.yml" : options.control.config;
  // Rules alone can be checked with a config that names only streams.
  const Loaded loaded =
      Load(config, files.empty() ? config::Use::kRun : config::Use::kReplay, files);
  const int code = loaded.exit_code();
  const report::Report found = {.diagnostics = loaded.diagnostics,
                                .loads = code == kExitOk,
                                .rules = loaded.rules == nullptr ? 0 : loaded.rules->rules.size(),
                                .rule_files = loaded.rule_files};
  const bool text = format == report::Format::kText;
  Print(text ? stderr : stdout, report::Render(found, format, text && WantsColour()));
  // What a machine reads has standard output to itself.
  Print(text && code == kExitOk ? stdout : stderr, Verdict(loaded));
  if (code != kExitOk) return code;
  return options.strict && !loaded.diagnostics.empty() ? kExitFailure : kExitOk;
}

int Run(std::span<const std::string> args) {
  CheckOptions options;
  const absl::StatusOr<std::vector<std::string>> rest = Declare(options).Parse(args);
  if (!rest.ok()) return UsageError("check", std::string(rest.status().message()));
  if (options.explain) return ExplainCodes(*rest);
  if (options.daemon) return CheckOnDaemon(options.control, *rest);
  const std::optional<report::Format> format = report::FormatOf(options.control.format);
  if (!format) {
    return UsageError("check", absl::StrCat("there is no format '", options.control.format,
                                            "', only ", report::kFormatNames));
  }
  return CheckFiles(options, *format, *rest);
}

}  // namespace

const Command kCheck = {
    .name = "check",
    .summary = "Say all that is wrong with a config and its rules",
    .help =
        "Usage: telltale check [-c telltale.yml] [--strict] [--format FORMAT] [FILE ...]\n"
        "       telltale check --explain [CODE ...]\n"
        "       telltale check --daemon [--address HOST:PORT] [FILE ...]\n"
        "\n"
        "Reads the config and its rules as `telltale run` would, and tells every mistake at once.\n"
        "With FILEs (files, folders, globs) those rules are checked instead of the config's own,\n"
        "and of the config only the streams have to be there.\n"
        "\n"
        "--format is text, json, github (annotations of a workflow) or sarif; all but text go to\n"
        "standard output.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 no errors, 1 only warnings and --strict, 2 the rules do not load,\n"
        "3 a wrong command line or config.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
