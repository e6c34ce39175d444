// The `streams` of the config.
//
// Owner: values, the caller's. Thread: no shared state, any. Errors: diagnostics; a stream with
// mistakes is still given, so that others are judged with its name known.
#ifndef TELLTALE_DAEMON_CONFIG_STREAM_READER_H_
#define TELLTALE_DAEMON_CONFIG_STREAM_READER_H_

#include <optional>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "rules/load/yaml/values.h"

namespace telltale::config {

std::vector<StreamConfig> ReadStreams(const rules::Node& node, rules::ValueReader& values);

// The type of a declared field, of a stream or a table; none: it was refused.
std::optional<rules::Type> ReadType(const rules::Node& node, const rules::LocatedText& text,
                                    rules::ValueReader& values);

// The conditions of logsources are compiled here, with all streams known.
rules::StreamCatalog MakeCatalog(const std::vector<StreamConfig>& streams, bool co_partitioned,
                                 rules::Diagnostics& diagnostics);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_STREAM_READER_H_
