// One rule: its map of keys to a checked Rule.
//
// Owner: the rule is the caller's. Thread: no shared state, any. Errors: diagnostics; the rule is
// none where any of them is an error of this rule.
#ifndef TELLTALE_RULES_LOAD_RULE_READER_H_
#define TELLTALE_RULES_LOAD_RULE_READER_H_

#include <optional>

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// REQUIRES: node is a map.
std::optional<Rule> ReadRule(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_READER_H_
