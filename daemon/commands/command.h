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

#include <span>
#include <string>
#include <string_view>

namespace telltale::commands {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitRules = 2;  // the rules do not load
inline constexpr int kExitUsage = 3;  // a wrong command line, or a config that does not load

struct Command {
  std::string_view name;
  std::string_view summary;  // one line of `telltale --help`
  // What `telltale NAME --help` says: from "Usage:" on, options that it shares with others, and
  // what its exit codes mean.
  std::string_view help;
  std::string_view options = {};
  std::string_view exit_codes;
  int (*run)(std::span<const std::string> args) = nullptr;
};

// In the order in which `telltale --help` lists them.
std::span<const Command> Commands();

// The whole program: `args` are main's, without the program's name.
int RunCommandLine(std::span<const std::string> args);

// Says what is wrong with a command line of `command`, and where help is; returns kExitUsage.
int UsageError(std::string_view command, std::string_view message);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_COMMAND_H_
