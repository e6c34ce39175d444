// Keys of our own language in a document of Sigma: `mode`, `runbook`, `alert`, `suppress` and
// `exceptions`, as an override gives them to a vendor's rule.
//
// Sigma's files may have keys that nobody knows, so one of these names counts only where its value
// has our shape (`mode: shadow`, a map for `alert` and `suppress`, a list for `exceptions`). What
// an override gives is ours, and has to have it.
//
// Owner: the rule that it adds to. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_OWN_KEYS_H_
#define TELLTALE_RULES_LOAD_OWN_KEYS_H_

#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"

namespace telltale::rules {

// REQUIRES: node is the rule's document.
void ReadOwnKeys(const Node& node, const ReadInputs& inputs, Diagnostics& diagnostics, Rule& rule);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_OWN_KEYS_H_
