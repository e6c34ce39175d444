// What only the automaton of a pattern shows: that there is none, and why, and whether there is
// ever something that an `on_timeout` or the rule's `until` speaks of.
//
// Owner, thread: CheckStructure's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_AUTOMATON_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_AUTOMATON_CHECK_H_

#include <optional>

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// None where it is told.
std::optional<Automaton> CheckAutomaton(const Rule& rule, Diagnostics& diagnostics);

// REQUIRES: the automaton is the rule's. `span`: of what `on_timeout` says.
void CheckTimeout(const Rule& rule, const Automaton& automaton, const Span& span,
                  Diagnostics& diagnostics);
void CheckUntil(const Rule& rule, const Automaton& automaton, Diagnostics& diagnostics);

// Of a rule over single events, at the place of its `until`.
void RefuseIdleUntil(const Span& span, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_AUTOMATON_CHECK_H_
