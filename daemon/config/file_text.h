// A whole file as a SourceFile.
//
// Owner: the caller. Thread: any. Units: bytes. Errors: a message instead of the file; only regular
// files up to a limit are read.
#ifndef TELLTALE_DAEMON_CONFIG_FILE_TEXT_H_
#define TELLTALE_DAEMON_CONFIG_FILE_TEXT_H_

#include <cstddef>
#include <string>

#include "rules/model/source.h"

namespace telltale::config {

struct FileText {
  rules::SourcePtr file;  // null where it could not be read
  std::string error;      // "No such file or directory"
};

// Up to the YAML reader's limit.
FileText ReadFileText(const std::string& path);
FileText ReadFileText(const std::string& path, size_t limit);
// The same of what a command line names, which may be read once only: a shell's <(...), /dev/stdin.
// Waits until it ends.
FileText ReadStreamText(const std::string& path);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_FILE_TEXT_H_
