#include "daemon/config/data_files.h"

#include <filesystem>
#include <utility>

#include "daemon/config/file_text.h"

namespace telltale::config {

rules::DataFile DataFilesOnDisk::Read(std::string_view name, const rules::SourceFile& from) {
  const std::filesystem::path folder = std::filesystem::path(from.path()).parent_path();
  std::string path = (folder / std::string(name)).lexically_normal().string();
  const auto [entry, is_new] = read_.try_emplace(std::move(path));
  if (is_new) {
    FileText text = ReadFileText(entry->first, kMaxDataFileBytes);
    entry->second = {std::move(text.file), std::move(text.error)};
  }
  return entry->second;
}

}  // namespace telltale::config
