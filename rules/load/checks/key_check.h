// Whether the events of a rule's keys come together: with one key for all of them (R0904), and
// where instances share the topics partition by partition (R0217).
//
// Owner, thread: CheckStructure's. Errors: diagnostics.
#ifndef TELLTALE_RULES_LOAD_CHECKS_KEY_CHECK_H_
#define TELLTALE_RULES_LOAD_CHECKS_KEY_CHECK_H_

#include "rules/model/diagnostic.h"
#include "rules/model/rule.h"

namespace telltale::rules {

void CheckKey(const Rule& rule, const StreamCatalog& streams, Diagnostics& diagnostics);
void WarnOfKey(const Rule& rule, Diagnostics& diagnostics);

}  // namespace telltale::rules

#endif  // TELLTALE_RULES_LOAD_CHECKS_KEY_CHECK_H_
