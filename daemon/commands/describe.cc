// `telltale schema`, `completion` and `man`: the program's own description, for editors, shells and
// man.
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "daemon/commands/completion.h"
#include "daemon/commands/offline_commands.h"
#include "daemon/config/config_schema.h"
#include "rules/load/schema/rule_schema.h"

namespace telltale::commands {
namespace {

int Print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return kExitOk;
}

int Complete(std::span<const std::string> args) {
  const absl::StatusOr<std::vector<std::string>> words = Flags().Parse(args);
  if (!words.ok()) return UsageError("completion", std::string(words.status().message()));
  if (words->size() == 1 && words->front() == "bash") return Print(BashCompletion(Commands()));
  if (words->size() == 1 && words->front() == "zsh") return Print(ZshCompletion(Commands()));
  if (words->size() == 1) {
    return UsageError("completion", absl::StrCat("there are no completions for '", words->front(),
                                                 "', only for bash and zsh"));
  }
  return UsageError("completion", "the name of one shell is required: bash or zsh");
}

int Man(std::span<const std::string> args) {
  const absl::StatusOr<std::vector<std::string>> words = Flags().Parse(args);
  if (!words.ok()) return UsageError("man", std::string(words.status().message()));
  if (!words->empty()) {
    return UsageError("man", absl::StrCat("'", words->front(), "' is one argument too many"));
  }
  return Print(ManualPage(Commands()));
}

int Schema(std::span<const std::string> args) {
  const absl::StatusOr<std::vector<std::string>> words = Flags().Parse(args);
  if (!words.ok()) return UsageError("schema", std::string(words.status().message()));
  const std::string of = words->empty() ? "rules" : words->front();
  if (words->size() > 1) {
    return UsageError("schema", absl::StrCat("'", words->back(), "' is one argument too many"));
  }
  if (of == "rules") return Print(rules::RuleSchema());
  if (of == "tests") return Print(rules::TestFileSchema());
  if (of == "config") return Print(config::ConfigSchema());
  return UsageError(
      "schema", absl::StrCat("there is no schema of '", of, "', only of rules, tests and config"));
}

}  // namespace

const Command kSchema = {
    .name = "schema",
    .summary = "Print the JSON Schema of rule files, test files or the config",
    .help =
        "Usage: telltale schema [rules|tests|config]\n"
        "\n"
        "Prints a JSON Schema (draft-07) of rule files (Sigma's among them), of test files\n"
        "(*.test.yml) or of the config, by which editors complete and check them: keys, words and\n"
        "kinds of values. Where a file begins with this line\n"
        "\n"
        "  # yaml-language-server: $schema=telltale-rules.json\n"
        "\n"
        "they read the schema that stands beside it. What only the whole can tell is for\n"
        "`telltale check`.\n",
    .exit_codes = "0 done, 3 a wrong command line.",
    .words = {"rules", "tests", "config"},
    .run = Schema,
};

const Command kCompletion = {
    .name = "completion",
    .summary = "Print completions for a shell",
    .help =
        "Usage: telltale completion bash|zsh\n"
        "\n"
        "Prints what a shell needs to complete commands, options and their values. For bash:\n"
        "\n"
        "  source <(telltale completion bash)\n"
        "\n"
        "or write it to /usr/share/bash-completion/completions/telltale. For zsh, write it to a\n"
        "file _telltale in a folder of $fpath, such as /usr/share/zsh/vendor-completions.\n",
    .exit_codes = "0 done, 3 a wrong command line.",
    .words = {"bash", "zsh"},
    .run = Complete,
};

const Command kMan = {
    .name = "man",
    .summary = "Print the manual page",
    .help =
        "Usage: telltale man\n"
        "\n"
        "Prints telltale(1) for man: `telltale man | man -l -` shows it, and written to\n"
        "/usr/share/man/man1/telltale.1 it is installed.\n",
    .exit_codes = "0 done, 3 a wrong command line.",
    .run = Man,
};

}  // namespace telltale::commands
