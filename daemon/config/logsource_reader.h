// A stream's `logsource`: which of Sigma's logsources its events are, and where the fields that
// Sigma's rules name stand in them.
//
// Owner: values, the caller's. Thread: no shared state, any. Errors: diagnostics; an entry with
// mistakes is left out.
#ifndef TELLTALE_DAEMON_CONFIG_LOGSOURCE_READER_H_
#define TELLTALE_DAEMON_CONFIG_LOGSOURCE_READER_H_

#include <optional>
#include <vector>

#include "rules/load/yaml/values.h"
#include "rules/model/logsource.h"
#include "rules/model/source.h"
#include "rules/model/stream.h"

namespace telltale::config {

// An entry whose condition is not compiled yet: that needs all streams.
struct LogsourceConfig {
  rules::LogsourceName name;
  std::optional<rules::LocatedText> where;
  rules::FieldMapping fields;
};

// One map, or a list of them.
std::vector<LogsourceConfig> ReadLogsources(const rules::Node& node, rules::ValueReader& values);

// With their conditions compiled, over events of the stream.
std::vector<rules::Logsource> CompileLogsources(const std::vector<LogsourceConfig>& entries,
                                                rules::StreamIndex stream,
                                                const rules::StreamCatalog& streams,
                                                rules::Diagnostics& diagnostics);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_LOGSOURCE_READER_H_
