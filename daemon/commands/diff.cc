// `telltale diff`: what a reload from one rule set to another would do.
#include <cstdio>
#include <optional>

#include "absl/strings/str_cat.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/config/config_codes.h"
#include "daemon/config/file_text.h"
#include "daemon/explain/difference.h"
#include "rules/load/yaml/reader.h"

namespace telltale::commands {
namespace {

constexpr std::string_view kName = "diff";

// A file that declares streams is a config, and stands for the rules that it names.
bool IsConfig(const std::string& path) {
  const config::FileText text = config::ReadFileText(path);
  if (text.file == nullptr) return false;
  rules::Diagnostics ignored;
  const std::vector<rules::Node> documents = rules::ReadYaml(text.file, ignored);
  return documents.size() == 1 && documents.front().kind == rules::NodeKind::kMap &&
         documents.front().Find("streams") != nullptr;
}

Loaded LoadSide(const std::string& config, const std::string& side) {
  return side.empty() ? Load(config, config::Use::kReplay, {})
                      : Load(config, config::Use::kReplay, {side});
}

// What keeps a side from loading, and names that name nothing, for then everything seems to be
// added or removed. Other warnings are for `check`.
std::string Told(const Loaded& loaded) {
  std::string text;
  for (const rules::Diagnostic& diagnostic : loaded.diagnostics.list()) {
    if (diagnostic.severity == rules::Severity::kError || diagnostic.code == config::kNoMatch)
      text += rules::Render(diagnostic);
  }
  const size_t more = loaded.diagnostics.added() - loaded.diagnostics.list().size();
  if (more > 0) absl::StrAppend(&text, "... and ", more, " more\n");
  return text;
}

struct Options {
  std::string config;
  std::string format = "text";
};

Flags Declare(Options& options) {
  Flags flags;
  flags
      .Text("config", 'c', &options.config,
            {"FILE",
             "the config whose streams the rules are checked by; without it the one that is OLD "
             "or NEW, or telltale.yml"})
      .Text("format", &options.format, {"text|json", "of the answer"});
  return flags;
}

int Run(std::span<const std::string> args) {
  Options options;
  const absl::StatusOr<std::vector<std::string>> sides = Declare(options).Parse(args);
  std::string& config = options.config;
  const std::string& format = options.format;
  if (!sides.ok()) return UsageError(kName, std::string(sides.status().message()));
  if (sides->size() != 2) return UsageError(kName, "two rule sets are required: OLD and NEW");
  if (format != "text" && format != "json") {
    return UsageError(kName, absl::StrCat("option '--format' is text or json, not '", format, "'"));
  }
  const bool configs[] = {IsConfig((*sides)[0]), IsConfig((*sides)[1])};
  if (config.empty()) config = configs[0] ? (*sides)[0] : configs[1] ? (*sides)[1] : "telltale.yml";
  std::vector<Loaded> loaded;
  for (size_t i = 0; i < 2; ++i) {
    loaded.push_back(configs[i] ? LoadSide((*sides)[i], "") : LoadSide(config, (*sides)[i]));
  }
  int exit_code = kExitOk;
  std::string told;  // once, where both sides have the same wrong config
  for (const Loaded& side : loaded) {
    const std::string text = Told(side);
    if (text != told) std::fwrite(text.data(), 1, text.size(), stderr);
    told = text;
    exit_code = std::max(exit_code, side.exit_code());
  }
  if (exit_code != kExitOk) return exit_code;
  const explain::Difference difference = explain::Compare(*loaded[0].rules, *loaded[1].rules);
  const std::string text =
      format == "json" ? explain::ToJson(difference) : explain::ToText(difference);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return difference.changes.empty() ? kExitOk : kExitFailure;
}

}  // namespace

const Command kDiff = {
    .name = kName,
    .summary = "Say by meaning what changes from one rule set to another",
    .help =
        "Usage: telltale diff [-c telltale.yml] [--format text|json] OLD NEW\n"
        "\n"
        "OLD and NEW are rule files, folders or globs, or configs, which stand for their rules.\n"
        "Tells of each rule that a reload from OLD to NEW would touch what becomes of its state:\n"
        "\n"
        "  added     it begins\n"
        "  removed   its state is dropped\n"
        "  changed   it means something else: its state starts anew; which parts differ\n"
        "  output    it means the same, alerts look otherwise: its state is kept\n"
        "  renamed   the same meaning under another id: its state starts anew\n"
        "\n"
        "Layout, comments and names of files make no difference. `telltale reload --dry-run`\n"
        "compares with what a running daemon has.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 nothing changes, 1 something does, 2 the rules do not load,\n"
        "3 a wrong command line or config.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
