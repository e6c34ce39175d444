// Completions for shells, and the manual page, made from the table of commands and their options:
// what a command says of itself it says once.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_COMPLETION_H_
#define TELLTALE_DAEMON_COMMANDS_COMPLETION_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command.h"

namespace telltale::commands {

std::string BashCompletion(std::span<const Command> commands);
std::string ZshCompletion(std::span<const Command> commands);

// telltale(1), in roff with the macros of man(7).
std::string ManualPage(std::span<const Command> commands);

// The words that an option's value can be, from `text|json`; none where it is no such list.
std::vector<std::string> ValueWords(std::string_view value);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_COMPLETION_H_
