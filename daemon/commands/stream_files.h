// STREAM=FILE on a command line: a file with events of a stream that the config declares.
//
// Owner: the command. Thread: one. Errors: a status, in a sentence for the user with the nearest
// name.
#ifndef TELLTALE_DAEMON_COMMANDS_STREAM_FILES_H_
#define TELLTALE_DAEMON_COMMANDS_STREAM_FILES_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "daemon/config/config.h"
#include "rules/model/stream.h"

namespace telltale::commands {

using StreamFile = std::pair<std::string, std::string>;  // the stream's name, and the file

// None: it is not STREAM=FILE.
std::optional<StreamFile> ReadStreamFile(const std::string& word);

absl::StatusOr<rules::StreamIndex> FindStream(const config::Config& config,
                                              const std::string& name);

}  // namespace telltale::commands

#endif  // TELLTALE_DAEMON_COMMANDS_STREAM_FILES_H_
