// The `tables` of the config: which files they are read from, and how.
//
// Owner: values, the caller's. Thread: no shared state, any. Errors: diagnostics.
#ifndef TELLTALE_DAEMON_CONFIG_TABLE_READER_H_
#define TELLTALE_DAEMON_CONFIG_TABLE_READER_H_

#include <vector>

#include "daemon/config/config.h"
#include "rules/load/yaml/values.h"

namespace telltale::config {

std::vector<TableConfig> ReadTables(const rules::Node& node, rules::ValueReader& values);

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_TABLE_READER_H_
