// `emit` of a rule: when its windows become results (W2), and whether results go out before they
// are settled (T5). One word, or a list of `early` and one of the others.
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_WINDOW_EMIT_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_EMIT_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// Sets Rule::early; returns the way of its windows.
Emit ReadEmit(RuleContext& context, const Node& node);
// Of a rule without a window, which has no such ways.
void ReadEmitWithoutWindow(RuleContext& context, const Node& node);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_EMIT_READER_H_
