// Reads keys: what a rule says of its own with `by` and `missing_key`, and the `by` of steps,
// absences and untils, which may call the parts differently (K1, K2).
//
// Owner: ReadRule's context. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_RULE_KEY_READER_H_
#define TELLTALE_RULES_LOAD_RULE_KEY_READER_H_

#include "rules/load/cel/cel.h"
#include "rules/load/rule/rule_context.h"
#include "rules/load/yaml/node.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// `by` and `missing_key` of the rule: the names of the key's parts, and what becomes of an event
// that lacks one.
void ReadRuleKey(RuleContext& context);

// The key of what `selector` speaks of. `by`: its own; null: the rule's.
void ReadSelectorKey(RuleContext& context, const Node* by, const Scope& scope, Selector& selector);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_KEY_READER_H_
