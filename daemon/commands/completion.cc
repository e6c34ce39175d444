#include "daemon/commands/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace telltale::commands {
namespace {

using Description = Flags::Description;

std::vector<Description> OptionsOf(const Command& command) {
  std::vector<Description> options;
  if (command.flags != nullptr) options = command.flags().Describe();
  options.push_back({.name = "help", .letter = 'h', .value = "", .text = "say how it is used"});
  return options;
}

bool IsFile(const Description& option) { return option.value.starts_with("FILE"); }

std::vector<std::string> Names(std::span<const Command> commands) {
  std::vector<std::string> names;
  for (const Command& command : commands) names.emplace_back(command.name);
  names.emplace_back("help");
  return names;
}

// "-c|--config": the pattern of an option in a case.
std::string Pattern(const Description& option) {
  const std::string name = absl::StrCat("--", option.name);
  return option.letter == 0 ? name : absl::StrCat("-", std::string(1, option.letter), "|", name);
}

std::string BashCommand(const Command& command) {
  std::vector<std::string> words;
  std::string values;
  for (const Description& option : OptionsOf(command)) {
    words.push_back(absl::StrCat("--", option.name));
    if (option.letter != 0) words.push_back(absl::StrCat("-", std::string(1, option.letter)));
    if (option.value.empty()) continue;
    const std::vector<std::string> known = ValueWords(option.value);
    const std::string action =
        IsFile(option)  ? "_telltale_files"
        : known.empty() ? "COMPREPLY=()"
                        : absl::StrCat("_telltale_words \"", absl::StrJoin(known, " "), "\"");
    absl::StrAppend(&values, "        ", Pattern(option), ") ", action, "; return ;;\n");
  }
  const std::string arguments =
      command.arguments == Arguments::kFiles ? "_telltale_files"
      : !command.words.empty()
          ? absl::StrCat("_telltale_words \"", absl::StrJoin(command.words, " "), "\"")
      : command.arguments == Arguments::kOther ? "_telltale_files"
                                               : "COMPREPLY=()";
  return absl::StrCat("    ", std::string(command.name), ")\n      case \"$previous\" in\n", values,
                      "      esac\n      case \"$current\" in\n        -*) _telltale_words \"",
                      absl::StrJoin(words, " "), "\" ;;\n        *) ", arguments,
                      " ;;\n      esac ;;\n");
}

// Within '...[...]...' of zsh's _arguments.
std::string ZshText(std::string_view text) {
  return absl::StrReplaceAll(std::string(text),
                             {{"'", "'\\''"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
}

std::string ZshOption(const Description& option) {
  std::string action;
  if (!option.value.empty()) {
    const std::vector<std::string> known = ValueWords(option.value);
    action = absl::StrCat(":", ZshText(option.value), ":",
                          IsFile(option)  ? "_files"
                          : known.empty() ? " "
                                          : absl::StrCat("(", absl::StrJoin(known, " "), ")"));
  }
  const std::string tail = absl::StrCat("[", ZshText(option.text), "]", action, "'");
  const std::string name = absl::StrCat("--", option.name);
  const std::string often = option.repeated ? "*" : "";
  if (option.letter == 0) return absl::StrCat("'", often, name, tail);
  const std::string letter = absl::StrCat("-", std::string(1, option.letter));
  return absl::StrCat("'(", letter, " ", name, ")'{", letter, ",", name, "}'", tail);
}

std::string ZshCommand(const Command& command) {
  std::string text = absl::StrCat("    ", std::string(command.name), ")\n      _arguments -S");
  for (const Description& option : OptionsOf(command)) {
    absl::StrAppend(&text, " \\\n        ", ZshOption(option));
  }
  if (!command.words.empty())
    absl::StrAppend(&text, " \\\n        '1:word:(", absl::StrJoin(command.words, " "), ")'");
  else if (command.arguments != Arguments::kNone)
    absl::StrAppend(&text, " \\\n        '*:file:_files'");
  return absl::StrCat(text, " ;;\n");
}

}  // namespace

std::vector<std::string> ValueWords(std::string_view value) {
  if (value.find('|') == std::string_view::npos) return {};
  return absl::StrSplit(std::string(value), '|');
}

std::string BashCompletion(std::span<const Command> commands) {
  std::string text = absl::StrCat(
      "# bash completion for telltale: `source <(telltale completion bash)`, or put it into\n"
      "# /usr/share/bash-completion/completions/telltale.\n"
      "_telltale_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$current\")); }\n"
      "_telltale_files() {\n"
      "  compopt -o filenames 2>/dev/null\n"
      "  local IFS=$'\\n'\n"
      "  COMPREPLY=($(compgen -f -- \"$current\"))\n"
      "}\n"
      "_telltale() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  # --option=value comes as three words.\n"
      "  if [[ $current == = ]]; then current=; "
      "elif [[ $previous == = ]]; then previous=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi\n"
      "  COMPREPLY=()\n"
      "  if ((COMP_CWORD == 1)); then\n"
      "    _telltale_words \"",
      absl::StrJoin(Names(commands), " "),
      " --help --version\"\n"
      "    return\n"
      "  fi\n"
      "  case \"${COMP_WORDS[1]}\" in\n");
  for (const Command& command : commands) text += BashCommand(command);
  std::vector<std::string> names = Names(commands);
  names.pop_back();
  absl::StrAppend(&text, "    help) _telltale_words \"", absl::StrJoin(names, " "),
                  "\" ;;\n  esac\n}\ncomplete -F _telltale telltale\n");
  return text;
}

std::string ZshCompletion(std::span<const Command> commands) {
  std::string text =
      "#compdef telltale\n"
      "# zsh completion for telltale: put it as _telltale into a folder of $fpath.\n"
      "_telltale() {\n"
      "  local -a commands=(\n";
  for (const Command& command : commands) {
    absl::StrAppend(&text, "    '", std::string(command.name), ":", ZshText(command.summary),
                    "'\n");
  }
  absl::StrAppend(&text,
                  "    'help:Say how a command is used'\n"
                  "  )\n"
                  "  if (( CURRENT == 2 )); then\n"
                  "    _describe -t commands command commands\n"
                  "    return\n"
                  "  fi\n"
                  "  local command=$words[2]\n"
                  "  shift words\n"
                  "  (( CURRENT-- ))\n"
                  "  case $command in\n");
  for (const Command& command : commands) text += ZshCommand(command);
  absl::StrAppend(&text,
                  "    help) _describe -t commands command commands ;;\n"
                  "  esac\n}\n"
                  "if [[ $funcstack[1] == _telltale ]]; then _telltale \"$@\"; "
                  "else compdef _telltale telltale; fi\n");
  return text;
}

}  // namespace telltale::commands
