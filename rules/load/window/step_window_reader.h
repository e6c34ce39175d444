// The `windows` of a rule: what conditions of its sequence may read of the events behind the one
// that they try (W3).
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics; where a window could
// not be read, conditions are checked for syntax only.
#ifndef TELLTALE_RULES_LOAD_WINDOW_STEP_WINDOW_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_STEP_WINDOW_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// Fills Rule::windows, and Rule::steps with their sources. REQUIRES: the sequence's steps are
// there, and named in the context.
void ReadStepWindows(RuleContext& context, const Node& node);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_STEP_WINDOW_READER_H_
