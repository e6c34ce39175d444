// The files that rule files name, from disk: each read once, relative to the file that names it.
//
// One object serves one load; a reload makes another, and so reads the files again. Owner: whoever
// loads rules. Thread: one. Units: bytes. Errors: a message instead of the file.
#ifndef TELLTALE_DAEMON_CONFIG_DATA_FILES_H_
#define TELLTALE_DAEMON_CONFIG_DATA_FILES_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "rules/load/definitions/data_files.h"

namespace telltale::config {

inline constexpr size_t kMaxDataFileBytes = size_t{256} << 20;

class DataFilesOnDisk : public rules::DataFiles {
 public:
  rules::DataFile Read(std::string_view name, const rules::SourceFile& from) override;

 private:
  std::map<std::string, rules::DataFile> read_;  // by path
};

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_DATA_FILES_H_
