// The `output` of a rule: a topic of its own for its results, or a metric, and what they say.
//
// Owner: ReadRule, whose context it fills. Thread: one. Errors: diagnostics; what could not be read
// is left out.
#ifndef TELLTALE_RULES_LOAD_RULE_OUTPUT_READER_H_
#define TELLTALE_RULES_LOAD_RULE_OUTPUT_READER_H_

#include "rules/load/rule/rule_context.h"

namespace telltale::rules {

void ReadOutput(RuleContext& context, const Entry& entry);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_RULE_OUTPUT_READER_H_
