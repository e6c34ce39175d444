// What `match: count` asks of a pattern: that a match is known with its last event, so that one
// result can say how many an event completes (P6).
//
// Owner, thread: ReadRule's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_COUNT_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_COUNT_CHECK_H_

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// REQUIRES: the automaton is the rule's. `match`: where it says `count`.
void CheckCounted(const Rule& rule, const Automaton& automaton, const Span& match,
                  Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_COUNT_CHECK_H_
