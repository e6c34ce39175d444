// Warnings about the conditions of a checked rule that no event fits, or that every one does
// (rules/load/cel/truth.h finds them).
//
// Owner, thread: ReadRule's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_CONDITION_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_CONDITION_CHECK_H_

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// A step that the rule needs and nothing fits is a rule that can never match (R0907); one that it
// can do without, a 'not' or an 'until' is of no use (R0909). Conditions and parts of them that are
// always true (R0910), and parts that never are (R0911). Members of an all_of of which one needs
// another (R0920).
void WarnOfConditions(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_CONDITION_CHECK_H_
