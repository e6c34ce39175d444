// The front door: finds the command that was named, or says what is wrong with the name.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/commands/command.h"
#include "daemon/commands/did_you_mean.h"
#include "daemon/telemetry/version.h"

namespace telltale::commands {
namespace {

void Print(std::FILE* file, std::string_view text) {
  // An empty text may have no data, which fwrite does not take.
  if (!text.empty()) std::fwrite(text.data(), 1, text.size(), file);
}

std::string Overview() {
  std::string text =
      "Telltale watches streams of events and tells when they add up to what a rule describes.\n\n"
      "Usage: telltale COMMAND [ARGUMENTS]\n\nCommands:\n";
  size_t width = 0;
  for (const Command& command : Commands()) width = std::max(width, command.name.size());
  for (const Command& command : Commands()) {
    text += "  ";
    text += command.name;
    text.append(width - command.name.size() + 2, ' ');
    text += command.summary;
    text += '\n';
  }
  text +=
      "\n`telltale COMMAND --help` tells more of one. `telltale --version` prints the version.\n"
      "Exit codes: 0 done, 1 failed, 2 the rules do not load, 3 a wrong command line or config.\n";
  return text;
}

const Command* Find(std::string_view name) {
  for (const Command& command : Commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

// What a program downstream gets must not look whole when the disk was full.
int Flushed(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  Print(stderr, "telltale: not all could be written to standard output\n");
  return std::max(exit_code, kExitFailure);
}

bool IsHelp(std::string_view word) { return word == "--help" || word == "-h"; }

int UnknownCommand(const std::string& word) {
  std::vector<std::string> names = {"help"};
  for (const Command& command : Commands()) names.emplace_back(command.name);
  Print(stderr, absl::StrCat("telltale: there is no command '", word, "'", DidYouMean(word, names),
                             "\n`telltale --help` lists the commands.\n"));
  return kExitUsage;
}

}  // namespace

int UsageError(std::string_view command, std::string_view message) {
  std::string text = "telltale ";
  text += command;
  text += ": ";
  text += message;
  text += "\n`telltale ";
  text += command;
  text += " --help` says how it is used.\n";
  Print(stderr, text);
  return kExitUsage;
}

int RunCommandLine(std::span<const std::string> args) {
  if (args.empty()) {
    Print(stderr, Overview());
    return kExitUsage;
  }
  const std::string& word = args[0];
  if (word == "--version" || word == "-V") {
    Print(stdout, "telltale ");
    Print(stdout, telemetry::kVersion);
    Print(stdout, "\n");
    return kExitOk;
  }
  if (IsHelp(word) || (word == "help" && args.size() == 1)) {
    Print(stdout, Overview());
    return kExitOk;
  }
  const bool help = word == "help";
  const Command* command = Find(help ? args[1] : word);
  if (command == nullptr) return UnknownCommand(help ? args[1] : word);
  const auto rest = args.subspan(1);
  const auto end = std::find(rest.begin(), rest.end(), "--");
  if (help || std::any_of(rest.begin(), end, IsHelp)) {
    Print(stdout, command->help);
    if (command->flags != nullptr) Print(stdout, absl::StrCat("\n", command->flags().HelpText()));
    if (!command->notes.empty()) Print(stdout, absl::StrCat("\n", std::string(command->notes)));
    Print(stdout, absl::StrCat("\nExit codes: ", std::string(command->exit_codes), "\n"));
    return kExitOk;
  }
  return Flushed(command->run(rest));
}

}  // namespace telltale::commands
