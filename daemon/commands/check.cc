// `telltale check`: all that is wrong with a config and its rules.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/commands/check_daemon.h"
#include "daemon/commands/did_you_mean.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/commands/sample_text.h"
#include "daemon/commands/stream_files.h"
#include "daemon/report/explain.h"
#include "daemon/report/report.h"
#include "daemon/sample/figures.h"
#include "daemon/sample/sample.h"
#include "daemon/sample/sample_check.h"

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
      return UsageError("check", absl::StrCat("there is no code '", codes[i], "'",
                                              DidYouMean(report::NearestCode(codes[i]))));
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
  std::vector<std::string> samples;
};

Flags Declare(CheckOptions& options) {
  Flags flags;
  options.control.AddTo(flags, "text|json|github|sarif", "the config (telltale.yml)");
  flags.Switch("strict", &options.strict, "warnings fail too")
      .Switch("daemon", &options.daemon,
              "let a running daemon check the FILEs, or its own files, by its config")
      .Switch("explain", &options.explain,
              "say what diagnostic CODEs mean, with examples; without any, list them all")
      .List("sample", &options.samples,
            {"STREAM=FILE",
             "hold the rules against a sample of the stream's events, too: JSON, one "
             "event a line"});
  return flags;
}

// The files of --sample, opened. Several of one stream are one sample.
absl::StatusOr<std::vector<sample::Input>> OpenSamples(const std::vector<std::string>& words,
                                                       const config::Config& config) {
  std::vector<sample::Input> inputs;
  bool standard_input = false;
  for (const std::string& word : words) {
    const std::optional<StreamFile> named = ReadStreamFile(word);
    if (!named)
      return absl::InvalidArgumentError(absl::StrCat("--sample: '", word, "' is not STREAM=FILE"));
    const absl::StatusOr<rules::StreamIndex> stream = FindStream(config, named->first);
    if (!stream.ok()) return stream.status();
    if (named->second == "-" && std::exchange(standard_input, true))
      return absl::InvalidArgumentError("standard input can be read once only");
    absl::StatusOr<replay::LineReader> lines = replay::LineReader::Open(named->second);
    if (!lines.ok()) return lines.status();
    inputs.push_back({.stream = *stream, .lines = *std::move(lines)});
  }
  return inputs;
}

// Adds what the samples show to be wrong to what was found. Without rules there is nothing to hold
// against them, but a wrong command line is told all the same.
absl::StatusOr<std::optional<report::SampleFigures>> CheckSamples(
    const std::vector<std::string>& words, Loaded& loaded) {
  if (words.empty() || !loaded.config) return std::nullopt;
  absl::StatusOr<std::vector<sample::Input>> inputs = OpenSamples(words, *loaded.config);
  if (!inputs.ok()) return inputs.status();
  if (loaded.rules == nullptr) return std::nullopt;
  const absl::StatusOr<sample::Sample> read =
      sample::ReadSample(*loaded.rules, *loaded.config, *std::move(inputs));
  if (!read.ok()) return read.status();
  loaded.diagnostics.Append(sample::CheckSample(*loaded.rules, *read));
  return sample::Figures(*read, *loaded.config->catalog);
}

int CheckFiles(const CheckOptions& options, report::Format format,
               const std::vector<std::string>& files) {
  const std::string config =
      options.control.config.empty() ? "telltale.yml" : options.control.config;
  // Rules alone can be checked with a config that names only streams.
  Loaded loaded = Load(config, files.empty() ? config::Use::kRun : config::Use::kReplay, files,
                       TestFiles::kBesideRules);
  const int code = loaded.exit_code();
  const absl::StatusOr<std::optional<report::SampleFigures>> figures =
      CheckSamples(options.samples, loaded);
  if (!figures.ok()) return UsageError("check", std::string(figures.status().message()));
  const report::Report found = {.diagnostics = loaded.diagnostics,
                                .loads = code == kExitOk,
                                .rules = loaded.rules == nullptr ? 0 : loaded.rules->rules.size(),
                                .rule_files = loaded.rule_files,
                                .sample = figures->has_value() ? &**figures : nullptr};
  const bool text = format == report::Format::kText;
  Print(text ? stderr : stdout, report::Render(found, format, text && WantsColour()));
  // What a machine reads has standard output to itself.
  Print(text && code == kExitOk ? stdout : stderr, Verdict(loaded));
  if (text && found.sample != nullptr) Print(stdout, SampleText(*found.sample));
  if (code != kExitOk) return code;
  return options.strict && !loaded.diagnostics.empty() ? kExitFailure : kExitOk;
}

int Run(std::span<const std::string> args) {
  CheckOptions options;
  const absl::StatusOr<std::vector<std::string>> rest = Declare(options).Parse(args);
  if (!rest.ok()) return UsageError("check", std::string(rest.status().message()));
  if (options.explain) {
    if (options.daemon || options.strict || !options.samples.empty() ||
        options.control.format != "text")
      return UsageError("check", "--explain goes with CODEs alone, and answers in text");
    return ExplainCodes(*rest);
  }
  if (options.daemon && !options.samples.empty())
    return UsageError("check", "--sample is read here, and not by a daemon");
  if (options.daemon && options.strict)
    return UsageError("check", "--strict is about what is found here, and not by a daemon");
  if (options.daemon) return CheckOnDaemon(options.control, *rest);
  const absl::Status alone = options.control.RequireNoDaemon();
  if (!alone.ok())
    return UsageError("check", absl::StrCat(std::string(alone.message()), ": say --daemon"));
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
        "       telltale check --sample STREAM=FILE.ndjson [--sample ...] [FILE ...]\n"
        "       telltale check --explain [CODE ...]\n"
        "       telltale check --daemon [--address HOST:PORT] [FILE ...]\n"
        "\n"
        "Reads the config and its rules as `telltale run` would, and tells every mistake at once.\n"
        "With FILEs (files, folders, globs) those rules are checked instead of the config's own, "
        "with\n"
        "their tests (NAME.test.yml beside NAME.yml), and of the config only the streams have to "
        "be\n"
        "there.\n"
        "\n"
        "With --sample it warns of fields that the rules read and no event of the sample has "
        "(R0951),\n"
        "or none of the type that the rules take it for (R0952), and shows which fields the "
        "events\n"
        "have and how many of them fit each step, by what it asks of an event alone. `-` is "
        "standard\n"
        "input.\n"
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
