// Warnings about parts of a checked rule that change nothing: a 'within' that ends no match
// (R0906), a duration that its streams' times cannot tell from none (R0913), a 'not' that bars
// nothing (R0914), or only where nothing is left out (R0919), an 'emit: early' of what alerts at
// once (R0928).
//
// Owner, thread: ReadRule's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_EFFECT_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_EFFECT_CHECK_H_

#include "rules/model/automaton.h"
#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"
#include "rules/model/stream.h"

namespace telltale::rules {

void WarnOfNoEffect(const Rule& rule, const Automaton& automaton, const StreamCatalog& streams,
                    Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_EFFECT_CHECK_H_
