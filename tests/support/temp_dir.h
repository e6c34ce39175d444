// A folder of a test's own, gone with the object.
//
// Owner: the test. Any thread may read path(). Aborts the process where no folder can be made.
// TELLTALE_KEEP_TEMP=1 in the environment keeps the folders, to look into after a failure.
#ifndef TELLTALE_TESTS_SUPPORT_TEMP_DIR_H_
#define TELLTALE_TESTS_SUPPORT_TEMP_DIR_H_

#include <string>
#include <string_view>

namespace telltale::support {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(std::string_view name) const;

  // Writes `text` to the file `name` in the folder, over what was there, and returns its path.
  std::string Write(std::string_view name, std::string_view text) const;

 private:
  std::string path_;
};

// All of a file; empty where it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace telltale::support

#endif  // TELLTALE_TESTS_SUPPORT_TEMP_DIR_H_
