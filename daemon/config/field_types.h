// The types that a stream declares for its fields: "double", "list(string)", "map(string, int)".
//
// Owner: static constants. Thread: no state, any. Errors: no type.
#ifndef TELLTALE_DAEMON_CONFIG_FIELD_TYPES_H_
#define TELLTALE_DAEMON_CONFIG_FIELD_TYPES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/stream.h"
#include "rules/model/type.h"

namespace telltale::config {

std::optional<rules::Type> ParseType(std::string_view text);
const std::vector<std::string>& TypeWords();

}  // namespace telltale::config

#endif  // TELLTALE_DAEMON_CONFIG_FIELD_TYPES_H_
