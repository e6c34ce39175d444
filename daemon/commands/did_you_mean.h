// The end of a message about a word that is not known.
//
// Owner: the caller. Thread: any. Errors: none.
#ifndef TELLTALE_DAEMON_COMMANDS_DID_YOU_MEAN_H_
#define TELLTALE_DAEMON_COMMANDS_DID_YOU_MEAN_H_

#include <string>
#include <string_view>
#include <vector>

namespace telltale::commands {

// " (did you mean 'nearest'?)"; empty where nothing is near.
std::string DidYouMean(std::string_view nearest);
// The same with the nearest of `known`.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_DID_YOU_MEAN_H_
