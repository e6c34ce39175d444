// `telltale replay`: files through the engine, alerts to standard output.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/commands/replay_explain.h"
#include "daemon/commands/replay_report.h"
#include "daemon/commands/stream_files.h"
#include "daemon/replay/replay.h"
#include "engine/runtime/compiled_rules.h"

namespace telltale::commands {
namespace {

constexpr std::string_view kName = "replay";

struct Options {
  std::string config = "telltale.yml";
  std::vector<std::string> rules;
  std::string late;
  std::string dead_letters;
  std::string shadow;
  std::vector<std::string> explain;
  std::string rule;
  std::vector<StreamFile> inputs;
};

absl::Status Wrong(const std::string& message) { return absl::InvalidArgumentError(message); }

// Whether both are one file, which what writes the one would spoil for the other. A device such as
// /dev/null can take everything.
bool SameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  if (std::filesystem::exists(a, error) && !std::filesystem::is_regular_file(a, error))
    return false;
  if (std::filesystem::equivalent(a, b, error)) return true;
  const auto whole = [&error](const std::string& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path, error), error);
  };
  return whole(a) == whole(b);
}

// Output that would overwrite the input, or other output.
absl::Status CheckFiles(const Options& options) {
  std::vector<std::pair<std::string, std::string>> taken;
  for (const auto& [stream, file] : options.inputs) {
    if (file == "-" && std::any_of(taken.begin(), taken.end(),
                                   [](const auto& input) { return input.first == "-"; }))
      return Wrong("standard input can be read for one stream only");
    taken.emplace_back(file, absl::StrCat("the input of '", stream, "'"));
  }
  taken.emplace_back(options.config, "the config");
  for (const std::string& file : options.rules) taken.emplace_back(file, "a rule file");
  for (const auto& [option, file] :
       {std::pair{"--late", &options.late}, std::pair{"--dead-letters", &options.dead_letters},
        std::pair{"--shadow", &options.shadow}}) {
    if (file->empty()) continue;
    for (const auto& [other, what] : taken) {
      if (other != "-" && SameFile(*file, other))
        return Wrong(absl::StrCat(option, " would overwrite '", *file, "', which is ", what));
    }
    taken.emplace_back(*file, absl::StrCat("written by ", option));
  }
  return absl::OkStatus();
}

Flags Declare(Options& options) {
  Flags flags;
  flags
      .Text("config", 'c', &options.config,
            {"FILE", "the config (telltale.yml); only its streams and workers are used"})
      .List("rules", &options.rules,
            {"FILE ...", "files, folders or globs, instead of the config's own rules"})
      .Text("late", &options.late,
            {"FILE", "where lines go that came too late, as NDJSON with reason and delay"})
      .Text("dead-letters", &options.dead_letters,
            {"FILE", "where lines go that could not be read, with the reason"})
      .Text("shadow", &options.shadow,
            {"FILE", "where alerts of rules with `mode: shadow` go; otherwise counted"})
      .List("explain", &options.explain,
            {"KEY",
             "instead of alerts: how far this key came, rule by rule, and why not further; a "
             "key of several parts is as many options"})
      .Text("rule", &options.rule, {"ID", "with --explain: this rule alone"});
  return flags;
}

absl::StatusOr<Options> ReadOptions(std::span<const std::string> args) {
  Options options;
  absl::StatusOr<std::vector<std::string>> words = Declare(options).Parse(args);
  if (!words.ok()) return words.status();
  for (const std::string& word : *words) {
    if (std::optional<StreamFile> input = ReadStreamFile(word)) {
      options.inputs.push_back(*std::move(input));
    } else if (!options.rules.empty()) {
      options.rules.push_back(word);  // `--rules a.yml b.yml`
    } else {
      return Wrong(absl::StrCat("'", word, "' is not STREAM=FILE"));
    }
  }
  if (options.inputs.empty()) return Wrong("there is no STREAM=FILE to read");
  if (!options.rule.empty() && options.explain.empty())
    return Wrong("option '--rule' says of which rule a key is explained: say --explain KEY");
  if (absl::Status status = CheckFiles(options); !status.ok()) return status;
  return options;
}

absl::StatusOr<std::vector<replay::Replay::Input>> OpenInputs(const Options& options,
                                                              const config::Config& config) {
  std::vector<replay::Replay::Input> inputs;
  std::set<std::string> seen;
  for (const auto& [name, file] : options.inputs) {
    const absl::StatusOr<rules::StreamIndex> stream = FindStream(config, name);
    if (!stream.ok()) return stream.status();
    if (!seen.insert(name).second) return Wrong(absl::StrCat("stream '", name, "' has two files"));
    absl::StatusOr<replay::LineReader> lines = replay::LineReader::Open(file);
    if (!lines.ok()) return lines.status();
    inputs.push_back({.stream = *stream, .lines = *std::move(lines)});
  }
  return inputs;
}

rules::Diagnostics CheckInputs(const Options& options, const config::Config& config) {
  std::vector<rules::StreamIndex> streams;
  for (const auto& [name, file] : options.inputs) {
    // A name that the config does not have is a mistake of the command line.
    if (const auto stream = config.catalog->Find(name)) streams.push_back(*stream);
  }
  return config::CheckReplay(config, streams);
}

int Fail(int code, const absl::Status& status) {
  const std::string text = absl::StrCat("telltale replay: ", status.message(), "\n");
  std::fwrite(text.data(), 1, text.size(), stderr);
  return code;
}

