// The `aggregate` of a rule with the rule's `emit`: its sources, window and `having`.
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_WINDOW_AGGREGATE_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_AGGREGATE_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// Sets Rule::aggregate, but for its calls; false: told, and the rule cannot be looked at as a
// whole.
bool ReadAggregate(RuleContext& context, const Entry& entry);
// Once all of the rule is read: moves what its expressions call into Rule::aggregate.
void TakeCalls(RuleContext& context);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_AGGREGATE_READER_H_
