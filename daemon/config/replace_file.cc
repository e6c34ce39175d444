#include "daemon/config/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace telltale::config {
namespace {

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

std::string ReplaceFile(const std::string& path, std::string_view text) {
  std::error_code code;
  const std::filesystem::path real = std::filesystem::canonical(path, code);
  if (code) return code.message();
  struct stat status {};
  if (::stat(real.c_str(), &status) != 0) return std::strerror(errno);
  std::string temporary = real.string() + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return std::strerror(errno);
  bool good =
      ::fchmod(file, status.st_mode & 07777) == 0 && WriteAll(file, text) && ::fsync(file) == 0;
  int error = errno;
  if (::close(file) != 0 && good) {
    good = false;
    error = errno;
  }
  if (good && ::rename(temporary.c_str(), real.c_str()) != 0) {
    good = false;
    error = errno;
  }
  if (good) return "";
  ::unlink(temporary.c_str());
  return std::strerror(error);
}

}  // namespace telltale::config