// Where the alerts of a replay go: standard output, or for rules in shadow mode their own file.
class AlertFiles {
 public:
  // Alerts of live rules are not wanted.
  void Hush() { live_ = nullptr; }
  absl::Status OpenShadow(const std::string& path) {
    if (path.empty()) return absl::OkStatus();
    shadow_ = std::fopen(path.c_str(), "we");
    return shadow_ == nullptr ? absl::UnavailableError(absl::StrCat("cannot write '", path, "'"))
                              : absl::OkStatus();
  }
  void Write(const engine::Alert& alert) {
    std::FILE* file = alert.rule->mode == rules::Mode::kShadow ? shadow_ : live_;
    if (file == nullptr) return;
    std::string text =
        engine::IsOutput(alert) ? engine::OutputJson(alert) : engine::AlertJson(alert);
    text += '\n';
    std::fwrite(text.data(), 1, text.size(), file);
  }
  absl::Status Close() {
    bool ok = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (shadow_ != nullptr) ok = std::fclose(shadow_) == 0 && ok;
    return ok ? absl::OkStatus() : absl::UnavailableError("the alerts cannot be written");
  }

 private:
  std::FILE* live_ = stdout;
  std::FILE* shadow_ = nullptr;
};

int Replay(const Options& options, Loaded loaded) {
  absl::StatusOr<std::vector<replay::Replay::Input>> inputs = OpenInputs(options, *loaded.config);
  if (!inputs.ok()) return UsageError(kName, std::string(inputs.status().message()));
  const auto compiled = engine::CompileRules(loaded.rules);
  if (!compiled.ok()) return Fail(kExitFailure, compiled.status());

  replay::RejectFile late;
  replay::RejectFile dead_letters;
  AlertFiles alerts;
  for (const absl::Status& status :
       {options.late.empty() ? absl::OkStatus() : late.Open(options.late),
        options.dead_letters.empty() ? absl::OkStatus() : dead_letters.Open(options.dead_letters),
        alerts.OpenShadow(options.shadow)}) {
    if (!status.ok()) return Fail(kExitUsage, status);
  }

  ReplayExplain explain;
  const bool explains = !options.explain.empty();
  std::vector<replay::Replay::Watch> watches;
  if (explains) {
    auto wanted = ReplayExplain::Watches(*loaded.rules, options.rule, options.explain);
    if (!wanted.ok()) return UsageError(kName, std::string(wanted.status().message()));
    watches = *std::move(wanted);
    alerts.Hush();
  }

  ReplayReport report(isatty(STDERR_FILENO) != 0);
  const bool alerts_on_terminal = isatty(STDOUT_FILENO) != 0;
  replay::Replay replay{
      .rules = *compiled,
      .config = &*loaded.config,
      .inputs = *std::move(inputs),
      .watches = std::move(watches),
      .late = &late,
      .dead_letters = &dead_letters,
      .on_alert =
          [&](const engine::Alert& alert) {
            if (alerts_on_terminal) report.Clear();
            if (explains) explain.Note(alert);
            alerts.Write(alert);
          },
      .on_progress = [&](const replay::Position& position) { report.Progress(position); }};
  absl::StatusOr<replay::Summary> summary = replay::Run(replay);
  report.Clear();
  for (const absl::Status& status :
       {summary.status(), alerts.Close(), late.Close(), dead_letters.Close()}) {
    if (!status.ok()) return Fail(kExitFailure, status);
  }
  if (explains) {
    const absl::StatusOr<std::string> text = explain.Text(std::move(summary->watched));
    if (!text.ok()) return Fail(kExitFailure, text.status());
    std::fwrite(text->data(), 1, text->size(), stdout);
  }
  report.Print(*summary, *loaded.config);
  return kExitOk;
}

int Run(std::span<const std::string> args) {
  const absl::StatusOr<Options> options = ReadOptions(args);
  if (!options.ok()) return UsageError(kName, std::string(options.status().message()));
  Loaded loaded = Load(options->config, config::Use::kReplay, options->rules);
  int exit_code = loaded.exit_code();
  if (loaded.config) {
    rules::Diagnostics inputs = CheckInputs(*options, *loaded.config);
    if (inputs.has_errors()) exit_code = kExitUsage;
    loaded.diagnostics.Append(std::move(inputs));
  }
  const std::string report = rules::Render(loaded.diagnostics);
  std::fwrite(report.data(), 1, report.size(), stderr);
  if (exit_code != kExitOk) return exit_code;
  if (loaded.rule_files == 0)
    return UsageError(kName, "there are no rules: the config names none, nor does --rules");
  return Replay(*options, std::move(loaded));
}

}  // namespace

const Command kReplay = {
    .name = "replay",
    .summary = "Run rules over files, without Kafka",
    .help =
        "Usage: telltale replay [-c telltale.yml] [--rules FILE ...] STREAM=FILE.ndjson ...\n"
        "       telltale replay --explain KEY [--rule ID] [OPTIONS] STREAM=FILE.ndjson ...\n"
        "\n"
        "Reads one JSON object a line, merges the files by event time, and prints the alerts, one "
        "a\n"
        "line, in settled order; a summary follows on standard error. The engine is that of\n"
        "`telltale run`: the same events give the same alerts. A stream without a FILE is empty, "
        "`-`\n"
        "is standard input, and the end of the input settles everything. A stream that is timed "
        "by\n"
        "Kafka's own timestamps has no time in a file: give it a `time.field`.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 done, alerts or not, 1 a file could not be read to its end or written, 2 "
        "the\n"
        "rules do not load, 3 a wrong command line or config.",
    .arguments = Arguments::kOther,
    .run = Run,
};

}  // namespace telltale::commands
