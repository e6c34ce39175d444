// What becomes of a rule's matches and of what does not become one: `match`, `after_match`,
// `on_timeout` and `limits`.
//
// Owner: ReadRule, whose context they fill. Thread: one. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_RULE_MATCH_READER_H_
#define TELLTALE_RULES_LOAD_RULE_MATCH_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

// REQUIRES: the steps are read, as far as they can be.
void ReadMatches(RuleContext& context);
// `limits` of a rule over windows or terms.
void ReadWindowLimits(RuleContext& context, const Node& node);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_MATCH_READER_H_
