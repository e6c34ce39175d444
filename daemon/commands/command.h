// What a subcommand of `telltale` is, and the table of them.
//
// One file a subcommand, with its Command as a constant; command_table.cc lists them. A command
// gets what follows its name, and returns the exit code. `telltale COMMAND --help` is not handed
// on.
//
// Owner: static constants. Thread: the main thread. Errors: an exit code, after words on standard
// error.
#ifndef TELLTALE_DAEMON_COMMANDS_COMMAND_H_
#define TELLTALE_DAEMON_COMMANDS_COMMAND_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/flags.h"

namespace telltale::commands {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitRules = 2;  // the rules do not load
inline constexpr int kExitUsage = 3;  // a wrong command line, or a config that does not load

// What a command takes beside its options: for completions.
enum class Arguments : uint8_t {
  kNone,
  kFiles,
  kOther,  // words that only the user knows
};

struct Command {
  std::string_view name;
  std::string_view summary;  // one line of `telltale --help`
  // `telltale NAME --help` says `help`, from "Usage:" on up to an empty line and then in prose; the
  // options; `notes`; and what the exit codes mean. The manual page says the same.
  std::string_view help;
  Flags (*flags)() = nullptr;  // its options, to be looked at and not to be parsed with; null: none
  std::string_view notes = {};
  std::string_view exit_codes;
  Arguments arguments = Arguments::kNone;
  std::vector<std::string> words = {};  // what the first argument can be, where it is a word
  int (*run)(std::span<const std::string> args) = nullptr;
};

// What `declare` declares, for Command::flags.
template <typename Options>
Flags Declared(Flags (*declare)(Options&)) {
  static Options unused;
  return declare(unused);
}

// In the order in which `telltale --help` lists them.
std::span<const Command> Commands();

// The whole program: `args` are main's, without the program's name.
int RunCommandLine(std::span<const std::string> args);

// Says what is wrong with a command line of `command`, and where help is; returns kExitUsage.
int UsageError(std::string_view command, std::string_view message);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_COMMAND_H_
