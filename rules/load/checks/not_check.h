// Where a `not` may stand in a sequence, and what it says there (P4): it leads with its own
// `within`, trails with a deadline, or stands between two places, of the sequence or of a group in
// it. And a warning of those, and of `until`s, that read what no event need have (R0908, R0927).
//
// Owner, thread: CheckStructure's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_NOT_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_NOT_CHECK_H_

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

void CheckNots(const Rule& rule, Diagnostics& diagnostics);

// REQUIRES: the rule has no errors.
void WarnOfUndeclared(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_NOT_CHECK_H_
