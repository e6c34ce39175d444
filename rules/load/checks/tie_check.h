// Warns where the outcome of a rule can hang on the order of events with the same time (R0903): two
// of its streams have times so coarse that both can well have the same, the rule asks whose event
// came first, and then it is decided by the streams' places in the config (T2).
//
// Owner, thread: ReadRule's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_TIE_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_TIE_CHECK_H_

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

void WarnOfTies(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_TIE_CHECK_H_
