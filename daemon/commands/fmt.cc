// `telltale fmt`: rule files in their one layout.
#include <cstdio>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "daemon/commands/flags.h"
#include "daemon/commands/loaded.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/commands/unified_diff.h"
#include "daemon/config/replace_file.h"
#include "daemon/config/rule_files.h"
#include "rules/load/format/format.h"

namespace telltale::commands {
namespace {

constexpr std::string_view kName = "fmt";

struct Options {
  std::string config;  // empty: telltale.yml
  bool check = false;
  bool diff = false;
};

void Print(std::FILE* file, std::string_view text) {
  if (!text.empty()) std::fwrite(text.data(), 1, text.size(), file);
}

std::string ReadStandardInput() {
  std::string text;
  char buffer[1 << 16];
  while (const size_t size = std::fread(buffer, 1, sizeof buffer, stdin)) text.append(buffer, size);
  return text;
}

class Formatter {
 public:
  explicit Formatter(const Options& options) : options_(options) {}

  // `to_output`: the text comes from standard input and goes to standard output.
  void File(const rules::SourcePtr& file, bool to_output) {
    const rules::FormatResult result = rules::Format(file);
    if (!result.text) {
      Print(stderr, rules::Render(result.diagnostics));
      if (!result.refusal.empty())
        Print(stderr, absl::StrCat(file->path(), ": left as it is: ", result.refusal, "\n"));
      exit_code_ = kExitRules;
      return;
    }
    const bool changes = *result.text != file->text();
    if (options_.diff) {
      Print(stdout, UnifiedDiff(file->text(), *result.text, file->path(), file->path()));
    } else if (options_.check) {
      if (changes) Print(stdout, absl::StrCat(file->path(), "\n"));
    } else if (to_output) {
      Print(stdout, *result.text);
    } else if (changes) {
      Replace(file->path(), *result.text);
    }
    if (options_.check && changes) Worsen(kExitFailure);
  }

  // One that was named by hand. Nearly every text is YAML of some kind, and a list in CSV or a
  // README would be lost.
  void NamedFile(const rules::SourcePtr& file) {
    if (config::HasRuleFileName(file->path())) return File(file, false);
    Print(stderr,
          absl::StrCat(file->path(), ": left as it is: its name ends in neither .yml nor .yaml\n"));
    Worsen(kExitRules);
  }

  void Worsen(int exit_code) { exit_code_ = std::max(exit_code_, exit_code); }
  int exit_code() const { return exit_code_; }

 private:
  void Replace(const std::string& path, const std::string& text) {
    const std::string error = config::ReplaceFile(path, text);
    if (error.empty()) return Print(stdout, absl::StrCat(path, "\n"));
    Print(stderr, absl::StrCat("telltale fmt: cannot write ", path, ": ", error, "\n"));
    Worsen(kExitFailure);
  }

  const Options& options_;
  int exit_code_ = kExitOk;
};

Flags Declare(Options& options) {
  Flags flags;
  flags
      .Text("config", 'c', &options.config,
            {"FILE", "the config (telltale.yml), where no FILE is named"})
      .Switch("check", &options.check, "write nothing; print the names of those that would change")
      .Switch("diff", &options.diff, "write nothing; print what would change");
  return flags;
}

int Run(std::span<const std::string> args) {
  Options options;
  const absl::StatusOr<std::vector<std::string>> paths = Declare(options).Parse(args);
  if (!paths.ok()) return UsageError(kName, std::string(paths.status().message()));
  if (!paths->empty() && !options.config.empty())
    return UsageError(kName, "option '--config' names the rules where no FILE does");
  if (options.config.empty()) options.config = "telltale.yml";
  Formatter formatter(options);
  if (paths->size() == 1 && paths->front() == "-") {
    formatter.File(std::make_shared<const rules::SourceFile>("<stdin>", ReadStandardInput()), true);
    return formatter.exit_code();
  }
  config::RuleFiles files;
  if (paths->empty()) {
    const config::ConfigResult config = ReadConfig(options.config, config::Use::kReplay);
    if (!config.config) {
      Print(stderr, rules::Render(config.diagnostics));
      return kExitUsage;
    }
    files = config::ReadRuleFiles(*config.config);
  } else {
    files = config::ReadRuleFiles(*paths);
  }
  // Files of tests are laid out alike.
  files.files.insert(files.files.end(), files.tests.begin(), files.tests.end());
  Print(stderr, rules::Render(files.diagnostics));
  if (files.diagnostics.has_errors()) formatter.Worsen(kExitRules);
  for (const rules::SourcePtr& file : files.files) {
    if (paths->empty())
      formatter.File(file, false);
    else
      formatter.NamedFile(file);
  }
  return formatter.exit_code();
}

}  // namespace

const Command kFmt = {
    .name = kName,
    .summary = "Lay rule files out in one way, comments and meaning kept",
    .help =
        "Usage: telltale fmt [-c telltale.yml] [--check] [--diff] [FILE ...]\n"
        "       telltale fmt -\n"
        "\n"
        "Writes the FILEs (files, folders, globs), or the config's own rules, in the layout that\n"
        "rules have here, and prints the names of those that changed. `-` is standard input, and\n"
        "goes to standard output. Only the layout changes: what a file says stays the same, its\n"
        "comments too. A file whose YAML has errors is left as it is, and so is a FILE whose name\n"
        "ends in neither .yml nor .yaml.\n",
    .flags = [] { return Declared(&Declare); },
    .exit_codes =
        "0 done, 1 a file would change and --check, or cannot be written,\n"
        "2 a file cannot be read or has errors, 3 a wrong command line or config.",
    .arguments = Arguments::kFiles,
    .run = Run,
};

}  // namespace telltale::commands
