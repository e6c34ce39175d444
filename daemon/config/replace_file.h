// Puts a text in the place of a file, whole or not at all.
//
// It is written beside the file and renamed over it, so that whoever reads the file meanwhile sees
// the one or the other. The file's mode is kept; a symbolic link stays, and what it points to is
// replaced. Owner: none; no state. Thread: any. Errors: a message.
#ifndef TELLTALE_DAEMON_CONFIG_REPLACE_FILE_H_
#define TELLTALE_DAEMON_CONFIG_REPLACE_FILE_H_

#include <string>
#include <string_view>

namespace telltale::config {

// Empty: done; else why not ("Permission denied").
std::string ReplaceFile(const std::string& path, std::string_view text);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_REPLACE_FILE_H_
