// `telltale list`: the rules in force in a running daemon, or those of files.
#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "daemon/commands/control_commands.h"
#include "daemon/commands/control_connection.h"
#include "daemon/commands/did_you_mean.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/rule_list.h"

namespace telltale::commands {
namespace {

constexpr std::string_view kName = "list";

struct Options {
  ControlOptions control;
  bool offline = false;
  RuleFilter filter;
};

Flags Declare(Options& options) {
  Flags flags;
  flags
      .Switch("offline", &options.offline,
              "the rules of the config's own files; no daemon is asked")
      .List("tag", &options.filter.tags, {"TAG", "of files: rules with this tag"})
      .List("level", &options.filter.levels,
            {"informational|low|medium|high|critical", "of files: rules of this level"})
      .List("stream", &options.filter.streams, {"STREAM", "of files: rules that read it"});
  options.control.AddTo(flags);
  return flags;
}

// A level or stream that there is not would list nothing in silence.
std::string UnknownWord(const RuleFilter& filter, const rules::RuleSet& set) {
  std::vector<std::string> levels;
  for (const rules::Level level :
       {rules::Level::kInformational, rules::Level::kLow, rules::Level::kMedium,
        rules::Level::kHigh, rules::Level::kCritical}) {
    levels.emplace_back(rules::LevelName(level));
  }
  std::vector<std::string> streams;
  for (const rules::Stream& stream : set.streams->streams()) streams.push_back(stream.name);
  const auto unknown = [](const char* what, const std::vector<std::string>& asked,
                          const std::vector<std::string>& known) -> std::string {
    for (const std::string& word : asked) {
      if (std::find(known.begin(), known.end(), word) != known.end()) continue;
      return absl::StrCat("there is no ", what, " '", word, "'", DidYouMean(word, known));
    }
    return "";
  };
  const std::string level = unknown("level", filter.levels, levels);
  return level.empty() ? unknown("stream", filter.streams, streams) : level;
}

int ListFiles(const Options& options, const std::vector<std::string>& files) {
  const absl::Status offline = options.control.RequireNoDaemon();
  if (!offline.ok()) return UsageError(kName, std::string(offline.message()));
  const absl::StatusOr<control::Format> format = options.control.AnswerFormat();
  if (!format.ok()) return UsageError(kName, std::string(format.status().message()));
  const std::string config =
      options.control.config.empty() ? "telltale.yml" : options.control.config;
  const Loaded loaded = Load(config, config::Use::kReplay, files, TestFiles::kBesideRules);
  if (loaded.exit_code() != kExitOk) {
    const std::string report = rules::Render(loaded.diagnostics);
    std::fwrite(report.data(), 1, report.size(), stderr);
    return loaded.exit_code();
  }
  if (loaded.rule_files == 0) std::fputs(rules::Render(loaded.diagnostics).c_str(), stderr);
  const std::string unknown = UnknownWord(options.filter, *loaded.rules);
  if (!unknown.empty()) return UsageError(kName, unknown);
  const Listed listed = Filtered(*loaded.rules, loaded.tests, options.filter);
  const std::string text = *format == control::Format::kJson ? RuleJson(listed) : RuleTable(listed);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

int Run(std::span<const std::string> args) {
  Options options;
  const Flags flags = Declare(options);
  const absl::StatusOr<std::vector<std::string>> files = flags.Parse(args);
  if (!files.ok()) return UsageError(kName, std::string(files.status().message()));
  if (options.offline || !files->empty()) return ListFiles(options, *files);
  const RuleFilter& filter = options.filter;
  if (!filter.tags.empty() || !filter.levels.empty() || !filter.streams.empty()) {
    return UsageError(kName,
                      "--tag, --level and --stream choose rules of files: say --offline, or "
                      "name FILEs");
  }
  Options asked;  // parsed once more with the daemon's client, which takes no files
  const Flags control = Declare(asked);
  return RunControl(kName, args, control, asked.control,
                    [](control::Client& client) { return client.ListRules(); });
}

}  // namespace

const Command kList = {
    .name = kName,
    .summary = "List the rules of a running daemon, or of files",
    .help =
        "Usage: telltale list [OPTIONS]\n"
        "       telltale list --offline [-c telltale.yml] [OPTIONS] [FILE ...]\n"
        "\n"
        "The rules in force in a running daemon, with what they have done since it started.\n"
        "With --offline or FILEs (files, folders, globs) those of files: their level, mode,\n"
        "streams, key, number of tests and tags, with --format json also fingerprint, file and\n"
        "line.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 fine, 2 the rules of files do not load, 3 a wrong command line or config, or\n"
        "the daemon cannot be reached.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
