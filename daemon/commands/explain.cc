// `telltale explain`: the automaton of a rule, what it means and what it can hold.
#include <cstdio>

#include "absl/strings/str_cat.h"
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
  std::string config = "telltale.yml";
  std::string format = "text";
  bool dot = false;
  bool svg = false;
  std::string rule;
  std::vector<std::string> files;
};

Flags Declare(Options& options) {
  Flags flags;
  flags
      .Text("config", 'c', &options.config,
            {"FILE", "the config (telltale.yml); its streams are needed"})
      .Text("format", &options.format,
            {"text|dot|svg", "all of it as text, the automaton for Graphviz, or a picture"})
      .Switch("dot", &options.dot, "the same as --format dot")
      .Switch("svg", &options.svg, "the same as --format svg");
  return flags;
}

absl::StatusOr<Options> ReadOptions(std::span<const std::string> args) {
  Options options;
  absl::StatusOr<std::vector<std::string>> rest = Declare(options).Parse(args);
  if (!rest.ok()) return rest.status();
  if (rest->empty()) return absl::InvalidArgumentError("the id of a RULE is required");
  options.rule = rest->front();
  options.files.assign(rest->begin() + 1, rest->end());
  if (options.dot && options.svg) {
    return absl::InvalidArgumentError("options '--dot' and '--svg' exclude each other");
  }
  if (options.dot) options.format = "dot";
  if (options.svg) options.format = "svg";
  if (options.format != "text" && options.format != "dot" && options.format != "svg") {
    return absl::InvalidArgumentError(
        absl::StrCat("option '--format' is text, dot or svg, not '", options.format, "'"));
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
  for (const rules::Correlation& correlation : set.correlations) {
    if (correlation.id == id || (!correlation.name.empty() && correlation.name == id)) {
      return absl::StrCat("'", id,
                          "' is a correlation, which this version checks and does not run");
    }
  }
  return absl::StrCat("there is no rule '", id, "'", DidYouMean(NearestRule(set, id)));
}

int Run(std::span<const std::string> args) {
  const absl::StatusOr<Options> options = ReadOptions(args);
  if (!options.ok()) return UsageError(kName, std::string(options.status().message()));
  const Loaded loaded = Load(options->config, config::Use::kReplay, options->files);
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
  const std::string text = Drawn(*explanation, options->format);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

}  // namespace

const Command kExplain = {
    .name = kName,
    .summary = "Show a rule's automaton, what it means, and what it can hold",
    .help =
        "Usage: telltale explain [-c telltale.yml] [--dot | --svg] RULE [FILE ...]\n"
        "\n"
        "Compiles the rules and shows RULE (its id): the states and what leads from one to the\n"
        "next, the same in words, and how much of a key it can hold. With FILEs (files, folders,\n"
        "globs) the rule is one of those instead of the config's own.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 done, 2 the rules do not load, 3 a wrong command line or config, or no such rule.",
    .arguments = Arguments::kOther,
    .run = Run,
};

}  // namespace telltale::commands
