// The `new_terms` of a rule (W4): its sources, the terms and for how long they must not have been
// seen.
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_WINDOW_NEW_TERMS_READER_H_
#define TELLTALE_RULES_LOAD_WINDOW_NEW_TERMS_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// Sets Rule::new_terms; false: told, and the rule cannot be looked at as a whole.
bool ReadNewTerms(RuleContext& context, const Entry& entry);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_WINDOW_NEW_TERMS_READER_H_
