#include "daemon/config/file_text.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include "rules/load/yaml/reader.h"

namespace telltale::config {

FileText ReadFileText(const std::string& path) {
  return ReadFileText(path, rules::YamlLimits{}.file_bytes);
}

FileText ReadFileText(const std::string& path, size_t limit) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return {nullptr, code ? code.message() : "No such file or directory"};
  if (!std::filesystem::is_regular_file(status)) return {nullptr, "not a file"};
  const auto size = std::filesystem::file_size(path, code);
  if (code) return {nullptr, code.message()};
  if (size > limit)
    return {nullptr, "it has " + std::to_string(size) + " bytes; at most " + std::to_string(limit) +
                         " are read"};
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return {nullptr, errno != 0 ? std::strerror(errno) : "it cannot be opened"};
  // One byte more than the limit shows a file that grew meanwhile.
  std::string text(size + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (stream.bad()) return {nullptr, "it cannot be read"};
  return {std::make_shared<const rules::SourceFile>(path, std::move(text)), ""};
}

FileText ReadStreamText(const std::string& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::is_fifo(status) && !std::filesystem::is_character_file(status))
    return ReadFileText(path);
  const size_t limit = rules::YamlLimits{}.file_bytes;
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return {nullptr, errno != 0 ? std::strerror(errno) : "it cannot be opened"};
  std::string text;
  char buffer[1 << 14];
  while (stream.read(buffer, sizeof buffer), stream.gcount() > 0) {
    text.append(buffer, static_cast<size_t>(stream.gcount()));
    if (text.size() > limit)
      return {nullptr, "at most " + std::to_string(limit) + " bytes are read"};
  }
  return {std::make_shared<const rules::SourceFile>(path, std::move(text)), ""};
}

}  // namespace telltale::config
