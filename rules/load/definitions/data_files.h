// Where the loader gets the files that rule files name beside themselves (`file: vips.txt` of a
// list): it reads none itself.
//
// Owner: the caller of Load, for the time of the call. Thread: the loader's. Errors: a message
// instead of the file.
#ifndef TELLTALE_RULES_LOAD_DEFINITIONS_DATA_FILES_H_
#define TELLTALE_RULES_LOAD_DEFINITIONS_DATA_FILES_H_

#include <string>
#include <string_view>

#include "rules/model/source.h"

namespace telltale::rules {

struct DataFile {
  SourcePtr file;     // null where it could not be read
  std::string error;  // "No such file or directory"
};

class DataFiles {
 public:
  virtual ~DataFiles() = default;
  // `name` as it is written in the file `from`, to whose folder it is relative. A file that is
  // asked for again is the same one.
  virtual DataFile Read(std::string_view name, const SourceFile& from) = 0;
};

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_DEFINITIONS_DATA_FILES_H_
