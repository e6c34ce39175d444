// `telltale explain`: the automaton of a rule, what it means and what it can hold; of a key in a
// running daemon how far it is.
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "daemon/commands/control_connection.h"
#include "daemon/commands/did_you_mean.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/explain/drawing.h"
#include "daemon/explain/explanation.h"

namespace telltale::commands {
namespace {

constexpr std::string_view kName = "explain";

struct Options {
  ControlOptions control;
  bool dot = false;
  bool svg = false;
  bool watch = false;
  std::vector<std::string> key;
  std::string rule;
  std::vector<std::string> files;

  bool of_key() const { return !key.empty() || watch; }
};

Flags Declare(Options& options) {
  Flags flags;
  flags.Switch("dot", &options.dot, "the same as --format dot")
      .Switch("svg", &options.svg, "the same as --format svg")
      .List("key", &options.key, {"PART", "a KEY that is also the name of a file"})
      .Switch("watch", &options.watch, "of a KEY: put it under watch where it is not");
  options.control.AddTo(flags, "text|dot|svg|json",
                        "the config (telltale.yml) with the streams, or of the daemon");
  return flags;
}

// A word behind the rule is a file, a folder or a pattern of such, or the part of a key.
bool IsFile(const std::string& word) {
  std::error_code error;
  return word.ends_with(".yml") || word.ends_with(".yaml") ||
         word.find_first_of("*?[") != std::string::npos || std::filesystem::exists(word, error);
}

absl::StatusOr<Options> ReadOptions(std::span<const std::string> args) {
  Options options;
  absl::StatusOr<std::vector<std::string>> rest = Declare(options).Parse(args);
  if (!rest.ok()) return rest.status();
  if (rest->empty()) return absl::InvalidArgumentError("the id of a RULE is required");
  options.rule = rest->front();
  const std::vector<std::string> words(rest->begin() + 1, rest->end());
  const bool files = options.key.empty() && !options.watch && !words.empty() && IsFile(words[0]);
  std::vector<std::string>& target = files ? options.files : options.key;
  target.insert(target.end(), words.begin(), words.end());
  if (options.of_key()) {
    if (options.dot || options.svg)
      return absl::InvalidArgumentError("of a KEY there is no drawing");
    return options;
  }
  std::string& format = options.control.format;
  if (options.dot && options.svg) {
    return absl::InvalidArgumentError("options '--dot' and '--svg' exclude each other");
  }
  if (options.dot) format = "dot";
  if (options.svg) format = "svg";
  if (format != "text" && format != "dot" && format != "svg") {
    return absl::InvalidArgumentError(
        absl::StrCat("option '--format' is text, dot or svg, not '", format, "'"));
  }
  return options;
}

const rules::Rule* Find(const rules::RuleSet& set, const std::string& id) {
  for (const rules::Rule& rule : set.rules) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

// The rule that was most likely meant: by its spelling, or the only one with the word in its id.
std::string NearestRule(const rules::RuleSet& set, const std::string& word) {
  std::vector<std::string> ids;
  std::vector<std::string> with_word;
  for (const rules::Rule& rule : set.rules) {
    ids.push_back(rule.id);
    if (!word.empty() && rule.id.find(word) != std::string::npos) with_word.push_back(rule.id);
  }
  return with_word.size() == 1 ? with_word.front() : rules::Nearest(word, ids);
}

std::string Drawn(const explain::Explanation& explanation, const std::string& format) {
  if (format == "dot") return explain::ToDot(explanation.automaton);
  if (format == "svg") return explain::ToSvg(explanation.automaton);
  return explain::ToText(explanation);
}

// Why there is nothing to explain.
std::string NoRule(const rules::RuleSet& set, const std::string& id) {
  return absl::StrCat("there is no rule '", id, "'", DidYouMean(NearestRule(set, id)));
}

int Run(std::span<const std::string> args) {
  const absl::StatusOr<Options> options = ReadOptions(args);
  if (!options.ok()) return UsageError(kName, std::string(options.status().message()));
  if (options->of_key()) {
    return CallControl(kName, options->control, [&](control::Client& client) {
      return client.ExplainKey(options->rule, options->key, options->watch);
    });
  }
  const std::string& config = options->control.config;
  const Loaded loaded =
      Load(config.empty() ? "telltale.yml" : config, config::Use::kReplay, options->files);
  if (loaded.exit_code() != kExitOk) {
    const std::string report = rules::Render(loaded.diagnostics);
    std::fwrite(report.data(), 1, report.size(), stderr);
    return loaded.exit_code();
  }
  const rules::Rule* rule = Find(*loaded.rules, options->rule);
  if (rule == nullptr) return UsageError(kName, NoRule(*loaded.rules, options->rule));
  const absl::StatusOr<explain::Explanation> explanation = explain::Explain(*loaded.rules, *rule);
  if (!explanation.ok()) {
    return UsageError(kName, std::string(explanation.status().message()));
  }
  const std::string text = Drawn(*explanation, options->control.format);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

}  // namespace

const Command kExplain = {
    .name = kName,
    .summary = "Show a rule's automaton and meaning, or how far a key of it is",
    .help =
        "Usage: telltale explain [-c telltale.yml] [--dot | --svg] RULE [FILE ...]\n"
        "       telltale explain [--watch] [--address HOST:PORT] RULE KEY ...\n"
        "\n"
        "Compiles the rules and shows RULE (its id): the states and what leads from one to the\n"
        "next, the same in words, and how much of a key it can hold. With FILEs (files, folders,\n"
        "globs) the rule is one of those instead of the config's own.\n"
        "\n"
        "With a KEY (as many words as the rule's `by` has parts) it is asked of a running daemon:\n"
        "how far the key is, what it waits for and until when, and what stood against the events\n"
        "that came near. The daemon knows what has come since the key was put under watch, by\n"
        "`telltale watch` or --watch. A rule without `by` has no KEY: say --watch.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 done, 2 the rules do not load, 3 a wrong command line or config, no such rule, or\n"
        "the daemon cannot be reached or does not watch the key.",
    .arguments = Arguments::kOther,
    .run = Run,
};

}  // namespace telltale::commands
