// A YAML node as the JSON value that it stands for.
//
// Numbers keep their text where JSON has such a number, for 1500 and 1500.0 are not read alike
// (V5). Owner: the value is the caller's. Thread: any. Errors: diagnostics R0604 for .inf and .nan.
#ifndef TELLTALE_RULES_LOAD_YAML_JSON_VALUE_H_
#define TELLTALE_RULES_LOAD_YAML_JSON_VALUE_H_

#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/json.h"

namespace telltale::rules {

Json JsonValue(const Node& node, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_YAML_JSON_VALUE_H_
