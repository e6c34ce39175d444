// Two texts as a unified diff, as `diff -u` writes it and `patch` reads it.
//
// By Myers' greedy algorithm on lines; where the texts differ in more than some thousand lines, the
// part between their common beginning and end is given as replaced whole. Owner: the caller.
// Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_UNIFIED_DIFF_H_
#define TELLTALE_DAEMON_COMMANDS_UNIFIED_DIFF_H_

#include <string>
#include <string_view>

namespace telltale::commands {

// Empty where they are equal.
std::string UnifiedDiff(std::string_view before, std::string_view after,
                        std::string_view before_name, std::string_view after_name);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_UNIFIED_DIFF_H_
