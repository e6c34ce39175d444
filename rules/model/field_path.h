// Where in an event a value stands, and the numbers by which streams go.
//
// Owner: value types. Thread: any. Errors: a text that is no path gives none.
#ifndef TELLTALE_RULES_MODEL_FIELD_PATH_H_
#define TELLTALE_RULES_MODEL_FIELD_PATH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace telltale::rules {

using StreamIndex = uint32_t;

// A path of member names into an event: payer.id is {"payer", "id"}; the empty path is the whole
// event.
using FieldPath = std::vector<std::string>;

// path = part { "." part }; part = name | '"' any text '"'. A name is any text without dots and
// quotes that has no blanks at its ends: "#attributes" and "Logon Type" are names, and a member
// that has a dot in its name is quoted: 'http."status.code"'.
std::optional<FieldPath> ParsePath(std::string_view text);

// The path as ParsePath reads it.
std::string PathText(const FieldPath& path);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_MODEL_FIELD_PATH_H_
