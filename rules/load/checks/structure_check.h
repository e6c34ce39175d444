// What can be told of a rule as a whole once its steps are read: mistakes in how they stand
// together, and what is legal and surely not meant.
//
// Owner: ReadRule; the rule is only looked at. Thread: no shared state, any. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_STRUCTURE_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_STRUCTURE_CHECK_H_

#include <optional>

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

// REQUIRES: every step and absence of the rule stands in its place; conditions are not looked at.
// The automaton of its pattern; none where that is told.
std::optional<Automaton> CheckStructure(const Rule& rule, const StreamCatalog& streams,
                                        Diagnostics& diagnostics);

// REQUIRES: the rule has no errors.
void WarnOfStructure(const Rule& rule, const Automaton& automaton, const StreamCatalog& streams,
                     Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_STRUCTURE_CHECK_H_
