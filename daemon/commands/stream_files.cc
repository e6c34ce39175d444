#include "daemon/commands/stream_files.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/commands/did_you_mean.h"

namespace telltale::commands {

std::optional<StreamFile> ReadStreamFile(const std::string& word) {
  const size_t equals = word.find('=');
  if (equals == std::string::npos) return std::nullopt;
  return StreamFile(word.substr(0, equals), word.substr(equals + 1));
}

absl::StatusOr<rules::StreamIndex> FindStream(const config::Config& config,
                                              const std::string& name) {
  if (const std::optional<rules::StreamIndex> stream = config.catalog->Find(name)) return *stream;
  std::vector<std::string> names;
  for (const config::StreamConfig& stream : config.streams) names.push_back(stream.name);
  return absl::InvalidArgumentError(
      absl::StrCat("the config declares no stream '", name, "'", DidYouMean(name, names)));
}

}  // namespace telltale::commands
